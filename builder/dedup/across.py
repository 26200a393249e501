"""
Texts of different splits that are nearly alike: the search after the search.

The bands of the build bring two texts together by chance. Among 800,000 texts they found 13,741 pairs of LEAK_SHARE and
above, and missed three that stood in two splits: they shared six to eight hashes of their sketches, of 17 to 30, and no
two neighbours. This search goes another way. It samples runs of seven characters by another hash, counts for every two
texts of different splits how many they share, and compares those that share many. It takes .02 ms of CPU a text.

    clusters, keys ─kept_texts, by text→ kept_texts ─find_apart→ pairs ─related_edges→ edges, for `steps.components`

`zhnews build` runs it over the texts that it is about to publish and puts what it finds into one split, until it finds
nothing; `zhnews verify` runs it over what was published (`publish/leaks.py`). Both find the same, whatever the files,
shards and rows, because texts are put in order by split and digest.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.digests import from_hex
from builder.dedup.edges import RULES, TEMPLATE, Measures, compare, judge
from builder.dedup.groups import RELATED, related
from builder.dedup.keys import Keys
from builder.dedup.ragged import I64, U8, U64, Bools, first_of_run
from builder.dedup.settings import DedupSettings
from builder.dedup.steps import SHORT_KEY, stored_keys
from builder.dedup.texts import STEP_TEXTS
from builder.publish.configs import SPLITS
from builder.publish.dealt import Dealt, mixed
from builder.schemas import EDGES, KEPT_TEXTS
from builder.tables import iter_batches

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

_ROW = np.uint64(0xFFFFFFFF)  # of a word, the bits that hold a text

_MULTIPLIER = np.uint64(0xD1342543DE82EF95)  # of a 64-bit linear congruential generator, Steele and Vigna 2021


class Placed(NamedTuple):
    """Some texts, and where they stand."""

    digests: U64  # as of `keys.digests_of`: what puts the texts of a split in order, shape (texts,)
    splits: U8  # shape (texts,)
    keys: Keys  # cut to MAX_SYMBOLS


class Across(NamedTuple):
    """Of pairs of texts of different splits: what they are, each of shape (pairs,)."""

    measures: Measures
    leak: Bools  # nearly alike
    template: Bools  # two stories of one template
    brief: Bools  # most of one stands in the other, which is much longer


def sharing(texts: Iterable[Placed], n_texts: int) -> tuple[I64, I64]:
    """
    Find pairs of texts of different splits that share many samples.

    Memory is some 30 bytes a text and the samples of a part of all runs; some 700 bytes a text stand on the disk of
    temporary files meanwhile.

    Args:
        texts: all of them, some at a time.
        n_texts: how many there are.

    Returns:
        Rows of the texts, in the order given, each of shape (pairs,). Left and right are in the order of splits.
    """
    samples = Dealt(np.uint64, n_texts * SAMPLE_BYTES)
    digests, splits = np.zeros(n_texts, np.uint64), np.zeros(n_texts, np.uint8)
    levels, n_samples = np.zeros(n_texts, np.uint8), np.zeros(n_texts, np.uint16)
    begin = 0
    for some in texts:
        part = slice(begin, begin + len(some.digests))
        digests[part], splits[part] = some.digests, some.splits
        levels[part] = np.maximum(np.frexp(some.keys.lengths / SAMPLES)[1] - 1, 0)
        words = _samples(some.keys, levels[part], begin)
        n_samples[part] = np.bincount((words & _ROW).astype(np.int64) - begin, minlength=len(some.keys))
        samples.add(words, mixed(words >> np.uint64(32)))
        begin = part.stop

    # From here on, texts are numbered by split and digest.
    row_of = np.lexsort((digests, splits))
    number_of = np.empty(n_texts, np.uint64)
    number_of[row_of] = np.arange(n_texts, dtype=np.uint64)
    splits, levels, n_samples = splits[row_of], levels[row_of], n_samples[row_of]
    pairs = Dealt(np.uint64, n_texts * PAIR_BYTES)
    for words in samples.parts():
        found = _neighbours(words & ~_ROW | number_of[words & _ROW], splits)
        pairs.add(found, mixed(found))
    likely = [np.zeros(0, np.uint64)]
    for part_of_pairs in pairs.parts():
        found, shared = np.unique(part_of_pairs, return_counts=True)
        left, right = _sides(found)
        level = np.maximum(levels[left], levels[right])
        comparable = np.minimum(*(n_samples[side] / 2.0 ** (level - levels[side]) for side in (left, right)))
        likely.append(found[shared >= np.maximum(2, MIN_SHARED * comparable)])
    left, right = _sides(np.sort(np.concatenate(likely)))
    return row_of[left], row_of[right]


def judge_across(keys: Keys, left: I64, right: I64, settings: DedupSettings) -> Across:
    """Compare texts of different splits pair by pair; `left` and `right` are rows of `keys`, shape (pairs,)."""
    measures = compare(keys, left, right)
    template = judge(measures, settings) == RULES.index(TEMPLATE)
    alike = related(measures, settings, LEAK_SHARE) & ~template
    ratio = np.minimum(measures.left, measures.right) / np.maximum(np.maximum(measures.left, measures.right), 1)
    copy = ratio >= MIN_LENGTH_RATIO
    return Across(measures, alike & copy, template, alike & ~copy)


def kept_texts(keys: pa.Table, clusters: pa.Table) -> pa.Table:
    """KEYS and CLUSTERS rows, complete by text_key -> KEPT_TEXTS rows."""
    kept = clusters.filter(pc.and_(clusters["kept"], pc.is_valid(clusters["split"])))
    row = pc.index_in(kept["text_key"], keys["text_key"])
    return pa.table([kept["text_key"], kept["split"], keys["symbols"].take(row)], schema=KEPT_TEXTS)


def find_apart(kept: Path, settings: DedupSettings) -> set[tuple[str, str]]:
    """Return the text keys of all pairs of the KEPT_TEXTS table `kept` that would leak."""
    n_texts = sum(batch.num_rows for batch in iter_batches(kept, ["text_key"], rows=65_536))
    left, right = sharing(map(_placed, iter_batches(kept, rows=STEP_TEXTS)), n_texts)
    rows = np.unique(np.concatenate([left, right]))
    parts, begin = [KEPT_TEXTS.empty_table()], 0
    for batch in iter_batches(kept, rows=STEP_TEXTS):
        parts.append(batch.take(pa.array(within(rows, begin, batch.num_rows))))
        begin += batch.num_rows
    some = pa.concat_tables(parts)
    left, right = np.searchsorted(rows, left), np.searchsorted(rows, right)
    leak = judge_across(stored_keys(some["symbols"]), left, right, settings).leak
    named = (some["text_key"].take(pa.array(side[leak])).to_pylist() for side in (left, right))
    return set(zip(*named, strict=True))


def related_edges(apart: Iterable[tuple[str, str]]) -> pa.Table:
    """Pairs of text keys -> RELATED edges; of EDGES, what `steps.components` reads."""
    rows = [{"left": left, "right": right, "rule": RELATED} for left, right in sorted(apart)]
    return pa.Table.from_pylist(rows, schema=pa.schema([EDGES.field(name) for name in ("left", "right", "rule")]))


def within(rows: I64, begin: int, n: int) -> I64:
    """Of `rows`, which rise, those of a batch of `n` that begins at row `begin`, counted from there."""
    first, last = np.searchsorted(rows, [begin, begin + n])
    return rows[first:last] - begin


def _placed(kept: pa.Table) -> Placed:
    splits = np.asarray(pc.index_in(kept["split"], pa.array(SPLITS))).astype(np.uint8)
    return Placed(from_hex(kept["text_key"]), splits, stored_keys(kept["symbols"]))


def _sides(pairs: U64) -> tuple[I64, I64]:
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & _ROW).astype(np.int64)


def _neighbours(words: U64, splits: U8) -> U64:
    """
    Pairs of texts of different splits that share a sample, once for each sample, as `left << 32 | right`.

    Args:
        words: samples, `hash << 32 | text`, texts numbered by split.
        splits: of each text, shape (texts,).
    """
    words = np.sort(words)
    text = (words & _ROW).astype(np.int64)
    run, split = words >> np.uint64(32), splits[text]
    found = [np.zeros(0, np.uint64)]
    for distance in range(1, NEIGHBOURS + 1):
        near = np.flatnonzero((run[distance:] == run[:-distance]) & (split[distance:] != split[:-distance]))
        found.append(text[near].astype(np.uint64) << np.uint64(32) | text[near + distance].astype(np.uint64))
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
