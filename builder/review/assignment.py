"""Who works on what: the next item of the queue for a person, and how far everybody is."""

from datetime import UTC, datetime
from statistics import median

from builder.review.store import Store

#: Seconds for which an opened item is kept from others: longer than anybody needs for a page, shorter than lunch.
HOLD_S = 1800

#: A page open for longer was left alone: it says nothing about speed.
MAX_SECONDS = 1800

#: Items that are still to be done by this person (?2): not finished, marked or skipped by them, and neither done nor
#: open (since ?3) by as many others as shall look at it (?4). Where they left off comes first.
_OPEN = """
FROM queue q WHERE q.mode = ?1 AND q.drawn <> 'gold'
AND NOT EXISTS (
    SELECT 1 FROM events e WHERE e.item = q.item AND e.mode = q.mode AND e.annotator = ?2
    AND (e.kind IN ('accept', 'skip') OR e.kind = 'broken' AND e.value = '1'))
AND (
    SELECT count(DISTINCT e.annotator) FROM events e WHERE e.item = q.item AND e.mode = q.mode AND e.annotator <> ?2
    AND (e.kind = 'accept' OR e.kind = 'broken' AND e.value = '1' OR e.made_at > ?3)) < ?4
"""


#: Every tenth page of a person is one that is settled, by an adjudicator or as gold of the release, and looks like any
#: other: how well each person labels.
PLANTED_EVERY = 10

_PLANTED = """
SELECT q.item FROM queue q WHERE q.mode = ?1
AND (q.drawn = 'gold' OR EXISTS (
    SELECT 1 FROM events e WHERE e.item = q.item AND e.mode = 'adjudication' AND e.annotator <> ?2))
AND NOT EXISTS (SELECT 1 FROM events e WHERE e.item = q.item AND e.mode = q.mode AND e.annotator = ?2)
ORDER BY q.place LIMIT 1
"""


def next_item(store: Store, mode: str, who: str, overlap: int, now: float) -> str | None:
    """
    Return the item to work on next, the one that was begun before any other; None when nothing is left.

    Every PLANTED_EVERY-th is one that was settled before, as long as there is one that the person does not know.
    """
    ((finished, begun_now),) = store.query(
        "SELECT count(DISTINCT CASE WHEN kind = 'accept' THEN item END), count(DISTINCT item) "
        "FROM events WHERE mode = ? AND annotator = ?",
        mode,
        who,
    )
    if finished % PLANTED_EVERY == PLANTED_EVERY - 1 and finished == begun_now:
        planted = store.query(_PLANTED, mode, who)
        if planted:
            return str(planted[0][0])
    since = datetime.fromtimestamp(now - HOLD_S, UTC).isoformat(timespec="milliseconds")
    begun = "EXISTS (SELECT 1 FROM events e WHERE e.item = q.item AND e.mode = q.mode AND e.annotator = ?2)"
    found = store.query(
        f"SELECT q.item {_OPEN} ORDER BY {begun} DESC, q.place LIMIT 1",
        mode,
        who,
        since,
        overlap,
    )
    return found[0][0] if found else None


def progress(store: Store, mode: str, who: str, overlap: int) -> tuple[int, int]:
    """How many items this person has done, and how many of the queue are left for them."""
    ((done,),) = store.query(
        "SELECT count(DISTINCT item) FROM events WHERE mode = ? AND annotator = ? AND kind IN ('accept', 'broken')",
        mode,
        who,
    )
    ((left,),) = store.query(f"SELECT count(*) {_OPEN}", mode, who, "9", overlap)
    return done, left


def skipped(store: Store, mode: str, who: str) -> list[str]:
    """Items that the person skipped and has not finished since, in the order of the queue."""
    rows = store.query(
        "SELECT q.item FROM queue q WHERE q.mode = ?1 "
        "AND EXISTS (SELECT 1 FROM events e WHERE e.item = q.item AND e.mode = ?1 AND e.annotator = ?2 "
        "AND e.kind = 'skip') "
        "AND NOT EXISTS (SELECT 1 FROM events e WHERE e.item = q.item AND e.mode = ?1 AND e.annotator = ?2 "
        "AND e.kind = 'accept') ORDER BY q.place",
        mode,
        who,
    )
    return [item for (item,) in rows]


def speed(store: Store, mode: str, name: str) -> tuple[float | None, float | None]:
    """Median seconds from opening an item to accepting it, and median actions on it; None when nothing was accepted."""
    rows = store.query(
        "SELECT min(CASE WHEN kind = 'open' THEN made_at END), max(CASE WHEN kind = 'accept' THEN made_at END), "
        "count(DISTINCT CASE WHEN kind <> 'open' THEN action END) "
        "FROM events WHERE mode = ? AND annotator = ? GROUP BY item",
        mode,
        name,
    )
    spent = [
        ((datetime.fromisoformat(done) - datetime.fromisoformat(opened)).total_seconds(), actions)
        for opened, done, actions in rows
        if opened and done
    ]
    spent = [(seconds, actions) for seconds, actions in spent if seconds <= MAX_SECONDS]
    if not spent:
        return None, None
    return round(median(seconds for seconds, _ in spent), 1), median(actions for _, actions in spent)
