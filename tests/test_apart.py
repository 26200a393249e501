"""A child goes first where a page ended its worker."""

import os
import signal

import pytest

from builder.apart import carefully, signal_of
from builder.errors import BuilderError


def end_by(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


def test_outside_of_careful_work_nothing_is_tried() -> None:
    tried: list[int] = []
    assert signal_of(lambda: tried.append(1)) is None
    assert tried == []


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGXCPU])
def test_the_signal_that_ends_the_child_is_told_and_this_process_lives(number: signal.Signals) -> None:
    assert carefully(lambda: signal_of(lambda: end_by(number))) == number.name


def test_what_the_work_does_or_raises_stays_in_the_child() -> None:
    done: list[int] = []

    def raise_after_all() -> None:
        done.append(1)
        raise ZeroDivisionError

    assert carefully(lambda: signal_of(raise_after_all)) is None
    assert done == []


def test_a_child_that_somebody_killed_blames_no_page() -> None:
    with pytest.raises(BuilderError, match="smaller -j"):
        carefully(lambda: signal_of(lambda: end_by(signal.SIGKILL)))
    assert signal_of(lambda: end_by(signal.SIGSEGV)) is None  # careful no more
