"""
The summary that a page states in its head: its description, when that is one.

Most are none. Of 250 real pages 236 have a description: 155 say less than 20 letters (the headline, key words), 60 are
cut off, 14 are the opening of the text, one speaks of the site; 6 are passages that an editor chose.
"""

import re

from builder.keys import text_key
from builder.tasks.extractive import fragments, matches, novelty

#: Letters and digits below which a description is a headline.
_FEWEST = 20

#: The end of a sentence; without one a description is cut off, or a list of key words.
_END = re.compile(r"[。！？!?][”’」』）)\]】]*$")

#: [ … ] around the whole is how some sites set a summary off; it needs no full stop.
_BRACKETED = re.compile(r"[\[【]([^\[\]【】]*)[\]】]")

_GAP = " -—_|｜:：,，　"

#: A description is the opening of the text when this share of it stands there in runs of so many letters. Real ones
#: have .85 and more, or .7 and less. The opening may have a dateline before it, and a sentence more in between.
_OPENING, _RUN, _DATELINE, _SLACK = 0.8, 6, 60, 1.2

#: It speaks of something else, the site as a rule, when so many of its pairs of letters are not in the text (.90 on a
#: real page; summaries in other words than the text have up to .5).
_FOREIGN = 0.8


def find_description(description: str | None, title: str, text: str) -> tuple[int, int] | None:
    """
    Return the span of a description that sums a text up; None when it is cut off, or no more than title or opening.

    >>> find_description("新桥通车 临江新桥昨日通车，", "新桥通车", "老唐说，临江新桥通车，他等了二十年。") is None
    True
    """
    if not description:
        return None
    start, end = _without_title(description, title), len(description)
    if whole := _BRACKETED.fullmatch(description, start, end):
        start, end = whole.span(1)
    elif not _END.search(description, start, end):
        return None
    key, of_text = text_key(description[start:end]), text_key(text)
    if not _FEWEST <= len(key) < len(of_text) or key in text_key(title):
        return None
    opening = of_text[: _DATELINE + int(_SLACK * len(key))]
    if sum(run for run in fragments(matches(opening, key)) if run >= _RUN) >= _OPENING * len(key):
        return None
    new = novelty(key, matches(of_text, key), 2)
    return (start, end) if new is not None and new <= _FOREIGN else None


def _without_title(description: str, title: str) -> int:
    """Where a description begins, after the title, once or twice."""
    start = 0
    while title and description.startswith(title, start):
        start += len(title)
        start += len(description[start:]) - len(description[start:].lstrip(_GAP))
    return start
