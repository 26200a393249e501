"""Documents: an id and a text, and what they are chosen by, from a table or from Parquet files of anybody's making."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.errors import BuilderError

# Rows read at once. A row group is decoded as a whole anyway; what is read is worked on in steps.
BATCH_ROWS = 8192


class Columns(NamedTuple):
    """Names of the columns that are read."""

    id: str
    text: str
    published: str | None
    outlet: str | None

    @property
    def names(self) -> list[str]:
        """Those that there are, each once."""
        return list(dict.fromkeys(name for name in self if name))


class Documents(NamedTuple):
    """Some documents: their columns as given, but that texts are `large_string`, and that no column is dictionary."""

    texts: pa.LargeStringArray
    columns: dict[str, pa.Array]


def read_documents(docs: Path, columns: Columns) -> Iterator[Documents]:
    """
    Read documents from a Parquet file, or from all below a folder, in the order of their paths.

    Raises:
        BuilderError: a file is none of Parquet, or damaged; a column is absent, or of a type that does not serve.
    """
    for path in files_of(docs):
        try:
            with pq.ParquetFile(path, pre_buffer=False) as file:
                check_columns(file.schema_arrow, columns, str(path))
                batches = file.iter_batches(BATCH_ROWS, columns=columns.names, use_threads=False)
                yield from documents_of(batches, columns, str(path))
        except (pa.ArrowInvalid, OSError) as why:
            raise BuilderError(f"{path} is not a Parquet file, or a damaged one: {why}") from None


def files_of(docs: Path) -> list[Path]:
    """Return the file itself, or the Parquet files below a folder, sorted; BuilderError when there is none."""
    if not docs.is_dir():
        return [docs]
    files = sorted(path for path in docs.rglob("*.parquet") if path.is_file())
    if not files:
        raise BuilderError(f"{docs} is a folder without Parquet files; name one with *.parquet in it or below it")
    return files


def check_columns(schema: pa.Schema, columns: Columns, place: str) -> None:
    """Raise BuilderError when a column is absent, or stands twice, or holds no ids or no texts."""
    for name in columns.names:
        found = len(schema.get_all_field_indices(name))
        if not found:
            names = ", ".join(schema.names)
            raise BuilderError(f"{place} has no column '{name}'; it has: {names}. Name yours with --id and --text.")
        if found > 1:
            raise BuilderError(f"{place} has {found} columns '{name}'; write it with each name once")
    text, id_ = (_plain(schema.field(name).type) for name in (columns.text, columns.id))
    is_text = pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary, _is_view
    if not any(test(text) for test in (*is_text, pa.types.is_null)):
        raise BuilderError(f"{place}: column '{columns.text}' holds {text}, no text. Name yours with --text.")
    if pa.types.is_nested(id_):
        raise BuilderError(f"{place}: column '{columns.id}' holds {id_}, no ids. Name yours with --id.")


def documents_of(batches: Iterable[pa.RecordBatch], columns: Columns, place: str) -> Iterator[Documents]:
    """Take the columns out of record batches; BuilderError when a text is not UTF-8."""
    first = 0
    for batch in batches:
        plain = {name: _decoded(batch[name]) for name in columns.names}
        try:
            texts = pc.cast(plain[columns.text], pa.large_string())
        except pa.ArrowInvalid:
            raise BuilderError(
                f"{place}: column '{columns.text}' holds bytes that are not UTF-8, in rows {first} to "
                f"{first + len(batch) - 1}; decode them, or name another with --text"
            ) from None
        first += len(batch)
        yield Documents(texts, plain)


def check_ids(ids: pa.ChunkedArray, column: str) -> None:
    """Raise BuilderError when an id is missing, or stands for two documents: clusters name their texts by id."""
    if ids.null_count:
        row = pc.index(pc.is_null(ids), True).as_py()
        raise BuilderError(f"row {row} has no {column}; give every text an id of its own, or name another with --id")
    counts = ids.value_counts()
    counted = counts.field("counts")
    if pc.max(counted).as_py() > 1:
        some = counts.filter(pc.greater(counted, 1)).field("values")
        examples = ", ".join(map(str, some.slice(0, 3).to_pylist()))
        raise BuilderError(
            f"{len(some)} values of '{column}' stand in more than one row, such as {examples}; give every text an id "
            "of its own, or name another column with --id"
        )


def _plain(type_: pa.DataType) -> pa.DataType:
    return type_.value_type if pa.types.is_dictionary(type_) else type_


def _is_view(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string_view(type_) or pa.types.is_binary_view(type_))


def _decoded(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
