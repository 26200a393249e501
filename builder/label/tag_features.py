"""
What the elements around a line say, as numbers: their names, and what else stands in the same container.

A text dump has no elements: all of these are 0 there, and `page:html` says so.
"""

import re
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from builder.label.elements import heading_level
from builder.label.line_features import Floats, Ints
from builder.label.trie import Trie, code_points
from builder.records import Block

Bools = npt.NDArray[np.bool_]

# Parts of the ids and classes that sites give their elements, by what stands in them.
_NAMES = {
    "article": "artic|content|detail|main-text|endtext|zhengwen|post_text|txt|story|body-text|entry",
    "title": "tit",
    "info": "info|meta|source|time|date|author|pub|byline|from",
    "nav": "nav|menu|crumb|channel|topbar|header|head",
    "share": "share|weixin|weibo|wechat|qrcode|bshare|jiathis",
    "foot": "foot|copyright|bottom|bot",
    "related": "relat|recommend|rank|rec-|hot|guess|like|tuijian|xiangguan|xgyd|about",
    "list": "list|news|item|feed|more|col|slide|scroll|gallery|thumb",
    "comment": "comment|reply|pinglun|cmt|user|avatar|discuss",
    "side": "side|aside|right|rail|widget",
    "advert": "ad-|ads|adv|banner|gg|sponsor|promo",
    "tool": "tool|btn|button|icon|login|search|form|input|pop|dialog|tip|fixed|float",
    "tag": "tag|keyword|label",
    "editor": "edit|bianji|zebian|duty|zrbj|statement|disclaim|notice|declare",
    "image": "img|pic|photo|figure|caption|video|player|image|desc|tu",
    "summary": "summary|abstract|digest|brief|lead|intro|zhaiyao|description",
    "frame": "left|main|center|wrap|body|page|container",
    "deck": "sub|deck|kicker",
}
_NAME = re.compile(r"[#.]")

# fmt: off
_INNERMOST = (
    "p", "a", "li", "span", "div", "td", "h1", "h2", "h3", "h4", "strong", "b", "em", "i", "label", "button", "dt",
    "dd", "font", "figcaption", "option", "section", "center", "th",
)
_AROUND = (
    "ul", "li", "ol", "table", "header", "footer", "nav", "aside", "article", "main", "form", "section", "figure", "dl",
    "blockquote", "a", "strong", "b", "h1", "h2", "h3", "h4", "font", "p",
)
# fmt: on

# What an id or class says of everything inside; the innermost element so named counts.
_BOXES = {
    "comment": "comment|reply|pinglun|cmt|tie-|discuss|liuyan",
    "related": "relat|recommend|rank|hot|guess|tuijian|xiangguan|interest|popular|more|list|rec",
    "nav": "nav|menu|crumb|channel|head|top",
    "foot": "foot|copyright|bottom",
    "share": "share|weixin|qrcode|bshare|jiathis|tool",
    "article": "artic|content|detail|endtext|zhengwen|post|txt|text|story|main",
    "side": "side|right|rail|widget",
}
_LISTS = ("ul", "ol", "dl", "table", "select")

_PATTERNS = (*_NAMES.values(), *_BOXES.values())
_WORDS = sorted({name for names in _PATTERNS for name in names.split("|")})
_TRIE = Trie(_WORDS)
_SAYS = np.array([[word in names.split("|") for names in _PATTERNS] for word in _WORDS])

_TAGS = {tag: i for i, tag in enumerate(dict.fromkeys((*_INNERMOST, *_AROUND, *_LISTS)), start=1)}
_INNERMOST_NUMBERS, _AROUND_NUMBERS = (np.array([_TAGS[tag] for tag in tags]) for tags in (_INNERMOST, _AROUND))
_IS_LIST = np.array([False, *(tag in _LISTS for tag in _TAGS)])

#: Tag and names of the elements of earlier pages: a byte for the number of the tag, then one for each of _PATTERNS.
_KNOWN: dict[str, bytes] = {}
_MAX_KNOWN = 1 << 15

#: Containers are looked at on so many levels, from the parent outwards, and by name. A container is known by its
#: element and the one above it, since paths keep their last eight elements only.
_LEVELS = 6
_PLACES = (*(f"level {level}" for level in range(1, _LEVELS + 1)), *(f"box {name}" for name in _BOXES), "box list")
_IN_CONTAINER = ("count", "size", "link", "prose", "headline", "nav", "ago", "sentence", "mass")
_SEEN_PROSE = 2

TAG_FEATURES = (
    *(f"dom:named {name}" for name in _NAMES),
    *(f"dom:named near {name}" for name in _NAMES),
    *(f"dom:is {tag}" for tag in _INNERMOST),
    *(f"dom:in {tag}" for tag in _AROUND),
    *("dom:heading level", "dom:h1", "dom:depth", "dom:link", "dom:linked", "dom:hidden"),
    *("dom:media", "dom:any media", "dom:media below"),
)
CONTAINER_FEATURES = tuple(f"dom:{place} {name}" for place in _PLACES for name in _IN_CONTAINER)


@dataclass(frozen=True, slots=True)
class Paths:
    """
    The different tag paths of a page; a page has a fifth as many as blocks.

    Attributes:
        names: the paths themselves.
        of_block: which path each block has, numbered in the order of the page.
        elements: number of each element of each path, shape (paths, length), the innermost last; 0 where a path has
            none, as it does in the first column.
        named: what the id and classes of each element say, shape (elements, _NAMES and _BOXES).
        tags: each element's tag, its number among _TAGS; 0 for others.
        levels: level of the heading element of each path.
        lengths: elements of each path.
    """

    names: list[str]
    of_block: Ints
    elements: Ints
    named: Bools
    tags: Ints
    levels: Ints
    lengths: Ints


