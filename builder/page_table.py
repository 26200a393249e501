"""
The PAGES table: one row a page, or a thing in the input that gave none, article or reject.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa

from builder.apart import signal_of
from builder.articles.parts import key_of_first
from builder.errors import PageError
from builder.label.gold import GoldFile
from builder.pages import Labelled, label_page
from builder.read import Input, ReadSettings, read_input
from builder.records import Article, Block, Changes, Page, ParsedPage, Reject
from builder.removal import NOTHING_LISTED, Removal
from builder.rights import stricter
from builder.schemas import BLOCK, PAGES

# Rows, and characters of blocks, after which a table is handed on. The 82 gold pages take 56 kB a row, so 256 take
# 14 MB; the characters bound pages that are much longer.
ROWS_A_TABLE = 256
CHARS_A_TABLE = 8_000_000


def make_pages(
    inputs: pa.Table,
    *,
    read: ReadSettings,
    min_chars: int = 0,
    removal: Removal = NOTHING_LISTED,
    gold: GoldFile | None = None,
    limit: int | None = None,
) -> Iterator[pa.Table]:
    """INPUTS rows -> PAGES rows, one a page or reject, in the order of the inputs; personal data is masked."""
    rows: list[dict[str, Any]] = []
    blocks: list[list[Block]] = []
    chars = 0
    corrections = gold.read() if gold else None
    items = (item for row in inputs.to_pylist() for item in read_new(row, read))
    for item in islice(items, limit):
        if isinstance(item, Reject):
            rows.append(reject_row(item))
            blocks.append([])
        else:
            labelled = _label(item, partial(label_page, item, removal=removal, gold=corrections))
            rows.append(page_row(labelled, min_chars))
            blocks.append(labelled.parsed.blocks)
            chars += sum(len(block.text) for block in labelled.parsed.blocks)
        if len(rows) >= ROWS_A_TABLE or chars >= CHARS_A_TABLE:
            yield pages_table(rows, blocks)
            rows, blocks, chars = [], [], 0
    yield pages_table(rows, blocks)


def read_new(row: dict[str, Any], read: ReadSettings) -> Iterator[Page | Reject]:
    """Yield what the input of an INPUTS row holds, in order, but for what it says is known."""
    known = set(row["known"] or ())
    fields = {name: value for name, value in row.items() if name != "known"}
    source = Input(**fields | {"path": os.fsdecode(row["path"])})
    if ended := signal_of(lambda: deque(read_input(source, read), maxlen=0)):
        yield Reject(source.source, "read:crashed", f"reading it ends the process with {ended}")
        return
    for item in read_input(source, read):
        if (item.source if isinstance(item, Reject) else item.page_id) not in known:
            yield item


def _label(page: Page, label: Callable[[], Labelled]) -> Labelled:
    """Return what `label` makes of the page, and a reject when it would end this process."""
    if (ended := signal_of(label)) is None:
        return label()
    reason = "label:timeout" if ended == "SIGXCPU" else "label:crashed"
    return Labelled(page, ParsedPage([]), None, PageError(reason, f"the page ends the process with {ended}"))


def page_row(labelled: Labelled, min_chars: int = 0) -> dict[str, Any]:
    """One PAGES row but for its blocks; the article's columns are absent when the page is rejected."""
    page, article, reject = labelled.page, labelled.article, labelled.reject
    rights = stricter(page.rights, labelled.parsed.head.rights)
    row: dict[str, Any] = {
        "page_id": page.page_id,
        "source": page.source,
        "url": page.url or labelled.parsed.head.url,
        "fetched_at": page.fetched_at,
        "media_type": page.media_type,
        "charset": page.charset,
        "raw_sha256": page.raw_sha256,
        "robots": rights.robots or None,
        "tdm_reservation": rights.tdm_reservation,
        "tdm_policy": rights.tdm_policy,
        "series_key": page.page_id,
    }
    # A part is measured when its series is joined: the last one may be a paragraph.
    if article is not None and article.part is None:
        reject = too_short(article.text, min_chars) or reject
    if article is None or reject is not None:
        return row | ({"reject": reject.reason, "detail": reject.detail} if reject else {})
    row["normalized"] = sum_changes(
        labelled.parsed.blocks[p.block].changes for p in article.paragraphs if p.role != "caption"
    )
    row["description"] = labelled.parsed.head.description
    first = key_of_first(page, labelled.parsed.head, article.title)
    series = asdict(article.part) if article.part else {"series_key": first}
    return row | article_columns(article) | series


def sum_changes(changes: Iterable[Changes | None]) -> dict[str, int]:
    """Add up what normalising some texts changed, by rule."""
    told = [each for each in changes if each is not None]
    return {name: sum(getattr(each, name) for each in told) for name in Changes._fields}


def too_short(text: str, min_chars: int) -> PageError | None:
    """Return the reject of an article with fewer than `min_chars` characters of lede and body, else None."""
    if len(text) >= min_chars:
        return None
    return PageError(
        "article:too-short", f"{len(text)} characters of lede and body, [articles] min_chars is {min_chars}"
    )


def article_columns(article: Article) -> dict[str, Any]:
    """The article's columns of a PAGES row: running text, and its paragraphs as spans of it."""
    spans, at = [], 0
    for paragraph in article.paragraphs:
        if paragraph.role != "caption":
            spans.append({"role": paragraph.role, "start": at, "end": at + len(paragraph.text)})
            at += len(paragraph.text) + 1
    return {
        "title": article.title,
        "subtitle": article.subtitle,
        "byline": article.byline,
        "editor": article.editor,
        "outlet": article.outlet,
        "dateline": asdict(article.dateline) if article.dateline else None,
        "published_at": article.published_at,
        "published_precision": article.published_precision,
        "published_zone": article.published_zone,
        "category": article.category,
        "category_origin": article.category_origin,
        "text": article.text,
        "paragraphs": spans,
        "lede": article.lede,
        "body": article.body,
        "footer": article.footer,
        "captions": article.captions,
        "partial": article.partial,
    }


def reject_row(reject: Reject) -> dict[str, Any]:
    """PAGES row of something in the input that gave no page."""
    return {
        # A reject without content has no page id of its own; its place tells it from others.
        "page_id": None,
        "source": reject.source,
        "url": reject.url,
        "raw_sha256": reject.raw_sha256,
        "series_key": reject.source,
        "reject": reject.reason,
        "detail": reject.detail,
    }


def pages_table(rows: list[dict[str, Any]], blocks: list[list[Block]]) -> pa.Table:
    """Put rows and their blocks into a PAGES table, column by column: 4 times faster than rows of dicts."""
    columns = {
        field.name: pa.array([row.get(field.name) for row in rows], field.type)
        for field in PAGES
        if field.name != "blocks"
    }
    flat = [block for page in blocks for block in page]
    of_page = np.repeat(np.arange(len(rows)), np.array([len(page) for page in blocks], np.int64))
    struct = pa.StructArray.from_arrays(
        [
            columns["page_id"].take(pa.array(of_page))
            if field.name == "page_id"
            else pa.array(list(map(attrgetter(field.name), flat)), field.type)
            for field in BLOCK
        ],
        fields=list(BLOCK),
    )
    offsets = [0]
    for page in blocks:
        offsets.append(offsets[-1] + len(page))
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), struct, type=PAGES.field("blocks").type)
    return pa.table([lists if name == "blocks" else columns[name] for name in PAGES.names], schema=PAGES)
