"""
What must hold between the values of a release: each check reads one file, and yields a sentence a kind of fault.

`Articles` are what the other configs of a shard are checked against; `Seen` is what earlier shards held.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.edges import EXACT, NEAR, TEMPLATE, UPDATE
from builder.publish.columns import array, bools
from builder.publish.faults import Found, some
from builder.publish.shards import shard_name
from builder.publish.spans import Articles, Numbering, named
from builder.publish.texts import PERSONAL, check_texts, chosen, has_personal, text_digests
from builder.records import LABEL_OF, LABELS, ROLES
from builder.tasks.learning import NEEDS, Task, reasons

#: Articles from which the rows of the learning configs are made at once.
STEP_ARTICLES = 1024

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
        left_out: by learning config, the articles that are not in it, by reason.
    """

    articles: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    clusters: dict[str, str] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    compared: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, Counter[str]] = field(default_factory=dict)

    def split_of(self, page_id: str) -> str | None:
        """The split of a published page, or of a copy; None when there is no such page."""
        shard = self.articles.get(page_id) or self.articles.get(self.copies.get(page_id, ""))
        return shard and shard.partition("-")[0]


def check_articles(rows: Iterable[pa.Table], shard: str, articles: Articles, seen: Seen) -> Iterator[str]:
    """Ids, clusters, shard, text and its paragraphs; fills `articles` and adds to `seen`."""
    found, read = Found(), [articles.table.select(NEEDS)]
    split, _, shards = shard.removesuffix(".parquet").partition("-")
    plan = {split: int(shards.rpartition("-")[2])}
    last = ""
    for table in rows:
        ids, clusters = _columns(table, "article_id", "cluster_id")
        for article, cluster in zip(ids, clusters, strict=True):
            if article in seen.articles:
                found.add("article_id stands twice", [f"{article} (also in {seen.articles[article]})"])
            if seen.clusters.setdefault(cluster, split) != split:
                other = f"{cluster} (also in {seen.clusters[cluster]})"
                found.add("cluster is in two splits, so copies leak from one to the other", [other])
            if f"{shard_name(split, article, plan)}.parquet" != shard:
                found.add("article belongs to another shard by the hash of its id", [article])
            if article < last:
                found.add("rows are not sorted by article_id", [article])
            seen.articles.setdefault(article, shard)
            last = article
        seen.texts |= zip(ids, table["text_sha256"].to_pylist(), strict=True)
        check_texts(table, ids, found)
        read.append(table.select(NEEDS).replace_schema_metadata(None))
    articles.table = pa.concat_tables(read).combine_chunks()
    yield from found.told()


def check_tokens(rows: Iterable[pa.Table], articles: Articles) -> Iterator[str]:
    """Words against the sentences in the same shard: row for row, and the words join to the sentence."""
    found, n = Found(), 0
    for table in rows:
        sentences = articles.sentences.slice(n, table.num_rows)
        n += table.num_rows
        joined = pc.binary_join(table["tokens"], "")
        same = [table[name].equals(sentences[name]) for name in ("article_id", "index")]
        if all(same) and joined.equals(sentences["text"]):
            continue
        wanted = zip(*_columns(sentences, "article_id", "index", "text"), strict=True)
        told = zip(*_columns(table, "article_id", "index"), joined.to_pylist(), strict=True)
        wrong = [f"{article} #{index}" for article, index, text in set(told) - set(wanted)]
        found.add("tokens do not join to their sentence", wrong)
        if not all(same) and not wrong:
            found.add("rows are not in the order of `sentences`", [str(table["article_id"][0])])
    yield from found.told()
    if n != articles.sentences.num_rows:
        yield f"{n} rows, the shard of `sentences` has {articles.sentences.num_rows}"


def check_blocks(rows: Iterable[pa.Table], articles: Articles, seen: Seen) -> Iterator[str]:
    """Blocks: their article and page, and labels that follow from the roles; adds to `seen`."""
    found, numbering = Found(), Numbering(articles)
    for table in rows:
        numbering.owners(table, found)
        later = pc.not_equal(table["page_id"], table["article_id"])
        first = bools(array(pc.and_(pc.equal(table["index"], 0), later)))
        found.add("first block of an article is of another page", named(table, first))
        seen.parts |= zip(*_columns(table.filter(later), "page_id", "article_id"), strict=True)
        role = pc.if_else(pc.is_in(table["role"], value_set=pa.array(range(len(ROLES)))), table["role"], None)
        wrong = pc.not_equal(table["label"], _LABEL_OF_ROLE.take(array(role)))
        found.add("label is not the coarse class of its role", named(table, bools(array(wrong))))
        ahead = pc.or_(pc.less(table["dup_of"], 0), pc.greater_equal(table["dup_of"], table["index"]))
        found.add("dup_of does not point to an earlier block", named(table, bools(array(ahead))))
        found.add(PERSONAL, named(table, has_personal(array(table["text"]))))
    yield from found.told()


