"""
Whole invented pages with their roles in the markup, `<ul r="nav">…</ul>`, read for training.

An element's role holds for everything in it, until an element inside has another; `<role r="…">` is there for lines
without an element of their own. The pages lie in `seeds/layouts/`; what is learned from has neither.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from builder.errors import BuilderError
from builder.parse import parse_page
from builder.records import ROLES, Page

_ROLE = re.compile(rf'\sr="(?:{"|".join(ROLES)})"|</?role(?:\s[^>]*)?>')
_MARK = re.compile("⟦(.*?)⟧")


def read_layouts(folder: Path) -> Iterator[tuple[str, Page, list[str], list[str]]]:
    """
    Yield name, page without the roles, its lines, and the role of each, in the order of the names.

    Raises:
        BuilderError: a line has no role, or two.
    """
    for path in sorted(folder.glob("*.html")):
        marked = path.read_text(encoding="utf-8")
        text = _ROLE.sub("", marked)
        page = Page(path.name, "text/html", text, sha256(text.encode()).hexdigest())
        lines = [block.text for block in parse_page(page).blocks]
        roles = _roles(path, marked)
        if len(roles) != len(lines):
            raise BuilderError(f"{path}: {len(lines)} lines, and roles for {len(roles)}")
        yield path.stem, page, lines, roles


def _roles(path: Path, html: str) -> list[str]:
    """Put the role in force before each piece of text, and read the page: the role that each line holds."""
    tree = LexborHTMLParser(html)
    for node, role in _texts(tree.root):
        node.replace_with(f"⟦{role}⟧{node.text_content}")
    found = []
    for number, block in enumerate(parse_page(Page(path.name, "text/html", tree.html or "", "0" * 64)).blocks):
        roles = set(_MARK.findall(block.text))
        if len(roles) != 1 or not roles <= set(ROLES):
            raise BuilderError(
                f"{path}: line {number}, {_MARK.sub('', block.text)[:40]!r}, has {len(roles - {''}) or 'no'} roles: "
                'write r="…" on its element'
            )
        found.append(roles.pop())
    return found


def _texts(root: LexborNode | None) -> list[tuple[LexborNode, str]]:
    """Every piece of text that is not white space, with the role in force."""
    found = []
    waiting = [(root, "")] if root is not None else []
    while waiting:
        node, role = waiting.pop()
        if node.tag in ("script", "style", "head"):
            continue
        role = node.attributes.get("r") or role
        child = node.first_child
        while child is not None:
            if child.tag != "-text":
                waiting.append((child, role))
            elif not (child.text_content or "").isspace():
                found.append((child, role))
            child = child.next
    return found
