"""Figures of a labelling."""

import numpy as np

from builder.label.corpus import Example, align
from builder.label.scores import calibration_bins, score
from builder.records import ROLES, Block, ParsedPage

LINES = ["青溪通水", "老井重新通水。", "历时四年。", "首页"]
LABELS = [ROLES.index(role) for role in ("title", "lede", "body", "nav")]


def example(*blocks: str) -> Example:
    page = ParsedPage([Block(text) for text in blocks])
    labels = np.array(LABELS)
    return Example("page", False, page, labels, LINES, labels, align(LINES, blocks))


def test_right_labelling_has_full_marks() -> None:
    figures = score([(example(*LINES), np.array(LABELS))])
    assert figures.macro_f1 == figures.accuracy == figures.pages_right == 1


def test_cut_of_the_blocks_does_not_matter() -> None:
    cut = example("青溪", "通水", "老井重新通水。", "历时四年。首页")
    figures = score([(cut, np.array([LABELS[i] for i in (0, 0, 1, 2)]))])
    assert figures.line_f1 == {"title": 1, "lede": 1, "body": 2 / 3, "nav": 0}


def test_page_with_a_wrong_lede_is_not_right() -> None:
    figures = score([(example(*LINES), np.array([LABELS[i] for i in (0, 2, 2, 3)]))])
    assert figures.pages_right == 0
    assert figures.worst[0][0] == "page"


def test_bins_say_how_often_a_score_is_right() -> None:
    assert calibration_bins([0.95, 0.97, 0.31], [True, False, True]) == [(0.31, 1.0, 1), (0.96, 0.5, 2)]


def test_intervals_hold_the_figure_and_narrow_with_more_pages() -> None:
    right, wrong = np.array(LABELS), np.array([LABELS[i] for i in (0, 2, 2, 3)])
    few = score([(example(*LINES), right), (example(*LINES), wrong)] * 2)
    many = score([(example(*LINES), right), (example(*LINES), wrong)] * 40)
    for figures in (few, many):
        low, high = figures.intervals["lede"]
        assert low < figures.line_f1["lede"] < high
        assert figures.intervals["title"] == (1, 1)
    assert np.ptp(many.intervals["lede"]) < np.ptp(few.intervals["lede"]) / 3
    assert many.lines == {"title": 80, "lede": 80, "body": 80, "nav": 80}