def check_learning(rows: Iterable[pa.Table], task: Task, articles: Articles, seen: Seen) -> Iterator[str]:
    """Rows of a config that is made of `articles`, against what those of the same shard give; adds to `seen`."""
    made = [task.config.schema.empty_table()]
    left_out = seen.left_out.setdefault(task.config.name, Counter())
    for begin in range(0, articles.table.num_rows, STEP_ARTICLES):
        some_articles = articles.table.slice(begin, STEP_ARTICLES)
        examples = task.find(some_articles)
        left_out += reasons(examples)
        made.append(task.rows(some_articles, examples))
    wanted = pa.concat_tables(made)
    table = pa.concat_tables([made[0], *(table.replace_schema_metadata(None) for table in rows)])
    if not table.equals(wanted):
        yield from _differing(table, wanted)


def _differing(table: pa.Table, wanted: pa.Table) -> Iterator[str]:
    told, right = ({row["article_id"]: row for row in t.to_pylist()} for t in (table, wanted))
    yield from some("row of an article that the config leaves out, or of another shard", set(told) - set(right))
    yield from some("article has no row", set(right) - set(told))
    altered = [article for article, row in told.items() if article in right and row != right[article]]
    yield from some("row is not what its article gives", altered)
    if any(left >= right for left, right in pairwise(table["article_id"].to_pylist())):
        yield "rows are not sorted by article_id, one each"


def check_dropped(rows: Iterable[pa.Table], seen: Seen) -> Iterator[str]:
    """Dropped pages: each has a reason, and what was kept instead is there; adds to `seen`."""
    found = Found()
    for table in rows:
        columns = _columns(table, "source", "page_id", "reason", "kept_id", "compared_with")
        for source, page, reason, kept, compared in zip(*columns, strict=True):
            if not reason:
                found.add("page was dropped without a reason", [source])
            if kept is not None and kept not in seen.articles:
                found.add("kept_id names no published article", [f"{source} → {kept}"])
            if page is not None and kept is not None:
                seen.copies[page] = kept
            if page is not None and compared is not None:
                seen.compared[page] = compared
    yield from found.told()


def check_parts(seen: Seen) -> Iterator[str]:
    """Later pages of articles, when all shards of `blocks` and `dropped` were seen: they gave way to their article."""
    lost = [f"{page} → {article}" for page, article in seen.parts.items() if seen.copies.get(page) != article]
    yield from some("block of a page that is neither its article's nor was joined to it", lost)


def check_compared(seen: Seen) -> Iterator[str]:
    """Pages that decided over dropped ones, when all shards of `articles` and `dropped` were seen: they are there."""
    lost = [f"{page} → {o}" for page, o in seen.compared.items() if o not in seen.articles and o not in seen.copies]
    yield from some("compared_with names neither a published article nor a copy", lost)


def check_pairs(rows: Iterable[pa.Table], split: str, seen: Seen) -> Iterator[str]:
    """Pairs, when all other configs were seen: both pages are there, in the split of the pair, with their texts."""
    found = Found()
    for table in rows:
        for side in ("left", "right"):
            digests = zip(table[f"{side}_id"].to_pylist(), text_digests(array(table[f"{side}_text"])), strict=True)
            altered = [page for page, digest in digests if seen.texts.get(page, digest) != digest]
            found.add("text of a pair is not the one in `articles`", altered)
            lines = pc.split_pattern(array(table[f"{side}_text"]), "\n")
            found.add(PERSONAL, chosen(table[f"{side}_id"].to_pylist(), has_personal(lines)))
        for left, right, rule in zip(*_columns(table, "left_id", "right_id", "rule"), strict=True):
            splits = {seen.split_of(left), seen.split_of(right)}
            if None in splits:
                found.add("pair of a page that is neither published nor a copy of what is", [f"{left}, {right}"])
            elif splits != {split}:
                found.add("pair of pages of another split, so texts leak", [f"{left}, {right}"])
            if rule not in (EXACT, NEAR, UPDATE, TEMPLATE):
                found.add("pair has no known rule", [f"{left}, {right} ({rule})"])
    yield from found.told()


def _columns(table: pa.Table, *names: str) -> list[list[Any]]:
    return [table[name].to_pylist() for name in names]
