import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from builder.engines.partition import partition_of

TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=200)), max_size=30)


@given(TEXTS, st.integers(1, 9))
def test_equal_keys_share_a_partition_wherever_they_stand(values: list[str | None], n: int) -> None:
    table = pa.table({"key": pa.array(values + values[::-1], pa.string())})
    home = partition_of(table, ["key"], n)
    assert (home[: len(values)] == home[len(values) :][::-1]).all()
    assert ((home >= 0) & (home < n)).all()


@given(TEXTS)
def test_a_slice_of_a_table_goes_where_its_rows_went(values: list[str | None]) -> None:
    table = pa.table({"key": pa.array(values, pa.string())})
    whole = partition_of(table, ["key"], 7)
    assert (partition_of(table.slice(1), ["key"], 7) == whole[1:]).all()


def test_keys_spread_evenly() -> None:
    table = pa.table({"key": [f"{i:016x}" for i in range(8_000)]})
    counts = np.bincount(partition_of(table, ["key"], 8), minlength=8)
    assert counts.min() > 900
    assert counts.max() < 1_100


def test_partitions_do_not_move_between_releases() -> None:
    table = pa.table({"key": ["长江", "黄河", "", None, "a1b2c3"], "row": [1, 2, 3, 4, 5]})
    assert partition_of(table, ["key", "row"], 16).tolist() == [13, 9, 12, 10, 12]
