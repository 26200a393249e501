"""
Rows that stand in the card as samples: those whose id has the smallest hash with the seed.

So they are drawn at random, and the same for the same release whatever the order of its rows; most stay when a later
release adds others.
"""

from collections.abc import Iterator
from hashlib import sha256
from heapq import nsmallest
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.publish.configs import Config
from builder.publish.features import ARTICLES, DROPPED

SEED = "zhnews"

#: Articles shown.
ROWS = 3

#: Characters of a text that are shown.
SHOWN = 60

_COLUMNS = ("article_id", "title", "byline", "outlet", "published_at", "lede", "n_chars", "cluster_size")


def draw(key: str, seed: str = SEED) -> bytes:
    """Return what rows are drawn by: the smallest come first."""
    return sha256(f"{seed}\0{key}".encode()).digest()


def sample_ids(folder: Path, n: int, seed: str = SEED) -> list[str]:
    """Return the ids of `n` articles of a release, in the order drawn."""
    ids = (article_id for batch in _read(folder, ARTICLES, ["article_id"]) for article_id in batch[0].to_pylist())
    return nsmallest(n, ids, key=lambda article_id: draw(article_id, seed))


def sample_articles(folder: Path) -> list[dict[str, Any]]:
    """Return ROWS articles as JSON values, long texts cut to SHOWN code points."""
    order = {article_id: n for n, article_id in enumerate(sample_ids(folder, ROWS))}
    rows = []
    for batch in _read(folder, ARTICLES, _COLUMNS):
        rows += batch.filter(pc.is_in(batch["article_id"], pa.array(list(order), pa.string()))).to_pylist()
    rows.sort(key=lambda row: order[row["article_id"]])
    return [
        row
        | {
            "published_at": row["published_at"] and row["published_at"].isoformat(),
            "lede": [text if len(text) <= SHOWN else text[:SHOWN] + "……" for text in row["lede"] or []],
        }
        for row in rows
    ]


def sample_dropped(folder: Path) -> dict[str, dict[str, Any]]:
    """Return one page left out for each reason, by the name of the reason: its source and the sentence on it."""
    found: dict[str, tuple[bytes, dict[str, Any]]] = {}
    for batch in _read(folder, DROPPED, ["reason", "source", "detail"]):
        for row in batch.to_pylist():
            reason, drawn = str(row.pop("reason")), draw(str(row["source"]))
            if reason not in found or drawn < found[reason][0]:
                found[reason] = (drawn, row)
    return {reason: row for reason, (_, row) in sorted(found.items())}


def _read(folder: Path, config: Config, columns: "list[str] | tuple[str, ...]") -> Iterator[pa.RecordBatch]:
    for path in sorted((folder / config.name).glob("*-*-of-*.parquet")):
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=65_536, columns=list(columns))
