"""Find the duplicates in a table, or in Parquet files: exact copies first, then near-duplicates among what is left."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.dedup.components import families, join
from builder.dedup.digests import to_hex
from builder.dedup.documents import (
    BATCH_ROWS,
    Columns,
    Documents,
    check_columns,
    check_ids,
    documents_of,
    read_documents,
)
from builder.dedup.edges import EXACT, NEAR, RULES, TEMPLATE, edge_table
from builder.dedup.index import Indexed, read_index, write_index
from builder.dedup.keep import preference, preferred
from builder.dedup.near import NearEdges, find_near
from builder.dedup.ragged import I64, U64, first_of_run
from builder.dedup.settings import DedupSettings
from builder.dedup.texts import Texts, read_texts
from builder.errors import BuilderError

# Column of our own beside those of the table; a name that no table has.
NULL = "\0null"


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
        jaccard, containment                ratios
        facts_shared, facts_changed, numerals_changed, substituted, names_substituted
                                            counts (see `slots.Slots`)
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
    columns = Columns(id, text, published, outlet)
    check_columns(table.schema, columns, "the table")
    batches = table.select(columns.names).to_batches(BATCH_ROWS)
    return search(*_gather(documents_of(batches, columns, "the table"), columns, settings), settings)[0]


def dedupe_file(
    docs: Path,
    out: Path,
    settings: DedupSettings,
    *,
    id: str = "id",  # noqa: A002
    text: str = "text",
    published: str | None = None,
    outlet: str | None = None,
    against: Path | None = None,
    index_out: Path | None = None,
) -> Duplicates:
    """
    Find the duplicates in a Parquet file, or in all below a folder, as if they were one.

    Clusters are written to `out`, the edges beside it as NAME.edges.parquet.

    Args:
        against: an index of texts that are there already; the new texts are added to their clusters.
        index_out: where to write the index of all texts, those of `against` included. May be the same file.

    Raises:
        BuilderError: documents cannot be read (see `documents`), the index does not go with these settings or ids, or
            `out` would overwrite what is read.
    """
    if out.resolve() == docs.resolve() or docs.resolve() in out.resolve().parents:
        raise BuilderError(f"{out} would stand among the documents in {docs}; write the clusters elsewhere")
    columns = Columns(id, text, published, outlet)
    known = read_index(against, settings) if against else None
    rows = _gather(read_documents(docs, columns), columns, settings)
    if known is not None and known.ids.type != rows[0].type:
        raise BuilderError(
            f"ids in {against} are {known.ids.type}, in {docs} {rows[0].type}; they cannot be told apart"
        )
    if known is not None:
        again = rows[0].filter(pc.is_in(rows[0], known.ids.combine_chunks()))
        if len(again):
            raise BuilderError(
                f"{len(again)} ids stand in {against} already, such as {again[0]}; leave these texts out"
            )
    found, indexed = search(*rows, settings, known)
    pq.write_table(found.clusters, out, compression="zstd")
    pq.write_table(found.edges, out.with_suffix(".edges.parquet"), compression="zstd")
    if index_out:
        write_index(index_out, indexed, settings)
    return found


def search(
    ids: pa.ChunkedArray, texts: Texts, rank: I64, settings: DedupSettings, known: Indexed | None = None
) -> tuple[Duplicates, Indexed]:
    """
    Find the duplicates among `texts`, and with texts that are known from an earlier search.

    Args:
        rank: of texts of one cluster, the one of lowest rank is kept (see `keep.preference`).
        known: what an earlier search left. Its clusters stay, and what they kept stays kept.

    Returns:
        Clusters and edges of the new texts, and what the next search is to know.
    """
    n_known = 0
    if known is not None:
        n_known = len(known.ids)
        ids = pa.chunked_array([*known.ids.chunks, *ids.chunks])
        texts = known.texts + texts
        known_rank = np.empty(n_known, np.int64)
        known_rank[np.argsort(~known.kept, kind="stable")] = np.arange(n_known)
        rank = np.concatenate([known_rank, n_known + rank])

    # Number the distinct texts by digest. Of exact copies, the preferred one stands for all.
    order = np.lexsort((rank, texts.digests))
    first = first_of_run(texts.digests[order])
    row_of = order[first]
    text_of = np.empty(len(order), np.int64)
    text_of[order] = np.cumsum(first) - 1
    texts_known = text_of[:n_known]
    labels = np.arange(len(row_of))
    if known is not None:
        labels = join(labels, *_chain(texts_known, known.clusters))

    labels, edges = find_near(texts.keys, texts.sketches, row_of, settings, labels=labels, n_known=n_known)
    template = edges.rule == RULES.index(TEMPLATE)
    siblings = [(edges.left[template], edges.right[template])]
    if known is not None:
        siblings.append(_chain(texts_known[known.templates > 0], known.templates[known.templates > 0]))
    family, many = families(labels, *(np.concatenate(side) for side in zip(*siblings, strict=True)))

    digests = texts.digests[row_of]
    clusters, templates = digests[labels], np.where(many, digests[family], np.uint64(0))
    if known is not None:  # names given before stay
        clusters = _renamed(clusters, labels, texts_known, known.clusters)
        templates = _renamed(templates, family, texts_known, known.templates)
    component = labels[text_of]
    kept_row = preferred(component, rank)[component]
    kept = kept_row == np.arange(len(order))
    nothing = pa.scalar(None, pa.string())
    same_text = pa.array(text_of == text_of[kept_row])
    cluster_table = pa.table(
        {
            "id": ids,
            "cluster_id": to_hex(clusters[text_of]),
            "cluster_size": pa.array(np.bincount(component)[component], pa.int32()),
            "kept": pa.array(kept),
            "kept_id": ids.take(pa.array(kept_row)),
            "rule": pc.if_else(pa.array(kept), nothing, pc.if_else(same_text, EXACT, NEAR)),
            "template_id": pc.if_else(
                pa.array(many[text_of]), to_hex(templates[text_of]), pa.scalar(None, pa.string())
            ),
        }
    )
    edges_found = _edge_table(ids, row_of, text_of, edges, n_known)
    indexed = Indexed(ids, texts, clusters[text_of], templates[text_of], kept)
    return Duplicates(cluster_table.slice(n_known), edges_found), indexed


def _gather(
    documents: Iterable[Documents], columns: Columns, settings: DedupSettings
) -> tuple[pa.ChunkedArray, Texts, I64]:
    """Ids, texts and ranks of all rows; of the texts only what the search needs."""
    others: list[pa.Table] = []

    def arrays() -> Iterator[pa.Array]:
        for texts, named in documents:
            others.append(pa.table({NULL: pc.is_null(texts), **{k: v for k, v in named.items() if k != columns.text}}))
            yield texts

    texts = read_texts(arrays())
    if not others:
        raise BuilderError("there is nothing to search: the table has no rows")
    try:
        rows = pa.concat_tables(others)
    except pa.ArrowInvalid:
        types = " and ".join(sorted({str(other[columns.id].type) for other in others}))
        raise BuilderError(f"the files differ in the types of their columns (ids: {types}); write them alike") from None
    check_ids(rows[columns.id], columns.id)
    published, outlets = (name and rows[name] for name in (columns.published, columns.outlet))
    rank = preference(rows[columns.id], texts.lengths, settings.keep, published=published, outlets=outlets)
    return rows[columns.id], replace(texts, digests=_apart(texts.digests, rows[columns.id], rows[NULL])), rank


def _apart(digests: U64, ids: pa.ChunkedArray, null: pa.ChunkedArray) -> U64:
    """Give every null text a digest of its own, from its id."""
    digests = digests.copy()
    for row in np.flatnonzero(null).tolist():
        digest = hashlib.blake2b(repr(ids[row].as_py()).encode(), digest_size=8, person=b"null").digest()
        digests[row] = int.from_bytes(digest, "big")
    return digests


def _chain(texts: I64, names: U64) -> tuple[I64, I64]:
    """Edges that join all texts of one name."""
    order = np.argsort(names, kind="stable")
    same = names[order[1:]] == names[order[:-1]]
    return texts[order[:-1][same]], texts[order[1:][same]]


def _renamed(names: U64, group: I64, texts: I64, given: U64) -> U64:
    """Names of all texts, where groups that hold texts with given names bear the smallest of these; 0 is no name."""
    unnamed = np.uint64(2**64 - 1)
    smallest = np.full(len(names), unnamed)
    np.minimum.at(smallest, group[texts[given > 0]], given[given > 0])
    return np.where(smallest[group] == unnamed, names, smallest[group])


def _edge_table(ids: pa.ChunkedArray, row_of: I64, text_of: I64, edges: NearEdges, n_known: int) -> pa.Table:
    copies = np.setdiff1d(np.arange(n_known, len(text_of)), row_of, assume_unique=True)
    originals = row_of[text_of[copies]]
    exact = np.full(len(copies), RULES.index(EXACT))
    left, right = row_of[edges.left], row_of[edges.right]
    tables = [
        edge_table(ids.take(pa.array(originals)), ids.take(pa.array(copies)), exact, None),
        edge_table(ids.take(pa.array(left)), ids.take(pa.array(right)), edges.rule, edges.measures),
    ]
    return pa.concat_tables(tables).sort_by([("rule", "ascending"), ("left", "ascending"), ("right", "ascending")])
