"""A page dumped as text: one block a line that shows something."""

import pytest

from builder.parse import parse_page
from builder.parse.from_text import read_text
from builder.records import Head, Page


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\f", "\u2028", "\u2029"])
def test_every_newline_ends_a_line(newline: str) -> None:
    text = newline.join(["临江新桥通车", "", "　　5月1日，临江新桥正式通车。", "（记者 林一舟）", ""])
    assert [block.text for block in read_text(text)] == [
        "临江新桥通车",
        "5月1日，临江新桥正式通车。",
        "（记者 林一舟）",
    ]


def test_a_control_character_inside_a_line_does_not_end_it() -> None:
    assert [block.text for block in read_text("临江\x0b新桥\x1c通车\x85了")] == ["临江 新桥 通车 了"]


def test_the_nth_block_is_the_nth_line_that_is_not_empty() -> None:
    text = "标题\n\n \u3000\n\u200b\n导语。\n正文。\n"
    filled = [line for line in text.split("\n") if line.strip(" \u3000\u200b")]
    assert [block.text for block in read_text(text)] == filled


def test_a_dump_has_no_tags_no_links_and_no_head() -> None:
    parsed = parse_page(Page("a.txt", "text/plain", "<p>临江新桥</p>\n", "0"))
    assert [(b.text, b.tag, b.link_chars, b.hidden) for b in parsed.blocks] == [("<p>临江新桥</p>", "", 0, False)]
    assert parsed.head == Head()
