"""
Keys: what texts are compared by. The texts themselves are never changed.

A key holds the letters, digits and title marks (《》) of a text after NFKD, in lower case, without accents, in one
Chinese script. Each character has its key in one shipped table (`key_table.npz`, made by `make_key_table.py` from
Unicode and OpenCC), so the key of two texts joined is the two keys joined. Keys are computed from Arrow buffers, many
texts at once.
"""

import hashlib
import itertools
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.ragged import I64, U16, U32, U64, ends_of, spread
from builder.errors import BuilderError
from builder.shipped import read_shipped

TABLE = Path(__file__).with_name("key_table.npz")
N_CODE_POINTS = 0x110000

#: In the table, a character whose key is more than one symbol. No key holds it: U+FFFF is no character.
LONGER = 0xFFFF


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of some texts: `symbols[offsets[i]:offsets[i + 1]]` is the key of text i."""

    symbols: U16
    offsets: I64

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> I64:
        """Symbols of each key, shape (texts,)."""
        return np.diff(self.offsets)

    def take(self, rows: I64, lengths: I64 | None = None) -> "Keys":
        """Return the keys of some texts, in the order of `rows`; with `lengths`, so much of each."""
        if lengths is None:
            lengths = self.offsets[rows + 1] - self.offsets[rows]
        return Keys(self.symbols[spread(self.offsets[rows], lengths)], ends_of(lengths))


@dataclass(frozen=True, slots=True)
class JoinedKeys:
    """Keys of some texts and of some more, left where they are: those of an index are read as they are needed."""

    first: Keys
    second: Keys

    def __len__(self) -> int:
        return len(self.first) + len(self.second)

    def whole(self) -> Keys:
        """Return all keys in one place."""
        offsets = [self.first.offsets, self.second.offsets[1:] + self.first.offsets[-1]]
        return Keys(np.concatenate([self.first.symbols, self.second.symbols]), np.concatenate(offsets))

    @property
    def lengths(self) -> I64:
        """Symbols of each key, shape (texts,)."""
        return np.concatenate([self.first.lengths, self.second.lengths])

    def take(self, rows: I64) -> Keys:
        """Return the keys of some texts, in the order of `rows`."""
        early = rows < len(self.first)
        parts = self.first.take(rows[early]), self.second.take(rows[~early] - len(self.first))
        symbols = np.concatenate([part.symbols for part in parts])
        place = np.where(early, np.cumsum(early) - 1, len(parts[0]) + np.cumsum(~early) - 1)
        return Keys(symbols, ends_of(np.concatenate([part.lengths for part in parts]))).take(place)


def keys_of(texts: pa.Array) -> Keys:
    """
    Return the keys of an Arrow array of strings; the key of null is empty.

    Best at some hundred texts a call: the work then stays in the processor's cache.

    >>> a, b = keys_of(pa.array(["７月31日，“大清朗”——APP！"])), keys_of(pa.array(["7月31日 大清朗 app"]))
    >>> bool((a.symbols == b.symbols).all())
    True
    """
    first, longer, keys_of_longer = _table()
    characters, ends = code_points(pc.fill_null(texts, ""))
    symbols = first[characters]
    if (symbols == LONGER).any():
        symbols, ends = _with_longer(symbols, ends, characters, longer, keys_of_longer)
    wanted = np.flatnonzero(symbols)
    return Keys(symbols[wanted], np.searchsorted(wanted, ends))


def digests_of(texts: pa.Array, keys: Keys) -> U64:
    """
    Return a number a text, shape (texts,): equal when the keys are equal, and only then but for chance (2**-64 a pair).

    A text without letters and digits (emoji, punctuation, nothing) is compared as it stands, not by its empty key.
    """
    data, offsets = keys.symbols.astype("<u2", copy=False).data.cast("B"), (2 * keys.offsets).tolist()
    digests = np.empty(len(keys), np.uint64)
    for row, (start, end) in enumerate(itertools.pairwise(offsets)):
        if start < end:
            digest = hashlib.blake2b(data[start:end], digest_size=8)
        else:
            text = texts[row].as_py() or ""
            digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, person=b"no key")
        digests[row] = int.from_bytes(digest.digest(), "big")
    return digests


@cache
def table_digest() -> str:
    """Hex digest of the shipped table: keys, and all that follows from them, hold for this table."""
    return hashlib.sha256(read_shipped(TABLE)).hexdigest()


@cache
def _table() -> tuple[U16, U32, U16]:
    """Symbol of each code point, 0 for none or LONGER; the code points with longer keys; these keys, padded with 0."""
    with np.load(BytesIO(read_shipped(TABLE))) as table:
        return table["symbol"], table["longer"], table["keys_of_longer"]


def code_points(texts: pa.Array) -> tuple[U32, I64]:
    """Code points of all texts, end to end, and the offsets of the texts in them, shape (texts + 1,)."""
    strings = texts.cast(pa.large_string())
    _, offsets_buffer, data = strings.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int64)[strings.offset : strings.offset + len(strings) + 1]
    encoded = memoryview(data or b"")[offsets[0] : offsets[-1]] if len(strings) else memoryview(b"")
    try:  # one Python string for all texts: the decoder of CPython is faster than anything in numpy
        joined = str(encoded, "utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise BuilderError(f"a text column is not UTF-8: byte {error.start} of a batch; write it again") from error
    code_points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")
    return code_points, ends_of(np.asarray(pc.utf8_length(strings), np.int64))


def _with_longer(symbols: U16, ends: I64, code_points: U32, longer: U32, keys_of_longer: U16) -> tuple[U16, I64]:
    """Put every key of several symbols in its place; the offsets follow."""
    at = np.flatnonzero(symbols == LONGER)
    keys = keys_of_longer[np.searchsorted(longer, code_points[at])]
    symbols[at] = keys[:, 0]
    rest = keys[:, 1:]
    filled = rest != 0
    counts = filled.sum(axis=1)
    before = ends_of(counts)
    return np.insert(symbols, np.repeat(at + 1, counts), rest[filled]), ends + before[np.searchsorted(at, ends)]
