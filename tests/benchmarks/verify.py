#!/usr/bin/env python3
"""
CPU time and peak memory of `zhnews verify` beside those of reading the same release.

    python tests/benchmarks/verify.py [--articles 100000] [--release DIR] [--rounds 1]

Makes a release of invented articles, or takes that in DIR, and reads it in fresh processes: every file as Arrow, a
row group at a time; the same into Python values; `verify`; and the parts of it. An article has 900 characters in 13
paragraphs, its page 60 lines, which is less boilerplate than real pages have.
"""

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[2]))

from builder.engines.embedded import Embedded
from builder.publish.release import PublishSettings, publish
from builder.publish.shards import TaskSettings
from builder.publish.splits import SplitSettings, split_of
from builder.publish.verify import verify
from builder.records import page_id
from builder.schemas import ARTICLES, BLOCK, INPUTS, NEAR_DUP_PAIRS
from builder.sentences import SentenceSettings
from builder.tables import write_table
from builder.words import JIEBAS_OWN, WordSettings
from tests.dedup.news import WORDS

PARAGRAPHS = 12
#: Lines of a page around its article: menus that every page has, and links that change.
MENU, LINKS = 20, 24
STEP = 1000
NUMBERS = ("2021年3月5日", "600万元", "3.5%", "1200户", "T2航站楼", "第18届", "12345", "GDP")


def articles(first: int, n: int) -> pa.Table:
    """ARTICLES rows of stories that are like no other, numbers `first` on."""
    draw = np.random.default_rng(first)
    rows: list[dict[str, Any]] = []
    lines: list[str] = []
    roles: list[str] = []
    for number in range(first, first + n):
        paragraphs = [_paragraph(draw) for _ in range(PARAGRAPHS)]
        title = _words(draw, 8)
        subhead = _words(draw, 4)
        date = f"3月{number % 28 + 1}日"
        text = [
            f"临江晚报{date}讯（记者 林一舟）{paragraphs[0]}",
            *paragraphs[1:6],
            subhead,
            *paragraphs[6:],
        ]
        role = ["lede", *["body"] * 5, "subhead", *["body"] * (PARAGRAPHS - 6)]
        rows.append(_row(number, title, text, role, draw) | {"dateline": _dateline(date)})
        around = [f"栏目{i}" for i in range(MENU)], [_words(draw, 5) for _ in range(LINKS)]
        lines += [*around[0], title, "2021-03-05 08:30 来源：临江晚报", *text, "责任编辑：沈桐", *around[1]]
        roles += [*["nav"] * MENU, "title", "meta", *role, "credit", *["related"] * LINKS]
    table = pa.Table.from_pylist(rows, schema=ARTICLES)
    return table.set_column(
        ARTICLES.get_field_index("blocks"), "blocks", _blocks(lines, roles, [row["page_id"] for row in rows])
    )


def _words(draw: np.random.Generator, n: int) -> str:
    return "".join(WORDS[i] for i in draw.integers(0, len(WORDS), n))


def _paragraph(draw: np.random.Generator) -> str:
    """Two or three sentences; a number in one of two."""
    clauses = [_words(draw, n) for n in draw.integers(4, 8, 6)]
    clauses[2] += NUMBERS[draw.integers(0, 16) % len(NUMBERS)] if draw.integers(0, 2) else ""
    return "，".join(clauses[:2]) + "。“" + "，".join(clauses[2:4]) + "。”" + "，".join(clauses[4:]) + "。"


def _dateline(date: str) -> dict[str, Any]:
    raw = f"临江晚报{date}讯"
    return {"agency": "临江晚报", "place": None, "date": date, "raw": raw, "start": 0, "end": len(raw)}


def _row(number: int, title: str, text: list[str], roles: list[str], draw: np.random.Generator) -> dict[str, Any]:
    url = f"https://news.example.cn/{number}.html"
    raw = sha256(url.encode()).hexdigest()
    ends = list(accumulate(len(line) + 1 for line in text))
    spans = zip(roles, [0, *ends], [end - 1 for end in ends], strict=False)
    return {
        "article_id": page_id(url, raw),
        "page_id": page_id(url, raw),
        "source": f"pages/{number:07}.html",
        "url": url,
        "media_type": "text/html",
        "charset": "utf-8",
        "raw_sha256": raw,
        "title": title,
        "byline": ["林一舟"],
        "editor": ["沈桐"],
        "outlet": f"{WORDS[draw.integers(0, 12)]}晚报",
        "category": WORDS[draw.integers(0, 12)] if number % 3 else None,
        "category_origin": "breadcrumb" if number % 3 else None,
        "text": "\n".join(text),
        "paragraphs": [{"role": role, "start": start, "end": end} for role, start, end in spans],
        "paragraph_articles": [1] * len(text),
        "lede": text[:1],
        "body": text[1:],
        "footer": ["责任编辑：沈桐"],
        "captions": [],
        "normalized": {"invisible": 0, "spaces": 0, "surrogates": 0, "composed": 0},
        "partial": False,
        "cluster_id": raw[16:32],
        "cluster_size": 1,
        "split": split_of(raw[16:32], SplitSettings()),
    }


