import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from builder.publish.logical import LogicalHash

SCHEMA = pa.schema(
    [
        ("text", pa.string()),
        ("index", pa.int32()),
        ("score", pa.float32()),
        ("hidden", pa.bool_()),
        ("names", pa.list_(pa.field("element", pa.string()))),
        ("spans", pa.list_(pa.field("element", pa.struct([("role", pa.int64()), ("end", pa.int32())])))),
        ("dateline", pa.struct([("place", pa.string())])),
        ("published_at", pa.timestamp("us", tz="Asia/Shanghai")),
    ]
)

small = st.none() | st.integers(-5, 5)
words = st.none() | st.text("好风𠮷a", max_size=3)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "text": words,
            "index": small,
            "score": st.none() | st.sampled_from([0.0, 0.25, 1.0]),
            "hidden": st.none() | st.booleans(),
            "names": st.none() | st.lists(words, max_size=3),
            "spans": st.none() | st.lists(st.none() | st.fixed_dictionaries({"role": small, "end": small}), max_size=3),
            "dateline": st.none() | st.fixed_dictionaries({"place": words}),
            "published_at": small,
        }
    ),
    max_size=8,
)


def hash_of(*tables: pa.Table) -> tuple[str, int]:
    logical = LogicalHash(SCHEMA)
    for table in tables:
        logical.update(table)
    return logical.hexdigest(), logical.value_bytes


@given(ROWS, st.integers(0, 8))
def test_the_hash_does_not_see_where_batches_are_cut(rows: list[dict[str, object]], cut: int) -> None:
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    assert hash_of(table) == hash_of(table.slice(0, cut), table.slice(cut))
    assert hash_of(table) == hash_of(pa.concat_tables([table.slice(0, cut), table.slice(cut)]).combine_chunks())


@given(ROWS)
def test_the_hash_survives_parquet(rows: list[dict[str, object]]) -> None:
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="none", row_group_size=3)
    assert hash_of(pq.read_table(pa.BufferReader(sink.getvalue()))) == hash_of(table)


@given(ROWS, ROWS)
def test_other_rows_have_another_hash(left: list[dict[str, object]], right: list[dict[str, object]]) -> None:
    one, two = pa.Table.from_pylist(left, schema=SCHEMA), pa.Table.from_pylist(right, schema=SCHEMA)
    assert (hash_of(one)[0] == hash_of(two)[0]) == (one.to_pylist() == two.to_pylist())


def test_null_is_not_empty() -> None:
    empty = pa.Table.from_pylist([{"text": "", "names": []}], schema=SCHEMA)
    null = pa.Table.from_pylist([{"text": None, "names": None}], schema=SCHEMA)
    assert hash_of(empty) != hash_of(null)


def test_a_border_moved_between_two_values_shows() -> None:
    one = pa.Table.from_pylist([{"text": "好风"}, {"text": "光"}], schema=SCHEMA)
    two = pa.Table.from_pylist([{"text": "好"}, {"text": "风光"}], schema=SCHEMA)
    assert hash_of(one) != hash_of(two)


def test_the_hash_is_the_same_on_every_machine_and_version() -> None:
    table = pa.Table.from_pylist([{"text": "好风", "names": ["光", None]}, {"index": 3, "hidden": True}], schema=SCHEMA)
    assert hash_of(table)[0] == "d368244f42b050c7e622db9ea8eefcfd1f21586a1e3dd70ec9b7493668b3df8a"
