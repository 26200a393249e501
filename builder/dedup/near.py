"""
The search for near-duplicates among distinct texts, from sketches to verified edges.

    sketches → bands → pairs ─estimate→ candidates ─compare→ edges → components

Texts are numbered in the order of their digests, so nothing depends on the order of rows.
"""

from typing import NamedTuple

import numpy as np

from builder.dedup.bands import bands_of, estimate_containment, pair_texts, words_of
from builder.dedup.components import join
from builder.dedup.edges import Measures, compare, judge
from builder.dedup.keys import Keys
from builder.dedup.ragged import I64, U64, Bools
from builder.dedup.settings import DedupSettings
from builder.dedup.shingles import SHINGLE_CHARS, Sketches

# Below this estimate a pair is not compared. An estimate rests on 24 to 48 shingles: at .75 its error is .09.
MIN_ESTIMATE = 0.55

# Rounds in which each component is compared with its likeliest candidate only; then all that is left is compared. The
# components are the same without: an edge inside one changes nothing. It saves half of the comparisons.
BEST_FIRST_ROUNDS = 3


# Rows whose bands are made together, which stay in the cache.
STEP_ROWS = 4096


class NearEdges(NamedTuple):
    """Pairs of texts found alike, left < right; `rule` is an index of RULES, template or above."""

    left: I64
    right: I64
    rule: I64
    measures: Measures


def find_near(keys: Keys, sketches: Sketches, row_of: I64, settings: DedupSettings) -> tuple[I64, NearEdges]:
    """
    Find the near-duplicates among distinct texts.

    Args:
        keys, sketches: of all rows.
        row_of: row of each distinct text, in the order of digests, shape (texts,).

    Returns:
        Component of each text, named by the smallest text in it, shape (texts,); and the edges that make them, with
        those of templates, which join nothing. Edges inside a component that was joined before are not looked for.
    """
    left, right = candidates(sketches, np.maximum(keys.lengths - SHINGLE_CHARS + 1, 0), row_of)
    labels = np.arange(len(row_of))
    found: list[NearEdges] = []
    turn = 0
    while len(left):
        chosen = (
            _best_of_each(labels[left], labels[right]) if turn < BEST_FIRST_ROUNDS else np.ones(len(left), np.bool_)
        )
        edges = verify(keys, row_of, left[chosen], right[chosen], settings)
        joining = edges.rule > 1
        labels = join(labels, edges.left[joining], edges.right[joining])
        found.append(edges)
        open_ = ~chosen & (labels[left] != labels[right])
        left, right = left[open_], right[open_]
        turn += 1
    return labels, _concat(found)


def candidates(sketches: Sketches, n_shingles: I64, row_of: I64) -> tuple[I64, I64]:
    """Pairs of texts worth comparing, left < right, the likeliest first; each of shape (pairs,)."""
    starts = np.searchsorted(sketches.owner, np.arange(len(n_shingles) + 1))
    text_of = np.full(len(n_shingles), -1)
    text_of[row_of] = np.arange(len(row_of))
    pairs = pair_texts(_words(sketches, starts, text_of))
    left, right = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    estimates = estimate_containment(row_of[left], row_of[right], sketches, starts, n_shingles)
    likely = np.flatnonzero(estimates >= MIN_ESTIMATE)
    order = likely[np.argsort(-estimates[likely], kind="stable")]
    return left[order], right[order]


def _words(sketches: Sketches, starts: I64, text_of: I64) -> U64:
    """Bands of all rows that stand for a text, with its number; made some rows at a time, to hold little twice."""
    words = np.empty(len(sketches.owner), np.uint64)
    n = 0
    for begin in range(0, len(text_of), STEP_ROWS):
        part = slice(starts[begin], starts[min(begin + STEP_ROWS, len(text_of))])
        owner, bands = bands_of(Sketches(sketches.owner[part], sketches.hashes[part]))
        texts = text_of[owner]
        some = words_of(bands[texts >= 0], texts[texts >= 0])
        words[n : n + len(some)] = some
        n += len(some)
    return words[:n]


def verify(keys: Keys, row_of: I64, left: I64, right: I64, settings: DedupSettings) -> NearEdges:
    """Compare pairs of texts; return those that are alike."""
    measures = compare(keys, row_of[left], row_of[right])
    rule = judge(measures, settings)
    alike = np.flatnonzero(rule)
    return NearEdges(left[alike], right[alike], rule[alike], Measures._make(column[alike] for column in measures))


def _best_of_each(left: I64, right: I64) -> Bools:
    """True for the first pair of each component, shape (pairs,)."""
    _, first = np.unique(np.concatenate([left, right]), return_index=True)
    chosen = np.zeros(len(left), np.bool_)
    chosen[first % len(left)] = True
    return chosen


def _concat(parts: list[NearEdges]) -> NearEdges:
    none = np.zeros(0, np.int64)
    parts = parts or [NearEdges(none, none, none, Measures._make([none] * len(Measures._fields)))]
    left, right, rule = (np.concatenate([part[i] for part in parts]) for i in range(3))
    columns = zip(*(part.measures for part in parts), strict=True)
    return NearEdges(left, right, rule, Measures._make(np.concatenate(column) for column in columns))
