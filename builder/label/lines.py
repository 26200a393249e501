"""
What the rules look at in one block, computed once a block: length, punctuation, links, and what its words say it is.

The words only say what a line could be. What it is, its place on the page decides.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from builder.keys import text_key
from builder.label import patterns
from builder.label.phrases import phrase_keys
from builder.records import Block

_STOPS = re.compile(r"[。！？；!?…]")
_COMMAS = re.compile(r"[，、：,]")
_ENDS = tuple('。！？!?…；”」』"')
# A colon or a dash may end a paragraph or a subhead; a bracket closes captions and paragraphs alike.
_MAY_END = tuple("：:，,、—）)")
_NO_HEADLINE = ("。", "，", "：", ":", "——")
_NUMBER = re.compile(r"\d+")

#: Menus and buttons are the same on every page of a site, paragraphs on none: only lines up to this length are cached.
_CACHED_CHARS = 40


@dataclass(slots=True)
class Line:
    """
    A block as the rules see it. Equal lines share one object, so nothing but `seen` is ever changed.

    Attributes:
        n: code points of the text.
        key: text key; empty for texts over 120 code points, which are nobody's headline.
        link: share of the text inside links, 0–1; 0 in a dump.
        prose: how much of a running paragraph it is, 0 (not at all) to 5 (a long one).
        notices: how many different phrases of notices it holds.
        contact: it gives a telephone number, an address, a QR code.
        heading: it heads a list of other stories.
        comments: it heads readers' comments.
        reaction: a reader's name, or a button under a comment.
        ends_article: it names the editor, which comes after the text.
        headline: a heading or an item by its shape: 8 to 60 code points without a final stop.
        titular: it could be the headline by its shape: a line without a final stop, up to 90 code points.
        item: it could stand in a list of other stories by its shape.
        shape: the text with its numbers struck out, for `71评论` and `5评论` are the same button; over 40 code points
            the text as it is.
        dated: it holds a date, or says how long ago; False for lines over 110 code points, recent for those over 60.
        seen: all this as numbers for the model, once it asked.
    """

    text: str
    n: int
    key: str
    link: float
    prose: float = 0.0
    notices: int = 0
    contact: bool = False
    nav: bool = False
    heading: bool = False
    comments: bool = False
    reaction: bool = False
    credit: bool = False
    ends_article: bool = False
    publication: bool = False
    byline: bool = False
    caption: bool = False
    abstract: bool = False
    headline: bool = False
    notice: bool = False
    special: bool = False
    titular: bool = False
    item: bool = False
    shape: str = ""
    dated: bool = False
    recent: bool = False
    seen: bytes = field(default=b"", compare=False)


def read_lines(blocks: Sequence[Block], hints: Sequence[int]) -> list[Line]:
    """Say what the words and the shape of each block allow it to be, given the hints of each."""
    return [
        (_cached if len(block.text) <= _CACHED_CHARS else _read)(block.text, block.link_chars, bits)
        for block, bits in zip(blocks, hints, strict=True)
    ]


def _read(text: str, link_chars: int, hints: int) -> Line:
    n = len(text)
    line = Line(text, n, text_key(text) if n <= 120 else "", link_chars / n)
    _read_words(line, hints)
    dashed = text.startswith("——")
    line.titular = (
        n <= 90 and line.prose < 2 and not (dashed or text.endswith(_NO_HEADLINE) or patterns.is_office(text))
    )
    line.item = line.headline and n >= 10 and not dashed
    line.shape = _NUMBER.sub("0", text) if n <= _CACHED_CHARS and not text.isalpha() else text
    return line


def _read_words(line: Line, hints: int) -> None:
    """Say what the words of a line allow it to be."""
    text, n = line.text, line.n
    dated = patterns.find_date(text, hints) if n <= 110 else None
    line.dated = dated is not None
    line.recent = n <= 60 and patterns.is_recent(text, hints)
    if n <= 20:
        key = line.key
        if not key or (key in phrase_keys("nav_lines") and text[-1] not in "：:") or (text[0] == "+" and n <= 5):
            line.nav = line.special = True
            line.reaction = bool(key) and patterns.is_reaction(text, n, hints)
            return
        line.comments = patterns.is_comment_heading(key)
        line.heading = not line.comments and patterns.is_related_heading(key)
    if patterns.is_pointer(text):
        line.heading = line.special = True
        return
    line.prose = prose_weight(text)
    line.publication = patterns.is_publication(text, n, dated, hints)
    line.notices, line.contact, tool = patterns.scan_phrases(text, hints)
    # Reporters quote telephone numbers and rights too: one phrase makes a short line a notice, not a paragraph.
    line.notice = line.notices > 1 or (line.prose < 2.2 and line.notices > 0) or (line.contact and line.prose < 1)
    if n <= 90:
        line.ends_article = patterns.is_editor_credit(text, hints)
        line.credit = line.ends_article or (not line.contact and patterns.is_credit(text, n, hints))
    line.byline = n <= 120 and patterns.is_byline(text, n, hints)
    if not (line.publication or line.credit or line.byline or line.notices > 1):
        line.nav = line.prose < 1 and patterns.is_menu(text, n, hints)
    if line.nav:
        line.notice = False
    elif not (line.publication or line.credit or line.byline or line.notice or line.contact):
        line.nav = n <= 60 and line.prose < 2.2 and (tool or patterns.is_breadcrumb(text, hints))
    if n <= 80 and not (line.heading or line.comments or line.notice or line.credit):
        line.reaction = patterns.is_reaction(text, n, hints)
    line.caption = not (line.credit or line.nav or line.notices) and patterns.is_caption(text, n, hints)
    line.abstract = patterns.is_abstract(text)
    worded = line.nav or line.publication
    line.headline = 8 <= n <= 60 and line.prose < 1 and not worded and not line.key.isdigit()
    line.special = worded or line.heading or line.comments or line.credit or line.byline or line.caption or line.notice


_cached = lru_cache(maxsize=1 << 14)(_read)


def prose_weight(text: str) -> float:
    """
    How much of a running paragraph a line is: 0 for words and headings, up to 5 for a paragraph of 160 characters.

    A paragraph has inner punctuation and a final stop. A long line may lack one of them; a short line needs its stop.
    """
    n = len(text)
    ended = text.endswith(_ENDS)
    if n < 20 and not ended:
        return 0.4 if n >= 10 and text.endswith(_MAY_END) and "：" not in text[:-1] else 0.0
    stops = len(_STOPS.findall(text))
    marks = stops + len(_COMMAS.findall(text))
    if n < 36 and not ended:  # two marks and no stop: a paragraph cut into lines; a headline has one mark
        return 0.6 if "。" in text or marks >= 2 else 0.4 if text.endswith(_MAY_END) else 0.0
    if n < 6 or marks * 60 < n or (not ended and marks < 2):
        return 0.0
    return 1.0 + min(n, 160) / 40 if ended or stops else 0.5 + min(n, 160) / 80
