"""Find the duplicates in a table, or in a Parquet file: exact copies first, then near-duplicates among what is left."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.dedup.components import join
from builder.dedup.edges import EXACT, NEAR, RULES, TEMPLATE
from builder.dedup.keep import preference
from builder.dedup.near import NearEdges, find_near
from builder.dedup.ragged import I64, U64, first_of_run
from builder.dedup.settings import DedupSettings
from builder.dedup.texts import read_texts
from builder.errors import BuilderError

# Rows read at once. A row group is decoded as a whole anyway; what is read is worked on in steps.
BATCH_ROWS = 8192


class Duplicates(NamedTuple):
    """
    What the search found.

    `clusters`, a row a text, in the order given:
        id           as given
        cluster_id   16 hex digits, shared by the texts of one story
        cluster_size texts in the cluster
        kept         true for one text of each cluster
        kept_id      the id of that text
        rule         why a text is not kept: exact (the same text as the kept one) or near; null for kept ones
        template_id  16 hex digits shared by stories of one template (all are kept); null for most

    `edges`, a row a pair of texts compared and found alike:
        left, right        ids
        rule               exact, near, update (a near-duplicate with other numbers), or template, which joins nothing
        jaccard, containment, facts_shared, facts_changed, substituted: see `edges.Measures`
    """

    clusters: pa.Table
    edges: pa.Table


def find_duplicates(
    table: pa.Table,
    settings: DedupSettings,
    *,
    id: str = "id",  # noqa: A002
    text: str = "text",
    published: str | None = None,
    outlet: str | None = None,
) -> Duplicates:
    """
    Find the duplicates among the texts of a table.

    Args:
        id, text: names of the columns; ids may be of any type that sorts. A null text is no copy of anything.
        published, outlet: columns by which `settings.keep` chooses, when there are such.
    """
    columns = [name for name in (id, text, published, outlet) if name]
    return _find(table.select(columns).to_batches(BATCH_ROWS), settings, id, text, published, outlet)


def dedupe_file(
    docs: Path,
    out: Path,
    settings: DedupSettings,
    *,
    id: str = "id",  # noqa: A002
    text: str = "text",
    published: str | None = None,
    outlet: str | None = None,
) -> Duplicates:
    """Find the duplicates in a Parquet file; write the clusters to `out`, the edges beside it as NAME.edges.parquet."""
    columns = [name for name in (id, text, published, outlet) if name]
    with pq.ParquetFile(docs, pre_buffer=False) as file:
        absent = [name for name in columns if name not in file.schema_arrow.names]
        if absent:
            names = ", ".join(file.schema_arrow.names)
            raise BuilderError(f"{docs} has no column '{absent[0]}'; it has: {names}. Name yours with --id and --text.")
        batches = file.iter_batches(BATCH_ROWS, columns=columns, use_threads=False)
        found = _find(batches, settings, id, text, published, outlet)
    pq.write_table(found.clusters, out, compression="zstd")
    pq.write_table(found.edges, out.with_suffix(".edges.parquet"), compression="zstd")
    return found


def _find(
    batches: Iterable[pa.RecordBatch],
    settings: DedupSettings,
    id_: str,
    text: str,
    published: str | None,
    outlet: str | None,
) -> Duplicates:
    others: list[pa.Table] = []

    def arrays() -> Iterator[pa.Array]:
        for batch in batches:
            texts = pc.cast(batch[text], pa.large_string())
            others.append(pa.table({"null": pc.is_null(texts), **{n: batch[n] for n in (id_, published, outlet) if n}}))
            yield texts

    texts = read_texts(arrays())
    if not others:
        raise BuilderError("there is nothing to search: the table has no rows")
    rows = pa.concat_tables(others).combine_chunks()
    rank = preference(
        rows[id_],
        texts.keys.lengths,
        settings.keep,
        published=published and rows[published],
        outlets=outlet and rows[outlet],
    )
    digests = _apart(texts.digests, rows[id_], rows["null"])

    # Number the distinct texts by digest. Of exact copies, the preferred one stands for all.
    order = np.lexsort((rank, digests))
    first = first_of_run(digests[order])
    row_of = order[first]
    text_of = np.empty(len(order), np.int64)
    text_of[order] = np.cumsum(first) - 1

    labels, edges = find_near(texts.keys, texts.sketches, row_of, settings)
    return Duplicates(
        _cluster_table(rows[id_], rank, digests[row_of], text_of, labels, edges),
        _edge_table(rows[id_], row_of, text_of, edges),
    )


def _apart(digests: U64, ids: pa.ChunkedArray, null: pa.ChunkedArray) -> U64:
    """Give every null text a digest of its own, from its id."""
    digests = digests.copy()
    for row in np.flatnonzero(null).tolist():
        digest = hashlib.blake2b(repr(ids[row].as_py()).encode(), digest_size=8, person=b"null").digest()
        digests[row] = int.from_bytes(digest, "big")
    return digests


def _cluster_table(
    ids: pa.ChunkedArray, rank: I64, digests: U64, text_of: I64, labels: I64, edges: NearEdges
) -> pa.Table:
    component = labels[text_of]
    size = np.bincount(component, minlength=len(labels))

    best_rank = np.full(len(labels), len(rank))
    np.minimum.at(best_rank, component, rank)
    row_by_rank = np.empty(len(rank), np.int64)
    row_by_rank[rank] = np.arange(len(rank))
    kept_row = row_by_rank[best_rank[component]]
    kept = kept_row == np.arange(len(rank))
    rule = pc.if_else(pa.array(text_of == text_of[kept_row]), EXACT, NEAR)

    template = edges.rule == RULES.index(TEMPLATE)
    family = join(labels, edges.left[template], edges.right[template])
    stories = np.bincount(family[labels == np.arange(len(labels))], minlength=len(labels))
    in_family = stories[family[text_of]] > 1
    template_id = pc.if_else(pa.array(in_family), _hex(digests[family[text_of]]), pa.scalar(None, pa.string()))
    return pa.table(
        {
            "id": ids,
            "cluster_id": _hex(digests[component]),
            "cluster_size": pa.array(size[component], pa.int32()),
            "kept": pa.array(kept),
            "kept_id": ids.take(pa.array(kept_row)),
            "rule": pc.if_else(pa.array(kept), pa.scalar(None, pa.string()), rule),
            "template_id": template_id,
        }
    )


def _edge_table(ids: pa.ChunkedArray, row_of: I64, text_of: I64, edges: NearEdges) -> pa.Table:
    copies = np.setdiff1d(np.arange(len(text_of)), row_of, assume_unique=True)
    n = len(copies)
    left = np.concatenate([row_of[text_of[copies]], row_of[edges.left]])
    right = np.concatenate([copies, row_of[edges.right]])
    measures = edges.measures
    rules = pa.array(RULES).take(pa.array(edges.rule))
    return pa.table(
        {
            "left": ids.take(pa.array(left)),
            "right": ids.take(pa.array(right)),
            "rule": pa.chunked_array([pa.array([EXACT] * n, pa.string()), rules]),
            "jaccard": np.concatenate([np.ones(n), measures.jaccard]).astype(np.float32),
            "containment": np.concatenate([np.ones(n), measures.containment]).astype(np.float32),
            **{
                name: pa.array(np.concatenate([np.full(n, -1), getattr(measures, name)]), pa.int32(), mask=None)
                for name in ("facts_shared", "facts_changed", "numerals_changed", "substituted")
            },
        }
    ).sort_by([("rule", "ascending"), ("left", "ascending"), ("right", "ascending")])


def _hex(digests: U64) -> pa.Array:
    """16 hex digits a digest."""
    digits = digests.astype(">u8").tobytes().hex().encode()
    return (
        pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(digests), [None, pa.py_buffer(digits)])
        .cast(pa.binary())
        .cast(pa.string())
    )
