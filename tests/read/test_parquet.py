import gzip
from datetime import UTC, datetime
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from builder.read import ReadSettings
from builder.records import Page, Reject
from tests.read.conftest import ReadBytes, brief

TEXTS = ["云岭市新建三座公园", "受冷空气影响气温下降", "国家队获得世界冠军"]


def parquet(row_group_size: int = 2, **columns: object) -> bytes:
    sink = BytesIO()
    pq.write_table(pa.table(columns), sink, row_group_size=row_group_size, compression="none", use_dictionary=False)
    return sink.getvalue()


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_each_row_is_a_page_with_its_row_number(read_bytes: ReadBytes, suffix: str) -> None:
    pack = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}[suffix]
    name = f"feed.parquet{suffix}"
    found = read_bytes(name, pack(parquet(text=TEXTS, unused=[1, 2, 3])))
    assert brief(found) == [(f"{name}#{number}", text) for number, text in enumerate(TEXTS, 1)]


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.dictionary(pa.int32(), pa.string())]
)
def test_every_arrow_type_of_text_is_read(read_bytes: ReadBytes, kind: pa.DataType) -> None:
    values = [text.encode() for text in TEXTS] if kind == pa.binary() else TEXTS
    assert [text for _, text in brief(read_bytes("feed.parquet", parquet(text=pa.array(values, kind))))] == TEXTS


@pytest.mark.parametrize(
    "times",
    [
        pa.array([datetime(2024, 4, 24, 10, tzinfo=UTC)], pa.timestamp("ns", "Asia/Shanghai")),
        pa.array([datetime(2024, 4, 24, 10)], pa.timestamp("ms")),
        pa.array(["2024-04-24T10:00:00+00:00"]),
        pa.array([1713952800]),
    ],
    ids=["zoned", "naive", "string", "epoch"],
)
def test_crawl_times_of_every_type_are_read(read_bytes: ReadBytes, times: pa.Array) -> None:
    (page,) = read_bytes(
        "feed.parquet", parquet(html=["<p>公园</p>"], url=["https://news.example/1"], fetched_at=times)
    )
    assert isinstance(page, Page)
    assert (page.media_type, page.url) == ("text/html", "https://news.example/1")
    assert page.fetched_at == datetime(2024, 4, 24, 10, tzinfo=UTC)


def test_a_time_beyond_the_calendar_costs_nothing(read_bytes: ReadBytes) -> None:
    times = pa.array([1713952800_000_000], pa.timestamp("ms"))
    (page,) = read_bytes("feed.parquet", parquet(text=TEXTS[:1], fetched_at=times))
    assert isinstance(page, Page)
    assert page.fetched_at is None


def test_bytes_are_decoded_row_by_row(read_bytes: ReadBytes) -> None:
    found = read_bytes(
        "feed.parquet", parquet(html=[TEXTS[0].encode(), TEXTS[1].encode("gbk"), b"\x89PNG" + bytes(range(256))])
    )
    assert brief(found) == [
        ("feed.parquet#1", TEXTS[0]),
        ("feed.parquet#2", TEXTS[1]),
        ("feed.parquet#3", "read:binary"),
    ]


def test_a_string_column_with_bad_utf8_costs_one_character(read_bytes: ReadBytes) -> None:
    found = read_bytes("feed.parquet", parquet(text=TEXTS).replace("气温".encode(), b"\xff" + "气温".encode()[1:]))
    assert [text for _, text in brief(found)][::2] == TEXTS[::2]
    assert brief(found)[1][1].endswith("温下降")


def test_empty_rows_are_rejected_by_row(read_bytes: ReadBytes) -> None:
    found = read_bytes("feed.parquet", parquet(text=[None, TEXTS[0]]))
    assert brief(found) == [("feed.parquet#1", "read:missing-field"), ("feed.parquet#2", TEXTS[0])]


def test_a_wrong_schema_is_one_reject_that_names_the_columns(read_bytes: ReadBytes) -> None:
    (reject,) = read_bytes("feed.parquet", parquet(content=TEXTS, year=[1, 2, 3]))
    assert isinstance(reject, Reject)
    assert reject.reason == "read:missing-field"
    assert "content: string, year: int64" in reject.detail
    found = read_bytes("feed.parquet", parquet(content=TEXTS), ReadSettings(text_field="content"))
    assert [text for _, text in brief(found)] == TEXTS


def test_a_text_column_of_numbers_is_one_reject(read_bytes: ReadBytes) -> None:
    assert brief(read_bytes("feed.parquet", parquet(text=[1, 2, 3]))) == [("feed.parquet", "read:wrong-type")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (parquet(text=TEXTS)[:-50], "read:damaged"),
        (b"", "read:damaged"),
        (parquet(text=TEXTS, other=TEXTS).replace(b"other", b"\xffther"), "read:damaged"),
        (gzip.compress(parquet(text=TEXTS))[:-30], "read:truncated"),
    ],
    ids=["cut", "empty", "name-of-a-column", "cut-gzip"],
)
def test_a_file_that_is_not_whole_is_one_reject(read_bytes: ReadBytes, content: bytes, reason: str) -> None:
    assert brief(read_bytes("feed.parquet", content)) == [("feed.parquet", reason)]


def test_a_damaged_row_group_costs_no_other(read_bytes: ReadBytes) -> None:
    whole = parquet(row_group_size=1, text=TEXTS)
    at = pq.ParquetFile(BytesIO(whole)).metadata.row_group(1).column(0).data_page_offset
    found = read_bytes("feed.parquet", whole[:at] + b"\xff" * 8 + whole[at + 8 :])
    assert brief(found) == [
        ("feed.parquet#1", TEXTS[0]),
        ("feed.parquet#2", "read:damaged"),
        ("feed.parquet#3", TEXTS[2]),
    ]
