"""
What must hold within an article, and in the rows made of it: each check reads one file, and yields a sentence a fault.

`Articles` are what the other configs of a shard are checked against; `Seen` is what is told when all shards were seen.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from builder.publish.columns import array, bools, rows_of
from builder.publish.faults import Found, some
from builder.publish.ids import Elsewhere
from builder.publish.lines import Lines
from builder.publish.made import Made
from builder.publish.seen import Seen
from builder.publish.shard_names import shard_name
from builder.publish.spans import Articles, Numbering, named
from builder.publish.texts import PERSONAL, check_texts, has_personal
from builder.records import LABEL_OF, LABELS, ROLES, page_id
from builder.tasks.learning import NEEDS, Task, reasons
from builder.words import keywords

#: Articles from which the rows of the learning configs are made at once.
STEP_ARTICLES = 1024

#: The columns of `articles` that the other configs are checked against.
KEPT = (*NEEDS, "footer", "captions", "keywords")

_LABEL_OF_ROLE = pa.array([LABELS.index(LABEL_OF[role]) for role in ROLES], pa.int64())


def check_articles(
    rows: Iterable[pa.Table], shard: str, articles: Articles, elsewhere: Elsewhere, seen: Seen, how: Made
) -> Iterator[str]:
    """Ids, clusters, shard, text and its paragraphs; fills `articles` and adds to `seen`."""
    found, read = Found(), [articles.table.select(KEPT)]
    begin, last = 0, ""
    for table in rows:
        ids = table["article_id"].to_pylist()
        _check_ids(table, shard, last, elsewhere.rows_from(begin), found)
        begin, last = begin + len(ids), ids[-1]
        seen.add_sides(table)
        check_texts(table, ids, found, how)
        _check_pages(table, found)
        read.append(table.select(KEPT).replace_schema_metadata(None))
    articles.table = pa.concat_tables(read).combine_chunks()
    yield from found.told()


def _check_ids(table: pa.Table, shard: str, last: str, elsewhere: Elsewhere, found: Found) -> None:
    """Ids of articles that follow on `last`: each once, in its shard, in order, and its cluster in no other split."""
    name = shard.removesuffix(".parquet")
    split, _, shards = name.partition("-")
    plan = {split: int(shards.rpartition("-")[2])}
    for row, (article, cluster) in enumerate(rows_of(table, "article_id", "cluster_id")):
        if row in elsewhere.articles:
            found.add("article_id stands twice", [f"{article} (also in {elsewhere.articles[row]})"])
        if row in elsewhere.clusters:
            other = f"{cluster} (also in {elsewhere.clusters[row]})"
            found.add("cluster is in two splits, so copies leak from one to the other", [other])
        if shard_name(split, article, plan) != name:
            found.add("article belongs to another shard by the hash of its id", [article])
        if article < last:
            found.add("rows are not sorted by article_id", [article])
        last = article


def _check_pages(table: pa.Table, found: Found) -> None:
    """The page of an article: it has its id, which is a hash of where it was read, if that is known, and its bytes."""
    for article, page, url, raw in rows_of(table, "article_id", "page_id", "url", "raw_sha256"):
        if page != article:
            found.add("article_id is not the page_id of its (first) page", [article])
        if page not in (page_id(url, raw), page_id(None, raw)):
            found.add("page_id is not the hash of url and raw_sha256", [article])


def check_tokens(rows: Iterable[pa.Table], articles: Articles, how: Made) -> Iterator[str]:
    """Words against the sentences in the same shard: row for row, they join to it; no keywords where they give some."""
    found, n = Found(), 0
    bare = articles.ids.filter(pc.equal(pc.list_value_length(array(articles.table["keywords"])), 0))
    for table in rows:
        if len(bare) and how.keywords and not how.own_stop_words:
            of_bare = table.filter(pc.is_in(table["article_id"], value_set=bare))
            wordy = {article for article, words in rows_of(of_bare, "article_id", "tokens") if keywords(words, 1)}
            found.add("keywords are empty, and its words give some", sorted(wordy))
        sentences = articles.sentences.slice(n, table.num_rows)
        n += table.num_rows
        joined = pc.binary_join(table["tokens"], "")
        same = [table[name].equals(sentences[name]) for name in ("article_id", "index")]
        if all(same) and joined.equals(sentences["text"]):
            continue
        wanted = rows_of(sentences, "article_id", "index", "text")
        told = zip(*(table[name].to_pylist() for name in ("article_id", "index")), joined.to_pylist(), strict=True)
        wrong = [f"{article} #{index}" for article, index, text in set(told) - set(wanted)]
        found.add("tokens do not join to their sentence", wrong)
        if not all(same) and not wrong:
            found.add("rows are not in the order of `sentences`", [str(table["article_id"][0])])
    yield from found.told()
    if n != articles.sentences.num_rows:
        yield f"{n} rows, the shard of `sentences` has {articles.sentences.num_rows}"


def check_blocks(rows: Iterable[pa.Table], articles: Articles, seen: Seen, how: Made) -> Iterator[str]:
    """Blocks: their article and page, the lines of its text, labels that follow from roles; adds to `seen`."""
    found, numbering, lines = Found(), Numbering(articles), Lines(articles)
    for table in rows:
        lines.add(table, numbering.owners(table, found))
        later = pc.not_equal(table["page_id"], table["article_id"])
        first = bools(array(pc.and_(pc.equal(table["index"], 0), later)))
        found.add("first block of an article is of another page", named(table, first))
        seen.parts |= dict(rows_of(table.filter(later), "page_id", "article_id"))
        role = pc.if_else(pc.is_in(table["role"], value_set=pa.array(range(len(ROLES)))), table["role"], None)
        wrong = pc.not_equal(table["label"], _LABEL_OF_ROLE.take(array(role)))
        found.add("label is not the coarse class of its role", named(table, bools(array(wrong))))
        ahead = pc.or_(pc.less(table["dup_of"], 0), pc.greater_equal(table["dup_of"], table["index"]))
        found.add("dup_of does not point to an earlier block", named(table, bools(array(ahead))))
        more = pc.greater(table["link_chars"], pc.utf8_length(table["text"]))
        found.add("link_chars are more than the block has", named(table, bools(array(more))))
        found.add(PERSONAL, named(table, has_personal(array(table["text"]))))
    lines.tell(found, captions=how.by_this_code)
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
