"""
What stands above the text: kicker, deck and publication line beside the headline, summaries, captions, tools.
"""

import re

from builder.label.elements import heading_level, in_caption_element, in_deck_element, last_elements
from builder.label.headline import COLUMN, HAN
from builder.label.paragraphs import DASHED, OPENS_DOCUMENT, ORIGINAL_TITLE
from builder.label.sheet import Sheet, Verdict

#: 关注新华网, 0/2000字, 最多200字, 讚 2: tools that stand beside the headline too.
_TOOL = re.compile(
    r"^(?:关注|關注|订阅|訂閱|已关注|\d+\s?/\s?\d+\s?字|最多\s?\d+\s?字|[赞讚]\s?\d+$|分享|收藏|评论|登录|一键登录)"
)
#: A switch of the font size, whole or one of its buttons; with share buttons beside it, it is a tool bar.
_FONT_SIZE = re.compile(
    r"^[【\[（(]?(?:字[号体號體]?(?:大小)?|字[级級])?\s?[:：]?\s?(?:(?:[超特加]?大|中|小|标准|標準|默认|正常|放大|缩小|A\+?|A-|T\+|T\|T)\s*)*"
    r"[】\]）)]?$"
)
_CRUMB = re.compile(r"[>＞›»/|｜_-]|首页|首頁|频道|[网網]$")
#: An element that is named for who publishes, and when.
_META_ELEMENT = re.compile(
    r"author|nick|source|laiyuan|pub(?:lish)?[_-]|[.#_-](?:time|date|from|info|meta|byline|writer)\b"
)


def label_head(sheet: Sheet, title: int, first: int) -> None:
    """Label what stands between the headline and the text, and the kicker or publication line above it."""
    for i in range(title + 1, first):
        verdict = _by_words(sheet, i) or _by_place(sheet, i, title)
        if verdict:
            sheet.give(i, *verdict)
    decks = 0
    for i in range(title - 1, max(-1, title - 9), -1):
        line = sheet.lines[i]
        if sheet.role(i) or line.link > 0.5 or (i < title - 3 and not line.publication):
            break
        if (line.publication or line.byline) and line.n <= 60:
            sheet.give(i, "meta", 0.6)
        elif line.caption:
            sheet.give(i, "caption", 0.6)
        elif i == title - 1 - decks and (COLUMN.match(line.text) or in_deck_element(sheet.blocks[i].tag)):
            sheet.give(i, "subtitle", 0.7)
            decks += 1
        elif i == title - 1 and _is_deck(sheet, i, title):
            sheet.give(i, "subtitle", 0.55)
            decks += 1


def _by_words(sheet: Sheet, i: int) -> Verdict | None:
    """Role that the words of a line between headline and text give it."""
    line = sheet.lines[i]
    if line.abstract:
        return "lede", 0.8
    if line.publication:
        return "meta", 0.93
    if line.caption or in_caption_element(sheet.blocks[i].tag):
        return "caption", 0.8
    if DASHED.match(line.text):
        return "subtitle", 0.9
    if ORIGINAL_TITLE.match(line.text):
        return "credit", 0.9
    if line.byline or (line.credit and not line.link):
        return "meta", 0.85
    if OPENS_DOCUMENT.match(line.text):
        return "body", 0.7
    return None


def _by_place(sheet: Sheet, i: int, title: int) -> Verdict | None:
    """Role of a line that stands beside the headline or the publication line; None leaves it to the frame."""
    line, above = sheet.lines[i], sheet.lines[i - 1]
    if _FONT_SIZE.match(line.text) and (above.publication or (sheet.role(i - 1) == "meta" and i - 1 > title)):
        return "meta", 0.8
    if above.publication and line.text.isdigit():
        return "meta", 0.65  # a count
    if line.n <= 8 and i - 1 == title and not line.special and line.link > 0.5:
        return "meta", 0.55  # the account that publishes
    if line.nav or line.notices or line.heading or line.link > 0.8:
        return None
    if _is_deck(sheet, i, title):
        return "subtitle", 0.6
    if line.n <= 24 and not _TOOL.match(line.text) and _META_ELEMENT.search(last_elements(sheet.blocks[i].tag)):
        return "meta", 0.6
    if (
        line.n <= 12
        and not _TOOL.match(line.text)
        and (i - 1 == title or above.publication or _is_publication(sheet, i + 1))
    ):
        return "meta", 0.6
    return None


def _is_publication(sheet: Sheet, i: int) -> bool:
    return i < len(sheet.lines) and sheet.lines[i].publication


def _is_deck(sheet: Sheet, i: int, title: int) -> bool:
    """
    A line right beside the headline, in its element or one named for decks.

    In a dump, below it and above the publication line; or above it, no item of a list, and the publication line below.
    """
    line = sheet.lines[i]
    if abs(i - title) != 1 or line.special or line.n > 60 or not HAN.search(line.text):
        return False
    if in_deck_element(sheet.blocks[i].tag):
        return True
    if line.prose >= 2:
        return False
    parent, _, element = sheet.blocks[i].tag.rpartition("/")
    if not element:
        alone = (i == 0 or sheet.lines[i - 1].nav or sheet.lines[i - 1].n < 8) and not _CRUMB.search(line.text)
        return line.n >= 8 and (
            (i > title and _is_publication(sheet, i + 1)) or (alone and _is_publication(sheet, title + 1))
        )
    beside = parent == sheet.blocks[title].tag.rpartition("/")[0]
    return beside and line.n >= 4 and (line.n >= 10 or heading_level(sheet.blocks[i].tag) > 0)
