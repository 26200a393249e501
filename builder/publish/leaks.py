"""
Do texts leak between splits? The search of `dedup/across.py` over what was published.

The build makes the same search before it publishes, and puts what it finds into one split; here nothing is taken from
the build. Keys, samples and comparisons are made anew from the texts in the files, so that a text that was changed or
moved, or a fault between the search and the files, is told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from builder.dedup.across import Placed, judge_across, sharing, within
from builder.dedup.keys import Keys, digests_of, keys_of
from builder.dedup.ragged import I64, ends_of
from builder.dedup.settings import DedupSettings
from builder.dedup.texts import STEP_TEXTS, cut_keys
from builder.publish.features import ARTICLES
from builder.publish.stats import files_of


class Leaks(NamedTuple):
    """
    What stands in several splits.

    Attributes:
        pairs: a sentence a pair of articles that are nearly alike, ids and splits and how alike they are.
        templates: pairs of different stories of one template. They are no leak, and most share a split all the same.
        briefs: pairs of a text and another more than half as long again in which most of it stands; likewise.
    """

    pairs: list[str]
    templates: int
    briefs: int

    @property
    def counts(self) -> dict[str, int]:
        """Pairs of each kind, for the manifest and the card."""
        return {"near_duplicates": len(self.pairs), "templates": self.templates, "briefs": self.briefs}


def find_leaks(folder: Path, settings: DedupSettings) -> Leaks:
    """Search the articles of a release, built by `settings`, for pairs in different splits that are nearly alike."""
    files = (path for split in ARTICLES.splits for path in files_of(folder, ARTICLES, split))
    left, right = sharing(_texts(folder), sum(pq.read_metadata(path).num_rows for path in files))
    rows = np.unique(np.concatenate([left, right]))
    articles, keys = _articles(folder, rows)
    left, right = (np.searchsorted(rows, side) for side in (left, right))
    found = judge_across(keys, left, right, settings)
    pairs = [
        f"{articles[left[i]]} and {articles[right[i]]} "
        f"(Jaccard {found.measures.jaccard[i]:.2f}, containment {found.measures.containment[i]:.2f})"
        for i in np.flatnonzero(found.leak).tolist()
    ]
    return Leaks(pairs, int(found.template.sum()), int(found.brief.sum()))


def dedup_settings(manifest: Mapping[str, Any]) -> DedupSettings:
    """
    Return the thresholds that a release was built with, by its manifest; the defaults where it states none.

    Raises:
        ValidationError: a value that is no threshold.
        TypeError: a threshold that this version does not know.
    """
    stated = manifest.get("settings", {}).get("dedup", {})
    known = DedupSettings(**{name: value for name, value in stated.items() if name != "keep"})
    return TypeAdapter(DedupSettings).validate_python(asdict(known))


def _texts(folder: Path) -> Iterator[Placed]:
    for _, split, batch in _batches(folder, ["text"]):
        whole = keys_of(batch["text"])
        splits = np.full(len(whole), split, np.uint8)
        yield Placed(digests_of(batch["text"], whole), splits, cut_keys(whole))


def _articles(folder: Path, rows: I64) -> tuple[list[str], Keys]:
    """Id with split, and key of some articles, `rows` of the config, which rise."""
    told: list[str] = []
    parts = [Keys(np.zeros(0, np.uint16), np.zeros(1, np.int64))]
    for begin, split, batch in _batches(folder, ["article_id", "text"]):
        some = batch.take(pa.array(within(rows, begin, batch.num_rows)))
        if some.num_rows:
            told += [f"{article_id} ({ARTICLES.splits[split]})" for article_id in some["article_id"].to_pylist()]
            parts.append(cut_keys(keys_of(some["text"])))
    keys = Keys(
        np.concatenate([part.symbols for part in parts]), ends_of(np.concatenate([part.lengths for part in parts]))
    )
    return told, keys


def _batches(folder: Path, columns: list[str]) -> Iterator[tuple[int, int, pa.RecordBatch]]:
    """Yield the row of the first article, the number of the split, and the articles."""
    row = 0
    for number, split in enumerate(ARTICLES.splits):
        for path in files_of(folder, ARTICLES, split):
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=STEP_TEXTS, columns=columns):
                    yield row, number, batch
                    row += batch.num_rows
