"""Personal data: the written cases with their floors, and the laws that hold for any text."""

import json
import re
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.privacy import (
    KINDS,
    PLACEHOLDERS,
    Span,
    find_personal,
    is_id_number,
    mask,
    mask_page,
    passes_luhn,
    placeholders,
)
from builder.privacy_patterns import TRACE
from builder.publish.manifest import PRIVACY_SCORES
from builder.records import Block, Head

CASES = [json.loads(line) for line in Path(__file__).with_name("cases").joinpath("privacy.jsonl").open("rb")]

#: Recall and precision that the cases must reach, over all and each kind. `benchmarks/privacy.py` prints the figures.
MIN_RECALL, MIN_PRECISION, MIN_OF_A_KIND = 0.97, 0.98, 0.93

PIECES = [
    *(
        "电话：",
        "023-67950012",
        "67950013",
        "转8012",
        "手机",
        "13800001234",
        "微信号",
        "linjiang_news",
        "QQ群",
        "900012301",
    ),
    *("地址：", "临江市报业路8号", "家住花园路18号3栋501室", "news@example.com", "11010519491231002X", "渝A12345"),
    *("卡号", "4000 1234 5678 9017", "2020-08-01", "http://", "<PHONE>", "０", "9", "A", "元", "的"),
    *("、", "，", "：", " ", "（", "）", "＠", "<", ">", "\n"),
]
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40)


def values(text: str) -> list[tuple[str, str]]:
    return [(span.kind, text[span.start : span.end]) for span in find_personal(text)]


def test_the_cases_hold_every_kind_and_text_without_any() -> None:
    kinds = Counter(want["kind"] for row in CASES for want in row["want"])
    assert len(CASES) >= 300
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 20
    assert sum(not row["want"] for row in CASES) >= 100


def test_recall_and_precision_on_the_cases_stay_above_their_floors() -> None:
    right, wanted, found = Counter[str](), Counter[str](), Counter[str]()
    for row in CASES:
        want = Counter((w["kind"], w["text"]) for w in row["want"])
        got = Counter(values(row["text"]))
        for counts, which in ((right, want & got), (wanted, want), (found, got)):
            for kind, _ in which.elements():
                counts[kind] += 1
    assert right.total() >= MIN_RECALL * wanted.total()
    assert right.total() >= MIN_PRECISION * found.total()
    for kind in KINDS:
        assert right[kind] >= MIN_OF_A_KIND * wanted[kind], kind
        assert right[kind] >= MIN_OF_A_KIND * found[kind], kind


def test_the_scores_in_the_card_are_those_of_the_cases() -> None:
    scores = json.loads(PRIVACY_SCORES.read_text("utf-8"))
    assert scores["lines"] == len(CASES)
    for kind, score in scores["kinds"].items():
        want = [(kind, w["text"]) for row in CASES for w in row["want"] if w["kind"] == kind]
        got = [value for row in CASES for value in values(row["text"]) if value[0] == kind]
        right = sum((Counter(want) & Counter(got)).values())
        assert score == {"n": len(want), "recall": round(right / len(want), 4), "precision": round(right / len(got), 4)}


@pytest.mark.parametrize("row", [pytest.param(row, id=row["text"][:24]) for row in CASES])
def test_nothing_of_a_value_is_left_in_the_masked_text(row: dict[str, object]) -> None:
    text = str(row["text"])
    masked, spans = mask(text)
    for kind, start, end in spans:
        assert masked[start:end] == PLACEHOLDERS[kind]
    for _, value in values(text):
        assert value not in masked


@given(texts)
def test_masking_twice_changes_nothing(text: str) -> None:
    masked, _ = mask(text)
    assert mask(masked) == (masked, [])


@given(texts)
def test_spans_are_in_order_apart_and_on_one_line(text: str) -> None:
    at = 0
    for _, start, end in find_personal(text):
        assert at <= start < end <= len(text)
        assert "\n" not in text[start:end]
        at = end


@given(texts)
def test_what_is_not_masked_is_unchanged_and_in_order(text: str) -> None:
    masked, spans = mask(text)
    at = end = 0
    for _, start, stop in [*spans, Span("", len(masked), len(masked))]:
        kept = masked[end:start]
        at = text.index(kept, at) + len(kept)
        end = stop


@given(texts)
def test_placeholders_are_found_again(text: str) -> None:
    masked, spans = mask(text)
    assert set(spans) <= set(placeholders(masked))


@pytest.mark.parametrize(
    "piece",
    [
        "023-67950012 ",
        "1",
        "电话：",
        "微信号",
        "a@b.cn",
        "a@",
        "地址：市",
        "62 ",
        "渝A",
        "QQ群1",
        "http://",
        "(at)",
        "临江路1室",
    ],
)
def test_time_grows_with_the_length_and_nothing_else(piece: str) -> None:
    def spent(length: int) -> float:
        line = "家住" + piece * (length // len(piece))
        took = []
        for _ in range(3):  # the least of them is what other work on the machine disturbs least
            started = time.process_time()
            mask(line)
            took.append(time.process_time() - started)
        return min(took)

    assert spent(80_000) < min(1.5, 0.15 + 40 * spent(8_000))


def test_a_page_is_masked_in_blocks_and_head_and_its_names_stay() -> None:
    blocks = [Block("责任编辑：林一舟 电话：023-67950012", link_chars=24), Block("记者 周宁")]
    head = Head(
        title="报料电话13800001234_临江晚报", author="周宁 zhou@example.com", url="http://example.com/13800001234"
    )
    mask_page(blocks, head)
    assert [block.text for block in blocks] == ["责任编辑：林一舟 电话：<PHONE>", "记者 周宁"]
    assert blocks[0].link_chars <= len(blocks[0].text)
    assert (head.title, head.author) == ("报料电话<MOBILE>_临江晚报", "周宁 <EMAIL>")
    assert head.url == "http://example.com/13800001234"


def test_a_picture_with_an_at_sign_is_no_address() -> None:
    assert values("images/logo@2x.png") == []


def test_a_mobile_number_in_a_longer_number_is_none() -> None:
    assert values("guan_15500001111222 ID13800001234") == []
    assert values("Tel13800001234") == [("mobile", "13800001234")]


def test_a_card_after_a_phone_number_is_found() -> None:
    assert values("023-67950012 4000 1234 5678 9017") == [
        ("phone", "023-67950012"),
        ("bank_card", "4000 1234 5678 9017"),
    ]


def test_checksums_are_those_of_the_standards() -> None:
    assert is_id_number("11010519491231002X")  # the example of GB 11643
    assert not is_id_number("110105194912310021")
    assert passes_luhn("4111 1111 1111 1111")
    assert not passes_luhn("4111 1111 1111 1112")


def test_placeholders_of_the_page_itself_are_read_as_such() -> None:
    assert placeholders("电话：<PHONE> <phone> <FAX>") == [Span("phone", 3, 10)]


@given(texts)
def test_no_line_with_personal_data_is_without_a_trace(text: str) -> None:
    (traced,) = pc.match_substring_regex(pa.array([text]), TRACE).to_pylist()
    assert traced or not find_personal(text)
    assert re.search(TRACE, text) is not None or not find_personal(text)


def test_every_case_of_personal_data_is_traced() -> None:
    lines = [case["text"] for case in CASES if find_personal(case["text"])]
    assert pc.all(pc.match_substring_regex(pa.array(lines), TRACE)).as_py()
