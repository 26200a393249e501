"""
What must hold between the values of a release, checked a shard at a time.

Each check yields one sentence a kind of fault, with the first rows that have it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.edges import EXACT, NEAR, TEMPLATE, UPDATE
from builder.privacy import find_personal, placeholders
from builder.publish.configs import Config
from builder.publish.features import ARTICLES, BLOCKS, CLASS_NAMES, SENTENCES
from builder.publish.shards import shard_name
from builder.records import LABEL_OF, LABELS, ROLES
from builder.tasks.learning import Task

#: Rows named in one fault; the rest are counted.
NAMED = 3

#: Columns that are never null, class labels aside; without them the other checks have nothing to go by.
REQUIRED = {
    "articles": (
        "article_id",
        "title",
        "text",
        "paragraphs",
        "paragraph_articles",
        "privacy",
        "n_chars",
        "text_sha256",
        "cluster_id",
        "cluster_size",
    ),
    "sentences": ("article_id", "index", "paragraph", "text", "start", "end", "n_chars"),
    "tokens": ("article_id", "index", "tokens"),
    "blocks": ("article_id", "index", "page_id", "text"),
    "headline": ("article_id", "text", "title", "n_chars", "title_in_text"),
    "summarization": (
        "article_id",
        "document",
        "summary",
        "kind",
        "summary_origin",
        "start",
        "end",
        "coverage",
        "density",
        "compression",
    ),
    "classification": ("article_id", "title", "text", "category", "category_origin"),
    "near_dup_pairs": ("left_id", "right_id", "rule", "left_text", "right_text", "jaccard", "containment"),
    "dropped": ("source",),
}

PERSONAL = "personal data is left, which a build of today would mask"

_LABEL_OF_ROLE = pa.array([LABELS.index(LABEL_OF[role]) for role in ROLES], pa.int64())


@dataclass(slots=True)
class Seen:
    """
    What earlier shards held.

    Attributes:
        articles, texts: shard and text_sha256 of each article.
        clusters: split of each cluster.
        copies: what each dropped page gave way to.
        compared: by dropped page, the page whose comparison decided over it.
        parts: by later page of an article over several, that article.
    """

    articles: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    clusters: dict[str, str] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    compared: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)

    def split_of(self, page_id: str) -> str | None:
        """The split of a published page, or of a copy; None when there is no such page."""
        shard = self.articles.get(page_id) or self.articles.get(self.copies.get(page_id, ""))
        return shard and shard.partition("-")[0]


def check_articles(table: pa.Table, shard: str, seen: Seen) -> Iterator[str]:
    """Ids, clusters, shard, text and its paragraphs; adds to `seen`."""
    yield from check_classes(table, ARTICLES)
    split, _, shards = shard.removesuffix(".parquet").partition("-")
    plan = {split: int(shards.rpartition("-")[2])}
    ids, clusters = _columns(table, "article_id", "cluster_id")
    twice, split_up, misplaced = [], [], []
    for article, cluster in zip(ids, clusters, strict=True):
        if article in seen.articles:
            twice.append(f"{article} (also in {seen.articles[article]})")
        if seen.clusters.setdefault(cluster, split) != split:
            split_up.append(f"{cluster} (also in {seen.clusters[cluster]})")
        if f"{shard_name(split, article, plan)}.parquet" != shard:
            misplaced.append(article)
        seen.articles.setdefault(article, shard)
    yield from some("article_id stands twice", twice)
    yield from some("cluster is in two splits, so copies leak from one to the other", split_up)
    yield from some("article belongs to another shard by the hash of its id", misplaced)
    if any(left > right for left, right in pairwise(ids)):
        yield "rows are not sorted by article_id"
    seen.texts |= zip(ids, table["text_sha256"].to_pylist(), strict=True)
    yield from _check_texts(table, ids)


def _check_texts(table: pa.Table, ids: Sequence[str]) -> Iterator[str]:
    columns = _columns(
        table, "text", "n_chars", "text_sha256", "paragraphs", "privacy", "paragraph_articles", "description"
    )
    lengthy, altered, torn, unmasked, miscounted, personal = [], [], [], [], [], []
    for article, text, n, digest, spans, private, shared, description in zip(ids, *columns, strict=True):
        if any(find_personal(line) for line in (*text.split("\n"), description or "")):
            personal.append(article)
        if private != [span._asdict() for span in placeholders(text)]:
            unmasked.append(article)
        if len(text) != n:
            lengthy.append(f"{article} ({n}, has {len(text)})")
        if sha256(text.encode()).hexdigest() != digest:
            altered.append(article)
        if len(shared) != len(spans) or min(shared, default=1) < 1:
            miscounted.append(article)
        if [text[span["start"] : span["end"]] for span in spans] != (text.split("\n") if text else []):
            torn.append(article)
    yield from some("n_chars is not the length of text", lengthy)
    yield from some("text is not the one that text_sha256 was taken of", altered)
    yield from some("paragraph_articles is not a count a paragraph", miscounted)
    yield from some("paragraphs are not the lines of text", torn)
    silent = pc.fill_null(pc.equal(pc.list_value_length(table["robots"]), 0), False)
    yield from some(
        "robots is empty, where null says that a page states nothing", table["article_id"].filter(silent).to_pylist()
    )
    yield from some("privacy is not the placeholders in text", unmasked)
    yield from some(PERSONAL, personal)


def check_sentences(table: pa.Table, texts: Mapping[str, str]) -> Iterator[str]:
    """Sentences against the texts of the articles in the same shard."""
    yield from check_classes(table, SENTENCES)
    yield from _check_owners(table, texts)
    ids, indexes, sentences, starts, ends = _columns(table, "article_id", "index", "text", "start", "end")
    wrong = [
        f"{article} #{index}"
        for article, index, sentence, start, end in zip(ids, indexes, sentences, starts, ends, strict=True)
        if article in texts and texts[article][start:end] != sentence
    ]
    yield from some("sentence is not text[start:end] of its article", wrong)


def check_tokens(table: pa.Table, sentences: Mapping[tuple[str, int], str]) -> Iterator[str]:
    """Words against the sentences in the same shard: one row each, and the words join to the sentence."""
    rows = list(zip(*_columns(table, "article_id", "index", "tokens"), strict=True))
    wrong = [
        f"{article} #{index}" for article, index, words in rows if sentences.get((article, index)) != "".join(words)
    ]
    yield from some("tokens do not join to their sentence", wrong)
    if len(rows) != len(sentences):
        yield f"{len(rows)} rows, the shard of `sentences` has {len(sentences)}"


def check_blocks(table: pa.Table, texts: Mapping[str, str], seen: Seen) -> Iterator[str]:
    """Blocks: their article and page, and labels that follow from the roles; adds to `seen`."""
    yield from check_classes(table, BLOCKS)
    yield from _check_owners(table, texts)
    first = pc.and_(pc.equal(table["index"], 0), pc.not_equal(table["page_id"], table["article_id"]))
    yield from some("first block of an article is of another page", _names(table, first))
    later = table.filter(pc.not_equal(table["page_id"], table["article_id"]))
    seen.parts |= zip(*_columns(later, "page_id", "article_id"), strict=True)
    role = pc.if_else(pc.is_in(table["role"], value_set=pa.array(range(len(ROLES)))), table["role"], None)
    wrong = pc.not_equal(table["label"], _LABEL_OF_ROLE.take(role.combine_chunks()))
    yield from some("label is not the coarse class of its role", _names(table, wrong))
    earlier = pc.and_(pc.greater_equal(table["dup_of"], 0), pc.less(table["dup_of"], table["index"]))
    yield from some("dup_of does not point to an earlier block", _names(table, pc.invert(earlier)))
    lines = {line for line in pc.unique(table["text"]).to_pylist() if find_personal(line)}
    personal = pc.is_in(table["text"], value_set=pa.array(sorted(lines), pa.string()))
    yield from some(PERSONAL, _names(table, personal))


def check_learning(table: pa.Table, task: Task, articles: pa.Table) -> Iterator[str]:
    """Rows of a config that is made of `articles`, against what those of the same shard give."""
    rows, wanted = ({row["article_id"]: row for row in t.to_pylist()} for t in (table, task.make(articles)))
    yield from some("row of an article that the config leaves out, or of another shard", set(rows) - set(wanted))
    yield from some("article has no row", set(wanted) - set(rows))
    altered = [article for article, row in rows.items() if article in wanted and row != wanted[article]]
    yield from some("row is not what its article gives", altered)
    ids = table["article_id"].to_pylist()
    if any(left >= right for left, right in pairwise(ids)):
        yield "rows are not sorted by article_id, one each"


def check_dropped(table: pa.Table, seen: Seen) -> Iterator[str]:
    """Dropped pages: each has a reason, and what was kept instead is there; adds to `seen`."""
    rows = list(zip(*_columns(table, "source", "reason", "kept_id"), strict=True))
    copies = zip(*_columns(table, "page_id", "kept_id"), strict=True)
    seen.copies |= {page: kept for page, kept in copies if page is not None and kept is not None}
    compared = zip(*_columns(table, "page_id", "compared_with"), strict=True)
    seen.compared |= {page: other for page, other in compared if page is not None and other is not None}
    yield from some("page was dropped without a reason", [source for source, reason, _ in rows if not reason])
    lost = [f"{source} → {keep}" for source, _, keep in rows if keep is not None and keep not in seen.articles]
    yield from some("kept_id names no published article", lost)


def check_parts(seen: Seen) -> Iterator[str]:
    """Later pages of articles, when all shards of `blocks` and `dropped` were seen: they gave way to their article."""
    lost = [f"{page} → {article}" for page, article in seen.parts.items() if seen.copies.get(page) != article]
    yield from some("block of a page that is neither its article's nor was joined to it", lost)


def check_compared(seen: Seen) -> Iterator[str]:
    """Pages that decided over dropped ones, when all shards of `articles` and `dropped` were seen: they are there."""
    lost = [f"{page} → {o}" for page, o in seen.compared.items() if o not in seen.articles and o not in seen.copies]
    yield from some("compared_with names neither a published article nor a copy", lost)


def check_pairs(table: pa.Table, split: str, seen: Seen) -> Iterator[str]:
    """Pairs, when all other configs were seen: both pages are there, in the split of the pair, with their texts."""
    lost, straddling, ruled, altered = [], [], [], []
    for side in ("left", "right"):
        for page, text in zip(*_columns(table, f"{side}_id", f"{side}_text"), strict=True):
            if page in seen.texts and sha256(text.encode()).hexdigest() != seen.texts[page]:
                altered.append(page)
    yield from some("text of a pair is not the one in `articles`", altered)
    for left, right, rule in zip(*_columns(table, "left_id", "right_id", "rule"), strict=True):
        splits = {seen.split_of(left), seen.split_of(right)}
        if None in splits:
            lost.append(f"{left}, {right}")
        elif splits != {split}:
            straddling.append(f"{left}, {right}")
        if rule not in (EXACT, NEAR, UPDATE, TEMPLATE):
            ruled.append(f"{left}, {right} ({rule})")
    yield from some("pair of a page that is neither published nor a copy of what is", lost)
    yield from some("pair of pages of another split, so texts leak", straddling)
    yield from some("pair has no known rule", ruled)


def check_classes(table: pa.Table, config: Config) -> Iterator[str]:
    """Class labels, also inside lists: none missing, none out of range."""
    for column in config.schema.names:
        for name, values in _class_values(column, table[column].combine_chunks()):
            n = len(CLASS_NAMES[name.rpartition(".")[2]])
            outside = pc.fill_null(pc.or_(pc.less(values, 0), pc.greater_equal(values, n)), True)
            if wrong := values.filter(outside).to_pylist():
                yield f"column '{name}' holds {wrong[0]} and {len(wrong) - 1} more outside its {n} classes"


def _class_values(path: str, values: pa.Array) -> Iterator[tuple[str, pa.Array]]:
    if isinstance(values, pa.ChunkedArray):  # a column without a chunk
        return
    if pa.types.is_list(values.type):
        yield from _class_values(path, pc.list_flatten(values))
    elif pa.types.is_struct(values.type):
        for member, array in zip(values.type, values.flatten(), strict=True):
            yield from _class_values(f"{path}.{member.name}", array)
    elif path.rpartition(".")[2] in CLASS_NAMES and pa.types.is_integer(values.type):
        yield path, values


def _check_owners(table: pa.Table, texts: Mapping[str, str]) -> Iterator[str]:
    """Every row belongs to an article of the same shard; rows of one stand together, numbered from 0 without a gap."""
    owners = table["article_id"].combine_chunks().dictionary_encode()
    ids = owners.dictionary.to_pylist()
    yield from some("row of an article that is not in the same shard of `articles`", set(ids).difference(texts))
    codes, index = owners.indices.to_numpy(), table["index"].to_numpy()
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    counted = np.arange(len(codes)) - np.repeat(starts, np.diff(starts, append=len(codes)))
    broken = codes[index != counted] if len(starts) == len(ids) else codes[starts]
    yield from some("rows of an article are not numbered from 0 in order", {ids[code] for code in broken})


def _names(table: pa.Table, mask: pa.ChunkedArray) -> list[str]:
    """Name the rows where the mask is true."""
    found = table.select(["article_id", "index"]).filter(mask)
    return [f"{row['article_id']} #{row['index']}" for row in found.to_pylist()]


def some(what: str, found: Iterable[str]) -> Iterator[str]:
    """One sentence for all rows with the same fault, naming the first few; nothing when there are none."""
    listed = sorted(found)
    if listed:
        more = f" and {len(listed) - NAMED} more" if len(listed) > NAMED else ""
        yield f"{what}: {', '.join(listed[:NAMED])}{more}"


def _columns(table: pa.Table, *names: str) -> list[list[Any]]:
    return [table[name].to_pylist() for name in names]
