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


def with_bytes_that_are_no_text(table: pa.Table, column: str) -> pa.Table:
    """The first string of a column begins with a byte that UTF-8 has not."""
    i = table.schema.get_field_index(column)
    values = table[column].combine_chunks()
    strings = values.values if pa.types.is_list(values.type) else values
    first, *others = strings.cast(pa.binary()).to_pylist()
    broken = pa.array([b"\xff" + first, *others], pa.binary()).view(pa.string())
    if pa.types.is_list(values.type):
        broken = pa.ListArray.from_arrays(values.offsets, broken, type=values.type)
    return table.set_column(i, table.schema.field(i), broken)


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
    *(
        in_columns(
            "text that is no UTF-8, on which a reader stops",
            f"{name.partition('/')[0]}.{column}: a byte FF before the first text",
            name,
            lambda table, column=column: with_bytes_that_are_no_text(table, column),
            f"column '{column}' cannot be read",
        )
        for name, column in ((ARTICLES, "article_id"), (ARTICLES, "text"), (ARTICLES, "footer"), (BLOCKS, "text"))
    ),
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
    of_value(
        "an id of another page",
        ARTICLES,
        "page_id",
        NOWHERE,
        "article_id is not the page_id of its (first) page",
    ),
    of_value("another address", ARTICLES, "url", "https://www.example.cn/", "page_id is not the hash of url and raw"),
    of_value("a script of another text", ARTICLES, "script", "traditional", "script is not what text gives"),
    of_value("a measure of another text", ARTICLES, "han_ratio", 0.5, "han_ratio is not what text gives"),
    of_value("a keyword of another text", ARTICLES, "keywords", ["台风"], "keywords hold a word that is not in text"),
    of_value(
        "a dateline of another text",
        ARTICLES,
        "dateline",
        {"agency": "新华社", "place": "北京", "date": None, "raw": "新华社北京电"},
        "dateline is not in text",
    ),
    of_value("a dateline left out", ARTICLES, "dateline", None, "dateline is null, and the text opens with one"),
    of_value("keywords left out", ARTICLES, "keywords", [], "keywords are empty, and its words give some", TOKENS),
    in_rows(
        "more keywords than were asked for",
        "articles.keywords of a row twice",
        ARTICLES,
        lambda t: put(t, "keywords", 0, t["keywords"][0].as_py() * 2),
        "keywords are more than the settings ask for",
    ),
    of_value("a footer left out", ARTICLES, "footer", [], "footer lacks a credit or notice in `blocks`", BLOCKS),
    of_value("captions left out", ARTICLES, "captions", [], "captions lack a caption in `blocks`", BLOCKS),
    of_value("a size of a cluster", ARTICLES, "cluster_size", 9, "cluster_size is not the number of pages", "articles"),
    of_value("another licence in a row", ARTICLES, "licence", "mit", "licence is not the one stated for the release"),
    of_value(
        "another program in a row",
        ARTICLES,
        "pipeline_version",
        "9.9.9",
        "pipeline_version is not the one stated for the release",
    ),
    of_value("an empty text where null says so", ARTICLES, "subtitle", "", "subtitle is empty, where null says"),
    of_value("a word that no column knows", ARTICLES, "published_zone", "local", "published_zone is not of its form"),
    of_value("a charset that is a sentence", ARTICLES, "charset", "报料请拨热线", "charset is not of its form"),
    of_value("a template of no form", ARTICLES, "template_id", "天气", "template_id is not of its form"),
    of_value(
        "a time of which nothing is known",
        ARTICLES,
        "published_precision",
        None,
        "of published_at and published_precision one is null and the other is not",
    ),
    of_value(
        "a column that the settings do not ask for",
        ARTICLES,
        "text_simplified",
        "桥通了。",
        "text_simplified is filled, which the settings do not ask for",
    ),
    in_columns(
        "nulls inside a list",
        "articles.byline of a row = [None]",
        ARTICLES,
        lambda t: put(t, "byline", 0, [None]),
        "column 'byline' holds 1 nulls inside its values",
    ),
    in_columns(
        "nulls inside a struct",
        "the offsets of articles.paragraphs of a row = None",
        ARTICLES,
        lambda t: put(t, "paragraphs", 0, [{"role": 3, "start": None, "end": None}]),
        "column 'paragraphs' holds 2 nulls inside its values",
    ),
    # Personal data
    of_value("personal data in a text", ARTICLES, "text", "报料请拨手机：13800001234", "personal data is left"),
    of_value(
        "personal data beside the text",
        ARTICLES,
        "footer",
        ["编辑邮箱：chen@linjiang.example.cn"],
        "personal data is left",
    ),
    of_value("personal data among the names", ARTICLES, "editor", ["陈一鸣 13800001234"], "personal data is left"),
    of_value("personal data in the title of a pair", PAIRS, "right_title", "热线13800001234", "personal data is left"),
    of_value("personal data in the detail of a drop", DROPPED, "detail", "问过13800001234", "personal data is left"),
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
        "a sentence taken for a quotation",
        "sentences.in_quote of a row turned round",
        SENTENCES,
        lambda t: put(t, "in_quote", 0, not t["in_quote"][0].as_py()),
        "in_quote is not what the text gives",
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
    Mutation(
        "a config lost, unlisted",
        "tokens of a shard removed, also from the manifest",
        without_a_file(f"tokens/{TEST}"),
        f"tokens/{TEST}",
        "rows, the shard of `sentences` has",
        agrees=True,
    ),
    # Blocks
    Mutation(
        "all blocks of a shard lost, unlisted",
        "blocks removed, also from the manifest",
        without_a_file(f"blocks/{TEST}"),
        f"blocks/{TEST}",
        "text holds a paragraph that is no block of its pages in that role",
        agrees=True,
    ),
    in_rows(
        "a paragraph that is not on the page",
        "blocks.text of the lede = '另一篇'",
        BLOCKS,
        lambda t: put(t, "text", t["role"].to_pylist().index(3), "另一篇"),
        "text holds a paragraph that is no block of its pages in that role",
    ),
    of_value(
        "a caption that is not on the page", ARTICLES, "captions", ["另一张"], "captions hold a line that is", BLOCKS
    ),
    of_value("a footer that is not on the page", ARTICLES, "footer", ["责任编辑：无"], "footer holds a line", BLOCKS),
    of_value("a score above one", BLOCKS, "score", 1.5, "score is not from 0 to 1"),
    of_value("a score that is no number", BLOCKS, "score", float("nan"), "score is not from 0 to 1"),
    of_value(
        "more letters in links than there are", BLOCKS, "link_chars", 99, "link_chars are more than the block has"
    ),
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
    of_value("a rule that nobody knows", PAIRS, "rule", "similar", "rule is not of its form"),
    of_value(
        "a text in a pair that is not the article's",
        PAIRS,
        "left_text",
        "另一篇",
        "text of a pair is not the one in `articles`",
    ),
    of_value("a measure of a pair", PAIRS, "jaccard", 0.25, "measures of a pair are not what its texts give"),
    of_value(
        "another rule of a pair", PAIRS, "rule", "update", "rule of a pair is not what its texts and the settings"
    ),
    of_value(
        "a title of a pair that is not the article's",
        PAIRS,
        "left_title",
        "另一篇",
        "title of a pair is not the one in `articles`",
    ),
    of_value(
        "a copy of another cluster",
        DROPPED,
        "cluster_id",
        NOWHERE,
        "cluster_id is not that of what was kept",
    ),
    of_value("a reason of no form", DROPPED, "reason", "too old", "reason is not of its form"),
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
