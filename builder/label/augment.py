"""
More pages than people have labelled: the article of one page in the frame of another, frames and articles with parts
left out, paragraphs cut over lines, a second copy, names of elements hidden, a head that says nothing.

Whatever is done to a page is done to its roles too. Every choice is drawn from the generator that is handed in.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from builder.label.corpus import Example
from builder.records import ROLES, Block, Head, ParsedPage

_NUMBER = {role: i for i, role in enumerate(ROLES)}
_TITLE = _NUMBER["title"]
_PARAGRAPHS = frozenset({_NUMBER["lede"], _NUMBER["body"]})
_TEXT = _PARAGRAPHS | {_NUMBER["subhead"], _NUMBER["caption"]}
_FRAME = frozenset(_NUMBER[role] for role in ("nav", "related", "comment", "notice"))
#: How often each row of an article is left out.
_LEFT_OUT = {
    _NUMBER[role]: share
    for role, share in (("body", 0.35), ("caption", 0.35), ("subhead", 0.35), ("credit", 0.3), ("meta", 0.3))
}

_SENTENCES = re.compile(r"(?<=[。！？])")
_CLAUSES = re.compile(r"(?<=[，。！？；])")
_NAME = re.compile(r"[#.]")


@dataclass(slots=True)
class Sample:
    """A page and the number of the role of each of its blocks."""

    html: bool
    page: ParsedPage
    roles: list[int]


_Change = Callable[[Sample, np.random.Generator], Sample]


def augment(examples: Sequence[Example], sites: dict[str, str], count: int, rng: np.random.Generator) -> list[Sample]:
    """Return `count` pages made of the examples; articles move between pages of the same rendering or any other."""
    made: list[Sample] = []
    while len(made) < count:
        example, other = (examples[int(i)] for i in rng.integers(len(examples), size=2))
        sample = Sample(example.html, example.page, example.roles.tolist())
        if rng.random() < 0.75:
            moved = transplant(sample, Sample(other.html, other.page, other.roles.tolist()), rng)
            if moved is None or sites[example.name] == sites[other.name]:
                continue
            sample = moved
        for share, change in _CHANGES:
            if rng.random() < share:
                sample = change(sample, rng)
        if _PARAGRAPHS & set(sample.roles) and len(sample.roles) >= 4:
            made.append(sample)
    return made


def transplant(frame: Sample, story: Sample, rng: np.random.Generator) -> Sample | None:
    """Put headline and text of `story` in the place of those of `frame`; None where either has no single stretch."""
    place, taken = article_span(frame.roles), article_span(story.roles)
    old, new = _headline(frame), _headline(story)
    if place is None or taken is None or not old or not new:
        return None
    own, strange = _container(frame, place), _container(story, taken)

    def renamed(i: int) -> Block:
        block = frame.page.blocks[i]
        if frame.roles[i] != _TITLE and (len(old) < 6 or old not in block.text):
            return block
        text = block.text.replace(old, new) if old in block.text else new
        linked = len(text) if block.link_chars == len(block.text) else min(block.link_chars, len(text))
        return replace(block, text=text, link_chars=linked)

    def moved(block: Block) -> Block:
        if not frame.html:
            return Block(block.text)
        inner = (
            block.tag[len(strange) :]
            if strange and block.tag.startswith(strange)
            else "/" + (block.tag.rpartition("/")[2] or "p")
        )
        return replace(block, tag=(own + inner).strip("/"))

    blocks = [
        *(renamed(i) for i in range(place[0])),
        *(moved(block) for block in story.page.blocks[slice(*taken)]),
        *(renamed(i) for i in range(place[1], len(frame.roles))),
    ]
    roles = frame.roles[: place[0]] + story.roles[slice(*taken)] + frame.roles[place[1] :]
    head = replace(frame.page.head)
    if head.title:
        head.title = head.title.replace(old, new) if old in head.title else new + head.title[-6:]
    head.headline = new if head.headline else None
    head.description = story.page.head.description if head.description and rng.random() < 0.7 else None
    return Sample(frame.html, ParsedPage(blocks, head), roles)


def article_span(roles: Sequence[int]) -> tuple[int, int] | None:
    """Half-open stretch from the first to the last line of the text, None when a headline stands inside."""
    told = [i for i, role in enumerate(roles) if role in _PARAGRAPHS]
    if not told or _TITLE in roles[told[0] : told[-1] + 1]:
        return None
    first, last = told[0], told[-1] + 1
    while first and roles[first - 1] in _TEXT:
        first -= 1
    while last < len(roles) and roles[last] in _TEXT:
        last += 1
    return first, last


def _headline(sample: Sample) -> str:
    titles = [block.text for block, role in zip(sample.page.blocks, sample.roles, strict=True) if role == _TITLE]
    return min(titles, key=len, default="")


def _container(sample: Sample, span: tuple[int, int]) -> str:
    parents = Counter(
        sample.page.blocks[i].tag.rpartition("/")[0] for i in range(*span) if sample.roles[i] in _PARAGRAPHS
    )
    return parents.most_common(1)[0][0]


def _keep(sample: Sample, kept: list[bool]) -> Sample:
    blocks = [block for block, keep in zip(sample.page.blocks, kept, strict=True) if keep]
    roles = [role for role, keep in zip(sample.roles, kept, strict=True) if keep]
    return Sample(sample.html, ParsedPage(blocks, sample.page.head), roles)


def drop_frame(sample: Sample, rng: np.random.Generator) -> Sample:
    """Leave out up to four stretches of menus, lists, comments and notices."""
    n = len(sample.roles)
    kept = [True] * n
    for _ in range(int(rng.integers(1, 5))):
        first = int(rng.integers(n))
        for i in range(first, min(n, first + int(rng.integers(3, max(4, n // 4))))):
            kept[i] = kept[i] and sample.roles[i] not in _FRAME
    return _keep(sample, kept)


def drop_rows(sample: Sample, rng: np.random.Generator) -> Sample:
    """Leave out paragraphs, captions, credits, publication lines; always keep a paragraph."""
    kept = [rng.random() >= _LEFT_OUT.get(role, 0.0) for role in sample.roles]
    if not any(keep and role == _NUMBER["body"] for keep, role in zip(kept, sample.roles, strict=True)):
        return sample
    return _keep(sample, kept)


def cut_paragraphs(sample: Sample, rng: np.random.Generator) -> Sample:
    """Cut some or many paragraphs at their sentences or clauses, as subtitles of videos and old dumps are."""
    share = 0.5 if rng.random() < 0.5 else 0.08
    cut = _SENTENCES if rng.random() < 0.8 else _CLAUSES
    blocks, roles = [], []
    for block, role in zip(sample.page.blocks, sample.roles, strict=True):
        parts = [block]
        if role in _PARAGRAPHS and len(block.text) > 24 and rng.random() < share:
            texts = [text for part in cut.split(block.text) if (text := part.strip())]
            parts = [replace(block, text=text, link_chars=0) for text in texts]
        blocks += parts
        roles += [role] * len(parts)
    return Sample(sample.html, ParsedPage(blocks, sample.page.head), roles)


def show_twice(sample: Sample, rng: np.random.Generator) -> Sample:
    """Repeat headline and text right below, as pages with a mobile copy do."""
    span = article_span(sample.roles)
    titles = [i for i, role in enumerate(sample.roles) if role == _TITLE and span and i < span[0]]
    if span is None or not titles or span[0] - titles[-1] > 25:
        return sample
    copy = slice(titles[-1], span[1])
    blocks, roles = sample.page.blocks, sample.roles
    twice = blocks[: span[1]] + blocks[copy] + blocks[span[1] :]
    return Sample(sample.html, ParsedPage(twice, sample.page.head), roles[: span[1]] + roles[copy] + roles[span[1] :])


def hide_names(sample: Sample, rng: np.random.Generator) -> Sample:
    """Take id and classes from a share of the elements: names that no other site has must not be leaned on."""
    share = float(rng.choice((0.2, 0.5, 1.0)))
    shown: dict[str, str] = {}
    for block in sample.page.blocks:
        for element in block.tag.split("/"):
            if element not in shown:
                shown[element] = _NAME.split(element, maxsplit=1)[0] if rng.random() < share else element
    blocks = [
        replace(block, tag="/".join(shown[element] for element in block.tag.split("/"))) for block in sample.page.blocks
    ]
    return Sample(sample.html, ParsedPage(blocks, sample.page.head), sample.roles)


def silence_head(sample: Sample, rng: np.random.Generator) -> Sample:
    """Let the head say nothing, or its title only."""
    head = Head(title=sample.page.head.title if rng.random() < 0.5 else None)
    return Sample(sample.html, ParsedPage(sample.page.blocks, head), sample.roles)


_CHANGES: tuple[tuple[float, _Change], ...] = (
    (0.6, drop_frame),
    (0.4, drop_rows),
    (0.2, cut_paragraphs),
    (0.1, show_twice),
    (0.35, hide_names),
    (0.3, silence_head),
)
