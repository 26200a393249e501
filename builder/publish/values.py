"""
What the values of a published file may be: never null where none may be, of a form, from a range, as the manifest says.

Loaders check none of it: a label of nowhere, a ratio of 7 or an empty list in place of null all load.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.edges import EXACT, NEAR, TEMPLATE, UPDATE
from builder.privacy import excerpt
from builder.publish.columns import bools
from builder.publish.configs import Config
from builder.publish.faults import Found

#: Columns that are never null, class labels aside; without them the other checks have nothing to go by.
REQUIRED = {
    "articles": (
        *("article_id", "page_id", "source", "title", "text", "paragraphs", "paragraph_articles", "privacy"),
        *("byline", "editor", "lede", "body", "footer", "captions", "keywords", "normalized", "partial"),
        *("cantonese", "han_ratio", "n_mojibake", "n_replacement", "max_repeat_ratio", "n_chars"),
        *("licence", "raw_sha256", "text_sha256", "cluster_id", "cluster_size", "pipeline_version"),
    ),
    "sentences": ("article_id", "index", "paragraph", "text", "start", "end", "in_quote", "n_chars"),
    "tokens": ("article_id", "index", "tokens"),
    "blocks": ("article_id", "index", "page_id", "text", "score", "tag", "link_chars", "hidden"),
    "headline": ("article_id", "text", "title", "n_chars", "title_in_text"),
    "summarization": (
        *("article_id", "document", "summary", "kind", "summary_origin", "start", "end"),
        *("coverage", "density", "compression"),
    ),
    "classification": ("article_id", "title", "text", "category", "category_origin"),
    "near_dup_pairs": (
        *("left_id", "right_id", "rule", "left_title", "right_title", "left_text", "right_text"),
        *("jaccard", "containment"),
    ),
    "dropped": ("source",),
}

#: Columns that are null together, or neither is.
TOGETHER = (
    ("published_at", "published_precision"),
    ("published_at", "published_zone"),
    ("category", "category_origin"),
    *(("compared_with", name) for name in ("rule", "jaccard", "containment", "facts_shared", "facts_changed")),
)

_ID, _SHA256 = "[0-9a-f]{16}", "[0-9a-f]{64}"

#: The form of a text, by column, as a regular expression for the whole of it.
FORMS = {
    **dict.fromkeys(("article_id", "page_id", "cluster_id", "left_id", "right_id", "kept_id", "compared_with"), _ID),
    "template_id": _ID,
    "charset": "[A-Za-z0-9_.:-]+",
    **dict.fromkeys(("raw_sha256", "text_sha256"), _SHA256),
    "published_precision": "day|minute|second",
    "published_zone": "stated|assumed",
    "category_origin": "breadcrumb|publication-line|head",
    "script": "simplified|traditional|mixed",
    "rule": "|".join((EXACT, NEAR, UPDATE, TEMPLATE)),
    "reason": "decontaminate:.+|[a-z]+:[a-z-]+",  # the one names a file
}

#: The range of a number, by column, both ends included.
RANGES: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("score", "han_ratio", "max_repeat_ratio", "jaccard", "containment"), (0, 1)),
    **dict.fromkeys(("n_mojibake", "n_replacement", "link_chars"), (0, np.inf)),
    **dict.fromkeys(("facts_shared", "facts_changed", "numerals_changed"), (0, np.inf)),
    **dict.fromkeys(("substituted", "names_substituted"), (0, np.inf)),
    **dict.fromkeys((f"normalized.{name}" for name in ("invisible", "spaces", "surrogates", "composed")), (0, np.inf)),
}

# Text input has no elements; a path of none is not unknown. Nor is the text of pictures that have captions alone.
_MAY_BE_EMPTY = frozenset({("blocks", "tag"), ("articles", "text")})

#: A dateline states what the page does: an agency or none, a place or none.
_MAY_HOLD_NULLS = frozenset({"dateline"})


def settled(manifest: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the columns that the manifest settles for every row, with their only value; None where all are null."""
    settings = manifest["settings"]
    fixed = {"licence": manifest["licence"], "pipeline_version": manifest["pipeline"]["version"]}
    off = {
        "text_simplified": settings.get("simplified", False),
        "jieba_posseg": settings.get("words", {}).get("pos", False),
    }
    return fixed | {name: None for name, on in off.items() if not on}


