"""
A table is a folder of Parquet shards with one schema, and `_table.json`, which says what it was made from.

A table is current when its recipe (step, settings, code, digests of its sources) is the one asked for and its shards
are still the bytes that were written. Making a table goes through a `.partial` folder that bears the recipe, so that a
run that was killed goes on with the shards it had finished, and a reader never sees half a table. There, the digest of
each shard lies beside it.
"""

import hashlib
import json
import os
import platform
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from builder import __version__
from builder.errors import SchemaError
from builder.schemas import check_schema

MANIFEST = "_table.json"
_DIGEST = ".sha256"  # suffix of the digest of a finished shard of a table that is not finished


@dataclass(frozen=True, slots=True)
class Shard:
    """One finished Parquet file of a table."""

    name: str
    rows: int
    sha256: str


def shard_paths(table: Path) -> list[Path]:
    """Return the Parquet files of a table in order."""
    return sorted(table.glob("*.parquet"))


def read_manifest(table: Path) -> dict[str, Any] | None:
    """Return what `_table.json` says, or None when there is no finished table, or the file is damaged."""
    try:
        manifest: dict[str, Any] = json.loads((table / MANIFEST).read_bytes())
        whole = manifest["digest"] == _digest_of(manifest["shards"]) and isinstance(manifest["recipe"], str)
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None
    return manifest if whole else None


def _digest_of(shards: Sequence[Mapping[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(shards).encode()).hexdigest()


def table_digest(table: Path) -> str:
    """Hex digest of a finished table's content; SchemaError when the folder holds no finished table."""
    manifest = read_manifest(table)
    if manifest is None:
        raise SchemaError(f"{table} is not a finished table: {MANIFEST} is missing or damaged; build it again")
    return str(manifest["digest"])


def recipe_of(step: Mapping[str, Any], sources: Sequence[Path], schema: pa.Schema) -> str:
    """Hex digest of everything that decides a table's content: step and settings, sources, schema, code."""
    parts = {
        "step": dict(step),
        "sources": [table_digest(source) for source in sources],
        "schema": schema.to_string(),
        "code": code_digest(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def is_current(table: Path, recipe: str) -> bool:
    """True when the finished table was made by `recipe` and every shard is still what was written."""
    manifest = read_manifest(table)
    if manifest is None or manifest["recipe"] != recipe:
        return False
    return all(
        (table / shard["name"]).is_file() and file_sha256(table / shard["name"]) == shard["sha256"]
        for shard in manifest["shards"]
    )


def partial_folder(table: Path, recipe: str) -> Path:
    """Make, or find again, the folder in which `recipe` is making `table`; remove what other recipes left behind."""
    table.parent.mkdir(parents=True, exist_ok=True)
    partial = table.parent / f".{table.name}.{recipe[:16]}.partial"
    for other in table.parent.glob(f".{table.name}.*.partial"):
        if other != partial:
            shutil.rmtree(other)
    partial.mkdir(exist_ok=True)
    return partial


def finish_table(partial: Path, table: Path, recipe: str, shards: Iterable[Shard]) -> None:
    """Write the manifest beside the shards and put the finished folder in the table's place."""
    ordered = sorted(shards, key=lambda shard: shard.name)
    listed = [asdict(shard) for shard in ordered]
    manifest = {
        "table": table.name,
        "rows": sum(shard.rows for shard in ordered),
        "recipe": recipe,
        "digest": _digest_of(listed),
        "shards": listed,
    }
    for left_behind in (*partial.glob("*.tmp"), *partial.glob(f"*{_DIGEST}")):
        left_behind.unlink()
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    if table.exists():
        shutil.rmtree(table)
    partial.rename(table)


def write_shard(path: Path, tables: Iterable[pa.Table], name: str, schema: pa.Schema) -> Shard:
    """Write one shard, checking each table against the schema; the file appears whole or not at all."""
    rows = 0
    with pq.ParquetWriter(unfinished(path), schema, compression="zstd", compression_level=1) as writer:
        for table in tables:
            check_schema(table, name, schema)
            writer.write_table(table)
            rows += table.num_rows
    sha256 = file_sha256(unfinished(path))
    path.with_suffix(_DIGEST).write_text(sha256, "ascii")
    unfinished(path).rename(path)
    return Shard(path.name, rows, sha256)


def unfinished(path: Path) -> Path:
    """Where this process writes `path` until it is whole: two attempts at one shard must not write one file."""
    return path.with_suffix(f".{platform.node()}-{os.getpid()}.tmp")


def existing_shard(path: Path) -> Shard | None:
    """Return the shard that an earlier, interrupted run finished at `path`, or None when it is damaged."""
    try:
        sha256 = file_sha256(path)
        if path.with_suffix(_DIGEST).read_bytes() != sha256.encode():
            return None
    except FileNotFoundError:
        return None
    return Shard(path.name, pq.read_metadata(path).num_rows, sha256)


def seed_table(table: Path, recipe: str, finished: Path) -> None:
    """
    Let `recipe` begin `table` with the shards of a finished table, as if it had been killed when it had made these.

    For a table that is another with more shards: the ones that both have are not made again, and take no room.
    """
    if is_current(table, recipe):
        return
    partial = partial_folder(table, recipe)
    manifest = read_manifest(finished)
    for shard in manifest["shards"] if manifest else ():
        target = partial / shard["name"]
        if not target.exists():
            link_file(finished / target.name, target)
            target.with_suffix(_DIGEST).write_text(shard["sha256"], "ascii")


def link_file(source: Path, target: Path) -> None:
    """Give the file a second name, or copy it where the disk is another or knows no links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def write_table(table: Path, tables: Iterable[pa.Table], schema: pa.Schema) -> None:
    """Write a table on the driver, one shard for each Arrow table given."""
    recipe = "driver"  # always made anew; what reads it compares its digest
    partial = partial_folder(table, recipe)
    shards = [
        write_shard(partial / f"{i:05}.parquet", [content], table.name, schema) for i, content in enumerate(tables)
    ]
    finish_table(partial, table, recipe, shards)


def read_table(table: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a whole table into memory: for tables that are small, or small when cut to `columns`."""
    table_digest(table)
    parts = [pq.read_table(path, columns=columns) for path in shard_paths(table)]
    return pa.concat_tables(parts)


def iter_batches(table: Path, columns: Sequence[str] | None = None, rows: int = 1024) -> Iterator[pa.Table]:
    """Stream a table in batches of at most `rows` rows, shard after shard."""
    table_digest(table)
    for path in shard_paths(table):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=rows, columns=columns):
                yield pa.Table.from_batches([batch])


def file_sha256(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def code_digest() -> str:
    """Hex digest of the package's own files, lexicons and version: a changed rule or model makes new tables."""
    package = Path(__file__).parent
    lexicons = package.parent / "seeds" / "phrases"  # a wheel has them inside the package
    files = {path.relative_to(package).as_posix(): path for path in package.rglob("*") if path.is_file()}
    files |= {f"phrases/{path.name}": path for path in lexicons.glob("*.txt")}
    digest = hashlib.sha256(__version__.encode())
    for name in sorted(name for name in files if "__pycache__" not in name):
        digest.update(name.encode())
        digest.update(files[name].read_bytes())
    return digest.hexdigest()
