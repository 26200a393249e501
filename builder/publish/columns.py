"""Columns of a table as numpy has them: the checks of a release look at thousands of rows at once."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.ragged import I64, Bools


def array(values: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece, also when it has no chunk at all."""
    return values.chunk(0) if values.num_chunks == 1 else pa.concat_arrays([pa.array([], values.type), *values.chunks])


def bools(values: pa.Array) -> Bools:
    """Flags as numpy has them; null is false."""
    flags: Bools = pc.fill_null(values, False).to_numpy(zero_copy_only=False)
    return flags


def filled(values: pa.Array) -> I64:
    """Integers as numpy has them; null is -1."""
    return np.asarray(pc.fill_null(values, -1)).astype(np.int64)


def column(table: pa.Table, name: str) -> I64:
    """Return a column of integers; null is -1."""
    return filled(array(table[name]))


def lengths_of(values: Any) -> I64:
    """Lengths of lists, or of texts in bytes, shape (rows,); null is -1."""
    return filled(pc.list_value_length(values) if pa.types.is_list(values.type) else pc.binary_length(values))


def rows_of(table: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    """Iterate over some columns, row by row."""
    return zip(*(table[name].to_pylist() for name in names), strict=True)
