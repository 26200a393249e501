#!/usr/bin/env python3
"""
Pages and megabytes a CPU-second by stage, and the whole build beside trafilatura.extract, in one run.

    python tests/benchmarks/throughput.py PAGES_DIR [--peers VENV] [--rounds N]

The stages run in one process, on pages that it has not seen. The whole build is `zhnews build -j 1` without tokens and
then `zhnews verify`, as commands, with all they import. trafilatura does nothing but `extract`: no file is read and no
import counted; it comes from VENV where this environment has none. Every figure is CPU time, the median of the rounds,
each in fresh processes; a megabyte is a million characters of decoded pages.
"""

import argparse
import multiprocessing
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc

sys.path.insert(0, str(Path(__file__).parents[2]))

from builder.articles.assembly import assemble
from builder.engines.embedded import Embedded
from builder.errors import PageError
from builder.label.blocks import label_blocks
from builder.pages import label_page
from builder.parse import parse_page
from builder.pipeline import build
from builder.read import ReadSettings, find_inputs, read_input
from builder.records import Page
from builder.sentences import SentenceSettings
from builder.settings import Settings
from builder.tables import read_table
from builder.tasks.sentences import sentences
from builder.tasks.tokens import keywords_of, tokens
from builder.words import Lexicon, WordSettings

ROOT = Path(__file__).parents[2]
WARM_UP = ROOT / "seeds" / "pages" / "linjiang-2021-03-05.html"

#: The first step of each stage of the build after the pages.
OPENS = {"keys": "dedupe", "shards": "publish"}

Seconds = dict[str, float]


def read_pages(path: Path) -> list[Page]:
    """Return the pages of a file or folder, in order."""
    inputs = find_inputs([str(path.resolve())], Path.cwd())
    return [page for item in inputs for page in read_input(item, ReadSettings()) if isinstance(page, Page)]


def page_stages(folder: Path) -> tuple[int, float, Seconds]:
    """Return the number of pages, their megabytes, and the CPU seconds of all stages of a page."""
    label_page(*read_pages(WARM_UP))
    spent: Seconds = dict.fromkeys(("read", "parse", "label", "assemble"), 0.0)
    clock = time.process_time()

    def lap(stage: str) -> None:
        nonlocal clock
        now = time.process_time()
        spent[stage] += now - clock
        clock = now

    pages = read_pages(folder)
    lap("read")
    for page in pages:
        try:
            parsed = parse_page(page)
            lap("parse")
            label_blocks(parsed)
            lap("label")
            assemble(page, parsed)
            lap("assemble")
        except PageError:
            lap("assemble")
    return len(pages), sum(len(page.text) for page in pages) / 1e6, spent


def table_stages(folder: Path) -> Seconds:
    """Return the CPU seconds of the steps after the pages, and of sentences and tokens by themselves."""
    spent: defaultdict[str, float] = defaultdict(float)
    stage, clock = "pages", time.process_time()

    def progress(step: str, done: int, total: int) -> None:
        nonlocal stage, clock
        now = time.process_time()
        spent[stage] += now - clock
        clock = now
        stage = OPENS.get(step, stage)

    inputs = find_inputs([str(folder.resolve())], Path.cwd())
    without_tokens = replace(Settings(), words=WordSettings(tokens=False))
    with tempfile.TemporaryDirectory() as made, Embedded(1, progress) as engine:
        work = Path(made) / "work"
        build(without_tokens, inputs, engine, work, Path(made) / "release")
        progress("", 0, 0)
        articles = read_table(work / "articles")
    rows = articles.filter(pc.is_null(articles["reject"])).sort_by("article_id")
    tokens(sentences(rows.slice(0, 1), SentenceSettings()), WordSettings(), Lexicon())  # loads the dictionary
    start = time.process_time()
    cut = sentences(rows, SentenceSettings())
    spent["sentences (in publish)"] = time.process_time() - start
    start = time.process_time()
    keywords_of(tokens(cut, WordSettings(), Lexicon()), WordSettings(), Lexicon())
    spent["tokens and keywords"] = time.process_time() - start
    del spent["pages"]
    return dict(spent)


def extract_all(folder: Path, peers: Path | None) -> float | None:
    """Return the CPU seconds of trafilatura.extract over all pages; None when it is not installed."""
    if peers is not None:
        sys.path += map(str, peers.glob("lib/python*/site-packages"))
    try:
        import trafilatura
    except ImportError:
        return None
    trafilatura.extract(*[page.text for page in read_pages(WARM_UP)])
    pages = read_pages(folder)
    start = time.process_time()
    for page in pages:
        trafilatura.extract(page.text)
    return time.process_time() - start


def whole_build(folder: Path) -> Seconds:
    """Return the CPU seconds of the two commands that make a verified dataset."""
    spent = {}
    with tempfile.TemporaryDirectory() as made:
        toml = Path(made) / "dataset.toml"
        toml.write_text(
            f'name = "pages"\nversion = "1.0.0"\ninputs = ["{folder.resolve()}"]\n[words]\ntokens = false\n'
        )
        for command in (("build", toml, "-o", made, "-j", "1"), ("verify", f"{made}/pages-1.0.0", "-j", "1")):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            arguments = [sys.executable, "-m", "builder.cli", *map(str, command)]
            subprocess.run(arguments, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent[f"zhnews {command[0]}"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent


def main() -> None:
    """Print a line a stage, and the whole beside its peer."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--peers", type=Path, help="virtual environment that holds trafilatura")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    rounds: list[Seconds] = []
    extracted = []
    for _ in range(arguments.rounds):
        with context.Pool(1, maxtasksperchild=1) as pool:
            n, megabytes, of_pages = pool.apply(page_stages, (arguments.pages,))
            of_tables = pool.apply(table_stages, (arguments.pages,))
            extracted.append(pool.apply(extract_all, (arguments.pages, arguments.peers)))
        rounds.append(of_pages | of_tables | whole_build(arguments.pages))
    seconds = {stage: statistics.median(each[stage] for each in rounds) for stage in rounds[0]}
    print(f"{n} pages, {megabytes:.1f} million characters, {arguments.rounds} rounds\n")
    print(f"{'stage':28} {'ms a page':>10} {'pages a CPU-s':>14} {'MB a CPU-s':>11}")
    for stage, spent in seconds.items():
        print(f"{stage:28} {1000 * spent / n:10.2f} {n / spent:14.0f} {megabytes / spent:11.1f}")
    if extracted[0] is None:
        print("trafilatura: not run, it is not installed; name an environment that has it with --peers")
        return
    peer = statistics.median(extracted)
    whole = seconds["zhnews build"] + seconds["zhnews verify"]
    print(f"{'trafilatura.extract alone':28} {1000 * peer / n:10.2f} {n / peer:14.0f} {megabytes / peer:11.1f}")
    print(f"\nbuild and verify take {whole / peer:.2f}x of it")


if __name__ == "__main__":
    main()
