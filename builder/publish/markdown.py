"""Markdown of the card: tables, bars of text, numbers, and text of pages made safe inside them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

#: Characters of the longest bar.
BAR_CELLS = 20


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def bars(what: str, unit: str, counts: Mapping[str, int]) -> str:
    """A table with a bar a row, empty bins included: the shape of a distribution in plain text."""
    longest = max(counts.values(), default=0) or 1
    rows = [(name, number(n), "█" * round(BAR_CELLS * n / longest)) for name, n in counts.items()]
    return table([what, unit, ""], rows)


def bins(histogram: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the bins of a histogram by their borders, `100–199`, the open one `6,400+`."""
    return {f"{b['from']:,}–{b['to'] - 1:,}" if b["to"] else f"{b['from']:,}+": b["n"] for b in histogram}


def periods(months: Mapping[str, int]) -> dict[str, int]:
    """Months, or years when there are more than 24 months."""
    if len(months) <= 24:
        return dict(months)
    years: dict[str, int] = {}
    for month, n in months.items():
        years[month[:4]] = years.get(month[:4], 0) + n
    return years


def fenced(language: str, lines: Sequence[str]) -> str:
    """Return a fenced block of code."""
    return "\n".join([f"```{language}", *lines, "```"])


def cell(text: str) -> str:
    """Text of a page inside a table: nothing in it may end the cell or begin markup."""
    return re.sub(r"([\\|<>`*_\[\]])", r"\\\1", " ".join(text.split()))


def value(content: object) -> str:
    """Return the value of a column as a cell."""
    if content is None:
        return "—"
    if isinstance(content, list):
        return "；".join(cell(str(item)) for item in content) or "—"
    return cell(str(content))


def number(n: int) -> str:
    """Return a count with its thousands parted."""
    return f"{n:,}"


def percentage(n: int, total: int) -> str:
    """Return `n` of `total` as a percentage for readers."""
    return f"{n / total:.1%}" if total else "—"
