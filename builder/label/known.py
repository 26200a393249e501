"""
What is known of strings that come back from page to page, as the tag paths of a site do.

Each is read by itself, so that a page gets the same numbers whatever came before it. Those of a page that are new are
read together, since numpy takes as long for one as for fifty.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[Any]


class Known:
    """
    One row of numbers a string.

    Args:
        read: returns one row of each string, none of which depends on the other strings.
        row: what a row holds.
        most: so many rows are kept; when there are more, all are forgotten.
        chars: longer strings are not kept.
    """

    def __init__(self, read: Callable[[list[str]], Rows], row: npt.DTypeLike, most: int, chars: int) -> None:
        self._read, self._row, self._most, self._chars = read, np.dtype(row), most, chars
        self._rows: dict[str, bytes] = {}

    def rows(self, strings: Sequence[str]) -> Rows:
        """Return one row a string, in their order; not to be written to."""
        rows, size = self._rows, self._row.itemsize
        if len(rows) > self._most:
            rows.clear()
        new = [string for string in dict.fromkeys(strings) if string not in rows]
        if new:
            read = self._read(new).tobytes()
            rows.update(zip(new, (read[i : i + size] for i in range(0, len(read), size)), strict=True))
        found = np.frombuffer(b"".join([rows[string] for string in strings]), self._row)
        for string in new:
            if len(string) > self._chars:
                del rows[string]
        return found
