"""
The two verbs over folders of Parquet; what is left to an engine is where the calls run.

Which shards there are, and what stands in each, depends on the data alone: the same bytes come out whatever the number
of workers, on one machine or on many.
"""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Self

import pyarrow as pa

from builder.engines import Progress, Step, describe, map_recipe
from builder.engines.shards import exchange_partition, map_shard, spill_path, spill_shard
from builder.tables import Shard, finish_table, is_current, partial_folder, recipe_of, shard_paths

#: One worker's work on one shard: picklable, and harmless when it is run twice.
Call = partial[Shard]

# Compressed bytes of one exchanged partition: bounds a worker, and cuts work for many cores. Not swept yet.
PARTITION_BYTES = 64 << 20


class OverFolders(ABC):
    """
    An engine over tables that every worker can read and write.

    Args:
        progress: called with step, parts done and parts in all.
        fresh: make every table anew, even a current one.
        partition_bytes: compressed bytes of a partition of `exchange`.
    """

    def __init__(
        self, progress: Progress | None = None, *, fresh: bool = False, partition_bytes: int = PARTITION_BYTES
    ) -> None:
        self.progress = progress
        self.fresh = fresh
        self.partition_bytes = partition_bytes

    @abstractmethod
    def run(self, name: str, calls: Sequence[Call]) -> list[Shard]:
        """
        Run every call and return the answers in the order of the calls; `report` as they come.

        No call runs any more when this returns or raises, so that nobody writes behind us.
        """

    @abstractmethod
    def close(self) -> None:
        """Let the workers go."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def report(self, name: str, done: int, total: int) -> None:
        """Tell whoever watches how far the step `name` is."""
        if self.progress is not None:
            self.progress(name, done, total)

    def map(self, fn: Step, source: Path, target: Path, schema: pa.Schema) -> Path:
        """Run `fn` on batches of `source`; each source shard gives the target shard of the same name."""
        recipe = map_recipe(fn, source, schema)
        if not self.fresh and is_current(target, recipe):
            return target
        partial_dir = partial_folder(target, recipe)
        calls = [
            partial(map_shard, fn, path, partial_dir / path.name, target.name, schema) for path in shard_paths(source)
        ]
        finish_table(partial_dir, target, recipe, self.run(target.name, calls))
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
            partial(exchange_partition, fn, list(keys), parts, partial_dir / f"{p:05}.parquet", target.name, schema)
            for p, parts in enumerate(partitions)
        ]
        shards = self.run(target.name, calls)
        shutil.rmtree(spill, ignore_errors=True)
        finish_table(partial_dir, target, recipe, shards)
        return target

    def _spill(
        self, name: str, keys: Sequence[str], files: list[list[Path]], spill: Path, n: int
    ) -> list[list[list[Path]]]:
        """Deal the rows of every shard out to `n` partitions; return their files by partition and source."""
        shutil.rmtree(spill, ignore_errors=True)
        spill.mkdir()
        stems = [[f"{i}-{path.stem}" for path in paths] for i, paths in enumerate(files)]
        calls = [
            partial(spill_shard, path, list(keys), n, spill, stem)
            for paths, names in zip(files, stems, strict=True)
            for path, stem in zip(paths, names, strict=True)
        ]
        self.run(f"{name} (dealing out)", calls)
        return [[[spill_path(spill, p, stem) for stem in names] for names in stems] for p in range(n)]
