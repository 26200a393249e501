"""
What a worker does with one shard, the same on every engine.

Whatever a call writes appears whole or not at all, so that one that is run again after a crash, here or on another
machine, does no harm.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from builder.engines import Step
from builder.engines.partition import partition_of
from builder.tables import Shard, existing_shard, unfinished, write_shard

# Rows a call of a mapped step: 14 MB of the gold pages, whose rows take 56 kB with their blocks.
BATCH_ROWS = 256

# Bytes in memory of the rows that are dealt out at once.
CHUNK_BYTES = 64 << 20


def map_shard(fn: Step, source: Path, target: Path, name: str, schema: pa.Schema) -> Shard:
    """Write `fn` of the batches of the shard `source` to `target`, unless an earlier run did."""
    finished = existing_shard(target)
    if finished is not None:
        return finished
    with pq.ParquetFile(source) as file:
        batches = ((pa.Table.from_batches([batch]),) for batch in file.iter_batches(batch_size=BATCH_ROWS))
        return write_shard(target, _answers(fn, batches), name, schema)


def spill_shard(source: Path, keys: list[str], n: int, target: Path) -> Shard:
    """
    Write the rows of one shard by partition: `target` is an Arrow file of which every n batches are n partitions.

    One file a shard and not one a partition: a thousand shards dealt out to a thousand partitions are a thousand files.
    """
    rows = 0
    with pq.ParquetFile(source) as file:
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with (
            pa.OSFile(str(unfinished(target)), "wb") as sink,
            pa.ipc.new_file(sink, file.schema_arrow, options=options) as out,
        ):
            for table in _chunks(file):
                rows += table.num_rows
                home = partition_of(table, keys, n)
                order = np.argsort(home, kind="stable")
                ends = np.searchsorted(home[order], np.arange(n + 1))
                dealt = table.take(pa.array(order)).combine_chunks().to_batches()
                for begin, end in pairwise(ends.tolist()):
                    out.write_batch(dealt[0].slice(begin, end - begin))
    unfinished(target).rename(target)
    return Shard(target.name, rows, "")


def _chunks(file: pq.ParquetFile) -> Iterator[pa.Table]:
    """Cut a shard into tables of some CHUNK_BYTES."""
    batches: list[pa.RecordBatch] = []
    n_bytes = 0  # added up as they come: asking all of them again each time was a third of a million pages' build
    for batch in file.iter_batches(batch_size=BATCH_ROWS):
        batches.append(batch)
        n_bytes += batch.nbytes
        if n_bytes >= CHUNK_BYTES:
            yield pa.Table.from_batches(batches)
            batches, n_bytes = [], 0
    if batches:
        yield pa.Table.from_batches(batches)


def _read_partition(path: Path, partition: int, n: int) -> pa.Table:
    """Read the rows of one of `n` partitions from a shard; when there is but one, the shard itself."""
    if n == 1:
        return pq.read_table(path)
    with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as spilled:
        places = range(partition, spilled.num_record_batches, n)
        return pa.Table.from_batches([spilled.get_batch(place) for place in places], spilled.schema)


def exchange_partition(
    fn: Step,
    keys: list[str],
    sources: list[list[Path]],
    partition: int,
    n: int,
    target: Path,
    name: str,
    schema: pa.Schema,
) -> Shard:
    """
    Write `fn` of one partition's tables, a table a source, sorted by `keys`, unless an earlier run did.

    `sources` are shards when `n` is 1, and else the files of `spill_shard`.
    """
    finished = existing_shard(target)
    if finished is not None:
        return finished
    order = [(key, "ascending") for key in keys]
    tables = (pa.concat_tables([_read_partition(path, partition, n) for path in paths]) for paths in sources)
    return write_shard(target, _answers(fn, [tuple(table.sort_by(order) for table in tables)]), name, schema)


def _answers(fn: Step, tables: Iterable[tuple[pa.Table, ...]]) -> Iterator[pa.Table]:
    for given in tables:
        answer = fn(*given)
        if isinstance(answer, pa.Table):
            yield answer
        else:
            yield from answer
