"""
Roles by rule, as a careful reader finds them: the headline first, the publication line beside it, the running text
below it, what stands between by its words, and the rest of the page as its frame.
"""

from itertools import pairwise

from builder.keys import text_key
from builder.label.article_head import label_head
from builder.label.frame import label_frame
from builder.label.headline import OF_THE_SAME, find_headline, overlap, same_headline
from builder.label.running_text import SUMMARY, run_from
from builder.label.sheet import Sheet, Verdict, read_sheet
from builder.label.story import label_story
from builder.records import ParsedPage

#: Evidence of the headline and weight of the text below it together, the weight counted up to two paragraphs. Teasers
#: of a hub reach 6, a brief of one sentence below a publication line 8, a long text below an unsure headline 9.
_MIN_ARTICLE = 6.5
_MUCH_TEXT = 6.0
#: Above this the headline was named by the page's head or a heading element as well as by its place.
_SURE_EVIDENCE = 8.0
#: So many stretches below a summary are looked at for its text.
_BOXES = 3


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
            more, last = _past_a_box(sheet, title, last, limit) if weight < SUMMARY else (0.0, last)
            runs.append((weight + more, title, first, last))
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


def _past_a_box(sheet: Sheet, title: int, last: int, limit: int) -> tuple[float, int]:
    """
    Weight and last line of the text that a box of other stories parts from its summary; (0, last) where there is none.

    It takes up the words of the headline: below a brief stand other stories, and some of them whole.
    """
    end = last
    for _ in range(_BOXES):
        weight, first, end = run_from(sheet.lines, sheet.weights, end + 1, limit)
        if first < 0:
            break
        opening = text_key("".join(line.text for line in sheet.lines[first : min(end, first + 3) + 1]))
        if weight > SUMMARY and overlap(sheet.lines[title].key, opening) >= OF_THE_SAME:
            return weight, end
    return 0.0, last


def _shares_text(sheet: Sheet, first: int, last: int, main: tuple[float, int, int, int]) -> bool:
    """At least half of the characters of this run stand in the main one too: it is a copy, not another story."""
    main_text = text_key("".join(line.text for line in sheet.lines[main[2] : main[3] + 1]))
    keys = [text_key(line.text) for line in sheet.lines[first : last + 1] if line.prose]
    return sum(len(key) for key in keys if key in main_text) * 2 >= sum(map(len, keys))
