"""Config `classification`: title and text → the channel that the page itself states."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from builder.publish.learning import CLASSIFICATION


def categories(articles: pa.Table) -> list[str | None]:
    """Why each row of the config `articles` is left out; None when it is not."""
    named = pc.is_valid(articles["category"]).to_pylist()
    filled = pc.greater(articles["n_chars"], 0).to_pylist()
    return [
        "no-category" if not category else "no-text" if not text else None
        for category, text in zip(named, filled, strict=True)
    ]


def classification(articles: pa.Table, found: Sequence[str | None]) -> pa.Table:
    """Rows of the config `articles`, and their `categories` -> a row for each that is not left out, in their order."""
    kept = articles.filter(pa.array([reason is None for reason in found], pa.bool_()))
    return kept.select(CLASSIFICATION.schema.names).cast(CLASSIFICATION.schema)