def null_faults(table: pa.Table, config: Config) -> Iterator[str]:
    """Yield nulls where none may be, also inside lists; the other checks cannot go on over them."""
    for name in REQUIRED[config.name]:
        if n := table[name].null_count:
            yield f"column '{name}' holds {n} nulls, where none may be"
    for name in table.column_names:
        column = table[name].combine_chunks()
        if n := 0 if isinstance(column, pa.ChunkedArray) else _nulls_inside(column, in_list=False, name=name):
            yield f"column '{name}' holds {n} nulls inside its values, where none may be"


def check_values(table: pa.Table, config: Config, fixed: Mapping[str, str | None], found: Found) -> None:
    """Empty texts, forms, ranges, and what the manifest settles; names the rows."""

    def tell(wrong: pa.Array, what: str, values: pa.Array) -> None:
        rows = np.flatnonzero(bools(wrong)).tolist()
        found.add(what, [f"{_name(table, config, row)} ({_shown(values[row].as_py())})" for row in rows])

    for path, values in _members(table):
        if pa.types.is_string(values.type) and (config.name, path) not in _MAY_BE_EMPTY:
            tell(pc.equal(values, ""), f"{path} is empty, where null says that there is none", values)
        if form := FORMS.get(path):
            tell(pc.invert(pc.match_substring_regex(values, f"^(?:{form})$")), f"{path} is not of its form", values)
        if ends := RANGES.get(path):
            inside = pc.and_(pc.greater_equal(values, ends[0]), pc.less_equal(values, ends[1]))
            told = f"from {ends[0]} to {ends[1]}" if np.isfinite(ends[1]) else f"{ends[0]} or more"
            tell(pc.invert(inside), f"{path} is not {told}", values)
        if path in fixed:
            stated = fixed[path]
            if stated is None:
                tell(values.is_valid(), f"{path} is filled, which the settings do not ask for", values)
            else:
                tell(pc.not_equal(values, stated), f"{path} is not the one stated for the release", values)
    for one, other in TOGETHER:
        if one in table.column_names and other in table.column_names:
            apart = pc.not_equal(table[one].is_null(), table[other].is_null()).to_numpy()
            found.add(
                f"of {one} and {other} one is null and the other is not",
                [_name(table, config, row) for row in np.flatnonzero(apart).tolist()],
            )


def _members(table: pa.Table) -> Iterator[tuple[str, pa.Array]]:
    """Yield the columns that are no lists, and the members of structs with the path to them: `normalized.spaces`."""
    for name in table.column_names:
        column = table[name].combine_chunks()
        if isinstance(column, pa.ChunkedArray):  # a column without a chunk
            continue
        if pa.types.is_struct(column.type):
            members = zip(column.type, column.flatten(), strict=True)
            yield from ((f"{name}.{member.name}", values) for member, values in members)
        else:
            yield name, column


def _nulls_inside(values: pa.Array, *, in_list: bool, name: str = "") -> int:
    """Count the nulls in lists, and the members of structs that are null where the struct is not."""
    n = values.null_count if in_list else 0
    if pa.types.is_list(values.type):
        return n + _nulls_inside(pc.list_flatten(values), in_list=True)
    if pa.types.is_struct(values.type) and name not in _MAY_HOLD_NULLS:
        told = values.drop_null() if values.null_count else values
        members = [told.field(i) for i in range(values.type.num_fields)]
        return n + sum(_nulls_inside(member, in_list=True) for member in members)
    return n


def _name(table: pa.Table, config: Config, row: int) -> str:
    """Name a row by what rows of its config are sorted by: `c683cdc62aa60f1a #3`."""
    keys = [table[name][row].as_py() for name in config.sort_by]
    return " ".join(f"#{key}" if isinstance(key, int) else str(key) for key in keys if key is not None)


def _shown(value: Any) -> str:
    """A value as a message may show it: what a text says may be personal data."""
    return excerpt(value) if isinstance(value, str) else str(value)
