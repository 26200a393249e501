"""A build that is killed, refused or stuck loses nothing, doubles nothing, and ends with the bytes of a calm one."""

import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
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
# Kills of each kind that a run of the tests makes; ZHNEWS_KILLS=15 makes the 30 of a full run.
KILLS = int(os.environ.get("ZHNEWS_KILLS", "2"))
KILLS_A_BUILD = 2  # then it is let to its end


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
    """Workers of the pool that `process` has started; not Python's own tracker of resources."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        return [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    except (FileNotFoundError, ProcessLookupError):  # it, or one of them, has ended
        return []


def kill(victim: str, build: "subprocess.Popen[bytes]", moment: float) -> bool:
    """Kill the build, alone or with all its workers, or a worker, after so many seconds; False when it had ended."""
    if victim == "worker":
        while build.poll() is None and not workers_of(build.pid):
            time.sleep(0.01)
    time.sleep(moment)
    if build.poll() is not None:
        return False
    if victim == "build with its workers":
        os.killpg(build.pid, signal.SIGKILL)
        return True
    workers = workers_of(build.pid)
    if victim == "build":
        build.kill()
        wait_for_the_end_of(workers)
        return True
    for worker in workers[:1]:
        os.kill(worker, signal.SIGKILL)
    return bool(workers)


def wait_for_the_end_of(workers: list[int]) -> None:
    """Workers must not outlive their build: they would write beside the next one, and wait for ever."""
    until = time.monotonic() + 30
    while any(is_running(worker) for worker in workers):
        assert time.monotonic() < until, f"{workers} are still there"
        time.sleep(0.05)


def is_running(process: int) -> bool:
    """True until a process has ended, whether or not somebody has asked how."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("victim", ["build", "build with its workers", "worker"])
