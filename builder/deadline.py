"""A limit to what one page may cost: a page that hangs a rule must not hang the build."""

import math
import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from builder.errors import PageError


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """
    Raise PageError `label:timeout` when the block takes more than `seconds` of this process's CPU time.

    CPU and not wall time, so that a busy machine rejects no page. Python's own loops and `re` are interrupted. A call
    into another library is not: after twice the time the kernel ends the process (SIGXCPU), and the page is found as
    `builder.apart` says. Outside the main thread there is no limit, since signals reach that one only.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def give_up(_: int, __: FrameType | None) -> None:
        raise PageError("label:timeout", f"the page took more than {seconds:g} seconds")

    before = signal.signal(signal.SIGVTALRM, give_up)
    limit, most = resource.getrlimit(resource.RLIMIT_CPU)
    allowed = [each for each in (limit, most, _whole_seconds(2 * seconds)) if each != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_CPU, (min(allowed), most))
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, most))
        signal.signal(signal.SIGVTALRM, before)


def _whole_seconds(more: float) -> int:
    """CPU seconds of this process, its threads and all, so many seconds on; the kernel counts whole ones."""
    return math.ceil(time.process_time() + more) + 1
