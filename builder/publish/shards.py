"""
How published files come to be: which shard an article goes to, and the Parquet of every config for one shard.

A shard is drawn by the hash of the article's id, so one new article touches one shard a config, and all rows of an
article stand in shards of the same split and number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder import schemas
from builder.publish.configs import DROPPED_SPLIT, Config
from builder.publish.features import CONFIGS, NEAR_DUP_PAIRS, with_features
from builder.publish.logical import LogicalHash
from builder.publish.reuse import Published, published_rows, put_together
from builder.publish.shard_names import shard_name
from builder.sentences import SentenceSettings
from builder.tables import file_sha256
from builder.tasks.articles import articles
from builder.tasks.blocks import blocks
from builder.tasks.dropped import dropped
from builder.tasks.learning import TASKS
from builder.tasks.sentences import sentences
from builder.tasks.tokens import keywords_of, tokens
from builder.words import Lexicon, WordSettings

# About 25 kB an article with its blocks in memory: 200 MB for the worker that writes a shard. On disk, shards of
# `articles` and `blocks` come to some 20 MB each, which is also what one changed article makes a reader fetch again.
SHARD_ARTICLES = 8192

# Uncompressed bytes of a row group, at most; the least is half of it. A streaming reader holds one group a column set:
# its first row costs 107 MB of memory with groups of 11 MB, 690 MB with a single group.
ROW_GROUP_BYTES = 16 << 20

# Content-defined chunking cuts pages by content: after a small change most pages of a shard are the bytes they were,
# and the Hub's storage and transfer, which work by chunk, see only the pages that differ.
CHUNKING = {"min_chunk_size": 256 << 10, "max_chunk_size": 1 << 20, "norm_level": 0}

# Of 2,500 pages, level 5 takes .27 ms a page, level 9 .47 for files smaller by 2 %, level 3 .16 for 4 % more.
ZSTD_LEVEL = 5

# Text and hashes never repeat, so their dictionary would be the column again.
NO_DICTIONARY = frozenset(
    [
        *("text", "text_simplified", "left_text", "right_text", "title", "lede", "body", "captions", "description"),
        *("document", "summary"),
        *("raw_sha256", "text_sha256", "url"),
    ]
)

#: ARTICLES with the key that its rows are dealt out by, `train-00000-of-00004`.
SHARDED = pa.schema([*schemas.ARTICLES, ("shard", pa.string())])
SHARDED_PAIRS = pa.schema([*schemas.NEAR_DUP_PAIRS, ("shard", pa.string())])

#: One row a published file.
FILES = pa.schema(
    [
        ("path", pa.string()),
        ("config", pa.string()),
        ("split", pa.string()),
        ("rows", pa.int64()),
        ("n_bytes", pa.int64()),
        ("value_bytes", pa.int64()),
        ("sha256", pa.string()),
        ("logical_sha256", pa.string()),
    ]
)


def assign_shards(table: pa.Table, plan: Mapping[str, int]) -> pa.Table:
    """ARTICLES -> SHARDED: name the shard of every row, published or dropped."""
    columns = [table[name].to_pylist() for name in ("reject", "split", "article_id", "source")]
    names = [
        shard_name(split, article_id, plan) if reject is None else shard_name(DROPPED_SPLIT, source, plan)
        for reject, split, article_id, source in zip(*columns, strict=True)
    ]
    return table.append_column("shard", pa.array(names, pa.string()))


def assign_pair_shards(table: pa.Table, plan: Mapping[str, int]) -> pa.Table:
    """NEAR_DUP_PAIRS -> SHARDED_PAIRS of those within one split, by the hash of their left side."""
    table = table.filter(pc.is_valid(table["split"]))
    columns = [table[name].to_pylist() for name in ("split", "left_id")]
    names = [shard_name(split, left, plan) for split, left in zip(*columns, strict=True)]
    return table.append_column("shard", pa.array(names, pa.string()))


@dataclass(frozen=True, slots=True)
class TaskSettings:
    """What decides on the rows of the configs, beside the articles themselves."""

    licence: str
    sentences: SentenceSettings
    words: WordSettings
    lexicon: Lexicon
    simplified: bool = False


def write_shards(
    table: pa.Table, folder: str, settings: TaskSettings, earlier: Published | None = None
) -> Iterator[pa.Table]:
    """
    SHARDED with complete shards, sorted by shard -> FILES, and the files themselves under `folder`.

    Rows are sorted by article and position, so neither the order of the input nor the number of workers shows; nor does
    it show which of them were read from the files of an `earlier` release.
    """
    for shard, rows in _by_shard(table):
        if shard.startswith(f"{DROPPED_SPLIT}-"):
            order = [(name, "ascending") for name in ("source", "page_id", "reject")]
            made = {"dropped": dropped(rows.sort_by(order))}
        else:
            again = published_rows(rows, shard, earlier) if earlier else {}
            made = make_configs(rows.sort_by("article_id"), settings, again)
        yield _write_configs(made, shard, Path(folder))


def write_pair_shards(table: pa.Table, folder: str) -> Iterator[pa.Table]:
    """SHARDED_PAIRS with complete shards, sorted by shard -> FILES, and the files themselves under `folder`."""
    for shard, rows in _by_shard(table):
        pairs = rows.sort_by([(name, "ascending") for name in NEAR_DUP_PAIRS.sort_by])
        yield _write_configs({NEAR_DUP_PAIRS.name: pairs.select(NEAR_DUP_PAIRS.schema.names)}, shard, Path(folder))


def _by_shard(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Cut a table that is sorted by shard."""
    start = 0
    for count in pc.value_counts(table["shard"].combine_chunks()).to_pylist():
        yield count["values"], table.slice(start, count["counts"])
        start += count["counts"]


