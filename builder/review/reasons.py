"""
Why doubtful lines have their automatic roles. The model is asked in a process of its own, when somebody first looks:
the server stays small, and opening a page does not wait.
"""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

#: Features named for each line.
FEATURES = 3


class Reasons:
    """A process that explains, started when it is first asked; what it said of a version is kept."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._known: dict[str, dict[int, dict[str, Any]]] = {}

    async def of(self, version: str, blocks: Sequence[Mapping[str, Any]], lines: Sequence[int]) -> dict[int, Any]:
        """Reasons of some lines of a page, by their number; see `explain_lines`."""
        if version not in self._known:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_ignore_interrupts)
            loop = asyncio.get_running_loop()
            self._known[version] = await loop.run_in_executor(self._pool, explain_lines, list(blocks), list(lines))
        return self._known[version]


def _ignore_interrupts() -> None:
    """Ctrl-C reaches every process of the terminal; the server is the one that answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def explain_lines(blocks: Sequence[Mapping[str, Any]], lines: Sequence[int]) -> dict[int, dict[str, Any]]:
    """
    Say of lines of a page what else they could be, what the rules say, and which features speak for their role.

    The page is put together from its published blocks, without head and pictures: where the model now says another
    role than the release does, there is no reason to give, and the line is left out.
    """
    from builder.label.model import explain_block, load_model
    from builder.records import Block, ParsedPage

    model = load_model()
    if model is None:
        return {}
    page = ParsedPage([Block(block["text"], tag=block["tag"], hidden=block["hidden"]) for block in blocks])
    found = {}
    for line in lines:
        why = explain_block(page, line, model)
        if why.role == blocks[line]["role"]:
            found[line] = {
                "alternatives": [[role, score] for role, score in why.alternatives[:2]],
                "rule": [why.rule[0], round(why.rule[1], 2)],
                "features": [[name, weight] for name, _, weight in why.features[:FEATURES]],
            }
    return found
