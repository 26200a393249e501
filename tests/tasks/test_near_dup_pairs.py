from typing import Any

import pyarrow as pa

from builder.schemas import ARTICLES, LEFTS, NEAR_DUP_PAIRS
from builder.tasks.near_dup_pairs import add_left, add_right, sides


def page(name: str, text_key: str, **columns: Any) -> dict[str, Any]:
    row = {"page_id": name, "source": f"{name}.html", "text_key": text_key, "cluster_id": text_key, "cluster_size": 2}
    return row | {"split": "train", "title": f"{name}题", "text": f"{name}文"} | columns


def pairs(pages: list[dict[str, Any]], *edges: dict[str, Any]) -> pa.Table:
    rows = [{name: page.get(name) for name in ARTICLES.names} for page in pages]
    found = sides(pa.Table.from_pylist(rows, schema=ARTICLES))
    lefts = pa.Table.from_pylist(list(edges), schema=LEFTS)
    table = add_right(add_left(lefts, found), found)
    assert table.schema == NEAR_DUP_PAIRS
    return table


def test_an_edge_between_texts_is_a_pair_of_the_pages_that_are_published() -> None:
    pages = [page("a", "T", reject="dedupe:exact"), page("b", "T"), page("c", "U", reject="dedupe:near")]
    edge = {"text_key": "T", "other_key": "U", "rule": "near", "jaccard": 0.5, "containment": 1.0, "facts_shared": 3}
    near, exact = pairs(pages, edge).to_pylist()
    assert (near["left_id"], near["right_id"], near["rule"], near["facts_shared"]) == ("b", "c", "near", 3)
    assert (near["left_title"], near["right_text"]) == ("b题", "c文")
    assert (exact["left_id"], exact["right_id"], exact["rule"]) == ("b", "a", "exact")
    assert (exact["right_text"], exact["jaccard"], exact["facts_shared"]) == ("a文", 1.0, None)


def test_a_page_that_was_read_twice_is_no_pair() -> None:
    twice = [page("a", "T"), page("a", "T", source="z.html", reject="dedupe:exact")]
    assert pairs([*twice, page("b", "T", reject="dedupe:exact")]).num_rows == 1


def test_templates_across_splits_have_no_split() -> None:
    splits = {name: "train" if name < "e" else "test" for name in "abcdefgh"}
    pages = [page(n, n.upper(), cluster_size=1, template_id="A", split=split) for n, split in splits.items()]
    edges = [{"text_key": "A", "other_key": name, "rule": "template"} for name in "BCDEFGH"]
    assert pairs(pages, *edges)["split"].to_pylist().count(None) == 4


def test_articles_that_are_like_no_other_are_in_no_pair() -> None:
    assert pairs([page("a", "T", cluster_size=1), page("b", "U", cluster_size=1)]).num_rows == 0
