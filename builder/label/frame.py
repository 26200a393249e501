"""
Everything outside the article: menus, lists of other stories, comments, notices. Lines are told apart by their words,
by the names of the elements around them and, where neither says anything, by their shape and their neighbours.
"""

import re
from functools import lru_cache

from builder.label.comments import label_comments
from builder.label.lines import Line
from builder.label.patterns import DATE
from builder.label.sheet import Sheet, Verdict

#: A score under this is a guess by shape, which neighbours may overrule.
GUESS = 0.6

_NUMBERED = re.compile(r"^[①-⑳]|^[（(]?(?:\d{1,2}|[一二三四五六七八九十])[）)、.．]|^附[:：]")
_MORE = re.compile(r"更多|换一|加载|没有了|more", re.IGNORECASE)
_NAMES = {
    "nav": "nav|menu|crumb|share|login|search|qrcode|toolbar|topbar|/option|/select|/button|/label",
    "related": "relat|recommend|rank|keyword|hotnews|hot-|guess|mayalike",
    "notice": "foot|copyright|disclaim|bottom",
}
_ANY_NAME = re.compile("|".join(_NAMES.values()))  # no groups, which would make `re` try every branch everywhere
_ROLE_OF_NAME = {name: role for role, names in _NAMES.items() for name in names.split("|")}


@lru_cache(maxsize=4096)
def named_role(tag: str) -> str:
    """What the names of the elements around a block say: nav, related, notice, or nothing. The nearest wins."""
    names = _ANY_NAME.findall(tag.lower())
    return _ROLE_OF_NAME[names[-1]] if names else ""


def label_frame(sheet: Sheet) -> None:
    """Give a role to every line that has none yet."""
    label_comments(sheet)
    for i, line in enumerate(sheet.lines):
        if sheet.verdicts[i] is None:
            sheet.verdicts[i] = _by_words(line) or _by_element(line, named_role(sheet.blocks[i].tag)) or _by_shape(line)
    if sheet.lines and sheet.role(0) == "related" and not sheet.lines[0].heading:
        sheet.verdicts[0] = ("nav", GUESS)  # a page opens with its site's name or motto
    _continue_lists(sheet)
    _settle(sheet)


def _by_words(line: Line) -> Verdict | None:
    if line.heading and line.prose < 1:
        return "related", 0.8
    if line.nav:
        return "nav", 0.9
    if (line.notices or line.contact) and not (line.link > 0.5 and line.n <= 8):
        return "notice", 0.8
    if line.credit and line.link < 0.5 and line.n <= 60:
        return "credit", GUESS
    return None


def _by_element(line: Line, named: str) -> Verdict | None:
    if named == "nav":
        return "nav", 0.8 if line.n < 12 else GUESS
    if named == "related" and line.n >= 8:
        return "related", 0.85
    if named == "notice" and line.n < 60:
        return ("nav", GUESS) if line.link > 0.3 or line.n < 16 else ("notice", GUESS)
    return None


def _by_shape(line: Line) -> Verdict:
    """Headlines of other stories have ten characters and more, channels and buttons fewer."""
    if line.n >= 10 and not line.comments:
        return "related", 0.55
    return "nav", 0.55 if line.n <= 6 else 0.4


def _continue_lists(sheet: Sheet) -> None:
    """Below the heading of a list, lines that nothing else was said of are its items."""
    in_list = False
    for i, line in enumerate(sheet.lines):
        role, score = sheet.verdicts[i] or ("", 0.0)
        if score >= GUESS:
            in_list = role == "related" and (line.heading or in_list)
        elif in_list and line.n >= 4 and not line.comments:
            sheet.verdicts[i] = ("related", GUESS)


def _settle(sheet: Sheet) -> None:
    """Lines that only their shape has spoken for follow their neighbours when those agree."""
    for i, line in enumerate(sheet.lines):
        role, score = sheet.verdicts[i] or ("", 0.0)
        if line.nav and _MORE.search(line.text) and line.n <= 8 and sheet.role(i - 1) == "related":
            sheet.verdicts[i] = ("related", 0.7)
        if score >= GUESS:
            continue
        before = {sheet.role(j) for j in (i - 2, i - 1) if j >= 0}
        after = {sheet.role(j) for j in (i + 1, i + 2) if j < len(sheet.lines)}
        if sheet.role(i - 1) == "notice" and line.link < 0.5 and _NUMBERED.match(line.text):
            sheet.verdicts[i] = ("notice", 0.7)
        elif line.n <= 12 and not line.comments and "related" in before and "related" in after:
            sheet.verdicts[i] = ("related", 0.55)
        elif line.n <= 8 and role == "nav" and after == {"related"} and not (line.text.isdigit() or line.comments):
            sheet.verdicts[i] = ("related", 0.35)
        elif line.n <= 30 and before == after == {"notice"}:
            sheet.verdicts[i] = ("notice", 0.5)
        elif role == "related" and line.n <= 30 and before == after == {"nav"} and not DATE.search(line.text):
            sheet.verdicts[i] = ("nav", 0.35)
