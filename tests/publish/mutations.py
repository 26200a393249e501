"""
How a good release is broken: one mutation a trap, and what makes all else in the release agree with it.

A mutation of rows is followed by `agree`: hashes, sizes and counts in the manifest, the statistics, the card and
croissant.json are made anew, as a publisher in error would. So each trap is caught by its own check, and not because a
hash differs.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from builder.publish import stats
from builder.publish.documents import rewrite as rewrite_documents
from builder.publish.features import CONFIGS, with_features
from builder.publish.leaks import dedup_settings, find_leaks
from builder.publish.logical import LogicalHash
from builder.publish.manifest import dumps
from builder.tables import file_sha256

TRAIN, TEST = "train-00000-of-00004.parquet", "test-00000-of-00001.parquet"
ARTICLES, SENTENCES, TOKENS, BLOCKS = (f"{name}/{TRAIN}" for name in ("articles", "sentences", "tokens", "blocks"))
PAIRS, DROPPED = "near_dup_pairs/train-00000-of-00001.parquet", "dropped/dropped-00000-of-00001.parquet"
NOWHERE = "f" * 16

Change = Callable[[Path], object]
Rows = Callable[[pa.Table], pa.Table]


class Mutation(NamedTuple):
    """
    One trap.

    Attributes:
        trap: what is wrong.
        how: how a good release was broken.
        change: breaks the release in a folder.
        where, told: the place and the words of the fault that must be found.
        agrees: everything else was made to agree with the broken rows.
    """

    trap: str
    how: str
    change: Change
    where: str
    told: str
    agrees: bool = False


def edit_json(path: Path, change: Callable[[Any], object]) -> None:
    value = json.loads(path.read_text("utf-8"))
    change(value)
    path.write_text(dumps(value), "utf-8")


def replace_text(path: Path, old: str, new: str, count: int = -1) -> None:
    text = path.read_text("utf-8")
    assert old in text, f"{path.name} holds no {old!r}"
    path.write_text(text.replace(old, new, count), "utf-8")


def state_file(release: Path, name: str) -> None:
    """Make the manifest say of a file what it holds."""
    path, config = release / name, next(c for c in CONFIGS if c.name == name.partition("/")[0])
    logical = LogicalHash(config.schema)
    table = pq.read_table(path)
    if table.schema.equals(config.schema):
        logical.update(table)
    stated = {
        "path": name,
        "config": config.name,
        "split": path.name.partition("-")[0],
        "rows": table.num_rows,
        "n_bytes": path.stat().st_size,
        "value_bytes": logical.value_bytes,
        "sha256": file_sha256(path),
        "logical_sha256": logical.hexdigest(),
    }

    def put_in(manifest: Any) -> None:
        files = [file for file in manifest["files"] if file["path"] != name]
        manifest["files"] = sorted([*files, stated], key=lambda file: file["path"])

    edit_json(release / "manifest.json", put_in)


def agree(release: Path) -> None:
    """Make statistics, card and croissant.json anew, and what the manifest counts."""
    counted = stats.compute(release)
    (release / "stats.json").write_text(dumps(counted), "utf-8")
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    manifest["counts"]["pages"] = counted["pages"]["in"]
    manifest["measured"]["across_splits"] = find_leaks(release, dedup_settings(manifest)).counts
    (release / "manifest.json").write_text(dumps(manifest), "utf-8")
    rewrite_documents(release)


def write_rows(release: Path, name: str, change: Rows, *, metadata: bool = True) -> None:
    """Change the rows of a file, and state it."""
    config = next(c for c in CONFIGS if c.name == name.partition("/")[0])
    table = change(pq.read_table(release / name))
    if metadata:
        table = table.replace_schema_metadata(with_features(config.schema).metadata)
    pq.write_table(table, release / name)
    state_file(release, name)


def put(table: pa.Table, column: str, row: int, value: object) -> pa.Table:
    """The table with one value changed."""
    values = table[column].to_pylist()
    values[row] = value
    i = table.schema.get_field_index(column)
    return table.set_column(i, table.schema.field(i), pa.array(values, table.schema.field(i).type))


def in_rows(trap: str, how: str, name: str, change: Rows, told: str, where: str = "") -> Mutation:
    """Break the rows of a file, and make everything else agree."""

    def break_rows(release: Path) -> None:
        write_rows(release, name, change)
        agree(release)

    return Mutation(trap, how, break_rows, where or name, told, agrees=True)


def of_value(trap: str, name: str, column: str, value: object, told: str, where: str = "") -> Mutation:
    """Put another value into the first row of a file, and make everything else agree."""
    how = f"{name.partition('/')[0]}.{column} of a row = {value!r}"
    return in_rows(trap, how, name, lambda table: put(table, column, 0, value), told, where)


def in_columns(trap: str, how: str, name: str, change: Rows, told: str, *, metadata: bool = True) -> Mutation:
    """Break the schema of a file, and state it; statistics cannot be counted over other columns."""
    return Mutation(trap, how, lambda release: write_rows(release, name, change, metadata=metadata), name, told)


def in_card(trap: str, old: str, new: str, told: str, count: int = 1, where: str = "README.md") -> Mutation:
    """Replace text of the card."""
    how = f"README.md: {old.strip()!r} → {new.strip()!r}"
    return Mutation(trap, how, lambda release: replace_text(release / "README.md", old, new, count), where, told)


def in_manifest(trap: str, how: str, change: Callable[[Any], object], where: str, told: str) -> Mutation:
    """Change the manifest."""
    return Mutation(trap, how, lambda release: edit_json(release / "manifest.json", change), where, told)


def of_file(manifest: Any, name: str) -> Any:
    return next(file for file in manifest["files"] if file["path"] == name)


def cell(release: Path, name: str, column: str) -> Any:
    """The value of the first row of a file."""
    return pq.read_table(release / name, columns=[column])[column][0].as_py()
