"""What an earlier release published stays where it was, and the search finds what it would find over all texts."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import schemas
from builder.dedup import audit, groups, steps
from builder.dedup.keep import KeepSettings
from builder.dedup.pins import attach_pins
from builder.publish.splits import SplitSettings
from builder.schemas import CLUSTERS, EDGES, KEYS, PINS, TAKEN

Row = dict[str, Any]
Edge = tuple[str, str]

HALVES = SplitSettings(train=0.5, validation=0, test=0.5)


def key_of(number: int) -> str:
    return f"{number:016x}"


def page(name: str, text: int, **columns: Any) -> Row:
    return {"page_id": name, "source": f"{name}.html", "text_key": key_of(text), "n_chars": 100, **columns}


def cluster(
    pages: Iterable[Row],
    edges: Iterable[tuple[int, int]],
    pins: pa.Table | None = None,
    keep: KeepSettings | None = None,
    splits: SplitSettings = HALVES,
) -> dict[str, Row]:
    """Run the steps from edges to CLUSTERS; rows by page."""
    rows = [{name: row.get(name) for name in KEYS.names} for row in pages]
    keys = pa.Table.from_pylist(rows, schema=KEYS)
    texts = {row["text_key"] for row in rows}
    named = [(key_of(left), key_of(right)) for left, right in edges]
    found = [
        {"left": min(e), "right": max(e), "rule": "near", "jaccard": 0.7, "containment": 0.9}
        for e in named
        if texts.issuperset(e)
    ]
    edge_table = pa.Table.from_pylist(found, schema=EDGES)
    components = steps.components(edge_table)
    joints = audit.place_edges(audit.name_left(edge_table), components)
    pins = PINS.empty_table() if pins is None else pins
    taken = pa.table([pins["cluster_id"].unique()], schema=TAKEN)
    pinned = attach_pins(steps.name_components(keys, components), pins)
    assert pinned.schema == schemas.PINNED
    placed = groups.place(pinned, splits=splits)
    assert placed.schema == schemas.PLACED
    clusters = steps.keep_one(placed, joints, taken, settings=keep or KeepSettings())
    assert clusters.schema == CLUSTERS
    return {row["page_id"]: row for row in clusters.to_pylist()}


def pins_of(clusters: dict[str, Row]) -> pa.Table:
    """What the release of these clusters says of its pages."""
    rows = [row | {"source": row["source"] if row["kept"] else None} for row in clusters.values()]
    return pa.Table.from_pylist([{name: row[name] for name in PINS.names} for row in rows], schema=PINS)


def partition(clusters: dict[str, Row], by: str) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for name, row in clusters.items():
        groups.setdefault(row[by], set()).add(name)
    return set(map(frozenset, groups.values()))


NUMBERS = st.integers(0, 11)
PAGES = st.lists(NUMBERS, min_size=1, max_size=16).map(lambda texts: [page(f"{n:02}", t) for n, t in enumerate(texts)])
EDGE_SETS = st.sets(st.tuples(NUMBERS, NUMBERS).filter(lambda e: e[0] != e[1]), max_size=14)


@settings(max_examples=200, deadline=None)
@given(PAGES, EDGE_SETS, st.lists(st.integers(0, 16), max_size=4), st.randoms(use_true_random=False))
def test_in_any_cut_into_releases_the_components_are_those_of_a_rebuild_and_nothing_published_moves(
    pages: list[Row], edges: set[tuple[int, int]], cuts: list[int], shuffler: Any
) -> None:
    shuffler.shuffle(pages)
    before: dict[str, Row] = {}
    for end in [*sorted(cuts), len(pages)]:
        now = cluster(pages[:end], edges, pins_of(before))
        assert set(now) == {row["page_id"] for row in pages[:end]}
        for name, row in before.items():
            stays = ("cluster_id", "split", "kept", "kept_id")
            assert [now[name][column] for column in stays] == [row[column] for column in stays]
        for row in now.values():
            mates = [other for other in now.values() if other["cluster_id"] == row["cluster_id"]]
            assert [other["page_id"] for other in mates if other["kept"]] == [row["kept_id"]]
            assert {(other["component_id"], other["split"]) for other in mates} == {(row["component_id"], row["split"])}
            assert row["cluster_size"] == len(mates)
        kept = {row["text_key"] for row in now.values() if row["kept"]}
        assert not [e for e in edges if {key_of(e[0]), key_of(e[1])} <= kept], "two published texts are alike"
        before = now
    rebuilt = cluster(pages, edges)
    assert partition(before, "component_id") == partition(rebuilt, "cluster_id")


def test_a_new_copy_is_dropped_even_where_it_would_be_preferred() -> None:
    old = cluster([page("m", 2)], [])
    new = page("a", 1, n_chars=900)
    added = cluster([page("m", 2), new], [(1, 2)], pins_of(old), keep=KeepSettings(rules=("fullest",)))
    assert (added["a"]["kept"], added["a"]["kept_id"], added["a"]["rule"]) == (False, "m", "near")
    assert added["a"]["edge"]["page_id"] == "m"
    assert added["m"]["cluster_id"] == added["a"]["cluster_id"] == key_of(2)
    assert cluster([page("m", 2), new], [(1, 2)], keep=KeepSettings(rules=("fullest",)))["a"]["kept"]


def test_a_new_text_between_two_clusters_goes_to_the_smaller_and_both_stay() -> None:
    pages = [page("a", 1), page("b", 2)]
    old = cluster(pages, [])
    between = [page("n", 0), page("o", 2)]  # n is like both, o is an exact copy of b
    added = cluster([*pages, *between], [(0, 1), (0, 2)], pins_of(old))
    assert [added[name]["kept"] for name in "abno"] == [True, True, False, False]
    assert [added[name]["cluster_id"] for name in "abno"] == [key_of(1), key_of(2), key_of(1), key_of(2)]
    assert len({row["component_id"] for row in added.values()}) == 1, "that they are one story is still known"


def test_other_shares_of_the_splits_move_nothing_that_was_published() -> None:
    pages = [page(f"{n:02}", n) for n in range(20)]
    old = cluster(pages, [])
    new = [page(f"x{n:02}", 50 + n) for n in range(20)]
    added = cluster([*pages, *new], [], pins_of(old), splits=SplitSettings(train=0, validation=0, test=1))
    assert {added[name]["split"] for name in old} == {"train", "test"}
    assert all(added[name]["split"] == row["split"] for name, row in old.items())
    assert {added[row["page_id"]]["split"] for row in new} == {"test"}


def test_two_published_articles_that_another_labeller_makes_alike_become_one() -> None:
    pages = [page("a", 1), page("b", 2), page("c", 3)]
    old = cluster([*pages, page("d", 3)], [])
    relabelled = cluster([page("a", 11), page("b", 12), page("c", 13), page("d", 13)], [(12, 13)], pins_of(old))
    assert [relabelled[name]["kept"] for name in "abcd"] == [True, True, False, False]
    assert relabelled["a"]["cluster_id"] == old["a"]["cluster_id"]
    assert {relabelled[name]["cluster_id"] for name in "bcd"} == {old["b"]["cluster_id"]}
    assert {relabelled[name]["kept_id"] for name in "bcd"} == {"b"}


def test_a_new_story_never_bears_the_name_of_another_cluster() -> None:
    old = cluster([page("a", 1)], [])
    added = cluster([page("a", 11), page("b", 1)], [], pins_of(old))  # a was labelled anew; b is what it was before
    assert added["a"]["cluster_id"] == key_of(1) != added["b"]["cluster_id"]
    assert added["a"]["kept"] is added["b"]["kept"] is True


def test_of_a_page_read_twice_the_place_that_was_published_stays() -> None:
    first = {**page("a", 1), "source": "m.html"}
    old = cluster([first], [])
    keys = [{**page("a", 1), "source": "b.html"}, first]
    rows = [{name: row.get(name) for name in KEYS.names} for row in keys]
    named = steps.name_components(pa.Table.from_pylist(rows, schema=KEYS), schemas.COMPONENTS.empty_table())
    found = steps.keep_one(
        groups.place(attach_pins(named, pins_of(old)), splits=HALVES),
        schemas.JOINTS.empty_table(),
        TAKEN.empty_table(),
        settings=KeepSettings(),
    )
    assert dict(zip(found["source"].to_pylist(), found["kept"].to_pylist(), strict=True)) == {
        "b.html": False,
        "m.html": True,
    }
