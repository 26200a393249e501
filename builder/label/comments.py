"""
Readers' comments: their heading, names, times and buttons, and what they say.
"""

import re

from builder.label.lines import Line
from builder.label.sheet import Sheet

_WHEN = re.compile(r"\d{1,2}[-:月]\d{2}|前$")
#: So many lines in a row may say nothing (names, badges) before the comments are over.
_MAX_QUIET = 3
_MIN_LINES = 3
#: Many reactions are comments even where nobody writes a full sentence; few may be the buttons of the article.
_MANY_LINES = 8


def label_comments(sheet: Sheet) -> None:
    """
    Label readers' comments: from their heading, or the first reaction, to the next heading or notice.

    A heading alone proves nothing, for most pages show an empty comment box: names, times, 回复 or full sentences
    without links must follow.
    """
    end = 0
    for i in [i for i, line in enumerate(sheet.lines) if line.comments or line.reaction]:
        if i < end or sheet.verdicts[i] is not None:
            continue
        end = _end_of_comments(sheet, i)
        if _is_talk(sheet.lines[i:end]):
            for j in range(i, end):
                sheet.give(j, "comment", 0.7)


def _end_of_comments(sheet: Sheet, start: int) -> int:
    """End (half-open) of the comments that open at `start`; `start` itself when nobody says anything."""
    end, quiet = start, 0
    for j in range(start + 1, len(sheet.lines)):
        line = sheet.lines[j]
        tool = line.nav and j > start + 2 and not line.reaction
        if sheet.verdicts[j] is not None or line.heading or line.notice or line.credit or tool:
            break
        if _is_sentence(line) or line.reaction:
            end, quiet = j + 1, 0
        elif line.n <= 30 and not line.headline and _WHEN.search(line.text):
            end = j + 1 if quiet <= 1 else end
        else:
            quiet += 1
            if quiet > _MAX_QUIET or (line.link > 0.8 and line.headline):
                break
    return end


def _is_talk(lines: list[Line]) -> bool:
    return len(lines) >= _MANY_LINES or (len(lines) >= _MIN_LINES and any(_is_sentence(line) for line in lines))


def _is_sentence(line: Line) -> bool:
    return line.prose >= 1 and line.link < 0.3
