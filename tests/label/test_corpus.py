"""Labelled pages, and which of them are of one site."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from builder.label.corpus import Example, align, sites_of
from builder.records import ROLES, Block, ParsedPage

NONE = np.zeros(0, int)


def example(name: str, host: str, *frame: str, invented: bool = False) -> Example:
    page = ParsedPage([Block(text, "p") for text in frame])
    return Example(name, True, page, np.full(len(frame), ROLES.index("nav")), [], NONE, NONE, host, invented)


def test_lines_cut_otherwise_find_their_blocks() -> None:
    assert align(["今天 下雨", "明天晴"], ["今天", "下雨明天晴"]).tolist() == [0, 0, 1, 1, 1, 1, 1]


def test_character_that_no_block_shows_has_none() -> None:
    assert align(["今天下雨", "明天晴"], ["今天下雨了", "天晴"]).tolist() == [0, 0, 0, 0, -1, 1, 1]


@given(st.lists(st.text("风雨雷电 ", min_size=1), min_size=1))
def test_every_line_finds_itself(lines: list[str]) -> None:
    owner = np.repeat(np.arange(len(lines)), [len("".join(line.split())) for line in lines])
    assert align(lines, lines).tolist() == owner.tolist()


def test_same_host_or_same_frame_is_one_site() -> None:
    menu = ["青溪要闻", "青溪教育", "青溪旅游"]
    pages = [
        example("a", "qingxi", "今日头版"),
        example("b", "qingxi", *menu),
        example("c", "cdn", *menu, "便民服务"),
        example("d", "wuzhou", "梧洲要闻"),
    ]
    sites = sites_of(pages)
    assert sites["a"] == sites["b"] == sites["c"] != sites["d"]


def test_invented_pages_are_sites_of_their_own() -> None:
    sites = sites_of([example(name, "same", "青溪要闻", "青溪教育", invented=True) for name in "ab"])
    assert sites["a"] != sites["b"]
