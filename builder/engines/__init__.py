"""
Where steps run. An engine knows two verbs and nothing about news.

A step is a pure function at module level (or a `functools.partial` of one, with settings), from Arrow tables to an
Arrow table, or to an iterator of tables when its answer may be large. It never assumes one key a call.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from builder.tables import recipe_of

Step = Callable[..., pa.Table | Iterable[pa.Table]]

#: Called with the step's target name, parts done, parts in all.
Progress = Callable[[str, int, int], None]


class Engine(Protocol):
    """Runs steps over tables, which are folders of Parquet shards (see `builder.tables`)."""

    def map(self, fn: Step, source: Path, target: Path, schema: pa.Schema) -> Path:
        """Run `fn(table)` on batches of `source`, cut anywhere; shard for shard into `target`."""
        ...

    def exchange(self, keys: Sequence[str], fn: Step, sources: Sequence[Path], target: Path, schema: pa.Schema) -> Path:
        """
        Run `fn(*tables)`, a table a source, each holding every row of its keys, many keys a call, sorted by `keys`.

        Rows of one key keep the order in which the sources hold them.
        """
        ...


def map_recipe(fn: Step, source: Path, schema: pa.Schema) -> str:
    """Recipe of the table that `map` makes."""
    return recipe_of({"verb": "map", **describe(fn)}, [source], schema)


def describe(fn: Step) -> dict[str, Any]:
    """Name and settings of a step, for its recipe: equal descriptions mean the same work."""
    if hasattr(fn, "func"):  # functools.partial
        return {"step": describe(fn.func)["step"], "args": repr(fn.args), "settings": repr(sorted(fn.keywords.items()))}  # type: ignore[attr-defined]
    return {"step": f"{fn.__module__}.{fn.__qualname__}"}
