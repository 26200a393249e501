"""Do texts leak between splits? A search of its own, over what was published, and nothing of the build."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.dedup.edges import TEMPLATE
from builder.dedup.keys import keys_of
from builder.dedup.search import find_duplicates
from builder.dedup.settings import DedupSettings
from builder.dedup.steps import SHORT_KEY
from builder.publish.features import ARTICLES
from builder.publish.stats import files_of


def find_leaks(folder: Path, settings: DedupSettings) -> Iterator[str]:
    """
    Yield the pairs of articles that are near-duplicates and stand in different splits, as `ID (SPLIT), ID (SPLIT)`.

    Copies that were dropped are not there, so texts meet in the search that did not meet in the build. Two stories of
    one template are no leak. 46,000 articles take a second.

    Thresholds are those of the build. Lower ones name pairs that no rule of the build keeps together: among 46,000
    broadcast items none at 1.0 of each, 11 at .95, 21 at .9, 73 at .8.
    """
    articles, split_of = _articles(folder)
    if not articles.num_rows:
        return
    edges = find_duplicates(articles, settings, id="article_id").edges
    edges = edges.filter(pc.not_equal(edges["rule"], TEMPLATE))
    for left, right in zip(edges["left"].to_pylist(), edges["right"].to_pylist(), strict=True):
        if split_of[left] != split_of[right]:
            yield f"{left} ({split_of[left]}), {right} ({split_of[right]})"


def dedup_settings(manifest: Mapping[str, Any]) -> DedupSettings:
    """Return the thresholds that a release was built with, by its manifest; the defaults where it states none."""
    stated = manifest.get("settings", {}).get("dedup", {})
    return DedupSettings(**{name: value for name, value in stated.items() if name != "keep"})


def _articles(folder: Path) -> tuple[pa.Table, dict[str, str]]:
    """Ids and texts of the articles that the build tells apart by text alone, each id once, and the split of each."""
    split_of: dict[str, str] = {}
    parts = [pa.table({"article_id": pa.array([], pa.string()), "text": pa.array([], pa.string())})]
    for split in ARTICLES.splits:
        for path in files_of(folder, ARTICLES, split):
            part = pq.read_table(path, columns=["article_id", "text"]).replace_schema_metadata(None).combine_chunks()
            long = keys_of(pa.concat_arrays(part["text"].chunks)).lengths >= SHORT_KEY
            new = [article not in split_of for article in part["article_id"].to_pylist()]
            split_of |= dict.fromkeys(part["article_id"].filter(pa.array(new)).to_pylist(), split)
            parts.append(part.filter(pc.and_(pa.array(long), pa.array(new))))
    return pa.concat_tables(parts), split_of
