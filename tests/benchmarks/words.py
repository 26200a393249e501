#!/usr/bin/env python3
"""
Megabytes of text a CPU-second that jieba and rjieba cut, and on how many lines they agree.

    python tests/benchmarks/words.py FILE [--megabytes N]

FILE is plain text, or .jsonl with a field `text` or a list `sentences`. Needs the extra `fast`.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from builder.words import Cut, fast_cutter, jieba_cutter


def lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of text in a file."""
    for line in path.read_text("utf-8").splitlines():
        if path.suffix != ".jsonl":
            yield line
        else:
            row = json.loads(line)
            yield from row["sentences"] if "sentences" in row else row["text"].splitlines()


def main() -> None:
    """Print a line an engine, and the lines that they cut differently."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("file", type=Path)
    parser.add_argument("--megabytes", type=float, default=2.0)
    arguments = parser.parse_args()
    lines: list[str] = []
    size = 0
    for line in lines_of(arguments.file):
        lines.append(line)
        size += len(line.encode())
        if size >= arguments.megabytes * 1e6:
            break
    cutters: dict[str, Cut] = {"jieba": jieba_cutter(), "rjieba, repaired": fast_cutter()}
    answers, seconds = {}, {}
    for name, cut in cutters.items():
        cut("预热")
        started = time.process_time()
        answers[name] = [cut(line) for line in lines]
        seconds[name] = time.process_time() - started
        print(f"{name:18} {size / 1e6 / seconds[name]:6.2f} MB a CPU-second")
    one, other = answers.values()
    same = sum(a == b for a, b in zip(one, other, strict=True))
    ratio = seconds["jieba"] / seconds["rjieba, repaired"]
    print(f"{ratio:.1f} times as fast; {same} of {len(lines)} lines alike")


if __name__ == "__main__":
    main()
