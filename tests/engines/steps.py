"""Steps for the engine suite; at module level, so that a spawned worker can import them."""

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from builder.apart import signal_of
from builder.engines import Step

WORDS = pa.schema([("id", pa.int64()), ("word", pa.string())])
LENGTHS = pa.schema([("id", pa.int64()), ("word", pa.string()), ("n", pa.int64())])
COUNTS = pa.schema([("word", pa.string()), ("first_id", pa.int64()), ("n", pa.int64()), ("partner", pa.string())])
PARTNERS = pa.schema([("word", pa.string()), ("partner", pa.string())])


def lengths(words: pa.Table) -> pa.Table:
    """Add the length of each word, in code points."""
    return words.append_column("n", pc.utf8_length(words["word"]).cast(pa.int64()))


def lengths_row_by_row(words: pa.Table) -> Iterator[pa.Table]:
    """Give the same answer in many tables."""
    for row in range(words.num_rows):
        yield lengths(words.slice(row, 1))


def forget_a_column(words: pa.Table) -> pa.Table:
    """Break the schema."""
    return words.drop_columns(["word"])


def fail_on_seven(words: pa.Table) -> pa.Table:
    """Fail as a bug would."""
    if 7 in words["id"].to_pylist():
        raise ZeroDivisionError("seven")
    return lengths(words)


def end_on_moon(words: pa.Table) -> Iterator[pa.Table]:
    """Give -1 for a word that ends the process which looks at it, as a fault in a C library would."""
    for row in words.to_pylist():
        ended = signal_of(partial(_look_at, row["word"]))
        if ended is None:
            _look_at(row["word"])
        yield pa.Table.from_pylist([row | {"n": -1 if ended == "SIGSEGV" else 1}], LENGTHS)


def _look_at(word: str) -> None:
    if word == "月":
        os.kill(os.getpid(), signal.SIGSEGV)


def be_killed(words: pa.Table) -> pa.Table:
    """Have the worker killed each time, as the kernel does for want of memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return lengths(words)


def be_killed_once(words: pa.Table, mark: str) -> pa.Table:
    """Have the first worker killed that gets here."""
    try:
        Path(mark).touch(exist_ok=False)
    except FileExistsError:
        return lengths(words)
    return be_killed(words)


def wait_for(begun: Path, gone: Path) -> Step:
    """Add the length of each word, but mark in `begun` that a call began, and end only when `gone` is there."""
    return partial(_lengths_after, begun=str(begun), gone=str(gone))


def _lengths_after(words: pa.Table, begun: str, gone: str) -> pa.Table:
    (Path(begun) / f"{os.getpid()}").touch()
    while not Path(gone).exists():
        time.sleep(0.05)
    return lengths(words)


def count_words(words: pa.Table, partners: pa.Table) -> pa.Table:
    """One row a word: its first id, its count and its partner; needs complete keys on both sides."""
    partner = dict(zip(partners["word"].to_pylist(), partners["partner"].to_pylist(), strict=True))
    seen: dict[str, list[int]] = {}
    for id_, word in zip(words["id"].to_pylist(), words["word"].to_pylist(), strict=True):
        seen.setdefault(word, []).append(id_)
    rows = [
        {"word": word, "first_id": ids[0], "n": len(ids), "partner": partner.get(word)} for word, ids in seen.items()
    ]
    return pa.Table.from_pylist(rows, schema=COUNTS)
