"""
The store of the review page: one SQLite file in WAL mode, one writer, nothing ever changed that a person decided.

    meta      format of the file, name of the dataset, the secret that signs cookies, which release is loaded
    accounts  who may come in: annotators, and adjudicators, who may do all that annotators may and more
    versions  what was shown: a page with its blocks and their automatic roles, an article with its sentences, a pair
    queue     the order of work, made anew each time a release is loaded
    events    what people did, append-only: triggers refuse UPDATE and DELETE

An event names a block by its content (digest of its text, which of equal texts), so that it outlives a new parser; page
level events leave `block` empty. `action` is drawn by the browser, one for everything a key did: sending it again
changes nothing, and undo names it. Copying the file while no server runs is a backup; while one runs, use
`sqlite3 FILE ".backup COPY"`, or `zhnews gold export --format events`.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from builder.errors import BuilderError

FORMAT = 1

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE accounts (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('annotator', 'adjudicator')),
    token_sha256 TEXT           -- of the link that has not been used yet
) STRICT;
CREATE TABLE versions (
    version TEXT PRIMARY KEY,   -- 16 hex digits of mode, item and content
    mode TEXT NOT NULL,         -- blocks, sentences, pair
    item TEXT NOT NULL,         -- page_id, or left_id:right_id
    content TEXT NOT NULL       -- JSON
) STRICT;
CREATE TABLE queue (
    mode TEXT NOT NULL,
    place INTEGER NOT NULL,     -- 0, 1, 2 … in the order of work
    item TEXT NOT NULL,
    version TEXT NOT NULL,
    outlet TEXT NOT NULL,
    drawn TEXT NOT NULL,        -- random or uncertain: why it stands here; gold: only to be planted
    sampled INTEGER,            -- place in the random sample, whatever the reason; null outside of it
    original TEXT,              -- JSON: where the page was read, null when it is not found any more
    PRIMARY KEY (mode, place)
) STRICT;
CREATE UNIQUE INDEX queue_item ON queue (mode, item);
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at TEXT NOT NULL,      -- ISO 8601, UTC
    annotator TEXT NOT NULL,
    guideline TEXT NOT NULL,    -- version of data_cards/ROLES.md
    mode TEXT NOT NULL,         -- blocks, sentences, pair, adjudication
    item TEXT NOT NULL,
    version TEXT NOT NULL,      -- what was on the screen
    action TEXT NOT NULL,
    kind TEXT NOT NULL,         -- open, role, accept, skip, broken, comment, spans, verdict, undo
    block TEXT NOT NULL,        -- digest of the block's text, or empty
    occurrence INTEGER NOT NULL,
    value TEXT NOT NULL
) STRICT;
CREATE INDEX events_item ON events (item, mode, annotator, kind);
CREATE INDEX events_who ON events (annotator, made_at);
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER events_are_final BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER versions_stay BEFORE DELETE ON versions BEGIN SELECT RAISE(ABORT, 'versions are never deleted'); END;
CREATE TRIGGER versions_are_final BEFORE UPDATE ON versions
    BEGIN SELECT RAISE(ABORT, 'versions are never changed'); END;
"""


