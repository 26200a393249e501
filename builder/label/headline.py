"""
Find the headline: what the head of the page, a heading element, a publication line and the text below agree on.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from builder.keys import text_key
from builder.label.elements import heading_level, in_deck_element, without_looks
from builder.label.lines import Line
from builder.label.patterns import DATE
from builder.label.running_text import run_from
from builder.label.sheet import Sheet
from builder.records import Head

#: Only so many candidates, the best by cheap evidence, are held against the text that follows them.
_FINALISTS = 8
#: So many lines below a candidate are looked at for that, and text of this weight is much.
_CLOSE, _MUCH = 25, 24.0
#: A site's name and 正在阅读 together.
_GLUED_CHARS = 16
#: The head may name headline and deck in one line.
_PREFIX_EVIDENCE = 2.5
#: Names of sites are shorter than this.
_LONG_KEY = 10
#: The four lines above a subhead weigh more: two paragraphs and what is between.
_TEXT_ABOVE = 6.0
_TITLE_ELEMENT = re.compile(
    r"(?:art|article|news|content|main|detail|page|media)[_-]?(?:title|tit|bt)$|headline|biaoti|[.#](?:title|bt1|tit)$"
)
#: The column that a piece stands in, and its number: 亦观察, No.553, 图片故事·第218期.
COLUMN = re.compile(
    r"^(?:.{0,10}[·\s]*第\s?\d+\s?期|.{0,10}\s?(?:No|NO|no|Vol|VOL)\.?\s?\d+|.{2,8}[·•\s]+之[一二三四五六七八九十]+"
    r"|[一-鿿]{1,6}(?:观察|觀察|时评|時評|快评|锐评|短评|述评|专栏|專欄|周刊|视点|视界|夜读|访谈|手记|漫谈|漫评|来论|讲堂|说法))$"
)
HAN = re.compile("[\u3400-\u9fff]")
#: A text that holds this share of a headline's pairs of characters is of its story.
OF_THE_SAME = 0.25
_SITE_SEPARATORS = "_|-—–·丨｜»«"


def head_keys(head: Head) -> dict[str, float]:
    """What the head calls the page: text keys with their evidence, whole, cut at site suffixes, or after a prefix."""
    keys: dict[str, float] = {}
    if head.headline:
        keys[text_key(head.headline)] = 4.0
    title = head.title or ""
    for cut in [len(title), *(i for i, c in enumerate(title) if c in _SITE_SEPARATORS)]:
        key = text_key(title[:cut])
        keys.setdefault(key, 3.0 if len(key) >= 5 else 1.5)
    if (
        len(last := text_key(re.split(r"[_|丨｜»>]", title)[-1])) >= _LONG_KEY
    ):  # the site first, as digital newspapers do
        keys.setdefault(last, 2.0)
    keys.pop("", None)
    return keys


def find_headline(sheet: Sheet) -> tuple[int, float] | None:
    """
    Return the block of the headline and its evidence, None when no line could be one.

    Evidence adds up over: the page's head names it (3–4), a heading element (1–3), a publication line below (up to 3),
    text below (up to 3), the share of its character pairs that this text takes up (up to 3).
    """
    near = _text_near(sheet.weights)
    candidates = sorted(_candidates(sheet), key=lambda pair: (-pair[0] - near[pair[1]], pair[1]))
    openings: dict[tuple[int, int], str] = {}
    best: tuple[int, float] | None = None
    keys = "\n".join(line.key for line in sheet.lines)
    for evidence, i in candidates[:_FINALISTS]:
        # A key that stands once among all keys is shown by its own line only.
        shown_again = keys.count(sheet.lines[i].key) > 1 and _shown_with_more(sheet.lines, i)
        total = evidence + _text_below(sheet, i, openings) + (1.0 if shown_again else 0.0)
        if best is None or total > best[1]:
            best = (i, total)
    return best


def same_headline(sheet: Sheet, headline: int) -> list[int]:
    """
    Every block that shows the headline: the same line, or the same with the site's name or 正在阅读 glued on.

    Not among them: links, items of lists and menus, breadcrumbs, dated lines, 原标题.
    """
    key = sheet.lines[headline].key
    listed = _listed(sheet.lines)
    found = []
    for i, (line, block) in enumerate(zip(sheet.lines, sheet.blocks, strict=True)):
        if i == headline:
            found.append(i)
            continue
        glued = len(key) >= 6 and key in line.key and len(line.key) - len(key) <= _GLUED_CHARS
        if not glued or listed[i] or block.tag.rpartition("/")[2].startswith("option"):
            continue
        if (line.key == key and line.link < 0.5) or heading_level(block.tag) == 1 or _is_window_title(line):
            found.append(i)
    return found


def _candidates(sheet: Sheet) -> list[tuple[float, int]]:
    """Lines that may be headlines, with what can be said of them without reading on."""
    named = head_keys(sheet.head)
    all_named = "\n".join(["", *named])
    counts = Counter(line.key for line in sheet.lines if line.headline)
    marks = [i for i, line in enumerate(sheet.lines) if line.publication or line.byline]
    near_mark = {i for mark in marks for i in range(mark - 5, mark + 3)}
    listed = _listed(sheet.lines)
    found = []
    for i, line in enumerate(sheet.lines):
        # 视频丨… and 图：… open headlines as they open credits
        if not line.titular or (line.special and not (line.n >= 10 and line.key in named)):
            continue
        level = heading_level(sheet.blocks[i].tag)
        if (line.n < 4 or not HAN.search(line.text)) and level != 1 and line.key not in named:
            continue
        evidence = named.get(line.key, 0.0) or (
            _PREFIX_EVIDENCE if len(line.key) >= 8 and "\n" + line.key in all_named else 0.0
        )
        evidence += (_publication_near(sheet.lines, i) if i in near_mark else 0.0) - 2.0 * line.link
        evidence += 3.0 if level == 1 else 1.0 if level in (2, 3) else 0.0
        evidence += 0.5 if counts.get(line.key, 0) > 1 else 0.0
        evidence += _by_name(sheet.blocks[i].tag) - (2.0 if COLUMN.match(line.text) else 0.0)
        evidence -= 1.0 if line.n < 8 else 0.0
        evidence -= 1.5 if listed[i] else 0.0
        evidence -= 2.0 if sum(sheet.weights[max(0, i - 4) : i]) >= _TEXT_ABOVE else 0.0  # a subhead
        found.append((evidence, i))
    return found


@lru_cache(maxsize=4096)
def _by_name(tag: str) -> float:
    """What the name of the element says for a headline in it."""
    if in_deck_element(tag):
        return -2.0
    return 1.0 if _TITLE_ELEMENT.search(without_looks(tag).lower()) else 0.0


def _publication_near(lines: list[Line], i: int) -> float:
    """3 for a publication line right below, less for one further down, 2 for a byline below, 1 for a line above."""
    for distance, line in enumerate(lines[i + 1 : i + 6]):
        if line.publication:
            return 3.0 - 0.5 * max(0, distance - 1)
        if line.prose >= 2:
            break
    if any(line.byline for line in lines[i + 1 : i + 4]):
        return 2.0
    return 1.0 if any(line.publication for line in lines[max(0, i - 2) : i]) else 0.0


def _text_near(weights: Sequence[float]) -> list[float]:
    """Up to 3 for the text in the lines right below each line, whatever stands between: who is worth a closer look."""
    n = len(weights)
    sums = np.zeros(n + _CLOSE)
    np.cumsum(np.maximum(weights, 0.0), out=sums[1 : n + 1])
    sums[n + 1 :] = sums[n]
    near: list[float] = (np.minimum(sums[_CLOSE:] - sums[1 : n + 1], _MUCH) / 8).tolist()
    return near


def _text_below(sheet: Sheet, i: int, openings: dict[tuple[int, int], str]) -> float:
    """
    Up to 3 for much text, up to 3 for text that takes up the words of the headline, less for a gap between.

    `openings` keeps the keys of the texts looked at: most candidates stand above the same one.
    """
    weight, first, last = run_from(sheet.lines, sheet.weights, i + 1, len(sheet.lines))
    if first < 0:
        return 0.0
    opening = first, min(last, first + 6) + 1
    if opening not in openings:
        openings[opening] = text_key("".join([line.text for line in sheet.lines[slice(*opening)]]))
    return min(weight, _MUCH) / 8 + 3.0 * overlap(sheet.lines[i].key, openings[opening]) - 0.1 * min(first - i, 20)


def _shown_with_more(lines: list[Line], i: int) -> bool:
    """Another line is this one with a little glued on: 正在阅读：…, or the window's title."""
    key = lines[i].key
    longest = len(key) + _GLUED_CHARS
    return len(key) >= 6 and any(key in line.key and len(key) < len(line.key) <= longest for line in lines)


def overlap(key: str, text: str, least: int = 10) -> float:
    """Share of the character pairs of a key that stand in a text, of `least` pairs where it has fewer."""
    pairs = {key[j : j + 2] for j in range(len(key) - 1)}
    return sum(pair in text for pair in pairs) / max(len(pairs), least)


def _listed(lines: list[Line]) -> list[bool]:
    """Which lines stand between other headlines, or are links beside one: items of a list, whatever they say."""
    items = [line.item for line in lines]
    above, below = [False, *items[:-1]], [*items[1:], False]
    return [
        (before and after) or (line.link > 0.5 and (before or after))
        for line, before, after in zip(lines, above, below, strict=True)
    ]


def _is_window_title(line: Line) -> bool:
    """The headline with something glued on, and neither a link, a breadcrumb, a dated item nor 原标题."""
    if line.link > 0.5 or line.credit or line.caption or line.key[0].isdigit():
        return False
    return not any(c in line.text for c in ">＞»《") and not DATE.search(line.text)
