"""
What flows through the builder, in the order in which it comes to be: Page → Block → Article. A sentence is no record
but a span of an article's text (`sentences.py`).

Text is NFC and is never rewritten after parsing; offsets are Unicode code points, half-open.
"""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple

MediaType = Literal["text/html", "text/plain"]

#: What a block is on its page, in the order a page is read. The guideline is `data_cards/ROLES.md`.
ROLES = (
    "title",
    "subtitle",
    "meta",
    "lede",
    "body",
    "subhead",
    "caption",
    "credit",
    "notice",
    "related",
    "nav",
    "comment",
)

#: Version of that guideline: verdicts name the one they followed.
GUIDELINE = "1"

#: The coarse classes of the roles.
LABELS = ("title", "lede", "body", "footer", "other")

LABEL_OF = {
    "title": "title",
    "subtitle": "title",
    "lede": "lede",
    "body": "body",
    "subhead": "body",
    "caption": "body",
    "credit": "footer",
    "notice": "footer",
    "meta": "other",
    "related": "other",
    "nav": "other",
    "comment": "other",
}

#: Who said that a block has its role, the strongest first.
ORIGINS = ("gold", "model", "rule")


class Rights(NamedTuple):
    """
    What a page itself asks of machines; see `rights.py`.

    Attributes:
        robots: directives for all robots (`noindex`, `noarchive`, `noai`), lower case; empty when it states none.
        tdm_reservation: whether the rights to text and data mining are reserved; None when it does not say.
        tdm_policy: address of the terms on which they may be had.
    """

    robots: tuple[str, ...] = ()
    tdm_reservation: bool | None = None
    tdm_policy: str | None = None


NOTHING_ASKED = Rights()


@dataclass(frozen=True, slots=True)
class Page:
    """
    One page as it was read: a whole HTML document, or the text dumped from one.

    Attributes:
        source: where it was read, stable across machines: `pages/a.html`, `crawl.warc.gz#1234` (byte offset of the
            record), `feed.jsonl#17` (line), `feed.parquet#17` (row; both count from 1).
        media_type: `text/html` or `text/plain`.
        text: decoded, otherwise untouched.
        raw_sha256: hex digest of the bytes before decoding (of a field of text: of its UTF-8).
        url: address of the page when the input states one.
        fetched_at: when it was fetched, when the input states it; always aware.
        charset: the codec that decoded the bytes.
        rights: what the headers that it was sent with say; a page may say more in its head.
    """

    source: str
    media_type: MediaType
    text: str
    raw_sha256: str
    url: str | None = None
    fetched_at: datetime | None = None
    charset: str = "utf-8"
    rights: Rights = NOTHING_ASKED

    @property
    def page_id(self) -> str:
        """16 hex digits from url and content: the same page has the same id wherever it is read."""
        return page_id(self.url, self.raw_sha256)


def page_id(url: str | None, raw_sha256: str) -> str:
    """Return the id of the page at `url` with this content."""
    return sha256(f"{url or ''}\0{raw_sha256}".encode()).hexdigest()[:16]


class Changes(NamedTuple):
    """
    What normalising a text changed, in characters by rule; punctuation and its width never change.

    Attributes:
        invisible: removed, zero-width, direction marks, soft hyphens, control characters.
        spaces: NBSP, U+3000 and other wide or thin white space, now a space or, at the ends of a line, nothing.
        surrogates: lone, now U+FFFD.
        composed: put together or replaced by NFC.
    """

    invisible: int = 0
    spaces: int = 0
    surrogates: int = 0
    composed: int = 0


@dataclass(slots=True)
class Block:
    """
    One visible line of a page: what a reader sees between two line breaks.

    Attributes:
        text: NFC, white space folded to single spaces, never empty.
        tag: path of the elements around it, `body/div#main.article/p`; empty in a text dump.
        link_chars: code points of `text` inside `<a>`.
        media: pictures, films, sounds and embedded pages between this block and the one before; 0 in a text dump.
        hidden: markup asks not to show it (display:none, hidden, visibility:hidden); it may be shown by a script.
        role: one of ROLES; empty before labelling.
        score: probability of the role, 0–1.
        origin: one of ORIGINS; empty before labelling.
        dup_of: index on this page of the first block with the same text key in an earlier copy of the article.
        changes: what normalising the text changed; None when nothing but ASCII white space.
    """

    text: str
    tag: str = ""
    link_chars: int = 0
    hidden: bool = False
    role: str = ""
    score: float = 0.0
    origin: str = ""
    dup_of: int | None = None
    media: int = 0
    changes: Changes | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """Coarse class of the role."""
        return LABEL_OF[self.role]


