"""
How right a labelling is, counted as for the published figures: by lines and characters of gold, whatever the blocks.

A gold line is right when more than half of its characters carry its role. A page is right when title, lede and body
(coarse labels) are each at least .98 F1 by characters.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from builder.label.corpus import Example
from builder.label.line_features import Floats, Ints
from builder.records import LABEL_OF, LABELS, ROLES

_COARSE = np.array([LABELS.index(LABEL_OF[role]) for role in ROLES] + [len(LABELS)])
_MISSING = len(ROLES)
_RIGHT = 0.98

#: Draws of pages for the intervals. Seeded: the same pages give the same intervals.
_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Scores:
    """
    Figures of a set of pages.

    Attributes:
        macro_f1: mean of `line_f1` over the roles that occur in gold.
        pages_right: share of pages whose title, lede and body are right.
        lines: gold lines of each role.
        intervals: 95 % interval of each `line_f1`, by drawing pages anew (bootstrap).
        worst: name and F1 of title, lede and body of the pages that are not right, the worst first.
    """

    macro_f1: float
    accuracy: float
    pages_right: float
    line_f1: dict[str, float]
    char_f1: dict[str, float]
    lines: dict[str, int]
    intervals: dict[str, tuple[float, float]]
    worst: list[tuple[str, list[float]]]

    def figures(self) -> dict[str, float]:
        """The figures that the quality gate holds."""
        return {
            "macro_f1": self.macro_f1,
            "pages_right": self.pages_right,
            **{f"line_f1.{role}": f1 for role, f1 in self.line_f1.items()},
        }


def score(pages: Iterable[tuple[Example, Ints]]) -> Scores:
    """Score the numbers of the roles given to the blocks of each page."""
    by_page: list[Floats] = []
    chars = np.zeros((len(LABELS) + 1, len(LABELS) + 1))
    right, worst, n = 0, [], 0
    for example, roles in pages:
        n += 1
        got = np.where(example.blocks_of >= 0, np.append(roles, _MISSING)[example.blocks_of], _MISSING)
        sizes = [len("".join(line.split())) for line in example.lines]
        owner = np.repeat(np.arange(len(sizes)), sizes)
        votes = np.zeros((len(sizes), _MISSING + 1))
        np.add.at(votes, (owner, got), 1)
        have = np.where(votes.max(axis=1) * 2 > votes.sum(axis=1), votes.argmax(axis=1), _MISSING)
        by_page.append(np.zeros((len(ROLES), _MISSING + 1)))
        np.add.at(by_page[-1], (example.labels, have), 1)
        page = np.zeros_like(chars)
        np.add.at(page, (_COARSE[example.labels[owner]], _COARSE[got]), 1)
        content = np.nan_to_num(_f1(page)[:3], nan=1.0)  # neither gold nor answer has it: right
        if content.min() >= _RIGHT:
            right += 1
        else:
            worst.append((example.name, [round(float(f1), 3) for f1 in content]))
        chars += page
    lines = np.sum(by_page, axis=0)
    line_f1 = {role: float(f1) for role, f1 in zip(ROLES, _f1(lines), strict=True) if not np.isnan(f1)}
    return Scores(
        float(np.mean(list(line_f1.values()))),
        float(np.trace(lines) / lines.sum()),
        right / n,
        line_f1,
        {label: float(f1) for label, f1 in zip(LABELS, _f1(chars), strict=False)},
        {role: int(n) for role, n in zip(ROLES, lines.sum(axis=1), strict=True) if n},
        _intervals(by_page),
        sorted(worst, key=lambda page: min(page[1])),
    )


def _intervals(by_page: list[Floats]) -> dict[str, tuple[float, float]]:
    """95 % interval of each role's F1 over draws of as many pages, with putting back; no role that no draw has."""
    n = len(by_page)
    drawn = np.random.default_rng(0).multinomial(n, [1 / n] * n, _DRAWS)
    totals = (drawn @ np.reshape(by_page, (n, -1))).reshape(_DRAWS, len(ROLES), -1)
    f1 = np.array([_f1(total) for total in totals])
    found = {}
    for role, values in zip(ROLES, f1.T, strict=True):
        if len(values := values[~np.isnan(values)]):
            low, high = np.percentile(values, [2.5, 97.5])
            found[role] = (float(low), float(high))
    return found


def _f1(confusion: Floats) -> Floats:
    """F1 of each row's class, nan where gold and answer have none."""
    n = len(confusion)
    hits = np.diag(confusion[:, :n])
    total = confusion.sum(axis=1) + confusion[:, :n].sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray(2 * hits / total)


def calibration_bins(scores: npt.ArrayLike, right: npt.ArrayLike, bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean score, share right, and number of blocks of each tenth of the scores that holds any."""
    scores, right = np.asarray(scores), np.asarray(right, float)
    number = np.minimum((scores * bins).astype(int), bins - 1)
    found = []
    for i in range(bins):
        here = number == i
        if here.any():
            found.append((round(float(scores[here].mean()), 3), round(float(right[here].mean()), 3), int(here.sum())))
    return found
