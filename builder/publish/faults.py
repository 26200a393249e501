"""What is wrong with a release, and where two JSON values differ."""

from collections.abc import Iterable, Iterator
from heapq import nsmallest
from typing import Any, NamedTuple

#: Rows named in one fault; the rest are counted.
NAMED = 3


class Fault(NamedTuple):
    """One thing wrong with a release: the file, or the place in it, and what is wrong there."""

    where: str
    what: str

    def __str__(self) -> str:
        """In one line."""
        return f"{self.where}: {self.what}"


class Found:
    """Rows with faults, met one after another: a sentence a kind of fault, which names the first rows."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[int, list[str]]] = {}

    def add(self, what: str, rows: Iterable[str]) -> None:
        """Note rows that have one kind of fault; nothing when there are none."""
        listed = list(rows)
        if listed:
            n, first = self._rows.get(what, (0, []))
            self._rows[what] = n + len(listed), nsmallest(NAMED, [*first, *listed])

    def told(self) -> Iterator[str]:
        """Yield a sentence a kind of fault, in the order in which they were met."""
        for what, (n, first) in self._rows.items():
            yield f"{what}: {', '.join(first)}{f' and {n - len(first)} more' if n > len(first) else ''}"


def some(what: str, rows: Iterable[str]) -> Iterator[str]:
    """One sentence for all rows with the same fault, naming the first few; nothing when there are none."""
    found = Found()
    found.add(what, rows)
    return found.told()


def differences(path: str, left: Any, right: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield where two JSON values differ: path, left, right."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in dict.fromkeys([*left, *right]):
            yield from differences(f"{path}.{key}".lstrip("."), left.get(key), right.get(key))
    elif left != right:
        yield path, left, right