def make_configs(rows: pa.Table, settings: TaskSettings, again: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """
    ARTICLES rows that are published, sorted by article_id -> the rows of every config but `dropped`, in its order.

    Args:
        again: what an earlier release has of these articles, see `published_rows`; empty when there is none.
    """
    old = pc.is_in(rows["article_id"], again["articles"]["article_id"]) if again else pa.array([False] * rows.num_rows)
    new = rows.filter(pc.invert(old))
    made = {"sentences": sentences(new, settings.sentences)}
    keywords: dict[str, list[str]] = {}
    if settings.words.tokens:
        made["tokens"] = tokens(made["sentences"], settings.words, settings.lexicon)
        keywords = keywords_of(made["tokens"], settings.words, settings.lexicon)
    made["articles"] = articles(new, settings.licence, keywords, simplified=settings.simplified)
    made |= {task.config.name: task.make(made["articles"]) for task in TASKS}
    if again:
        measured = again["articles"].sort_by("article_id")
        again = {**again, "articles": articles(rows.filter(old), settings.licence, {}, measured=measured)}
        made = {config.name: put_together(made, again, config) for config in CONFIGS if config.name in made}
    return made | {"blocks": blocks(rows)}


def _write_configs(made: Mapping[str, pa.Table], shard: str, folder: Path) -> pa.Table:
    """Write the tables of one shard, by config; return their FILES rows."""
    split = shard.partition("-")[0]
    files: list[dict[str, Any]] = []
    for config in CONFIGS:
        if config.name in made and made[config.name].num_rows:
            path = f"{config.name}/{shard}.parquet"
            files.append({"path": path, "config": config.name, "split": split})
            files[-1] |= write_file(made[config.name], config, folder / path)
    return pa.Table.from_pylist(files, schema=FILES)


def write_file(table: pa.Table, config: Config, path: Path) -> dict[str, int | str]:
    """Write one Parquet file, whole or not at all; return its rows, sizes (bytes) and hashes, as in FILES."""
    table = table.combine_chunks().cast(with_features(config.schema))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    pq.write_table(
        table,
        unfinished,
        row_group_size=group_rows(table),
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        use_dictionary=[leaf for leaf, column in leaves(table.schema) if column not in NO_DICTIONARY],
        write_page_index=True,
        use_content_defined_chunking=CHUNKING,
    )
    unfinished.rename(path)
    logical = LogicalHash(config.schema)
    logical.update(table)
    return {
        "rows": table.num_rows,
        "n_bytes": path.stat().st_size,
        "value_bytes": logical.value_bytes,
        "sha256": file_sha256(path),
        "logical_sha256": logical.hexdigest(),
    }


def group_rows(table: pa.Table) -> int:
    """Return the rows of a row group: a power of two, so that a few rows more or less leave the borders in place."""
    row_bytes: int = max(1, table.nbytes // table.num_rows)
    return 1 << max(0, (ROW_GROUP_BYTES // row_bytes).bit_length() - 1)


def leaves(schema: pa.Schema) -> Iterator[tuple[str, str]]:
    """Yield the Parquet path of every leaf, with the column that holds it: `byline.list.element`, `byline`."""

    def descend(path: str, kind: pa.DataType) -> Iterator[str]:
        if pa.types.is_struct(kind):
            for field in kind:
                yield from descend(f"{path}.{field.name}", field.type)
        elif pa.types.is_list(kind):
            yield from descend(f"{path}.list.element", kind.value_type)
        else:
            yield path

    for field in schema:
        for path in descend(field.name, field.type):
            yield path, field.name
