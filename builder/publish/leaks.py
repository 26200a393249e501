"""
Do texts leak between splits? A search of its own, over what was published, and by another way than that of the build.

The build samples runs of five characters and compares texts that share two neighbours of a sample; it compares what
lies far below its thresholds too, and puts it into one split (`dedup/groups.py`). This search samples runs of seven by
another hash, counts for every two texts of different splits how many of them they share, and looks for pairs below the
thresholds of the build. Only the exact comparison of two texts is the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from builder.dedup.edges import RULES, TEMPLATE, Measures, compare, judge
from builder.dedup.groups import related
from builder.dedup.keys import Keys, keys_of
from builder.dedup.ragged import I64, U8, U64, ends_of, first_of_run
from builder.dedup.settings import DedupSettings
from builder.dedup.steps import SHORT_KEY
from builder.dedup.texts import STEP_TEXTS, cut_keys
from builder.publish.dealt import Dealt, mixed
from builder.publish.features import ARTICLES
from builder.publish.stats import files_of

#: Of the thresholds of the build, the share from which on a pair is a leak. The build keeps pairs from .8 on together,
#: so that no pair is between the two for want of a rounding.
LEAK_SHARE = 0.9

#: A text that stands in one of more than half as much again is a brief in a roundup, and no copy of it. They are
#: counted: 6 to 13 in four sets of 46,000 to 50,000 texts, which the bands of the build, two neighbours of a sample, do
#: not bring together.
MIN_LENGTH_RATIO = 2 / 3

# Characters of a run, and samples of a text: so many to twice as many, of all runs of a short one.
RUN_CHARS = 7
SAMPLES = 48

# Texts that share a run are paired with so many before and after the border of two splits, in order: what stands in
# thousands of texts is no trace of a copy.
NEIGHBOURS = 16

# Pairs that share fewer samples than this part of what the shorter text has are not compared: of texts that are alike
# by LEAK_SHARE, at least .5 of all runs of seven are shared.
MIN_SHARED = 0.3

# Bytes on disk of the samples of an article, and of the pairs that it is in.
SAMPLE_BYTES, PAIR_BYTES = 640, 320

_ROW = np.uint64(0xFFFFFFFF)  # of a word, the bits that hold a row

_MULTIPLIER = np.uint64(0xD1342543DE82EF95)  # of a 64-bit linear congruential generator, Steele and Vigna 2021


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
    """
    Search the articles of a release, built by `settings`, for pairs in different splits that are nearly alike.

    Memory is 3 bytes an article, the samples of a part of all runs, and the texts that are compared; some 700 bytes an
    article stand on the disk of temporary files meanwhile.
    """
    left, right = _pairs(folder)
    rows = np.unique(np.concatenate([left, right]))
    ids, splits, keys = _articles(folder, rows)
    left, right = (np.searchsorted(rows, side) for side in (left, right))
    measures = compare(keys, left, right)
    template = judge(measures, settings) == RULES.index(TEMPLATE)
    alike = related(measures, settings, LEAK_SHARE) & ~template
    ratio = np.minimum(measures.left, measures.right) / np.maximum(np.maximum(measures.left, measures.right), 1)
    leaks = np.flatnonzero(alike & (ratio >= MIN_LENGTH_RATIO))
    told = _told(ids, splits, left[leaks], right[leaks], measures.take(leaks))
    return Leaks(list(told), int(template.sum()), int(alike.sum()) - len(leaks))


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


def _told(ids: list[str], splits: I64, left: I64, right: I64, measures: Measures) -> Iterator[str]:
    for a, b, jaccard, containment in zip(
        left.tolist(), right.tolist(), measures.jaccard, measures.containment, strict=True
    ):
        one, other = (f"{ids[i]} ({ARTICLES.splits[splits[i]]})" for i in (a, b))
        yield f"{one} and {other} (Jaccard {jaccard:.2f}, containment {containment:.2f})"


def _pairs(folder: Path) -> tuple[I64, I64]:
    """Pairs of articles of different splits that share many samples, as rows of the config, each of shape (pairs,)."""
    rows = [sum(pq.read_metadata(path).num_rows for path in files_of(folder, ARTICLES, s)) for s in ARTICLES.splits]
    borders = ends_of(np.array(rows, np.int64))[1:]
    samples = Dealt(np.uint64, int(borders[-1]) * SAMPLE_BYTES)
    levels, n_samples = np.zeros(borders[-1], np.uint8), np.zeros(borders[-1], np.uint16)
    for begin, _, texts in _batches(folder, ["text"]):
        part = slice(begin, begin + len(texts["text"]))
        keys = cut_keys(keys_of(texts["text"]))
        levels[part] = np.maximum(np.frexp(keys.lengths / SAMPLES)[1] - 1, 0)
        words = _samples(keys, levels[part], begin)
        n_samples[part] = np.bincount((words & _ROW).astype(np.int64) - begin, minlength=len(keys))
        samples.add(words, mixed(words >> np.uint64(32)))

    pairs = Dealt(np.uint64, int(borders[-1]) * PAIR_BYTES)
    for words in samples.parts():
        found = _neighbours(words, borders)
        pairs.add(found, mixed(found))
    likely = [np.zeros(0, np.uint64)]
    for part_of_pairs in pairs.parts():
        found, shared = np.unique(part_of_pairs, return_counts=True)
        left, right = _sides(found)
        level = np.maximum(levels[left], levels[right])
        comparable = np.minimum(*(n_samples[side] / 2.0 ** (level - levels[side]) for side in (left, right)))
        likely.append(found[shared >= np.maximum(2, MIN_SHARED * comparable)])
    return _sides(np.sort(np.concatenate(likely)))


def _sides(pairs: U64) -> tuple[I64, I64]:
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & _ROW).astype(np.int64)


def _neighbours(words: U64, borders: I64) -> U64:
    """Pairs of articles of different splits that share a sample, once for each sample, as `left << 32 | right`."""
    words = np.sort(words)
    row = (words & _ROW).astype(np.int64)
    run, split = words >> np.uint64(32), np.searchsorted(borders, row, side="right")
    found = [np.zeros(0, np.uint64)]
    for distance in range(1, NEIGHBOURS + 1):
        near = np.flatnonzero((run[distance:] == run[:-distance]) & (split[distance:] != split[:-distance]))
        found.append(row[near].astype(np.uint64) << np.uint64(32) | row[near + distance].astype(np.uint64))
    return np.concatenate(found)


def _samples(keys: Keys, levels: U8, row: int) -> U64:
    """
    Runs of each text whose hash is below 2**32 >> level, each once, as `hash << 32 | row`; `row` is that of the first.

    None of texts so short that the build does not tell them apart by their words alone.
    """
    n = len(keys.symbols)
    symbols = np.concatenate([keys.symbols, np.zeros(RUN_CHARS, np.uint16)]).astype(np.uint64)
    hashes = np.zeros(n, np.uint64)
    for place in range(RUN_CHARS):
        hashes = (hashes + symbols[place : place + n]) * _MULTIPLIER
    hashes = (hashes ^ hashes >> np.uint64(29)) * _MULTIPLIER >> np.uint64(32)
    text = np.repeat(np.arange(len(keys)), keys.lengths)
    whole = np.arange(n) + RUN_CHARS <= keys.offsets[text + 1]
    taken = whole & (hashes < (np.uint64(1) << np.uint64(32)) >> levels[text].astype(np.uint64))
    taken &= keys.lengths[text] >= SHORT_KEY
    words = np.sort(hashes[taken] << np.uint64(32) | (row + text[taken]).astype(np.uint64))
    return words[first_of_run(words)]


def _articles(folder: Path, rows: I64) -> tuple[list[str], I64, Keys]:
    """Id, number of the split and key of some articles, `rows` of the config, which never fall."""
    ids: list[str] = []
    splits: list[int] = []
    parts = [Keys(np.zeros(0, np.uint16), np.zeros(1, np.int64))]
    for begin, split, batch in _batches(folder, ["article_id", "text"]):
        first, last = np.searchsorted(rows, [begin, begin + batch.num_rows])
        if first < last:
            some = batch.take(pa.array(rows[first:last] - begin))
            ids += some["article_id"].to_pylist()
            splits += [split] * some.num_rows
            parts.append(cut_keys(keys_of(some["text"])))
    keys = Keys(
        np.concatenate([part.symbols for part in parts]), ends_of(np.concatenate([part.lengths for part in parts]))
    )
    return ids, np.array(splits, np.int64), keys


def _batches(folder: Path, columns: list[str]) -> Iterator[tuple[int, int, pa.RecordBatch]]:
    """Yield the row of the first article, the number of the split, and the articles."""
    row = 0
    for number, split in enumerate(ARTICLES.splits):
        for path in files_of(folder, ARTICLES, split):
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=STEP_TEXTS, columns=columns):
                    yield row, number, batch
                    row += batch.num_rows
