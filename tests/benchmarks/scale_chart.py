#!/usr/bin/env python3
"""
Pictures of what `scale.py run --keep figures/scale.json` measured, and what a crawl of 100 million pages would take.

    python tests/benchmarks/scale_chart.py

Writes the pictures beside the figures and prints the table for the README; a test compares both with what stands there.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from builder.publish.svg import Bar, bars

FOLDER = Path(__file__).parent / "figures"

#: The job of the estimate: about the Chinese pages of Common Crawl News, and the machines it runs on.
PAGES, MACHINES, CORES = 100_000_000, 8, 32

#: Steps that one process does alone, whatever the cluster.
ALONE = ("statistics", "verify")

Figures = Sequence[Mapping[str, Any]]


def pictures(figures: Figures) -> dict[str, str]:
    """Return the SVGs by name: speed and memory of builds of text pages by their number."""
    rows = [each for each in figures if each["kind"] == "text"]
    speed, memory = [], []
    for each in rows:
        label = f"{each['documents']:,} pages"
        a_second = each["documents"] / sum(step["cpu_s"] for step in building(each).values())
        speed.append(Bar(label, a_second, f"{a_second:.0f}"))
        memory.append(Bar(label, each["peak_mb"], f"{each['peak_mb']:,.0f} MB", "c"))
    told = "zhnews build of text pages, tokens off, two processes"
    return {
        "scale-speed.svg": bars(f"Pages a CPU-second: {told}", _desc(speed), speed),
        "scale-memory.svg": bars(f"Peak memory of all processes: {told}", _desc(memory), memory),
    }


def estimate(figures: Figures) -> str:
    """Return the table of what PAGES HTML pages take, from the figures of the largest run over such pages."""
    html = [each for each in figures if each["kind"] == "html"][-1]
    n = html["documents"]
    hours = {name: step["cpu_s"] / n * PAGES / 3600 for name, step in html["steps"].items()}
    labelled = hours["pages"]
    shared = sum(hours[name] for name in building(html) if name not in (*ALONE, "pages"))
    terabytes = {name: html[name] / n * PAGES / 1e6 for name in ("input_mb", "work_mb", "release_mb")}
    rows = [
        ("read, parse, label", f"{labelled:,.0f} core-hours"),
        ("duplicates, sentences, publishing", f"{shared:,.0f} core-hours"),
        (f"both on {MACHINES} machines of {CORES} cores", f"{(labelled + shared) / (MACHINES * CORES):.1f} hours"),
        ("leaks, statistics, card: one process", f"{hours['statistics']:.1f} hours"),
        ("`zhnews verify -j 1`", f"{hours['verify']:.0f} hours"),
        (
            "disk: input, work folder, release",
            f"{terabytes['input_mb']:.1f} TB, {terabytes['work_mb']:.1f} TB, {terabytes['release_mb']:.1f} TB",
        ),
    ]
    return "\n".join(["| part of the job | takes |", "|---|---|", *(f"| {part} | {takes} |" for part, takes in rows)])


def building(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return the steps of the build, without `verify`."""
    return {name: step for name, step in figures["steps"].items() if name != "verify"}


def _desc(rows: Sequence[Bar]) -> str:
    return "; ".join(f"{row.label} {row.text}" for row in rows)


def main() -> None:
    """Write the pictures, print the table."""
    figures = json.loads((FOLDER / "scale.json").read_text("utf-8"))
    for name, svg in pictures(figures).items():
        (FOLDER / name).write_text(svg, "utf-8")
    print(estimate(figures))


if __name__ == "__main__":
    main()