def read_paths(blocks: list[Block]) -> Paths:
    """Look at every path and every element once."""
    paths: dict[str, int] = {}
    of_block = np.array([paths.setdefault(block.tag, len(paths)) for block in blocks])
    numbers = {"": 0}
    rows = [[numbers.setdefault(element, len(numbers)) for element in path.split("/")] for path in paths]
    counts = np.array([len(row) for row in rows])
    longest = max(_LEVELS, int(counts.max())) + 1
    elements = np.zeros((len(rows), longest), np.int64)
    elements[np.arange(longest) >= longest - counts[:, None]] = list(chain.from_iterable(rows))
    tags, named = _read_elements(list(numbers))
    levels = np.array([heading_level(path) for path in paths])
    return Paths(list(paths), of_block, elements, named, tags, levels, np.where(elements[:, -1] > 0, counts, 0))


def _read_elements(elements: list[str]) -> tuple[Ints, Bools]:
    """Tag and names of each element, `div#id.class.class`. Two of three are known from the pages before."""
    unknown = [element for element in elements if element not in _KNOWN]
    if unknown and len(_KNOWN) > _MAX_KNOWN:
        _KNOWN.clear()
        unknown = elements
    if unknown:
        parts = [_NAME.split(element.lower(), maxsplit=1) for element in unknown]
        names = ["".join(name) + "\n" for _, *name in parts]
        at, found = _TRIE.find(code_points(names))
        hit, pattern = np.nonzero(_SAYS[found])
        known = np.zeros((len(unknown), 1 + len(_PATTERNS)), np.uint8)
        known[:, 0] = [_TAGS.get(tag, 0) for tag, *_ in parts]
        known[np.repeat(np.arange(len(names)), list(map(len, names)))[at[hit]], 1 + pattern] = 1
        _KNOWN.update(zip(unknown, map(bytes, known), strict=True))
    read = np.frombuffer(b"".join([_KNOWN[element] for element in elements]), np.uint8).reshape(len(elements), -1)
    return read[:, 0].astype(np.int64), read[:, 1:].astype(np.bool_)


def tag_features(blocks: list[Block], paths: Paths, link: Floats) -> Floats:
    """
    Names of the elements around each block, links and pictures; shape (blocks, len(TAG_FEATURES)).

    Args:
        link: share of each block inside links.
    """
    named = paths.named[:, : len(_NAMES)].take(paths.elements, axis=0)
    tags = paths.tags.take(paths.elements)
    around = (tags[:, :, None] == _AROUND_NUMBERS).any(axis=1)
    levels = np.column_stack((paths.levels / 6, paths.levels == 1, paths.lengths / 8))
    parts = (named.any(axis=1), named[:, -3:].any(axis=1), tags[:, -1:] == _INNERMOST_NUMBERS, around, levels)
    hidden = np.array([block.hidden for block in blocks], np.float32)
    media = np.minimum([block.media for block in blocks], 4).astype(np.float32)
    below = np.append(media[1:], 0) > 0
    link32 = link.astype(np.float32)
    rest = np.column_stack((link32, link32 > 0.8, hidden, media / 4, media > 0, below))
    of_path = np.concatenate(parts, axis=1, dtype=np.float32)
    return np.concatenate((of_path.take(paths.of_block, axis=0), rest), axis=1, dtype=np.float32)


def _containers(paths: Paths) -> Ints:
    """
    The containers of each path, one a place: from the innermost element outwards, then by name; shape (paths, places).

    A container is known by its element and the one above it, as one number; 0 where there is none.
    """
    above, elements, n = paths.elements[:, :-1], paths.elements[:, 1:], len(paths.tags)
    pairs = np.where(elements > 0, above * n + elements, 0)
    boxes = np.column_stack((paths.named[:, len(_NAMES) :], _IS_LIST[paths.tags])).take(elements, axis=0)
    last = elements.shape[1] - 1 - boxes[:, ::-1].argmax(axis=1)
    kinds = np.arange(1, boxes.shape[2] + 1) * n * n
    by_name = np.where(boxes.any(axis=1), np.take_along_axis(pairs, last, axis=1) + kinds, 0)
    return np.column_stack((pairs[:, : -_LEVELS - 1 : -1], by_name))


def container_features(paths: Paths, seen: Floats) -> Floats:
    """
    How many lines stand in each container around a block, and what they are like on average.

    Args:
        seen: what to average, shape (blocks, 7): size, link, prose, headline, nav, ago, sentence.

    Returns:
        Shape (blocks, len(CONTAINER_FEATURES)): for each place the logarithm of the number of lines, the averages,
        and the share of all paragraphs of the page; 0 where there is no such container.
    """
    containers = _containers(paths)
    flat = containers.ravel()
    order = np.argsort(flat, kind="stable")
    opens = np.diff(flat[order], prepend=-1) > 0
    numbers = np.empty(len(flat), np.int64)
    numbers[order] = np.cumsum(opens) - 1
    # Blocks are added up by path first, for a page has twice as many.
    by_path = np.column_stack([np.bincount(paths.of_block, weights=column) for column in (np.ones(len(seen)), *seen.T)])
    sums = np.add.reduceat(by_path.take(order // len(_PLACES), axis=0), np.flatnonzero(opens), axis=0)
    counts = sums[:, 0]
    mass = sums[:, 1 + _SEEN_PROSE] / max(float(seen[:, _SEEN_PROSE].sum()), 1e-3)
    table = np.column_stack((np.log1p(counts), sums[:, 1:] / counts[:, None], mass)).astype(np.float32)
    if not flat[order[0]]:  # no container
        table[0] = 0
    return table.take(numbers, axis=0).reshape(len(containers), -1).take(paths.of_block, axis=0)
