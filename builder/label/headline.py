"""
Find the headline: what the head of the page, a heading element, a publication line and the text below agree on.
"""

from collections import Counter
from functools import lru_cache

from builder.keys import text_key
from builder.label.lines import Line
from builder.label.patterns import DATE
from builder.label.running_text import run_from
from builder.label.sheet import Sheet
from builder.records import Head

#: Only so many candidates, the best by cheap evidence, are held against the text that follows them.
_FINALISTS = 8
#: A site's name and 正在阅读 together.
_GLUED_CHARS = 16
#: The head may name headline and deck in one line.
_PREFIX_EVIDENCE = 2.5
_LEVELS = frozenset("123456789")  # pages have an h7 too
_SITE_SEPARATORS = "_|-—–·丨｜»«"


@lru_cache(maxsize=4096)
def heading_level(tag: str) -> int:
    """
    Level of the heading element among the last three of a tag path, 0 when there is none.

    >>> heading_level("body/div#main/h1.title/span")
    1
    """
    for element in reversed(tag.rsplit("/", 3)[-3:]):
        if element[:1] == "h" and element[1:2] in _LEVELS and element[2:3] in ("", "#", "."):
            return int(element[1])
    return 0


def head_keys(head: Head) -> dict[str, float]:
    """What the head calls the page: text keys with their evidence, whole and cut at each possible site suffix."""
    keys: dict[str, float] = {}
    if head.headline:
        keys[text_key(head.headline)] = 4.0
    title = head.title or ""
    for cut in [len(title), *(i for i, c in enumerate(title) if c in _SITE_SEPARATORS)]:
        key = text_key(title[:cut])
        keys.setdefault(key, 3.0 if len(key) >= 5 else 1.5)
    keys.pop("", None)
    return keys


def find_headline(sheet: Sheet) -> tuple[int, float] | None:
    """
    Return the block of the headline and its evidence, None when no line could be one.

    Evidence adds up over: the page's head names it (3–4), a heading element (1–3), a publication line below (up to 3),
    text below (up to 3), the share of its character pairs that this text takes up (up to 3).
    """
    candidates = sorted(_candidates(sheet), key=lambda pair: (-pair[0], pair[1]))
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

    Not among them: links, items of lists, breadcrumbs, dated lines, 原标题.
    """
    key = sheet.lines[headline].key
    listed = _listed(sheet.lines)
    found = []
    for i, line in enumerate(sheet.lines):
        if i == headline:
            found.append(i)
        elif len(key) < 6 or key not in line.key or len(line.key) - len(key) > _GLUED_CHARS or listed[i]:
            continue
        elif (line.key == key and line.link < 0.5) or heading_level(sheet.blocks[i].tag) == 1 or _is_window_title(line):
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
        if line.special or line.n > 90 or line.text.startswith("——") or line.text.endswith(("。", "，", "：", ":")):
            continue
        level = heading_level(sheet.blocks[i].tag)
        if line.n < 4 and level != 1 and line.key not in named:
            continue
        evidence = named.get(line.key, 0.0) or (
            _PREFIX_EVIDENCE if len(line.key) >= 8 and "\n" + line.key in all_named else 0.0
        )
        evidence += (_publication_near(sheet.lines, i) if i in near_mark else 0.0) - 2.0 * line.link
        evidence += 3.0 if level == 1 else 1.0 if level in (2, 3) else 0.0
        evidence += 0.5 if counts[line.key] > 1 else 0.0
        evidence -= 1.0 if line.n < 8 else 0.0
        evidence -= 1.5 if listed[i] else 0.0
        found.append((evidence, i))
    return found


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
    return min(weight, 24.0) / 8 + 3.0 * _overlap(sheet.lines[i].key, openings[opening]) - 0.1 * min(first - i, 20)


def _shown_with_more(lines: list[Line], i: int) -> bool:
    """Another line is this one with a little glued on: 正在阅读：…, or the window's title."""
    key = lines[i].key
    longest = len(key) + _GLUED_CHARS
    return len(key) >= 6 and any(key in line.key and len(key) < len(line.key) <= longest for line in lines)


def _overlap(key: str, text: str) -> float:
    """Share of the headline's character pairs that occur in the text; short headlines prove less."""
    pairs = {key[j : j + 2] for j in range(len(key) - 1)}
    return sum(pair in text for pair in pairs) / max(len(pairs), 10)


def _listed(lines: list[Line]) -> list[bool]:
    """Which lines stand between other headlines, or are links beside one: items of a list, whatever they say."""
    items = [line.headline and line.n >= 10 and not line.text.startswith("——") for line in lines]
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
