"""
One copy of the article: its head below the headline, its running text, its credits.
"""

import re

from builder.label.headline import heading_level
from builder.label.lines import Line
from builder.label.paragraphs import CAPTION_ELEMENT, DASHED, ORIGINAL_TITLE, label_paragraphs
from builder.label.sheet import Sheet, Verdict

_DATE_ALONE = re.compile(
    r"^[（(]?(?:19|20|二[〇○零Ο0])[\d〇○零Ο一二三四五六七八九]{2}\s?年"
    r"[\d〇一二三四五六七八九十]{1,2}月[\d〇一二三四五六七八九十]{1,3}日[）)]?$"
)
_DECK_ELEMENT = re.compile(r"sub_?-?ti?tle|subhead|kicker|deck|futi|yinti|pre_?title|shoulder|column")


def label_story(sheet: Sheet, title: int, first: int, last: int) -> None:
    """Label one copy of the article: its head from `title`, its text from `first` to `last`, the credits below."""
    first = _below_publication(sheet.lines, first, last)
    first, last = _widen(sheet, title, first, last)
    last = _with_signature(sheet.lines, last)
    label_head(sheet, title, first)
    label_paragraphs(sheet, first, last)
    _label_tail(sheet, last)


def _below_publication(lines: list[Line], first: int, last: int) -> int:
    """A short line of text above the publication line is a deck or an account's motto, not the lede."""
    for i in range(first, min(last, first + 4)):
        if lines[i].publication and any(line.prose >= 2 for line in lines[i + 1 : min(last, i + 4) + 1]):
            return i + 1
        if lines[i].n > 60:
            break
    return first


def _widen(sheet: Sheet, title: int, first: int, last: int) -> tuple[int, int]:
    """Where there is HTML, take in the lines at both ends of the run that stand in the container of its text."""
    lines, blocks = sheet.lines, sheet.blocks
    mass: dict[str, float] = {}
    for i in range(first, last + 1):
        parent = blocks[i].tag.rpartition("/")[0]
        mass[parent] = mass.get(parent, 0.0) + lines[i].prose
    container = max(mass, key=lambda parent: mass[parent])
    if not container or mass[container] * 2 < sum(mass.values()):
        return first, last
    # Paths are cut to their last elements, so the end of the container's path is looked for inside the block's.
    mark = "/".join(container.rsplit("/", 2)[-2:]) + "/"

    def fits(i: int) -> bool:
        return mark in blocks[i].tag + "/" and not lines[i].special and lines[i].link < 0.5

    while first - 1 > title and fits(first - 1):
        first -= 1
    while last + 1 < len(lines) and fits(last + 1):
        last += 1
    return first, last


def _with_signature(lines: list[Line], last: int) -> int:
    """The office and the date that close an official document belong to its text."""
    for i in range(last + 1, min(len(lines), last + 6)):
        line = lines[i]
        if _DATE_ALONE.match(line.text) and lines[i - 1].n <= 24:
            return i
        if line.n > 40 or (line.special and not (line.contact and not line.notices)) or line.link > 0.5:
            break
    return last


def label_head(sheet: Sheet, title: int, first: int) -> None:
    """Label what stands between the headline and the text, and the kicker or publication line above it."""
    for i in range(title + 1, first):
        verdict = _by_words(sheet, i) or _by_place(sheet, i, title)
        if verdict:
            sheet.give(i, *verdict)
    for i in range(title - 1, max(-1, title - 9), -1):
        line = sheet.lines[i]
        if sheet.role(i) or line.link > 0.5 or (i < title - 3 and not line.publication):
            break
        if (line.publication or line.byline) and line.n <= 60:
            sheet.give(i, "meta", 0.6)
        elif line.caption:
            sheet.give(i, "caption", 0.6)
        elif i == title - 1 and _is_deck(sheet, i, title):
            sheet.give(i, "subtitle", 0.55)


def _by_words(sheet: Sheet, i: int) -> Verdict | None:
    """Role that the words of a line between headline and text give it."""
    line = sheet.lines[i]
    if line.abstract:
        return "lede", 0.8
    if line.publication:
        return "meta", 0.93
    if line.caption or CAPTION_ELEMENT.search(sheet.blocks[i].tag):
        return "caption", 0.8
    if DASHED.match(line.text):
        return "subtitle", 0.9
    if line.byline:
        return "meta", 0.85
    if ORIGINAL_TITLE.match(line.text):
        return "credit", 0.9
    return None


def _by_place(sheet: Sheet, i: int, title: int) -> Verdict | None:
    """Role of a line that stands beside the headline or the publication line; None leaves it to the frame."""
    line, above = sheet.lines[i], sheet.lines[i - 1]
    if above.publication and (line.text.isdigit() or (line.nav and line.n >= 3 and "字" in line.text)):
        return "meta", 0.65  # a count, a switch of the font size
    if line.n <= 8 and i - 1 == title and not line.special and line.link > 0.5:
        return "meta", 0.55  # the account that publishes
    if line.nav or line.notices or line.heading or line.link > 0.8:
        return None
    if _is_deck(sheet, i, title):
        return "subtitle", 0.6
    if line.n <= 12 and (i - 1 == title or above.publication or _is_publication(sheet, i + 1)):
        return "meta", 0.6
    return None


def _is_publication(sheet: Sheet, i: int) -> bool:
    return i < len(sheet.lines) and sheet.lines[i].publication


def _is_deck(sheet: Sheet, i: int, title: int) -> bool:
    """A line right beside the headline, in its element or one named for decks; in a dump, above a publication line."""
    line = sheet.lines[i]
    if abs(i - title) != 1 or line.special or line.prose >= 2 or line.n > 60:
        return False
    parent, _, element = sheet.blocks[i].tag.rpartition("/")
    if not element:
        return i == title + 1 and line.n >= 8 and _is_publication(sheet, i + 1)
    if _DECK_ELEMENT.search(element.lower()):
        return True
    beside = parent == sheet.blocks[title].tag.rpartition("/")[0]
    return beside and line.n >= 4 and (line.n >= 10 or heading_level(sheet.blocks[i].tag) > 0)


def _label_tail(sheet: Sheet, last: int) -> None:
    """Credits right below the text, up to the first list of other stories."""
    for i in range(last + 1, min(len(sheet.lines), last + 16)):
        line = sheet.lines[i]
        if sheet.role(i) or line.heading or line.comments:
            break
        if line.credit or (line.byline and i <= last + 3):
            sheet.give(i, "credit", 0.9)
        elif line.publication and i <= last + 3 and not line.link:
            sheet.give(i, "credit", 0.5)
