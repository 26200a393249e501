"""Parts of different lengths laid end to end in one array, and the types of arrays used in the search."""

from typing import Any

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def ends_of(lengths: npt.NDArray[Any]) -> I64:
    """
    Offsets of parts laid end to end, shape (parts + 1,); of flags, how many are set before each place.

    >>> ends_of(np.array([2, 0, 3])).tolist()
    [0, 2, 2, 5]
    """
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])


def spread(starts: I64, lengths: I64) -> I64:
    """
    Indices start, start + 1 … of every part, one part after another, shape (sum of lengths,).

    >>> spread(np.array([5, 20]), np.array([2, 3])).tolist()
    [5, 6, 20, 21, 22]
    """
    offsets = ends_of(lengths)
    return np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)


def first_of_run(values: npt.NDArray[Any]) -> Bools:
    """True where a sorted array takes a new value, shape (values,)."""
    first = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return first
