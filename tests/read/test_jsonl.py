import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from builder.read import ReadSettings
from builder.read.rows import page_of_row, parse_time
from builder.records import Page, Reject
from tests.read.conftest import ReadBytes, brief

TEXTS = ["云岭市新建三座公园", "受冷空气影响气温下降", "国家队获得世界冠军"]
FEED = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in TEXTS).encode()


@pytest.mark.parametrize(
    ("suffix", "pack"), [("", bytes), (".gz", gzip.compress), (".zst", zstandard.compress)], ids=["plain", "gz", "zst"]
)
def test_each_line_is_a_page_with_its_line_number(
    read_bytes: ReadBytes, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    name = f"feed.jsonl{suffix}"
    found = read_bytes(name, pack(FEED))
    assert brief(found) == [(f"{name}#{number}", text) for number, text in enumerate(TEXTS, 1)]


def test_fields_are_read_under_the_names_of_the_settings(read_bytes: ReadBytes) -> None:
    row = {"content": "公园年内开放", "raw": "", "link": " https://news.example/1 ", "crawled": "2024-04-24T10:00:00Z"}
    names = ReadSettings(text_field="content", html_field="raw", url_field="link", fetched_at_field="crawled")
    (page,) = read_bytes("feed.ndjson", json.dumps(row).encode(), names)
    assert isinstance(page, Page)
    assert (page.text, page.media_type, page.url) == ("公园年内开放", "text/plain", "https://news.example/1")
    assert page.fetched_at == datetime(2024, 4, 24, 10, tzinfo=UTC)


def test_html_wins_where_a_line_has_both(read_bytes: ReadBytes) -> None:
    (page,) = read_bytes("feed.jsonl", json.dumps({"text": "公园", "html": "<p>公园</p>"}).encode())
    assert isinstance(page, Page)
    assert (page.text, page.media_type) == ("<p>公园</p>", "text/html")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "', "read:malformed-line"),
        (b'["text"]', "read:malformed-line"),
        (b"null", "read:malformed-line"),
        (b'{"text": ' + b"[" * 100_000, "read:malformed-line"),
        (b'{"text": ' + b"1" * 5000 + b"}", "read:malformed-line"),
        (b'{"body": "x"}', "read:missing-field"),
        (b'{"text": null, "html": null}', "read:missing-field"),
        (b'{"text": 12}', "read:wrong-type"),
        (b'{"html": ["x"], "text": "x"}', "read:wrong-type"),
        (b'{"text": "' + b"x" * 150_000 + b'"}', "read:too-large"),
        (b'{"text": "' + b"x" * 900_000 + b'"}', "read:too-large"),
        (b"\0\1\2\3\xff\xfe\xfd" * 20, "read:binary"),
    ],
)
def test_a_bad_line_is_rejected_with_its_number_and_its_neighbours_stay(
    read_bytes: ReadBytes, line: bytes, reason: str
) -> None:
    settings = ReadSettings(max_page_bytes=100_000)
    found = read_bytes("feed.jsonl", FEED.replace(b"\n", b"\n" + line + b"\n", 1), settings)
    assert brief(found) == [
        ("feed.jsonl#1", TEXTS[0]),
        ("feed.jsonl#2", reason),
        ("feed.jsonl#3", TEXTS[1]),
        ("feed.jsonl#4", TEXTS[2]),
    ]


def test_a_malformed_line_says_its_number(read_bytes: ReadBytes) -> None:
    reject = read_bytes("feed.jsonl", FEED + b'{"text": oops}\n')[-1]
    assert isinstance(reject, Reject)
    assert reject.detail.startswith("line 4")


def test_empty_lines_are_skipped_but_counted(read_bytes: ReadBytes) -> None:
    found = read_bytes("feed.jsonl", b"\n  \r\n" + FEED)
    assert [one.source for one in found] == ["feed.jsonl#3", "feed.jsonl#4", "feed.jsonl#5"]


