"""A short run of every target with a seed of its own, and all that ever broke one."""

from pathlib import Path

import pytest

from tests.fuzz.__main__ import CASES, fuzz
from tests.fuzz.targets import TARGETS

KEPT = sorted(path for path in CASES.rglob("*") if path.is_file())
EXECUTIONS_A_SHARE = 40


@pytest.mark.parametrize("name", TARGETS)
def test_broken_samples_are_refused_clearly_or_read(name: str) -> None:
    assert not fuzz(name, EXECUTIONS_A_SHARE * TARGETS[name].share, seed=0, keep=False)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_broke_once_breaks_no_more(path: Path) -> None:
    raw = path.read_bytes()
    target = TARGETS[path.parent.name]
    text = isinstance(target.tokens[0], str)
    target.run(raw.decode("utf-8", errors="surrogatepass") if text else raw)
