"""From a decoded page to its visible lines and what its head says of it."""

from builder.errors import PageError
from builder.parse.from_html import parse_tree, read_html
from builder.parse.from_text import read_text
from builder.parse.head import read_head
from builder.records import Page, ParsedPage

__all__ = ["parse_page"]


def parse_page(page: Page) -> ParsedPage:
    """
    Return the blocks of the page in the order of the document, and its head.

    Raises:
        PageError: `parse:no-text`, the page shows no text at all; `parse:too-many-lines`; `parse:failed`, the parser of
            HTML gave up.
    """
    if page.media_type == "text/html":
        tree = parse_tree(page.text)
        parsed = ParsedPage(read_html(tree), read_head(tree))
    else:
        parsed = ParsedPage(read_text(page.text))
    if not parsed.blocks:
        raise PageError("parse:no-text", "nothing on the page is text that a reader sees")
    return parsed
