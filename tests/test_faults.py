"""A build that is killed, refused or stuck loses nothing, doubles nothing, and ends with the bytes of a calm one."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from builder import pages as page_pass
from builder.deadline import deadline
from builder.errors import BuilderError, PageError
from builder.lock import only_build
from builder.pages import label_page
from builder.records import Page
from tests.conftest import Zhnews

BUILD = (sys.executable, "-m", "builder.cli", "build", "-q", "-j", "2")
# Chains of kills: each starts a build anew, is killed five times on the way, and is then let to its end.
CHAINS, KILLS = 3, 5


def release_bytes(out: Path) -> dict[str, bytes]:
    """Every file of the release under `out`."""
    (release,) = (folder for folder in out.iterdir() if not folder.name.startswith("."))
    return {str(path.relative_to(release)): path.read_bytes() for path in sorted(release.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes], float]:
    """Pages, the release of an undisturbed build of them, and the seconds it took."""
    from tests.conftest import article

    folder = tmp_path_factory.mktemp("calm")
    (folder / "pages").mkdir()
    for number in range(24):
        (folder / "pages" / f"{number:02}.html").write_text(article(number), "utf-8")
    start = time.perf_counter()
    subprocess.run([*BUILD, "pages"], cwd=folder, check=True, capture_output=True)
    return folder / "pages", release_bytes(folder / "out"), time.perf_counter() - start


def workers_of(process: int) -> list[int]:
    """Processes that `process` has started."""
    try:
        return [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except FileNotFoundError:  # it has ended
        return []


@pytest.mark.parametrize("chain", range(CHAINS))
@pytest.mark.parametrize("victim", ["build", "worker"])
def test_a_build_killed_at_any_moment_goes_on_to_the_same_bytes(
    victim: str, chain: int, calm: tuple[Path, dict[str, bytes], float], tmp_path: Path
) -> None:
    pages, wanted, seconds = calm
    (tmp_path / "pages").symlink_to(pages)
    moment = random.Random(f"{victim} {chain}")  # noqa: S311
    for _ in range(KILLS):
        build = subprocess.Popen(
            [*BUILD, "pages"],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        time.sleep(moment.uniform(0, seconds))
        if victim == "build":
            os.killpg(build.pid, signal.SIGKILL)
        else:
            for worker in workers_of(build.pid)[-1:]:
                os.kill(worker, signal.SIGKILL)
        _, errors = build.communicate(timeout=60)
        assert b"Traceback" not in errors, errors.decode()
    subprocess.run([*BUILD, "pages"], cwd=tmp_path, check=True, capture_output=True)
    assert release_bytes(tmp_path / "out") == wanted


def test_a_second_build_on_one_output_is_refused_and_a_crash_leaves_no_lock(tmp_path: Path) -> None:
    with only_build(tmp_path), pytest.raises(BuilderError, match=f"another build .process {os.getpid()}. is writing"):
        hold_and_end(tmp_path)
    hold_and_end(tmp_path)


def hold_and_end(work: Path) -> None:
    with only_build(work):
        pass


def test_two_builds_at_once_are_told_apart(calm: tuple[Path, dict[str, bytes], float], tmp_path: Path) -> None:
    pages, wanted, _ = calm
    (tmp_path / "pages").symlink_to(pages)
    builds = [subprocess.Popen([*BUILD, "pages"], cwd=tmp_path, stderr=subprocess.PIPE) for _ in range(2)]
    told = [build.communicate(timeout=60)[1].decode() for build in builds]
    codes = [build.returncode for build in builds]
    if codes != [0, 0]:  # on a slow machine the second may come when the first has ended
        assert sorted(codes) == [0, 1]
        assert "another build" in "".join(told)
    assert release_bytes(tmp_path / "out") == wanted


def hang(_: object) -> None:
    while True:
        pass


def test_a_page_that_hangs_is_rejected_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_pass, "label_blocks", hang)
    monkeypatch.setattr(page_pass, "PAGE_SECONDS", 0.1)
    page = Page("hang.txt", "text/plain", "望海港三号泊位开港\n首批货物当天装船。", "0" * 64, None, None, "utf-8")
    labelled = label_page(page)
    assert labelled.reject is not None
    assert labelled.reject.reason == "label:timeout"


def test_a_deadline_that_is_kept_leaves_nothing_behind() -> None:
    with deadline(0.05):
        pass
    end = time.process_time() + 0.1
    while time.process_time() < end:
        pass
    with pytest.raises(PageError), deadline(0.05):
        hang(None)


def test_a_page_that_takes_all_memory_is_rejected_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def take_all(_: object) -> None:
        np.ones(1 << 26)

    page = Page("large.txt", "text/plain", "望海港三号泊位开港\n首批货物当天装船。", "0" * 64, None, None, "utf-8")
    label_page(page)
    with monkeypatch.context() as patch:
        patch.setattr(page_pass, "label_blocks", take_all)
        patch.setattr(page_pass, "PAGE_BYTES", 256 << 20)
        labelled = label_page(page)
        assert labelled.reject is not None
        assert (labelled.reject.reason, labelled.parsed.blocks) == ("label:out-of-memory", [])
    assert label_page(page).parsed.blocks
    take_all(None)  # the limit has gone with the page


def test_an_html_page_for_which_there_is_no_memory_is_rejected_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_pass, "PAGE_BYTES", 16 << 20)
    page = Page("large.html", "text/html", "<p>" + "好<a>新</a>" * 150_000, "0" * 64, None, None, "utf-8")
    labelled = label_page(page)
    assert labelled.reject is not None
    assert labelled.reject.reason in ("parse:failed", "label:out-of-memory")


@pytest.mark.parametrize("full_at", [0, 4_000, 40_000])
def test_a_full_disk_is_told_and_the_same_command_goes_on(
    full_at: int, calm: tuple[Path, dict[str, bytes], float], tmp_path: Path
) -> None:
    pages, wanted, _ = calm
    (tmp_path / "pages").symlink_to(pages)
    # No file may grow beyond `full_at` bytes: to a program, the same as a disk with no room for it.
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({full_at},) * 2)"
    code = f"{limited}; from builder.cli import main; main()"
    command = [sys.executable, "-c", code, *BUILD[3:], "pages"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "cannot be written" in done.stderr
    subprocess.run([*BUILD, "pages"], cwd=tmp_path, check=True, capture_output=True)
    assert release_bytes(tmp_path / "out") == wanted


def test_an_output_that_cannot_be_written_is_told_without_a_trace(pages: Path, tmp_path: Path, zhnews: Zhnews) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    done = zhnews("build", pages, "-o", "taken")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "taken" in done.stderr
