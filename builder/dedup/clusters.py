"""Clusters back onto pages: one article of each cluster is published, the others name it."""

import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.paragraphs import articles_a_paragraph, own_descriptions
from builder.schemas import ARTICLES, EDGE

#: Reason of a new article that is related to published ones in several splits, or in one that its day rules out.
BETWEEN = "split:between"
WHY_BETWEEN = (
    "nearly the same as articles that an earlier release published in several splits, or in train while it is of the "
    "days of the test; it would leak"
)


def join_clusters(pages: pa.Table, clusters: pa.Table, repeated: pa.Table) -> pa.Table:
    """
    PAGES, CLUSTERS and REPEATED, all complete by page_id and source -> ARTICLES, a row a page.

    A page read twice stands twice on both sides under one page_id; its source tells the copies apart. A page that was
    joined to another's article keeps its reason, and gets the cluster of that article. A cluster without a split is
    left out as a whole: see `groups.place`.
    """
    cluster_of = {place: row for row, place in enumerate(_places(clusters))}
    joined = clusters.take(pa.array([cluster_of.get(place) for place in _places(pages)], pa.int64()))
    kept = pc.fill_null(joined["kept"], False)
    left_out = pc.fill_null(pc.invert(joined["kept"]), False)
    duplicate = pc.and_(left_out, pc.is_null(pages["reject"]))
    reason = pc.binary_join_element_wise("dedupe", joined["rule"], ":")
    near = pc.equal(joined["rule"], "near")
    told = pc.if_else(near, "the article is nearly the same as", "the article is the same as")
    detail = pc.binary_join_element_wise(told, joined["kept_id"], " ")
    nothing = pa.scalar(None, pa.string())
    nowhere = pc.and_(pc.is_valid(joined["cluster_id"]), pc.is_null(joined["split"]))
    between = pc.and_(nowhere, pc.is_null(pages["reject"]))
    kept, left_out, duplicate = (pc.and_not(rows, nowhere) for rows in (kept, left_out, duplicate))
    added = {
        "article_id": pc.if_else(kept, pages["page_id"], nothing),
        "reject": pc.if_else(duplicate, reason, pc.if_else(between, BETWEEN, pages["reject"])),
        "detail": pc.if_else(duplicate, detail, pc.if_else(between, WHY_BETWEEN, pages["detail"])),
        "text_key": pc.if_else(pc.is_null(pages["reject"]), joined["text_key"], nothing),
        "cluster_id": joined["cluster_id"],
        "cluster_size": joined["cluster_size"],
        "kept_id": pc.if_else(left_out, joined["kept_id"], nothing),
        "edge": pc.if_else(duplicate, joined["edge"], pa.scalar(None, EDGE)),
        "description": own_descriptions(pages, repeated),
        "paragraph_articles": articles_a_paragraph(pages, repeated),
        "template_id": joined["template_id"],
        "split": joined["split"],
    }
    columns = [added[name] if name in added else pages[name] for name in ARTICLES.names]
    return pa.table(columns, schema=ARTICLES)


def _places(table: pa.Table) -> list[tuple[str | None, str]]:
    return list(zip(table["page_id"].to_pylist(), table["source"].to_pylist(), strict=True))
