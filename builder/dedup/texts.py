"""Texts in the form in which they are searched: keys, digests and sketches, gathered batch by batch."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from builder.dedup.keys import JoinedKeys, Keys, digests_of, keys_of
from builder.dedup.ragged import I64, U64, ends_of
from builder.dedup.shingles import Sketches, sketch_texts

# Texts worked on at once: their symbols stay in the cache (a third faster than 8,192).
STEP_TEXTS = 256

# Letters and digits of a text that near-duplicates are searched by; exact copies are the same to the end. No news is as
# long; a page of 10 MB then costs no more than a page of 200 kB, also in an index.
MAX_SYMBOLS = 1 << 16


@dataclass(frozen=True, slots=True)
class Texts:
    """All that the search needs of some texts, one row a text. Keys are cut to MAX_SYMBOLS; `lengths` are not."""

    keys: Keys | JoinedKeys
    lengths: I64
    digests: U64
    sketches: Sketches

    def __add__(self, more: "Texts") -> "Texts":
        if isinstance(self.keys, JoinedKeys) or isinstance(more.keys, JoinedKeys):
            raise NotImplementedError("texts are joined once: what is known, and what is new")
        ends = more.sketches.offsets[1:] + self.sketches.offsets[-1]
        sketches = Sketches(
            np.concatenate([self.sketches.hashes, more.sketches.hashes]),
            np.concatenate([self.sketches.offsets, ends]),
            np.concatenate([self.sketches.levels, more.sketches.levels]),
        )
        lengths, digests = (np.concatenate([getattr(t, name) for t in (self, more)]) for name in ("lengths", "digests"))
        return Texts(JoinedKeys(self.keys, more.keys), lengths, digests, sketches)


def read_texts(arrays: Iterable[pa.Array]) -> Texts:
    """
    Read texts from Arrow arrays of strings, which are not kept.

    What is kept grows in `bytearray`s: they grow in place, so that nothing is held twice. It comes to 2 bytes a letter
    and 300 bytes a text.
    """
    symbols, cut, lengths, digests, hashes, sizes, levels = (bytearray() for _ in range(7))
    for array in arrays:
        for begin in range(0, len(array), STEP_TEXTS):
            texts = array.slice(begin, STEP_TEXTS)
            whole = keys_of(texts)
            lengths += whole.lengths.data
            digests += digests_of(texts, whole).data
            keys = cut_keys(whole)
            symbols += keys.symbols.data
            cut += keys.lengths.data
            sketches = sketch_texts(keys)
            hashes += sketches.hashes.data
            sizes += np.diff(sketches.offsets).data
            levels += sketches.levels.data
    return Texts(
        Keys(np.frombuffer(symbols, np.uint16), ends_of(np.frombuffer(cut, np.int64))),
        np.frombuffer(lengths, np.int64),
        np.frombuffer(digests, np.uint64),
        Sketches(
            np.frombuffer(hashes, np.uint32), ends_of(np.frombuffer(sizes, np.int64)), np.frombuffer(levels, np.uint8)
        ),
    )


def cut_keys(keys: Keys) -> Keys:
    """Cut keys to MAX_SYMBOLS."""
    if not len(keys) or keys.lengths.max() <= MAX_SYMBOLS:
        return keys
    return keys.take(np.arange(len(keys)), np.minimum(keys.lengths, MAX_SYMBOLS))


def sketch_all(keys: Keys) -> Sketches:
    """Sketch any number of texts, some at a time."""
    parts = []
    for begin in range(0, len(keys), STEP_TEXTS):
        offsets = keys.offsets[begin : begin + STEP_TEXTS + 1]
        parts.append(sketch_texts(Keys(keys.symbols[offsets[0] : offsets[-1]], offsets - offsets[0])))
    sizes = [np.diff(part.offsets) for part in parts]
    return Sketches(
        np.concatenate([np.zeros(0, np.uint32), *(part.hashes for part in parts)]),
        ends_of(np.concatenate([np.zeros(0, np.int64), *sizes])),
        np.concatenate([np.zeros(0, np.uint8), *(part.levels for part in parts)]),
    )