@dataclass(frozen=True, slots=True)
class Event:
    """One row of `events` but for its id; see SCHEMA."""

    made_at: str
    annotator: str
    guideline: str
    mode: str
    item: str
    version: str
    action: str
    kind: str
    block: str = ""
    occurrence: int = 0
    value: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One row of `queue`; see SCHEMA."""

    mode: str
    place: int
    item: str
    version: str
    outlet: str
    drawn: str
    sampled: int | None = None
    original: str | None = None


EVENT_COLUMNS = tuple(each.name for each in fields(Event))


class StaleError(Exception):
    """Another tab of the same person has added events since the page was opened."""


class Store:
    """An open store. One process writes; SQLite keeps a second one waiting, and readers never wait."""

    def __init__(self, path: Path, name: str = "") -> None:
        """Open the file, or make it for the dataset `name`."""
        if not name and not path.is_file():
            raise BuilderError(f"{path} is not there: nothing has been reviewed yet; start with `zhnews review DIR`")
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.DatabaseError as error:
            raise BuilderError(f"{path} is no store of the review page: {error}") from error
        self._db.execute("PRAGMA synchronous = FULL")  # an answered request survives a power cut
        with self._write():
            if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone():
                for statement in _statements(SCHEMA):
                    self._db.execute(statement)
                made = {"format": str(FORMAT), "name": name, "secret": secrets.token_hex(32)}
                self._db.executemany("INSERT INTO meta VALUES (?, ?)", made.items())
        if int(self.meta("format") or 0) != FORMAT:
            raise BuilderError(f"{path} has format {self.meta('format')}; this program reads format {FORMAT}")
        path.chmod(0o600)  # it holds texts, and the secret that signs cookies

    def close(self) -> None:
        """Fold the log into the file, so that a copy of the file is whole, and close it."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.close()

    @contextmanager
    def _write(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a SELECT."""
        return self._db.execute(sql, values).fetchall()

    def meta(self, key: str) -> str | None:
        """Value of a key of `meta`."""
        found = self.query("SELECT value FROM meta WHERE key = ?", key)
        return found[0][0] if found else None

    # Accounts

    def set_token(self, name: str, token_sha256: str, role: str | None = None) -> None:
        """Let `name` in by a new link, and give it a role; without one it keeps its own, or is an annotator."""
        with self._write():
            self._db.execute(
                "INSERT INTO accounts VALUES (?1, coalesce(?2, 'annotator'), ?3) "
                "ON CONFLICT (name) DO UPDATE SET role = coalesce(?2, role), token_sha256 = ?3",
                (name, role, token_sha256),
            )

    def use_token(self, token_sha256: str) -> str | None:
        """Return whose link it is, and make it useless; None when it is nobody's or was used."""
        with self._write():
            found = self.query("SELECT name FROM accounts WHERE token_sha256 = ?", token_sha256)
            self._db.execute("UPDATE accounts SET token_sha256 = NULL WHERE token_sha256 = ?", (token_sha256,))
        return found[0][0] if found else None

    def role_of(self, name: str) -> str | None:
        """`annotator` or `adjudicator`; None when there is no such account."""
        found = self.query("SELECT role FROM accounts WHERE name = ?", name)
        return found[0][0] if found else None

    # What is shown

    def replace_queue(self, queue: Iterable[tuple[Place, Mapping[str, Any]]], loaded: str = "") -> None:
        """Take a newly loaded release, `loaded`: every place of the queue with what to show. Old versions stay."""
        with self._write():
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('loaded', ?)", (loaded,))
            self._db.execute("DELETE FROM queue")
            for place, content in queue:
                row = (place.version, place.mode, place.item, json.dumps(content, ensure_ascii=False))
                self._db.execute("INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?)", row)
                self._db.execute("INSERT INTO queue VALUES (?, ?, ?, ?, ?, ?, ?, ?)", astuple(place))

    def add_version(self, version: str, mode: str, item: str, content: Mapping[str, Any]) -> None:
        """Bring back something that was shown, without a place in the queue."""
        with self._write():
            row = (version, mode, item, json.dumps(content, ensure_ascii=False))
            self._db.execute("INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?)", row)

    def place(self, mode: str, item: str) -> Place | None:
        """Where an item stands in the queue of the release that is loaded; None when it is not in it."""
        found = self.query("SELECT * FROM queue WHERE mode = ? AND item = ?", mode, item)
        return Place(*found[0]) if found else None

    def content(self, version: str) -> dict[str, Any]:
        """What a version shows."""
        ((content,),) = self.query("SELECT content FROM versions WHERE version = ?", version)
        loaded: dict[str, Any] = json.loads(content)
        return loaded

    # What people did

    def events(self, mode: str, item: str, annotator: str | None = None) -> list[tuple[int, Event]]:
        """Events on an item in their order, with their ids; of one person, or of all."""
        rows = self.query(
            f"SELECT id, {', '.join(EVENT_COLUMNS)} FROM events "  # noqa: S608  (names of our own columns)
            "WHERE item = ? AND mode = ? AND (? IS NULL OR annotator = ?) ORDER BY id",
            item,
            mode,
            annotator,
            annotator,
        )
        return [(row[0], Event(*row[1:])) for row in rows]

    def append(self, events: Sequence[Event], seen: int | None = None) -> int:
        """
        Write the events of one action, at once and on disk, and return the id of the person's last event on the item.

        Args:
            seen: the last event on the item that the person's page knows of; None when it need not know.

        Raises:
            StaleError: there are later ones.
        """
        first = events[0]
        who = (first.item, first.mode, first.annotator)
        with self._write():
            ((last,),) = self.query(
                "SELECT coalesce(max(id), 0) FROM events "
                "WHERE item = ? AND mode = ? AND annotator = ? AND kind <> 'open'",
                *who,
            )
            known = "SELECT 1 FROM events WHERE item = ? AND mode = ? AND annotator = ? AND action = ?"
            if self.query(known, *who, first.action):
                return int(last)  # it was sent again, since the answer was lost
            if seen is not None and last != seen:
                raise StaleError
            marks = ", ".join("?" * len(EVENT_COLUMNS))
            insert = f"INSERT INTO events ({', '.join(EVENT_COLUMNS)}) VALUES ({marks})"  # noqa: S608
            for event in events:
                last = self._db.execute(insert, astuple(event)).lastrowid
        return int(last)


def now() -> str:
    """The time that an event bears: ISO 8601, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements: `executescript` would commit the transaction it runs in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
