"""Numbers dealt out on disk, so that those of one key come together and few are in memory at once."""

import tempfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from builder.dedup.ragged import I64, U64

#: Bytes of the numbers of one part, and of those that wait to be dealt out.
PART_BYTES = 16 << 20


class Dealt:
    """
    Records of one dtype, dealt out by a hash of their key, in a temporary file that ends with them.

    For what grows with a dataset and must be sorted: memory is that of a part or two.
    """

    def __init__(self, dtype: npt.DTypeLike, n_bytes: int, part_bytes: int = PART_BYTES) -> None:
        """`n_bytes`: about what all records will take."""
        self.dtype = np.dtype(dtype)
        self.n = 1 + n_bytes // part_bytes
        self.part_bytes = part_bytes
        self._waiting: list[tuple[npt.NDArray[Any], U64]] = []
        self._waiting_bytes = 0
        self._ends: list[
            I64
        ] = []  # of each time that records were dealt out, the place in the file where each part ends
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  parts() closes it

    def add(self, records: npt.NDArray[Any], hashes: U64) -> None:
        """Take records in, each with 64 well mixed bits of its key."""
        self._waiting.append((records, hashes))
        self._waiting_bytes += records.nbytes
        if self._waiting_bytes >= self.part_bytes:
            self._deal_out()

    def parts(self) -> Iterator[npt.NDArray[Any]]:
        """Yield the records of each part, all once, in the order in which they came."""
        self._deal_out()
        with self._file as file:
            for part in range(self.n):
                found = bytearray()
                for ends in self._ends:
                    file.seek(int(ends[part]))
                    found += file.read(int(ends[part + 1] - ends[part]))
                yield np.frombuffer(found, self.dtype)

    def _deal_out(self) -> None:
        records = np.concatenate([np.zeros(0, self.dtype), *(records for records, _ in self._waiting)])
        hashes = np.concatenate([np.zeros(0, np.uint64), *(hashes for _, hashes in self._waiting)])
        self._waiting, self._waiting_bytes = [], 0
        part = ((hashes >> np.uint64(32)) * np.uint64(self.n) >> np.uint64(32)).astype(np.int64)
        order = np.argsort(part, kind="stable")
        ends = np.searchsorted(part[order], np.arange(self.n + 1))
        self._ends.append(self._file.tell() + ends * self.dtype.itemsize)
        self._file.write(records[order].tobytes())


def mixed(words: U64) -> U64:
    """Spread every bit of each word over the word (the finaliser of MurmurHash3, public domain)."""
    for _ in range(2):
        words = (words ^ words >> np.uint64(33)) * np.uint64(0xFF51AFD7ED558CCD)
    return words ^ words >> np.uint64(33)
