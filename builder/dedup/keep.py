"""Which text of a cluster is kept: the first by the rules of `KeepSettings`, the same one in any order of rows."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.ragged import I64, first_of_run


@dataclass(frozen=True, slots=True)
class KeepSettings:
    """[dedup.keep] in dataset.toml. Rules count in their order; what still ties is decided by the smallest id."""

    rules: tuple[Literal["outlet", "earliest", "fullest"], ...] = ("outlet", "earliest", "fullest")
    #: Outlets whose text is preferred, the first most; all others come after them.
    outlets: tuple[str, ...] = ()


def preference(
    ids: pa.ChunkedArray,
    lengths: I64,
    settings: KeepSettings,
    *,
    published: pa.ChunkedArray | None = None,
    outlets: pa.ChunkedArray | None = None,
) -> I64:
    """
    Rank every text: of any texts, the one of lowest rank is kept.

    Args:
        lengths: letters and digits of each text.
        published: when each was published, of any type that sorts; null comes last. None: the rule does not count.
        outlets: the outlet of each. None: the rule does not count.

    Returns:
        Shape (texts,), each rank once. Rows that agree in everything, the id included, rank in the order given.
    """
    columns: list[I64] = []
    for rule in settings.rules:
        if rule == "fullest":
            columns.append(-lengths)
        elif rule == "earliest" and published is not None:
            columns.append(_dense_rank(published))
        elif rule == "outlet" and outlets is not None:
            places = np.asarray(
                pc.index_in(outlets, pa.array(settings.outlets, outlets.type)).fill_null(len(settings.outlets))
            )
            columns.append(places.astype(np.int64))
    columns.append(_dense_rank(ids))
    rank = np.empty(len(lengths), np.int64)
    rank[np.lexsort(columns[::-1])] = np.arange(len(lengths))
    return rank


def preferred(cluster: I64, rank: I64) -> I64:
    """Row of the text of lowest rank in each cluster, shape (clusters,); a cluster number without texts gets -1."""
    order = np.lexsort((rank, cluster))
    first = order[first_of_run(cluster[order])]
    rows = np.full(int(cluster.max(initial=-1)) + 1, -1)
    rows[cluster[first]] = first
    return rows


def _dense_rank(column: pa.ChunkedArray) -> I64:
    """Rank of each value, equal values alike, null last."""
    return np.asarray(pc.rank(column, tiebreaker="dense"), np.int64)
