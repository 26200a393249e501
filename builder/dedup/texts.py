"""Texts in the form in which they are searched: keys, digests and sketches, gathered batch by batch."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from builder.dedup.keys import Keys, digests_of, keys_of
from builder.dedup.ragged import U64, ends_of
from builder.dedup.shingles import Sketches, sketch_texts

# Texts worked on at once: their symbols stay in the cache (a third faster than 8,192).
STEP_TEXTS = 256


@dataclass(frozen=True, slots=True)
class Texts:
    """All that the search needs of some texts, one row a text."""

    keys: Keys
    digests: U64
    sketches: Sketches


def read_texts(arrays: Iterable[pa.Array]) -> Texts:
    """
    Read texts from Arrow arrays of strings, which are not kept.

    What is kept grows in `bytearray`s: they grow in place, so that nothing is held twice. It comes to 2 bytes a letter,
    300 bytes a text.
    """
    symbols, lengths, digests, owner, hashes = (bytearray() for _ in range(5))
    rows = 0
    for array in arrays:
        for begin in range(0, len(array), STEP_TEXTS):
            texts = array.slice(begin, STEP_TEXTS)
            keys = keys_of(texts)
            sketches = sketch_texts(keys)
            symbols += keys.symbols.data
            lengths += keys.lengths.data
            digests += digests_of(texts, keys).data
            owner += (sketches.owner + rows).astype(np.uint32).data
            hashes += sketches.hashes.data
            rows += len(texts)
    return Texts(
        Keys(np.frombuffer(symbols, np.uint16), ends_of(np.frombuffer(lengths, np.int64))),
        np.frombuffer(digests, np.uint64),
        Sketches(np.frombuffer(owner, np.uint32), np.frombuffer(hashes, np.uint32)),
    )
