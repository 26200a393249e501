"""The one article of a page, each of its parts once."""

from collections.abc import Sequence

from builder.articles.categories import find_category
from builder.articles.copies import one_copy, running_parts
from builder.articles.datelines import find_dateline
from builder.articles.dates import find_published
from builder.articles.outlets import credited_outlet, implied_outlet
from builder.articles.parts import find_part
from builder.articles.people import card_author, find_byline, find_editors
from builder.articles.several import is_message, one_article
from builder.articles.titles import find_subtitle, find_title
from builder.errors import PageError
from builder.keys import text_key
from builder.records import Article, Block, Dateline, Page, Paragraph, ParsedPage

#: Lines before the title and after the first paragraph in which an unmarked publication line is looked for.
_NEAR = 4


def assemble(page: Page, parsed: ParsedPage) -> Article:
    """
    Return the article of a page whose blocks carry roles.

    Texts are given as the blocks hold them; `paragraphs` say which block each is. Fields come from every copy of the
    article, its text from the fullest one.

    Raises:
        PageError: `label:no-article` when no title is found, or neither running text nor caption, or the site says
            something else instead.
    """
    blocks, head = parsed.blocks, parsed.head
    parts = one_copy(running_parts(blocks))
    if not parts:
        raise PageError("label:no-article", "no block is running text or a caption")
    title = find_title(blocks, head)
    if title is None:
        raise PageError("label:no-article", "no block is a title, and the head names none")
    title_key = text_key(title)
    while len(parts) > 1 and parts[0].key == title_key:
        parts = parts[1:]  # the headline again, above the text
    parts = one_article(parts, blocks, title)
    paragraphs = [Paragraph(p.role, blocks[p.index].text, p.index) for p in parts]
    running = [p.text for p in paragraphs if p.role in {"lede", "body"}]
    meta, credit_lines = _texts(blocks, "meta"), _texts(blocks, "credit")
    outlet = credited_outlet(meta, credit_lines, head)
    dateline, dateline_in = _opening_dateline(running, outlet)
    published = find_published(page, blocks, head, _near_title(blocks, parts[0].index), running, dateline)
    if published is None and is_message(title, running):
        raise PageError("label:no-article", "the page says that there is no article, or asks who reads it")
    category = find_category(blocks, head)
    pictures = sum(p.role == "caption" for p in paragraphs) > len(running)
    byline = find_byline(meta, credit_lines, running, dateline, dateline_in, head.author, outlet, pictures)
    author = None if byline or outlet else card_author(blocks)
    return Article(
        title=title,
        subtitle=find_subtitle(blocks, title),
        byline=byline or ([author] if author else []),
        editor=find_editors([*meta, *credit_lines], running),
        outlet=outlet or (None if author else implied_outlet(blocks, meta, running, head, dateline, byline)),
        dateline=dateline,
        published_at=published.at() if published else None,
        published_zone=None if published is None else "assumed" if published.offset is None else "stated",
        published_precision=published.precision if published else None,
        category=category.name if category else None,
        category_origin=category.origin if category else None,
        lede=[p.text for p in paragraphs if p.role == "lede"],
        body=[p.text for p in paragraphs if p.role in {"body", "subhead"}],
        footer=_texts(blocks, "credit", "notice"),
        captions=[p.text for p in paragraphs if p.role == "caption"],
        paragraphs=paragraphs,
        part=find_part(page, blocks, head, title),
    )


def _texts(blocks: Sequence[Block], *roles: str) -> list[str]:
    """Texts of the blocks with these roles in page order, each once by its key."""
    seen: set[str] = set()
    texts = []
    for block in blocks:
        if block.role in roles:
            key = text_key(block.text) or block.text
            if key not in seen:
                seen.add(key)
                texts.append(block.text)
    return texts


def _opening_dateline(running: Sequence[str], outlet: str | None) -> tuple[Dateline | None, str]:
    """Return the first dateline among the opening paragraphs, and its paragraph; else None and the first one."""
    for paragraph in running[:3]:  # an abstract may stand before the paragraph that has it
        if dateline := find_dateline(paragraph, outlet):
            return dateline, paragraph
    return None, running[0] if running else ""


def _near_title(blocks: Sequence[Block], first_running: int) -> range:
    """Indices around title and first paragraph, where a publication line is expected."""
    titles = [n for n, b in enumerate(blocks) if b.role == "title" and n < first_running]
    start = titles[-1] if titles else first_running - _NEAR
    return range(max(0, start), min(len(blocks), first_running + _NEAR))