def test_a_build_killed_at_any_moment_goes_on_to_the_same_bytes(
    victim: str, calm: tuple[Path, dict[str, bytes], float], tmp_path: Path
) -> None:
    pages, wanted, seconds = calm
    (tmp_path / "pages").symlink_to(pages)
    moments = random.Random(victim)  # noqa: S311
    landed, ends = 0, Counter[int]()
    while landed < KILLS:
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        for _ in range(min(KILLS_A_BUILD, KILLS - landed)):
            build = subprocess.Popen(
                [*BUILD, "pages"],
                cwd=tmp_path,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            landed += kill(victim, build, moments.uniform(0, seconds))
            _, errors = build.communicate(timeout=120)
            ends[build.returncode] += 1
            assert b"Traceback" not in errors, errors.decode()
        subprocess.run([*BUILD, "pages"], cwd=tmp_path, check=True, capture_output=True)
        assert release_bytes(tmp_path / "out") == wanted
    print(f"{landed} kills of a {victim}; exit codes {dict(ends)}")


@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_whatever_was_damaged_between_two_runs_is_made_again(
    damage: str, calm: tuple[Path, dict[str, bytes], float], tmp_path: Path
) -> None:
    pages, wanted, _ = calm
    (tmp_path / "pages").symlink_to(pages)
    subprocess.run([*BUILD, "pages"], cwd=tmp_path, check=True, capture_output=True)
    files = [path for path in sorted((tmp_path / "out").rglob("*")) if path.is_file() and path.name != "lock"]
    assert len(files) > 50
    for path in files:
        raw = bytearray(path.read_bytes())
        if damage == "cut":
            del raw[len(raw) * 2 // 3 :]
        elif raw:
            raw[len(raw) // 2] ^= 0x10
        path.write_bytes(raw)
    subprocess.run([*BUILD, "pages"], cwd=tmp_path, check=True, capture_output=True)
    assert release_bytes(tmp_path / "out") == wanted


# Every clock that tells the time of day jumps with each look at it, for Python, Arrow and all else: up to ten years.
JUMPING_CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static long jump(void) { static unsigned seed = 7; return rand_r(&seed) % 630000000L - 315000000L; }
int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += jump();
    return failed;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    now->tv_sec = time.tv_sec; now->tv_usec = time.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *into) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (into) *into = now.tv_sec;
    return now.tv_sec;
}
"""


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler here")
def test_a_clock_that_jumps_changes_no_byte(calm: tuple[Path, dict[str, bytes], float], tmp_path: Path) -> None:
    pages, wanted, seconds = calm
    shutil.copytree(pages, tmp_path / "pages")
    clock = tmp_path / "clock.so"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", clock, "-ldl"],  # noqa: S607
        input=JUMPING_CLOCK.encode(),
        check=True,
    )
    environment = os.environ | {"LD_PRELOAD": str(clock)}
    told = [sys.executable, "-c", "import time; print(time.time())"]
    times = [float(subprocess.check_output(told, env=environment)), time.time()]
    assert abs(times[0] - times[1]) > 1e6
    build = subprocess.Popen([*BUILD, "pages"], cwd=tmp_path, env=environment, start_new_session=True)
    time.sleep(seconds * 0.7)
    with suppress(ProcessLookupError):
        os.killpg(build.pid, signal.SIGKILL)
    build.wait()
    for number, path in enumerate(sorted((tmp_path / "out").rglob("*")) + sorted((tmp_path / "pages").iterdir())):
        stamp = (0, 4_102_444_800)[number % 2]  # 1970, 2100
        os.utime(path, (stamp, stamp))
    done = subprocess.run([*BUILD, "pages"], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
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
        np.ones(1 << 26)  # 512 MB; from 32 MB on glibc asks the kernel, whatever the process has freed before

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


# A page of 900,000 nodes needs some 280 MB. It gets ever more, less in all than that, whatever the tries before left in
# the heap; then as much as it wants, so that nothing but the limit can have turned it away.
LIMITED = """
from builder import pages
from builder.records import Page

page = Page("large.html", "text/html", "<p>" + "好<a>新</a>" * 300_000, "0" * 64, None, None, "utf-8")
for limit in (0, 16 << 20, 64 << 20, 2 << 30):
    pages.PAGE_BYTES = limit
    print(pages.label_page(page).reject.reason)
"""


def test_an_html_page_for_which_there_is_no_memory_is_rejected_with_its_reason() -> None:
    # In a process of its own: in one that ran other tests the page may find room in what they freed, under any limit.
    done = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    *short, enough = done.stdout.split()
    assert len(short) == 3
    assert set(short) <= {"parse:failed", "label:out-of-memory"}
    assert enough == "label:no-article"


# Read by every process of a build before all else: one page hangs a rule, another asks for 8 GB.
SICK = """
import numpy
from builder import pages

label = pages.label_blocks

def label_blocks(page):
    text = "".join(block.text for block in page.blocks)
    while "没有尽头" in text:
        pass
    if "占满内存" in text:
        numpy.ones(1 << 30)
    label(page)

pages.label_blocks = label_blocks
pages.PAGE_SECONDS = 1
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_worker_that_hangs_or_runs_out_of_memory_on_a_page_goes_on_with_the_rest(
    jobs: int, calm: tuple[Path, dict[str, bytes], float], tmp_path: Path
) -> None:
    pages, wanted, _ = calm
    shutil.copytree(pages, tmp_path / "pages")
    for name, words in (("05a", "没有尽头"), ("11a", "占满内存")):
        (tmp_path / "pages" / f"{name}.html").write_text(f"<p>望海港三号泊位开港，{words}。</p>", "utf-8")
    (tmp_path / "sick").mkdir()
    (tmp_path / "sick" / "sitecustomize.py").write_text(SICK, "utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path / "sick"), *sys.path])}
    build = [*BUILD[:-1], str(jobs), "pages", "--json"]
    done = subprocess.run(build, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    dropped = json.loads(done.stdout)["dropped"]
    assert {reason: n for reason, n in dropped.items() if reason.startswith("label:")} == {
        "label:out-of-memory": 1,
        "label:timeout": 1,
    }
    made = release_bytes(tmp_path / "out")
    same = [name for name in wanted if name.startswith(("articles/", "sentences/", "tokens/", "headline/"))]
    assert len(same) > 4
    assert {name: made[name] for name in same} == {name: wanted[name] for name in same}


# One page ends its worker as a fault in a C library would; another keeps C busy, where Python's signals do not reach.
DEADLY = """
import hashlib, os, signal
from builder import pages
from builder.read import pages as reading

label = pages.label_blocks
read = reading._read_page

def label_blocks(page):
    text = "".join(block.text for block in page.blocks)
    if "就此崩溃" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "没有尽头" in text:
        hashlib.pbkdf2_hmac("sha256", b"", b"", 1 << 30)
    label(page)

def read_page(item, settings):
    if item.source.endswith("17a.html"):
        os.kill(os.getpid(), signal.SIGABRT)
    return read(item, settings)

pages.label_blocks = label_blocks
pages.PAGE_SECONDS = 1
reading._read_page = read_page
"""


def test_pages_that_end_their_worker_are_found_and_the_rest_goes_on(
    calm: tuple[Path, dict[str, bytes], float], tmp_path: Path
) -> None:
    pages, wanted, _ = calm
    shutil.copytree(pages, tmp_path / "pages")
    for name, words in (("05a", "就此崩溃"), ("11a", "没有尽头"), ("17a", "无法读取")):
        (tmp_path / "pages" / f"{name}.html").write_text(f"<p>望海港三号泊位开港，{words}。</p>", "utf-8")
    (tmp_path / "sick").mkdir()
    (tmp_path / "sick" / "sitecustomize.py").write_text(DEADLY, "utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path / "sick"), *sys.path])}
    build = [*BUILD, "pages", "--json"]
    done = subprocess.run(build, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    dropped = json.loads(done.stdout)["dropped"]
    assert {reason: n for reason, n in dropped.items() if reason.startswith(("label:", "read:"))} == {
        "label:crashed": 1,
        "label:timeout": 1,
        "read:crashed": 1,
    }
    made = release_bytes(tmp_path / "out")
    same = [name for name in wanted if name.startswith(("articles/", "sentences/", "tokens/", "headline/"))]
    assert {name: made[name] for name in same} == {name: wanted[name] for name in same}


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


def can_mount() -> bool:
    """Whether this machine lets us mount file systems in a name space of our own."""
    try:
        done = subprocess.run([*OWN_MOUNTS, "mount -t tmpfs none /mnt"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0


OWN_MOUNTS = ("unshare", "--map-root-user", "--mount", "sh", "-euc")
needs_mounts = pytest.mark.skipif(not can_mount(), reason="no file system can be mounted here")


@needs_mounts
def test_a_read_only_disk_is_told_and_the_same_command_goes_on(
    calm: tuple[Path, dict[str, bytes], float], tmp_path: Path
) -> None:
    pages, wanted, _ = calm
    (tmp_path / "pages").symlink_to(pages)
    (tmp_path / "out").mkdir()
    build = shlex.join([*BUILD, "pages"])
    for _ in range(2):  # an empty folder, then one that holds a whole build
        script = f"mount --bind out out; mount -o remount,ro,bind out; {build} --fresh"
        done = subprocess.run([*OWN_MOUNTS, script], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 1, done.stderr
        assert "cannot be written" in done.stderr
        assert "Traceback" not in done.stderr
        subprocess.run([*BUILD, "pages"], cwd=tmp_path, check=True, capture_output=True)
        assert release_bytes(tmp_path / "out") == wanted


@needs_mounts
@pytest.mark.parametrize("size", ["64k", "512k"])
def test_a_disk_without_room_is_told_and_the_same_command_goes_on(
    size: str, calm: tuple[Path, dict[str, bytes], float], tmp_path: Path
) -> None:
    pages, wanted, _ = calm
    (tmp_path / "pages").symlink_to(pages)
    (tmp_path / "out").mkdir()
    build = shlex.join([*BUILD, "pages"])
    script = f"""
        mount -t tmpfs -o size={size} none out
        {build} && exit 9
        mount -o remount,size=1g out
        {build}
        cp -r out kept
    """
    done = subprocess.run([*OWN_MOUNTS, script], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert release_bytes(tmp_path / "kept") == wanted


def test_an_output_that_cannot_be_written_is_told_without_a_trace(pages: Path, tmp_path: Path, zhnews: Zhnews) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    done = zhnews("build", pages, "-o", "taken")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "taken" in done.stderr