def test_one_line_in_another_encoding_is_decoded_by_itself(read_bytes: ReadBytes) -> None:
    lines = FEED.splitlines(keepends=True)
    odd = json.dumps({"text": "记者从市教育局了解到新学期将新增学位"}, ensure_ascii=False).encode("gbk") + b"\n"
    found = read_bytes("feed.jsonl", b"\xef\xbb\xbf" + lines[0] + odd + lines[1])
    assert [text for _, text in brief(found)] == [TEXTS[0], "记者从市教育局了解到新学期将新增学位", TEXTS[1]]
    assert [page.charset for page in found if isinstance(page, Page)] == ["utf-8", "gb18030", "utf-8"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf16_with_its_mark_is_read(read_bytes: ReadBytes, codec: str) -> None:
    lines = [json.dumps({"text": f"第{number}座新桥通车。\u0a0a\u0a0d"}, ensure_ascii=False) for number in range(3_000)]
    text = "\r\n".join(lines)
    found = read_bytes("feed.jsonl", text.encode(codec) if codec == "utf-16" else f"\ufeff{text}".encode(codec))
    assert brief(found)[2_999] == ("feed.jsonl#3000", "第2999座新桥通车。\u0a0a\u0a0d")
    assert len(found) == 3_000


def test_a_file_in_utf16_that_is_cut_costs_its_last_line(read_bytes: ReadBytes) -> None:
    text = "\n".join(json.dumps({"text": "望海港开港。"}, ensure_ascii=False) for _ in range(2))
    found = brief(read_bytes("feed.jsonl", text.encode("utf-16")[:-5]))
    assert found == [("feed.jsonl#1", "望海港开港。"), ("feed.jsonl#2", "read:malformed-line")]


def test_a_bad_byte_costs_one_character_of_its_line(read_bytes: ReadBytes) -> None:
    found = read_bytes("feed.jsonl", FEED.replace("气温".encode(), b"\xff\xb0" + "温".encode()))
    assert brief(found)[0][1] == TEXTS[0]
    assert brief(found)[1][1].endswith("温下降")
    assert brief(found)[2][1] == TEXTS[2]


def test_escaped_half_characters_become_replacement_characters(read_bytes: ReadBytes) -> None:
    found = read_bytes("feed.jsonl", rb'{"text": "\ud83d\ude00 \ud83d"}')
    assert brief(found) == [("feed.jsonl#1", "😀 \ufffd")]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_cut_stream_keeps_the_lines_before_the_cut(read_bytes: ReadBytes, pack: Callable[[bytes], bytes]) -> None:
    many = "".join(f'{{"text": "第{number}条新闻，{number * 7919 % 10007}"}}\n' for number in range(60_000)).encode()
    packed = pack(many)
    found = read_bytes("feed.jsonl.gz", packed[: len(packed) * 3 // 4])
    assert len(found) > 20_000
    assert [one for one in found[:-1] if isinstance(one, Reject)] == []
    assert isinstance(found[-1], Reject)
    assert (found[-1].reason, found[-1].source) == ("read:truncated", f"feed.jsonl.gz#{len(found)}")


@pytest.mark.parametrize(
    ("value", "want"),
    [
        ("2024-04-24T10:00:00Z", datetime(2024, 4, 24, 10, tzinfo=UTC)),
        ("2024-04-24 10:00:00", datetime(2024, 4, 24, 10, tzinfo=UTC)),
        ("2024-04-24 18:00+08:00", datetime(2024, 4, 24, 18, tzinfo=timezone(timedelta(hours=8)))),
        ("20240424", datetime(2024, 4, 24, tzinfo=UTC)),
        ("1713952800", datetime(2024, 4, 24, 10, tzinfo=UTC)),
        (1713952800, datetime(2024, 4, 24, 10, tzinfo=UTC)),
        (1713952800.0, datetime(2024, 4, 24, 10, tzinfo=UTC)),
        (1713952800_000, datetime(2024, 4, 24, 10, tzinfo=UTC)),
        (1713952800_000_000, datetime(2024, 4, 24, 10, tzinfo=UTC)),
        (1713952800_000_000_000, datetime(2024, 4, 24, 10, tzinfo=UTC)),
        *((bad, None) for bad in ("昨天", "", "2024-13-01", True, [1], float("nan"), float("inf"), 10**400, None)),
    ],
)
def test_crawl_times_are_read_and_bad_ones_cost_nothing(value: object, want: datetime | None) -> None:
    assert parse_time(value) == want


@given(
    st.dictionaries(
        st.sampled_from(["text", "html", "url", "fetched_at"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.lists(st.text()),
    )
)
def test_any_row_gives_a_page_or_a_reject(row: dict[str, object]) -> None:
    found = page_of_row(row, "feed.jsonl#1", ReadSettings())
    assert found.source == "feed.jsonl#1"
    if isinstance(found, Page):
        found.text.encode()
        assert found.fetched_at is None or found.fetched_at.tzinfo is not None
