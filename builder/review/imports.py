"""Verdicts that were made elsewhere → events: of another store, of a gold file, of another tool."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from builder.errors import BuilderError
from builder.label.gold import Correction
from builder.records import GUIDELINE
from builder.review.exchange import LabelledPage
from builder.review.store import EVENT_COLUMNS, Event, Store, now


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import took in, and what it found no place for, as sentences."""

    events: int
    lost: tuple[str, ...]


def import_pages(store: Store, pages: Iterable[LabelledPage], annotator: str) -> Imported:
    """
    Take in what `annotator` said with another tool; a page whose every line has a role counts as accepted.

    The lines must be those of the page that is loaded now. Importing the same file again changes nothing.
    """
    count, lost = 0, []
    for page in pages:
        place = store.place("blocks", page.page_id)
        if place is None:
            lost.append(f"page {page.page_id} is not in the queue of this release")
            continue
        blocks = store.content(place.version)["blocks"]
        if [block["text"] for block in blocks] != list(page.lines):
            lost.append(f"page {page.page_id} has other lines in this release")
            continue
        said = [(block, role) for block, role in zip(blocks, page.roles, strict=True) if role]
        action = _action([page.page_id, page.lines, page.roles, annotator])
        common = (now(), annotator, GUIDELINE, "blocks", page.page_id, place.version, action)
        events = [Event(*common, "role", block["digest"], block["occurrence"], role) for block, role in said]
        if events and len(said) == len(blocks):
            events.append(Event(*common, "accept"))
        count += _append(store, events)
    return Imported(count, tuple(lost))


def import_corrections(store: Store, corrections: Iterable[Correction]) -> Imported:
    """Take in a gold file as rulings: they win over what annotators say, and plant their pages among those to come."""
    count, lost = 0, []
    for correction in corrections:
        place = store.place("blocks", correction.page_id)
        there = place and any(
            (block["digest"], block["occurrence"]) == correction.place[1:]
            for block in store.content(place.version)["blocks"]
        )
        if place is None or not there:
            lost.append(f"page {correction.page_id}, line {correction.index}: {correction.text}")
            continue
        event = Event(
            correction.made_at,
            correction.annotator,
            correction.guideline or GUIDELINE,
            "adjudication",
            correction.page_id,
            place.version,
            _action([correction.place, correction.role, correction.made_at]),
            "role",
            correction.block,
            correction.occurrence,
            correction.role,
        )
        count += _append(store, [event])
    return Imported(count, tuple(lost))


def dump_store(store: Store) -> str:
    """Everything that people did and were shown, a JSON object a line: `restore` makes the same store of it."""
    rows = [{"version": v, "mode": m, "item": i, "content": json.loads(c)} for v, m, i, c in _versions(store)]
    names = ", ".join(EVENT_COLUMNS)
    events = store.query(f"SELECT {names} FROM events ORDER BY id")  # noqa: S608  (names of our own columns)
    rows += [dict(zip(EVENT_COLUMNS, event, strict=True)) for event in events]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _versions(store: Store) -> Sequence[tuple[str, str, str, str]]:
    return store.query("SELECT version, mode, item, content FROM versions ORDER BY version")


def restore(store: Store, source: str) -> Imported:
    """Bring back what `dump_store` wrote, into an empty store or beside what is there; nothing comes in twice."""
    count = 0
    groups: dict[tuple[str, ...], list[Event]] = {}
    for number, line in enumerate(source.splitlines(), 1):
        try:
            row = json.loads(line)
            if "content" in row:
                store.add_version(row["version"], row["mode"], row["item"], row["content"])
            else:
                event = Event(**row)
                groups.setdefault((event.mode, event.item, event.annotator, event.action), []).append(event)
        except (json.JSONDecodeError, TypeError, KeyError) as error:
            raise BuilderError(f"line {number} is no row of `zhnews gold export --format events`: {error}") from error
    for events in groups.values():
        count += _append(store, events)
    return Imported(count, ())


def _append(store: Store, events: Sequence[Event]) -> int:
    """Append an action unless it is there; how many events were written."""
    if not events:
        return 0
    ((before,),) = store.query("SELECT count(*) FROM events")
    store.append(events)
    ((after,),) = store.query("SELECT count(*) FROM events")
    return int(after) - int(before)


def _action(content: object) -> str:
    return "import-" + sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:24]
