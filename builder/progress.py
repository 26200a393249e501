"""Progress on stderr: bars on a terminal, one line a finished step elsewhere, nothing when quiet."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builder.engines import Progress


@contextmanager
def show_progress(quiet: bool) -> "Iterator[Progress | None]":
    """Yield the function an engine reports to; None when quiet."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bars() as report:
            yield report
    else:
        yield _print_line


def _print_line(step: str, done: int, total: int) -> None:
    if done == total:
        print(f"{step}: {done} of {total} parts", file=sys.stderr, flush=True)  # noqa: T201  (this is the display)


@contextmanager
def _bars() -> "Iterator[Progress]":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = [TextColumn("{task.description:24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield report
