"""Pictures: well-formed, the same for the same numbers, and true to them."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.publish import charts
from builder.publish.card import chinese, english
from builder.publish.markdown import periods
from builder.publish.svg import Bar, Dot, bars, columns, dots

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314


def marks(svg: str, hue: str = "a") -> list[ElementTree.Element]:
    return [e for e in drawn(svg).iter(f"{SVG}rect") if e.get("class") == hue]


def test_bars_are_as_long_as_their_values() -> None:
    svg = bars("题", "述", [Bar("甲", 10, "10"), Bar("乙", 5, "5"), Bar("丙", 0, "0"), Bar("丁", 5, "5", "b", 5)])
    whole, half, none = (float(e.get("width", 0)) for e in marks(svg))
    assert half == pytest.approx(whole / 2, abs=0.1)
    assert none == 0
    (later,) = marks(svg, "b")
    assert float(later.get("x", 0)) == pytest.approx(float(marks(svg)[0].get("x", 0)) + whole / 2, abs=0.1)


def test_columns_are_as_tall_as_their_counts_and_stand_on_one_line() -> None:
    svg = columns("题", "述", [("1", 8), ("2", 4), ("3", 0)], "月")
    tall = [float(e.get("height", 0)) for e in marks(svg)]
    assert tall[1] == pytest.approx(tall[0] / 2, abs=0.1)
    assert tall[2] == 0
    assert len({round(float(e.get("y", 0)) + float(e.get("height", 0))) for e in marks(svg)}) == 1


@given(st.lists(st.tuples(st.text("年月abc<&\"'>𠮷", max_size=20), st.integers(0, 10**9)), min_size=1, max_size=80))
def test_whatever_the_names_a_picture_is_well_formed_and_keeps_within_its_frame(counts: list[tuple[str, int]]) -> None:
    rows = [Bar(name, n, str(n)) for name, n in counts]
    for svg in (bars("<题>", "&", rows), columns("<题>", "&", counts, "月")):
        root = drawn(svg)
        assert root.findtext(f"{SVG}title") == "<题>"
        width = float(root.get("width", 0))
        for mark in marks(svg):
            assert 0 <= float(mark.get("x", 0)) <= width
            assert float(mark.get("x", 0)) + float(mark.get("width", 0)) <= width


def test_dots_carry_their_intervals() -> None:
    svg = dots("题", "述", [("title", [Dot(0.5, (0.4, 0.6), "a"), Dot(0.7, None, "b")])], [("a", "HTML")])
    (interval,) = [e for e in drawn(svg).iter(f"{SVG}line") if e.get("class") == "sa"]
    dot = [e for e in drawn(svg).iter(f"{SVG}circle") if e.get("class") == "a"][-1]
    low, high, at = float(interval.get("x1", 0)), float(interval.get("x2", 0)), float(dot.get("cx", 0))
    assert low < at < high
    assert at - low == pytest.approx(high - at, abs=0.2)


def test_a_picture_follows_light_and_dark_and_needs_nothing_from_elsewhere() -> None:
    svg = bars("题", "述", [Bar("甲", 1, "1")])
    assert "prefers-color-scheme:dark" in svg
    assert "Noto Sans CJK SC" in svg
    assert [line for line in svg.splitlines() if "http" in line] == [svg.splitlines()[0]]  # the name of SVG itself


def test_the_funnel_gets_narrower_by_what_is_left_out() -> None:
    stats = {"pages": {"in": 100, "published": 60}, "dropped": {"dedupe:exact": 30, "parse:no-text": 10}}
    picture = charts.funnel(english, stats)
    first, second = (float(e.get("width", 0)) for e in marks(picture.svg, "b"))
    (published,) = (float(e.get("width", 0)) for e in marks(picture.svg, "c"))
    (whole,) = (float(e.get("width", 0)) for e in marks(picture.svg, "e"))
    assert published + first + second == pytest.approx(whole, abs=0.3)
    assert picture.alt.startswith("Funnel: 100 pages in, 60 articles published")


def test_large_clusters_share_a_column_and_lone_articles_have_none() -> None:
    picture = charts.clusters(chinese, {"1": 900, "2": 30, "9": 1, "14": 2, "40": 1})
    assert picture is not None
    assert "<desc>2 30; 8–15 3; 32–63 1</desc>" in picture.svg
    assert "900" in picture.alt
    assert charts.clusters(chinese, {"1": 900}) is None


def test_outlets_tell_of_those_that_have_no_bar_of_their_own() -> None:
    picture = charts.outlets(english, {"top": {"临江晚报": 6}, "distinct": 3, "stated": 9}, 12)
    assert picture is not None
    assert "<desc>临江晚报 6; 2 others 3; none stated 3</desc>" in picture.svg


def test_months_without_articles_stay_on_the_axis() -> None:
    assert periods({"2023-12": 1, "2024-02": 2}) == {"2023-12": 1, "2024-01": 0, "2024-02": 2}
    assert periods({"2019-05": 1, "2022-02": 2}) == {"2019": 1, "2020": 0, "2021": 0, "2022": 2}
    assert charts.months(chinese, {}) is None
