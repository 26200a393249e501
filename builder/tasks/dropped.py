"""Config `dropped`: every page that was left out, and why; never its text."""

import pyarrow as pa

from builder.publish import features


def dropped(table: pa.Table) -> pa.Table:
    """ARTICLES rows with `reject` -> rows of the config, in the same order."""
    schema = features.DROPPED.schema
    return pa.table(
        [table["reject" if name == "reason" else name] for name in schema.names],
        schema=schema,
    )
