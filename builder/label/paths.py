"""
What a tag path says by itself, as numbers: the names of its elements, and which containers it leads through.

Sites repeat their paths on all pages, so what was read of one is kept.
"""

import re
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain

import numpy as np
import numpy.typing as npt

from builder.label.elements import heading_level
from builder.label.known import Known
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

#: Containers are looked at on so many levels, from the parent outwards, and by name. A container is known by its
#: element and the one above it, since paths keep their last eight elements only.
_LEVELS = 6
PLACES = (*(f"level {level}" for level in range(1, _LEVELS + 1)), *(f"box {name}" for name in _BOXES), "box list")

PATH_FEATURES = (
    *(f"dom:named {name}" for name in _NAMES),
    *(f"dom:named near {name}" for name in _NAMES),
    *(f"dom:is {tag}" for tag in _INNERMOST),
    *(f"dom:in {tag}" for tag in _AROUND),
    *("dom:heading level", "dom:h1", "dom:depth"),
)

#: Bits of the number of a container; above them stands which of the boxes it is.
_CONTAINER_BITS = 56
_ROW = np.dtype([("features", np.float32, len(PATH_FEATURES)), ("containers", np.int64, len(PLACES))])
#: A row takes 0.5 KB. Longer paths are rare.
_KNOWN_PATHS, _KNOWN_CHARS = 1 << 13, 400


@dataclass(frozen=True, slots=True)
class Paths:
    """
    The different tag paths of a page; a page has half as many as blocks.

    Attributes:
        names: the paths themselves.
        of_block: which path each block has, numbered in the order of the page.
        features: shape (paths, len(PATH_FEATURES)).
        containers: the containers of each path, one a place: from the innermost element outwards, then by name; shape
            (paths, len(PLACES)). Equal numbers are the same container; 0 where there is none.
    """

    names: list[str]
    of_block: Ints
    features: Floats
    containers: Ints


def read_paths(blocks: list[Block]) -> Paths:
    """Look at every path once."""
    paths: dict[str, int] = {}
    of_block = np.array([paths.setdefault(block.tag, len(paths)) for block in blocks])
    rows = _known.rows(list(paths))
    return Paths(list(paths), of_block, rows["features"], rows["containers"])


def _rows_of(paths: list[str]) -> npt.NDArray[np.void]:
    """Features and containers of each path."""
    numbers = {"": 0}
    split = [[numbers.setdefault(element, len(numbers)) for element in path.split("/")] for path in paths]
    counts = np.array([len(row) for row in split])
    longest = max(_LEVELS, int(counts.max())) + 1
    # The innermost last; 0 where a path has none, as it does in the first column.
    elements = np.zeros((len(split), longest), np.int64)
    elements[np.arange(longest) >= longest - counts[:, None]] = list(chain.from_iterable(split))
    tags_of, named_of = _read_elements(list(numbers))
    tags, named = tags_of.take(elements), named_of.take(elements, axis=0)
    named, boxes = named[:, :, : len(_NAMES)], named[:, :, len(_NAMES) :]
    levels = np.array([heading_level(path) for path in paths])
    depths = np.where(elements[:, -1] > 0, counts, 0)
    rows = np.empty(len(paths), _ROW)
    rows["features"] = np.concatenate(
        (
            named.any(axis=1),
            named[:, -3:].any(axis=1),
            tags[:, -1:] == _INNERMOST_NUMBERS,
            (tags[:, :, None] == _AROUND_NUMBERS).any(axis=1),
            np.column_stack((levels / 6, levels == 1, depths / 8)),
        ),
        axis=1,
    )
    boxes = np.concatenate((boxes, _IS_LIST[tags][:, :, None]), axis=2)
    rows["containers"] = _containers(list(numbers), elements, boxes)
    return rows


_known = Known(_rows_of, _ROW, _KNOWN_PATHS, _KNOWN_CHARS)


def _read_elements(elements: list[str]) -> tuple[Ints, Bools]:
    """
    Tag and names of each element, `div#id.class.class`.

    Returns:
        The number of the tag among _TAGS, 0 for others, and what id and classes say, shape (elements, _PATTERNS).
    """
    parts = [_NAME.split(element.lower(), maxsplit=1) for element in elements]
    names = ["".join(name) + "\n" for _, *name in parts]
    at, found = _TRIE.find(code_points(names))
    hit, pattern = np.nonzero(_SAYS[found])
    named = np.zeros((len(elements), len(_PATTERNS)), np.bool_)
    named[np.repeat(np.arange(len(names)), list(map(len, names)))[at[hit]], pattern] = True
    return np.array([_TAGS.get(tag, 0) for tag, *_ in parts]), named


def _containers(names: list[str], elements: Ints, boxes: Bools) -> Ints:
    """
    The containers of each path, shape (paths, len(PLACES)).

    A container is known by its element and the one above it, as one number, so that it has the same on every path.

    Args:
        elements: the number of each element of each path among `names`, shape (paths, length).
        boxes: which boxes each is, shape (paths, length, boxes).
    """
    pairs, which = np.unique(elements[:, :-1] * len(names) + elements[:, 1:], return_inverse=True)
    above, inside = np.divmod(pairs, len(names))
    containers = np.array([_number(names[a], names[b]) for a, b in zip(above.tolist(), inside.tolist(), strict=True)])
    of_element = containers[which].reshape(len(elements), -1)
    boxes = boxes[:, 1:]
    last = boxes.shape[1] - 1 - boxes[:, ::-1].argmax(axis=1)
    kinds = np.arange(1, boxes.shape[2] + 1) << _CONTAINER_BITS
    by_name = np.where(boxes.any(axis=1), np.take_along_axis(of_element, last, axis=1) + kinds, 0)
    return np.concatenate((of_element[:, : -_LEVELS - 1 : -1], by_name), axis=1)


def _number(above: str, element: str) -> int:
    """Return a number that no other container of the page has, as good as surely; 0 where there is no element."""
    if not element:
        return 0
    digest = blake2b(f"{above}/{element}".encode("utf-8", "surrogatepass"), digest_size=_CONTAINER_BITS // 8)
    return int.from_bytes(digest.digest())
