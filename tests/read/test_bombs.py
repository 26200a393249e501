"""Small files that claim or hold far too much: refused by name, in little time and memory, and no neighbour is lost."""

import base64
import gzip
import json
import struct
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from builder.read.streams import most_bytes
from builder.records import Page
from tests.read.conftest import ReadBytes, brief
from tests.read.test_warc import brotli, crawl, response, texts, titled

MIB = 1 << 20
PACK = [gzip.compress, zstandard.compress]
both = pytest.mark.parametrize("pack", PACK, ids=["gzip", "zstd"])


def rows(*values: str) -> bytes:
    return "".join(json.dumps({"text": value}, ensure_ascii=False) + "\n" for value in values).encode()


@both
def test_a_packed_line_without_end_is_refused_and_the_lines_before_it_stay(
    read_bytes: ReadBytes, pack: Callable[[bytes], bytes]
) -> None:
    bomb = pack(rows("望海港开港。") + b"a" * (160 * MIB))
    assert brief(read_bytes("a.jsonl", bomb)) == [("a.jsonl#1", "望海港开港。"), ("a.jsonl#2", "read:bomb")]


@both
def test_text_that_repeats_itself_is_no_bomb(read_bytes: ReadBytes, pack: Callable[[bytes], bytes]) -> None:
    assert len(read_bytes("a.jsonl", pack(rows(*["望海港三号泊位开港，首批货物当天装船。"] * 5_000)))) == 5_000


@both
def test_a_packed_parquet_bomb_is_not_written_to_disk(read_bytes: ReadBytes, pack: Callable[[bytes], bytes]) -> None:
    assert brief(read_bytes("a.parquet", pack(bytes(120 * MIB)))) == [("a.parquet", "read:bomb")]


@both
def test_a_record_that_expands_without_end_costs_no_neighbour(
    read_bytes: ReadBytes, pack: Callable[[bytes], bytes]
) -> None:
    before, after = crawl(2)
    bomb = response("u", b"<p>" + b"a" * (140 * MIB))
    found = read_bytes("a.warc", pack(before) + pack(bomb) + pack(after))
    assert [text for _, text in brief(found)] == [titled(0), "read:bomb", titled(1)]


@pytest.mark.parametrize("bomb", [b"WARC/1.0\r\nX: " + b"a" * (90 * MIB), b"WARC/1.0\r\n" + b"X: y\r\n" * 2_000_000])
def test_a_header_without_end_costs_no_neighbour(read_bytes: ReadBytes, bomb: bytes) -> None:
    before, after = crawl(2)
    found = read_bytes("a.warc.gz", gzip.compress(before) + gzip.compress(bomb) + gzip.compress(after))
    assert texts(found) == [titled(0), titled(1)]


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", gzip.compress(bytes(90 * MIB))), ("zstd", zstandard.compress(bytes(90 * MIB))), ("br", b"")],
)
def test_a_body_is_unpacked_no_further_than_a_page(read_bytes: ReadBytes, encoding: str, body: bytes) -> None:
    bomb = response("u", body or brotli(bytes(90 * MIB)), f"Content-Type: text/html\r\nContent-Encoding: {encoding}")
    tracemalloc.start()
    found = brief(read_bytes("a.warc", bomb))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == [("a.warc#0", "read:too-large")]
    assert peak < 64 * MIB


def parquet(table: pa.Table, compression: str = "zstd", **options: object) -> bytes:
    sink = BytesIO()
    pq.write_table(table, sink, compression=compression, **options)
    return sink.getvalue()


def test_one_large_value_in_many_rows_is_refused_when_it_has_grown_too_much(read_bytes: ReadBytes) -> None:
    large = pa.DictionaryArray.from_arrays(pa.array([0] * 5_000, pa.int32()), ["新" * 4_000_000])
    bomb = parquet(pa.table({"text": large}))
    found = read_bytes("a.parquet", bomb)
    assert [one.text for one in found if isinstance(one, Page)] == ["新" * 4_000_000] * (len(found) - 1)
    assert brief(found)[-1] == ("a.parquet", "read:bomb")
    assert len(found) * 12_000_000 < most_bytes(len(bomb)) + 24_000_000


def test_a_value_of_100_mb_is_refused_and_its_neighbours_stay(read_bytes: ReadBytes) -> None:
    noise = Random(1).randbytes(100_000_000)  # noqa: S311
    table = pa.table({"text": ["望海港开港。".encode(), noise, "首批货物装船。".encode()]})
    found = brief(read_bytes("a.parquet", parquet(table, "none", use_dictionary=False)))
    assert [text for _, text in found] == ["望海港开港。", "read:too-large", "首批货物装船。"]


