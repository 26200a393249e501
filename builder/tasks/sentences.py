"""Config `sentences`: one sentence a row, as a span of its article's text."""

from collections.abc import Sequence

import pyarrow as pa

from builder.publish import features
from builder.records import ROLES
from builder.sentences import SentenceSettings, Span, in_quote, split

_CLASS_OF = {role: i for i, role in enumerate(ROLES)}


def sentences(table: pa.Table, settings: SentenceSettings) -> pa.Table:
    """
    ARTICLES rows that are published -> a row a sentence, in the order of the text within each article.

    The paragraphs of an article are the lines of its text; a sentence has the role of its paragraph.
    """
    rows: dict[str, list[object]] = {name: [] for name in features.SENTENCES.schema.names}
    columns = (table[name].to_pylist() for name in ("article_id", "text", "paragraphs"))
    for article_id, text, paragraphs in zip(*columns, strict=True):
        spans = split(text, quotes=settings.quotes, attribution=settings.attribution)
        homes = paragraphs_of(spans, [p["end"] for p in paragraphs])
        rows["article_id"] += [article_id] * len(spans)
        rows["index"] += range(len(spans))
        rows["paragraph"] += homes
        rows["role"] += [_CLASS_OF[paragraphs[home]["role"]] for home in homes]
        rows["text"] += [text[start:end] for start, end in spans]
        rows["start"] += [start for start, _ in spans]
        rows["end"] += [end for _, end in spans]
        rows["in_quote"] += in_quote(text, spans)
        rows["n_chars"] += [end - start for start, end in spans]
    return pa.table(rows, schema=features.SENTENCES.schema)


def paragraphs_of(spans: Sequence[Span], ends: Sequence[int]) -> list[int]:
    """Return the number of the paragraph that each sentence begins in; `ends` are those of the paragraphs in order."""
    homes, home = [], 0
    for start, _ in spans:
        while start >= ends[home]:
            home += 1
        homes.append(home)
    return homes
