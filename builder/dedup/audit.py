"""Why a page counts as a copy: for each near-duplicate that is left out, the edge that decided."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.edges import TEMPLATE
from builder.dedup.groups import RELATED
from builder.dedup.keep import preferred
from builder.dedup.ragged import I64, first_of_run
from builder.schemas import EDGE, JOINTS, LEFTS


def name_left(edges: pa.Table) -> pa.Table:
    """EDGES rows -> LEFTS rows, those of groups left out: an edge is looked up by the text on its left."""
    return edges.filter(pc.not_equal(edges["rule"], RELATED)).rename_columns(LEFTS.names)


def place_edges(lefts: pa.Table, components: pa.Table) -> pa.Table:
    """LEFTS and COMPONENTS rows, complete by text_key -> JOINTS rows: the edges that join, with their component."""
    lefts = lefts.filter(pc.not_equal(lefts["rule"], TEMPLATE))
    row = pc.index_in(lefts["text_key"], components["text_key"])
    return pa.table([components["component_id"].take(row), *lefts.columns], schema=JOINTS)


def decisive_edges(named: pa.Table, joints: pa.Table, kept_row: I64, rank: I64) -> pa.StructArray:
    """
    Pick the edge that decided over each page: the one to what was kept, else the closest that joined its cluster.

    Args:
        named: NAMED rows, complete by component_id.
        joints: JOINTS rows of the same components.
        kept_row: the row of `named` that is kept of each row's cluster, shape (rows,).
        rank: as of `keep.preference`; the page of lowest rank stands for all that share its text.

    Returns:
        An EDGE a row; null where the text is that of the kept page.
    """
    if not joints.num_rows:
        return pa.nulls(named.num_rows, EDGE)
    texts = pc.unique(named["text_key"])
    text = np.asarray(pc.index_in(named["text_key"], texts))
    page_of = preferred(text, rank)
    kept_text = text[kept_row]
    left, right = (np.asarray(pc.index_in(joints[side], texts)) for side in ("text_key", "other_key"))
    begin, end = np.concatenate([left, right]), np.concatenate([right, left])
    containment, jaccard = (np.tile(np.asarray(joints[name]), 2) for name in ("containment", "jaccard"))
    farther = end != kept_text[page_of[begin]]
    order = np.lexsort((rank[page_of[end]], -jaccard, -containment, farther, begin))
    first = order[first_of_run(begin[order])]
    best = np.full(len(texts), -1)
    best[begin[first]] = first

    side = best[text]
    undecided = pa.array((text == kept_text) | (side < 0))
    place = pa.array(side % joints.num_rows, mask=np.asarray(undecided))
    other = pa.array(page_of[end[side]], mask=np.asarray(undecided))
    columns = {"page_id": named["page_id"].take(other)}
    columns |= {name: joints[name].take(place) for name in joints.column_names}
    arrays = [columns[field.name].combine_chunks() for field in EDGE]
    return pa.StructArray.from_arrays(arrays, fields=list(EDGE), mask=undecided)
