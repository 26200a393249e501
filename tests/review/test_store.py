"""Nothing that a person decided is lost or changed."""

import sqlite3
from pathlib import Path

import pytest

from builder.errors import BuilderError
from builder.review.store import Event, StaleError, Store
from tests.review.conftest import BRIDGE, fill, page_content


def event(kind: str = "role", value: str = "body", action: str = "action-1", who: str = "lin") -> Event:
    return Event("2024-05-01T09:00:00+00:00", who, "1", "blocks", "bridge", "v", action, kind, "d", 0, value)


def test_an_event_cannot_be_changed_or_deleted(store: Store, tmp_path: Path) -> None:
    store.append([event()])
    with sqlite3.connect(tmp_path / "linjiang.review.sqlite") as db:
        for statement in ("DELETE FROM events", "UPDATE events SET value = 'nav'", "DELETE FROM versions"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                db.execute(statement)


def test_events_are_on_disk_when_they_are_answered(store: Store, tmp_path: Path) -> None:
    store.append([event(), event(value="lede")])
    reader = Store(tmp_path / "linjiang.review.sqlite")
    assert [e.value for _, e in reader.events("blocks", "bridge")] == ["body", "lede"]


def test_events_of_a_tab_that_lags_behind_are_refused(store: Store) -> None:
    first = store.append([event()], seen=0)
    with pytest.raises(StaleError):
        store.append([event(action="action-2")], seen=0)
    assert store.append([event(action="action-2")], seen=first) > first
    assert store.append([event(action="action-3", who="su")], seen=0), "others do not count"


def test_a_new_release_leaves_events_and_what_was_shown(store: Store) -> None:
    place = store.place("blocks", "bridge")
    assert place
    store.append([event()])
    fill(store, page_content("bridge", BRIDGE[:3]))
    assert len(store.content(place.version)["blocks"]) == len(BRIDGE)
    assert len(store.events("blocks", "bridge")) == 1
    assert store.place("blocks", "harbour") is None


def test_a_closed_store_is_one_file(store: Store, tmp_path: Path) -> None:
    store.append([event()])
    store.close()
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes((tmp_path / "linjiang.review.sqlite").read_bytes())
    assert len(Store(copy).events("blocks", "bridge")) == 1


def test_what_is_no_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuilderError, match="nothing has been reviewed yet"):
        Store(tmp_path / "none.sqlite")
    (tmp_path / "other.sqlite").write_bytes(b"not a database at all, but long enough" * 10)
    with pytest.raises(BuilderError, match="is no store"):
        Store(tmp_path / "other.sqlite")
