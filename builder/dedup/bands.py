"""
Bands: what texts meet by. Two texts are compared when two neighbours of one sketch are neighbours in the other.

A band of one hash would bring together all texts that share one phrase; a band of three would miss a brief inside a
longer copy. Two neighbours meet 99.9 % of planted copies, at 3 to 4 pairs a text.
"""

import numpy as np

from builder.dedup.ragged import F64, I64, U64, first_of_run, spread
from builder.dedup.shingles import Sketches, sketch_levels

# Texts of one band are paired with so many that follow in order of their digest: a phrase of the trade or a template
# of thousands costs at most that many pairs a text, and a cluster of any size is still one chain.
NEIGHBOURS = 12

# A band and the number of its text share one word, so that one sort of plain words, which numpy does with vectors,
# brings the texts of a band together: 40 bits of band, 24 bits of text.
TEXT_BITS = 24
MAX_TEXTS = 1 << TEXT_BITS

# Words looked at together, which stay in the cache.
STEP_WORDS = 1 << 17

_TEXT = np.uint64(MAX_TEXTS - 1)


def bands_of(sketches: Sketches) -> tuple[I64, U64]:
    """Bands of each text, 40 bits each: the row of the text, and the band; both shape (bands,)."""
    owner, hashes = sketches
    together = np.flatnonzero(owner[1:] == owner[:-1])
    pairs = hashes[together].astype(np.uint64) << np.uint64(32) | hashes[together + 1]
    pairs *= np.uint64(0x9E3779B97F4A7C15)
    pairs ^= pairs >> np.uint64(32)
    pairs *= np.uint64(0x9E3779B97F4A7C15)
    return owner[together], pairs >> np.uint64(64 - 40)


def pair_texts(words: U64) -> U64:
    """
    Pair the texts of each band with their NEIGHBOURS.

    Args:
        words: bands with the number of their text, from `words_of`; sorted in place. Texts numbered by digest pair
            alike in any order of rows.

    Returns:
        Each pair once, sorted, as `left << 32 | right` with left < right, shape (pairs,).
    """
    words.sort()
    found = []
    for begin in range(0, len(words), STEP_WORDS):
        part = words[begin : begin + STEP_WORDS + NEIGHBOURS]
        for distance in range(1, NEIGHBOURS + 1):
            near = np.flatnonzero((part[distance:] ^ part[:-distance])[:STEP_WORDS] < MAX_TEXTS)
            if not len(near):
                break
            left, right = part[near] & _TEXT, part[near + distance] & _TEXT
            found.append((left << np.uint64(32) | right)[left != right])
    pairs = np.concatenate(found) if found else np.zeros(0, np.uint64)
    pairs.sort()
    return pairs[first_of_run(pairs)]


def words_of(bands: U64, texts: I64) -> U64:
    """Put the number of its text, below MAX_TEXTS, behind each band."""
    return np.asarray(bands << np.uint64(TEXT_BITS) | texts.astype(np.uint64))


def estimate_containment(left: I64, right: I64, sketches: Sketches, starts: I64, n_shingles: I64) -> F64:
    """
    Estimate, for pairs of texts, which part of the shorter stands in the longer, from their sketches alone.

    Args:
        left, right: rows of the texts, shape (pairs,).
        starts: where the sketch of each text begins, shape (texts + 1,).
        n_shingles: shingles of each text.

    Returns:
        Shape (pairs,), 0 to 1. Of a true .7, one estimate in a thousand falls below .4.
    """
    estimates = np.zeros(len(left))
    levels = sketch_levels(n_shingles)
    step = 4096  # pairs a round: some 300,000 hashes, which stay in the cache
    for begin in range(0, len(left), step):
        pair = slice(begin, begin + step)
        n = len(left[pair])
        bound = np.uint64(1) << (32 - np.maximum(levels[left[pair]], levels[right[pair]])).astype(np.uint64)
        words, sizes = [], []
        for side in (left[pair], right[pair]):
            lengths = starts[side + 1] - starts[side]
            owner = np.repeat(np.arange(n), lengths)
            hashes = sketches.hashes[spread(starts[side], lengths)].astype(np.uint64)
            comparable = hashes < bound[owner]
            words.append(owner[comparable].astype(np.uint64) << np.uint64(32) | hashes[comparable])
            sizes.append(np.bincount(owner[comparable], minlength=n))
        both = np.concatenate(words)
        both.sort()
        again = both[1:][both[1:] == both[:-1]] >> np.uint64(32)
        shared = np.bincount(again.astype(np.int64), minlength=n)
        estimates[pair] = shared / np.maximum(np.minimum(*sizes), 1)
    return estimates
