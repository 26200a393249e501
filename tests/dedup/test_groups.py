import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from builder.dedup import groups, steps
from builder.dedup.pins import attach_pins
from builder.publish.splits import SplitSettings
from builder.schemas import COMPONENTS, EDGES, KEYS, PINS

NUMBERS = st.integers(0, 11)
RULES = st.sampled_from(["near", "related", "template"])
EDGE_SETS = st.sets(st.tuples(NUMBERS, NUMBERS, RULES).filter(lambda edge: edge[0] < edge[1]), max_size=14)


def key_of(number: int) -> str:
    return f"{number:016x}"


def components(edges: set[tuple[int, int, str]], limit: int = 100) -> dict[str, dict[str, str]]:
    rows = [{"left": key_of(a), "right": key_of(b), "rule": rule} for a, b, rule in edges]
    found = steps.components(pa.Table.from_pylist(rows, schema=EDGES), limit)
    assert found.schema == COMPONENTS
    return {row["text_key"]: row for row in found.to_pylist()}


def place(edges: set[tuple[int, int, str]], pins: dict[int, str]) -> dict[int, str | None]:
    """Split of the texts 0 to 11, each on a page of its own, of which `pins` were published before."""
    keys = [{"page_id": f"{n}", "source": f"{n}.html", "text_key": key_of(n), "n_chars": 100} for n in range(12)]
    table = pa.Table.from_pylist([{name: row.get(name) for name in KEYS.names} for row in keys], schema=KEYS)
    found = pa.Table.from_pylist(list(components(edges).values()), schema=COMPONENTS)
    published = [{"page_id": f"{n}", "cluster_id": key_of(n), "split": split} for n, split in pins.items()]
    pinned = attach_pins(steps.name_components(table, found), pa.Table.from_pylist(published, schema=PINS))
    placed = groups.place(pinned, splits=SplitSettings())
    return dict(enumerate(placed["split"].to_pylist()))


@given(EDGE_SETS)
def test_no_edge_of_any_kind_leads_from_one_split_to_another(edges: set[tuple[int, int, str]]) -> None:
    splits = place(edges, {})
    assert all(splits[a] == splits[b] for a, b, _ in edges)


@given(EDGE_SETS, st.integers(1, 5))
def test_a_family_above_the_limit_leaves_only_its_templates_apart(edges: set[tuple[int, int, str]], limit: int) -> None:
    found = components(edges, limit)
    for a, b, rule in edges:
        if rule != "template":
            assert found[key_of(a)]["group_id"] == found[key_of(b)]["group_id"]
    for row in found.values():
        alike = [other for other in found.values() if other["group_id"] == row["group_id"]]
        near = {other["related_id"] for other in alike}
        assert len(near) == 1 or len({other["component_id"] for other in alike}) <= limit


def test_a_new_text_goes_where_what_it_is_related_to_was_published() -> None:
    for split in ("train", "validation", "test"):
        assert place({(0, 1, "related"), (1, 2, "template")}, {0: split})[2] == split
    assert place({(0, 1, "template"), (1, 2, "related")}, {0: "train", 2: "test"})[1] == "test"


def test_a_new_text_between_published_ones_of_two_splits_has_none() -> None:
    assert place({(0, 1, "related"), (1, 2, "related")}, {0: "train", 2: "test"})[1] is None
    assert place({(0, 1, "template"), (1, 2, "template")}, {0: "train", 2: "test"})[1] is not None
