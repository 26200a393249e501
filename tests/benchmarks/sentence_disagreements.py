"""
Where this splitter and two others disagree, for people who want to judge.

    python tests/benchmarks/sentence_disagreements.py FILE [--context 20] [--limit 50]

FILE is text in UTF-8, a paragraph a line (- for stdin). pySBD and sentencex are compared when they are installed:
pip install pysbd sentencex. A boundary is counted inside a line only, in characters that are no white space, so that
splitters that drop or move blanks compare. Each disagreement is one line: who splits, and the text around the place,
with | at the boundary.
"""

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path

from builder.sentences import split

Splitter = Callable[[str], list[str]]


def ours(line: str) -> list[str]:
    return [line[start:end] for start, end in split(line)]


def peers() -> Iterator[tuple[str, Splitter]]:
    """Yield the splitters that are installed; say which are not."""
    for name in ("pysbd", "sentencex"):
        try:
            module = import_module(name)
        except ImportError:
            print(f"{name} is not installed and is left out: pip install {name}", file=sys.stderr)
            continue
        if name == "pysbd":
            yield name, module.Segmenter(language="zh", clean=False).segment
        else:
            yield name, lambda line, segment=module.segment: list(segment("zh", line))


def boundaries(sentences: Iterable[str]) -> set[int]:
    """Ends of all sentences but the last, counted in characters that are no white space."""
    ends, n = [], 0
    for sentence in sentences:
        n += len(re.sub(r"\s", "", sentence))
        ends.append(n)
    return set(ends) - {0, n}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="UTF-8 text, a paragraph a line; - for stdin")
    parser.add_argument("--context", type=int, default=20, help="characters shown on each side")
    parser.add_argument("--limit", type=int, default=50, help="disagreements shown for each splitter")
    args = parser.parse_args()

    text = sys.stdin.read() if args.file == "-" else Path(args.file).read_text("utf-8")
    lines = [line for line in text.splitlines() if line.strip()]
    mine = [boundaries(ours(line)) for line in lines]
    compared = list(peers())
    for name, peer in compared:
        counts: Counter[str] = Counter()
        shown = 0
        started = time.process_time()
        theirs = [boundaries(peer(line)) for line in lines]
        took_s = time.process_time() - started
        for line, have, other in zip(lines, mine, theirs, strict=True):
            bare = re.sub(r"\s", "", line)
            counts["both"] += len(have & other)
            for at in sorted(have ^ other):
                who = "zhnews" if at in have else name
                counts[who] += 1
                if shown < args.limit:
                    shown += 1
                    print(f"{who}\t{bare[max(0, at - args.context) : at]}|{bare[at : at + args.context]}")
        print(
            f"# {name}: {len(lines)} lines, {counts['both']} boundaries in common, {counts['zhnews']} only zhnews, "
            f"{counts[name]} only {name}; {took_s:.2f} CPU-s"
        )
    if not compared:
        print("Nothing to compare with: neither pysbd nor sentencex is installed.", file=sys.stderr)
    return 0 if compared else 1


if __name__ == "__main__":
    sys.exit(main())
