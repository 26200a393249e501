import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import SchemaError
from builder.schemas import check_schema
from builder.tables import (
    MANIFEST,
    existing_shard,
    iter_batches,
    partial_folder,
    read_manifest,
    read_table,
    table_digest,
    write_table,
)

SCHEMA = pa.schema([("id", pa.int64()), ("text", pa.string())])


def table(*texts: str | None) -> pa.Table:
    return pa.table({"id": range(len(texts)), "text": pa.array(texts, pa.string())}, schema=SCHEMA)


@given(
    st.lists(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))), max_size=5), max_size=4)
)
def test_a_table_survives_the_way_to_disk_and_back(
    tmp_path_factory: pytest.TempPathFactory, shards: list[list[str | None]]
) -> None:
    folder = tmp_path_factory.mktemp("tables") / "words"
    write_table(folder, [table(*shard) for shard in shards] or [table()], SCHEMA)
    written = [text for shard in shards for text in shard]
    assert read_table(folder)["text"].to_pylist() == written
    assert [text for batch in iter_batches(folder, rows=2) for text in batch["text"].to_pylist()] == written


def test_the_same_content_has_the_same_digest_and_another_has_another(tmp_path: Path) -> None:
    for name, text in {"a": "江", "b": "江", "c": "河"}.items():
        write_table(tmp_path / name, [table(text)], SCHEMA)
    assert table_digest(tmp_path / "a") == table_digest(tmp_path / "b")
    assert table_digest(tmp_path / "a") != table_digest(tmp_path / "c")


def test_a_folder_without_a_manifest_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "half").mkdir()
    assert read_manifest(tmp_path / "half") is None
    with pytest.raises(SchemaError, match="not a finished table"):
        read_table(tmp_path / "half")


def test_a_manifest_that_was_cut_off_is_no_manifest(tmp_path: Path) -> None:
    write_table(tmp_path / "words", [table("江")], SCHEMA)
    manifest = tmp_path / "words" / MANIFEST
    manifest.write_text(manifest.read_text("utf-8")[:30], "utf-8")
    assert read_manifest(tmp_path / "words") is None


def test_the_manifest_counts_rows_and_names_shards(tmp_path: Path) -> None:
    write_table(tmp_path / "words", [table("江", "河"), table("湖")], SCHEMA)
    manifest = json.loads((tmp_path / "words" / MANIFEST).read_text("utf-8"))
    assert manifest["rows"] == 3
    assert [shard["name"] for shard in manifest["shards"]] == ["00000.parquet", "00001.parquet"]


def test_another_recipe_clears_what_the_last_one_left_half_done(tmp_path: Path) -> None:
    first = partial_folder(tmp_path / "words", "a" * 64)
    (first / "00000.parquet").write_bytes(b"half")
    second = partial_folder(tmp_path / "words", "b" * 64)
    assert not first.exists()
    assert second.is_dir()


def test_half_a_shard_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "00000.parquet"
    assert existing_shard(path) is None
    path.write_bytes(b"PAR1 and no more")
    assert existing_shard(path) is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (table("江").drop_columns(["text"]), "text: missing, expected string"),
        (table("江").append_column("note", pa.array(["?"])), "note: not in the schema"),
        (table("江").set_column(0, "id", pa.array([1.5])), "id: double, expected int64"),
        (table("江").select(["text", "id"]), "another order: text, id"),
    ],
)
def test_a_wrong_schema_is_told_by_column(wrong: pa.Table, told: str) -> None:
    with pytest.raises(SchemaError, match=told):
        check_schema(wrong, "words", SCHEMA)
