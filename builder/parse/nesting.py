"""
A bound on what a hostile or broken page can cost the HTML parser.

The standard's algorithm, which lexbor follows to the letter, looks up the whole stack of open elements at many tags and
opens unclosed formatting elements anew in each paragraph. 100,000 nested `<div>` take it 9 s, 2,000 unclosed
`<font size=i>` 700 MB. Browsers cap the depth (Chromium at 512); lexbor does not, so we do, before it sees the page.
"""

import re

from builder.parse.elements import BLOCK_ELEMENTS

# Of 250 real pages the deepest has 24 levels, the longest 760,000 characters, the one with most tags 6,200; none leaves
# more than 3 formatting elements open. Below these limits a page is left alone: 20,000 nested tags take 0.1 s, and the
# elements that formatting reopens take 1 µs each.
_MAX_TAGS = 20_000
_MAX_CHARS = 1_000_000
_MAX_REOPENED = 200_000
_MAX_DEPTH = 128
# An element's attributes cost the square of their number: 200,000 take 20 s and more, and no signal interrupts lexbor.
# No tag of the 250 pages has more than 2,048 of the characters that stand between attributes.
# A glance at a page misses a tag that is cut up by `>` in quoted values; 400,000 characters of such take 4 s.
_LONG_TAG_CHARS = 4_096
_MAX_BETWEEN = 2_048
_MAX_CHARS_AT_A_GLANCE = 400_000

# Neither `<` nor `>` inside: each character is looked at once, whatever the page leaves open.
_TAG = re.compile(r"<(/?)([a-z][a-z0-9:-]*)([^<>]*)>", re.IGNORECASE)
# A comment, or a tag to its very end as the standard sees it: `<` may stand in it, and `>` in a quoted value; what the
# page does not close runs to its end. Possessive, so that each character is looked at once here too.
_COMMENT_OR_TAG = re.compile(
    r"<!--|(?P<tag></?(?P<name>[a-z][^\s/>]*+))"
    r"""(?P<attributes>(?:[^>=]++|=[ \t\n\f\r]*+(?:"[^"]*+"?|'[^']*+'?)?)*+)(?P<closed>>?)""",
    re.IGNORECASE,
)
_TAG_START = re.compile(r"</?[a-z]", re.IGNORECASE)
#: What they hold is text up to their end tag, whatever it looks like.
_RAW_TEXT = frozenset({"iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"})

# fmt: off
#: Tags whose number of open ones says nothing: without content, closed by the next of their kind, or holding raw text.
_UNCOUNTED = frozenset({
    "a", "area", "base", "body", "br", "button", "col", "dd", "dt", "embed", "frame", "head", "hr", "html", "iframe",
    "img", "input", "li", "link", "meta", "noembed", "noframes", "noscript", "option", "p", "param", "plaintext",
    "script", "source", "style", "tbody", "td", "textarea", "tfoot", "th", "thead", "title", "tr", "track", "wbr",
    "xmp",
})

#: Tags that the standard reopens in every paragraph until they are closed. They do not change where a line ends.
_FORMATTING = frozenset({
    "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
})
# fmt: on


_FIRST = {letter for name in _FORMATTING for letter in (name[0], name[0].upper())}
_SECOND = {letter for name in _FORMATTING for letter in name[1:2] + name[1:2].upper()}
_FORMATTING_NAME = (
    # The lookahead spares most tags the branches; with IGNORECASE it takes three times as long.
    rf"(?=[{''.join(sorted(_FIRST))}][\s/>{''.join(sorted(_SECOND))}])"
    rf"(?:{'|'.join(''.join(f'[{c}{c.upper()}]' for c in name) for name in sorted(_FORMATTING))})(?=[\s/>])"
)
_FORMATTING_WITH_ATTRIBUTES = re.compile(rf"<{_FORMATTING_NAME}[\s/][^>]")
_FORMATTING_TAG = re.compile(rf"<(/?){_FORMATTING_NAME}")


def limit_nesting(html: str) -> str:
    """
    Return the document with at most 128 counted elements open at a time; an ordinary one comes back as it is.

    Beyond the limit a block element becomes `<br>`, so that its text stays on a line of its own, and an inline one
    vanishes; a tag with a flood of attributes keeps none. All text is kept.
    """
    if len(html) > _MAX_CHARS_AT_A_GLANCE or _has_flood(html):
        html = _cut_floods(html)
    if _is_ordinary(html):
        return html
    depth = 0

    def limit(tag: re.Match[str]) -> str:
        nonlocal depth
        end, name, _ = tag.groups()
        name = name.lower()
        if name in _FORMATTING:
            return ""
        if name in _UNCOUNTED:
            return tag[0]
        depth += 0 if end else 1
        too_deep = depth > _MAX_DEPTH
        if end and depth:
            depth -= 1
        if too_deep:
            return "<br>" if name in BLOCK_ELEMENTS else ""
        return tag[0]

    return _TAG.sub(limit, html)


def _is_ordinary(html: str) -> bool:
    if len(html) > _MAX_CHARS:
        return False
    tags = html.count("<")
    return tags <= _MAX_TAGS and not _reopens_much(html, tags)


def _reopens_much(html: str, tags: int) -> bool:
    """So many formatting elements are left open that all tags together may open too many anew."""
    # Of equal elements at most three are reopened, so without attributes there are few; most pages end here.
    at_most = 3 * len(_FORMATTING) + len(_FORMATTING_WITH_ATTRIBUTES.findall(html))
    if at_most * tags <= _MAX_REOPENED:
        return False
    most = now = 0
    for end in _FORMATTING_TAG.findall(html):
        now = max(0, now - 1) if end else now + 1
        most = max(most, now)
    return most * tags > _MAX_REOPENED


def _is_flood(attributes: str) -> bool:
    return len(attributes) > _LONG_TAG_CHARS and sum(map(attributes.count, " \t\n\f\r/\"'")) > _MAX_BETWEEN


def _has_flood(html: str) -> bool:
    # A long tag covers one of these stretches whole, so that few characters of a page are looked at.
    stretch = _LONG_TAG_CHARS // 2
    start = 0
    while start < len(html) - stretch:
        if html.find(">", start, start + stretch) >= 0:
            start += stretch
            continue
        end = html.find(">", start + stretch)
        end = len(html) if end < 0 else end
        tag = _TAG_START.search(html, html.rfind(">", 0, start) + 1, end)
        if tag and _is_flood(html[tag.end() : end]):
            return True
        start = end
    return False


def _cut_floods(html: str) -> str:
    """Return the document without the attributes of tags that have a flood of them; one that is never closed goes."""
    pieces = []
    kept = at = 0
    while part := _COMMENT_OR_TAG.search(html, at):
        at = part.end()
        if not part["tag"]:
            end = html.find("-->", at)
            at = len(html) if end < 0 else end
            continue
        if _is_flood(part["attributes"]):
            pieces.append(html[kept : part.start()])
            pieces.append(part["tag"] + ">" if part["closed"] else "")
            kept = at
        if part["name"].lower() in _RAW_TEXT and part["tag"][1] != "/":
            end_tag = re.compile(rf"</{part['name']}(?=[\s/>])", re.IGNORECASE).search(html, at)
            at = end_tag.start() if end_tag else len(html)
    return "".join([*pieces, html[kept:]]) if pieces else html
