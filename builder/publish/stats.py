"""
`stats.json`: every number of the card, counted from the published Parquet files and nothing else.

Lengths are code points. Counts of a Counter are listed from the most frequent, ties by name.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.dedup.by_time import china_days
from builder.dedup.keys import digests_of, keys_of
from builder.privacy import KINDS, PLACEHOLDERS
from builder.publish.configs import Config
from builder.publish.features import ARTICLES, BLOCKS, CLASS_NAMES, CONFIGS, DROPPED, NEAR_DUP_PAIRS, SENTENCES
from builder.publish.learning import CLASSIFICATION, HEADLINE, SUMMARIZATION
from builder.publish.samples import SEED, sample_articles, sample_dropped
from builder.tasks.learning import NEEDS, TASKS, reasons

#: Borders of the histograms: each bin is [low, high), the last one open.
ARTICLE_BINS = (0, 100, 200, 400, 800, 1600, 3200, 6400)
SENTENCE_BINS = tuple(range(0, 160, 10))

#: Outlets and categories listed by name.
TOP = 20

#: What is measured of each summary.
MEASURES = ("coverage", "density", "compression", "novelty_1", "novelty_2", "novelty_3", "novelty_4")

#: Decimals of a ratio.
PLACES = 3

#: Articles from which on a paragraph is listed as repeated: boilerplate, or a statement that many quote.
REPEATED_FROM = 3

#: Columns of `articles` that a page may leave open; the statistics say how many rows fill them.
OPTIONAL = (
    "title",
    "subtitle",
    "byline",
    "editor",
    "outlet",
    "dateline",
    "published_at",
    "category",
    "description",
    "lede",
    "footer",
    "captions",
    "url",
    "fetched_at",
    "robots",
    "tdm_reservation",
    "tdm_policy",
)

#: Observed values that sum up a distribution, never one between two.
PERCENTILES = {"min": 0, "p5": 5, "p25": 25, "median": 50, "p75": 75, "p95": 95, "max": 100}


def compute(folder: Path, left_out: Mapping[str, Counter[str]] | None = None) -> dict[str, Any]:
    """
    Count everything that stands in the card of the release in `folder`; plain JSON values, in a fixed order.

    Args:
        left_out: what `count_left_out` gives, where that is known.
    """
    rows = {config.name: count_rows(folder, config) for config in CONFIGS}
    published, dropped = sum(rows["articles"].values()), sum(rows["dropped"].values())
    return {
        "rows": rows,
        "pages": {"in": published + dropped, "published": published, "dropped": dropped},
        "dropped": _counted(folder, DROPPED, "reason"),
        **_articles(folder),
        "split_days": {split: _days(folder, split) for split in rows["articles"]},
        "sentences": _sentences(folder),
        "blocks": _blocks(folder),
        "learning": _learning(folder, left_out or count_left_out(folder)),
        "repeated_paragraphs": _repeated(folder),
        "near_dup_pairs": {"rules": _counted(folder, NEAR_DUP_PAIRS, "rule")},
        "privacy": _privacy(folder),
        "samples": {"seed": SEED, "articles": sample_articles(folder), "dropped": sample_dropped(folder)},
    }


def files_of(folder: Path, config: Config, split: str = "*") -> list[Path]:
    """Return the shards of a config, or of one split of it, in order."""
    return sorted((folder / config.name).glob(f"{split}-*-of-*.parquet"))


def count_rows(folder: Path, config: Config) -> dict[str, int]:
    """Rows of each split that is there, by the footers of its shards."""
    rows = {
        split: sum(pq.read_metadata(path).num_rows for path in files_of(folder, config, split))
        for split in config.splits
    }
    return {split: n for split, n in rows.items() if n}


def histogram(lengths: "Counter[int]", bins: Sequence[int]) -> list[dict[str, int | None]]:
    """
    Count lengths by bin; the last bin is open.

    >>> histogram(Counter([3, 10, 11]), (0, 10, 20))
    [{'from': 0, 'to': 10, 'n': 1}, {'from': 10, 'to': 20, 'n': 2}, {'from': 20, 'to': None, 'n': 0}]
    """
    counts = [0] * len(bins)
    for length, n in lengths.items():
        counts[bisect_right(bins, length) - 1] += n
    return [{"from": low, "to": high, "n": n} for low, high, n in zip(bins, [*bins[1:], None], counts, strict=True)]


def summary(lengths: "Counter[int]") -> dict[str, float | int]:
    """Total, mean and PERCENTILES of lengths; zeros when there are none."""
    if not lengths:
        return dict.fromkeys(["total", "mean", *PERCENTILES], 0)
    total, n = sum(length * n for length, n in lengths.items()), lengths.total()
    observed = percentiles(lengths, list(PERCENTILES.values()))
    return {"total": total, "mean": round(total / n, 2), **dict(zip(PERCENTILES, observed, strict=True))}


def percentiles(values: "Counter[Any]", wanted: Sequence[int]) -> list[Any]:
    """
    Return observed values, for each percentage the last of so many.

    >>> percentiles(Counter([3, 3, 5, 9]), [0, 50, 100])
    [3, 3, 9]
    """
    ordered = sorted(values)
    ends = list(accumulate(values[value] for value in ordered))
    return [ordered[bisect_right(ends, (ends[-1] - 1) * percentage // 100)] for percentage in wanted]


def ranked(counts: "Counter[str]", top: int | None = None) -> dict[str, int]:
    """
    Return the `top` most frequent, ties by name.

    >>> ranked(Counter("中文文新新"))
    {'文': 2, '新': 2, '中': 1}
    """
    return dict(sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))[:top])


def _batches(folder: Path, config: Config, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for path in files_of(folder, config):
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=65_536, columns=list(columns))


def _count(counter: "Counter[Any]", column: pa.Array) -> None:
    for item in pc.value_counts(column).to_pylist():
        counter[item["values"]] += item["counts"]


def _counted(folder: Path, config: Config, column: str) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for batch in _batches(folder, config, [column]):
        _count(counts, batch[column])
    return ranked(counts)


def _articles(folder: Path) -> dict[str, Any]:
    chars: Counter[int] = Counter()
    paragraphs: Counter[int] = Counter()
    outlets: Counter[Any] = Counter()
    categories: Counter[Any] = Counter()
    licences: Counter[Any] = Counter()
    robots: Counter[Any] = Counter()
    reserved: Counter[Any] = Counter()
    months: Counter[Any] = Counter()
    cluster_sizes: Counter[Any] = Counter()
    filled = dict.fromkeys(OPTIONAL, 0)
    scripts: Counter[Any] = Counter()
    partial = cantonese = 0
    first: datetime | None = None
    last: datetime | None = None
    columns = [*OPTIONAL, "n_chars", "paragraphs", "partial", "licence", "cluster_size", "script", "cantonese"]
    columns += ["robots", "tdm_reservation"]
    for batch in _batches(folder, ARTICLES, columns):
        _count(chars, batch["n_chars"])
        _count(paragraphs, pc.list_value_length(batch["paragraphs"]))
        _count(outlets, batch["outlet"].drop_null())
        _count(categories, batch["category"].drop_null())
        _count(licences, batch["licence"])
        _count(robots, pc.list_flatten(batch["robots"]))
        _count(reserved, batch["tdm_reservation"].drop_null())
        _count(cluster_sizes, batch["cluster_size"])
        _count(scripts, batch["script"].fill_null("unknown"))
        cantonese += pc.sum(batch["cantonese"]).as_py() or 0
        partial += pc.sum(batch["partial"]).as_py() or 0
        for name in OPTIONAL:
            filled[name] += _n_filled(batch[name])
        # China has kept +08:00 since 1992; Arrow's own time zones would need a tzdata that a small image lacks.
        local = pc.add(batch["published_at"].cast(pa.timestamp("us")).drop_null(), timedelta(hours=8))
        if len(local):
            _count(months, pc.strftime(local, format="%Y-%m"))
            ends = pc.min_max(local).as_py()
            first = min(first or ends["min"], ends["min"])
            last = max(last or ends["max"], ends["max"])
    return {
        "articles": {
            "chars": summary(chars),
            "histogram": histogram(chars, ARTICLE_BINS),
            "paragraphs": summary(paragraphs),
            "filled": filled,
            "partial": partial,
            "scripts": ranked(scripts),
            "cantonese": cantonese,
        },
        "outlets": {"distinct": len(outlets), "stated": outlets.total(), "top": ranked(outlets, TOP)},
        "categories": {"distinct": len(categories), "stated": categories.total(), "top": ranked(categories, TOP)},
        "published": {
            "first": None if first is None else f"{first.isoformat(timespec='seconds')}+08:00",
            "last": None if last is None else f"{last.isoformat(timespec='seconds')}+08:00",
            "months": dict(sorted(months.items())),
        },
        "clusters": {"sizes": {str(size): n for size, n in sorted(cluster_sizes.items())}},
        "licences": ranked(licences),
        "rights": {"robots": ranked(robots, TOP), "reserved": reserved[True], "not_reserved": reserved[False]},
    }


def _days(folder: Path, split: str) -> dict[str, Any]:
    """First and last day of publication of a split, in China, and how many of its articles are undated."""
    first: date | None = None
    last: date | None = None
    undated = 0
    for path in files_of(folder, ARTICLES, split):
        with pq.ParquetFile(path) as file:  # not read_table, which loads all of pyarrow.dataset for it
            days = china_days(file.read(["published_at"])["published_at"])
        undated += days.null_count
        ends = pc.min_max(days).as_py()
        first = min(filter(None, (first, ends["min"])), default=None)
        last = max(filter(None, (last, ends["max"])), default=None)
    return {"first": first and first.isoformat(), "last": last and last.isoformat(), "undated": undated}


def _n_filled(column: pa.Array) -> int:
    """Rows that say something: neither null nor an empty list."""
    if pa.types.is_list(column.type):
        return int(pc.sum(pc.greater(pc.list_value_length(column), 0)).as_py() or 0)
    return int(len(column) - column.null_count)


def _sentences(folder: Path) -> dict[str, Any]:
    chars: Counter[int] = Counter()
    in_quote = 0
    for batch in _batches(folder, SENTENCES, ["n_chars", "in_quote"]):
        _count(chars, batch["n_chars"])
        in_quote += pc.sum(batch["in_quote"]).as_py() or 0
    return {
        "chars": summary(chars),
        "histogram": histogram(chars, SENTENCE_BINS),
        "in_quote": in_quote,
    }


def _blocks(folder: Path) -> dict[str, Any]:
    counts: dict[str, Counter[Any]] = {name: Counter() for name in CLASS_NAMES}
    repeated = 0
    for batch in _batches(folder, BLOCKS, [*CLASS_NAMES, "dup_of"]):
        for name, counter in counts.items():
            _count(counter, batch[name])
        repeated += len(batch) - batch["dup_of"].null_count
    named = {
        f"{column}s": {name: counts[column][i] for i, name in enumerate(names)} for column, names in CLASS_NAMES.items()
    }
    return {**named, "repeated": repeated}


def count_left_out(folder: Path) -> dict[str, Counter[str]]:
    """For each config that is made of articles, count those that are not in it, by reason."""
    left_out: dict[str, Counter[str]] = {task.config.name: Counter() for task in TASKS}
    for batch in _batches(folder, ARTICLES, NEEDS):
        for task in TASKS:
            left_out[task.config.name] += reasons(task.find(pa.table(batch)))
    return left_out


def _learning(folder: Path, left_out: Mapping[str, Counter[str]]) -> dict[str, Any]:
    """Of each config that is made of articles: those left out by reason; and the measures of the summaries."""
    measures: dict[str, Counter[float]] = {name: Counter() for name in MEASURES}
    in_document = 0
    for batch in _batches(folder, SUMMARIZATION, [*MEASURES, "summary_in_document"]):
        in_document += pc.sum(batch["summary_in_document"]).as_py() or 0
        for name, values in measures.items():
            _count(values, pc.round(batch[name].drop_null().cast(pa.float64()), PLACES))
    in_text = sum(pc.sum(batch[0]).as_py() or 0 for batch in _batches(folder, HEADLINE, ["title_in_text"]))
    named = {name: {"left_out": ranked(counts)} for name, counts in left_out.items()}
    return {
        "headline": named["headline"] | {"title_in_text": in_text},
        "summarization": named["summarization"]
        | {
            "kinds": _counted(folder, SUMMARIZATION, "kind"),
            "origins": _counted(folder, SUMMARIZATION, "summary_origin"),
            "summary_in_document": in_document,
            "measures": {name: _quartiles(values) for name, values in measures.items()},
        },
        "classification": named["classification"] | {"origins": _counted(folder, CLASSIFICATION, "category_origin")},
    }


def _quartiles(values: "Counter[float]") -> dict[str, float]:
    """Mean and quartiles (observed values) of a ratio, in PLACES; nothing when there are no rows."""
    if not values:
        return {}
    mean = math.fsum(value * n for value, n in values.items()) / values.total()
    found = dict(zip(("mean", "p25", "median", "p75"), [mean, *percentiles(values, [25, 50, 75])], strict=True))
    return {name: round(value, PLACES) for name, value in found.items()}


def _repeated(folder: Path) -> dict[str, Any]:
    """Count paragraphs that stand in REPEATED_FROM articles or more, and list those that stand in most."""
    digests = [np.zeros(0, np.uint64)]
    most: dict[int, tuple[int, str]] = {}
    n_articles = n_paragraphs = 0
    for batch in _batches(folder, ARTICLES, ["text", "paragraph_articles"]):
        shared = pc.list_flatten(batch["paragraph_articles"])
        home = pc.list_parent_indices(batch["paragraph_articles"])
        often = pc.indices_nonzero(pc.greater_equal(shared, REPEATED_FROM))
        n_paragraphs += len(often)
        n_articles += pc.count_distinct(home.take(often)).as_py()
        begins = np.asarray(batch["paragraph_articles"].offsets)
        begins = begins - begins[0]
        lines = [
            batch["text"][row].as_py().split("\n")[place - begins[row]]
            for row, place in zip(home.take(often).to_pylist(), often.to_pylist(), strict=True)
        ]
        texts = pa.array(lines, pa.string())
        keys = digests_of(texts, keys_of(texts))
        digests = [np.unique(np.concatenate([*digests, keys]))]
        for key, n, line in zip(keys.tolist(), shared.take(often).to_pylist(), lines, strict=True):
            most[key] = max(most.get(key, (n, line)), (n, line))
        most = dict(sorted(most.items(), key=lambda item: (-item[1][0], item[1][1]))[:TOP])
    return {
        "distinct": len(digests[0]),
        "paragraphs": n_paragraphs,
        "articles": n_articles,
        "top": [{"text": line if len(line) <= 60 else line[:60] + "……", "articles": n} for n, line in most.values()],
    }


def _privacy(folder: Path) -> dict[str, dict[str, int]]:
    """Count placeholders of personal data by kind: in the texts of articles, and in all blocks of their pages."""
    counts = {"text": dict.fromkeys(KINDS, 0), "blocks": dict.fromkeys(KINDS, 0)}
    for batch in _batches(folder, ARTICLES, ["privacy"]):
        for item in pc.value_counts(pc.list_flatten(batch["privacy"]).field("kind")).to_pylist():
            counts["text"][item["values"]] += item["counts"]
    for batch in _batches(folder, BLOCKS, ["text"]):
        masked = batch["text"].filter(pc.match_substring(batch["text"], "<"))
        for kind in KINDS:
            counts["blocks"][kind] += pc.sum(pc.count_substring(masked, PLACEHOLDERS[kind])).as_py() or 0
    return counts
