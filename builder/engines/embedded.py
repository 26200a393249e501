"""The default engine: a pool of spawned processes on this machine."""

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from builder.apart import WANT_OF_MEMORY, carefully
from builder.engines import Progress
from builder.engines.over_folders import PARTITION_BYTES, OverFolders
from builder.errors import BuilderError
from builder.start import start_process

T = TypeVar("T")


class Embedded(OverFolders):
    """
    Runs steps on this machine.

    Args:
        workers: processes; 1 runs everything in this one.
        progress, fresh, partition_bytes: see `OverFolders`.
    """

    def __init__(
        self,
        workers: int = 1,
        progress: Progress | None = None,
        *,
        fresh: bool = False,
        partition_bytes: int = PARTITION_BYTES,
    ) -> None:
        super().__init__(progress, fresh=fresh, partition_bytes=partition_bytes)
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def close(self) -> None:
        """End the worker processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def run(self, name: str, calls: Sequence[Callable[[], T]]) -> list[T]:
        """
        Run every call, in this process or in the pool; return the answers in the order of the calls.

        When a worker is lost, a new pool runs what was in hand again, see `builder.apart`; BuilderError when that pool
        loses one too.
        """
        self.report(name, 0, len(calls))
        return list(self._run_here(name, calls) if self.workers == 1 else self._run_in_pool(name, calls))

    def _run_here(self, name: str, calls: Sequence[Callable[[], T]]) -> Iterator[T]:
        for done, call in enumerate(calls, start=1):
            yield call()
            self.report(name, done, len(calls))

    def _run_in_pool(self, name: str, calls: Sequence[Callable[[], T]]) -> list[T]:
        answers: dict[int, T] = {}
        careful = False
        while left := [i for i in range(len(calls)) if i not in answers]:
            if careful:  # the pool hands calls out in order: what killed a worker is among the first
                left = left[: 2 * self.workers + 2]
            now = {i: partial(carefully, calls[i]) if careful else calls[i] for i in left}
            try:
                self._take(name, now, answers, len(calls))
            except BrokenProcessPool as lost:
                self.close()
                if careful:
                    raise BuilderError(f"step '{name}': a worker process was killed, {WANT_OF_MEMORY}") from lost
                careful = True
            else:
                careful = False
        return [answers[i] for i in range(len(calls))]

    def _take(self, name: str, calls: Mapping[int, Callable[[], T]], answers: dict[int, T], total: int) -> None:
        """Run these calls in the pool and add what they answer; BrokenProcessPool when a worker was lost."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=_start_worker)
        with _workers_deaf_to_interrupts():
            futures = {self._pool.submit(call): i for i, call in calls.items()}
        waiting = set(futures)
        try:
            while waiting:
                done, waiting = wait(waiting, timeout=0.5, return_when=FIRST_EXCEPTION)
                for future in done:
                    answers[futures[future]] = future.result()
                self.report(name, len(answers), total)
        finally:
            # What runs already is let to its end: its shards are there for the next run.
            wait([future for future in waiting if not future.cancel()])


@contextmanager
def _workers_deaf_to_interrupts() -> Iterator[None]:
    """
    Leave Ctrl-C to the parent, which cancels what has not begun; call it from the main thread.

    A process inherits the signal mask, so a worker that starts in here never gets SIGINT, not even before its first
    line of Python runs. One that comes to the parent meanwhile waits: a worker must not be left half started.
    """
    came: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
    if came:
        raise KeyboardInterrupt


def _start_worker() -> None:
    """
    Set up a worker that ends with the process that started it, however that ends.

    A worker of Python's own goes on with its call when that process is killed, beside the same command run again, and
    then waits for the next call for ever.
    """
    start_process()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGKILL)
