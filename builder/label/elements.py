"""
What the names of the elements around a block say of it, to the rules.
"""

import re
from functools import lru_cache

# Elements that only change how their text looks.
_OF_LOOKS = frozenset({"span", "strong", "b", "em", "i", "u", "font", "a", "big", "small"})
_LEVELS = frozenset("123456789")  # pages have an h7 too
_DECK_ELEMENT = re.compile(
    r"sub_?-?ti?tle|subhead|kicker|deck|[.#_-]dek\b|standfirst|futi|fubiao|yinti|yinbiao|jianti|zhuanti|pre_?title|shoulder|column|col-?name|lanmu|series|serial"
    r"|[.#](?:yt|ft|jt|bt2)$"
)
_CAPTION_ELEMENT = re.compile(
    r"figcaption|caption|(?:pic|img|image|photo|figure|video|vid|tu)[_-]?(?:desc|info|te?xt|tit|note|intro|shuoming)|[.]tu$"
    r"|(?:photo|pic|img)[_-]?list(?:/li[^/]*)?/(?:p|h\d|div|span)[^/]*$"
)


@lru_cache(maxsize=4096)
def heading_level(tag: str) -> int:
    """
    Level of the heading element among the last three of a tag path, 0 when there is none.

    >>> heading_level("body/div#main/h1.title/span")
    1
    """
    for element in reversed(tag.rsplit("/", 3)[-3:]):
        if element[:1] == "h" and element[1:2] in _LEVELS and element[2:3] in ("", "#", "."):
            return int(element[1])
    return 0


@lru_cache(maxsize=4096)
def in_deck_element(tag: str) -> bool:
    """Stands in an element that is named for kickers, decks or columns."""
    return _DECK_ELEMENT.search(without_looks(tag).lower().rpartition("/")[2]) is not None


@lru_cache(maxsize=4096)
def without_looks(tag: str) -> str:
    """
    Return the path up to the last element that does more than change the looks of its text.

    >>> without_looks("body/div#text/p.title/span/strong")
    'body/div#text/p.title'
    """
    around, _, own = tag.rpartition("/")
    while around and own.split(".", 1)[0].split("#", 1)[0] in _OF_LOOKS:
        tag = around
        around, _, own = tag.rpartition("/")
    return tag


@lru_cache(maxsize=4096)  # paragraphs share their path, which takes 2 µs to search
def in_caption_element(tag: str) -> bool:
    """Stands in an element that is named for captions."""
    return _CAPTION_ELEMENT.search(tag) is not None


def last_elements(tag: str) -> str:
    """
    Return the two innermost elements of a path, in lower case.

    >>> last_elements("body/div#Main/p.Summary")
    'div#main/p.summary'
    """
    return "/".join(tag.lower().rsplit("/", 2)[-2:])
