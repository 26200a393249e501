"""What is wrong with a release, and where two JSON values differ."""

from collections.abc import Iterator
from typing import Any, NamedTuple


class Fault(NamedTuple):
    """One thing wrong with a release: the file, or the place in it, and what is wrong there."""

    where: str
    what: str

    def __str__(self) -> str:
        """In one line."""
        return f"{self.where}: {self.what}"


def differences(path: str, left: Any, right: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield where two JSON values differ: path, left, right."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in dict.fromkeys([*left, *right]):
            yield from differences(f"{path}.{key}".lstrip("."), left.get(key), right.get(key))
    elif left != right:
        yield path, left, right
