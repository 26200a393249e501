"""
Slots: what stands in two texts between the same words, the same or not.

Shared shingles that begin or end within a number are left out, so that 20.5 and 10.5 have nothing in common, and the
gaps between the others are laid side by side.
"""

from typing import NamedTuple

import numpy as np

from builder.dedup.keys import Keys
from builder.dedup.ragged import I64, U16, U32, U64, Bools, ends_of, first_of_run
from builder.dedup.shingles import SHINGLE_CHARS

_NUMERALS = np.zeros(1 << 16, np.bool_)
_NUMERALS[[ord(c) for c in "〇零一二三四五六七八九十百千万亿"]] = True

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: spreads small numbers over the word


class Slots(NamedTuple):
    """Counts of each pair of texts, each of shape (pairs,)."""

    facts_shared: I64  # numbers in digits that stand in the same words in both
    facts_changed: I64  # numbers in digits where the other text has another, between the same words
    numerals_changed: I64  # the same for numbers in Chinese characters: 第三次, 第四次
    substituted: I64  # characters that stand where the other text has others, between the same words
    words_substituted: I64  # of these, the ones beside which no text has a number


class _Gaps(NamedTuple):
    """Gaps between shared shingles: places in the symbols, half-open, and the texts they lie in."""

    begin: I64
    end: I64
    anchor: U64


def compare_slots(both: Keys, hashes: U32, matched: Bools, n: int) -> Slots:
    """
    Count what is the same and what is not between the shared shingles of pairs of texts.

    Args:
        both: keys of the left texts of all pairs, then of the right ones, 2n in all.
        hashes, matched: of each symbol, the shingle that begins there, and whether the other text has it.
    """
    symbols = both.symbols
    digits = (symbols >= ord("0")) & (symbols <= ord("9"))
    inside = np.zeros(len(digits) + SHINGLE_CHARS, np.bool_)  # digits after the first of their number
    inside[1 : len(digits)] = digits[1:] & digits[:-1]
    inside[both.offsets[:-1]] = False
    whole = matched & ~inside[: len(digits)] & ~inside[SHINGLE_CHARS:]
    firsts = digits & ~inside[: len(digits)]

    gaps = _gaps(both, hashes, np.flatnonzero(whole), n)
    cut = int(np.searchsorted(gaps.begin, both.offsets[n]))
    _, left, right = np.intersect1d(gaps.anchor[:cut], gaps.anchor[cut:], return_indices=True)
    sides = [(gaps.begin[i], gaps.end[i]) for i in (left, right + cut)]
    pair = np.searchsorted(both.offsets, sides[0][0], side="right") - 1

    number_sums, numeral_sums = ends_of(firsts), ends_of(_NUMERALS[symbols])
    differ = np.not_equal(*_content(symbols, sides))
    numbers = np.minimum(*(number_sums[end] - number_sums[begin] for begin, end in sides))
    any_number = np.maximum(*(number_sums[end] - number_sums[begin] for begin, end in sides)) > 0
    numerals = np.logical_and(*(numeral_sums[end] - numeral_sums[begin] == end - begin for begin, end in sides))
    chars = np.where(differ, np.minimum(*(end - begin for begin, end in sides)), 0)

    whole_sums = ends_of(whole)
    at = np.flatnonzero(firsts)
    at = at[whole_sums[at + 1] > whole_sums[np.maximum(at - SHINGLE_CHARS + 1, 0)]]
    covered = np.bincount(np.searchsorted(both.offsets, at, side="right") - 1, minlength=2 * n)

    def total(counts: I64 | Bools) -> I64:
        return np.bincount(pair, weights=counts, minlength=n).astype(np.int64)

    return Slots(
        facts_shared=np.minimum(covered[:n], covered[n:]) + total(np.where(differ, 0, numbers)),
        facts_changed=total(np.where(differ, numbers, 0)),
        numerals_changed=total(numerals & (chars > 0)),
        substituted=total(chars),
        words_substituted=total(np.where(any_number, 0, chars)),
    )


def _gaps(both: Keys, hashes: U32, shared_at: I64, n: int) -> _Gaps:
    """Gaps of every text, in order. Gaps of the two texts of a pair bear one anchor when they correspond."""
    far = np.flatnonzero(shared_at[1:] - shared_at[:-1] > SHINGLE_CHARS)
    before, after = shared_at[far], shared_at[far + 1]
    text = np.searchsorted(both.offsets, before, side="right") - 1
    same = after < both.offsets[text + 1]
    before, after, text = before[same], after[same], text[same]

    anchor = hashes[before].astype(np.uint64) << np.uint64(32) | hashes[after]
    anchor += (text % n).astype(np.uint64) * _GOLDEN
    anchor = (anchor ^ anchor >> np.uint64(31)) * np.uint64(0xFF51AFD7ED558CCD)
    # The first, the second … gap of a text between the same shingles, as in a list of cities.
    order = np.lexsort((anchor, text))
    begins = np.flatnonzero(first_of_run(anchor[order]) | first_of_run(text[order]))
    turn = np.empty(len(anchor), np.uint64)
    turn[order] = np.arange(len(anchor)) - np.repeat(begins, np.diff(np.append(begins, len(anchor))))
    return _Gaps(before + SHINGLE_CHARS, after, anchor + turn * _GOLDEN)


def _content(symbols: U16, sides: list[tuple[I64, I64]]) -> list[U64]:
    """Hash of what stands from each begin to its end, for each side: equal for equal strings."""
    mixed = (symbols.astype(np.uint64) + np.uint64(1)) * _GOLDEN
    mixed ^= mixed >> np.uint64(29)
    zero = np.zeros(1, np.uint64)
    plain = np.concatenate([zero, np.cumsum(mixed)])
    placed = np.concatenate([zero, np.cumsum(mixed * np.arange(len(mixed), dtype=np.uint64))])
    hashes = []
    for begin, end in sides:
        total = plain[end] - plain[begin]
        hashes.append((placed[end] - placed[begin] - total * begin.astype(np.uint64)) * _GOLDEN + total)
    return hashes
