"""Splits by time: the laws, whatever the dates and whatever is related to what."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.dedup import by_time, steps
from builder.dedup.pins import attach_pins
from builder.publish.splits import SplitSettings
from builder.schemas import COMPONENTS, KEYS, LATEST, PINS, PLACED
from tests.dedup.test_groups import EDGE_SETS, components, key_of

FIRST = datetime(2024, 5, 31, 16, tzinfo=UTC)  # midnight of 1 June in China
DAYS = st.lists(st.one_of(st.none(), st.integers(0, 20)), min_size=12, max_size=12)
SHARES = st.sampled_from([0.0, 0.1, 0.3, 0.7, 1.0])
Edges = set[tuple[int, int, str]]


def pin_all(edges: Edges, days: list[int | None], pins: dict[int, str]) -> pa.Table:
    """PINNED of the texts 0 to 11, each on a page of its own, published on a day of June 2024, late in the evening."""
    late = timedelta(hours=23)
    moments = [None if day is None else FIRST + timedelta(days=day) + late for day in days]
    keys: list[dict[str, Any]] = [
        {"page_id": f"{n}", "source": f"{n}.html", "text_key": key_of(n), "n_chars": 100, "published_at": moments[n]}
        for n in range(12)
    ]
    table = pa.Table.from_pylist([{name: row.get(name) for name in KEYS.names} for row in keys], schema=KEYS)
    found = pa.Table.from_pylist(list(components(edges).values()), schema=COMPONENTS)
    published = [{"page_id": f"{n}", "cluster_id": key_of(n), "split": split} for n, split in pins.items()]
    return attach_pins(steps.name_components(table, found), pa.Table.from_pylist(published, schema=PINS))


def splits_of(pinned: pa.Table, share: float, test_from: date | None) -> dict[int, str | None]:
    splits = SplitSettings(by="time", train=0.8 - share * 0.8, validation=0.2 - share * 0.2, test=share)
    placed = by_time.place(pinned, splits=splits, test_from=test_from)
    assert placed.schema == PLACED
    return dict(zip(map(int, placed["page_id"].to_pylist()), placed["split"].to_pylist(), strict=True))


def day_of(day: int | None) -> date:
    return date.min if day is None else date(2024, 6, 1) + timedelta(days=day)


@given(EDGE_SETS, DAYS, SHARES)
def test_nothing_in_train_is_of_the_days_of_the_test_and_nothing_related_is_apart(
    edges: Edges, days: list[int | None], share: float
) -> None:
    pinned = pin_all(edges, days, {})
    newest = by_time.latest(pinned)
    assert newest.schema == LATEST
    assert sum(newest["n_stories"].to_pylist()) == len(set(pinned["component_id"].to_pylist()))
    test_from = by_time.first_test_day(newest, share)
    splits = splits_of(pinned, share, test_from)
    assert set(splits.values()) <= {"train", "validation", "test"}
    assert all(splits[a] == splits[b] for a, b, rule in edges if rule != "template")
    assert all(test_from is None or day_of(days[n]) < test_from for n, split in splits.items() if split != "test")
    # As few whole days as give the share, and a test never without something of its days.
    in_test = [n for n, split in splits.items() if split == "test"]
    stories = dict(zip(map(int, pinned["page_id"].to_pylist()), pinned["component_id"].to_pylist(), strict=True))
    assert bool(in_test) == (test_from is not None) == (share > 0 and any(day is not None for day in days))
    if in_test:
        assert any(day_of(days[n]) >= test_from for n in in_test if test_from)
    if None not in days:
        assert len({stories[n] for n in in_test}) >= share * len(set(stories.values()))
    alone = [n for n in range(12) if days[n] is None and not any(n in edge[:2] for edge in edges)]
    assert all(splits[n] == "train" for n in alone)


@given(EDGE_SETS, DAYS, SHARES, st.integers(0, 12))
def test_what_is_published_stays_and_what_comes_keeps_the_law_or_has_no_split(
    edges: Edges, days: list[int | None], share: float, n_old: int
) -> None:
    before = {edge for edge in edges if max(edge[:2]) < n_old}
    old = pin_all(before, [day if n < n_old else None for n, day in enumerate(days)], {})
    test_from = by_time.first_test_day(by_time.latest(old), share)
    published = {n: split for n, split in splits_of(old, share, test_from).items() if n < n_old and split}
    splits = splits_of(pin_all(edges, days, published), share, test_from)
    near = {n: row["related_id"] for n in range(12) if (row := components(edges).get(key_of(n)))}
    for n in range(n_old, 12):
        there = {split for old_one, split in published.items() if old_one in near and near.get(n) == near[old_one]}
        assert splits[n] is None or there <= {splits[n]}
        if splits[n] in ("train", "validation"):
            assert test_from is None or day_of(days[n]) < test_from


def test_the_first_day_is_the_last_one_that_leaves_the_share() -> None:
    rows = [(date(2024, 6, 9), 1), (date(2024, 6, 8), 2), (date(2024, 6, 1), 5), (None, 2)]
    table = pa.Table.from_pylist([{"day": day, "n_stories": n} for day, n in rows], schema=LATEST)
    found = [by_time.first_test_day(table, share) for share in (0, 0.1, 0.2, 0.3, 0.31, 1)]
    days = [day and day.day for day in found]
    assert days == [None, 9, 8, 8, 1, 1]
    assert by_time.first_test_day(LATEST.empty_table(), 0.1) is None


@pytest.mark.parametrize(("moment", "day"), [("2024-06-09T15:59:59", 9), ("2024-06-09T16:00:00", 10)])
def test_a_day_begins_at_midnight_in_china(moment: str, day: int) -> None:
    column = pa.chunked_array(
        [pa.array([datetime.fromisoformat(moment).replace(tzinfo=UTC)], KEYS.field("published_at").type)]
    )
    assert by_time.china_days(column).to_pylist() == [date(2024, 6, day)]
