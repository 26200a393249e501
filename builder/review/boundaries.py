"""
Sentence boundaries that a person moves: spans in code points, half-open, that hold every character but white space
between them, in order, none across a line break.
"""

import re
from collections.abc import Sequence

from builder.errors import BuilderError

Span = tuple[int, int]

_OPERATION = re.compile(r"(split|join|move) (\d{1,7}) (-?\d{1,7})")


class BoundaryError(BuilderError):
    """An operation that the text does not allow: nothing left to cut, no next sentence on the line."""


def operate(text: str, spans: Sequence[Span], operation: str) -> list[Span]:
    """
    Apply `split N AT`, `join N 0` or `move N BY` to sentence N: cut it AT characters from its start, join it with the
    next on its line, or move its end BY characters into the next one or back.

    >>> text = "风停了。雨还在下。"
    >>> operate(text, [(0, 9)], "split 0 4"), operate(text, [(0, 4), (4, 9)], "join 0 0")
    ([(0, 4), (4, 9)], [(0, 9)])
    >>> operate(text, [(0, 4), (4, 9)], "move 0 1")
    [(0, 5), (5, 9)]
    """
    match = _OPERATION.fullmatch(operation)
    if not match or int(match[2]) >= len(spans):
        raise BoundaryError(f"{operation!r} is no operation on {len(spans)} sentences")
    number, by = int(match[2]), int(match[3])
    before, after = list(spans[:number]), list(spans[number + 1 :])
    start, end = spans[number]
    if match[1] == "split":
        return [*before, *_cut(text, start, end, start + by), *after]
    if not after or "\n" in text[end : after[0][0]]:
        raise BoundaryError("there is no next sentence on the line")
    if match[1] == "join":
        return [*before, (start, after[0][1]), *after[1:]]
    return [*before, *_cut(text, start, after[0][1], _skip(text, end, after[0], by)), *after[1:]]


def _skip(text: str, end: int, following: Span, by: int) -> int:
    """Where the boundary comes to lie: forward it counts from the next sentence, past the space before it."""
    return following[0] + by if by > 0 else end + by


def _cut(text: str, start: int, end: int, at: int) -> list[Span]:
    """Two spans of the characters before and after `at`, without the white space between them."""
    if not start < at < end:
        raise BoundaryError("nothing would be left of one of the sentences")
    left = (start, start + len(text[start:at].rstrip()))
    right = (end - len(text[at:end].lstrip()), end)
    if left[0] >= left[1] or right[0] >= right[1]:
        raise BoundaryError("nothing would be left of one of the sentences")
    return [left, right]
