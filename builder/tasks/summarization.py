"""Config `summarization`: the text of an article without its lede or stated summary → that paragraph."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa

from builder.keys import text_key
from builder.label.phrases import phrases
from builder.publish.configs import OF_ARTICLE
from builder.publish.learning import SUMMARIZATION
from builder.records import ROLES
from builder.tasks.descriptions import find_description
from builder.tasks.extractive import letters_of, measure

_LEDE = ROLES.index("lede")

#: A paragraph longer than this sums nothing up, and measuring it takes time by its square. Code points.
_LONGEST = 1000

#: An editor's note opens a text and does not sum it up.
_NOTE = re.compile(r"[\[【（(\s]*(?:编者按|編者按)")

#: （记者 沈若川） after a dateline, and a colon or comma that closes it.
_REPORTER = re.compile(r"\s*(?:[（(][^（）()]{0,40}[）)])?[\s:：,，]*")

#: 〔記者沈語彤／枕潮報導〕, 【本報訊】: an opening of its own, which is no dateline.
_BYLINE = re.compile(r"[〔【\[（(][^〔〕【】（）()\[\]]{0,30}(?:報導|报导|報道|报道|訊|讯|電|电)[〕】\]）)]\s*")


class Summary(NamedTuple):
    """The summary of an article as the span [start, end) of its text or description, and the rest of the text."""

    kind: str
    summary_origin: str
    start: int
    end: int
    document: str


def summaries(articles: pa.Table) -> list[Summary | str]:
    """Give the summary of each row of the config `articles`, or why it is left out."""
    names = ("text", "paragraphs", "dateline", "title", "description", "partial")
    return [
        "partial" if partial else find_summary(text, paragraphs, dateline and dateline["raw"], title or "", description)
        for text, paragraphs, dateline, title, description, partial in zip(
            *(articles[name].to_pylist() for name in names), strict=True
        )
    ]


def summarization(articles: pa.Table, found: Sequence[Summary | str]) -> pa.Table:
    """Rows of the config `articles`, and their `summaries` -> a row for each that is not left out, in their order."""
    rows = []
    texts = zip(articles["text"].to_pylist(), articles["description"].to_pylist(), strict=True)
    for (text, description), summary in zip(texts, found, strict=True):
        if isinstance(summary, Summary):
            of = text if summary.summary_origin == "text" else description
            wording, document = of[summary.start : summary.end], summary.document
            row = {"summary": wording, **summary._asdict(), **measure(document, wording)}
            rows.append(row | {"summary_in_document": text_key(wording) in text_key(document)})
    kept = articles.select(OF_ARTICLE).filter(pa.array([isinstance(each, Summary) for each in found], pa.bool_()))
    columns = {name: [row[name] for row in rows] for name in SUMMARIZATION.schema.names if name not in OF_ARTICLE}
    columns |= dict(zip(OF_ARTICLE, kept.columns, strict=True))
    return pa.table([columns[name] for name in SUMMARIZATION.schema.names], schema=SUMMARIZATION.schema)


def find_summary(
    text: str,
    paragraphs: Sequence[Mapping[str, Any]],
    dateline: str | None,
    title: str = "",
    description: str | None = None,
) -> Summary | str:
    """
    Return the summary that a page states, in its text or its head, else its first lede; or why there is none.

    Args:
        text: of the article.
        paragraphs: role (number), start and end of each of its lines.
        dateline: its wording, or None.
        title: of the article.
        description: what the head of the page says of it.
    """
    lines = [(p["start"], p["end"]) for p in paragraphs]
    told = [(a, b) for a, b in lines if not _mark().fullmatch(text, a, b) and text[a:b].strip()]
    openings = [(p["start"], p["end"]) for p in paragraphs if p["role"] == _LEDE]
    ledes = [(start, end) for start, end in openings if not _NOTE.match(text, start, end)]
    kind, (start, end) = "stated", _stated(text, ledes) or (0, 0)
    if not end and (span := find_description(description, title, text)):
        return Summary("stated", "head", *span, "\n".join(text[a:b] for a, b in told))
    if not ledes:
        return "editors-note" if openings else "no-lede"
    if not end:
        kind, (start, end) = "lede", _after_dateline(text, *ledes[0], dateline)
    document = "\n".join(text[a:b] for a, b in told if not a <= start < b)
    if not letters_of(text[start:end]) or not letters_of(document):
        return "no-document"
    if end - start > _LONGEST:
        return "summary-too-long"
    if len(letters_of(text[start:end])) >= len(letters_of(document)):
        return "document-not-longer-than-summary"
    return Summary(kind, "text", start, end, document)


def _stated(text: str, ledes: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """
    Find what stands behind 核心提示 or the like: in its paragraph, or in the next one when it has a line of its own.

    A word like 摘要 says so only before a colon, a bracket or a space: 摘要显示 begins a sentence.
    """
    for (start, end), following in zip(ledes, [*ledes, None][1:], strict=True):
        if mark := _mark().match(text, start, end):
            closed = mark["open"] and not mark["close"] and text[end - 1] in "]】）)"
            if mark.end() < end - bool(closed):
                return mark.end(), end - bool(closed)
            return following
    return None


@cache
def _mark() -> re.Pattern[str]:
    words = "|".join(sorted({word.lstrip("【") for word in phrases("lede_openings")}, key=len, reverse=True))
    return re.compile(rf"(?P<open>[\[【（(])?(?:{words})(?:(?P<close>[\]】）)])\s*[:：]?|[:：|｜]|(?=\s)|$)\s*")


def _after_dateline(text: str, start: int, end: int, dateline: str | None) -> tuple[int, int]:
    """Move the start behind a dateline, and behind the reporter in brackets that follows it."""
    if dateline and text.startswith(dateline, start, end):
        start += len(dateline)
        if reporter := _REPORTER.match(text, start, end):
            start = reporter.end()
    elif byline := _BYLINE.match(text, start, end):
        start = byline.end()
    return start, end
