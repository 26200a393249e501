"""
A bound on what a hostile or broken page can cost the HTML parser.

The standard's algorithm, which lexbor follows to the letter, looks up the whole stack of open elements at many tags and
opens unclosed formatting elements anew in each paragraph. 100,000 nested `<div>` take it 9 s, 2,000 unclosed
`<font size=i>` 700 MB. Browsers cap the depth (Chromium at 512); lexbor does not, so we do, before it sees the page.
"""

import re

from builder.parse.elements import BLOCK_ELEMENTS

# Of 250 real pages the deepest has 24 levels, the longest 760,000 characters, the one with most tags 6,200; at most 400
# of a page's tags have no end. Below these limits a page is left alone: 20,000 nested tags take 0.5 s; 1,000 unclosed
# ones, or 2,000 tags of whatever kind, make at most a million elements and take 0.5 s too.
_FEW_TAGS = 2_000
_MAX_TAGS = 20_000
_MAX_UNCLOSED = 1_000
_MAX_CHARS = 1_000_000
_MAX_DEPTH = 128
_MAX_TAG_CHARS = 4_096  # an element's attributes cost the square of their number

# Neither `<` nor `>` inside: each character is looked at once, whatever the page leaves open.
_TAG = re.compile(r"<(/?)([a-z][a-z0-9:-]*)([^<>]*)>", re.IGNORECASE)

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


def limit_nesting(html: str) -> str:
    """
    Return the document with at most 128 counted elements open at a time; an ordinary one comes back as it is.

    Beyond the limit a block element becomes `<br>`, so that its text stays on a line of its own, and an inline one
    vanishes. All text is kept.
    """
    if _is_ordinary(html):
        return html
    depth = 0

    def limit(tag: re.Match[str]) -> str:
        nonlocal depth
        end, name, attributes = tag.groups()
        name = name.lower()
        if name in _FORMATTING:
            return ""
        kept = tag[0] if len(attributes) <= _MAX_TAG_CHARS else f"<{end}{name}>"
        if name in _UNCOUNTED:
            return kept
        depth += 0 if end else 1
        too_deep = depth > _MAX_DEPTH
        if end and depth:
            depth -= 1
        if too_deep:
            return "<br>" if name in BLOCK_ELEMENTS else ""
        return kept

    return _TAG.sub(limit, html)


def _is_ordinary(html: str) -> bool:
    if len(html) > _MAX_CHARS:
        return False
    tags = html.count("<")
    return tags <= _FEW_TAGS or (tags <= _MAX_TAGS and tags - 2 * html.count("</") <= _MAX_UNCLOSED)
