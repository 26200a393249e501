"""
Slots: what stands in two texts between the same words, the same or not.

Shared shingles that begin or end within a number are left out, so that 20.5 and 10.5 have nothing in common, and the
gaps between the others are laid side by side.
"""

from typing import NamedTuple

import numpy as np

from builder.dedup.keys import Keys
from builder.dedup.ragged import I64, U16, U32, U64, Bools, ends_of, first_of_run, spread
from builder.dedup.shingles import SHINGLE_CHARS
from builder.dedup.wording import follows_credit, holds_word, in_title

# Kinds of symbols: words, digits, Chinese numerals, title marks. A copy without its marks says the same.
_WORDS, _DIGITS, _NUMERALS, _MARKS = range(4)
_KIND = np.zeros(1 << 16, np.uint8)
_KIND[[ord(c) for c in "0123456789"]] = _DIGITS
_KIND[[ord(c) for c in "〇零一二两三四五六七八九十百千万亿"]] = _NUMERALS
_KIND[[ord(c) for c in "《》"]] = _MARKS

# Symbols after the last shared shingle that are still compared: a longer tail is a footer or a list of other news.
MAX_TAIL = 64

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: spreads small numbers over the word


class Slots(NamedTuple):
    """Counts of each pair of texts, each of shape (pairs,)."""

    facts_shared: I64  # numbers in digits that stand in the same words in both
    facts_changed: I64  # numbers in digits where the other text has another, between the same words
    numerals_changed: I64  # the same for numbers in Chinese characters: 第三次, 第四次
    substituted: I64  # characters, numbers aside, that stand where the other text has others, between the same words
    names_substituted: I64  # of these, the ones in slots without an ordinary word in either text, or in 《》: names


class _Gaps(NamedTuple):
    """Gaps between shared shingles: places in the symbols, half-open, and the texts they lie in."""

    begin: I64
    end: I64
    anchor: U64


class _Side(NamedTuple):
    """What stands in some gaps, each of shape (gaps,): how much of each kind, and hashes, equal for equal content."""

    words: I64  # symbols that are no numbers
    numbers: I64  # numbers in digits
    numerals: I64  # Chinese numerals
    words_hash: U64
    digits_hash: U64
    numerals_hash: U64


def compare_slots(both: Keys, hashes: U32, matched: Bools, n: int) -> Slots:
    """
    Count what is the same and what is not between the shared shingles of pairs of texts.

    Args:
        both: keys of the left texts of all pairs, then of the right ones, 2n in all.
        hashes, matched: of each symbol, the shingle that begins there, and whether the other text has it.
    """
    symbols = both.symbols
    digits = _KIND[symbols] == _DIGITS
    inside = np.zeros(len(digits) + SHINGLE_CHARS, np.bool_)  # digits after the first of their number
    inside[1 : len(digits)] = digits[1:] & digits[:-1]
    inside[both.offsets[:-1]] = False
    whole = matched & ~inside[: len(digits)] & ~inside[SHINGLE_CHARS:]

    _drop_torn(both, hashes, digits, whole, n)
    whole_sums = ends_of(whole)
    at = np.flatnonzero(digits & ~inside[: len(digits)])
    at = at[whole_sums[at + 1] > whole_sums[np.maximum(at - SHINGLE_CHARS + 1, 0)]]
    covered = np.bincount(np.searchsorted(both.offsets, at, side="right") - 1, minlength=2 * n)

    hashes = _anchor_ends(both, hashes, digits, whole, n)
    gaps = _gaps(both, hashes, np.flatnonzero(whole), n)
    cut = int(np.searchsorted(gaps.begin, both.offsets[n]))
    _, left, right = np.intersect1d(gaps.anchor[:cut], gaps.anchor[cut:], return_indices=True)
    places = [(gaps.begin[i], gaps.end[i]) for i in (left, right + cut)]
    pair = np.searchsorted(both.offsets, places[0][0], side="right") - 1
    a, b = (_side(symbols, begin, end) for begin, end in places)

    numbers = np.minimum(a.numbers, b.numbers)
    other_digits = a.digits_hash != b.digits_hash
    other_words = a.words_hash != b.words_hash
    # 四届二 and 三届四: the same words, other numerals. 二十三 and 23 are one number, written in two ways.
    other_numerals = ~other_words & (a.numerals_hash != b.numerals_hash) & (np.maximum(a.numbers, b.numbers) == 0)
    substituted = np.where(other_words, np.minimum(a.words, b.words), 0)
    for begin, _ in places:
        some = np.flatnonzero(substituted)
        substituted[some[follows_credit(symbols, begin[some])]] = 0
    names = np.flatnonzero(substituted >= 2)
    for (begin, end), first in zip(places, (pair, pair + n), strict=True):
        titled = in_title(symbols, begin[names], both.offsets[first[names]])
        names = names[titled | ~holds_word(symbols, begin[names], end[names])]

    def total(counts: I64 | Bools, of: I64 | slice = slice(None)) -> I64:
        return np.bincount(pair[of], weights=counts[of], minlength=n).astype(np.int64)

    return Slots(
        facts_shared=np.minimum(covered[:n], covered[n:]) + total(np.where(other_digits, 0, numbers)),
        facts_changed=total(np.where(other_digits, numbers, 0)),
        numerals_changed=total(other_numerals & (np.minimum(a.numerals, b.numerals) > 0)),
        substituted=total(substituted),
        names_substituted=total(substituted, names),
    )


