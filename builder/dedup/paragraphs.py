"""Paragraphs that stand in several stories: boilerplate and quoted statements. They are counted, not deleted."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.digests import to_hex
from builder.dedup.keys import digests_of, keys_of
from builder.dedup.ragged import I64, first_of_run
from builder.dedup.texts import STEP_TEXTS

# Letters and digits below which a paragraph says too little to be a repetition: 谢谢大家。 stands in many stories.
MIN_LETTERS = 16

REPEATED = pa.schema(
    [
        ("paragraph_key", pa.string()),
        ("text", pa.string()),
        ("n_stories", pa.int64()),
        ("n_texts", pa.int64()),
    ]
)


def find_repeated(texts: pa.ChunkedArray, clusters: pa.ChunkedArray) -> tuple[pa.Table, I64]:
    """
    Find the paragraphs that stand in more than one story, by their keys.

    Args:
        texts: running texts; a paragraph is a line.
        clusters: cluster of each text: that copies of one story share a paragraph says nothing.

    Returns:
        REPEATED rows, those of most stories first, with the paragraph as it stands in the first text that has it; and
        how many such paragraphs each text has, shape (texts,).
    """
    lines = pc.split_pattern(texts, "\n").combine_chunks()
    text_of = np.asarray(pc.list_parent_indices(lines))
    paragraphs = pc.list_flatten(lines)
    digests, lengths = _digests(paragraphs)
    long = np.flatnonzero(lengths >= MIN_LETTERS)
    story = np.asarray(clusters.combine_chunks().dictionary_encode().indices)[text_of]

    keys, group = np.unique(digests[long], return_inverse=True)
    n_stories = _distinct(group, story[long], len(keys))
    n_texts = _distinct(group, text_of[long], len(keys))
    repeated = n_stories > 1
    per_text = np.bincount(text_of[long][repeated[group]], minlength=len(texts))

    first = np.full(len(keys), len(long))
    np.minimum.at(first, group, np.arange(len(long)))
    order = np.flatnonzero(repeated)
    order = order[np.lexsort((keys[order], -n_texts[order], -n_stories[order]))]
    words = paragraphs.take(pa.array(long[first[order]]))
    table = pa.table([to_hex(keys[order]), words.cast(pa.string()), n_stories[order], n_texts[order]], schema=REPEATED)
    return table, per_text


def _digests(paragraphs: pa.Array) -> tuple[np.ndarray, I64]:
    """Digest and length in letters of each paragraph."""
    digests, lengths = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for begin in range(0, len(paragraphs), 4 * STEP_TEXTS):
        part = paragraphs.slice(begin, 4 * STEP_TEXTS)
        keys = keys_of(part)
        digests.append(digests_of(part, keys))
        lengths.append(keys.lengths)
    return np.concatenate(digests), np.concatenate(lengths)


def _distinct(group: I64, value: I64, n: int) -> I64:
    """Distinct values of each group, shape (n,)."""
    order = np.lexsort((value, group))
    new = first_of_run(group[order]) | first_of_run(value[order])
    return np.bincount(group[order][new], minlength=n)
