"""
How much of a summary stands in its document already, and how much of it is new.

Source: Grusky, Naaman, Artzi 2018, Newsroom (coverage, density, compression); novel n-grams as in See et al. 2017.
Both count words; here the unit is the character, white space left out and letters in lower case, so that no segmenter
decides on the figures. Any two Chinese texts share most single characters: a coverage of .8 is nothing, and density
and the novelty of two characters tell more.
"""


def letters_of(text: str) -> str:
    """Return the characters that are measured."""
    return "".join(text.split()).lower()


def fragments(document: str, summary: str) -> list[int]:
    """
    Lengths of the extractive fragments of a summary: from its beginning on, the longest run that the document has.

    >>> fragments("临江新桥正式通车", "新桥今日通车")
    [2, 2]
    """
    found, at = [], 0
    while at < len(summary):
        length = 0
        while at + length < len(summary) and summary[at : at + length + 1] in document:
            length += 1
        if length:
            found.append(length)
        at += length or 1
    return found


def measure(document: str, summary: str) -> dict[str, float | None]:
    """
    Return coverage, density, compression and novelty_1 to novelty_4 of a summary.

    Args:
        document: has at least one character that is not white space.
        summary: likewise.
    """
    document, summary = letters_of(document), letters_of(summary)
    lengths = fragments(document, summary)
    return {
        "coverage": sum(lengths) / len(summary),
        "density": sum(length**2 for length in lengths) / len(summary),
        "compression": len(document) / len(summary),
        **{f"novelty_{n}": novelty(document, summary, n) for n in (1, 2, 3, 4)},
    }


def novelty(document: str, summary: str, n: int) -> float | None:
    """
    Share of the distinct runs of `n` characters of a summary that the document does not have; None when it has none.

    >>> novelty("临江新桥正式通车", "新桥今日通车", 2)
    0.6
    """
    runs = {summary[at : at + n] for at in range(len(summary) - n + 1)}
    return sum(run not in document for run in runs) / len(runs) if runs else None
