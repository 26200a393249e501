"""
The logical hash of a table: equal for equal rows, however Parquet encoded them.

Two pyarrow versions write different bytes for the same rows (the version stands in the footer, pages are cut
elsewhere); a file's SHA-256 then differs and its logical hash does not.
"""

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from hashlib import _Hash


class LogicalHash:
    """
    SHA-256 over the values of a table, fed in batches cut anywhere.

    Each leaf column has three streams: validity (a byte a value), lengths (int64, of strings and lists) and data
    (UTF-8, or little-endian values; nothing, or a zero, where the value is null). A stream is the plain concatenation
    of its values, so where batches are cut cannot show.
    """

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema.remove_metadata()
        self._streams: dict[str, _Hash] = {}
        self._rows = 0
        #: Bytes of the rows so far as Arrow holds them, validity left out and 4 a length: the card's `num_bytes`.
        self.value_bytes = 0

    def update(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Add rows; they must have the columns of the schema."""
        self._rows += rows.num_rows
        for field in self._schema:
            column = rows.column(field.name)
            for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
                if len(chunk):
                    self._add(field.name, chunk)

    def hexdigest(self) -> str:
        """Hex digest of the rows given so far."""
        total = sha256(f"{self._rows}\n{self._schema.to_string()}\n".encode())
        for path in sorted(self._streams):
            total.update(f"{path} {self._streams[path].hexdigest()}\n".encode())
        return total.hexdigest()

    def _feed(self, path: str, values: npt.NDArray[Any]) -> None:
        self._streams.setdefault(path, sha256()).update(values.data)
        if path.endswith("#"):
            self.value_bytes += values.nbytes // 2
        elif not path.endswith("?"):
            self.value_bytes += values.nbytes

    def _add(self, path: str, array: pa.Array) -> None:
        self._feed(f"{path}?", array.is_valid().cast(pa.uint8()).to_numpy(zero_copy_only=False))
        kind = array.type
        if pa.types.is_struct(kind):
            for field, values in zip(kind, array.flatten(), strict=True):
                self._add(f"{path}.{field.name}", values)
        elif pa.types.is_list(kind):
            self._feed(f"{path}#", pc.fill_null(pc.list_value_length(array), 0).to_numpy().astype("<i8"))
            self._add(f"{path}[]", pc.list_flatten(array))
        elif pa.types.is_string(kind):
            self._feed(f"{path}#", pc.fill_null(pc.binary_length(array), 0).to_numpy().astype("<i8"))
            self._feed(path, _string_bytes(array.drop_null() if array.null_count else array))
        elif pa.types.is_boolean(kind):
            self._feed(path, pc.fill_null(array, False).cast(pa.uint8()).to_numpy(zero_copy_only=False))
        else:
            numbers = array.cast(pa.int64()) if pa.types.is_timestamp(kind) else array
            values = pc.fill_null(numbers, 0).to_numpy(zero_copy_only=False)
            self._feed(path, np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"))))


def _string_bytes(array: pa.StringArray) -> npt.NDArray[np.uint8]:
    """Return the UTF-8 of every value, one after the other, without copying."""
    _, offsets, data = array.buffers()
    if data is None or not len(array):
        return np.zeros(0, np.uint8)
    ends = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    return np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]
