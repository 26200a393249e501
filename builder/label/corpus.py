"""
Labelled pages to learn from, each as HTML and as the text dumped from it.

Three sources: the invented goldens of `tests/pages/` (their texts in `seeds/`), invented pages of other layouts in
`seeds/layouts/`, and a folder of gold pages like `shared/gold/`: `pages/NAME.html.gz`, and `blocks.jsonl.gz` with
`page`, `lines` and `labels` of each.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

import numpy as np

from builder.label.layouts import read_layouts
from builder.label.line_features import Ints
from builder.parse import parse_page
from builder.read import ReadSettings, find_inputs, read_input
from builder.records import ROLES, Page, ParsedPage

_SPACE = re.compile(r"\s+")
_HOST = re.compile(r"https?://(?:[\w-]+\.)*?([\w-]+)\.(?:com|net|org|gov|edu|co)?\.?(?:cn|tw|hk|com|net|org|mg|uk)\b")
_NUMBER = {role: i for i, role in enumerate(ROLES)}
#: Two pages that share so many of the smaller one's frame lines are of one site: on the gold pages, pages of one site
#: share .09 and more (or their host), pages of two sites .08 at most.
_SHARED_FRAME = 0.09


@dataclass(slots=True)
class Example:
    """
    A labelled page in one rendering.

    Attributes:
        roles: number of the role of each block, -1 where gold says nothing.
        lines, labels: the gold lines and their roles, which need not be the blocks.
        blocks_of: for each gold character that is not white space, the block that shows it, -1 for none.
        host: what the addresses on the page say its site is.
    """

    name: str
    html: bool
    page: ParsedPage
    roles: Ints
    lines: list[str]
    labels: Ints
    blocks_of: Ints
    host: str = ""
    invented: bool = False


def read_examples(gold: Path | None, goldens: Path, layouts: Path | None = None) -> list[Example]:
    """Return every labelled page of all sources, in the order of their names, HTML before dump."""
    found = list(_read_goldens(goldens))
    for layout in read_layouts(layouts) if layouts is not None else ():
        found += both_renderings(*layout, invented=True)
    if gold is not None:
        found += _read_gold(gold)
    return found


def _read_gold(gold: Path) -> Iterator[Example]:
    with gzip.open(gold / "blocks.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    for row in rows:
        (page,) = _pages(gold / "pages" / f"{row['page']}.html.gz")
        yield from both_renderings(row["page"], page, row["lines"], row["labels"], invented=False)


def _read_goldens(goldens: Path) -> Iterator[Example]:
    for folder in sorted(path.parent for path in goldens.glob("*/meta.json")):
        rows = [json.loads(line) for line in (folder / "blocks.jsonl").read_text(encoding="utf-8").splitlines()]
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        if rows:
            (page,) = _pages(goldens.parents[1] / meta["page"])
            yield from both_renderings(
                folder.name, page, [row["text"] for row in rows], [row["role"] for row in rows], invented=True
            )


def _pages(path: Path) -> list[Page]:
    (item,) = find_inputs([str(path)], path.parent)
    return [page for page in read_input(item, ReadSettings()) if isinstance(page, Page)]


def site_in(page: Page) -> str | None:
    """Return the name of the site that its address, or else most addresses on the page, say it is of."""
    hosts = Counter(_HOST.findall(page.url or "") * 1000 + _HOST.findall(page.text))
    return hosts.most_common(1)[0][0] if hosts else None


def both_renderings(name: str, page: Page, lines: list[str], labels: list[str], *, invented: bool) -> Iterator[Example]:
    """Yield a page whose every line has a label as it is, and as the text dumped from it."""
    numbers = np.array([_NUMBER[label] for label in labels])
    host = site_in(page) or name
    dump = Page(page.source, "text/plain", "\n".join(lines), page.raw_sha256)
    for rendering in (page, dump) if page.media_type == "text/html" else (dump,):
        parsed = parse_page(rendering)
        blocks_of = align(lines, [block.text for block in parsed.blocks])
        roles = _majority(blocks_of, _by_character(lines, numbers), len(parsed.blocks))
        yield Example(
            name, rendering.media_type == "text/html", parsed, roles, lines, numbers, blocks_of, host, invented
        )


def align(lines: Sequence[str], blocks: Sequence[str]) -> Ints:
    """
    Return for each character of the gold lines that is no white space the number of the block that shows it, or -1.

    Both show the same text, cut otherwise, as a rule; where they differ, equal stretches between are found.
    """
    gold, shown = ["".join(_SPACE.sub("", text) for text in texts) for texts in (lines, blocks)]
    owner = np.repeat(np.arange(len(blocks)), [len(_SPACE.sub("", block)) for block in blocks])
    if gold == shown:
        return owner
    found = np.full(len(gold), -1)
    for a, b, size in _equal_stretches([_SPACE.sub("", x) for x in lines], [_SPACE.sub("", x) for x in blocks]):
        found[a : a + size] = owner[b : b + size]
    return found


def _equal_stretches(lines: list[str], blocks: list[str]) -> Iterator[tuple[int, int, int]]:
    """Equal stretches of characters: whole lines first, then the characters between two of these."""
    line_at, block_at = ([0, *np.cumsum([len(x) for x in texts]).tolist()] for texts in (lines, blocks))
    for tag, a, b, c, d in SequenceMatcher(None, lines, blocks, autojunk=False).get_opcodes():
        if tag == "equal":
            yield line_at[a], block_at[c], line_at[b] - line_at[a]
        elif tag == "replace":
            matcher = SequenceMatcher(None, "".join(lines[a:b]), "".join(blocks[c:d]), autojunk=False)
            for match in matcher.get_matching_blocks():
                yield line_at[a] + match.a, block_at[c] + match.b, match.size


def _by_character(lines: Sequence[str], labels: Ints) -> Ints:
    return np.repeat(labels, [len(_SPACE.sub("", line)) for line in lines])


def _majority(blocks_of: Ints, labels: Ints, n: int) -> Ints:
    """The role that most characters of each block have, -1 for a block that gold does not show."""
    votes = np.zeros((n, len(ROLES)))
    known = blocks_of >= 0
    np.add.at(votes, (blocks_of[known], labels[known]), 1)
    return np.where(votes.any(axis=1), votes.argmax(axis=1), -1)


def sites_of(examples: Iterable[Example]) -> dict[str, str]:
    """
    Return the site of each page, by name: the same host, or the same frame, makes one site of two pages.

    Invented pages are each a site of their own.
    """
    frame_roles = [_NUMBER[role] for role in ("nav", "related", "notice", "comment", "credit", "meta")]
    frames, hosts = {}, {}
    site: dict[str, str] = {}
    for example in examples:
        site[example.name] = example.name
        if example.html and not example.invented:
            framed = np.isin(example.roles, frame_roles)
            blocks = example.page.blocks
            frames[example.name] = {b.text for b, f in zip(blocks, framed, strict=True) if f and len(b.text) >= 4}
            hosts[example.name] = example.host
    for one, other in combinations(sorted(frames), 2):
        smaller = min(len(frames[one]), len(frames[other]))
        shared = len(frames[one] & frames[other])
        if hosts[one] == hosts[other] or (shared >= 2 and shared >= _SHARED_FRAME * smaller):
            old, new = site[other], site[one]
            site = {name: new if now == old else now for name, now in site.items()}
    return site
