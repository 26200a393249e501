"""
What a worker does with one shard, the same on every engine.

Whatever a call writes appears whole or not at all, so that one that is run again after a crash, here or on another
machine, does no harm.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from builder.engines import Step
from builder.engines.partition import partition_of
from builder.tables import Shard, existing_shard, unfinished, write_shard

# Rows a call of a mapped step: 14 MB of the gold pages, whose rows take 56 kB with their blocks.
BATCH_ROWS = 256


def map_shard(fn: Step, source: Path, target: Path, name: str, schema: pa.Schema) -> Shard:
    """Write `fn` of the batches of the shard `source` to `target`, unless an earlier run did."""
    finished = existing_shard(target)
    if finished is not None:
        return finished
    with pq.ParquetFile(source) as file:
        batches = ((pa.Table.from_batches([batch]),) for batch in file.iter_batches(batch_size=BATCH_ROWS))
        return write_shard(target, _answers(fn, batches), name, schema)


def spill_path(spill: Path, partition: int, stem: str) -> Path:
    """Where the rows of the shard `stem` that belong to `partition` are spilled to."""
    return spill / f"{partition:05}-{stem}.parquet"


def spill_shard(source: Path, keys: list[str], n: int, spill: Path, stem: str) -> Shard:
    """Write the rows of one shard into `n` files of the folder `spill`; every file is written, also an empty one."""
    rows = 0
    paths = [spill_path(spill, p, stem) for p in range(n)]
    with pq.ParquetFile(source) as file:
        schema = file.schema_arrow
        writers = [pq.ParquetWriter(unfinished(path), schema, compression="lz4") for path in paths]
        for batch in file.iter_batches(batch_size=16 * BATCH_ROWS):
            table = pa.Table.from_batches([batch])
            rows += table.num_rows
            home = partition_of(table, keys, n)
            order = np.argsort(home, kind="stable")
            ends = np.searchsorted(home[order], np.arange(n + 1))
            for p, writer in enumerate(writers):
                mine = order[ends[p] : ends[p + 1]]
                if len(mine):
                    writer.write_table(table.take(pa.array(mine)))
    for path, writer in zip(paths, writers, strict=True):
        writer.close()
        unfinished(path).rename(path)
    return Shard(stem, rows, "")


def exchange_partition(
    fn: Step, keys: list[str], sources: list[list[Path]], target: Path, name: str, schema: pa.Schema
) -> Shard:
    """Write `fn` of one partition's tables, a table a source, sorted by `keys`, unless an earlier run did."""
    finished = existing_shard(target)
    if finished is not None:
        return finished
    order = [(key, "ascending") for key in keys]
    tables = tuple(pa.concat_tables([pq.read_table(path) for path in paths]).sort_by(order) for paths in sources)
    return write_shard(target, _answers(fn, [tables]), name, schema)


def _answers(fn: Step, tables: Iterable[tuple[pa.Table, ...]]) -> Iterator[pa.Table]:
    for given in tables:
        answer = fn(*given)
        if isinstance(answer, pa.Table):
            yield answer
        else:
            yield from answer
