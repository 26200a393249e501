"""
The search for near-duplicates among distinct texts, from sketches to verified edges.

    sketches → bands → pairs ─estimate→ candidates ─compare→ edges → components

Texts are numbered in the order of their digests, so nothing depends on the order of rows.
"""

from typing import NamedTuple

import numpy as np

from builder.dedup.bands import MAX_TEXTS, bands_of, estimate_containment, pair_texts, words_of
from builder.dedup.components import join
from builder.dedup.edges import RULES, TEMPLATE, Measures, compare, judge
from builder.dedup.keys import JoinedKeys, Keys
from builder.dedup.ragged import I64, U64, Bools
from builder.dedup.settings import DedupSettings
from builder.dedup.shingles import Sketches
from builder.errors import BuilderError

# Below this estimate a pair is not compared. An estimate rests on 24 to 48 shingles: at .75 its error is .09.
MIN_ESTIMATE = 0.55

# Rounds in which each component is compared with its likeliest candidate only; then all that is left is compared. The
# components are the same without: an edge inside one changes nothing. It saves a fifth of the comparisons where copies
# are few, nearly all in a cluster of hundreds.
BEST_FIRST_ROUNDS = 3


# Rows whose bands are made together, which stay in the cache.
STEP_ROWS = 4096

# Of a band, the bits that tell whether a new text may have it.
_LOW = np.uint64((1 << 24) - 1)


class NearEdges(NamedTuple):
    """Pairs of texts found alike, left < right; `rule` is an index of RULES, template or above."""

    left: I64
    right: I64
    rule: I64
    measures: Measures


def find_near(
    keys: Keys | JoinedKeys,
    sketches: Sketches,
    row_of: I64,
    settings: DedupSettings,
    *,
    labels: I64 | None = None,
    n_known: int = 0,
) -> tuple[I64, NearEdges]:
    """
    Find the near-duplicates among distinct texts.

    Args:
        keys, sketches: of all rows.
        row_of: row of each distinct text, in the order of digests, shape (texts,).
        labels, n_known: components that an earlier search found among the first `n_known` rows, which are not compared
            with each other again.

    Returns:
        Component of each text, named by the smallest text in it, shape (texts,); and the edges that make them, with
        those of templates, which join nothing. Edges inside a component that was joined before are not looked for.
    """
    left, right = candidates(sketches, row_of, n_known)
    labels = np.arange(len(row_of)) if labels is None else labels
    found: list[NearEdges] = []
    turn = 0
    while True:
        apart = labels[left] != labels[right]
        left, right = left[apart], right[apart]
        if not len(left):
            return labels, _concat(found)
        chosen = (
            _best_of_each(labels[left], labels[right]) if turn < BEST_FIRST_ROUNDS else np.ones(len(left), np.bool_)
        )
        edges = verify(keys, row_of, left[chosen], right[chosen], settings)
        joining = edges.rule > RULES.index(TEMPLATE)
        labels = join(labels, edges.left[joining], edges.right[joining])
        found.append(edges)
        left, right = left[~chosen], right[~chosen]
        turn += 1


def candidates(sketches: Sketches, row_of: I64, n_known: int = 0) -> tuple[I64, I64]:
    """Pairs of texts worth comparing, left < right, the likeliest first; each of shape (pairs,)."""
    if len(row_of) > MAX_TEXTS:
        raise BuilderError(f"{len(row_of)} texts are more than one search takes, {MAX_TEXTS}; use `zhnews build`")
    text_of = np.full(len(sketches.levels), -1)
    text_of[row_of] = np.arange(len(row_of))
    pairs = pair_texts(_words(sketches, text_of, n_known))
    left, right = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    if n_known:
        new = (row_of[left] >= n_known) | (row_of[right] >= n_known)
        left, right = left[new], right[new]
    estimates = estimate_containment(row_of[left], row_of[right], sketches)
    likely = np.flatnonzero(estimates >= MIN_ESTIMATE)
    order = likely[np.argsort(-estimates[likely], kind="stable")]
    return left[order], right[order]


def _words(sketches: Sketches, text_of: I64, n_known: int) -> U64:
    """Bands of all rows that stand for a text, with its number; of known rows, only bands that new ones may have."""
    words = np.empty(len(sketches.hashes), np.uint64)
    n = 0
    of_new = np.zeros(1 << 24, np.bool_)
    for begin in [*range(n_known, len(text_of), STEP_ROWS), *range(0, n_known, STEP_ROWS)]:
        end = min(begin + STEP_ROWS, n_known if begin < n_known else len(text_of))
        owner, bands = bands_of(sketches.part(begin, end))
        texts = text_of[begin + owner]
        wanted = texts >= 0
        if begin < n_known:
            wanted &= of_new[bands & _LOW]
        elif n_known:
            of_new[bands & _LOW] = True
        some = words_of(bands[wanted], texts[wanted])
        words[n : n + len(some)] = some
        n += len(some)
    return words[:n]


def verify(keys: Keys | JoinedKeys, row_of: I64, left: I64, right: I64, settings: DedupSettings) -> NearEdges:
    """Compare pairs of texts; return those that are alike."""
    measures = compare(keys, row_of[left], row_of[right])
    rule = judge(measures, settings)
    alike = np.flatnonzero(rule)
    return NearEdges(left[alike], right[alike], rule[alike], measures.take(alike))


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
