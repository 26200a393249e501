"""
Splits by time: the newest articles are the test, so that nothing in train was published in its days.

    pinned ─latest, by group→ latest ─first_test_day→ a day;  pinned ─place, by group→ placed

What shares a split are related texts (`groups.RELATED_SHARE`), a story with all its copies among them, and the newest
of them decides, copies that are dropped included: a text that any outlet published in the days of the test is in no
other split. So a test may hold articles older than its first day, next to what is newer. Stories of one template are
not kept together, unlike in splits by hash: ten years of weather would follow the last day into the test.

The first day is found once, for the first release. Later ones, built over it, keep it: what is published stays, new
texts of those days are tests, and the few that belong to an older story of another split are left out.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.groups import splits_by
from builder.publish.splits import SplitSettings, split_of
from builder.schemas import LATEST, PLACED


def china_days(published_at: pa.ChunkedArray) -> pa.ChunkedArray:
    """Days in China of some moments: +08:00 since 1992. Arrow's zones would need a tzdata that small images lack."""
    local = pc.add(published_at.cast(pa.timestamp("us")), timedelta(hours=8))
    return pc.floor_temporal(local, unit="day").cast(pa.date32())


def latest(pinned: pa.Table) -> pa.Table:
    """PINNED rows, complete by group_id -> LATEST rows, one for all related texts."""
    rows = pa.table(
        [pinned["related_id"], china_days(pinned["published_at"]), pinned["component_id"]],
        names=["related_id", "day", "component_id"],
    )
    by_related = rows.group_by("related_id", use_threads=False)
    found = by_related.aggregate([("day", "max"), ("component_id", "count_distinct")])
    return pa.table([found["day_max"], found["component_id_count_distinct"]], schema=LATEST)


def first_test_day(latest: pa.Table, share: float) -> date | None:
    """
    Return the first day of the test: the last one from which on there are `share` of all stories.

    None when no story is dated, or `share` is 0: then nothing is a test.
    """
    wanted = share * (pc.sum(latest["n_stories"]).as_py() or 0)
    dated = latest.filter(pc.is_valid(latest["day"])).group_by("day").aggregate([("n_stories", "sum")])
    day: date | None = None
    for row in dated.sort_by([("day", "descending")]).to_pylist():
        if wanted <= 0:
            break
        day = row["day"]
        wanted -= row["n_stories_sum"]
    return day


def place(pinned: pa.Table, *, splits: SplitSettings, test_from: date | None) -> pa.Table:
    """
    PINNED rows, complete by group_id -> PLACED rows: with the split of each text that no earlier release has placed.

    Texts related to published ones go where these are. `split` is null where they are in several splits, or in train
    or validation while one of the new texts is of the days of the test.
    """
    days = china_days(pinned["published_at"]).to_pylist()
    near, wide = pinned["related_id"].to_pylist(), pinned["group_id"].to_pylist()
    pin = pc.struct_field(pinned["pin"].combine_chunks(), "split")
    there = splits_by(pinned["related_id"], pin)
    of_new: dict[str, list[date | None]] = {}
    for name, day, published in zip(near, days, pin.to_pylist(), strict=True):
        of_new.setdefault(name, []).extend([] if published else [day])
    split = {
        name: _split(there.get(name, set()), _last(of_new[name]), group, splits, test_from)
        for name, group in dict.fromkeys(zip(near, wide, strict=True))
    }
    return pa.table([*pinned.columns, pa.array([split[name] for name in near], pa.string())], schema=PLACED)


def _split(there: set[str], day: date | None, group: str, splits: SplitSettings, test_from: date | None) -> str | None:
    """Split of new texts, of which `day` is the last, related to published ones of the splits `there`."""
    in_test = day is not None and test_from is not None and day >= test_from
    if there:
        (only, *others) = there
        return None if others or (in_test and only != "test") else only
    if day is None:
        return "train"
    return "test" if in_test else split_of(group, _without_test(splits))


def _without_test(splits: SplitSettings) -> SplitSettings:
    rest = splits.train + splits.validation or 1
    return replace(splits, train=splits.train / rest, validation=splits.validation / rest, test=0.0)


def _last(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)
