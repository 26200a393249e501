"""
Which patterns are worth trying on a line: those that could match by the characters and phrases it holds.

One pass over a page looks each character up in a table of bits, and all phrases at once. Most lines hold next to
nothing that a pattern needs, so a line that was never seen before costs half.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from builder.label.phrases import phrases
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

_PLANE = "".join(map(chr, range(LAST)))
_CHARACTERS = {
    DIGIT: "".join(re.findall(r"\d", _PLANE)),
    RECENT: "刚今昨前",
    COLON: ":：",
    BAR: "/／|｜丨",
    SPACE: "".join(re.findall(r"\s", _PLANE)),
    BRACKET: "（(【",
    AT: "@#",
    PERCENT: "%",
    ARROW: ">»›＞→",
    SEPARATOR: "[]【】|｜丨┊·•/／,，、›»>＞-",
    WRITER: "者员員文笔写作述理译稿报報导導原生",
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


@cache
def _phrases() -> tuple[Trie, npt.NDArray[np.int32]]:
    """The lexicons that are looked for anywhere in a line, and the bits of each phrase."""
    lexicons = {
        FRAME_PHRASE: ("nav_phrases", "contact_phrases", "notice_phrases"),
        CREDIT_PHRASE: ("credit_phrases",),
        CHANNELS: ("channels",),
    }
    bits: dict[str, int] = {}
    for bit, names in lexicons.items():
        for phrase in (phrase.lower() for name in names for phrase in phrases(name)):
            bits[phrase] = bits.get(phrase, 0) | bit
    return Trie(list(bits)), np.array(list(bits.values()), np.int32)


def hints_of(texts: Sequence[str]) -> list[int]:
    """Return the bits of each line."""
    folded = [text.lower() + "\n" for text in texts]
    sizes = np.array([len(text) for text in folded])
    ends = np.cumsum(sizes)
    codes = code_points(folded)
    hints = np.bitwise_or.reduceat(_bits()[np.minimum(codes, LAST)], ends - sizes)
    trie, bits_of_phrase = _phrases()
    at, phrase = trie.find(codes)
    lines, bits = np.searchsorted(ends, at, side="right"), bits_of_phrase[phrase]
    np.bitwise_or.at(hints, lines, bits & ~CHANNELS)
    channels = np.bincount(lines[bits & CHANNELS > 0], minlength=len(folded))
    hints[channels >= 3] |= CHANNELS
    found: list[int] = hints.tolist()
    return found
