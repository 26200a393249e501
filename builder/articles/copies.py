"""
One copy of the article: a page may show it twice or three times, cut into lines in different ways.

Blocks are compared by the text key. The longest copy is the base; what only another copy has (a caption, a
paragraph) is put in its place. An abstract that only repeats the paragraph after it is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from builder.keys import text_key
from builder.records import Block

RUNNING = frozenset({"lede", "body", "subhead", "caption"})

#: Two texts that share 10 letters in a row are taken to be copies there: shorter stretches are names and set phrases.
_GRAM = 10
#: A block that is covered to this share by another text repeats it; the rest is a dateline, a label or a cut edge.
_COVERED = 0.8
#: A second copy opens with at least this many letters of the first; fewer are a refrain or a name.
_MIN_COPY = 40
#: Two stretches are copies of one article when this share of the shorter stands in the longer. The questions of a
#: series of interviews, or theses that return in the text, reach 0.4.
_SHARED = 0.6
#: The same below the headline that comes again: of a text of three paragraphs two copies may have only one in common.
_SHARED_TITLED = 0.3
#: Comparing two stretches takes as long as reading them, so a page of refrains is not compared at every line.
_MAX_CHECKS = 16


@dataclass(slots=True)
class Part:
    """
    A block of the running text: its index on the page, its role and its text key.

    `titled` is true when a headline that stood before stands again between it and the part above.
    """

    index: int
    role: str
    key: str
    titled: bool = False


def running_parts(blocks: Sequence[Block]) -> list[Part]:
    """Return the running text and captions of a page in page order, those of every copy."""
    parts: list[Part] = []
    headlines: set[str] = set()
    titled = False
    for index, block in enumerate(blocks):
        if block.role == "title":
            key = text_key(block.text)
            titled = titled or key in headlines
            headlines.add(key)
        elif block.role in RUNNING and (key := text_key(block.text)):
            parts.append(Part(index, block.role, key, titled))
            titled = False
    return parts


def one_copy(parts: list[Part]) -> list[Part]:
    """
    Return the parts of the article, each content once, in reading order.

    Nothing is compared when no headline stands again above text and no line's opening is found a second time, which is
    how nearly all pages are.
    """
    if not (any(p.titled for p in parts) or _repeats(parts)):
        return _each_lede_once(parts)
    copies = _split_copies(_without_abstracts(parts))
    # Of two of one length, that below one headline: the other is two that have nothing in common.
    base = max(copies, key=lambda copy: (_letters(copy), not any(p.titled for p in copy[1:])))
    for copy in copies:
        if copy is not base:
            base = _merge(base, copy)
    captions = {p.key: p.index for p in reversed(base) if p.role == "caption"}
    return _each_lede_once([p for p in base if p.role != "caption" or captions[p.key] == p.index])


def _letters(copy: Sequence[Part]) -> int:
    return sum(len(p.key) for p in copy if p.role != "caption")


def _each_lede_once(parts: list[Part]) -> list[Part]:
    """Leave out an abstract that stands a second time, which is too short to show a copy (videos have it in a box)."""
    ledes = [p.key for p in parts if p.role == "lede"]
    if len(set(ledes)) == len(ledes):
        return parts
    first = {p.key: p.index for p in reversed(parts) if p.role == "lede"}
    return [p for p in parts if p.role != "lede" or first[p.key] == p.index]


def _repeats(parts: list[Part]) -> bool:
    """True when parts of `_MIN_COPY` letters together have their opening or middle in another part too."""
    whole = "\n".join(p.key for p in parts)
    end = repeated = 0
    for part in parts:
        start, end = end, end + len(part.key) + 1
        if len(part.key) < _GRAM:
            continue
        middle = (len(part.key) - _GRAM) // 2
        for probe in (part.key[:_GRAM], part.key[middle : middle + _GRAM]):
            if whole.find(probe, end) >= 0 or whole.find(probe, 0, start) >= 0:
                repeated += len(part.key)
                break
        if repeated >= _MIN_COPY:
            return True
    return False


def _grams(text: str) -> set[str]:
    return {text[i : i + _GRAM] for i in range(len(text) - _GRAM + 1)}


def _coverage(key: str, grams: set[str], whole: str) -> float | None:
    """Share of the letters of `key` that stand in `whole`, whose grams are given; None when it is too short to say."""
    if len(key) < _GRAM:
        return 1.0 if len(key) >= 4 and key in whole else None
    covered = until = 0
    for i in range(len(key) - _GRAM + 1):
        if key[i : i + _GRAM] in grams:
            covered += i + _GRAM - max(i, until)
            until = i + _GRAM
    return covered / len(key)


def _without_abstracts(parts: list[Part]) -> list[Part]:
    """Leave out a lede which the paragraph right after it says again."""
    kept = []
    for n, part in enumerate(parts):
        after = next((p for p in parts[n + 1 :] if p.role != "caption"), None)
        if after and part.role == "lede" and len(part.key) >= _GRAM and not after.titled:
            # One that says more than a label or a dateline beyond the paragraph is a copy that has more of the text.
            may = _may_repeat(part, after.key) and len(part.key) <= len(after.key) + 2 * _GRAM
            if may and (_coverage(part.key, _grams(after.key), after.key) or 0.0) >= _COVERED:
                continue
        kept.append(part)
    return kept


def _split_copies(parts: list[Part]) -> list[list[Part]]:
    """Cut the parts where the text of the current copy starts over."""
    copies: list[list[Part]] = []
    current: list[Part] = []
    whole = ""  # without borders of lines, because another copy may be cut elsewhere
    checks = _MAX_CHECKS
    for n, part in enumerate(parts):
        if checks and current and (part.titled or _may_repeat(part, whole)):
            checks -= 1
            if _repeats_titled(parts, n) if part.titled else _repeats_current(parts[n:], whole):
                moved = _captions_above(current, part)
                copies.append(current[: len(current) - len(moved)])
                current, whole = moved, "".join(p.key for p in moved)
        current.append(part)
        whole += part.key
    return [*copies, current]


def _repeats_titled(parts: list[Part], n: int) -> bool:
    """True when a copy begins with part `n`, below the headline that comes again, even with what was not said yet."""
    end = next((i for i in range(n + 1, len(parts)) if parts[i].titled), len(parts))
    before = "".join(p.key for p in parts[:n])
    return _overlaps(before, _grams(before), parts[n:end], _SHARED_TITLED)


def _repeats_current(rest: list[Part], whole: str) -> bool:
    """True when the text of the current copy, `whole`, starts over in what comes next."""
    grams = _grams(whole)
    return _says_again(rest[:4], whole, grams) and _overlaps(whole, grams, rest, _SHARED)


def _may_repeat(part: Part, whole: str) -> bool:
    """
    True when `part` may stand in `whole`: the cheap question before the dear one.

    A name of ten letters that returns shows at one of three places in a line, a copy at two or at its opening.
    """
    key = part.key
    if len(key) < _GRAM:
        return False
    middle = (len(key) - _GRAM) // 2
    found = [key[at : at + _GRAM] in whole for at in (0, middle, len(key) - _GRAM)]
    return sum(found) > 1 or (found[0] and key[: 2 * _GRAM] in whole)


def _captions_above(current: list[Part], part: Part) -> list[Part]:
    """Return the captions at the end of a copy that stand nearer to the first line of the next one than to its own."""
    n = len(current)
    while n > 1 and current[n - 1].role == "caption":
        n -= 1
    below = current[n:]
    return below if below and part.index - below[-1].index < below[0].index - current[n - 1].index else []


def _says_again(rest: list[Part], whole: str, grams: set[str]) -> bool:
    """True when the next lines open by saying again what `whole` holds, over `_MIN_COPY` letters or to their end."""
    first = rest[0].key
    if all(p.role == "caption" for p in rest):
        return False  # several pictures of one scene
    opens_alike = len(first) >= 2 * _GRAM and first[: 2 * _GRAM] in whole
    if not opens_alike and (_coverage(first, grams, whole) or 0.0) < _COVERED:
        return False
    said = sum(len(p.key) * (_coverage(p.key, grams, whole) or 0.0) for p in rest)
    return said >= min(_MIN_COPY, 0.5 * sum(len(p.key) for p in rest))


def _overlaps(whole: str, grams: set[str], rest: list[Part], least: float) -> bool:
    """True when that share of the shorter of two texts, `whole` and what follows up to its length, is in the other."""
    following = "".join(part.key for part in rest)
    if (_coverage(following[: len(whole)], grams, whole) or 0.0) >= least:
        return True
    return len(following) >= len(whole) and (_coverage(whole, _grams(following), following) or 0.0) >= least


def _merge(base: list[Part], other: list[Part]) -> list[Part]:
    """Put into `base` the captions of `other` that it lacks, and the paragraphs that stand between two shared ones."""
    whole = "".join(p.key for p in base)
    grams = _grams(whole)
    shared = [(_coverage(p.key, grams, whole) or 0.0) >= 0.5 for p in other]
    merged = list(base)
    at = 0
    for n, part in enumerate(other):
        if shared[n]:
            at = _place_after(merged, part, at)
            continue
        between = any(shared[:n]) and any(shared[n + 1 :])
        # A line at the edge of a cut copy (…展开全文) is none of the article, a paragraph there is.
        least = _GRAM if between else _MIN_COPY
        if part.role == "caption" or (any(shared) and len(part.key) >= least):
            merged.insert(at, part)
            at += 1
    return merged


def _place_after(merged: list[Part], part: Part, at: int) -> int:
    """Return the place after the part of `merged` in which `part` ends."""
    tail = part.key[-_GRAM:]
    for n in range(at, len(merged)):
        if tail in merged[n].key:
            return n + 1
    return at
