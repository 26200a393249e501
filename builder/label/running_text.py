"""
The run of running text: the stretch of lines below a headline whose weights add up to the most.
"""

from collections.abc import Sequence

from builder.label.lines import Line

#: A run that has lost this much since its best line is over: two related headings, or some fifteen items of a list.
_GIVE_UP = 10.0
#: A line that weighs more opens a run; below it stand words and half sentences.
_OPENS = 0.55
#: A summary weighs less than this, and the text that it is of more.
SUMMARY = 6.0
#: Below the editor's name that text begins within so many lines.
_BETWEEN = 9
#: So many lines of tools and advertisements may stand between a headline and its text.
_MAX_GAP = 60


def line_weight(line: Line) -> float:
    """How much a line speaks for the running text (above 0) or for its end (below 0)."""
    if line.notice:
        return -4.0
    if line.heading or line.comments:
        return -5.0
    if line.nav:
        return -1.0
    if line.caption:
        return 0.5  # between paragraphs it costs nothing, but no text opens with it
    if line.credit or line.byline or (line.publication and line.prose < 2):
        return -2.0
    if line.prose:
        return line.prose * (1.0 if line.link < 0.3 else 0.2 if line.link < 0.8 else -0.4)
    if line.link > 0.5:
        return -1.2
    if line.key.isdigit() and line.n <= 8:
        return -0.1  # a cell of a table, the counter of a picture story
    return -0.4 if line.n <= 8 else -0.7


def run_from(lines: Sequence[Line], weights: Sequence[float], start: int, limit: int) -> tuple[float, int, int]:
    """
    Best run that begins at or below `start` and ends before `limit`: its weight, first and last line.

    The editor's name below text ends it. Lines before the first line of text cost nothing: a share bar may be long.
    No text: (0, -1, -1).
    """
    first = next((i for i in range(start, min(limit, start + _MAX_GAP)) if weights[i] > _OPENS), -1)
    if first < 0:
        return 0.0, -1, -1
    total = best = 0.0
    last = first
    for i in range(first, limit):
        if lines[i].ends_article and not _names_editor_above(lines, weights, i, best, limit):
            break
        total += weights[i]
        if total >= best:
            best, last = total, i
        elif total < best - _GIVE_UP:
            break
    return best, first, last


def _names_editor_above(lines: Sequence[Line], weights: Sequence[float], i: int, above: float, limit: int) -> bool:
    """
    The editor is named between a summary and the text, below who wrote it.

    Little text above, more in the next lines, no list between. A brief has its editor alone, and other stories below.
    """
    staff = lines[i - 1]
    if above > SUMMARY or not (staff.byline or staff.credit):
        return False
    below = 0.0
    for j in range(i + 1, min(limit, i + _BETWEEN)):
        if lines[j].heading or lines[j].comments or lines[j].notice:
            break
        below += max(weights[j], 0.0) if not lines[j].special else 0.0
    return below > max(above, SUMMARY)
