"""
Edges: pairs of texts compared shingle by shingle, and what the comparison says of them.

News repeats itself: the weather, the markets and the state visits of two days share nearly all words and are two
stories. A copy differs at its ends (other header, other footer), by a paragraph less, or by a word here and there; a
template differs in its slots: between the same words, other words, most of all other numbers. So the gaps between
shared shingles are laid side by side, and what stands in them is counted.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from builder.dedup.keys import JoinedKeys, Keys
from builder.dedup.ragged import F64, I64, ends_of, first_of_run
from builder.dedup.settings import DedupSettings
from builder.dedup.shingles import hash_shingles
from builder.dedup.slots import compare_slots

#: What an edge may be. Exact, near and update join two texts into one cluster; template and none do not.
EXACT, NEAR, UPDATE, TEMPLATE, NONE = "exact", "near", "update", "template", "none"
#: What `judge` answers with, as indices.
RULES = (NONE, TEMPLATE, UPDATE, NEAR, EXACT)

# Pairs, and symbols, compared at once: what stays in the cache. A longer pair is compared alone.
STEP_PAIRS = 256
STEP_SYMBOLS = 1 << 18

#: Counts that stand in a table of edges as they are.
AUDITED = ("facts_shared", "facts_changed", "numerals_changed", "substituted", "names_substituted")


class Measures(NamedTuple):
    """What comparing pairs of texts gave, each of shape (pairs,)."""

    shared: I64  # distinct shingles of both
    left: I64  # distinct shingles of the left text
    right: I64
    letters: I64  # letters and digits of the shorter text
    core: F64  # share of shared shingles between the first and the last shared one of the shorter text
    facts_shared: I64  # this and the following: see `slots.Slots`
    facts_changed: I64
    numerals_changed: I64
    substituted: I64
    names_substituted: I64

    def take(self, pairs: I64) -> "Measures":
        """Return the measures of some pairs."""
        return Measures._make(column[pairs] for column in self)

    @property
    def jaccard(self) -> F64:
        """Shared shingles over those of both together."""
        return np.asarray(self.shared / np.maximum(self.left + self.right - self.shared, 1))

    @property
    def containment(self) -> F64:
        """Shared shingles over those of the text that has fewer."""
        return np.asarray(self.shared / np.maximum(np.minimum(self.left, self.right), 1))


def compare(keys: Keys | JoinedKeys, left: I64, right: I64) -> Measures:
    """Compare texts pair by pair; `left` and `right` are rows of `keys`, shape (pairs,)."""
    parts = [_compare_step(keys, left[step], right[step]) for step in _steps(keys.lengths[left] + keys.lengths[right])]
    if not parts:
        return Measures._make(np.zeros(0, np.int64) for _ in Measures._fields)
    return Measures._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


def judge(measures: Measures, settings: DedupSettings) -> I64:
    """Rule of each pair, as an index of RULES, shape (pairs,)."""
    fewer, more = np.minimum(measures.left, measures.right), np.maximum(measures.left, measures.right)
    contained = (
        (measures.containment >= settings.min_containment)
        & (measures.core >= settings.min_core)
        & (fewer >= settings.min_length_ratio * more)
    )
    alike = (fewer >= settings.min_shingles) & (contained | (measures.jaccard >= settings.min_jaccard))

    changed, numbers = measures.facts_changed, measures.facts_shared + measures.facts_changed
    # The more numbers differ, the smaller a share of them will do: dates, in a text full of numbers.
    expected = settings.min_facts_changed * settings.max_changed_facts * numbers
    many_changed = (changed >= settings.min_facts_changed) & (changed * changed >= expected)
    words_too = (changed >= 2) & (changed >= settings.max_changed_facts * numbers) & (measures.substituted >= 2)
    other_words = measures.substituted > settings.max_substituted * measures.letters
    other_names = (measures.names_substituted >= settings.min_names_substituted) & (
        measures.names_substituted > settings.max_names_substituted * measures.letters
    )
    other_turn = measures.numerals_changed > settings.max_numerals_changed
    akin = (fewer >= settings.min_shingles) & (measures.containment >= settings.min_template_containment)
    template = (alike & (words_too | other_words | other_names | other_turn)) | ((alike | akin) & many_changed)
    update = changed > 0
    return np.where(template, 1, np.where(~alike, 0, np.where(update, 2, 3)))


def edge_table(left: pa.Array, right: pa.Array, rules: I64, measures: Measures | None) -> pa.Table:
    """Edges between ids of any type, with what was measured, a row an edge; without measures they are exact copies."""
    n = len(rules)
    alike = [np.ones(n), np.ones(n)] if measures is None else [measures.jaccard, measures.containment]
    counts = [pa.nulls(n) if measures is None else getattr(measures, name) for name in AUDITED]
    return pa.table(
        {
            "left": left,
            "right": right,
            "rule": pa.array(RULES).take(pa.array(rules)),
            "jaccard": alike[0].astype(np.float32),
            "containment": alike[1].astype(np.float32),
            **{name: pa.array(count, pa.int32()) for name, count in zip(AUDITED, counts, strict=True)},
        }
    )


def _steps(sizes: I64) -> Iterator[slice]:
    """Cut pairs of so many symbols each into steps."""
    ends = ends_of(sizes)
    begin = 0
    while begin < len(sizes):
        end = int(np.searchsorted(ends, ends[begin] + STEP_SYMBOLS, side="right")) - 1
        end = min(max(end, begin + 1), begin + STEP_PAIRS, len(sizes))
        yield slice(begin, end)
        begin = end


def _compare_step(keys: Keys | JoinedKeys, left: I64, right: I64) -> Measures:
    n = len(left)
    both = keys.take(np.concatenate([left, right]))  # all left texts, then all right ones
    border = both.offsets[n]
    pair_of = np.repeat(np.tile(np.arange(n), 2), both.lengths)
    hashes, whole = hash_shingles(both)

    # One word holds pair, hash and position, so that a plain sort brings equal shingles of a pair together.
    position_bits = np.uint64(max(len(hashes), 1).bit_length())
    at = np.flatnonzero(whole)
    words = pair_of[at].astype(np.uint64) << np.uint64(32) | hashes[at]
    words = words << position_bits | at.astype(np.uint64)
    words.sort()
    positions = (words & ((np.uint64(1) << position_bits) - np.uint64(1))).astype(np.int64)
    first = first_of_run(words >> position_bits)
    begins = np.flatnonzero(first)
    ends = np.append(begins, len(words))[1:]
    in_left = positions[begins] < border
    in_right = positions[ends - 1] >= border
    pair = pair_of[positions[begins]]
    matched = np.zeros(len(hashes), np.bool_)
    matched[positions[np.repeat(in_left & in_right, ends - begins)]] = True

    slots = compare_slots(both, hashes, matched, n)
    return Measures(
        shared=np.bincount(pair[in_left & in_right], minlength=n),
        left=np.bincount(pair[in_left], minlength=n),
        right=np.bincount(pair[in_right], minlength=n),
        letters=np.minimum(both.lengths[:n], both.lengths[n:]),
        core=_core(both, np.flatnonzero(matched)),
        **slots._asdict(),
    )


def _core(both: Keys, shared_at: I64) -> F64:
    """Of the shorter text of each pair, the share of shared shingles from the first shared one to the last."""
    n = len(both) // 2
    shorter = np.where(both.lengths[:n] <= both.lengths[n:], np.arange(n), np.arange(n, 2 * n))
    begin = np.searchsorted(shared_at, both.offsets[shorter])
    end = np.searchsorted(shared_at, both.offsets[shorter + 1])
    any_ = np.flatnonzero(end > begin)
    core = np.zeros(n)
    core[any_] = (end - begin)[any_] / (shared_at[end[any_] - 1] - shared_at[begin[any_]] + 1)
    return core
