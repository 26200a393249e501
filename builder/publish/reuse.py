"""
Rows that an earlier release published and that would be made again as they are.

Sentences, words, measures and the tasks depend on the words of an article alone. Where an article is published again,
by the same code and the same settings, its rows are read from the earlier release's files: 9,000 broadcast items take
1.1 s so, and 5.3 s when they are made. The columns of `articles` that depend on others too are never read there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.publish.configs import OF_ARTICLE, Config
from builder.publish.features import ARTICLES, SENTENCES, TOKENS
from builder.tasks.articles import MEASURED
from builder.tasks.learning import TASKS

# The same for all rows of a release, or that of a text which is compared.
_GIVEN = ("article_id", "licence", "pipeline_version", "text_sha256")

#: What is compared of an article.
_ALIKE = ("title", "text", "description", *(name for name in OF_ARTICLE if name not in _GIVEN))

#: The configs of which rows are read, beside MEASURED of `articles`.
READ = (SENTENCES, TOKENS, *(task.config for task in TASKS))


@dataclass(frozen=True, slots=True)
class Published:
    """An earlier release whose rows can be read: its folder, the shards of each split, and a digest of its rows."""

    folder: str
    shards: tuple[tuple[str, int], ...]
    digest: str


def published_rows(rows: pa.Table, shard: str, earlier: Published) -> dict[str, pa.Table]:
    """
    Read what an earlier release has of the articles of one shard.

    Args:
        rows: ARTICLES rows that are published.
        shard: where they go, `train-00001-of-00004`.

    Returns:
        Rows by config, none at all for an article that is not there as it is here: of `articles` the columns article_id
        and MEASURED, of READ all columns.
    """
    split, number, n = _parts(shard)
    before = dict(earlier.shards).get(split, 0)
    common = min(n, before)  # both are powers of two: a shard was cut in two, or two were joined
    files = [f"{split}-{i:05}-of-{before:05}.parquet" for i in range(before) if i % common == number % common]

    def read(config: Config, columns: Sequence[str]) -> pa.Table:
        paths = [path for name in files if (path := Path(earlier.folder) / config.name / name).is_file()]
        parts = [pq.read_table(path, columns=list(columns)).replace_schema_metadata(None) for path in paths]
        empty = config.schema.empty_table().select(columns)
        return pa.concat_tables([empty, *parts])

    told = read(ARTICLES, ["article_id", *_ALIKE, *MEASURED])
    told = told.take(pc.indices_nonzero(_same(told, rows)))
    ids = told["article_id"]
    found = {ARTICLES.name: told.select(["article_id", *MEASURED])}
    for config in READ:
        table = read(config, config.schema.names)
        found[config.name] = table.filter(pc.is_in(table["article_id"], ids))
    return found


def put_together(made: Mapping[str, pa.Table], again: Mapping[str, pa.Table], config: Config) -> pa.Table:
    """Put rows that were made and rows that were read into the order of the config."""
    parts = [tables[config.name] for tables in (made, again)]
    if not parts[1].num_rows:
        return parts[0]
    return pa.concat_tables(parts).sort_by([(name, "ascending") for name in config.sort_by])


def _same(told: pa.Table, rows: pa.Table) -> pa.ChunkedArray:
    """
    True for the articles of `told` that `rows` has with the same words and in the same cluster.

    The same page gives the same article; only that of a series changes, when another part of it comes in, and the
    cluster when other settings make two published articles alike.
    """
    row = pc.index_in(told["article_id"], rows["article_id"])
    same = pc.is_null(rows["part"].take(row))
    for name in _ALIKE:
        before, now = (_comparable(column) for column in (told[name], rows[name].take(row)))
        both_null = pc.and_(pc.is_null(before), pc.is_null(now))
        same = pc.and_(same, pc.or_(both_null, pc.fill_null(pc.equal(before, now), False)))
    return pc.and_(same, pc.is_valid(row))


def _comparable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Lists of texts as texts: Arrow compares no lists."""
    return pc.binary_join(column, "\0") if pa.types.is_list(column.type) else column


def _parts(shard: str) -> tuple[str, int, int]:
    split, number, _, n = shard.split("-")
    return split, int(number), int(n)