def _blocks(lines: list[str], roles: list[str], pages: list[str]) -> pa.Array:
    k, a_page = len(lines), len(lines) // len(pages)
    columns = {
        "page_id": pa.array(np.repeat(pages, a_page)),
        "text": pa.array(lines),
        "role": pa.array(roles),
        "score": pa.array(np.full(k, 0.9, np.float32)),
        "origin": pa.repeat("model", k),
        "dup_of": pa.nulls(k, pa.int32()),
        "tag": pa.repeat("body/div#main/div.content/p", k),
        "link_chars": pa.array(np.zeros(k, np.int32)),
        "hidden": pa.repeat(False, k),
    }
    values = pa.StructArray.from_arrays([columns[field.name] for field in BLOCK], fields=list(BLOCK))
    offsets = pa.array(np.arange(0, k + 1, a_page), pa.int32())
    return pa.ListArray.from_arrays(offsets, values, type=ARTICLES.field("blocks").type)


def make_release(folder: Path, n: int) -> Path:
    """Publish `n` articles below `folder`."""
    work = folder / "work"
    write_table(work / "articles", (articles(i, min(STEP, n - i)) for i in range(0, n, STEP)), ARTICLES)
    write_table(work / "near_dup_pairs", [NEAR_DUP_PAIRS.empty_table()], NEAR_DUP_PAIRS)
    write_table(work / "inputs", [INPUTS.empty_table()], INPUTS)
    with Embedded(1) as engine:
        return publish(
            work / "articles",
            work / "near_dup_pairs",
            engine,
            folder / f"invented-{n}",
            name="invented",
            version=str(n),
            settings=PublishSettings(),
            tasks=TaskSettings("cc0-1.0", SentenceSettings(), WordSettings(), JIEBAS_OWN),
            all_settings={"splits": asdict(SplitSettings())},
            inputs=work / "inputs",
            counts={"pages": n},
            work=work,
        ).folder


def row_groups(folder: Path) -> Iterator[pa.Table]:
    """Every value of a release as Arrow, a row group at a time."""
    for path in sorted(folder.glob("*/*.parquet")):
        with pq.ParquetFile(path) as file:
            for i in range(file.num_row_groups):
                yield file.read_row_group(i)


def read_arrow(folder: Path) -> None:
    """Read everything as Arrow."""
    for _ in row_groups(folder):
        pass


def read_python(folder: Path) -> None:
    """Read everything into rows of Python values."""
    for table in row_groups(folder):
        table.to_pylist()


def check(folder: Path) -> None:
    """Verify; a benchmark of a broken release would say nothing."""
    if faults := verify(folder):
        raise SystemExit("\n".join(map(str, faults)))


def measured(work: Callable[[Path], None], folder: Path) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak MB of `work`, in a process that does nothing else."""
    wall, cpu = time.perf_counter(), time.process_time()
    work(folder)
    status = Path("/proc/self/status").read_text("utf-8")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return time.process_time() - cpu, time.perf_counter() - wall, peak / 1e3


def main() -> None:
    """Print a line a way of reading."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--release", type=Path, help="an existing release, instead of an invented one")
    parser.add_argument("--keep", type=Path, help="folder to make the release in, and leave it there")
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = arguments.release or make_release(arguments.keep or Path(made), arguments.articles)
        context = multiprocessing.get_context("spawn")
        found: dict[str, list[tuple[float, float, float]]] = {}
        for _ in range(arguments.rounds):
            for name, work in (("read as Arrow", read_arrow), ("read into Python", read_python), ("verify", check)):
                with context.Pool(1, maxtasksperchild=1) as pool:
                    found.setdefault(name, []).append(pool.apply(measured, (work, folder)))
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    print(f"{folder.name}: {size:.0f} MB of files, {arguments.rounds} rounds, the median of each figure\n")
    print(f"{'':20} {'CPU s':>8} {'wall s':>8} {'peak MB':>8} {'x Arrow':>8} {'x Python':>8}")
    figures = {name: [statistics.median(column) for column in zip(*runs, strict=True)] for name, runs in found.items()}
    arrow, python = figures["read as Arrow"][0], figures["read into Python"][0]
    for name, (cpu, wall, peak) in figures.items():
        print(f"{name:20} {cpu:8.1f} {wall:8.1f} {peak:8.0f} {cpu / arrow:8.1f} {cpu / python:8.2f}")


if __name__ == "__main__":
    main()
