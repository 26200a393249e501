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
import pyarrow.parquet as pq

from builder.engines import Progress, Step, describe, map_recipe
from builder.engines.shards import exchange_partition, map_shard, spill_shard
from builder.tables import Shard, finish_table, is_current, partial_folder, recipe_of, shard_paths

#: One worker's work on one shard: picklable, and harmless when it is run twice.
Call = partial[Shard]

# Bytes of the values of one exchanged partition: bounds a worker, which holds them some three times, and cuts work for
# many cores. Not compressed bytes: texts that stand in many rows of a table compress twelve times as well as pages.
PARTITION_BYTES = 96 << 20

# Each shard is dealt out into so many pieces of 3 kB of description at least. With shards of 32 MB of pages, pieces are
# mostly description past this; tables of more than 200 GB of values get larger partitions instead.
MAX_PARTITIONS = 2048


class OverFolders(ABC):
    """
    An engine over tables that every worker can read and write.

    Args:
        progress: called with step, parts done and parts in all.
        fresh: make every table anew, even a current one.
        partition_bytes: bytes of the values of a partition of `exchange`, before compression.
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
        n_bytes = sum(value_bytes(path) for paths in files for path in paths)
        n = max(1, min(-(-n_bytes // self.partition_bytes), MAX_PARTITIONS))
        spill = partial_dir / "spill"
        if n > 1:
            files = self._spill(target.name, keys, files, spill, n)
        calls = [
            partial(
                exchange_partition, fn, list(keys), files, p, n, partial_dir / f"{p:05}.parquet", target.name, schema
            )
            for p in range(n)
        ]
        shards = self.run(target.name, calls)
        shutil.rmtree(spill, ignore_errors=True)
        finish_table(partial_dir, target, recipe, shards)
        return target

    def _spill(self, name: str, keys: Sequence[str], files: list[list[Path]], spill: Path, n: int) -> list[list[Path]]:
        """Deal the rows of every shard out to `n` partitions; return the files that hold them, by source."""
        shutil.rmtree(spill, ignore_errors=True)
        spill.mkdir()
        spilled = [[spill / f"{i}-{path.stem}.arrow" for path in paths] for i, paths in enumerate(files)]
        calls = [
            partial(spill_shard, path, list(keys), n, target)
            for paths, targets in zip(files, spilled, strict=True)
            for path, target in zip(paths, targets, strict=True)
        ]
        self.run(f"{name} (dealing out)", calls)
        return spilled


def value_bytes(path: Path) -> int:
    """Bytes of the values of a Parquet file, before compression: about what its rows take in memory."""
    about = pq.read_metadata(path)
    return sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