@dataclass(slots=True)
class Head:
    """What an HTML page says of itself outside its visible text; every field raw, None when it says nothing."""

    title: str | None = None  # <title>
    headline: str | None = None  # og:title, twitter:title, JSON-LD headline
    site_name: str | None = None  # og:site_name, application-name
    description: str | None = None
    author: str | None = None
    source: str | None = None  # meta source, mediaid, copyright-source
    published: str | None = None  # article:published_time, pubdate, publishdate, JSON-LD datePublished
    section: str | None = None  # article:section, JSON-LD articleSection
    url: str | None = None  # canonical, og:url
    next_url: str | None = None  # rel=next
    rights: Rights = NOTHING_ASKED


@dataclass(slots=True)
class ParsedPage:
    """The blocks of a page in the order of the document, and what its head says."""

    blocks: list[Block]
    head: Head = field(default_factory=Head)


@dataclass(frozen=True, slots=True)
class Dateline:
    """
    电头: `华龙网-新重庆客户端8月1日6时讯(记者 伊永军)` gives agency, no place, and `8月1日6时讯`.

    `start` and `end` span `raw` in the paragraph it opens, in code points.
    """

    agency: str | None
    place: str | None
    date: str | None
    raw: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the article: its role (lede, body, subhead, caption), its text, and its block's index."""

    role: str
    text: str
    block: int


@dataclass(frozen=True, slots=True)
class SeriesPart:
    """
    分页: which part of an article that is cut over several pages a page is.

    `series_key`, 16 hex digits, is the same on all parts: from the title, and the address without its number or, of a
    page without one, its folder.
    `part` counts from 1; `parts` is how many there are as far as the page shows, None when it does not.
    """

    series_key: str
    part: int
    parts: int | None


@dataclass(slots=True)
class Article:
    """
    The one article of a page, each of its parts once.

    Attributes:
        byline: reporters, never editors; empty when the page names none.
        outlet: 来源, the medium that the page credits, else who signs it, else the site that publishes it as its own.
        published_at: aware. `published_zone` is `stated` when the page gives the offset, else `assumed` (+08:00).
            `published_precision` is `day`, `minute` or `second`.
        lede, body, footer, captions: texts in page order. The body holds its subheads; the footer credits and notices.
        paragraphs: the running text and captions in page order, each with its role.
        category: the channel that the page itself states; `category_origin` says where: `breadcrumb`,
            `publication-line` or `head`.
        part: which part of an article over several pages this is; None when the page shows no others.
    """

    title: str
    subtitle: str | None = None
    byline: list[str] = field(default_factory=list)
    editor: list[str] = field(default_factory=list)
    outlet: str | None = None
    dateline: Dateline | None = None
    published_at: datetime | None = None
    published_zone: str | None = None
    published_precision: str | None = None
    category: str | None = None
    category_origin: str | None = None
    lede: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    part: SeriesPart | None = None

    @property
    def partial(self) -> bool:
        """True when the page says that the article goes on, or began, on another."""
        return self.part is not None

    @property
    def text(self) -> str:
        """The running text, lede and body with its subheads, a paragraph a line: what sentence offsets count in."""
        return "\n".join(p.text for p in self.paragraphs if p.role != "caption")


#: Why a page is left out whose text went to the article of its series.
JOINED_REASON = "article:joined"


@dataclass(frozen=True, slots=True)
class Reject:
    """Something in the input that gives no page: where it stood, why, and one sentence for people (no page text)."""

    source: str
    reason: str
    detail: str = ""
    url: str | None = None
    raw_sha256: str | None = None
