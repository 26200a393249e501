"""Traps in the columns and rows of a release."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.publish.mutations import (
    ARTICLES,
    BLOCKS,
    DROPPED,
    NOWHERE,
    PAIRS,
    SENTENCES,
    TEST,
    TOKENS,
    TRAIN,
    Change,
    Mutation,
    agree,
    cell,
    edit_json,
    in_columns,
    in_rows,
    of_file,
    of_value,
    put,
    write_rows,
)


def new_list_form(table: pa.Table) -> pa.Table:
    """The features as `datasets` 4 and 5 write them, which 2.21 and 3.6 do not load."""
    told = json.loads(table.schema.metadata[b"huggingface"])
    features = told["info"]["features"]
    for name, feature in features.items():
        if isinstance(feature, list):
            features[name] = {"feature": feature[0], "_type": "List"}
    return table.replace_schema_metadata({"huggingface": json.dumps(told)})


def other_class_order(table: pa.Table) -> pa.Table:
    text = table.schema.metadata[b"huggingface"].replace(b'"title", "subtitle"', b'"subtitle", "title"')
    return table.replace_schema_metadata({b"huggingface": text})


def as_pandas_writes(table: pa.Table) -> pa.Table:
    """large_string, as pandas 3 writes text."""
    i = table.schema.get_field_index("text")
    return table.set_column(i, "text", table["text"].cast(pa.large_string()))


def with_map(table: pa.Table) -> pa.Table:
    i = table.schema.get_field_index("tag")
    maps = pa.array([[("path", tag)] for tag in table["tag"].to_pylist()], pa.map_(pa.string(), pa.string()))
    return table.set_column(i, "tag", maps)


def article_of_two_splits(release: Path) -> None:
    row = pq.read_table(release / f"articles/{TEST}").slice(0, 1)
    write_rows(release, ARTICLES, lambda table: pa.concat_tables([table, row]).sort_by("article_id"))
    agree(release)


def cluster_of_two_splits(release: Path) -> None:
    cluster = cell(release, f"articles/{TEST}", "cluster_id")
    write_rows(release, ARTICLES, lambda table: put(table, "cluster_id", 0, cluster))
    agree(release)


def pair_of_two_splits(release: Path) -> None:
    page = cell(release, f"articles/{TEST}", "page_id")
    write_rows(release, PAIRS, lambda table: put(table, "right_id", 0, page))
    agree(release)


def without_a_file(name: str) -> Change:
    """Take a file out of the folder and out of the manifest."""

    def remove(release: Path) -> None:
        (release / name).unlink()
        edit_json(release / "manifest.json", lambda m: m["files"].remove(of_file(m, name)))
        agree(release)

    return remove


def reversed_rows(table: pa.Table) -> pa.Table:
    return table.take(pa.array(np.arange(table.num_rows)[::-1]))


def text_rewritten(table: pa.Table) -> pa.Table:
    return put(table, "text", 0, table["text"][0].as_py().replace("。", "."))


IN_ROWS: tuple[Mutation, ...] = (
    # Columns
    in_columns(
        "a shard without class names",
        "huggingface metadata of blocks removed",
        BLOCKS,
        lambda t: t.replace_schema_metadata(None),
        "class names would be lost",
        metadata=False,
    ),
    in_columns(
        "class names in another order in a shard",
        "two names of blocks.role swapped",
        BLOCKS,
        other_class_order,
        "its `huggingface` metadata is not that of the config",
        metadata=False,
    ),
    in_columns(
        "list types in the new form in a shard",
        "_type: List in the metadata of articles",
        ARTICLES,
        new_list_form,
        "its `huggingface` metadata is not that of the config",
        metadata=False,
    ),
    in_columns(
        "a column too many",
        "articles.channel added",
        ARTICLES,
        lambda t: t.append_column("channel", pa.nulls(t.num_rows, pa.string())),
        "column 'channel' is not in the config's schema",
    ),
    in_columns(
        "the index of pandas as a column",
        "articles.__index_level_0__ added",
        ARTICLES,
        lambda t: t.append_column("__index_level_0__", pa.array(range(t.num_rows))),
        "column '__index_level_0__' is not in the config's schema",
    ),
    in_columns(
        "a later shard that lacks a column",
        "articles.outlet removed in the last shard",
        "articles/train-00003-of-00004.parquet",
        lambda t: t.drop_columns(["outlet"]),
        "column 'outlet' is missing; a loader would fill it with nulls",
    ),
    in_columns(
        "a column of another type",
        "blocks.index as int64",
        BLOCKS,
        lambda t: t.set_column(1, "index", t["index"].cast(pa.int64())),
        "column 'index' is int64, not int32",
    ),
    in_columns(
        "large_string, as pandas 3 writes",
        "articles.text as large_string",
        ARTICLES,
        as_pandas_writes,
        "column 'text' is large_string, not string",
    ),
    in_columns(
        "the Arrow type map, which no loader takes",
        "blocks.tag as map",
        BLOCKS,
        with_map,
        "column 'tag' is map<",
    ),
    in_columns(
        "times of another unit",
        "articles.fetched_at in ms",
        ARTICLES,
        lambda t: t.set_column(
            t.schema.get_field_index("fetched_at"), "fetched_at", t["fetched_at"].cast(pa.timestamp("ms", "UTC"))
        ),
        "column 'fetched_at' is timestamp[ms, tz=UTC]",
    ),
    in_columns(
        "columns in another order",
        "columns of blocks reversed",
        BLOCKS,
        lambda t: t.select(list(reversed(t.column_names))),
        "columns in another order",
    ),
    in_columns(
        "nulls where none may be",
        "articles.text of a row = None",
        ARTICLES,
        lambda t: put(t, "text", 0, None),
        "column 'text' holds 1 nulls",
    ),
    Mutation(
        "a file without rows",
        "all rows of sentences removed",
        lambda release: write_rows(release, f"sentences/{TEST}", lambda t: t.slice(0, 0)),
        f"sentences/{TEST}",
        "holds no rows",
    ),
    # Class labels
    of_value("a label out of range", BLOCKS, "role", 12, "column 'role' holds 12 and 0 more outside its 12 classes"),
    of_value("a label that is missing", SENTENCES, "role", None, "column 'role' holds None"),
    of_value(
        "a label out of range inside a list",
        ARTICLES,
        "paragraphs",
        [{"role": -1, "start": 0, "end": 1}],
        "column 'paragraphs.role' holds -1",
    ),
    of_value("a coarse label that is not the role's", BLOCKS, "label", 0, "label is not the coarse class of its role"),
    # Articles
    in_rows(
        "an id twice",
        "last row of articles repeated",
        ARTICLES,
        lambda t: pa.concat_tables([t, t.slice(t.num_rows - 1)]),
        "article_id stands twice",
    ),
    Mutation(
        "an article in two splits",
        "first test row in train too",
        article_of_two_splits,
        ARTICLES,
        "article_id stands twice",
        agrees=True,
    ),
    Mutation(
        "a cluster in two splits",
        "cluster_id of a test row in train",
        cluster_of_two_splits,
        ARTICLES,
        "cluster is in two splits",
        agrees=True,
    ),
    of_value(
        "an article in another shard",
        ARTICLES,
        "article_id",
        "0" * 16,
        "article belongs to another shard by the hash of its id",
    ),
    in_rows(
        "rows in another order",
        "rows of articles reversed",
        ARTICLES,
        reversed_rows,
        "rows are not sorted by article_id",
    ),
    in_rows(
        "a text rewritten",
        "。 → . in a text",
        ARTICLES,
        text_rewritten,
        "text is not the one that text_sha256 was taken of",
    ),
    of_value("a wrong length", ARTICLES, "n_chars", 7, "n_chars is not the length of text"),
    of_value(
        "paragraphs that do not tile the text",
        ARTICLES,
        "paragraphs",
        [{"role": 4, "start": 0, "end": 1}],
        "paragraphs are not the lines of text",
    ),
    in_rows(
        "offsets off by one",
        "starts of articles.paragraphs + 1",
        ARTICLES,
        lambda t: put(t, "paragraphs", 0, [span | {"start": span["start"] + 1} for span in t["paragraphs"][0].as_py()]),
        "paragraphs are not the lines of text",
    ),
    of_value(
        "another lede than that of the text",
        ARTICLES,
        "lede",
        ["另一篇"],
        "lede and body are not the paragraphs of text",
    ),
    of_value(
        "a paragraph's count too few",
        ARTICLES,
        "paragraph_articles",
        [1],
        "paragraph_articles is not a count a paragraph",
    ),
    of_value(
        "a paragraph said to stand elsewhere",
        ARTICLES,
        "paragraph_articles",
        [1, 1, 5],
        "paragraph_articles is not in how many articles a paragraph stands",
        "articles",
    ),
    of_value(
        "a placeholder that privacy does not know",
        ARTICLES,
        "privacy",
        [{"kind": "qq", "start": 0, "end": 4}],
        "privacy is not the placeholders in text",
    ),
    of_value("no robots directive where null says so", ARTICLES, "robots", [], "robots is empty, where null says"),
    # Personal data
    of_value("personal data in a text", ARTICLES, "text", "报料请拨手机：13800001234", "personal data is left"),
    of_value(
        "personal data beside the text",
        ARTICLES,
        "footer",
        ["编辑邮箱：chen@linjiang.example.cn"],
        "personal data is left",
    ),
    of_value("personal data in a block", BLOCKS, "text", "报料请拨手机：13800001234", "personal data is left"),
    of_value("personal data in a pair", PAIRS, "right_text", "报料请拨手机：13800001234", "personal data is left"),
    # Sentences and tokens
    of_value("offsets of a sentence", SENTENCES, "start", 1, "sentence is not text[start:end] of its article"),
    of_value(
        "a sentence of another wording", SENTENCES, "text", "桥通了。", "sentence is not text[start:end] of its article"
    ),
    of_value("a wrong length of a sentence", SENTENCES, "n_chars", 1, "n_chars is not the length of the sentence"),
    of_value(
        "a sentence in another paragraph",
        SENTENCES,
        "paragraph",
        2,
        "paragraph and role are not those that the sentence begins in",
    ),
    of_value(
        "a sentence of another role",
        SENTENCES,
        "role",
        4,
        "paragraph and role are not those that the sentence begins in",
    ),
    in_rows(
        "a sentence lost",
        "first row of sentences removed",
        SENTENCES,
        lambda t: t.slice(1),
        "rows of an article are not numbered from 0 in order",
    ),
    in_rows(
        "text in no sentence",
        "last row of sentences removed",
        SENTENCES,
        lambda t: t.slice(0, t.num_rows - 1),
        "text at the end is in no sentence",
    ),
    Mutation(
        "all sentences of a shard lost, unlisted",
        "sentences removed, also from the manifest",
        without_a_file(f"sentences/{TEST}"),
        f"sentences/{TEST}",
        "text at the end is in no sentence",
        agrees=True,
    ),
    in_rows(
        "rows of an article that is not there",
        "first row of articles removed",
        ARTICLES,
        lambda t: t.slice(1),
        "row of an article that is not in the same shard",
        SENTENCES,
    ),
    of_value(
        "words that are not the sentence's", TOKENS, "tokens", ["桥", "通"], "tokens do not join to their sentence"
    ),
    in_rows(
        "words of a sentence lost",
        "last row of tokens removed",
        TOKENS,
        lambda t: t.slice(0, t.num_rows - 1),
        "rows, the shard of `sentences` has",
    ),
    # Blocks
    of_value("a copy that points ahead", BLOCKS, "dup_of", 5, "dup_of does not point to an earlier block"),
    in_rows(
        "blocks in another order",
        "rows of blocks reversed",
        BLOCKS,
        reversed_rows,
        "rows of an article are not numbered from 0 in order",
    ),
    of_value(
        "a block of a page that is nowhere",
        BLOCKS,
        "page_id",
        NOWHERE,
        "first block of an article is of another page",
    ),
    in_rows(
        "a block of a page that was not joined",
        "blocks.page_id of the second row = 'ffffffffffffffff'",
        BLOCKS,
        lambda t: put(t, "page_id", 1, NOWHERE),
        "block of a page that is neither its article's nor was joined to it",
        "blocks",
    ),
    # Learning tasks
    of_value(
        "a summary that is not the article's",
        f"summarization/{TRAIN}",
        "summary",
        "桥通了。",
        "row is not what its article gives",
    ),
    of_value(
        "a measure that is not the summary's",
        f"summarization/{TRAIN}",
        "density",
        9.0,
        "row is not what its article gives",
    ),
    in_rows(
        "a headline lost",
        "first row of headline removed",
        f"headline/{TRAIN}",
        lambda t: t.slice(1),
        "article has no row",
    ),
    Mutation(
        "a shard of headlines lost, unlisted",
        "headline removed, also from the manifest",
        without_a_file(f"headline/{TEST}"),
        f"headline/{TEST}",
        "article has no row",
        agrees=True,
    ),
    of_value(
        "a channel of nowhere",
        f"classification/{TRAIN}",
        "article_id",
        "0" * 16,
        "row of an article that the config leaves out, or of another shard",
    ),
    in_rows(
        "pairs of text and title in another order",
        "rows of headline reversed",
        f"headline/{TRAIN}",
        reversed_rows,
        "rows are not sorted by article_id",
    ),
    # Pairs and dropped pages
    of_value(
        "a pair of a page that is nowhere",
        PAIRS,
        "left_id",
        NOWHERE,
        "pair of a page that is neither published nor a copy",
    ),
    Mutation(
        "a pair across splits",
        "right_id = a page of test",
        pair_of_two_splits,
        PAIRS,
        "pair of pages of another split, so texts leak",
        agrees=True,
    ),
    of_value("a rule that nobody knows", PAIRS, "rule", "similar", "pair has no known rule"),
    of_value(
        "a text in a pair that is not the article's",
        PAIRS,
        "left_text",
        "另一篇",
        "text of a pair is not the one in `articles`",
    ),
    of_value("a dropped page without reason", DROPPED, "reason", None, "page was dropped without a reason"),
    of_value("a copy whose original is gone", DROPPED, "kept_id", NOWHERE, "kept_id names no published article"),
    of_value(
        "a comparison with a page that is nowhere",
        DROPPED,
        "compared_with",
        NOWHERE,
        "compared_with names neither a published article nor a copy",
        "dropped",
    ),
)
