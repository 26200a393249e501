#!/usr/bin/env python3
"""
CPU milliseconds a page from HTML to article, beside the extractors people use today, in one run.

    python tests/benchmarks/label_speed.py PAGES_DIR [--rounds N] [--peers VENV]

PAGES_DIR holds .html or .html.gz. Decoding is outside the clock for all. Each round is a fresh process that has read
one page of seeds/ and then sees every page once, as on a crawl: no system lives on what it remembers of a page. The
systems take turns page by page, so that a noisy machine slows all alike; the figure is the median over rounds of the
mean a page. Peers that are not installed, here or in VENV, are named and left out:
pip install trafilatura readability-lxml lxml_html_clean resiliparse selectolax
"""

import argparse
import importlib.metadata
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from builder.pages import label_page
from builder.read import ReadSettings, find_inputs, read_input
from builder.records import Page

WARM_UP = Path(__file__).parents[2] / "seeds" / "pages" / "linjiang-2021-03-05.html"


def systems() -> Iterator[tuple[str, Callable[[Page], object]]]:
    """Yield name and function of every system that is installed."""
    yield "zhnews", label_page
    for name, load in {
        "readability-lxml": _readability,
        "trafilatura": _trafilatura,
        "resiliparse": _resiliparse,
        "selectolax": _lexbor,
    }.items():
        try:
            yield f"{name} {importlib.metadata.version(name)}", load()
        except ImportError as why:
            print(f"{name}: not run: {why}", file=sys.stderr)


def _readability() -> Callable[[Page], object]:
    from readability import Document

    return lambda page: Document(page.text).summary()


def _trafilatura() -> Callable[[Page], object]:
    import trafilatura

    return lambda page: trafilatura.extract(page.text, include_comments=False)


def _resiliparse() -> Callable[[Page], object]:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda page: extract_plain_text(page.text, main_content=True)


def _lexbor() -> Callable[[Page], object]:
    """Bare parsing, without a look at the tree."""
    from selectolax.lexbor import LexborHTMLParser

    return lambda page: LexborHTMLParser(page.text)


def read_pages(path: Path) -> list[Page]:
    """Return the pages of a file or folder, in order."""
    inputs = find_inputs([str(path.resolve())], Path.cwd())
    return [page for item in inputs for page in read_input(item, ReadSettings()) if isinstance(page, Page)]


def one_round(folder: Path, peers: Path | None) -> tuple[int, dict[str, float]]:
    """Return the number of pages and the CPU milliseconds a page of each system; run in a fresh process."""
    if peers is not None:
        sys.path += map(str, peers.glob("lib/python*/site-packages"))
    running = dict(systems())
    for page in read_pages(WARM_UP):
        for run in running.values():
            run(page)
    spent = dict.fromkeys(running, 0.0)
    pages = read_pages(folder)
    for page in pages:
        for name, run in running.items():
            started = time.process_time()
            try:
                run(page)
            except ValueError as why:  # a peer gives up on a page; ours never raises
                print(f"{name} failed on {page.source}: {why!r:.80}", file=sys.stderr)
            spent[name] += time.process_time() - started
    return len(pages), {name: 1000 * seconds / len(pages) for name, seconds in spent.items()}


def main() -> None:
    """Print a line a system."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", type=Path, help="virtual environment that holds the peers")
    arguments = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    rounds = []
    for _ in range(arguments.rounds):
        with context.Pool(1) as pool:
            rounds.append(pool.apply(one_round, (arguments.pages, arguments.peers)))
    print(f"{rounds[0][0]} pages, {arguments.rounds} rounds, CPU ms a page")
    middle = {name: statistics.median(figures[name] for _, figures in rounds) for name in rounds[0][1]}
    for name, figure in middle.items():
        print(f"{name:28} {figure:6.2f}   zhnews takes {middle['zhnews'] / figure:.2f}x of it")


if __name__ == "__main__":
    main()
