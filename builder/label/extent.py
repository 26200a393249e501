"""
Where the running text of one copy of the article begins and ends, and which element of the page holds it.
"""

import re

from builder.keys import text_key
from builder.label.elements import heading_level, in_deck_element
from builder.label.headline import OF_THE_SAME, overlap
from builder.label.lines import Line
from builder.label.paragraphs import DASHED
from builder.label.sheet import Sheet

_DATE_ALONE = re.compile(
    r"^[（(]?(?:19|20|二[〇○零Ο0])[\d〇○零Ο一二三四五六七八九]{2}\s?年"
    r"[\d〇一二三四五六七八九十]{1,2}月[\d〇一二三四五六七八九十]{1,3}日[）)]?$"
)
#: A paragraph that has less in common with the text is of something else.
_OF_ANOTHER = 0.1
_INVITES = re.compile(
    r"点击|點擊|下载|下載|关注|關注|订阅|訂閱|扫码|扫描|掃描|报名|報名|投票|评选|評選|火热|快来|免费|免費|优惠|優惠|大奖|客户端|客戶端"
    r"|APP|App|公众号|加入|爆料|报料|线索|热线"
)
#: So many lines of a list or a table may stand in the middle of the text.
_GAP = 60


def text_extent(sheet: Sheet, title: int, first: int, last: int) -> tuple[int, int, str]:
    """
    First and last line of the text whose run goes from `first` to `last`, and the end of the path of its element.

    The path ends in a slash; it is empty where no element holds most of the text, as in a dump.
    """
    first = _below_publication(sheet.lines, first, last)
    while first < last and _is_deck(sheet, first, title):
        first += 1
    first = _below_promotion(sheet, title, first, last)
    container = _container(sheet, first, last)
    first, last = _widen(sheet, title, first, last, container)
    return first, _with_signature(sheet.lines, last), container


def _is_deck(sheet: Sheet, i: int, title: int) -> bool:
    """A line that opens with a dash, or one right below the headline in an element that is named for decks."""
    line = sheet.lines[i]
    if line.n <= 40 and DASHED.match(line.text):
        return True
    return i == title + 1 and line.n <= 60 and in_deck_element(sheet.blocks[i].tag)


def _below_publication(lines: list[Line], first: int, last: int) -> int:
    """A short line of text above the publication line is a deck or an account's motto, not the lede."""
    for i in range(first, min(last, first + 4)):
        if lines[i].publication and any(line.prose >= 2 for line in lines[i + 1 : min(last, i + 4) + 1]):
            return i + 1
        if lines[i].n > 60:
            break
    return first


def _below_promotion(sheet: Sheet, title: int, first: int, last: int) -> int:
    """
    Pass over a paragraph that has nothing to do with the text below it, while the next has: the site speaks for itself.

    It invites to something, for stories too may open far from their headline. Of its pairs of characters the text holds
    less than a tenth: on gold .02 to .07 of promotions, .98 and more of summaries in a box, .08 and more of all ledes
    but one.
    """
    lines = sheet.lines
    below = next((i for i in range(first + 1, last + 1) if lines[i].prose >= 1), None)
    if below is None or lines[first].abstract or not _INVITES.search(lines[first].text):
        return first
    headline, opening, following = lines[title].key, text_key(lines[first].text), text_key(lines[below].text)
    text = text_key("".join(line.text for line in lines[below : last + 1]))
    strange = overlap(opening, text, 1) < _OF_ANOTHER and overlap(headline, opening, 1) < _OF_ANOTHER
    if not strange or overlap(headline, following, 1) < OF_THE_SAME:
        return first
    sheet.give(first, "notice", 0.7)
    return below


def _container(sheet: Sheet, first: int, last: int) -> str:
    """
    End of the path of the element that holds most of the run, a slash last; empty where there is none.

    Paths are cut to their last elements, so this end is what can be looked for inside the path of a block.
    """
    mass: dict[str, float] = {}
    for i in range(first, last + 1):
        parent = sheet.blocks[i].tag.rpartition("/")[0]
        mass[parent] = mass.get(parent, 0.0) + sheet.lines[i].prose
    container = max(mass, key=lambda parent: mass[parent])
    if not container or mass[container] * 2 < sum(mass.values()):
        return ""
    return "/".join(container.rsplit("/", 2)[-2:]) + "/"


def _widen(sheet: Sheet, title: int, first: int, last: int, container: str) -> tuple[int, int]:
    """Take in the lines at both ends of the run that stand in the container of its text."""
    lines, blocks = sheet.lines, sheet.blocks
    if not container:
        return first, last

    def fits(i: int) -> bool:
        return container in blocks[i].tag + "/" and not lines[i].special and lines[i].link < 0.5

    while first - 1 > title and fits(first - 1):
        first -= 1
    while last + 1 < len(lines) and fits(last + 1):
        last += 1
    # Below a list or a table in the middle of the text it goes on in the same element.
    for i in range(last + 1, min(len(lines), last + _GAP)):
        if sheet.role(i) == "title" or lines[i].comments or lines[i].ends_article or heading_level(blocks[i].tag) == 1:
            break
        if fits(i) and lines[i].prose >= 1 and blocks[i].tag.rpartition("/")[0].endswith(container[:-1]):
            last = i
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
