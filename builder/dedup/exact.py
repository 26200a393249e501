"""
Exact duplicates: articles whose text is the same after normalisation for comparison.

The text itself is never changed: it is compared by a key.
"""

import hashlib
from typing import Any

import pyarrow as pa

from builder.keys import text_key
from builder.schemas import CLUSTERS, TEXT_KEYS

# Key characters below which a text alone does not make a story: a photo page may say no more than 见图. Title and
# captions are compared too.
SHORT_KEY = 40


def article_key(title: str, text: str, captions: list[str]) -> str:
    """Return 16 hex digits that two articles share when their running text is the same by its text key."""
    compared = text_key(text)
    if len(compared) < SHORT_KEY:
        compared = "\n".join([text_key(title), compared, *map(text_key, captions)])
    return hashlib.sha256(compared.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def text_keys(pages: pa.Table) -> pa.Table:
    """PAGES rows -> TEXT_KEYS rows of those that hold an article."""
    wanted = ["page_id", "source", "title", "text", "captions", "published_at"]
    rows = pages.filter(pa.compute.is_null(pages["reject"])).select(wanted).to_pylist()
    return pa.Table.from_pylist(
        [
            {
                "page_id": row["page_id"],
                "source": row["source"],
                "text_key": article_key(row["title"], row["text"], row["captions"]),
                "published_at": row["published_at"],
                "n_chars": len(row["text"]),
            }
            for row in rows
        ],
        schema=TEXT_KEYS,
    )


def cluster_exact(keys: pa.Table) -> pa.Table:
    """
    TEXT_KEYS rows, complete by text_key and sorted by it -> CLUSTERS rows.

    The cluster's id is its text key, so it does not move when a later release adds another copy. Kept is the earliest
    published; among equals the fullest, then the smallest id, then the first source.
    """
    clusters: dict[str, list[dict[str, Any]]] = {}
    for row in keys.to_pylist():
        clusters.setdefault(row["text_key"], []).append(row)
    out = []
    for cluster_id, members in clusters.items():
        kept = min(members, key=_preference)
        out += [
            {
                "page_id": member["page_id"],
                "source": member["source"],
                "cluster_id": cluster_id,
                "cluster_size": len(members),
                "kept_id": kept["page_id"],
                "kept": member is kept,
                "rule": "exact",
            }
            for member in members
        ]
    return pa.Table.from_pylist(out, schema=CLUSTERS)


def _preference(row: dict[str, Any]) -> tuple[Any, ...]:
    published = row["published_at"]
    return (
        published is None,
        published.timestamp() if published else 0,
        -row["n_chars"],
        row["page_id"],
        row["source"],
    )
