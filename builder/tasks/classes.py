"""Class labels: the names that internal tables hold, as the numbers that published configs hold."""

import pyarrow as pa
import pyarrow.compute as pc

from builder.errors import SchemaError
from builder.publish.features import CLASS_NAMES


def class_ids(names: pa.Array | pa.ChunkedArray, column: str) -> pa.Array | pa.ChunkedArray:
    """
    Return the number of each name in `CLASS_NAMES[column]`, int64.

    Raises:
        SchemaError: a name is no class of the column, or is missing: it would be published as no class at all.
    """
    ids = pc.index_in(names, value_set=pa.array(CLASS_NAMES[column])).cast(pa.int64())
    if ids.null_count:
        wrong = pc.unique(names.filter(ids.is_null())).to_pylist()
        raise SchemaError(f"column '{column}' holds {wrong}; its classes are {', '.join(CLASS_NAMES[column])}")
    return ids
