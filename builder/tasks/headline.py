"""Config `headline`: the text of an article without its title → the title."""

import re

import pyarrow as pa

from builder.keys import text_key
from builder.publish.learning import HEADLINE

#: 【临江新桥通车】 before a paragraph, as feeds and agencies write it.
_BRACKETED = re.compile(r"【([^【】]+)】\s*")


def headline(articles: pa.Table) -> pa.Table:
    """Rows of the config `articles` -> a row for each article that `reasons` does not leave out, in the same order."""
    kept = articles.filter(pa.array([reason is None for reason in reasons(articles)], pa.bool_()))
    titles, whole = kept["title"].to_pylist(), kept["text"].to_pylist()
    texts = [without_title(text, title) for text, title in zip(whole, titles, strict=True)]
    columns = {
        "article_id": kept["article_id"],
        "text": texts,
        "title": titles,
        "n_chars": [len(text) for text in texts],
        "title_in_text": [text_key(title) in text_key(text) for text, title in zip(texts, titles, strict=True)],
    }
    return pa.table([columns[name] for name in HEADLINE.schema.names], schema=HEADLINE.schema)


def reasons(articles: pa.Table) -> list[str | None]:
    """Why each row of the config `articles` is not in `headline`; None when it is."""
    columns = (articles[name].to_pylist() for name in ("title", "text", "partial"))
    return [_reason(title, text, partial) for title, text, partial in zip(*columns, strict=True)]


def _reason(title: str | None, text: str, partial: bool) -> str | None:
    if not title or not text_key(title):
        return "no-title"
    if partial:
        return "partial"
    left = len(without_title(text, title))
    if not left:
        return "no-text"
    return "text-not-longer-than-title" if left <= len(title) else None


def without_title(text: str, title: str) -> str:
    """
    Leave out the lines of a text that are its title, and 【title】 before a line.

    >>> without_title("【新桥通车】临江晚报讯\\n新桥通车！\\n两岸居民步行三分钟。", "新桥通车")
    '临江晚报讯\\n两岸居民步行三分钟。'
    """
    key, lines = text_key(title), []
    for line in text.split("\n"):
        opening = _BRACKETED.match(line)
        rest = line[opening.end() :] if opening and text_key(opening[1]) == key else line
        if text_key(rest) not in ("", key):
            lines.append(rest)
    return "\n".join(lines)
