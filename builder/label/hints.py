"""
Which patterns are worth trying on a line: those that could match by the characters and phrases it holds.

One pass over a page looks each character up in a table of bits, and all phrases at once. Most lines hold next to
nothing that a pattern needs, so a line that was never seen before costs half. The words that the model looks for are
found on the same way.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from builder.label.phrases import phrases
from builder.label.telling_words import NUMBER_OF_WORD
from builder.label.trie import LAST, Trie, code_points

# One bit for each group of characters …
(
    DIGIT,
    RECENT,
    COLON,
    BAR,
    SPACE,
    BRACKET,
    AT,
    PERCENT,
    ARROW,
    SEPARATOR,
    WRITER,
    EDITOR,
    PICTURE,
    TAKEN,
    REPLY,
    STATED,
) = (1 << bit for bit in range(16))
# … and of lexicons; CHANNELS are three at least.
FRAME_PHRASE, CREDIT_PHRASE, CHANNELS = (1 << bit for bit in range(16, 19))
#: Nothing is known of the line: every pattern is tried.
ANYTHING = -1

#: The words that tell stand at the ends: of a line of more than 60 characters, its first 44 and its last 16 count.
_WHOLE, _OPENING, _ENDING = 60, 44, 16

_PLANE = "".join(map(chr, range(LAST)))
_CHARACTERS = {
    DIGIT: "".join(re.findall(r"\d", _PLANE)),
    RECENT: "刚今昨前",
    COLON: ":：",
    BAR: "/／|｜丨",
    SPACE: "".join(re.findall(r"[^\S\n]", _PLANE)),  # a newline ends each line in `scan_lines`, and none holds one
    BRACKET: "（(【",
    AT: "@#",
    PERCENT: "%",
    ARROW: ">»›＞→",
    SEPARATOR: "[]【】|｜丨┊·•/／,，、›»>＞-",
    WRITER: "者员員文笔写作述理译稿报報导導原生自于谢",
    EDITOR: "编編校监審审签",
    PICTURE: "图表圖源",
    TAKEN: "摄攝供",
    REPLY: "友复覆报享藏用顶踩楼赞讚",
    STATED: "明示",
}


@cache
def _bits() -> npt.NDArray[np.int32]:
    table = np.zeros(LAST + 1, np.int32)
    for bit, characters in _CHARACTERS.items():
        table[[ord(character) for character in characters]] |= bit
    table[LAST] = ANYTHING  # there are digits and letters beyond the basic plane
    return table


@dataclass(frozen=True, slots=True)
class Scan:
    """
    What one pass over the lines of a page found.

    Attributes:
        hints: the bits of each line.
        word_lines, words: line, and place in WORDS, of each telling word at an end of a line; a word may come twice.
    """

    hints: list[int]
    word_lines: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]


@cache
def _lexicon() -> tuple[Trie, npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Phrases and words that are looked for in every line; the bits of each, its place in WORDS or -1, its length."""
    lexicons = {
        FRAME_PHRASE: ("nav_phrases", "contact_phrases", "notice_phrases"),
        CREDIT_PHRASE: ("credit_phrases",),
        CHANNELS: ("channels",),
    }
    bits: dict[str, int] = {}
    for bit, names in lexicons.items():
        for phrase in (phrase.lower() for name in names for phrase in phrases(name)):
            bits[phrase] = bits.get(phrase, 0) | bit
    known = sorted(bits.keys() | NUMBER_OF_WORD.keys())
    return (
        Trie(known),
        np.array([bits.get(phrase, 0) for phrase in known], np.int32),
        np.array([NUMBER_OF_WORD.get(phrase, -1) for phrase in known]),
        np.array([len(phrase) for phrase in known]),
    )


def scan_lines(texts: Sequence[str]) -> Scan:
    """Look at the characters of all lines once, and for all words and phrases at once, whatever their case."""
    joined = "\n".join((*texts, ""))
    folded = joined.lower()
    if len(folded) != len(joined):  # İ, the one character that is two in lower case
        folded = joined.replace("İ", "i").lower()
    sizes = np.array([len(text) for text in texts])
    ends = np.cumsum(sizes + 1)
    starts = ends - sizes - 1
    codes = code_points([folded])
    hints = np.bitwise_or.reduceat(_bits().take(codes, mode="clip"), starts)

    trie, bits_of, number_of, length_of = _lexicon()
    at, found = trie.find(codes)
    lines = np.searchsorted(ends, at, side="right")
    (phrase,) = bits_of.take(found).nonzero()
    bits, phrase_lines = bits_of.take(found.take(phrase)), lines.take(phrase)
    np.bitwise_or.at(hints, phrase_lines, bits & ~CHANNELS)
    channels = np.bincount(phrase_lines[bits & CHANNELS > 0], minlength=len(texts))
    hints[channels >= 3] |= CHANNELS

    (word,) = (number_of.take(found) >= 0).nonzero()
    words, word_lines = found.take(word), lines.take(word)
    size, place = sizes.take(word_lines), at.take(word) - starts.take(word_lines)
    telling = (size <= _WHOLE) | (place + length_of.take(words) <= _OPENING) | (place >= size - _ENDING)
    return Scan(hints.tolist(), word_lines[telling], number_of.take(words[telling]))
