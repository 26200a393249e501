"""
Do texts leak between splits? A search of its own, over what was published, and by another way than that of the build.

The build samples runs of five characters and compares texts that share two neighbours of a sample; it compares what
lies far below its thresholds too, and puts it into one split (`dedup/groups.py`). This search samples runs of seven by
another hash, counts for every two texts of different splits how many of them they share, and looks for pairs below the
thresholds of the build. Only the exact comparison of two texts is the same.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq

from builder.dedup.edges import RULES, TEMPLATE, Measures, compare, judge
from builder.dedup.groups import related
from builder.dedup.keys import Keys, keys_of
from builder.dedup.ragged import I64, U64, ends_of, first_of_run
from builder.dedup.settings import DedupSettings
from builder.dedup.steps import SHORT_KEY
from builder.dedup.texts import STEP_TEXTS, cut_keys
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
    """Search the articles of a release, built by `settings`, for pairs in different splits that are nearly alike."""
    ids, splits, keys = _articles(folder)
    left, right = _pairs(keys, splits)
    measures = compare(keys, left, right)
    template = judge(measures, settings) == RULES.index(TEMPLATE)
    alike = related(measures, settings, LEAK_SHARE) & ~template
    ratio = np.minimum(measures.left, measures.right) / np.maximum(np.maximum(measures.left, measures.right), 1)
    leaks = np.flatnonzero(alike & (ratio >= MIN_LENGTH_RATIO))
    told = _told(ids, splits, left[leaks], right[leaks], measures.take(leaks))
    return Leaks(list(told), int(template.sum()), int(alike.sum()) - len(leaks))


def dedup_settings(manifest: Mapping[str, Any]) -> DedupSettings:
    """Return the thresholds that a release was built with, by its manifest; the defaults where it states none."""
    stated = manifest.get("settings", {}).get("dedup", {})
    return DedupSettings(**{name: value for name, value in stated.items() if name != "keep"})


def _told(ids: list[str], splits: I64, left: I64, right: I64, measures: Measures) -> Iterator[str]:
    for a, b, jaccard, containment in zip(
        left.tolist(), right.tolist(), measures.jaccard, measures.containment, strict=True
    ):
        one, other = (f"{ids[i]} ({ARTICLES.splits[splits[i]]})" for i in (a, b))
        yield f"{one} and {other} (Jaccard {jaccard:.2f}, containment {containment:.2f})"


def _articles(folder: Path) -> tuple[list[str], I64, Keys]:
    """Id, number of the split and key of the articles that the build tells apart by text alone, each id once."""
    ids: dict[str, int] = {}
    parts = [Keys(np.zeros(0, np.uint16), np.zeros(1, np.int64))]
    for number, split in enumerate(ARTICLES.splits):
        for path in files_of(folder, ARTICLES, split):
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=STEP_TEXTS, columns=["article_id", "text"]):
                    keys = cut_keys(keys_of(batch["text"]))
                    new: list[int] = []
                    for row, article in enumerate(batch["article_id"].to_pylist()):
                        if keys.lengths[row] >= SHORT_KEY and article not in ids:
                            ids[article] = number
                            new.append(row)
                    parts.append(keys.take(np.array(new, np.int64)))
    lengths = np.concatenate([part.lengths for part in parts])
    keys = Keys(np.concatenate([part.symbols for part in parts]), ends_of(lengths))
    return list(ids), np.array(list(ids.values()), np.int64), keys


def _pairs(keys: Keys, splits: I64) -> tuple[I64, I64]:
    """Pairs of texts of different splits that share many samples, each of shape (pairs,). `splits` never falls."""
    levels = np.maximum(np.frexp(keys.lengths / SAMPLES)[1] - 1, 0)
    words = _samples(keys, levels)
    words.sort()
    text = (words & np.uint64(0xFFFFFFFF)).astype(np.int64)
    n_samples = np.bincount(text, minlength=len(keys))
    run, split = words >> np.uint64(32), splits[text]
    found = [np.zeros(0, np.uint64)]
    for distance in range(1, NEIGHBOURS + 1):
        near = np.flatnonzero((run[distance:] == run[:-distance]) & (split[distance:] != split[:-distance]))
        found.append(text[near].astype(np.uint64) << np.uint64(32) | text[near + distance].astype(np.uint64))
    pairs, shared = np.unique(np.concatenate(found), return_counts=True)
    left, right = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    level = np.maximum(levels[left], levels[right])
    comparable = np.minimum(*(n_samples[side] / 2.0 ** (level - levels[side]) for side in (left, right)))
    likely = shared >= np.maximum(2, MIN_SHARED * comparable)
    return left[likely], right[likely]


def _samples(keys: Keys, levels: I64) -> U64:
    """Runs of each text whose hash is below 2**32 >> level, each once, as `hash << 32 | text`."""
    found = [np.zeros(0, np.uint64)]
    for begin in range(0, len(keys), STEP_TEXTS):
        rows = np.arange(begin, min(begin + STEP_TEXTS, len(keys)))
        part = keys.take(rows)
        n = len(part.symbols)
        symbols = np.concatenate([part.symbols, np.zeros(RUN_CHARS, np.uint16)]).astype(np.uint64)
        hashes = np.zeros(n, np.uint64)
        for place in range(RUN_CHARS):
            hashes = (hashes + symbols[place : place + n]) * _MULTIPLIER
        hashes = (hashes ^ hashes >> np.uint64(29)) * _MULTIPLIER >> np.uint64(32)
        text = np.repeat(rows, part.lengths)
        whole = np.arange(n) + RUN_CHARS <= np.repeat(part.offsets[1:], part.lengths)
        taken = whole & (hashes < (np.uint64(1) << np.uint64(32)) >> levels[text].astype(np.uint64))
        words = np.sort(hashes[taken] << np.uint64(32) | text[taken].astype(np.uint64))
        found.append(words[first_of_run(words)])
    return np.concatenate(found)
