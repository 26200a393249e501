"""
Features of every block of a page: what it says, where it stands, what stands around it, and what the rules make of it.

All numbers of a page are made at once. The model sees them standardised; their names, in FEATURES, are what
`zhnews label --explain` prints.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from builder.keys import text_key
from builder.label.headline import head_keys
from builder.label.line_features import (
    LINE_FEATURES,
    Floats,
    Ints,
    character_features,
    word_features,
)
from builder.label.paths import Paths, read_paths
from builder.label.rules import judge_sheet
from builder.label.sheet import Sheet, Verdict, read_sheet
from builder.label.tag_features import CONTAINER_FEATURES, TAG_FEATURES, container_features, tag_features
from builder.label.trie import CodePoints, code_points
from builder.records import ROLES, ParsedPage

Bools = npt.NDArray[np.bool_]

#: Buckets of hashed characters and pairs of characters; a prime, and small enough that the table of weights is 0.5 MB.
GRAM_BUCKETS = 4093
_PAIR_BUCKETS = 1 << 16
#: Characters of a line that are hashed: its first and last ones, where roles differ.
_OPENING, _ENDING = 24, 8

_ROLE_NUMBER = {role: i for i, role in enumerate(ROLES)}
_IS_RUN = np.array([role in ("lede", "body", "subhead") for role in ROLES])

_SEEN = ("size", "link", "prose", "headline", "nav", "ago", "sentence")
_LANDMARKS = ("heading", "comments", "ends", "publication", "paragraph", "notice", "h1", "title", "run")
#: A landmark fades with the lines between: one scale for neighbours, one for the same part of the page.
_SCALES = (4.0, 25.0)
_WINDOW = 4

FEATURES = (
    *LINE_FEATURES,
    *TAG_FEATURES,
    *CONTAINER_FEATURES,
    *(f"near:{name}" for name in _SEEN),
    *("same:count", "same:first", *(f"same:near {name}" for name in _SEEN)),
    *("page:blocks", "page:html", "page:link", "page:prose", "page:titled"),
    *("place:share", "place:top", "place:bottom", "place:before", "place:after", "place:sentences", "place:opens"),
    *("head:title", "head:headline", "head:description", "head:named", "head:opens description", "overlap:prose"),
    *("main:in", "main:first", "main:last", "main:share"),
    *(f"{side}:{mark} {scale:.0f}" for side in ("since", "until") for mark in _LANDMARKS for scale in _SCALES),
    *(f"rule:{role}" for role in ROLES),
    "rule:nth paragraph",
)

#: Which of the four holders of a pair each set of them has.
_HOLDERS = (np.arange(16)[:, None] >> np.arange(4) & 1).astype(np.float64)

#: Landmarks further away than this are not felt.
_FAR = 2000
_FADING = np.exp(-np.arange(_FAR + 1)[:, None] / np.array(_SCALES)).astype(np.float32)

_FLAG = {name: i for i, name in enumerate(LINE_FEATURES)}
_H1 = TAG_FEATURES.index("dom:h1")


@dataclass(slots=True)
class Features:
    """
    The features of one page.

    Attributes:
        dense: shape (blocks, len(FEATURES)).
        gram_lines, grams: block and bucket of each hashed character and pair, ordered by block.
        paths: which blocks share their tag path; in a dump the same as `shapes`.
        shapes: which blocks show the same line but for its digits.
    """

    dense: Floats
    gram_lines: Ints
    grams: Ints
    paths: Ints
    shapes: Ints
    verdicts: list[Verdict]


def read_features(page: ParsedPage) -> Features:
    """Return the features of a page with at least one block; the rules judge it on the way."""
    sheet = read_sheet(page)
    verdicts = judge_sheet(sheet)
    blocks = page.blocks
    texts = [block.text for block in blocks]
    sizes = np.array([len(text) for text in texts])
    codes = code_points(texts)
    lines = np.concatenate((character_features(codes, sizes), word_features(sheet.lines, sheet.scan)), axis=1)
    paths = read_paths(blocks)
    html = any(paths.names)
    prose = np.array([line.prose for line in sheet.lines])
    link = np.array([line.link for line in sheet.lines])
    tags = tag_features(blocks, paths, link)
    sentence = (prose >= 1) & (link < 0.3)
    flags = [lines[:, _FLAG[f"line:{name}"]] for name in ("headline", "nav", "ago")]
    seen = np.column_stack((np.log1p(sizes) / 4, link, prose / 5, *flags, sentence)).astype(np.float32)
    containers = container_features(paths, seen) if html else np.zeros((len(blocks), len(CONTAINER_FEATURES)))
    shapes = _numbered([line.shape for line in sheet.lines])
    near = _neighbours(seen)
    dense = np.concatenate(
        (
            lines,
            tags,
            containers,
            near,
            _same_shape(shapes, near),
            _page_and_place(prose, link, sentence, sheet, html),
            _overlaps(sheet, codes, sizes, prose),
            _main_container(paths, prose * (1 - link)),
            _rule_features(verdicts, lines, prose, tags[:, _H1] > 0),
        ),
        axis=1,
        dtype=np.float32,
    )
    gram_lines, grams = _grams(codes, sizes)
    return Features(dense, gram_lines, grams, paths.of_block if html else shapes, shapes, verdicts)


def _numbered(keys: list[str]) -> Ints:
    """Equal keys as equal numbers, counted from 0 in the order of the page."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys])


