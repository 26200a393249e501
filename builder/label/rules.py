"""
Roles by rule, as a careful reader finds them: the headline first, the publication line beside it, the running text
below it, what stands between by its words, and the rest of the page as its frame.
"""

from itertools import pairwise

from builder.keys import text_key
from builder.label.article_head import label_head
from builder.label.frame import label_frame
from builder.label.headline import find_headline, same_headline
from builder.label.running_text import run_from
from builder.label.sheet import Sheet, Verdict, read_sheet
from builder.label.story import label_story
from builder.records import ParsedPage

#: Evidence of the headline and weight of the text below it together, the weight counted up to two paragraphs. Teasers
#: of a hub reach 6, a brief of one sentence below a publication line 8, a long text below an unsure headline 9.
_MIN_ARTICLE = 6.5
_MUCH_TEXT = 6.0
#: Above this the headline was named by the page's head or a heading element as well as by its place.
_SURE_EVIDENCE = 8.0


def judge_by_rule(page: ParsedPage) -> list[Verdict]:
    """Return role and score of every block of the page."""
    return judge_sheet(read_sheet(page))


def judge_sheet(sheet: Sheet) -> list[Verdict]:
    """Return role and score of every block of a page that has been looked at, and give them on its sheet."""
    _label_article(sheet)
    label_frame(sheet)
    return [verdict or ("nav", 0.0) for verdict in sheet.verdicts]


def _label_article(sheet: Sheet) -> None:
    """Label the headline, its copies, and the text below each of them; nothing where the page has no article."""
    found = find_headline(sheet)
    if found is None:
        return
    headline, evidence = found
    titles = same_headline(sheet, headline)
    runs: list[tuple[float, int, int, int]] = []
    for title, limit in pairwise([*titles, len(sheet.lines)]):
        weight, first, last = run_from(sheet.lines, sheet.weights, title + 1, limit)
        if first >= 0:
            runs.append((weight, title, first, last))
    main = max(runs, default=(0.0, 0, 0, 0))
    if not runs or evidence + min(main[0], _MUCH_TEXT) < _MIN_ARTICLE:
        return
    for i in titles:
        sheet.give(i, "title", 0.97 if evidence > _SURE_EVIDENCE else 0.85)
    told = {title for _, title, first, last in runs if title == main[1] or _shares_text(sheet, first, last, main)}
    for _, title, first, last in runs:
        if title in told:
            label_story(sheet, title, first, last)
    for title, limit in pairwise([*titles, len(sheet.lines)]):
        if title not in told:
            label_head(sheet, title, min(limit, title + 4))


def _shares_text(sheet: Sheet, first: int, last: int, main: tuple[float, int, int, int]) -> bool:
    """At least half of the characters of this run stand in the main one too: it is a copy, not another story."""
    main_text = text_key("".join(line.text for line in sheet.lines[main[2] : main[3] + 1]))
    keys = [text_key(line.text) for line in sheet.lines[first : last + 1] if line.prose]
    return sum(len(key) for key in keys if key in main_text) * 2 >= sum(map(len, keys))
