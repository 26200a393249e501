"""The guideline zh-news-sent v1, case by case, and the laws that hold for any text."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.sentences import Span, in_quote, split

CASES = [json.loads(line) for line in Path(__file__).with_name("cases").joinpath("sentences.jsonl").open("rb")]
MARKS = "。！？!?.…，；：“”‘’「」『』《》（）()[]【】\"'①³[1]🎉 \u3000\n的说他好天长A1"
texts = st.text(st.sampled_from(MARKS) | st.characters(codec="utf-8"), max_size=80)
#: A line of whole sentences without a quotation mark, a bracket or a line break.
plain = st.lists(st.text("天地玄黄，；：宇宙洪荒", min_size=1, max_size=8), min_size=1, max_size=6).map(
    lambda clauses: "".join(f"春{clause}秋。" for clause in clauses)
)


def sentences(text: str, **options: Any) -> list[str]:
    return [text[start:end] for start, end in split(text, **options)]


def case(row: dict[str, Any]) -> Any:
    known = pytest.mark.xfail(reason=row["note"], strict=True)
    return pytest.param(row, id=row["text"][:24], marks=[known] if row["expect"] == "fail" else [])


@pytest.mark.parametrize("row", [case(row) for row in CASES])
def test_case(row: dict[str, Any]) -> None:
    assert sentences(row["text"], **row.get("options", {})) == row["want"]


@given(texts, st.sampled_from(["split", "keep"]), st.sampled_from(["join", "split"]))
def test_spans_tile_the_text_up_to_white_space(text: str, quotes: Any, attribution: Any) -> None:
    at = 0
    for start, end in split(text, quotes=quotes, attribution=attribution):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@given(texts)
def test_no_sentence_runs_over_a_line_break(text: str) -> None:
    assert all(len(sentence.splitlines()) == 1 for sentence in sentences(text))


@given(texts, texts)
def test_a_line_is_split_without_its_neighbours(one: str, other: str) -> None:
    assert sentences(f"{one}\n{other}") == sentences(one) + sentences(other)


@given(plain)
def test_a_sentence_of_plain_text_is_one_sentence(text: str) -> None:
    assert all(sentences(sentence) == [sentence] for sentence in sentences(text))
    assert len(sentences(text)) == text.count("。")


@given(plain, st.sampled_from('“‘「『《（(【"”’」』》）)】'), st.data())
def test_one_mark_without_its_other_half_moves_no_boundary(text: str, mark: str, data: st.DataObject) -> None:
    places = [at for at in range(len(text)) if text[at - 1] != "。"]
    at = data.draw(st.sampled_from(places))
    assert [s.replace(mark, "") for s in sentences(text[:at] + mark + text[at:])] == sentences(text)


@given(texts, st.sampled_from(["join", "split"]))
def test_keeping_quotations_whole_adds_no_boundary(text: str, attribution: Any) -> None:
    kept = {end for _, end in split(text, quotes="keep", attribution=attribution)}
    assert kept <= {end for _, end in split(text, attribution=attribution)}


@given(texts)
def test_splitting_attributions_removes_no_boundary(text: str) -> None:
    joined = {end for _, end in split(text)}
    assert joined <= {end for _, end in split(text, attribution="split")}


@pytest.mark.parametrize(
    "unit",
    [
        "“好。”",
        "（他。",
        "“",
        "》《",
        "…",
        "'",
        '"',
        "你?",
        "好.",
        "A.B. ",
        "。[1]",
        "①。",
        "（①。）",
        "“好！”他说。",
        "。 ",
        "[",
        "\n ",
    ],
)
def test_time_grows_with_the_length_only(unit: str) -> None:
    def took_s(n_chars: int) -> float:
        text = (unit * n_chars)[:n_chars]
        started = time.process_time()
        split(text)
        in_quote(text, split(text))
        return time.process_time() - started

    # 20 leaves room for a noisy machine; a rescan of the line shows as 100.
    assert min(took_s(40_000) for _ in range(3)) < 20 * max(0.001, min(took_s(4_000) for _ in range(3)))


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("他说：“路修好了。车也通了。”随后，他走了。", [False, True, False]),
        ("“路修好了。车也通了。”村支书说。", [True, True]),
        ("“路修好了。”", [True]),
        ("「路修好了。」[1]「車也通了。」", [True, True]),
        ("“走吧，”他说，“天黑了。”", [False]),
        ("“双减”落地一年。学生轻松了。", [False, False]),
        ("他说：“路修好了。车也通了。", [False, False]),
        ("他说：“路修好了。\n车也通了。”", [False, False]),
        ('他说："先修路。再通车。"大家赞成。', [False, True, False]),
        ("他说：“老师讲‘先做人。再做事。’我记住了。”", [False, True, True]),
        ("Navy's Pier很大。游客很多。", [False, False]),
        ("", []),
    ],
)
def test_in_quote(text: str, want: list[bool]) -> None:
    assert in_quote(text, split(text)) == want


@given(texts)
def test_in_quote_answers_once_a_sentence(text: str) -> None:
    spans: list[Span] = split(text)
    assert len(in_quote(text, spans)) == len(spans)
