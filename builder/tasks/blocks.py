"""Config `blocks`: every visible line of the pages whose articles are published, with its role."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.publish import features
from builder.records import LABEL_OF, LABELS, ROLES
from builder.tasks.classes import class_ids

#: The number of the label of each role, by the number of the role.
_LABEL_OF_ROLE = pa.array([LABELS.index(LABEL_OF[role]) for role in ROLES], pa.int64())


def blocks(table: pa.Table) -> pa.Table:
    """ARTICLES rows that are published -> a row a block, in page order within each article."""
    lists = table["blocks"]
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    n = int(lengths.sum())
    first = np.repeat(np.cumsum(lengths) - lengths, lengths)
    flat = pc.list_flatten(lists)
    columns = dict(zip([f.name for f in flat.type], flat.flatten(), strict=True))
    role = class_ids(columns["role"], "role")
    columns |= {
        "article_id": table["article_id"].take(pa.array(np.repeat(np.arange(table.num_rows), lengths))),
        "index": pa.array((np.arange(n) - first).astype(np.int32)),
        "role": role,
        "label": _LABEL_OF_ROLE.take(role),
        "origin": class_ids(columns["origin"], "origin"),
    }
    schema = features.BLOCKS.schema
    return pa.table([columns[name] for name in schema.names], schema=schema)
