"""
One copy of the article: its head below the headline, its running text, its credits.
"""

import re

from builder.label.article_head import label_head
from builder.label.elements import last_elements
from builder.label.extent import text_extent
from builder.label.lines import Line
from builder.label.paragraphs import SIGNED, label_paragraphs
from builder.label.sheet import Sheet

_OF_A_FILM = frozenset({"视频简介", "節目簡介", "节目简介", "影片简介", "影片簡介"})
_THE_END = re.compile(r"^[-—–·\s]*(?:END|End|end|THE END|完|全文完|本文完)[-—–·\s]*$")
#: The card of the author below the text.
_AUTHOR_ELEMENT = re.compile(r"author|zuozhe|user-?card|wemedia|writer|[.#_-]aut\b")


def label_story(sheet: Sheet, title: int, first: int, last: int) -> None:
    """Label one copy of the article: its head from `title`, its text from `first` to `last`, the credits below."""
    _label_introductions(sheet, title, last)
    first, last, container = text_extent(sheet, title, first, last)
    label_head(sheet, title, first)
    label_paragraphs(sheet, first, last, container)
    _label_tail(sheet, last)


def _label_introductions(sheet: Sheet, title: int, last: int) -> None:
    """What a film shows is its caption, not the summary of the text below."""
    for i in range(title + 1, last):
        if sheet.lines[i].key in _OF_A_FILM:
            sheet.give(i, "caption", 0.8)
            sheet.give(i + 1, "caption", 0.8)


def _label_tail(sheet: Sheet, last: int) -> None:
    """Credits right below the text, up to the first list of other stories."""
    for i in range(last + 1, min(len(sheet.lines), last + 16)):
        line = sheet.lines[i]
        if sheet.role(i) or line.heading or line.comments:
            break
        if line.credit or ((line.byline or SIGNED.match(line.text)) and i <= last + 3):
            sheet.give(i, "credit", 0.9)
        elif line.publication and i <= last + 3 and not line.link:
            sheet.give(i, "credit", 0.5)
        elif line.n <= 80 and not (line.nav or line.key.isdigit()) and _is_of_author(sheet.blocks[i].tag, line):
            sheet.give(i, "credit", 0.6)


def _is_of_author(tag: str, line: Line) -> bool:
    """The card of the author below the text, and the mark of its end."""
    return _AUTHOR_ELEMENT.search(last_elements(tag)) is not None or _THE_END.match(line.text) is not None