def test_a_line_of_100_mb_is_refused_and_its_neighbours_stay(read_bytes: ReadBytes) -> None:
    content = rows("望海港开港。") + b'{"text": "' + b"a" * 100_000_000 + b'"}\n' + rows("首批货物装船。")
    assert [text for _, text in brief(read_bytes("a.jsonl", content))] == [
        "望海港开港。",
        "read:too-large",
        "首批货物装船。",
    ]


def test_a_record_of_100_mb_is_refused_and_its_neighbours_stay(read_bytes: ReadBytes) -> None:
    before, after = crawl(2)
    found = read_bytes("a.warc", before + response("u", b"a" * 100_000_000) + after)
    assert [text for _, text in brief(found)] == [titled(0), "read:too-large", titled(1)]


def test_metadata_that_claims_too_much_is_refused_unread(read_bytes: ReadBytes) -> None:
    content = b"PAR1" + bytes(70 * MIB) + struct.pack("<I", 69 * MIB) + b"PAR1"
    assert brief(read_bytes("a.parquet", content)) == [("a.parquet", "read:too-large")]


def test_a_list_of_a_billion_things_in_the_metadata_is_damage(read_bytes: ReadBytes) -> None:
    # Thrift's compact protocol: version 1, then a schema that says it has 2**30 elements.
    footer = b"\x15\x02\x19\xfc\x80\x80\x80\x80\x04" + b"\0" * 64
    content = b"PAR1" + footer + struct.pack("<I", len(footer)) + b"PAR1"
    assert brief(read_bytes("a.parquet", content)) == [("a.parquet", "read:damaged")]


def test_too_many_row_groups_are_damage(read_bytes: ReadBytes) -> None:
    plain = BytesIO()
    schema = pa.schema([("text", pa.string())])
    with pq.ParquetWriter(plain, schema) as writer:
        for _ in range(300):
            writer.write_table(pa.table({"text": ["望海港"]}, schema))
    assert len(read_bytes("a.parquet", plain.getvalue())) == 300


@pytest.mark.parametrize(
    "metadata",
    [
        {b"huggingface": b'{"info": {"features": {"text": {"dtype": "no such", "_type": "Value"}}}}'},
        {b"huggingface": b"\xff\xfe{{{"},
        {b"pandas": b'{"index_columns": ["text", "nowhere"], "columns": [{"name": null, "numpy_type": "O"}]}'},
        {b"pandas": b"[" * 100_000},
        {b"ARROW:extension:name": b"arrow.py_extension_type", b"ARROW:extension:metadata": b"cbuiltins\neval\n"},
    ],
)
def test_what_the_metadata_says_of_other_programs_changes_nothing(
    read_bytes: ReadBytes, metadata: dict[bytes, bytes]
) -> None:
    table = pa.table({"text": ["望海港开港。"]}).replace_schema_metadata(metadata)
    assert brief(read_bytes("a.parquet", parquet(table))) == [("a.parquet#1", "望海港开港。")]


def arrow_schema(*columns: pa.Field) -> bytes:
    return base64.b64encode(pa.schema(columns).serialize().to_pybytes())


PICKLED = {b"ARROW:extension:name": b"arrow.py_extension_type", b"ARROW:extension:metadata": b"cbuiltins\neval\n"}


@pytest.mark.parametrize(
    ("stored", "want"),
    [
        (b"!!!", "read:damaged"),
        (base64.b64encode(b"\xff\xff\xff\xff\xff\xff\xff\x7f" + bytes(32)), "read:damaged"),
        (arrow_schema(pa.field("text", pa.int64())), "望海港开港。"),
        (arrow_schema(pa.field("text", pa.string()), pa.field("more", pa.int8())), "望海港开港。"),
        (arrow_schema(pa.field("text", pa.string(), metadata=PICKLED)), "望海港开港。"),
    ],
    ids=["no base64", "claims much", "another type", "another column", "code"],
)
def test_the_schema_that_arrow_stores_beside_the_other_is_not_trusted(
    read_bytes: ReadBytes, stored: bytes, want: str
) -> None:
    sink = BytesIO()
    table = pa.table({"text": ["望海港开港。"]})
    with pq.ParquetWriter(sink, table.schema, store_schema=False) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({b"ARROW:schema": stored})
    assert [text for _, text in brief(read_bytes("a.parquet", sink.getvalue()))] == [want]


def test_column_names_are_shown_short_and_harmless(read_bytes: ReadBytes) -> None:
    names = ["\x1b[2J手机13800001234", *("甲" * 5_000 + str(n) for n in range(40))]
    (reject,) = read_bytes("a.parquet", parquet(pa.table({name: [1] for name in names})))
    assert not isinstance(reject, Page)
    assert reject.reason == "read:missing-field"
    assert reject.detail.isprintable()
    assert "13800001234" not in reject.detail
    assert len(reject.detail) < 400
