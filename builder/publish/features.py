"""
The published configs: their Arrow schema, and the same schema in the words of Hugging Face `datasets`.

Class labels are int64 columns whose names stand in the `huggingface` metadata of every shard and in the card.
"""

import json
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from builder.records import LABELS, ORIGINS, ROLES
from builder.schemas import CHINA_TIME, TEXTS, TIME

#: Class names of a column, wherever it stands, also inside lists and structs.
CLASS_NAMES: dict[str, tuple[str, ...]] = {"role": ROLES, "label": LABELS, "origin": ORIGINS}


@dataclass(frozen=True, slots=True)
class Config:
    """A named subset of the dataset: what `load_dataset(DIR, name)` gives."""

    name: str
    schema: pa.Schema
    splits: tuple[str, ...] = ("train", "validation", "test")


ARTICLES = Config(
    "articles",
    pa.schema(
        [
            ("article_id", pa.string()),
            ("title", pa.string()),
            ("subtitle", pa.string()),
            ("byline", TEXTS),
            ("editor", TEXTS),
            ("outlet", pa.string()),
            (
                "dateline",
                pa.struct(
                    [("agency", pa.string()), ("place", pa.string()), ("date", pa.string()), ("raw", pa.string())]
                ),
            ),
            ("published_at", CHINA_TIME),
            ("published_precision", pa.string()),
            ("published_zone", pa.string()),
            ("category", pa.string()),
            ("text", pa.string()),
            (
                "paragraphs",
                pa.list_(
                    pa.field("element", pa.struct([("role", pa.int64()), ("start", pa.int32()), ("end", pa.int32())]))
                ),
            ),
            ("lede", TEXTS),
            ("body", TEXTS),
            ("footer", TEXTS),
            ("captions", TEXTS),
            ("partial", pa.bool_()),
            ("n_chars", pa.int32()),
            ("url", pa.string()),
            ("source", pa.string()),
            ("fetched_at", TIME),
            ("charset", pa.string()),
            ("licence", pa.string()),
            ("page_id", pa.string()),
            ("raw_sha256", pa.string()),
            ("text_sha256", pa.string()),
            ("cluster_id", pa.string()),
            ("cluster_size", pa.int32()),
            ("pipeline_version", pa.string()),
        ]
    ),
)

SENTENCES = Config(
    "sentences",
    pa.schema(
        [
            ("article_id", pa.string()),
            ("index", pa.int32()),
            ("paragraph", pa.int32()),
            ("role", pa.int64()),
            ("text", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("in_quote", pa.bool_()),
            ("n_chars", pa.int32()),
        ]
    ),
)

BLOCKS = Config(
    "blocks",
    pa.schema(
        [
            ("article_id", pa.string()),
            ("index", pa.int32()),
            ("text", pa.string()),
            ("role", pa.int64()),
            ("label", pa.int64()),
            ("score", pa.float32()),
            ("origin", pa.int64()),
            ("dup_of", pa.int32()),
            ("tag", pa.string()),
            ("link_chars", pa.int32()),
            ("hidden", pa.bool_()),
        ]
    ),
)

#: Every page or article left out, why, and what was kept instead. Holds no text of the page.
DROPPED = Config(
    "dropped",
    pa.schema(
        [
            ("page_id", pa.string()),
            ("source", pa.string()),
            ("url", pa.string()),
            ("reason", pa.string()),
            ("detail", pa.string()),
            ("cluster_id", pa.string()),
            ("kept_id", pa.string()),
        ]
    ),
    splits=("dropped",),
)

#: Every config, the default first.
CONFIGS = (ARTICLES, SENTENCES, BLOCKS, DROPPED)


def feature_of(name: str, kind: pa.DataType) -> Any:
    """
    One column in the words of `datasets`, lists in the old `[x]` form.

    The 5.x form (`_type: List`) does not load on datasets 2.21 and 3.6; the old form loads on all.
    """
    if pa.types.is_list(kind):
        return [feature_of(name, kind.value_type)]
    if pa.types.is_struct(kind):
        return {field.name: feature_of(field.name, field.type) for field in kind}
    if name in CLASS_NAMES and pa.types.is_integer(kind):
        return {"names": list(CLASS_NAMES[name]), "_type": "ClassLabel"}
    return {"dtype": str(kind), "_type": "Value"}


def with_features(schema: pa.Schema) -> pa.Schema:
    """Return the schema with the `huggingface` metadata that gives `datasets` the class names."""
    features = {field.name: feature_of(field.name, field.type) for field in schema}
    return schema.with_metadata({"huggingface": json.dumps({"info": {"features": features}}, ensure_ascii=False)})
