"""Hints spare work and change nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.label.hints import ANYTHING, scan_lines
from builder.label.lines import _read
from builder.label.phrases import phrases

LEXICONS = (
    "caption_endings",
    "caption_openings",
    "channels",
    "contact_phrases",
    "credit_labels",
    "credit_phrases",
    "nav_phrases",
    "notice_phrases",
    "publication_labels",
)
PIECES = (
    *(phrase for name in LEXICONS for phrase in phrases(name)),
    *"：:/／|｜丨 （(【）)】@#%+-－>»›→·•、，。？“",
    *(
        "责编",
        "編輯",
        "校对",
        "审核",
        "签发",
        "记者",
        "通讯员",
        "文",
        "作者",
        "沈喆",
        "陈芷",
        "柳巷",
        "老井",
        "重新通水",
    ),
    *("2022-05-18", "08:30", "05-18", "3小时前", "刚刚", "昨天", "5月17日", "2.5%", "0571-8888-1234", "QQ群123456"),
    *(
        "qingxi@news.example",
        "图1",
        "表 2",
        "图源",
        "来源",
        "摄",
        "翻攝",
        "供图 ",
        "00:15/01:20",
        "第7版",
        "网友]",
        "回复",
    ),
    *("+1顶", "楼", "赞(3)", "举报", "12人参与", "57次阅读", "声明：", "风险提示", "特别说明】", "/正文", "𝟐𝟎𝟐𝟐-𝟎𝟓-𝟏𝟖"),
)
lines = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join).map(str.strip).filter(bool)


@given(lines)
def test_hints_never_change_what_a_line_is(text: str) -> None:
    [hints] = scan_lines([text]).hints
    assert _read(text, 0, hints) == _read(text, 0, ANYTHING)


@pytest.mark.parametrize("name", LEXICONS)
def test_phrases_alone_are_read_alike_with_and_without_hints(name: str) -> None:
    for text, hints in zip(phrases(name), scan_lines(phrases(name)).hints, strict=True):
        assert _read(text, 0, hints) == _read(text, 0, ANYTHING), text


@given(st.lists(lines, min_size=1, max_size=6))
def test_hints_of_a_line_do_not_depend_on_its_neighbours(some: list[str]) -> None:
    assert scan_lines(some).hints == [scan_lines([text]).hints[0] for text in some]
