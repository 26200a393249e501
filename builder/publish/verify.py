"""
Is a release what its manifest, statistics and card say? The traps that loaders fall into without a word are all here.

`verify` reads every byte once for the hashes and every value once for the content; nothing is taken from the build.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from builder.publish import stats
from builder.publish.configs import Config
from builder.publish.content import (
    REQUIRED,
    Seen,
    check_articles,
    check_blocks,
    check_compared,
    check_dropped,
    check_learning,
    check_pairs,
    check_parts,
    check_sentences,
    check_tokens,
    some,
)
from builder.publish.documents import PICTURES, check_documents, check_stats
from builder.publish.faults import Fault, differences
from builder.publish.features import ARTICLES, BLOCKS, CONFIGS, NEAR_DUP_PAIRS, SENTENCES, TOKENS, with_features
from builder.publish.leaks import dedup_settings, find_leaks
from builder.publish.logical import LogicalHash
from builder.publish.newest import check_test_from, find_too_new
from builder.publish.repeats import find_miscounted, find_shared_descriptions
from builder.tables import file_sha256
from builder.tasks.learning import NEEDS, TASKS

#: What a release holds besides its Parquet files.
DOCUMENTS = ("README.md", "croissant.json", "manifest.json", "stats.json")


#: What the checks read of the manifest.
MANIFEST_KEYS = (
    "name",
    "version",
    "licence",
    "pipeline",
    "inputs",
    "settings_sha256",
    "counts",
    "empty_splits",
    "files",
)

#: How a shard is named; the Hub and `datasets` read the split from the card's globs, people from the name.
SHARD = re.compile(r"([a-z]+)-\d{5}-of-(?!00000)\d{5}\.parquet")


def verify(folder: Path) -> list[Fault]:
    """Return everything wrong with the release in `folder`; nothing when it is good."""
    documents: dict[str, Any] = {}
    for name in ("manifest.json", "stats.json"):
        try:
            documents[name] = json.loads((folder / name).read_text("utf-8"))
        except (OSError, ValueError) as error:
            return [Fault(name, f"cannot be read ({error}); without it nothing else can be checked")]
    manifest, stated = documents["manifest.json"], documents["stats.json"]
    if lacking := [key for key in MANIFEST_KEYS if not isinstance(manifest, dict) or key not in manifest]:
        return [Fault("manifest.json", f"lacks {', '.join(lacking)}; without it nothing else can be checked")]
    listed = {file["path"]: file for file in manifest["files"]}

    faults = list(_check_files(folder, listed))
    in_files = list(_check_tables(folder, listed))
    faults += [Fault(where, what) for where, what, _ in in_files]
    if any(unreadable for _, _, unreadable in in_files):
        return faults  # statistics cannot be counted over columns that are not there
    miscounted = some("paragraph_articles is not in how many articles a paragraph stands", find_miscounted(folder))
    faults += [Fault(ARTICLES.name, what) for what in miscounted]
    shared = some("description stands in another article too", find_shared_descriptions(folder))
    faults += [Fault(ARTICLES.name, what) for what in shared]
    untold = list(check_test_from(manifest))
    faults += [Fault("manifest.json", what) for what in untold]
    if manifest.get("test_from") and not untold:
        too_new = find_too_new(folder, date.fromisoformat(manifest["test_from"]))
        what_for = "article of the days of the test stands in another split"
        faults += [Fault(ARTICLES.name, what) for what in some(what_for, too_new)]
    leaks = find_leaks(folder, dedup_settings(manifest))
    faults += [Fault(ARTICLES.name, what) for what in some("near-duplicates in different splits", leaks.pairs)]
    for path, said, found in differences("measured.across_splits", manifest["measured"]["across_splits"], leaks.counts):
        faults.append(Fault("manifest.json", f"{path} is {said}, counted from the Parquet files it is {found}"))
    counted = stats.compute(folder)
    faults += check_stats(stated, counted, manifest)
    faults += check_documents(folder, manifest, counted)
    return faults


def _check_files(folder: Path, listed: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    """What is there, against what the manifest lists: names, sizes, bytes."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    # Hidden files are what tools leave (.git, .cache of a download); loaders pass them over.
    present = {path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts)}
    for name in sorted(set(DOCUMENTS) - present):
        yield Fault(name, "is missing")
    strays = {name for name in present - set(listed) - set(DOCUMENTS) if not name.startswith(f"{PICTURES}/")}
    for name in sorted(strays):
        yield Fault(name, "is not in the manifest; a loader may take it for data")
    for name, file in sorted(listed.items()):
        if name not in present:
            yield Fault(name, "is in the manifest and not in the folder")
        elif (n := (folder / name).stat().st_size) != file["n_bytes"]:
            yield Fault(name, f"has {n} bytes, the manifest says {file['n_bytes']}")
        elif file_sha256(folder / name) != file["sha256"]:
            yield Fault(name, "its bytes are not those that were published (SHA-256 differs from the manifest)")


