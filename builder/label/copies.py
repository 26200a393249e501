"""
Mark later copies of the article on the same page (desktop and mobile markup, print view): `dup_of`.
"""

from collections.abc import Sequence
from itertools import pairwise

from builder.label.phrases import text_key
from builder.records import Block

_ARTICLE = frozenset({"title", "subtitle", "meta", "lede", "body", "subhead", "caption", "credit", "notice"})
_TEXT = frozenset({"lede", "body"})
#: A line of text shorter than this may stand twice in one article (a refrain, a question) and proves no copy.
MIN_KEY = 12


def mark_copies(blocks: Sequence[Block]) -> None:
    """
    Set `dup_of` of each block of a later copy to the first block of the page with the same text key.

    A later copy is a stretch that opens with a title (or with its first repeated paragraph) and in which at least half
    of the text stood before. The same line twice within one copy is no copy, and an abstract is none either.
    """
    keys = [text_key(block.text) if block.role in _ARTICLE else "" for block in blocks]
    first: dict[str, int] = {}
    for i, key in enumerate(keys):
        blocks[i].dup_of = None
        if key:
            first.setdefault(key, i)
    for start, end in _stretches(blocks):
        text = [i for i in range(start, end) if blocks[i].role in _TEXT and len(keys[i]) >= MIN_KEY]
        repeated = sum(len(keys[i]) for i in text if first[keys[i]] < start)
        if not text or repeated * 2 < sum(len(keys[i]) for i in text):
            continue
        for i in range(start, end):
            if keys[i] and first[keys[i]] < start:
                blocks[i].dup_of = first[keys[i]]


def _stretches(blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """Half-open stretches from title to title."""
    starts = [i for i, block in enumerate(blocks) if block.role == "title"]
    return list(pairwise([*starts, len(blocks)]))
