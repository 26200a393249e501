"""A limit to the memory that one page may take: it costs itself, and not the worker and all that is in its hands."""

import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STATUS = Path("/proc/self/statm")
_CAN_LIMIT = _STATUS.exists()


@contextmanager
def memory_limit(n_bytes: int) -> Iterator[None]:
    """
    Raise MemoryError in the block when this process asks for more than `n_bytes` beside what it has.

    Address space is what counts, as it is all that Linux limits; Arrow, numpy and lexbor say when they get none. Where
    there is no /proc, and outside the main thread, there is no limit, as for `deadline`.
    """
    if threading.current_thread() is not threading.main_thread() or not _CAN_LIMIT:
        yield
        return
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    with _STATUS.open("rb", buffering=0) as status:  # asked for every page, and text takes twice as long
        now = int(status.read().split()[0]) * resource.getpagesize()
    allowed = [limit for limit in (before, most, now + n_bytes) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(allowed), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))