def _neighbours(seen: Floats) -> Floats:
    """Average of the lines up to four above and below, without the line itself."""
    n = len(seen)
    sums: Floats = np.concatenate((np.zeros((1, seen.shape[1])), np.cumsum(seen, axis=0)))
    first, last = np.maximum(np.arange(n) - _WINDOW, 0), np.minimum(np.arange(n) + _WINDOW + 1, n)
    return np.asarray((sums[last] - sums[first] - seen) / np.maximum(last - first - 1, 1)[:, None], np.float32)


def _same_shape(shapes: Ints, near: Floats) -> Floats:
    """How often the line comes back on the page, whether it is the first, and what stands beside all of them."""
    counts = np.bincount(shapes)
    sums = np.column_stack([np.bincount(shapes, weights=column) for column in near.T]) / counts[:, None]
    first = np.zeros(len(shapes))
    first[np.unique(shapes, return_index=True)[1]] = 1
    return np.column_stack((np.log1p(counts)[shapes], first, sums[shapes])).astype(np.float32)


def _page_and_place(prose: Floats, link: Floats, sentence: Bools, sheet: Sheet, html: bool) -> Floats:
    n = len(prose)
    i = np.arange(n)
    page = (np.log1p(n), html, link.mean(), prose.mean() / 5, sheet.head.title is not None)
    before, total = np.cumsum(prose) - prose, max(prose.sum(), 1e-3)
    said: Ints = np.cumsum(sentence) - sentence
    place = (i / n, np.log1p(i), np.log1p(n - 1 - i), before / total, (total - before - prose) / total)
    return np.column_stack((np.tile(page, (n, 1)), *place, np.log1p(said), sentence & (said == 0))).astype(np.float32)


def _overlaps(sheet: Sheet, codes: CodePoints, sizes: Ints, prose: Floats) -> Floats:
    """Share of the character pairs of each line that the head of the page, or the paragraphs of others, hold."""
    n = len(sizes)
    line = np.repeat(np.arange(n), sizes)
    inner = line[:-1] == line[1:]
    pairs, line = _pairs(codes, _PAIR_BUCKETS)[inner], line[:-1][inner]
    head = sheet.head
    of_paragraph = (prose >= 2)[line]
    in_paragraphs = np.sort(pairs[of_paragraph])
    # Who holds a pair, as bits. In bytes: a table of whole numbers costs more to allocate than all else here.
    held = np.zeros(_PAIR_BUCKETS, np.uint8)
    for bit, text in enumerate((head.title, head.headline, head.description)):
        if text:
            held[_pairs(code_points([text]), _PAIR_BUCKETS)] |= 1 << bit
    held[in_paragraphs] |= 8
    held[in_paragraphs[1:][in_paragraphs[1:] == in_paragraphs[:-1]]] |= 16
    holders = held.take(pairs)
    # A paragraph's own pair needs a second.
    holders = np.where(of_paragraph, holders >> 1 & 8, holders & 8) | holders & 7
    counts = np.bincount(line * 16 + holders, minlength=n * 16).reshape(n, 16)
    shares = counts @ _HOLDERS / np.maximum(counts.sum(axis=1), 1)[:, None]
    keys = head_keys(head)
    named = np.array([keys.get(line.key, 0.0) for line in sheet.lines])
    opening = text_key(head.description or "")[:20]
    opens = np.zeros(n)
    if len(opening) >= 12:
        opens[:] = [at.prose >= 1 and text_key(at.text[:60]).startswith(opening) for at in sheet.lines]
    return np.column_stack((shares[:, :3], named / 4, opens, shares[:, 3])).astype(np.float32)


