"""
What ends the process that does it, found out by a child that goes first.

lexbor, Arrow, zstd and the like are C: a page that meets a fault in one of them raises nothing, it ends the worker. An
engine that lost one runs the shards it had in hand again, carefully: whatever touches raw input is then tried in a
forked child before the worker does it, and the page that ends the child is rejected. Twice the work, for these alone.
"""

import os
import resource
import signal
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from typing import TypeVar

from builder.errors import BuilderError

T = TypeVar("T")

#: Why a process is killed that no page ends, and what to do.
WANT_OF_MEMORY = (
    "most often for want of memory. Run the same command again with a smaller -j; it goes on where it stopped."
)

_careful = ContextVar("careful", default=False)


def carefully(work: Callable[[], T]) -> T:
    """Return what `work` gives, with every `signal_of` in it asked of a child."""
    before = _careful.set(True)
    try:
        return work()
    finally:
        _careful.reset(before)


def signal_of(work: Callable[[], object]) -> str | None:
    """
    Name of the signal that ends a process which does `work`, None when none does, and outside `carefully`.

    What `work` raises, the caller meets when it does the work itself.

    Raises:
        BuilderError: somebody killed the child: the kernel for want of memory, or a person. No page is to blame.
    """
    if not _careful.get():
        return None
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(BaseException):
            work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        return None
    number = os.WTERMSIG(status)
    if number in (signal.SIGKILL, signal.SIGTERM):
        raise BuilderError(f"a process that tried a page was killed, {WANT_OF_MEMORY}")
    return signal.Signals(number).name
