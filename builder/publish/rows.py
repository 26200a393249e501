"""One published file, read once, a row group at a time: its columns, class labels and hashes are checked on the way."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.publish.configs import Config
from builder.publish.faults import Found
from builder.publish.features import CLASS_NAMES, with_features
from builder.publish.logical import LogicalHash
from builder.publish.values import check_values, null_faults


class Rows:
    """
    The rows of a published file: iterate over it for its row groups, and ask what was found when they have passed.

    `fixed` are the columns that the manifest settles, see `values.settled`.

    Attributes:
        unreadable: why its values cannot be checked: no Parquet, other columns, no UTF-8, nulls where none may be.
            Iterating ends there.
    """

    def __init__(self, path: Path, config: Config, fixed: Mapping[str, str | None]) -> None:
        self._config, self._fixed = config, fixed
        self._found = Found()
        self._logical = LogicalHash(config.schema)
        self._outside: dict[str, tuple[object, int]] = {}  # by column, a number that is no class, and how many are none
        self._n = 0
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            self.unreadable = [f"is not a whole Parquet file: {error}"]
        else:
            self.unreadable = list(_schema_faults(self._file.schema_arrow, config.schema))

    def __iter__(self) -> Iterator[pa.Table]:
        """Yield the row groups, each in one chunk."""
        for group in range(0 if self.unreadable else self._file.num_row_groups):
            try:
                table = self._file.read_row_group(group).combine_chunks()
            except (pa.ArrowException, OSError) as error:
                self.unreadable.append(f"is not a whole Parquet file: {error}")
                return
            self.unreadable += (*_text_faults(table), *null_faults(table, self._config))
            if self.unreadable:
                return
            self._n += table.num_rows
            self._logical.update(table)
            self._check_classes(table)
            check_values(table, self._config, self._fixed, self._found)
            if table.num_rows:
                yield table

    def told(self, listed: Mapping[str, Any] | None) -> Iterator[str]:
        """Yield what is wrong with the rows that have passed; `listed` is what the manifest says of the file."""
        metadata, wanted = self._file.schema_arrow.metadata or {}, with_features(self._config.schema).metadata
        if metadata.get(b"huggingface") != wanted[b"huggingface"]:
            yield "its `huggingface` metadata is not that of the config: class names would be lost"
        for column, (value, n) in self._outside.items():
            n_classes = len(CLASS_NAMES[column.rpartition(".")[2]])
            yield f"column '{column}' holds {value} and {n - 1} more outside its {n_classes} classes"
        yield from self._found.told()
        if self._n == 0:
            yield "holds no rows; loaders fail on an empty file, so it should be left out"
        if listed is None:
            return
        if self._n != listed["rows"]:
            yield f"holds {self._n} rows, the manifest says {listed['rows']}"
        if self._logical.hexdigest() != listed["logical_sha256"]:
            yield "its rows are not those that were published (logical hash differs from the manifest)"
        if self._logical.value_bytes != listed["value_bytes"]:
            yield f"its values take {self._logical.value_bytes} bytes, the manifest says {listed['value_bytes']}"

    def _check_classes(self, table: pa.Table) -> None:
        """Class labels, also inside lists: none missing, none out of range."""
        for name in self._config.schema.names:
            for column, values in _class_values(name, table[name].combine_chunks()):
                n_classes = len(CLASS_NAMES[column.rpartition(".")[2]])
                outside = pc.or_(pc.less(values, 0), pc.greater_equal(values, n_classes))
                wrong = values.filter(pc.fill_null(outside, True))
                if len(wrong):
                    value, n = self._outside.get(column, (wrong[0].as_py(), 0))
                    self._outside[column] = value, n + len(wrong)


def _class_values(path: str, values: pa.Array) -> Iterator[tuple[str, pa.Array]]:
    """Yield the class labels in a column, with the path to them: `paragraphs.role`."""
    if isinstance(values, pa.ChunkedArray):  # a column without a chunk
        return
    if pa.types.is_list(values.type):
        yield from _class_values(path, pc.list_flatten(values))
    elif pa.types.is_struct(values.type):
        for member, array in zip(values.type, values.flatten(), strict=True):
            yield from _class_values(f"{path}.{member.name}", array)
    elif path.rpartition(".")[2] in CLASS_NAMES and pa.types.is_integer(values.type):
        yield path, values


def _text_faults(table: pa.Table) -> Iterator[str]:
    """Columns with text that is none: Parquet takes any bytes, readers stop at them."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid as error:
            yield f"column '{name}' cannot be read: {error}"


def _schema_faults(schema: pa.Schema, wanted: pa.Schema) -> Iterator[str]:
    for field in wanted:
        if field.name not in schema.names:
            yield f"column '{field.name}' is missing; a loader would fill it with nulls"
        elif schema.field(field.name).type != field.type:
            yield f"column '{field.name}' is {schema.field(field.name).type}, not {field.type}"
    for column in schema.names:
        if column not in wanted.names:
            yield f"column '{column}' is not in the config's schema"
    if sorted(schema.names) == sorted(wanted.names) and schema.names != wanted.names:
        yield f"columns in another order: {', '.join(schema.names)}"