def _check_tables(folder: Path, listed: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """
    Read every Parquet file once and check all in it; yield file, what is wrong, and whether it is unreadable for that.

    Shards of a split and number are read together: all rows of an article stand in them.
    """
    seen = Seen()
    shards = {path.name: None for config in CONFIGS for path in stats.files_of(folder, config)}
    places = [(shard, config) for shard in shards for config in CONFIGS]
    places.sort(key=lambda place: place[1] is NEAR_DUP_PAIRS)  # last: their pages stand in any shard
    texts: dict[str, str] = {}
    articles = ARTICLES.schema.empty_table()
    sentences: dict[tuple[str, int], str] = {}
    for shard, config in places:
        if config is ARTICLES:
            texts, sentences, articles = {}, {}, ARTICLES.schema.empty_table()
        path, name = folder / config.name / shard, f"{config.name}/{shard}"
        if not path.is_file():
            continue
        if not (named := SHARD.fullmatch(shard)) or named[1] not in config.splits:
            yield (
                name,
                f"is not named SPLIT-00000-of-0000N.parquet with a split of {'/'.join(config.splits)}",
                False,
            )
            continue
        try:
            table = pq.read_table(path)
        except (pa.ArrowException, OSError) as error:
            yield name, f"is not a whole Parquet file: {error}", True
            continue
        columns = list(_check_columns(table, config))
        yield from ((name, what, True) for what in columns)
        if columns:
            continue
        yield from ((name, what, False) for what in _check_rows(table, config, listed.get(name)))
        if config is ARTICLES:
            texts = dict(zip(table["article_id"].to_pylist(), table["text"].to_pylist(), strict=True))
            articles = table.select(NEEDS)
        if config is SENTENCES:
            keys = zip(table["article_id"].to_pylist(), table["index"].to_pylist(), strict=True)
            sentences = dict(zip(keys, table["text"].to_pylist(), strict=True))
        task = next((task for task in TASKS if task.config is config), None)
        found = (
            check_learning(table, task, articles)
            if task
            else _check_content(table, config, shard, texts, sentences, seen)
        )
        yield from ((name, what, False) for what in found)
    yield from (("dropped", what, False) for what in check_compared(seen))
    yield from (("blocks", what, False) for what in check_parts(seen))


def _check_columns(table: pa.Table, config: Config) -> Iterator[str]:
    """Whether the columns are those of the config, with values where they must be."""
    if not table.schema.equals(config.schema):
        yield from _schema_faults(table.schema, config.schema)
        return
    for name in REQUIRED[config.name]:
        if n := table[name].null_count:
            yield f"column '{name}' holds {n} nulls, where none may be"


def _check_rows(table: pa.Table, config: Config, listed: Mapping[str, Any] | None) -> Iterator[str]:
    """Class names, number of rows, and the hash of what they hold."""
    metadata, wanted = table.schema.metadata or {}, with_features(config.schema).metadata
    if metadata.get(b"huggingface") != wanted[b"huggingface"]:
        yield "its `huggingface` metadata is not that of the config: class names would be lost"
    if table.num_rows == 0:
        yield "holds no rows; loaders fail on an empty file, so it should be left out"
    if listed is None:
        return
    if table.num_rows != listed["rows"]:
        yield f"holds {table.num_rows} rows, the manifest says {listed['rows']}"
    logical = LogicalHash(config.schema)
    logical.update(table)
    if logical.hexdigest() != listed["logical_sha256"]:
        yield "its rows are not those that were published (logical hash differs from the manifest)"
    if logical.value_bytes != listed["value_bytes"]:
        yield f"its values take {logical.value_bytes} bytes, the manifest says {listed['value_bytes']}"


def _check_content(
    table: pa.Table,
    config: Config,
    shard: str,
    texts: Mapping[str, str],
    sentences: Mapping[tuple[str, int], str],
    seen: Seen,
) -> Iterator[str]:
    """What must hold between the values; `texts` and `sentences` are those in the shards of the same name."""
    if config is ARTICLES:
        return check_articles(table, shard, seen)
    if config is SENTENCES:
        return check_sentences(table, texts)
    if config is TOKENS:
        return check_tokens(table, sentences)
    if config is BLOCKS:
        return check_blocks(table, texts, seen)
    if config is NEAR_DUP_PAIRS:
        return check_pairs(table, shard.partition("-")[0], seen)
    return check_dropped(table, seen)


def _schema_faults(schema: pa.Schema, wanted: pa.Schema) -> Iterator[str]:
    for field in wanted:
        if field.name not in schema.names:
            yield f"column '{field.name}' is missing; a loader would fill it with nulls"
        elif schema.field(field.name).type != field.type:
            yield f"column '{field.name}' is {schema.field(field.name).type}, not {field.type}"
    for column in schema.names:
        if column not in wanted.names:
            yield f"column '{column}' is not in the config's schema"
    if sorted(schema.names) == sorted(wanted.names) and schema.names != wanted.names:
        yield f"columns in another order: {', '.join(schema.names)}"
