"""
The default engine: a pool of spawned processes on this machine, over the shards of a table.

Which shards there are, and what stands in each, depends on the data alone: the same bytes come out whatever the number
of workers.
"""

import multiprocessing
import shutil
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from builder.engines import Progress, Step, describe
from builder.engines.partition import partition_of
from builder.errors import BuilderError
from builder.tables import (
    Shard,
    existing_shard,
    finish_table,
    is_current,
    partial_folder,
    recipe_of,
    shard_paths,
    write_shard,
)

# Rows a call of a mapped step: 14 MB of the gold pages, whose rows take 56 kB with their blocks.
BATCH_ROWS = 256

# Compressed bytes of one exchanged partition: bounds a worker, and cuts work for many cores. Not swept yet.
PARTITION_BYTES = 64 << 20


class Embedded:
    """
    Runs steps on this machine.

    Args:
        workers: processes; 1 runs everything in this one.
        progress: called with step, parts done and parts in all.
        fresh: make every table anew, even a current one.
        partition_bytes: compressed bytes of a partition of `exchange`.
    """

    def __init__(
        self,
        workers: int = 1,
        progress: Progress | None = None,
        *,
        fresh: bool = False,
        partition_bytes: int = PARTITION_BYTES,
    ) -> None:
        self.workers = workers
        self.progress = progress
        self.fresh = fresh
        self.partition_bytes = partition_bytes
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def map(self, fn: Step, source: Path, target: Path, schema: pa.Schema) -> Path:
        """Run `fn` on batches of `source`; each source shard gives the target shard of the same name."""
        recipe = recipe_of({"verb": "map", **describe(fn)}, [source], schema)
        if not self.fresh and is_current(target, recipe):
            return target
        partial_dir = partial_folder(target, recipe)
        calls = [
            partial(_map_shard, fn, path, partial_dir / path.name, target.name, schema) for path in shard_paths(source)
        ]
        finish_table(partial_dir, target, recipe, self._run(target.name, calls))
        return target

    def exchange(self, keys: Sequence[str], fn: Step, sources: Sequence[Path], target: Path, schema: pa.Schema) -> Path:
        """Run `fn` on tables of complete keys: rows go to hashed partitions, one target shard a partition."""
        recipe = recipe_of({"verb": "exchange", "keys": list(keys), **describe(fn)}, sources, schema)
        if not self.fresh and is_current(target, recipe):
            return target
        partial_dir = partial_folder(target, recipe)
        files = [shard_paths(source) for source in sources]
        n_bytes = sum(path.stat().st_size for paths in files for path in paths)
        n = max(1, -(-n_bytes // self.partition_bytes))
        spill = partial_dir / "spill"
        partitions = [files] if n == 1 else self._spill(target.name, keys, files, spill, n)
        calls = [
            partial(_exchange_partition, fn, list(keys), parts, partial_dir / f"{p:05}.parquet", target.name, schema)
            for p, parts in enumerate(partitions)
        ]
        shards = self._run(target.name, calls)
        shutil.rmtree(spill, ignore_errors=True)
        finish_table(partial_dir, target, recipe, shards)
        return target

    def _spill(
        self, name: str, keys: Sequence[str], files: list[list[Path]], spill: Path, n: int
    ) -> list[list[list[Path]]]:
        """Deal the rows of every shard out to `n` partitions; return their files by partition and source."""
        shutil.rmtree(spill, ignore_errors=True)
        spill.mkdir()
        calls = [
            partial(_spill_shard, path, list(keys), n, spill, f"{i}-{path.stem}")
            for i, paths in enumerate(files)
            for path in paths
        ]
        self._run(f"{name} (dealing out)", calls)
        return [
            [[spill / f"{p:05}-{i}-{path.stem}.parquet" for path in paths] for i, paths in enumerate(files)]
            for p in range(n)
        ]

    def _run(self, name: str, calls: "Sequence[partial[Shard]]") -> list[Shard]:
        """Run every call, in this process or in the pool, and return the answers in the order of the calls."""
        if self.progress is not None:
            self.progress(name, 0, len(calls))
        return list(self._run_here(name, calls) if self.workers == 1 else self._run_in_pool(name, calls))

    def _run_here(self, name: str, calls: "Sequence[partial[Shard]]") -> Iterator[Shard]:
        for done, call in enumerate(calls, start=1):
            yield call()
            if self.progress is not None:
                self.progress(name, done, len(calls))

    def _run_in_pool(self, name: str, calls: "Sequence[partial[Shard]]") -> list[Shard]:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.workers, mp_context=context)
        with _workers_deaf_to_interrupts():
            futures = [self._pool.submit(call) for call in calls]
        waiting: set[Future[Shard]] = set(futures)
        try:
            while waiting:
                done, waiting = wait(waiting, timeout=0.5, return_when=FIRST_EXCEPTION)
                for future in done:
                    future.result()
                if self.progress is not None:
                    self.progress(name, sum(f.done() for f in futures), len(calls))
        except BrokenProcessPool as lost:
            self._pool = None
            raise BuilderError(
                f"step '{name}': a worker process was killed, most often for want of memory. "
                "Run the same command again with a smaller -j; it goes on where it stopped."
            ) from lost
        finally:
            # What runs already is let to its end: its shards are there for the next run, and nobody writes behind us.
            wait([future for future in waiting if not future.cancel()])
        return [future.result() for future in futures]


@contextmanager
def _workers_deaf_to_interrupts() -> Iterator[None]:
    """
    Leave Ctrl-C to the parent, which cancels what has not begun; call it from the main thread.

    A process inherits the signal mask, so a worker that starts in here never gets SIGINT, not even before its first
    line of Python runs. One that comes to the parent meanwhile waits: a worker must not be left half started.
    """
    came: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
    if came:
        raise KeyboardInterrupt


def _answers(fn: Step, tables: Iterable[tuple[pa.Table, ...]]) -> Iterator[pa.Table]:
    for given in tables:
        answer = fn(*given)
        if isinstance(answer, pa.Table):
            yield answer
        else:
            yield from answer


def _map_shard(fn: Step, source: Path, target: Path, name: str, schema: pa.Schema) -> Shard:
    finished = existing_shard(target)
    if finished is not None:
        return finished
    with pq.ParquetFile(source) as file:
        batches = ((pa.Table.from_batches([batch]),) for batch in file.iter_batches(batch_size=BATCH_ROWS))
        return write_shard(target, _answers(fn, batches), name, schema)


def _spill_shard(source: Path, keys: list[str], n: int, spill: Path, stem: str) -> Shard:
    """Write the rows of one shard into `n` files of `spill`; every file is written, also an empty one."""
    rows = 0
    with pq.ParquetFile(source) as file:
        schema = file.schema_arrow
        paths = [spill / f"{p:05}-{stem}.parquet" for p in range(n)]
        writers = [pq.ParquetWriter(path, schema, compression="lz4") for path in paths]
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
        for writer in writers:
            writer.close()
    return Shard(stem, rows, "")


def _exchange_partition(
    fn: Step, keys: list[str], sources: list[list[Path]], target: Path, name: str, schema: pa.Schema
) -> Shard:
    finished = existing_shard(target)
    if finished is not None:
        return finished
    order = [(key, "ascending") for key in keys]
    tables = tuple(pa.concat_tables([pq.read_table(path) for path in paths]).sort_by(order) for paths in sources)
    return write_shard(target, _answers(fn, [tables]), name, schema)
