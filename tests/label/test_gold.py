"""Human verdicts over rules."""

import json
from pathlib import Path

import pytest

from builder.errors import BuilderError
from builder.label.gold import Correction, block_digest, overlay_gold, read_corrections
from builder.records import Block


def verdict(text: str, role: str, occurrence: int = 0) -> Correction:
    return Correction("p1", block_digest(text), occurrence, role, "lin", "2024-05-01T09:00:00+08:00")


def line(correction: Correction) -> str:
    return json.dumps({name: getattr(correction, name) for name in Correction.__slots__}, ensure_ascii=False)


def test_human_verdict_beats_the_rule() -> None:
    block = Block("老井通水", role="nav", score=0.5, origin="rule")
    assert overlay_gold("p1", [block], {"p1": [verdict("老井通水", "title")]}) == []
    assert (block.role, block.score, block.origin) == ("title", 1.0, "gold")


def test_second_of_two_equal_lines_is_meant_by_its_occurrence() -> None:
    blocks = [Block("更多", role="nav"), Block("更多", role="nav")]
    overlay_gold("p1", blocks, {"p1": [verdict("更多", "related", occurrence=1)]})
    assert [block.role for block in blocks] == ["nav", "related"]


def test_later_verdict_counts() -> None:
    block = Block("苏禾", role="nav")
    overlay_gold("p1", [block], {"p1": [verdict("苏禾", "meta"), verdict("苏禾", "credit")]})
    assert block.role == "credit"


def test_verdict_on_a_text_that_is_gone_is_returned() -> None:
    gone = verdict("这一行已经不在页面上", "body")
    assert overlay_gold("p1", [Block("老井通水", role="nav")], {"p1": [gone]}) == [gone]


def test_verdicts_of_other_pages_are_left_alone() -> None:
    block = Block("老井通水", role="nav", origin="rule")
    assert overlay_gold("p2", [block], {"p1": [verdict("老井通水", "title")]}) == []
    assert block.origin == "rule"


def test_no_file_is_no_gold(tmp_path: Path) -> None:
    assert read_corrections(tmp_path / "blocks.jsonl") == {}


def test_corrections_are_read_by_page_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "blocks.jsonl"
    first, second = verdict("老井", "body"), verdict("老井", "caption")
    path.write_text(f"{line(first)}\n\n{line(second)}\n", encoding="utf-8")
    assert read_corrections(path) == {"p1": [first, second]}


@pytest.mark.parametrize(
    ("text", "named"),
    [("{", "line 1 is not JSON"), ('{"page_id": "p1"}', "line 1"), (line(verdict("井", "headline")), "'headline'")],
)
def test_bad_correction_is_named_by_its_line(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "blocks.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BuilderError, match=named):
        read_corrections(path)
