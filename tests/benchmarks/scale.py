#!/usr/bin/env python3
"""
CPU, time and memory of a build by step, at any size.

    python tests/benchmarks/scale.py make SOURCE PAGES --documents N
    python tests/benchmarks/scale.py run PAGES OUT [-j 2] [--verify] [--keep FIGURES.json]

`make` writes N pages in Parquet files of FILE_ROWS rows: text dumps with a frame around real articles, when SOURCE is a
Parquet file (columns title, date, text), or the HTML pages of a folder. Each round over them puts other characters for
most Chinese ones, so that no round is a copy of another; a fifth are copies, half of these with a line less.
A file depends on its number alone: a larger set begins with a smaller.

`run` is `zhnews build` with tokens off, from nothing, and `zhnews verify` when asked. Memory is that of all processes
together, looked at four times a second; pages of memory that two processes share count twice.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[2]))

from builder.read import ReadSettings, find_inputs, read_input
from builder.records import Page
from builder.tables import code_digest

ROOT = Path(__file__).parents[2]

FILE_ROWS = 5_000
COPIES = 0.2

#: The most frequent characters are what a line is told by (的, 记者, 年月日) and stay; the next so many change.
KEPT, CHANGED = 150, 2_500

SITES = ("江城新闻网", "海州在线", "临江日报", "云岭晨报", "北川新闻网")
EDITORS = ("周明", "李青", "王一帆", "陈露")
FRAME = """\
首页
新闻
时政
社会
财经
体育
当前位置：首页 > 新闻 > 正文
{title}
{date} 来源：{site}
{text}
（责任编辑：{editor}）
相关新闻
{other}
关于我们
联系我们
版权所有 {site} 未经授权不得转载
"""

#: Seconds between two looks at the processes.
LOOK_EVERY = 0.25
TICKS, PAGE_BYTES = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")

Row = dict[str, str]


def make(source: Path, folder: Path, documents: int) -> None:
    """Write so many pages under `folder`."""
    if source.is_dir():
        items = (
            page for item in find_inputs([str(source.resolve())], source) for page in read_input(item, ReadSettings())
        )
        rows = [{"html": page.text} for page in items if isinstance(page, Page)]
    else:
        rows = pq.read_table(source, columns=["title", "date", "text"]).to_pylist()
    random.Random(7).shuffle(rows)  # noqa: S311  no secrets here
    counted = Counter("".join(row.get("text", row.get("html")) for row in rows[:5_000]))
    frequent = [character for character, _ in counted.most_common() if "一" <= character <= "鿿"]
    frequent = frequent[KEPT : KEPT + CHANGED]
    folder.mkdir(parents=True, exist_ok=True)
    for number, begin in enumerate(range(0, documents, FILE_ROWS)):
        pages = list(pages_of(number, rows, frequent))[: documents - begin]
        table = pa.table({name: [page[name] for page in pages] for name in pages[0]})
        pq.write_table(table, folder / f"{number:05}.parquet", compression="zstd")


def pages_of(number: int, rows: Sequence[Row], frequent: Sequence[str]) -> Iterator[Row]:
    """Yield address and content of the pages of one file."""
    draw = random.Random(f"file {number}")  # noqa: S311
    told: list[Row] = []
    tables: dict[int, dict[int, str]] = {}
    for place in range(number * FILE_ROWS, (number + 1) * FILE_ROWS):
        if told and draw.random() < COPIES:
            row = dict(draw.choice(told))
            lines = row.get("text", "").split("\n")
            if len(lines) > 2 and draw.random() < 0.5:
                del lines[draw.randrange(1, len(lines))]
                row["text"] = "\n".join(lines)
        else:
            turn, at = divmod(place, len(rows))
            if turn not in tables:
                mixed = list(frequent)
                random.Random(f"round {turn}").shuffle(mixed)  # noqa: S311
                tables[turn] = str.maketrans(dict(zip(frequent, mixed, strict=True))) if turn else {}
            row = {name: value.translate(tables[turn]) for name, value in rows[at].items()}
            told.append(row)
        url = f"https://news.example/{place}.html"
        if "html" in row:
            yield {"url": url, "html": row["html"]}
            continue
        date = "-".join((row["date"][:4], row["date"][4:6], row["date"][6:]))
        around = {"site": draw.choice(SITES), "editor": draw.choice(EDITORS), "other": draw.choice(told)["title"]}
        yield {"url": url, "text": FRAME.format(title=row["title"], date=date, text=row["text"], **around)}


def run(pages: Path, out: Path, jobs: int, *, verify: bool) -> dict[str, Any]:
    """Build the pages, and measure."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    settings = f'name = "scale"\nversion = "1.0.0"\ninputs = ["{pages.resolve()}"]\n[words]\ntokens = false\n'
    (out / "dataset.toml").write_text(settings)
    steps = watch(["build", str(out / "dataset.toml"), "-o", str(out), "-j", str(jobs), "-q"], out)
    if verify:
        steps |= watch(["verify", str(out / "scale-1.0.0"), "-j", "1", "-q"], out)
    manifest = json.loads((out / "scale-1.0.0" / "manifest.json").read_text("utf-8"))
    total = {name: round(sum(step[name] for step in steps.values()), 1) for name in ("cpu_s", "wall_s")}
    return {
        "documents": manifest["counts"]["pages"],
        "articles": manifest["counts"]["articles"],
        "kind": "html" if "html" in pq.read_schema(next(pages.glob("*.parquet"))).names else "text",
        "jobs": jobs,
        "code": code_digest()[:12],
        **total,
        "peak_mb": max(step["peak_mb"] for step in steps.values()),
        "input_mb": megabytes(pages),
        "work_mb": megabytes(out / ".work"),
        "release_mb": megabytes(out / "scale-1.0.0"),
        "steps": steps,
    }


