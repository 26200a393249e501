"""Features of the blocks of a page."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from builder.label.features import FEATURES, read_features
from builder.records import Block, Head, ParsedPage

PAGE = ParsedPage(
    [
        Block("首页", "body/div.nav/a", 2),
        Block("青溪县三百座老水井重新通水", "body/div.main/h1"),
        Block("2022-05-18 09:12 来源：青溪日报", "body/div.main/div.info"),
        Block("5月17日，青溪县最后一座列入名录的老水井在柳巷重新通水，附近居民用上了井水。", "body/div.main/p"),
        Block("修复工作历时四年，工匠先清淤，再按原来的石料补砌井壁。", "body/div.main/p"),
        Block("5评论", "body/div.foot/span"),
        Block("71评论", "body/div.foot/span"),
    ],
    Head(title="青溪县三百座老水井重新通水_青溪日报"),
)


def column(page: ParsedPage, name: str) -> list[float]:
    return read_features(page).dense[:, FEATURES.index(name)].round(3).tolist()


def test_each_feature_has_one_name_and_one_column() -> None:
    assert len(set(FEATURES)) == len(FEATURES) == read_features(PAGE).dense.shape[1]


def test_text_dump_says_nothing_of_elements() -> None:
    dump = read_features(ParsedPage([Block(block.text) for block in PAGE.blocks])).dense
    dom = [i for i, name in enumerate(FEATURES) if name.startswith(("dom:", "main:", "head:"))]
    assert not dump[:, dom].any()


def test_headline_agrees_with_the_head() -> None:
    assert column(PAGE, "head:title")[1] == 1
    assert column(PAGE, "head:named")[1] > 0


def test_lines_that_differ_in_digits_only_are_one_shape() -> None:
    shapes = read_features(PAGE).shapes
    assert shapes[5] == shapes[6] != shapes[4]


def test_paragraphs_stand_in_the_main_container() -> None:
    assert column(PAGE, "main:in") == [0, 1, 1, 1, 1, 0, 0]


def test_landmarks_fade_with_distance() -> None:
    since = column(PAGE, "since:title 4")
    assert since[0] == 0
    assert since[1] == 1 > since[2] > since[3]


texts = st.text(st.characters(exclude_categories=["Cs", "Zs", "Cc"]), min_size=1, max_size=80)
blocks = st.builds(Block, texts, st.sampled_from(["", "body/div#a.b/p", "x" * 9, "/".join("abcdefgh")]))


@given(st.lists(blocks, min_size=1, max_size=30))
def test_any_page_has_finite_features(some: list[Block]) -> None:
    features = read_features(ParsedPage(some))
    assert features.dense.shape == (len(some), len(FEATURES))
    assert np.isfinite(features.dense).all()
    assert set(features.gram_lines.tolist()) == set(range(len(some)))
