"""Config `articles`: one article a row."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import pyarrow as pa
import pyarrow.compute as pc

from builder import __version__
from builder.privacy import placeholders
from builder.publish import features
from builder.quality import Quality, columns_of
from builder.schemas import TEXTS
from builder.tasks.classes import class_ids

#: The columns that depend on the text alone, and take time.
MEASURED = ("keywords", "privacy", "text_simplified", *Quality._fields)


def articles(
    table: pa.Table,
    licence: str,
    keywords: Mapping[str, Sequence[str]],
    *,
    simplified: bool = False,
    measured: pa.Table | None = None,
) -> pa.Table:
    """
    ARTICLES rows that are published, and keywords by article -> rows of the config, in the same order.

    Args:
        measured: the columns MEASURED of these articles, in the same order, when an earlier release has them.
    """
    table = table.combine_chunks()
    n = table.num_rows
    texts = table["text"].to_pylist()
    made = {
        "dateline": _dateline(_array(table, "dateline")),
        "paragraphs": _paragraphs(_array(table, "paragraphs")),
        "n_chars": pc.utf8_length(table["text"]),
        "licence": pa.array([licence] * n, pa.string()),
        "text_sha256": pa.array([sha256(text.encode()).hexdigest() for text in texts], pa.string()),
        "pipeline_version": pa.array([__version__] * n, pa.string()),
    }
    if measured is not None:
        made |= {name: measured[name] for name in MEASURED}
    else:
        made |= {
            "keywords": pa.array([keywords.get(i, ()) for i in table["article_id"].to_pylist()], TEXTS),
            "privacy": _privacy(texts),
            "text_simplified": pa.array(simplify(texts) if simplified else [None] * n, pa.string()),
            **columns_of(texts),
        }
    schema = features.ARTICLES.schema
    return pa.table([made[name] if name in made else table[name] for name in schema.names], schema=schema)


def _array(table: pa.Table, name: str) -> pa.Array:
    """Return a column as one array, also when it has no chunk at all."""
    return pa.concat_arrays(table[name].chunks) if table[name].num_chunks else pa.array([], table[name].type)


def simplify(texts: Sequence[str]) -> list[str]:
    """Convert texts to simplified script, phrase by phrase; never in place: a third of them would not convert back."""
    import opencc

    converter = opencc.OpenCC("t2s")
    return [converter.convert(text) for text in texts]


def _privacy(texts: Sequence[str]) -> pa.Array:
    """Give the placeholders of personal data in each text."""
    spans = [[span._asdict() for span in placeholders(text)] for text in texts]
    return pa.array(spans, features.ARTICLES.schema.field("privacy").type)


def _dateline(datelines: pa.StructArray) -> pa.StructArray:
    """Leave out the span: the published dateline gives its wording, which stands in the text."""
    names = [f.name for f in features.ARTICLES.schema.field("dateline").type]
    return pa.StructArray.from_arrays(
        [datelines.field(name) for name in names],
        fields=list(features.ARTICLES.schema.field("dateline").type),
        mask=datelines.is_null(),
    )


def _paragraphs(paragraphs: pa.ListArray) -> pa.ListArray:
    """Turn the roles inside the list into class labels."""
    kind = features.ARTICLES.schema.field("paragraphs").type
    values = paragraphs.values
    spans = pa.StructArray.from_arrays(
        [class_ids(values.field("role"), "role"), values.field("start"), values.field("end")],
        fields=list(kind.value_type),
    )
    return pa.ListArray.from_arrays(paragraphs.offsets, spans, type=kind, mask=paragraphs.is_null())
