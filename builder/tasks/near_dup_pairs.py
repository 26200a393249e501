"""
Config `near_dup_pairs`: pairs of texts that were compared and found alike, copies and templates, with the measures.

    articles ─sides→ sides;  lefts, sides ─add_left, by text→ left_sides;  left_sides, sides ─add_right, by text→ pairs

Pages that share one text are compared once, so that one of them stands in all its pairs: the published one, or that of
the smallest id. Each of the others makes a pair with it, by the rule exact.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.edges import EXACT
from builder.dedup.ragged import first_of_run
from builder.schemas import EDGES, LEFT_SIDES, NEAR_DUP_PAIRS, SIDES


def sides(articles: pa.Table) -> pa.Table:
    """ARTICLES rows -> SIDES rows of those that may stand in a pair: not alone in their cluster or template."""
    related = pc.or_(pc.greater(articles["cluster_size"], 1), pc.is_valid(articles["template_id"]))
    rows = articles.filter(pc.and_(pc.is_valid(articles["text_key"]), related))
    rows = rows.append_column("published", pc.is_null(rows["reject"]))
    return rows.select(SIDES.names)


def add_left(lefts: pa.Table, sides: pa.Table) -> pa.Table:
    """LEFTS and SIDES, both complete by text_key -> LEFT_SIDES: the left page of every pair, exact copies included."""
    heads = _heads(sides)
    edges = heads.take(pc.index_in(lefts["text_key"], heads["text_key"]))
    found = _left_sides(edges, lefts["other_key"], pa.nulls(lefts.num_rows, pa.string()), lefts)

    # A page that was read twice is no copy of itself.
    head = heads.take(pc.index_in(sides["text_key"], heads["text_key"]))
    copies = pc.not_equal(sides["page_id"], head["page_id"])
    once = sides.filter(copies).group_by(["text_key", "page_id"], use_threads=False).aggregate([])
    of_copies = heads.take(pc.index_in(once["text_key"], heads["text_key"]))
    same = pa.array(np.ones(once.num_rows, np.float32))
    measures = {"rule": pa.array([EXACT] * once.num_rows, pa.string()), "jaccard": same, "containment": same}
    return pa.concat_tables([found, _left_sides(of_copies, once["text_key"], once["page_id"], measures)])


def add_right(left_sides: pa.Table, sides: pa.Table) -> pa.Table:
    """
    LEFT_SIDES and SIDES, both complete by text_key -> NEAR_DUP_PAIRS rows.

    `split` is null where the two sides stand in different ones: stories of one template, and copies whose clusters an
    earlier release had put there before a new text joined them.
    """
    heads = _heads(sides)
    named = pc.is_valid(left_sides["right_id"])
    by_page = pc.index_in(_places(left_sides, "right_id"), _places(sides, "page_id"))
    by_text = pc.add(pc.index_in(left_sides["text_key"], heads["text_key"]), sides.num_rows)
    right = pa.concat_tables([sides, heads]).take(pc.if_else(named, by_page, by_text))
    same = pc.equal(left_sides["left_split"], right["split"])
    made = {
        "split": pc.if_else(same, right["split"], pa.scalar(None, pa.string())),
        "right_id": right["page_id"],
        "right_title": right["title"],
        "right_text": right["text"],
    }
    columns = [made[name] if name in made else left_sides[name] for name in NEAR_DUP_PAIRS.names]
    return pa.table(columns, schema=NEAR_DUP_PAIRS)


def _heads(sides: pa.Table) -> pa.Table:
    """The page that stands for each text: the published one, else that of the smallest id."""
    sides = sides.sort_by([("text_key", "ascending"), ("published", "descending"), ("page_id", "ascending")])
    codes = np.asarray(pc.index_in(sides["text_key"], pc.unique(sides["text_key"])))
    return sides.filter(pa.array(first_of_run(codes)))


def _places(table: pa.Table, page_id: str) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(table["text_key"], table[page_id], "\0")


def _left_sides(
    left: pa.Table, text_key: pa.ChunkedArray, right_id: pa.ChunkedArray, measures: "pa.Table | dict[str, pa.Array]"
) -> pa.Table:
    n = left.num_rows
    columns = {"text_key": text_key, "right_id": right_id}
    columns |= {f"left_{name}": left[column] for name, column in _LEFT}
    names = measures.column_names if isinstance(measures, pa.Table) else measures
    columns |= {
        field.name: measures[field.name] if field.name in names else pa.nulls(n, field.type) for field in _MEASURES
    }
    return pa.table([columns[name] for name in LEFT_SIDES.names], schema=LEFT_SIDES)


_LEFT = (("id", "page_id"), ("split", "split"), ("title", "title"), ("text", "text"))
_MEASURES = list(EDGES)[2:]
