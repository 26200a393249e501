"""Are `paragraph_articles` and `description` what a recount over all published articles gives?"""

from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.dedup.keys import digests_of, keys_of
from builder.dedup.paragraphs import MIN_LETTERS
from builder.dedup.ragged import I64, first_of_run
from builder.dedup.texts import STEP_TEXTS
from builder.publish.dealt import Dealt, mixed
from builder.publish.features import ARTICLES
from builder.publish.stats import count_rows, files_of

#: A paragraph: its digest, the row of its article in the config, and in how many articles it is said to stand.
_PARAGRAPH = np.dtype([("digest", "<u8"), ("row", "<u4"), ("said", "<u4")])

# Bytes of the paragraphs of an article: a dozen.
_ARTICLE_BYTES = 12 * _PARAGRAPH.itemsize


def find_miscounted(folder: Path) -> list[str]:
    """
    Return the articles of a release with a paragraph that stands in more or fewer published articles than they say.

    Articles with more or fewer counts than lines are passed over: `check_articles` tells them. Paragraphs are dealt out
    on disk, 16 bytes each.
    """
    dealt = Dealt(_PARAGRAPH, sum(count_rows(folder, ARTICLES).values()) * _ARTICLE_BYTES)
    for begin, batch in _batches(folder, ["text", "paragraph_articles"]):
        paragraphs = _paragraphs(begin, batch)
        dealt.add(paragraphs, mixed(paragraphs["digest"]))
    wrong: dict[int, str] = {}
    for paragraphs in dealt.parts():
        found = _articles_with(paragraphs)
        for i in np.flatnonzero(paragraphs["said"] != found).tolist():
            wrong[int(paragraphs["row"][i])] = f"{paragraphs['said'][i]}, recounted {found[i]}"
    return [f"{name} ({wrong[row]})" for row, name in _named(folder, wrong)]


def find_shared_descriptions(folder: Path) -> list[str]:
    """Return the articles of a release whose description stands in another one too. Memory is 16 bytes an article."""
    digests, rows = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for begin, batch in _batches(folder, ["description"]):
        told = np.flatnonzero(batch["description"].is_valid())
        texts = batch["description"].drop_null()
        keys = keys_of(texts)
        long = keys.lengths >= MIN_LETTERS
        digests.append(digests_of(texts, keys)[long])
        rows.append(begin + told[long])
    _, home, counts = np.unique(np.concatenate(digests), return_inverse=True, return_counts=True)
    shared = set(np.concatenate(rows)[counts[home] > 1].tolist())
    return [name for _, name in _named(folder, shared)]


def _named(folder: Path, rows: Collection[int]) -> Iterator[tuple[int, str]]:
    """Yield some rows of the config `articles` with the ids of their articles."""
    if not rows:
        return
    for begin, batch in _batches(folder, ["article_id"]):
        yield from ((row, name) for row, name in enumerate(batch[0].to_pylist(), begin) if row in rows)


def _paragraphs(begin: int, batch: pa.RecordBatch) -> npt.NDArray[np.void]:
    """Paragraphs of some articles, of which the first is in row `begin`, that are long enough to count."""
    lines = pc.split_pattern(batch["text"], "\n")
    same = pc.equal(pc.list_value_length(lines), pc.list_value_length(batch["paragraph_articles"]))
    rows, lines, counts = begin + np.flatnonzero(same), lines.filter(same), batch["paragraph_articles"].filter(same)
    texts = pc.list_flatten(lines)
    keys = keys_of(texts)
    found = np.empty(len(texts), _PARAGRAPH)
    found["digest"] = digests_of(texts, keys)
    found["row"] = rows[np.asarray(pc.list_parent_indices(lines))]
    found["said"] = pc.list_flatten(counts)
    return found[keys.lengths >= MIN_LETTERS]


def _articles_with(paragraphs: npt.NDArray[np.void]) -> I64:
    """For each paragraph in an article, shape (n,), in how many articles it stands."""
    digest, row = paragraphs["digest"], paragraphs["row"]
    order = np.lexsort((row, digest))
    first = first_of_run(digest[order])
    group = np.cumsum(first) - 1
    n_articles = np.bincount(group[first | first_of_run(row[order])])
    found = np.empty(len(order), np.int64)
    found[order] = n_articles[group]
    return found


def _batches(folder: Path, columns: list[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield the row of the first article, and some articles."""
    row = 0
    for path in files_of(folder, ARTICLES):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(STEP_TEXTS, columns=columns):
                yield row, batch
                row += batch.num_rows
