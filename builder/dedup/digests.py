"""Digests of texts as numbers, for sorting, and as 16 hex digits, as they stand in tables."""

import numpy as np
import pyarrow as pa

from builder.dedup.ragged import U64


def to_hex(digests: U64) -> pa.Array:
    """
    Write each digest as 16 hex digits.

    >>> to_hex(np.array([255], np.uint64)).to_pylist()
    ['00000000000000ff']
    """
    digits = pa.py_buffer(digests.astype(">u8").tobytes().hex().encode())
    offsets = pa.py_buffer((16 * np.arange(len(digests) + 1)).astype(np.int32).tobytes())
    return pa.StringArray.from_buffers(len(digests), offsets, digits)


def from_hex(column: pa.ChunkedArray) -> U64:
    """
    Read digests of 16 hex digits, none of them null.

    >>> from_hex(pa.chunked_array([["00000000000000ff"]])).tolist()
    [255]
    """
    parts = [np.zeros(0, np.uint64)]
    for chunk in column.chunks:
        if len(chunk):
            _, offsets, data = chunk.buffers()
            begin, end = np.frombuffer(offsets, np.int32)[[chunk.offset, chunk.offset + len(chunk)]].tolist()
            digits = data.slice(begin, end - begin).to_pybytes().decode("ascii")
            parts.append(np.frombuffer(bytes.fromhex(digits), ">u8").astype(np.uint64))
    return np.concatenate(parts)
