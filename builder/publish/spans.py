"""Whose the rows of `sentences` and `blocks` are, and whether sentences are the text of their articles."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.keys import code_points
from builder.dedup.ragged import I64, U32, Bools
from builder.publish.columns import array, bools, column, filled
from builder.publish.faults import Found
from builder.publish.features import SENTENCES
from builder.sentences import in_quote

#: Rows whose code points are compared together; they stay in the cache.
STEP_ROWS = 8192

_BLANK = np.array([code for code in range(0x3001) if chr(code).isspace()], np.uint32)


@dataclass
class Articles:
    """
    The articles of one shard, as the other configs of that shard are checked against them.

    Attributes:
        table: rows of the config `articles`, cut to the columns needed, in one chunk.
        sentences: what was read of the config `sentences`, once it was checked.
    """

    table: pa.Table
    sentences: pa.Table = field(default_factory=SENTENCES.schema.empty_table)

    @cached_property
    def ids(self) -> pa.Array:
        """Ids of the articles, in the order of the file."""
        return array(self.table["article_id"])

    @cached_property
    def texts(self) -> tuple[U32, I64]:
        """Code points of all texts, end to end, and the offsets of the texts in them, shape (articles + 1,)."""
        return code_points(array(self.table["text"]))


class Numbering:
    """Rows of a config that has several an article: those of one stand together, in order, numbered from 0."""

    def __init__(self, articles: Articles) -> None:
        self._articles = articles
        self._last: pa.Scalar = pa.scalar("", pa.string())
        self._next = 0

    def owners(self, rows: pa.Table, found: Found) -> I64:
        """Return the number of the article of each row that comes next, -1 for none, shape (rows,)."""
        ids, index = array(rows["article_id"]), column(rows, "index")
        changed = np.ones(len(ids), np.bool_)
        changed[1:] = bools(pc.not_equal(ids[1:], ids[:-1]))
        starts = np.flatnonzero(changed)
        counts = np.diff(starts, append=len(ids))
        heads = ids.take(pa.array(starts))
        goes_on = heads[0].equals(self._last)
        counted = np.arange(len(ids)) - np.repeat(starts, counts)
        if goes_on:
            counted[: counts[0]] += self._next
        wrong = index != counted
        before = pa.concat_arrays([pa.array([self._last.as_py()]), heads[:-1]])
        sorted_ = bools(pc.less(before, heads))
        sorted_[0] |= goes_on
        wrong[starts] |= ~sorted_
        if wrong.any():
            again = pc.unique(ids.filter(pa.array(wrong))).to_pylist()
            found.add("rows of an article are not numbered from 0 in order", again)
        self._last, self._next = heads[-1], int(counted[-1]) + 1
        home = pc.fill_null(pc.index_in(heads, value_set=self._articles.ids), -1).to_numpy(zero_copy_only=False)
        found.add(
            "row of an article that is not in the same shard of `articles`",
            heads.filter(pa.array(home < 0)).to_pylist(),
        )
        return np.repeat(home.astype(np.int64), counts)


def check_sentences(rows: Iterable[pa.Table], articles: Articles) -> Iterator[str]:
    """
    Sentences against the articles of the same shard: together they are the text but for blanks between them.

    Whether anything is wrong is told from code points, thousands of sentences at once; what, sentence by sentence.
    """
    found, numbering = Found(), Numbering(articles)
    read = [articles.sentences]
    at: int | None = 0
    for table in rows:
        read.append(table.replace_schema_metadata(None))
        for begin in range(0, table.num_rows, STEP_ROWS):
            part = table.slice(begin, STEP_ROWS).combine_chunks()
            owner = numbering.owners(part, found)
            _check_places(part, owner, articles, found)
            at = None if at is None else _read_on(part, owner, articles, at)
    articles.sentences = pa.concat_tables(read).select(["article_id", "index", "start", "end", "text", "in_quote"])
    if at is None or not _is_blank(articles.texts[0][at:]):
        _tell_spans(articles, found)
    else:
        found.add("in_quote is not what the text gives", named(articles.sentences, _misquoted(articles)))
    yield from found.told()


def _check_places(part: pa.Table, owner: I64, articles: Articles, found: Found) -> None:
    """Length, paragraph and role of each sentence."""
    start, end, paragraph = (column(part, name) for name in ("start", "end", "paragraph"))
    found.add("n_chars is not the length of the sentence", named(part, column(part, "n_chars") != end - start))
    lists = array(articles.table["paragraphs"])
    offsets, spans = lists.offsets.to_numpy(), lists.values
    place = offsets[owner] + paragraph
    known = (owner >= 0) & (paragraph >= 0) & (place < offsets[owner + 1])
    role, first, last = (filled(spans.field(name))[place[known]] for name in ("role", "start", "end"))
    known[known] = (start[known] >= first) & (start[known] < last) & (column(part, "role")[known] == role)
    wrong = ~known & (owner >= 0)
    found.add("paragraph and role are not those that the sentence begins in", named(part, wrong))


def _read_on(part: pa.Table, owner: I64, articles: Articles, at: int) -> int | None:
    """Return where in the texts of the shard sentences end that go on at `at`, blanks aside; None when they do not."""
    texts, offsets = articles.texts
    begin, end = (offsets[owner] + column(part, name) for name in ("start", "end"))
    in_order = (begin[1:] >= end[:-1]).all() and (begin < end).all() and begin[0] >= at
    if not (in_order and (owner >= 0).all() and (end <= offsets[owner + 1]).all()):
        return None
    sentences, ends = code_points(array(part["text"]))
    stretch = texts[at : end[-1]]
    edges = np.zeros(len(stretch) + 1, np.int8)
    edges[begin - at] = 1
    edges[end - at] -= 1
    inside = np.cumsum(edges[:-1], dtype=np.int8).astype(np.bool_)
    same = np.array_equal(np.diff(ends), end - begin) and np.array_equal(stretch[inside], sentences)
    return int(end[-1]) if same and _is_blank(stretch[~inside]) else None


def _is_blank(characters: U32) -> bool:
    return bool(np.isin(characters, _BLANK).all())


def _misquoted(articles: Articles) -> Bools:
    """True for the sentences of which `in_quote` is not so; they are the whole text, in the order of the articles."""
    columns = (articles.sentences[name].to_pylist() for name in ("article_id", "start", "end"))
    spans: dict[str, list[tuple[int, int]]] = {}
    for article, start, end in zip(*columns, strict=True):
        spans.setdefault(article, []).append((start, end))
    texts = dict(zip(articles.ids.to_pylist(), articles.table["text"].to_pylist(), strict=True))
    quoted = [flag for article, its in spans.items() for flag in in_quote(texts[article], its)]
    wrong: Bools = np.array(quoted, np.bool_) != bools(array(articles.sentences["in_quote"]))
    return wrong


def _tell_spans(articles: Articles, found: Found) -> None:
    """Which sentences are not where they say, and which text is in none."""
    texts = dict(zip(articles.ids.to_pylist(), articles.table["text"].to_pylist(), strict=True))
    reached = dict.fromkeys(texts, 0)
    for row in articles.sentences.to_pylist():
        article, start, end = row["article_id"], row["start"], row["end"]
        if article not in texts:
            continue
        name, before = f"{article} #{row['index']}", reached[article]
        if texts[article][start:end] != row["text"]:
            found.add("sentence is not text[start:end] of its article", [name])
        elif start < before:
            found.add("sentence begins before the one ahead of it ends", [name])
        elif texts[article][before:start].strip():
            found.add("text before the sentence is in no sentence", [name])
        reached[article] = max(before, end)
    found.add("text at the end is in no sentence", [i for i, text in texts.items() if text[reached[i] :].strip()])


def named(table: pa.Table, wrong: npt.NDArray[np.bool_]) -> list[str]:
    """Name the rows where `wrong` is true."""
    if not wrong.any():
        return []
    rows = table.select(["article_id", "index"]).filter(pa.array(wrong)).to_pylist()
    return [f"{row['article_id']} #{row['index']}" for row in rows]
