"""normalize_line: what is folded, what is removed, and what must come through untouched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.parse.normalize import count_changes, normalize_line
from builder.records import Changes

# Any code point, lone surrogates included, with the ones this module treats drawn often enough to meet each other.
TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("会。 \t\n\u3000\u00a0\u200b\u200d\ufeff\x00\ud83d👩🏽\ufe0fe\u0301"))
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("　　临江大桥 \t\r\n 今日通车　", "临江大桥 今日通车"),
        ("临江\u00a0\u00a0晚报", "临江 晚报"),
        ("临\u200b江\u00ad大\ufeff桥\u2060", "临江大桥"),
        ("记\u200d者\u200c 林一舟", "记者 林一舟"),
        ("临\x00江\x08大\x7f桥\x9d", "临江大桥"),
        ("cafe\u0301", "café"),
        ("临江\ud83d大桥", "临江\ufffd大桥"),
        (" \u3000\u200b\x00\n", ""),
    ],
)
def test_white_space_folds_and_the_invisible_goes(text: str, line: str) -> None:
    assert normalize_line(text) == line


@pytest.mark.parametrize(
    "text",
    [
        "２０２４年５月，ＧＤＰ增长５％。",
        "“临江”与‘望海’——《两岸》……（完）",
        '他说:"好."',
        "㈠总则 ①适用范围 ㎡ ﹁臺灣﹂ ﹏",
        "一家人👩\u200d👩\u200d👧出行❤️",
        "\ue603 返回首页",
        "龍\U000e0100馬精神",
    ],
)
def test_what_a_reader_sees_stays_as_it_is(text: str) -> None:
    assert normalize_line(text) == text


@given(TEXT)
def test_normalizing_twice_changes_nothing_more(text: str) -> None:
    line = normalize_line(text)
    assert normalize_line(line) == line


@given(TEXT)
def test_a_line_can_be_stored_as_utf8_and_stays_one_line(text: str) -> None:
    line = normalize_line(text)
    assert line.encode().decode() == line
    assert line == " ".join(line.split())
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize(
    ("raw", "counted"),
    [
        (" 会议指出 \n", None),
        ("会议“指出”，２０２０年", None),
        ("\u3000\u3000会议\xa0指出", Changes(spaces=3)),
        ("会\u200b议\ufeff\u202a指出", Changes(invisible=3)),
        ("会\ud800议", Changes(surrogates=1)),
        ("cafe\u0301 \u2126", Changes(composed=2)),
        ("👩\u200d🚒", None),
        ("会\u200d议", Changes(invisible=1)),
    ],
)
def test_changes_are_counted_by_rule(raw: str, counted: Changes | None) -> None:
    assert count_changes(raw) == counted


@given(TEXT)
def test_what_is_normalised_has_nothing_to_count(text: str) -> None:
    assert count_changes(normalize_line(text)) is None


@given(TEXT)
def test_nothing_is_counted_only_where_nothing_but_ascii_white_space_changes(text: str) -> None:
    if count_changes(text) is None:
        assert normalize_line(text) == " ".join(text.split())
