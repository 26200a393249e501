"""
Mark later copies of the article on the same page (desktop and mobile markup, print view): `dup_of`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise

from builder.keys import text_key
from builder.records import Block

_ARTICLE = frozenset({"title", "subtitle", "meta", "lede", "body", "subhead", "caption", "credit", "notice"})
_TEXT = frozenset({"lede", "body"})
#: A line of text shorter than this may stand twice in one article (a refrain, a question) and proves no copy.
MIN_KEY = 12
#: Share of the text that both copies must have in common.
MIN_SHARE = 0.5
#: Below the same headline, of the shorter copy: of three paragraphs two copies may have only one in common.
MIN_SHARE_TITLED = 0.2


def mark_copies(blocks: Sequence[Block]) -> None:
    """
    Set `dup_of` of each block of a later copy to the first block of the page with the same text key.

    A later copy is a stretch from title to title in which half of the text stood before, or which holds half of the
    text from before (the first copy may be a teaser), however the lines were cut. There, a paragraph that was cut
    otherwise before is a copy of the first block that shares its text. The same line twice within one copy is no copy,
    and neither is the text below a headline and an abstract of one paragraph.
    """
    titles = [i for i, block in enumerate(blocks) if block.role == "title"]
    for block in blocks:
        block.dup_of = None
    if len(titles) < 2:
        return
    keys = [text_key(block.text) if block.role in _ARTICLE else "" for block in blocks]
    first: dict[str, int] = {}
    for i, key in enumerate(keys):
        if key:
            first.setdefault(key, i)
    for start, end in pairwise([*titles, len(blocks)]):
        here = _texts(blocks, keys, start, end)
        earlier = _texts(blocks, keys, 0, start)
        several = len(earlier) > 1  # one alone may be an abstract
        teased = _share_within(earlier, keys[start:end]) if several else 0.0
        again = several and first.get(keys[start], start) < start
        titled = again and _letters_shared(here, earlier) >= MIN_SHARE_TITLED
        if not titled and max(teased, _share_within(here, keys[:start])) < MIN_SHARE:
            continue
        for i in range(start, end):
            at: int | None = None
            if keys[i] and first[keys[i]] < start:
                at = first[keys[i]]
            elif len(keys[i]) >= MIN_KEY:
                at = _cut_otherwise(keys[i], keys[:start])
            # Of three copies cut in three ways, the second may be what the third equals.
            blocks[i].dup_of = at if at is None or blocks[at].dup_of is None else blocks[at].dup_of


def _texts(blocks: Sequence[Block], keys: Sequence[str], start: int, end: int) -> list[str]:
    return [keys[i] for i in range(start, end) if blocks[i].role in _TEXT and len(keys[i]) >= MIN_KEY]


def _share_within(texts: Sequence[str], keys: Sequence[str]) -> float:
    """Share of the characters of `texts` whose whole text stands in the joined keys."""
    joined = "".join(keys)
    return sum(len(text) for text in texts if text in joined) / max(1, sum(map(len, texts)))


def _letters_shared(texts: Sequence[str], others: Sequence[str]) -> float:
    """Share of the shorter of two joined texts that stands in the other in runs of MIN_KEY characters or more."""
    shorter, longer = sorted(("".join(texts), "".join(others)), key=len)
    runs = {longer[i : i + MIN_KEY] for i in range(len(longer) - MIN_KEY + 1)}
    found = until = 0
    for i in range(len(shorter) - MIN_KEY + 1):
        if shorter[i : i + MIN_KEY] in runs:
            found += i + MIN_KEY - max(i, until)
            until = i + MIN_KEY
    return found / max(1, len(shorter))


def _cut_otherwise(key: str, earlier: Sequence[str]) -> int | None:
    """Return the first of the earlier blocks that share the text, however the two were cut."""
    for i, other in enumerate(earlier):
        if len(other) >= MIN_KEY and (other in key or key in other):
            return i
    at = "".join(earlier).find(key)
    return None if at < 0 else bisect_right(list(accumulate(map(len, earlier))), at)
