"""A limit to what one page may cost: a page that hangs a rule must not hang the build."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from builder.errors import PageError


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """
    Raise PageError `label:timeout` when the block takes more than `seconds` of this process's CPU time.

    CPU and not wall time, so that a busy machine rejects no page. Python's own loops and `re` are interrupted; a call
    into another library runs to its end. Outside the main thread there is no limit, since signals reach that one only.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def give_up(_: int, __: FrameType | None) -> None:
        raise PageError("label:timeout", f"the page took more than {seconds:g} seconds")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
