"""Config `classification`: title and text → the channel that the page itself states."""

import pyarrow as pa
import pyarrow.compute as pc

from builder.publish.learning import CLASSIFICATION


def classification(articles: pa.Table) -> pa.Table:
    """Rows of the config `articles` -> a row for each article that `reasons` does not leave out, in the same order."""
    kept = articles.filter(pa.array([reason is None for reason in reasons(articles)], pa.bool_()))
    return kept.select(CLASSIFICATION.schema.names).cast(CLASSIFICATION.schema)


def reasons(articles: pa.Table) -> list[str | None]:
    """Why each row of the config `articles` is not in `classification`; None when it is."""
    named = pc.is_valid(articles["category"]).to_pylist()
    filled = pc.greater(articles["n_chars"], 0).to_pylist()
    return [
        "no-category" if not category else "no-text" if not text else None
        for category, text in zip(named, filled, strict=True)
    ]
