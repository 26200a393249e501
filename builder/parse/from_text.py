"""A page dumped as text: one block for each line that shows something."""

import re

from builder.parse.limits import limit_lines
from builder.parse.normalize import count_changes, normalize_line
from builder.records import Block

# What ends a line in the dumps we know: the three newlines, the form feed of a PDF's page, and the two separators that
# word processors leave. Not str.splitlines(): it also cuts at control characters that stand inside a line.
_LINE = re.compile(r"[^\n\r\f\u2028\u2029]+")


def read_text(text: str) -> list[Block]:
    """
    Return the lines of `text` that are not empty once normalised, in their order, without tags or links.

    PageError `parse:too-many-lines`, see `limit_lines`.

    >>> [block.text for block in read_text("标题\\r\\n\\r\\n　　正文。\\n")]
    ['标题', '正文。']
    """
    lines = ((normalize_line(match[0]), match[0]) for match in _LINE.finditer(text))
    return limit_lines(Block(line, changes=count_changes(raw)) for line, raw in lines if line)
