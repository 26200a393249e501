"""Parquet → pages, a row group at a time and only the columns needed."""

import io
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from builder.errors import PageError
from builder.memory import memory_limit
from builder.privacy import excerpt
from builder.read.files import Input, ReadSettings
from builder.read.rows import page_of_row
from builder.read.streams import most_bytes, open_stream
from builder.records import Page, Reject

_DAMAGE = (pa.ArrowException, OSError, UnicodeDecodeError)  # the last for names of columns and time zones
_BATCH_ROWS = 64  # pages of 100 KiB: some 6 MiB at a time
_BATCH_BYTES = 64 << 20
# What one batch, and the metadata, may take: a page of Parquet may claim 2 GiB, and its metadata any number of things.
# Arrow's allocator reserves 1 GiB of addresses with its first bytes.
_MEMORY_BYTES = 3 << 30
_MAX_METADATA_BYTES = 64 << 20
_MAX_THINGS = 100_000  # columns, or row groups


def read_parquet(item: Input, settings: ReadSettings) -> Iterator[Page | Reject]:
    """
    Read the pages of a .parquet file; the source of each is `FILE#ROW`, rows count from 1.

    Text columns may hold strings or bytes; both are decoded as pages are, so one bad row costs no other. Rejects: once
    for the file `read:missing-field`, `read:wrong-type`, `read:damaged`, `read:truncated`, `read:too-large`,
    `read:bomb`; `read:damaged` or `read:too-large` for each row group that cannot be read; those of `page_of_row` for a
    row.
    """
    try:
        with open_stream(item.path, item.compression) as stream, _seekable(stream, item) as file:
            yield from _read_open(file, item, settings)
    except PageError as error:
        yield Reject(item.source, error.reason, error.detail)


def _seekable(stream: BinaryIO, item: Input) -> BinaryIO:
    """Parquet is read from its end, so a compressed file is unpacked to disk first."""
    if not item.compression:
        return stream
    unpacked = tempfile.TemporaryFile()  # noqa: SIM115 — the caller closes it
    shutil.copyfileobj(stream, unpacked)
    unpacked.seek(0)
    return unpacked


def _read_open(file: BinaryIO, item: Input, settings: ReadSettings) -> Iterator[Page | Reject]:
    _check_metadata(file)
    try:
        with memory_limit(_MEMORY_BYTES):
            parquet = pq.ParquetFile(file, thrift_container_size_limit=_MAX_THINGS)
            columns = _columns(parquet.schema_arrow, settings)
    except MemoryError as error:
        raise PageError("read:too-large", "its metadata takes too much memory") from error
    except _DAMAGE as error:
        raise PageError("read:damaged", "this is no complete Parquet file") from error
    row = given = 0
    for group in range(parquet.num_row_groups):
        end = row + parquet.metadata.row_group(group).num_rows
        try:
            for rows in _rows(parquet, group, columns):
                for values in rows:
                    row += 1
                    given += sum(len(value) for value in values.values() if isinstance(value, bytes))
                    if given > most_bytes(item.n_bytes):
                        detail = f"{item.n_bytes} bytes expand to {given} and more; nothing from row {row} on was read"
                        raise PageError("read:bomb", detail)
                    yield page_of_row(values, f"{item.source}#{row}", settings)
        except MemoryError:
            detail = f"rows {row + 1} to {end} take more than {_MEMORY_BYTES >> 20} MiB at a time"
            yield Reject(f"{item.source}#{row + 1}", "read:too-large", detail)
        except _DAMAGE:
            detail = f"rows {row + 1} to {end} cannot be read"
            yield Reject(f"{item.source}#{row + 1}", "read:damaged", detail)
        row = end


def _check_metadata(file: BinaryIO) -> None:
    """Raise PageError when the file says that its metadata is larger than any that we can read."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 8))
    if int.from_bytes(file.read(4), "little") > _MAX_METADATA_BYTES < size:
        raise PageError("read:too-large", f"its metadata is larger than {_MAX_METADATA_BYTES >> 20} MiB")
    file.seek(0)


def _rows(parquet: pq.ParquetFile, group: int, columns: list[str]) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a row group, so many at a time that even equal large values, stored once, fit into memory."""
    # Not the size of each column: to ask for one ends the process when the metadata is damaged (Arrow 26).
    largest = parquet.metadata.row_group(group).total_byte_size
    n_rows = max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(1, largest)))
    # One column is what there is to read; to hand a batch to a thread and wait for it costs more than a page of it.
    batches = parquet.iter_batches(n_rows, row_groups=[group], columns=columns, use_threads=False)
    while True:
        with memory_limit(_MEMORY_BYTES):
            batch = next(batches, None)
            if batch is None:
                return
            rows = _as_bytes(batch).to_pylist()
        yield rows


def _columns(schema: pa.Schema, settings: ReadSettings) -> list[str]:
    """Return the columns to read; PageError when the schema holds no page."""
    found = ", ".join(excerpt(f"{field.name}: {field.type}", 30) for field in itertools.islice(schema, 10))
    content = [name for name in (settings.html_field, settings.text_field) if name in schema.names]
    if not content:
        wanted = f"{settings.html_field!r} or {settings.text_field!r}"
        raise PageError("read:missing-field", f"no column {wanted}; found {found}; name yours in [read]")
    for name in content:
        if not _is_text(schema.field(name).type):
            raise PageError("read:wrong-type", f"column {name!r} holds no text; found {found}")
    others = (settings.url_field, settings.fetched_at_field)
    return list(dict.fromkeys([*content, *(name for name in others if name in schema.names)]))


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        _is_string(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_null(kind)
    )


def _is_string(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _as_bytes(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Turn strings into bytes and times into ISO strings: neither fails on a row with bad UTF-8 or the year 50000."""
    for index, field in enumerate(batch.schema):
        column = batch.column(index)
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if pa.types.is_string_view(column.type):
            column = column.cast(pa.binary())
        elif _is_string(column.type):  # the same bytes under another name; a cast would look at each
            column = column.view(pa.large_binary() if pa.types.is_large_string(column.type) else pa.binary())
        elif pa.types.is_temporal(column.type):
            if pa.types.is_timestamp(column.type) and column.type.tz:
                column = column.cast(pa.timestamp(column.type.unit, "UTC"))
            column = column.cast(pa.string())
        batch = batch.set_column(index, field.name, column)
    return batch
