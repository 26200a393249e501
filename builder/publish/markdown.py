"""Markdown of the card: tables, bars of text, numbers, and text of pages made safe inside them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

#: Picks one of two wordings: of the Chinese half of the card, or of the English.
Say = Callable[[str, str], str]

#: More months than this are shown as years.
MONTHS = 24


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def bins(histogram: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the bins of a histogram by their borders, `100–199`, the open one `6,400+`."""
    return {f"{b['from']:,}–{b['to'] - 1:,}" if b["to"] else f"{b['from']:,}+": b["n"] for b in histogram}


def periods(months: Mapping[str, int]) -> dict[str, int]:
    """
    Months from the first to the last, those without any included, or years when there are more than MONTHS months.

    >>> periods({"2023-11": 2, "2024-02": 1})
    {'2023-11': 2, '2023-12': 0, '2024-01': 0, '2024-02': 1}
    """
    if not months:
        return {}
    (first_year, first), (last_year, last) = (map(int, month.split("-")) for month in (min(months), max(months)))
    span = [divmod(n, 12) for n in range(first_year * 12 + first - 1, last_year * 12 + last)]
    if len(span) <= MONTHS:
        return {name: months.get(name, 0) for name in (f"{year:04}-{month + 1:02}" for year, month in span)}
    years = {f"{year:04}": 0 for year in range(first_year, last_year + 1)}
    for month, n in months.items():
        years[month[:4]] += n
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
