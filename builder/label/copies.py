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

    A later copy is a stretch from title to title in which at least half of the text stood before, however its lines
    were cut; there, a paragraph that was cut otherwise before is a copy of the first block that shares its text. The
    same line twice within one copy is no copy, and neither is a second headline above an abstract.
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
        text = [keys[i] for i in range(start, end) if blocks[i].role in _TEXT and len(keys[i]) >= MIN_KEY]
        before = "".join(keys[:start])
        if not text or sum(len(key) for key in text if key in before) * 2 < sum(map(len, text)):
            continue
        for i in range(start, end):
            if keys[i] and first[keys[i]] < start:
                blocks[i].dup_of = first[keys[i]]
            elif len(keys[i]) >= MIN_KEY and keys[i] in before:
                blocks[i].dup_of = _cut_otherwise(keys[i], keys[:start])


def _cut_otherwise(key: str, earlier: Sequence[str]) -> int | None:
    """Return the first of the earlier blocks that contains the text or is a part of it."""
    for i, other in enumerate(earlier):
        if len(other) >= MIN_KEY and (other in key or key in other):
            return i
    return None
