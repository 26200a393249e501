"""Config `dropped`: every page that was left out, and why; never its text."""

import pyarrow as pa
import pyarrow.compute as pc

from builder.publish import features

#: Of the edge that decided over a near-duplicate, what is published under its own name.
MEASURES = ("rule", "jaccard", "containment", "facts_shared", "facts_changed")


def dropped(table: pa.Table) -> pa.Table:
    """ARTICLES rows with `reject` -> rows of the config, in the same order."""
    schema = features.DROPPED.schema
    made = {
        "reason": table["reject"],
        "compared_with": pc.struct_field(table["edge"], "page_id"),
        **{name: pc.struct_field(table["edge"], name) for name in MEASURES},
    }
    return pa.table([made[name] if name in made else table[name] for name in schema.names], schema=schema)
