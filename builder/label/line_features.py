"""
What one line says by itself, as numbers: its size and characters, its words, and what the rules see in it.

Characters are counted and words looked for in a whole page at a time.
"""

from operator import attrgetter
from struct import Struct
from typing import Any

import numpy as np
import numpy.typing as npt

from builder.label.hints import Scan
from builder.label.lines import Line
from builder.label.telling_words import WORDS
from builder.label.trie import CodePoints

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]

#: Kinds of characters; a line is described by the share of each, and by the kind of its first and last character.
KINDS = ("other", "han", "digit", "latin", "stop", "comma", "quote", "bracket", "separator", "space")
_STOP, _COMMA, _SEPARATOR, _SPACE = 4, 5, 8, 9

# Sizes at which the role of a line turns: a button, a channel, a name, a headline, a short and a long paragraph.
_SIZES = (3, 6, 10, 16, 24, 36, 60, 100, 160)

FLAGS = (
    "contact",
    "nav",
    "heading",
    "comments",
    "credit",
    "ends_article",
    "publication",
    "byline",
    "caption",
    "abstract",
    "headline",
    "notice",
    "special",
)
_flags_of = attrgetter(*FLAGS)
_SEEN = Struct(f"{len(FLAGS) + 6}f")

LINE_FEATURES = (
    "size:log",
    *(f"size:{size}" for size in _SIZES),
    *(f"chars:{kind}" for kind in KINDS),
    *(f"first:{kind}" for kind in KINDS),
    *(f"last:{kind}" for kind in KINDS),
    *(f"count:{KINDS[kind]}" for kind in (_STOP, _COMMA, _SEPARATOR, _SPACE)),
    *(f"line:{flag}" for flag in FLAGS),
    *("line:prose", "line:paragraph", "line:notices", "line:digits", "line:date", "line:ago"),
    *(f"word:{words}" for words in WORDS),
)


def _kind_table() -> npt.NDArray[np.uint8]:
    """Kind of each code point of the basic plane."""
    table = np.zeros(0x10000, np.uint8)
    table[0x3400:0xA000] = table[0xF900:0xFB00] = 1
    for kind, characters in (
        (2, "0123456789０１２３４５６７８９"),
        (4, "。！？；!?…;"),
        (5, "，、,：:"),
        (6, "“”‘’「」『』《》\"'"),
        (7, "()（）[]【】〔〕"),
        (8, "|｜·•_/>＞»-—–~┊丨＋+<＜«→"),
        (9, " \u3000\t"),
    ):
        table[[ord(character) for character in characters]] = kind
    for first, last in ("AZ", "az", "ＡＺ", "ａｚ"):
        table[ord(first) : ord(last) + 1] = 3
    return table


_KIND = _kind_table()
_EYE = np.eye(len(KINDS), dtype=np.float32)


def character_features(codes: CodePoints, sizes: Ints) -> Floats:
    """
    Size and characters of each line, shape (lines, 44).

    Args:
        codes: the code points of all lines.
        sizes: code points of each line, all at least 1.
    """
    n, kinds = len(sizes), len(KINDS)
    kind = _KIND.take(codes, mode="clip")
    counts = np.bincount(np.repeat(np.arange(n) * kinds, sizes) + kind, minlength=n * kinds).reshape(n, kinds)
    first = np.cumsum(sizes) - sizes
    steps = np.tanh((sizes[:, None] - np.array(_SIZES)) / (0.3 * np.array(_SIZES) + 1))
    marks = np.log1p(counts[:, [_STOP, _COMMA, _SEPARATOR, _SPACE]])
    parts = (np.log1p(sizes)[:, None], steps, counts / sizes[:, None], _EYE[kind[first]], _EYE[kind[first + sizes - 1]])
    return np.concatenate((*parts, marks), axis=1, dtype=np.float32)


def word_features(lines: list[Line], scan: Scan) -> Floats:
    """What the rules see in each line, and which words it holds; shape (lines, 19 + words)."""
    seen = np.frombuffer(b"".join([line.seen or _see(line) for line in lines]), np.float32).reshape(len(lines), -1)
    holds = np.zeros((len(lines), len(WORDS)), np.float32)
    holds[scan.word_lines, scan.words] = 1
    return np.concatenate((seen, holds), axis=1)


def _see(line: Line) -> bytes:
    """Return what the rules see in a line, FLAGS and the six that follow them in LINE_FEATURES; kept with the line."""
    line.seen = _SEEN.pack(
        *_flags_of(line),
        line.prose / 5,
        line.prose >= 1,
        min(line.notices, 3),
        line.key.isdigit(),
        line.dated and line.n <= 60,
        line.recent,
    )
    return line.seen
