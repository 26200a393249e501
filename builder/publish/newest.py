"""Where splits are by time: is the test what is newest?"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.dedup.by_time import china_days
from builder.publish.features import ARTICLES
from builder.publish.stats import files_of


def find_too_new(folder: Path, test_from: date) -> Iterator[str]:
    """Yield the articles of train and validation that were published on the first day of the test or later."""
    for split in ARTICLES.splits:
        if split == "test":
            continue
        for path in files_of(folder, ARTICLES, split):
            table = pq.read_table(path, columns=["article_id", "published_at"])
            days = china_days(table["published_at"])
            new = pc.fill_null(pc.greater_equal(days, test_from), False)
            rows = zip(table["article_id"].filter(new).to_pylist(), days.filter(new).to_pylist(), strict=True)
            yield from (f"{article} ({split}, {day})" for article, day in rows)


def check_test_from(manifest: Mapping[str, Any]) -> Iterator[str]:
    """A first day of the test stands in a manifest where splits are by time, and nowhere else."""
    by, stated = manifest.get("settings", {}).get("splits", {}).get("by", "hash"), manifest.get("test_from")
    if stated is None:
        return
    try:
        date.fromisoformat(stated)
    except (TypeError, ValueError):
        yield f"test_from is {stated!r}, which is no day"
        return
    if by != "time":
        yield f"test_from is {stated}, and the splits are by {by}"
