"""
How much of a summary stands in its document already, and how much of it is new.

Source: Grusky, Naaman, Artzi 2018, Newsroom (coverage, density, compression); novel n-grams as in See et al. 2017.
Both count words; here the unit is the character, white space left out and letters in lower case, so that no segmenter
decides on the figures. Any two Chinese texts share most single characters: a coverage of .8 is nothing, and density
and the novelty of two characters tell more.
"""

from collections.abc import Sequence


def letters_of(text: str) -> str:
    """Return the characters that are measured."""
    return "".join(text.split()).lower()


def matches(document: str, summary: str) -> list[int]:
    """
    Length of the longest run that begins at each character of a summary and stands in the document.

    >>> matches("临江新桥正式通车", "新桥今日通车")
    [2, 1, 0, 0, 2, 1]
    """
    lengths, end = [], 0
    for start in range(len(summary)):
        end = max(end, start)  # what matched from the character before, matches from this one
        while end < len(summary) and summary[start : end + 1] in document:
            end += 1
        lengths.append(end - start)
    return lengths


def fragments(matched: Sequence[int]) -> list[int]:
    """
    Lengths of the extractive fragments of a summary: from its beginning on, the longest run that the document has.

    >>> fragments(matches("临江新桥正式通车", "新桥今日通车"))
    [2, 2]
    """
    found, at = [], 0
    while at < len(matched):
        if matched[at]:
            found.append(matched[at])
        at += matched[at] or 1
    return found


def novelty(summary: str, matched: Sequence[int], n: int) -> float | None:
    """
    Share of the distinct runs of `n` characters of a summary that the document does not have; None when it has none.

    >>> novelty("新桥今日通车", matches("临江新桥正式通车", "新桥今日通车"), 2)
    0.6
    """
    runs = {summary[at : at + n]: matched[at] for at in range(len(summary) - n + 1)}
    return sum(length < n for length in runs.values()) / len(runs) if runs else None


def measure(document: str, summary: str) -> dict[str, float | None]:
    """
    Return coverage, density, compression and novelty_1 to novelty_4 of a summary.

    Args:
        document: has at least one character that is not white space.
        summary: likewise.
    """
    document, summary = letters_of(document), letters_of(summary)
    matched = matches(document, summary)
    lengths = fragments(matched)
    return {
        "coverage": sum(lengths) / len(summary),
        "density": sum(length**2 for length in lengths) / len(summary),
        "compression": len(document) / len(summary),
        **{f"novelty_{n}": novelty(summary, matched, n) for n in (1, 2, 3, 4)},
    }
