"""
What the elements around a line say, as numbers: their names, and what else stands in the same container.

A text dump has no elements: all of these are 0 there, and `page:html` says so.
"""

import re
from functools import lru_cache

import numpy as np

from builder.label.headline import heading_level
from builder.label.line_features import Floats
from builder.records import Block

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
_NAMED = tuple(re.compile(names) for names in _NAMES.values())

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
_BOX_NAMED = tuple(re.compile(names) for names in _BOXES.values())
_LISTS = frozenset(("ul", "ol", "dl", "table", "select"))
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


@lru_cache(maxsize=1 << 14)
def _path_row(path: str) -> bytes:
    elements = path.lower().split("/")
    tags = [_NAME.split(element, maxsplit=1)[0] for element in elements]
    names = [element[len(tag) :] for element, tag in zip(elements, tags, strict=True)]
    everywhere, near = "/".join(names), "/".join(names[-3:])
    level = heading_level(path)
    row = (
        *(named.search(everywhere) is not None for named in _NAMED),
        *(named.search(near) is not None for named in _NAMED),
        *(tags[-1] == tag for tag in _INNERMOST),
        *(tag in tags for tag in _AROUND),
        *(level / 6, level == 1, len(elements) / 8 if path else 0.0),
    )
    return np.array(row, np.float32).tobytes()


def tag_features(blocks: list[Block]) -> Floats:
    """Names of the elements around each block, links and pictures; shape (blocks, len(TAG_FEATURES))."""
    n = len(blocks)
    paths = np.frombuffer(b"".join([_path_row(block.tag) for block in blocks]), np.float32).reshape(n, -1)
    link = np.array([block.link_chars / len(block.text) for block in blocks], np.float32)
    hidden = np.array([block.hidden for block in blocks], np.float32)
    media = np.minimum([block.media for block in blocks], 4).astype(np.float32)
    below = np.append(media[1:], 0) > 0
    rest = np.column_stack((link, link > 0.8, hidden, media / 4, media > 0, below))
    return np.concatenate((paths, rest), axis=1, dtype=np.float32)


@lru_cache(maxsize=1 << 14)
def _containers(path: str) -> tuple[str, ...]:
    """The containers of a block, one a place: from the parent outwards, then by name; empty where there is none."""
    elements = path.split("/")
    padded = ["", *[""] * _LEVELS, *elements]
    found = [f"{padded[-i - 1]}/{padded[-i]}" if padded[-i] else "" for i in range(1, _LEVELS + 1)]
    parts = [_NAME.split(element, maxsplit=1) for element in path.lower().split("/")]
    named = [[i for i, (_, *name) in enumerate(parts) if name and box.search(name[0])] for box in _BOX_NAMED]
    for kind, at in enumerate((*named, [i for i, part in enumerate(parts) if part[0] in _LISTS])):
        found.append(f"{kind} {elements[at[-1] - 1] if at[-1] else ''}/{elements[at[-1]]}" if at else "")
    return tuple(found)


def container_features(blocks: list[Block], seen: Floats) -> Floats:
    """
    How many lines stand in each container around a block, and what they are like on average.

    Args:
        seen: what to average, shape (blocks, 7): size, link, prose, headline, nav, ago, sentence.

    Returns:
        Shape (blocks, len(CONTAINER_FEATURES)): for each place the logarithm of the number of lines, the averages,
        and the share of all paragraphs of the page; 0 where there is no such container.
    """
    n, width = seen.shape
    numbers: dict[str, int] = {"": 0}
    places = np.array([[numbers.setdefault(c, len(numbers)) for c in _containers(block.tag)] for block in blocks])
    flat, k = places.ravel(), len(numbers)
    counts = np.bincount(flat, minlength=k)
    sums = [np.bincount(flat, weights=np.repeat(seen[:, j], len(_PLACES)), minlength=k) for j in range(width)]
    mass = sums[_SEEN_PROSE] / max(float(seen[:, _SEEN_PROSE].sum()), 1e-3)
    table = np.column_stack((np.log1p(counts), *(s / np.maximum(counts, 1) for s in sums), mass)).astype(np.float32)
    table[0] = 0
    return np.asarray(table[places].reshape(n, -1))
