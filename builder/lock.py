"""One build at a time in a work folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from builder.errors import BuilderError


@contextmanager
def only_build(work: Path) -> Iterator[None]:
    """
    Hold the folder `work`, made when it is not there, until the block ends; a crash lets go of it too.

    Raises:
        BuilderError: another process holds it.
    """
    work.mkdir(parents=True, exist_ok=True)
    with (work / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise BuilderError(
                f"another build (process {file.read().strip() or 'unknown'}) is writing to {work}; "
                "wait until it ends, or build into another folder with -o"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
