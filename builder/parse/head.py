"""What an HTML page says of itself outside its visible text: meta elements, JSON-LD, links."""

import json
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from builder.parse.normalize import normalize_line
from builder.records import Head
from builder.rights import rights_of_metas

# Names of meta elements (name, property or itemprop; lower case, without white space), the most trustworthy first. The
# plain ones are what Chinese portals use beside or instead of Open Graph.
_HEADLINE = ("og:title", "twitter:title", "article_title", "articletitle", "headline")
_SITE_NAME = ("og:site_name", "application-name", "sitename")
_DESCRIPTION = ("description", "og:description", "twitter:description")
_AUTHOR = ("author", "article:author", "og:article:author", "byline", "dc.creator")
_SOURCE = ("source", "contentsource", "mediaid", "copyright-source", "og:article:source", "bytedance:source")
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "bytedance:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "publication_date",
    "weibo:article:create_at",
    "og:release_date",
    "og:published_time",
    "og:time",
    "apub:time",
    "date.available",
    "dc.date.issued",
    "dcterms.created",
    "datecreated",
    "dc.date",
    "date",
)
_SECTION = ("article:section", "og:article:section", "articlesection", "section", "columnname", "channel")
_URL = ("og:url", "twitter:url")

# What JSON-LD calls the same, schema.org's name first, then that of Baidu's cambrian vocabulary.
_LD_HEADLINE = ("headline", "title", "name")
_LD_PUBLISHED = ("datePublished", "pubDate", "dateCreated", "uploadDate")

# Broken JSON still gives its plain strings: one key, one quoted value.
_LD_STRING = re.compile(
    r'"(@type|headline|title|datePublished|pubDate|articleSection)"\s*:\s*("(?:[^"\\]|\\.)*")', re.S
)


def read_head(tree: LexborHTMLParser) -> Head:
    """
    Return what the page states; a field that it does not state, or leaves blank, is None.

    Values are normalised as lines and not interpreted: dates stay as written, titles keep the site's suffix. An
    attribute cut at an unescaped quote (`content="集团"暗伤"曝露"`) stays cut: the visible headline is compared later.
    The whole document is searched, since broken mark-up moves meta elements into the body.
    """
    metas = _metas(tree)
    ld = _linked_data(tree)
    rels = _rels(tree)

    def meta(names: tuple[str, ...]) -> str | None:
        return next((metas[name][0] for name in names if name in metas), None)

    return Head(
        title=_title(tree),
        headline=meta(_HEADLINE) or _ld_text(ld, _LD_HEADLINE),
        site_name=meta(_SITE_NAME) or _ld_text(ld.get("publisher"), ("name",)),
        description=meta(_DESCRIPTION) or _ld_text(ld, ("description",)),
        author=meta(_AUTHOR) or _ld_text(ld, ("author", "creator")),
        source=meta(_SOURCE) or _ld_text(ld, ("sourceOrganization", "provider")),
        published=meta(_PUBLISHED) or _ld_text(ld, _LD_PUBLISHED),
        section=meta(_SECTION) or _ld_text(ld, ("articleSection",)),
        url=rels.get("canonical") or meta(_URL),
        next_url=rels.get("next"),
        rights=rights_of_metas(metas),
    )


def _title(tree: LexborHTMLParser) -> str | None:
    """Return the first title that is not that of a drawing."""
    for node in tree.tags("title"):
        if (line := normalize_line(node.text())) and not (node.parent and node.parent.tag in ("svg", "g", "symbol")):
            return line
    return None


def _metas(tree: LexborHTMLParser) -> dict[str, list[str]]:
    """Return the contents of each named meta element that are not blank, in order."""
    metas: dict[str, list[str]] = {}
    for node in tree.tags("meta"):
        attributes = node.attributes
        content = attributes.get("content")
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if content and name and (line := normalize_line(content)):
            metas.setdefault("".join(name.lower().split()), []).append(line)
    return metas


def _rels(tree: LexborHTMLParser) -> dict[str, str]:
    """Return the first address of each link relation."""
    rels: dict[str, str] = {}
    for node in tree.tags("link"):
        attributes = node.attributes
        address = normalize_line(attributes.get("href") or "")
        if address:
            for rel in (attributes.get("rel") or "").lower().split():
                rels.setdefault(rel, address)
    return rels


def _linked_data(tree: LexborHTMLParser) -> dict[str, object]:
    """Return the JSON-LD object that describes the article, the first of the outermost; empty when there is none."""
    best: dict[str, object] = {}
    for node in tree.tags("script"):
        if "ld+json" not in (node.attributes.get("type") or ""):
            continue
        for item in _ld_objects(node.text()):
            kind = str(item.get("@type", ""))
            if "Article" in kind or "Posting" in kind:
                return item
            if not best and ("headline" in item or "datePublished" in item or "pubDate" in item):
                best = item
    return best


def _ld_objects(source: str) -> Iterator[dict[str, object]]:
    """Yield the objects of one JSON-LD script level by level; of broken JSON, one object with what can be read."""
    source = source.strip()
    for opening in ("//", "<![CDATA[", "<!--"):
        source = source.removeprefix(opening).lstrip()
    for closing in ("-->", "]]>", "//", ";"):
        source = source.removesuffix(closing).rstrip()
    try:
        level = [json.loads(source, strict=False)]
    except (ValueError, RecursionError):
        pairs = reversed(_LD_STRING.findall(source))  # the first of a key is the outermost as a rule: it wins
        yield {key: _unquote(value) for key, value in pairs}
        return
    while level:
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                yield value
                below += value.values()
            elif isinstance(value, list):
                below += value
        level = below


def _unquote(literal: str) -> str:
    try:
        return str(json.loads(literal, strict=False))
    except ValueError:
        return literal[1:-1]


def _ld_text(value: object, keys: tuple[str, ...]) -> str | None:
    """Return the first of the keys that holds text: a string, an object with a name, or a list of these."""
    if not isinstance(value, dict):
        return None
    for key in keys:
        found = value.get(key)
        items = found if isinstance(found, list) else [found]
        names = [item.get("name") if isinstance(item, dict) else item for item in items]
        lines = [line for name in names if isinstance(name, str) and (line := normalize_line(name))]
        if lines:
            return "、".join(lines)
    return None