def _drop_torn(both: Keys, hashes: U32, digits: Bools, whole: Bools, n: int) -> None:
    """Mark as not whole what is torn in the other text: 20万人 is no part of 120万人."""
    at = np.flatnonzero(whole)
    at = at[digits[at] | digits[at + SHINGLE_CHARS - 1]]
    text = np.searchsorted(both.offsets, at, side="right") - 1
    words = (text % n).astype(np.uint64) << np.uint64(32) | hashes[at]
    for mine in (text < n, text >= n):
        whole[at[mine][~np.isin(words[mine], words[~mine])]] = False


def _anchor_ends(both: Keys, hashes: U32, digits: Bools, whole: Bools, n: int) -> U32:
    """
    Mark the last symbols of both texts as shared when they are, though too few for a shingle: 享年72岁, 享年85岁.

    Returns:
        The hashes, with one for these ends.
    """
    shared_at = np.flatnonzero(whole)
    if not len(shared_at):
        return hashes
    last = both.offsets[1:].reshape(2, n) - 1
    shared = np.zeros(n, np.int64)
    same = np.ones(n, np.bool_)
    for back in range(SHINGLE_CHARS - 1):
        left, right = np.maximum(last - back, 0)
        same &= (both.symbols[left] == both.symbols[right]) & ~digits[left]
        shared += same
    before = shared_at[np.maximum(np.searchsorted(shared_at, last) - 1, 0)]
    room = (last - before < MAX_TAIL) & (last - before >= SHINGLE_CHARS + shared)
    room &= both.lengths.reshape(2, n) >= SHINGLE_CHARS
    ended = np.flatnonzero((shared > 0) & room.all(axis=0))
    at = last[:, ended] - shared[ended] + 1
    whole[at] = True
    hashes = hashes.copy()
    hashes[at] = shared[ended]
    return hashes


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


def _side(symbols: U16, begin: I64, end: I64) -> _Side:
    """Look at what stands from each begin to its end."""
    lengths = end - begin
    ends = ends_of(lengths)
    inner = symbols[spread(begin, lengths)]
    kind = _KIND[inner]
    digits = kind == _DIGITS
    firsts = digits.copy()
    firsts[1:] &= ~digits[:-1]
    starts = ends[:-1][lengths > 0]
    firsts[starts] = digits[starts]
    sums, hashes = [], []
    for of_kind in (kind == _WORDS, digits, kind == _NUMERALS):
        before = ends_of(of_kind)
        turn = before[:-1] - np.repeat(before[ends[:-1]], lengths)
        mixed = (turn.astype(np.uint64) << np.uint64(16) | inner) * _GOLDEN
        mixed = (mixed ^ mixed >> np.uint64(29)) * np.uint64(0xFF51AFD7ED558CCD)
        mixed = np.concatenate([np.zeros(1, np.uint64), np.cumsum(np.where(of_kind, mixed, np.uint64(0)))])
        sums.append(before[ends[1:]] - before[ends[:-1]])
        hashes.append(mixed[ends[1:]] - mixed[ends[:-1]])
    n_firsts = ends_of(firsts)
    return _Side(sums[0], n_firsts[ends[1:]] - n_firsts[ends[:-1]], sums[2], *hashes)
