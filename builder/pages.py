"""
One page from text to article: parse, label and assemble in one pass, in one worker.

Nothing between these needs a table: a page is looked at once. `page_table.py` makes rows of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from builder.articles.assembly import assemble
from builder.deadline import deadline
from builder.errors import PageError
from builder.label.blocks import label_blocks
from builder.label.gold import Correction, overlay_gold
from builder.memory import memory_limit
from builder.parse import parse_page
from builder.privacy import mask_page
from builder.records import Article, Page, ParsedPage
from builder.removal import Removal, check_removal

# CPU seconds and bytes of one page. A real page takes about 10 ms; the worst that we could write, 20,000 different
# lines, 1.3 s and 600 MB.
PAGE_SECONDS = 60.0
PAGE_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page with its labelled blocks, and its article or the reason why there is none."""

    page: Page
    parsed: ParsedPage
    article: Article | None
    reject: PageError | None = None


def label_page(
    page: Page, *, removal: Removal | None = None, gold: Mapping[str, Sequence[Correction]] | None = None
) -> Labelled:
    """
    Parse, label and assemble one page; a page that gives no article keeps the blocks it got to.

    Args:
        removal: given when the page is to be published: pages that it lists are left out whole, and personal data is
            masked. Labels are told before, since phone numbers tell them; every field and offset is of masked text.
        gold: corrections by page, which win over model and rules. People judged masked text, so they are found by it.
    """
    parsed = ParsedPage([])
    try:
        with deadline(PAGE_SECONDS), memory_limit(PAGE_BYTES):
            read = parse_page(page)
            if removal is not None:
                check_removal(removal, page, read)
            label_blocks(read)
            if removal is not None:
                mask_page(read.blocks, read.head)
            if gold:
                overlay_gold(page.page_id, read.blocks, gold)
            parsed = read
            article = assemble(page, parsed)
    except PageError as error:
        return Labelled(page, parsed, None, error)
    except MemoryError:
        gave_up = PageError("label:out-of-memory", f"the page took more than {PAGE_BYTES >> 20} MiB")
        return Labelled(page, ParsedPage([]), None, gave_up)
    return Labelled(page, parsed, article)
