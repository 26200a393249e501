#!/usr/bin/env python3
"""
CPU milliseconds a page from HTML to article, beside the extractors people use today, in one run.

    python tests/benchmarks/label_speed.py PAGES_DIR [--rounds N]

PAGES_DIR holds .html or .html.gz. Decoding is outside the clock for all. The systems take turns page by page, so that a
noisy machine slows all alike; the figure is the median over rounds of the mean a page. Peers that are not installed are
named and left out: pip install trafilatura readability-lxml lxml_html_clean resiliparse
"""

import argparse
import importlib.metadata
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from builder.pages import label_page
from builder.read import ReadSettings, find_inputs, read_input
from builder.records import Page


def systems() -> Iterator[tuple[str, Callable[[Page], object]]]:
    """Yield name and function of every system that is installed."""
    yield "zhnews", label_page
    for name, load in {
        "readability-lxml": _readability,
        "trafilatura": _trafilatura,
        "resiliparse": _resiliparse,
    }.items():
        try:
            yield f"{name} {importlib.metadata.version(name)}", load()
        except ImportError as why:
            print(f"{name}: not run: {why}")


def _readability() -> Callable[[Page], object]:
    from readability import Document

    return lambda page: Document(page.text).summary()


def _trafilatura() -> Callable[[Page], object]:
    import trafilatura

    return lambda page: trafilatura.extract(page.text, include_comments=False)


def _resiliparse() -> Callable[[Page], object]:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda page: extract_plain_text(page.text, main_content=True)


def main() -> None:
    """Print a line a system."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    inputs = find_inputs([str(arguments.pages.resolve())], Path.cwd())
    pages = [page for item in inputs for page in read_input(item, ReadSettings()) if isinstance(page, Page)]
    running = dict(systems())
    spent: dict[str, list[float]] = {name: [] for name in running}
    for round_ in range(arguments.rounds + 1):
        total = dict.fromkeys(running, 0.0)
        for page in pages:
            for name, run in running.items():
                started = time.process_time()
                try:
                    run(page)
                except ValueError as why:  # a peer gives up on a page; ours never raises
                    print(f"{name} failed on {page.source}: {why!r:.80}")
                total[name] += time.process_time() - started
        if round_:  # the first one warms caches up
            for name, seconds in total.items():
                spent[name].append(1000 * seconds / len(pages))
    ours = statistics.median(spent["zhnews"])
    print(f"{len(pages)} pages, {arguments.rounds} rounds, CPU ms a page")
    for name, figures in spent.items():
        middle = statistics.median(figures)
        print(f"{name:28} {middle:6.2f}   zhnews takes {ours / middle:.2f}x of it")


if __name__ == "__main__":
    main()