def _pairs(codes: CodePoints, buckets: int) -> Ints:
    """Hash of each character with the next; the buckets are a power of two."""
    return (codes[:-1].astype(np.int64) * 31337 + codes[1:]) & (buckets - 1)


def _main_container(paths: Paths, weight: Floats) -> Floats:
    """Whether a block stands in the element that holds most of the text, and how far from its two ends."""
    n = len(weight)
    parents = [path.rpartition("/")[0] for path in paths.names]
    numbers = _numbered(parents)
    mass = np.bincount(numbers.take(paths.of_block), weights=weight)
    main = int(mass.argmax())
    key = parents[int(np.argmax(numbers == main))]
    if not key:
        return np.zeros((n, 4), np.float32)
    # Paths are cut to their last elements, so the end of the container's path is looked for inside the block's.
    mark = "/".join(key.rsplit("/", 2)[-2:]) + "/"
    inside = np.array([mark in path for path in paths.names]).take(paths.of_block)
    order = np.cumsum(inside) - 1
    last = order[-1] - order
    share = np.full(n, mass[main] / max(weight.sum(), 1))
    ends = (inside * np.exp(-order / 2), inside * np.exp(-last / 2))
    return np.column_stack((inside, *ends, share)).astype(np.float32)


def _rule_features(verdicts: list[Verdict], lines: Floats, prose: Floats, h1: Bools) -> Floats:
    """How far landmarks are, above and below, and what the rules say of each block."""
    n = len(verdicts)
    roles = np.array([_ROLE_NUMBER[role] for role, _ in verdicts])
    verdict = np.zeros((n, len(ROLES)))
    verdict[np.arange(n), roles] = [score for _, score in verdicts]
    title = roles == _ROLE_NUMBER["title"]
    masks = [lines[:, _FLAG[f"line:{name}"]] > 0 for name in ("heading", "comments", "ends_article", "publication")]
    masks += [prose >= 2, lines[:, _FLAG["line:notice"]] > 0, h1, title, _IS_RUN.take(roles)]
    mask = np.column_stack(masks)
    paragraph = prose >= 1
    count = np.cumsum(paragraph)
    at_title = np.maximum.accumulate(np.where(title, count, 0))
    nth = paragraph * title.cumsum().astype(bool) * np.exp(-(count - at_title - 1) / 1.5)
    return np.column_stack((_fading(mask), _fading(mask[::-1])[::-1], verdict, nth)).astype(np.float32)


def _fading(mask: Bools) -> Floats:
    """exp(-distance / scale) from the last True at or above each line, 0 where there was none."""
    n = len(mask)
    i = np.arange(n)[:, None]
    distance = i - np.maximum.accumulate(np.where(mask, i, -_FAR), axis=0)
    faded: Floats = _FADING.take(np.minimum(distance, _FAR), axis=0)
    return faded.reshape(n, -1)


def _grams(codes: CodePoints, sizes: Ints) -> tuple[Ints, Ints]:
    """Block and bucket of the characters and pairs at both ends of each line."""
    line = np.repeat(np.arange(len(sizes)), sizes)
    end = np.cumsum(sizes)
    i = np.arange(len(codes))
    from_start, to_end = i - np.repeat(end - sizes, sizes), np.repeat(end, sizes) - 1 - i
    kept = (from_start < _OPENING) | (to_end < _ENDING)
    paired = (kept & (to_end > 0))[:-1]
    single = codes[kept].astype(np.int64) * 2654435761 % GRAM_BUCKETS
    double = _pairs(codes, 1 << 32)[paired] * 40503 % GRAM_BUCKETS
    at = np.concatenate((line[kept], line[:-1][paired]))
    order = np.argsort(at, kind="stable")
    return at[order], np.concatenate((single, double))[order]
