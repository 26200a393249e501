"""
The checked Arrow schema of every table, in the order of the flow, and of every published config.

Internal tables carry roles as strings; published configs carry them as class labels (int64, names in the card and in
the `huggingface` metadata of each shard, see `publish/features.py`).
"""

import pyarrow as pa

from builder.errors import SchemaError

TIME = pa.timestamp("us", tz="UTC")

#: An IANA name, not `+08:00`: Polars and older pandas refuse fixed offsets.
CHINA_TIME = pa.timestamp("us", tz="Asia/Shanghai")

TEXTS = pa.list_(pa.field("element", pa.string()))

#: A block of a page. In the row of an article that was joined from several pages stand the blocks of all of them, in
#: order: `page_id` says which page a block is of, and `dup_of` counts in that list, as its index there.
BLOCK = pa.struct(
    [
        ("page_id", pa.string()),
        ("text", pa.string()),
        ("role", pa.string()),
        ("score", pa.float32()),
        ("origin", pa.string()),
        ("dup_of", pa.int32()),
        ("tag", pa.string()),
        ("link_chars", pa.int32()),
        ("hidden", pa.bool_()),
    ]
)

DATELINE = pa.struct(
    [
        ("agency", pa.string()),
        ("place", pa.string()),
        ("date", pa.string()),
        ("raw", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
    ]
)

#: What normalising a text changed, in characters by rule: `records.Changes`.
CHANGES = pa.struct([(name, pa.int32()) for name in ("invisible", "spaces", "surrogates", "composed")])

#: A paragraph of the running text as a span of `text`, in code points.
PARAGRAPH = pa.struct([("role", pa.string()), ("start", pa.int32()), ("end", pa.int32())])

#: What there is to read, one row a file. `known` is null, or, for a file that an earlier release read under this name
#: with other content, what was read from it: ids of pages, and the sources of what gave none. They are not read again.
INPUTS = pa.schema(
    [
        ("path", pa.binary()),  # file names may be any bytes
        ("source", pa.string()),
        ("kind", pa.string()),
        ("compression", pa.string()),
        ("n_bytes", pa.int64()),
        ("sha256", pa.string()),
        ("known", TEXTS),
    ]
)

_PAGE = [
    ("page_id", pa.string()),
    ("source", pa.string()),
    ("url", pa.string()),
    ("fetched_at", TIME),
    ("media_type", pa.string()),
    ("charset", pa.string()),
    ("raw_sha256", pa.string()),
    # What the page asks of machines, null where it states nothing: `records.Rights`.
    ("robots", TEXTS),
    ("tdm_reservation", pa.bool_()),
    ("tdm_policy", pa.string()),
]

_ARTICLE = [
    ("title", pa.string()),
    ("subtitle", pa.string()),
    ("byline", TEXTS),
    ("editor", TEXTS),
    ("outlet", pa.string()),
    ("dateline", DATELINE),
    ("published_at", CHINA_TIME),
    ("published_precision", pa.string()),
    ("published_zone", pa.string()),
    ("category", pa.string()),
    ("category_origin", pa.string()),
    ("description", pa.string()),
    ("text", pa.string()),
    ("normalized", CHANGES),
    ("paragraphs", pa.list_(pa.field("element", PARAGRAPH))),
    ("lede", TEXTS),
    ("body", TEXTS),
    ("footer", TEXTS),
    ("captions", TEXTS),
    ("partial", pa.bool_()),
]

#: The columns that are null in a reject.
ARTICLE_COLUMNS = frozenset(name for name, _ in _ARTICLE)

#: Which part of an article over several pages a row is. `series_key` is never null, and shared by all pages that may be
#: parts of one; `part` is null when the page does not itself say that there are others; `parts`, when not how many.
#: `joined_to` is the page whose article holds the text of this one.
_SERIES = [
    ("series_key", pa.string()),
    ("part", pa.int32()),
    ("parts", pa.int32()),
    ("joined_to", pa.struct([("page_id", pa.string()), ("source", pa.string())])),
]

#: One row a page, or a thing in the input that gave none: `reject` says why, and then the article's columns are null.
PAGES = pa.schema(
    [
        *_PAGE,
        *_ARTICLE,
        *_SERIES,
        ("blocks", pa.list_(pa.field("element", BLOCK))),
        ("reject", pa.string()),
        ("detail", pa.string()),
    ]
)

#: Pages whose text went to another's article: `part_id` and `part_source` to `page_id` and `source`.
JOINED = pa.schema(
    [
        ("page_id", pa.string()),
        ("source", pa.string()),
        ("part_id", pa.string()),
        ("part_source", pa.string()),
    ]
)

#: What duplicates are found by, one row a page that holds an article. `symbols` is its key, 2 bytes a letter.
KEYS = pa.schema(
    [
        ("page_id", pa.string()),
        ("source", pa.string()),
        ("text_key", pa.string()),
        ("published_at", CHINA_TIME),
        ("outlet", pa.string()),
        ("n_chars", pa.int64()),
        ("symbols", pa.large_binary()),
    ]
)

#: The bands of each text: texts that share one may be alike.
BANDS = pa.schema([("band", pa.int64()), ("text_key", pa.string())])

#: Pairs of texts that share a band; `other_key` sorts after `text_key`.
PAIRS = pa.schema([("text_key", pa.string()), ("other_key", pa.string())])

#: Pairs turned round, with the symbols of the text that is now the other one.
HALVES = pa.schema([("text_key", pa.string()), ("other_key", pa.string()), ("other_symbols", pa.large_binary())])

#: Pairs of texts that are alike, and the measures of `dedup/edges.py`.
EDGES = pa.schema(
    [
        ("left", pa.string()),
        ("right", pa.string()),
        ("rule", pa.string()),
        ("jaccard", pa.float32()),
        ("containment", pa.float32()),
        ("facts_shared", pa.int32()),
        ("facts_changed", pa.int32()),
        ("numerals_changed", pa.int32()),
        ("substituted", pa.int32()),
        ("names_substituted", pa.int32()),
    ]
)

#: EDGES by the text on the left, and those of them that join, with their component.
LEFTS = pa.schema([("text_key", pa.string()), ("other_key", pa.string()), *list(EDGES)[2:]])
JOINTS = pa.schema([("component_id", pa.string()), *LEFTS])

#: The edge that decided that a page is a copy: the page it was compared with, and what the comparison said.
EDGE = pa.struct(
    [
        ("page_id", pa.string()),
        ("rule", pa.string()),
        ("jaccard", pa.float32()),
        ("containment", pa.float32()),
        ("facts_shared", pa.int32()),
        ("facts_changed", pa.int32()),
    ]
)

#: Texts that are not alone in their component, group or template. A component lies in one `related_id`, and that in one
#: group: see `dedup/groups.py`.
COMPONENTS = pa.schema(
    [
        ("text_key", pa.string()),
        ("component_id", pa.string()),
        ("related_id", pa.string()),
        ("group_id", pa.string()),
        ("template_id", pa.string()),
    ]
)

#: KEYS with the component and the template of each text.
NAMED = pa.schema([*(field for field in KEYS if field.name != "symbols"), *list(COMPONENTS)[1:]])

#: Where an earlier release put each of its pages. `source` is that of an article it published, null on all others.
PINS = pa.schema(
    [("page_id", pa.string()), ("source", pa.string()), ("cluster_id", pa.string()), ("split", pa.string())]
)
PIN = pa.struct(list(PINS)[1:])

#: NAMED with the pin of each page, null for new ones; the same with the split for a new cluster of its component; and
#: the names that the clusters of the earlier release bear.
PINNED = pa.schema([*NAMED, ("pin", PIN)])
PLACED = pa.schema([*PINNED, ("split", pa.string())])
TAKEN = pa.schema([("component_id", pa.string())])

#: Related texts, which share a split: the last day on which one was published, null when none is dated; and how many
#: stories they are.
LATEST = pa.schema([("day", pa.date32()), ("n_stories", pa.int64())])

#: The cluster of every page that holds an article or was joined to one, and the one article of it that is kept. A
#: cluster is a component, unless an earlier release published several clusters that new texts now join.
CLUSTERS = pa.schema(
    [
        ("page_id", pa.string()),
        ("source", pa.string()),
        ("text_key", pa.string()),
        ("component_id", pa.string()),
        ("cluster_id", pa.string()),
        ("cluster_size", pa.int32()),
        ("split", pa.string()),
        ("kept_id", pa.string()),
        ("kept", pa.bool_()),
        ("rule", pa.string()),
        ("edge", EDGE),
        ("template_id", pa.string()),
    ]
)

#: The key of each text that is published, and its split: what is searched for leaks.
KEPT_TEXTS = pa.schema([("text_key", pa.string()), ("split", pa.string()), ("symbols", pa.large_binary())])

#: Paragraphs of some length, by a number that equal ones share; and those that stand in several published articles.
#: The description in the head of a page is its paragraph -1.
PARAGRAPHS = pa.schema(
    [("paragraph_key", pa.int64()), ("page_id", pa.string()), ("source", pa.string()), ("paragraph", pa.int32())]
)
REPEATED = pa.schema([*list(PARAGRAPHS)[1:], ("n_articles", pa.int32())])

#: PAGES with its cluster, and the split of that. Duplicates are rejected here; `article_id` is null on every reject.
ARTICLES = pa.schema(
    [
        ("article_id", pa.string()),
        *PAGES,
        ("text_key", pa.string()),
        ("cluster_id", pa.string()),
        ("cluster_size", pa.int32()),
        ("kept_id", pa.string()),
        ("edge", EDGE),
        ("paragraph_articles", pa.list_(pa.field("element", pa.int32()))),
        ("template_id", pa.string()),
        ("split", pa.string()),
    ]
)

#: What pairs are made of: pages that are not alone in their cluster or template.
SIDES = pa.schema(
    [
        ("text_key", pa.string()),
        ("page_id", pa.string()),
        ("split", pa.string()),
        ("published", pa.bool_()),
        ("title", pa.string()),
        ("text", pa.string()),
    ]
)

#: The left side of every pair, with the text on the right: `text_key`, of the page `right_id` where that is not null.
LEFT_SIDES = pa.schema(
    [
        ("text_key", pa.string()),
        ("right_id", pa.string()),
        *((f"left_{name}", pa.string()) for name in ("id", "split", "title", "text")),
        *list(EDGES)[2:],
    ]
)

#: Pairs of pages whose texts are alike; `split` is null where the two stand in different ones.
NEAR_DUP_PAIRS = pa.schema(
    [
        ("split", pa.string()),
        ("left_id", pa.string()),
        ("right_id", pa.string()),
        *list(EDGES)[2:],
        *((name, pa.string()) for name in ("left_title", "right_title", "left_text", "right_text")),
    ]
)


def check_schema(table: pa.Table, name: str, schema: pa.Schema) -> None:
    """Raise SchemaError, listing every column at fault, unless `table` has exactly the columns of `schema` in order."""
    if table.schema.equals(schema):
        return
    faults = [f"  {f.name}: missing, expected {f.type}" for f in schema if f.name not in table.schema.names]
    for column in table.schema:
        if column.name not in schema.names:
            faults.append(f"  {column.name}: not in the schema")
        elif column.type != schema.field(column.name).type:
            faults.append(f"  {column.name}: {column.type}, expected {schema.field(column.name).type}")
    if not faults:
        faults.append(f"  columns in another order: {', '.join(table.schema.names)}")
    raise SchemaError("\n".join([f"table '{name}' does not have its schema:", *faults]))
