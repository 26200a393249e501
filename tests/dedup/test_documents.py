from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builder.dedup.search import dedupe_file, find_duplicates
from builder.dedup.settings import DedupSettings
from builder.errors import BuilderError
from tests.dedup.news import republished, story

A, B = story(1), story(2)
TEXTS = [A, republished(A, 1), B, None]
IDS = ["d", "b", "c", "a"]


def written(path: Path, ids: Any = IDS, texts: Any = TEXTS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"id": ids, "text": texts}), path)
    return path


def kept_ids(docs: Path, out: Path) -> list[Any]:
    return dedupe_file(docs, out / "out.parquet", DedupSettings()).clusters["kept_id"].to_pylist()


@pytest.mark.parametrize(
    "ids",
    [
        pa.array([4, 2, 3, 1]),
        pa.array([b"\xff", b"b", b"c", b"a"]),
        pa.array([b"dddd", b"bbbb", b"cccc", b"aaaa"], pa.binary(4)),
        pa.array(IDS, pa.large_string()),
        pa.array([4, 2, 3, 1], pa.timestamp("ms")),
        pa.array(IDS).dictionary_encode(),
    ],
    ids=["int", "binary", "fixed-size binary", "large_string", "time", "dictionary"],
)
def test_ids_of_a_file_come_back_as_they_are(tmp_path: Path, ids: pa.Array) -> None:
    docs, given = written(tmp_path / "docs.parquet", ids), ids.to_pylist()
    assert kept_ids(docs, tmp_path) == [given[1], given[1], given[2], given[3]]


@pytest.mark.parametrize(
    "texts",
    [
        pa.array(TEXTS, pa.large_string()),
        pa.array(TEXTS).dictionary_encode(),
        pa.array([text and text.encode() for text in TEXTS], pa.binary()),
    ],
    ids=["large_string", "dictionary", "binary"],
)
def test_texts_are_read_from_any_column_of_utf_8(tmp_path: Path, texts: pa.Array) -> None:
    assert kept_ids(written(tmp_path / "docs.parquet", texts=texts), tmp_path) == ["b", "b", "c", "a"]


def test_a_column_without_texts_holds_copies_of_nothing(tmp_path: Path) -> None:
    assert kept_ids(written(tmp_path / "docs.parquet", texts=pa.nulls(4)), tmp_path) == IDS


def test_the_files_of_a_folder_are_searched_as_one(tmp_path: Path) -> None:
    written(tmp_path / "docs" / "1.parquet")
    written(tmp_path / "docs" / "deep" / "er" / "0.parquet", ["x", "y"], [B + "完", story(3)])
    (tmp_path / "docs" / "read.me").write_text("no documents")
    assert kept_ids(tmp_path / "docs", tmp_path) == ["b", "b", "x", "a", "x", "y"]


@pytest.mark.parametrize(
    ("ids", "texts", "message"),
    [
        (["a", "b", "a", "b"], TEXTS, "2 values of 'id' stand in more than one row, such as a, b"),
        (["a", None, "b", "c"], TEXTS, "row 1 has no id"),
        ([{"a": 1}] * 4, TEXTS, "column 'id' holds struct<a: int64>, no ids"),
        (IDS, [1, 2, 3, 4], "column 'text' holds int64, no text"),
        (IDS, [[A]] * 4, "column 'text' holds list"),
        (IDS, [A.encode("gb18030")] * 4, "bytes that are not UTF-8, in rows 0 to 3"),
        ([], pa.array([], pa.string()), "nothing to search"),
    ],
)
def test_what_is_wrong_with_the_columns_is_told(tmp_path: Path, ids: Any, texts: Any, message: str) -> None:
    docs = written(tmp_path / "docs.parquet", ids or pa.array(ids, pa.string()), texts)
    with pytest.raises(BuilderError, match=message):
        kept_ids(docs, tmp_path)


def test_a_table_is_checked_as_a_file_is() -> None:
    with pytest.raises(BuilderError, match="the table has no column 'body'; it has: id, text"):
        find_duplicates(pa.table({"id": IDS, "text": TEXTS}), DedupSettings(), text="body")
    twice = pa.table([pa.array(IDS), pa.array(TEXTS), pa.array(TEXTS)], names=["id", "text", "text"])
    with pytest.raises(BuilderError, match="has 2 columns 'text'"):
        find_duplicates(twice, DedupSettings())


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "docs.parquet").write_text("no Parquet")
    with pytest.raises(BuilderError, match=r"docs\.parquet is not a Parquet file"):
        kept_ids(tmp_path / "docs.parquet", tmp_path)
    whole = written(tmp_path / "whole.parquet").read_bytes()
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1" + bytes(len(whole) // 3) + whole[4 + len(whole) // 3 :])
    with pytest.raises(BuilderError, match=r"damaged\.parquet is not a Parquet file, or a damaged one"):
        kept_ids(tmp_path / "damaged.parquet", tmp_path)


def test_a_folder_without_files_or_of_two_kinds_is_refused(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    with pytest.raises(BuilderError, match="folder without Parquet files"):
        kept_ids(tmp_path / "docs", tmp_path)
    written(tmp_path / "docs" / "0.parquet")
    written(tmp_path / "docs" / "1.parquet", [1, 2, 3, 4])
    with pytest.raises(BuilderError, match="differ in the types of their columns \\(ids: int64 and string\\)"):
        kept_ids(tmp_path / "docs", tmp_path)


def test_what_is_read_is_not_overwritten(tmp_path: Path) -> None:
    docs = written(tmp_path / "docs" / "0.parquet")
    for given, out in ((docs, docs), (docs.parent, docs.parent / "out.parquet")):
        with pytest.raises(BuilderError, match="would stand among the documents"):
            dedupe_file(given, out, DedupSettings())


def test_a_text_that_the_index_has_already_is_refused(tmp_path: Path) -> None:
    docs, index = written(tmp_path / "docs.parquet"), tmp_path / "index"
    dedupe_file(docs, tmp_path / "out.parquet", DedupSettings(), index_out=index)
    with pytest.raises(BuilderError, match=r"4 ids stand in .*index already, such as d"):
        dedupe_file(docs, tmp_path / "out.parquet", DedupSettings(), against=index)
