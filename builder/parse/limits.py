"""A bound on what the lines of one page can cost all that comes after parsing."""

from collections.abc import Iterable
from itertools import islice

from builder.errors import PageError
from builder.records import Block

# The page with most tags of 250 real ones has 6,200. To label 20,000 lines takes 1.3 s and 600 MB, and more with more.
MAX_LINES = 20_000


def limit_lines(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks; PageError `parse:too-many-lines` as soon as there are more than MAX_LINES."""
    found = list(islice(blocks, MAX_LINES + 1))
    if len(found) > MAX_LINES:
        raise PageError("parse:too-many-lines", f"more than {MAX_LINES} lines, which is no page of news")
    return found
