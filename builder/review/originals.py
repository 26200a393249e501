"""
The page as it was read, for a look beside the blocks: found again through the inputs of the build, disarmed, shown in a
sandbox.

Where a page lies is written down when a release is loaded, from the table of inputs that the build keeps; a request
names an item of the queue and never a path. The file must still have the bytes that the build read.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from builder.read.files import Input, ReadSettings
from builder.read.pages import read_input
from builder.records import Page

#: Of a WARC or JSONL file, the page is looked for from the start: in a larger one that takes too long for a view.
MAX_CONTAINER_BYTES = 64 << 20

#: What could run, load, redirect or speak to others. The sandbox would stop it as well; two walls are better than one.
_HARMFUL = (
    "script, noscript, link, meta, base, iframe, frame, frameset, object, embed, applet, portal, template, svg, math, "
    "xmp, noembed, noframes, plaintext"
)

#: The attributes that stay. No address among them: links lead nowhere, pictures show what they are called.
_HARMLESS = frozenset({"alt", "title", "lang", "dir", "class", "id", "style", "colspan", "rowspan", "hidden", "align"})

#: A style that has one of these may load something, or hide that it does; it goes as a whole.
_LOADING = ("url", "import", "image", "src", "\\", "/*")


def find_original(original: str | None) -> Page | None:
    """
    Read a page again; None when its file is gone, or is not what the build read.

    Args:
        original: what `load` wrote down: JSON with the columns of INPUTS, and `page` with the source of the page.
    """
    if original is None:
        return None
    values = json.loads(original)
    wanted, settings = values.pop("page"), ReadSettings(**values.pop("read"))
    item = Input(**values)
    path = Path(item.path)
    if not path.is_file() or item.n_bytes > MAX_CONTAINER_BYTES or _sha256(path) != item.sha256:
        return None
    pages = (page for page in read_input(item, settings) if isinstance(page, Page))
    return next((page for page in pages if page.source == wanted), None)


def describe_original(inputs: Mapping[str, Mapping[str, Any]], source: str, read: Mapping[str, Any]) -> str | None:
    """Write down where a page was read, for `find_original`; None when the build's inputs do not say, or in Parquet."""
    row = inputs.get(source) or inputs.get(source.rpartition("#")[0])
    if row is None or row["kind"] == "parquet":  # which would bring Arrow into the server
        return None
    return json.dumps({**row, "page": source, "read": dict(read)}, ensure_ascii=False)


def disarm(page: Page) -> str:
    """
    Return the page as HTML that does nothing: no script, no loading, no link or form that leads anywhere.

    Much of what it looked like goes with it; where its pictures stood, their descriptions are shown.
    """
    if page.media_type == "text/plain":
        escaped = page.text.replace("&", "&amp;").replace("<", "&lt;")
        return f"<!doctype html><meta charset=utf-8><pre style='white-space:pre-wrap;font:inherit'>{escaped}</pre>"
    tree = LexborHTMLParser(page.text)
    for node in tree.css(_HARMFUL):
        node.decompose()
    for node in [each for each in tree.root.traverse(include_text=True) if each.tag == "-comment"] if tree.root else []:
        node.decompose()
    for node in tree.css("style"):
        if _may_load(node.text()):
            node.decompose()
    for node in tree.css("*"):
        for name, value in list(node.attributes.items()):
            # Mark-up in a value is inert, unless a browser reads the page otherwise than lexbor does.
            if name not in _HARMLESS or "<" in (value or "") or (name == "style" and _may_load(value or "")):
                del node.attrs[name]
    return f"<!doctype html><meta charset=utf-8>{tree.html or ''}"


def _sha256(path: Path) -> str:
    """As `tables.file_sha256`, without Arrow."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _may_load(style: str) -> bool:
    lowered = style.lower()
    return any(word in lowered for word in _LOADING)
