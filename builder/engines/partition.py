"""Which partition a row belongs to: a hash of its keys, the same on every machine, engine and run."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def partition_of(table: pa.Table, keys: Sequence[str], n: int) -> npt.NDArray[np.int64]:
    """Return the partition of each row, shape (rows,), in 0..n-1; equal keys share a partition."""
    state = np.zeros(table.num_rows, np.uint64)
    for key in keys:
        state = _mixed(state * np.uint64(0x9E3779B97F4A7C15) + _hashes(table.column(key)))
    return (state % np.uint64(n)).astype(np.int64)


def _hashes(column: pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    """One hash a value, shape (rows,): sum over its UTF-8 bytes of byte times the multiplier of the position."""
    strings = pc.fill_null(column.cast(pa.large_string()), "").combine_chunks()
    if isinstance(strings, pa.ChunkedArray):  # a column without chunks
        return np.zeros(0, np.uint64)
    _, offsets_buffer, data_buffer = strings.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int64)[strings.offset : strings.offset + len(strings) + 1]
    data = np.frombuffer(data_buffer or b"", np.uint8)[offsets[0] : offsets[-1]].astype(np.uint64)
    starts, lengths = offsets[:-1] - offsets[0], np.diff(offsets)
    position = np.arange(len(data)) - np.repeat(starts, lengths)
    weighted = (data + np.uint64(1)) * _POSITIONS[position % len(_POSITIONS)]
    total = np.concatenate([np.zeros(1, np.uint64), np.cumsum(weighted, dtype=np.uint64)])
    return _mixed(total[starts + lengths] - total[starts])


def _mixed(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread every bit over the word (the finaliser of MurmurHash3, public domain)."""
    x = x ^ (x >> np.uint64(33))
    x = x * np.uint64(0xFF51AFD7ED558CCD)
    return x ^ (x >> np.uint64(33))


# Odd multipliers, one a byte position. Keys are hex digests and short names; positions past 64 reuse the list, which
# only makes a collision of partitions, never a wrong answer.
_POSITIONS = _mixed(np.arange(1, 65, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)