def megabytes(folder: Path) -> int:
    """Size of all files below a folder."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6)


def watch(arguments: Sequence[str], out: Path) -> dict[str, dict[str, float]]:
    """Run a command of zhnews; return CPU and wall seconds and the peak of memory in MB by step."""
    steps: defaultdict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(("cpu_s", "wall_s", "peak_mb"), 0.0))
    process = subprocess.Popen([sys.executable, "-m", "builder.cli", *arguments], cwd=ROOT, stdout=subprocess.DEVNULL)
    cpu, clock = 0.0, time.monotonic()
    while process.poll() is None:
        time.sleep(LOOK_EVERY)
        used, memory = usage(process.pid)
        now, step = time.monotonic(), steps[step_of(out) if arguments[0] == "build" else arguments[0]]
        step["cpu_s"] += max(used - cpu, 0)
        step["wall_s"] += now - clock
        step["peak_mb"] = max(step["peak_mb"], memory)
        cpu, clock = max(used, cpu), now
    if process.returncode:
        raise SystemExit(f"zhnews {arguments[0]} ended with {process.returncode}")
    return {name: {key: round(value, 1) for key, value in step.items()} for name, step in steps.items()}


def step_of(out: Path) -> str:
    """Name the step that a build is at, by the folder that it writes to."""
    if any(out.glob(".scale-*.partial")):
        return "statistics"
    for folder in (out / ".work" / "scale-1.0.0").glob(".*.partial"):
        return folder.name.split(".")[1]
    return "between"


def usage(pid: int) -> tuple[float, float]:
    """CPU seconds so far and MB of memory now of a process and all below it."""
    cpu, memory, waiting = 0.0, 0.0, [pid]
    while waiting:
        folder = Path(f"/proc/{waiting.pop()}")
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            memory += int((folder / "statm").read_text().split()[1]) * PAGE_BYTES / 1e6
            children = [(task / "children").read_text() for task in (folder / "task").iterdir()]
        except OSError:  # it has ended
            continue
        cpu += sum(map(int, fields[11:15])) / TICKS  # with children that have ended
        waiting += [int(child) for listed in children for child in listed.split()]
    return cpu, memory


def keep(figures: dict[str, Any], path: Path) -> None:
    """Put the figures of one run into a file of several, in the place of an earlier run of that size."""
    kept = json.loads(path.read_text("utf-8")) if path.exists() else []
    others = [each for each in kept if _key(each) != _key(figures)]
    kept = sorted([*others, figures], key=_key)
    path.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def _key(figures: dict[str, Any]) -> tuple[str, int]:
    return figures["kind"], figures["documents"]


def main() -> None:
    """Make pages, or build them and print a line a step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make")
    making.add_argument("source", type=Path)
    making.add_argument("pages", type=Path)
    making.add_argument("--documents", type=int, required=True)
    running = commands.add_parser("run")
    running.add_argument("pages", type=Path)
    running.add_argument("out", type=Path)
    running.add_argument("-j", "--jobs", type=int, default=2)
    running.add_argument("--verify", action="store_true")
    running.add_argument("--keep", type=Path, help="JSON file of the figures of several sizes")
    arguments = parser.parse_args()
    if arguments.command == "make":
        make(arguments.source, arguments.pages, arguments.documents)
        return
    figures = run(arguments.pages, arguments.out, arguments.jobs, verify=arguments.verify)
    n = figures["documents"]
    print(f"{'step':24} {'CPU s':>8} {'wall s':>8} {'peak MB':>8} {'CPU ms a page':>14}")
    for name, step in figures["steps"].items():
        cpu, wall, peak = (step[key] for key in ("cpu_s", "wall_s", "peak_mb"))
        print(f"{name:24} {cpu:8.1f} {wall:8.1f} {peak:8.0f} {1000 * cpu / n:14.3f}")
    print(json.dumps({name: value for name, value in figures.items() if name != "steps"}))
    if arguments.keep:
        keep(figures, arguments.keep)


if __name__ == "__main__":
    main()
