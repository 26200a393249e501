"""
Wording: is a passage made of ordinary words, or is it a name?

An editor who rewords a story puts ordinary words for ordinary words (举行, 召开); a template has other names between
the same words (王伟, 陈静). An ordinary word is known by two characters that follow one another.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np

from builder.dedup.ragged import I64, U16, U32, Bools, ends_of, spread
from builder.shipped import read_shipped

TABLE = Path(__file__).with_name("word_table.npz")

# Characters of a title: a mark that is never closed opens none.
MAX_TITLE = 40

# Words that stand before the name of who wrote or edited a text. Such a name is no part of the story.
_CREDITS = ("记者", "讯员", "编辑", "责编", "校对", "作者", "来源")


def holds_word(symbols: U16, begin: I64, end: I64) -> Bools:
    """Tell, for each passage of `symbols`, whether an ordinary word lies in it or across one of its ends."""
    starts = np.maximum(begin - 1, 0)
    lengths = np.minimum(end, len(symbols) - 1) - starts
    found = np.concatenate([[0], np.cumsum(_among(_pairs(symbols, spread(starts, lengths)), _words()))])
    ends = ends_of(lengths)
    return np.asarray(found[ends[1:]] > found[ends[:-1]])


def follows_credit(symbols: U16, begin: I64) -> Bools:
    """
    Tell, for each passage of `symbols`, whether a word that announces a reporter or an editor stands before it.

    One character may stand between: two reporters may share a surname.
    """
    return _among(_pairs(symbols, np.maximum(begin - 2, 0)), _credits()) | _among(
        _pairs(symbols, np.maximum(begin - 3, 0)), _credits()
    )


def in_title(symbols: U16, begin: I64, text: I64) -> Bools:
    """Tell, for each passage of `symbols`, whether it begins in a title, 《》; `text` is where its text begins."""
    marks = np.flatnonzero((symbols == ord("《")) | (symbols == ord("》")))
    if not len(marks):
        return np.zeros(len(begin), np.bool_)
    last = marks[np.maximum(np.searchsorted(marks, begin) - 1, 0)]
    return np.asarray((symbols[last] == ord("《")) & (last >= text) & (last < begin) & (begin - last <= MAX_TITLE))


def _pairs(symbols: U16, at: I64) -> U32:
    return symbols[at].astype(np.uint32) << np.uint32(16) | symbols[at + 1]


def _among(pairs: U32, words: U32) -> Bools:
    return np.asarray(words[np.minimum(np.searchsorted(words, pairs), len(words) - 1)] == pairs)


@cache
def _words() -> U32:
    with np.load(BytesIO(read_shipped(TABLE))) as table:
        return np.asarray(table["words"])


@cache
def _credits() -> U32:
    return np.sort(np.array([ord(word[0]) << 16 | ord(word[1]) for word in _CREDITS], np.uint32))
