"""
What a page asks of machines: robots directives, and the reservation of text and data mining.

Both come from the page alone, its meta elements or the headers it was sent with: `robots` and `X-Robots-Tag`;
`tdm-reservation` and `tdm-policy` (TDMRep, W3C Community Group 2024). Files of the site (robots.txt, tdmrep.json) are
not read, so a page that states nothing may still be reserved.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from builder.records import Rights

#: Directives that carry a value after a colon; any other name there is that of one robot, whose wishes are its own.
_VALUED = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")
_NAMED = re.compile(r"\s*([\w*-]+)\s*:")
#: What does not begin like a directive is the rest of a date: `unavailable_after: Friday, 01-Nov-24 15:00:00 GMT`.
_DIRECTIVE = re.compile(r"[a-z]")

#: Directives kept of a page, and the length of one: none that is known comes near.
_MOST, _LONGEST = 32, 80

_RESERVATION, _POLICY = "tdm-reservation", "tdm-policy"


def rights_of_headers(headers: Sequence[tuple[str, str]]) -> Rights:
    """Read the headers of an HTTP response, in order, a name as often as it was sent."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.strip().lower(), []).append(value)
    return _read(found, "x-robots-tag")


def rights_of_metas(metas: Mapping[str, Sequence[str]]) -> Rights:
    """Read the meta elements of a page: the contents of each by its name."""
    return _read(metas, "robots")


def _read(found: Mapping[str, Sequence[str]], robots: str) -> Rights:
    reservation, policy = (next(iter(found.get(name, ())), "").strip() for name in (_RESERVATION, _POLICY))
    reserved = {"1": True, "0": False}.get(reservation)
    return Rights(tuple(directives(found.get(robots, ()))), reserved, policy or None)


def stricter(one: Rights, other: Rights) -> Rights:
    """Put two statements together: every directive of either, and reserved when one of the two says so."""
    robots = tuple(dict.fromkeys((*one.robots, *other.robots)))
    stated = {one.tdm_reservation, other.tdm_reservation} - {None}
    return Rights(robots, any(stated) if stated else None, one.tdm_policy or other.tdm_policy)


def directives(values: Iterable[str]) -> Iterator[str]:
    """
    Yield the directives for all robots, in lower case, each once, in order.

    >>> list(directives(["NoIndex, noai", "googlebot: nofollow", "noindex"]))
    ['noindex', 'noai']
    >>> list(directives(["unavailable_after: Friday, 01-Nov-24 15:00:00 GMT, max-snippet: 50"]))
    ['unavailable_after: friday, 01-nov-24 15:00:00 gmt', 'max-snippet: 50']
    """
    found: list[str] = []
    for value in values:
        if (name := _NAMED.match(value)) and name[1].lower() not in _VALUED:
            continue
        parts: list[str] = []
        for part in (" ".join(part.split()) for part in re.split(r"[,，;；|]", value.lower())):
            if parts and part and not _DIRECTIVE.match(part):
                parts[-1] += f", {part}"
            elif part:
                parts.append(part)
        found += parts
    kept = [directive for directive in dict.fromkeys(found) if len(directive) <= _LONGEST]
    yield from kept[:_MOST]
