"""Config `headline`: the text of an article without its title → the title."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from builder.keys import text_key
from builder.publish.configs import OF_ARTICLE
from builder.publish.learning import HEADLINE

#: 【临江新桥通车】 before a paragraph, as feeds and agencies write it.
_BRACKETED = re.compile(r"【([^【】]+)】\s*")

#: A line without a letter or digit.
_LETTERLESS = re.compile(r"^[\W_]*$", re.MULTILINE)


class Pair(NamedTuple):
    """A text, its title, and whether the title still stands in the text."""

    text: str
    title: str
    title_in_text: bool


def pairs(articles: pa.Table) -> list[Pair | str]:
    """Text and title of each row of the config `articles`, or why it is left out."""
    columns = (articles[name].to_pylist() for name in ("title", "text", "partial"))
    return [_pair(title, text, partial) for title, text, partial in zip(*columns, strict=True)]


def headline(articles: pa.Table, found: Sequence[Pair | str]) -> pa.Table:
    """Rows of the config `articles`, and their `pairs` -> a row for each that is not left out, in the same order."""
    made = [pair for pair in found if isinstance(pair, Pair)]
    kept = articles.select(OF_ARTICLE).filter(pa.array([isinstance(pair, Pair) for pair in found], pa.bool_()))
    columns: dict[str, Any] = {name: [getattr(pair, name) for pair in made] for name in Pair._fields}
    columns |= {"n_chars": [len(pair.text) for pair in made], **dict(zip(OF_ARTICLE, kept.columns, strict=True))}
    return pa.table([columns[name] for name in HEADLINE.schema.names], schema=HEADLINE.schema)


def _pair(title: str | None, text: str, partial: bool) -> Pair | str:
    if not title or not (key := text_key(title)):
        return "no-title"
    if partial:
        return "partial"
    rest, in_text = text, key in text_key(text)
    if in_text or _LETTERLESS.search(text):
        rest = without_title(text, title)
        in_text = key in text_key(rest)
    if not rest:
        return "no-text"
    return "text-not-longer-than-title" if len(rest) <= len(title) else Pair(rest, title, in_text)


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
