from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from builder.read import ReadSettings, find_inputs, read_input
from builder.records import Page, Reject

ReadBytes = Callable[..., list[Page | Reject]]


@pytest.fixture
def read_bytes(tmp_path: Path) -> ReadBytes:
    """Return a function that writes bytes under a name and reads them as an input."""

    def read(name: str, content: bytes, settings: ReadSettings | None = None) -> Sequence[Page | Reject]:
        (tmp_path / name).write_bytes(content)
        (item,) = find_inputs([name], tmp_path)
        return list(read_input(item, settings or ReadSettings()))

    return read


def brief(found: Sequence[Page | Reject]) -> list[tuple[str, str]]:
    """Return the source of each result, and its text or its reason."""
    return [(one.source, one.text if isinstance(one, Page) else one.reason) for one in found]
