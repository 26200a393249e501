"""
One page from text to article: parse, label and assemble in one pass, in one worker.

Nothing between these needs a table: a page is looked at once. `page_table.py` makes rows of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from builder.articles import assemble
from builder.errors import PageError
from builder.label import label_blocks
from builder.parse import parse_page
from builder.read import Input, ReadSettings, read_input
from builder.records import Article, Page, ParsedPage, Reject


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page with its labelled blocks, and its article or the reason why there is none."""

    page: Page
    parsed: ParsedPage
    article: Article | None
    reject: PageError | None = None


def label_page(page: Page) -> Labelled:
    """Parse, label and assemble one page; a page that gives no article keeps the blocks it got to."""
    parsed = ParsedPage([])
    try:
        parsed = parse_page(page)
        label_blocks(parsed)
        article = assemble(page, parsed)
    except PageError as error:
        return Labelled(page, parsed, None, error)
    return Labelled(page, parsed, article)


def read_inputs(inputs: Iterable[Input], settings: ReadSettings) -> Iterator[Page | Reject]:
    """Yield every page, or the reject in its place, of every input, in order."""
    for item in inputs:
        yield from read_input(item, settings)
