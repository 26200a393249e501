"""
Paragraphs that stand in several stories: boilerplate and quoted statements. They are counted, not deleted.

    series ─paragraph_keys→ paragraphs;  paragraphs, clusters ─of_kept, by page→ kept_paragraphs
    kept_paragraphs ─count_articles, by paragraph→ repeated;  series, clusters, repeated ─join_clusters→ articles
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.keys import digests_of, keys_of
from builder.dedup.ragged import first_of_run
from builder.dedup.texts import STEP_TEXTS
from builder.schemas import PARAGRAPHS, REPEATED

# Letters and digits below which a paragraph says too little to be a repetition: 谢谢大家。 stands in many stories.
MIN_LETTERS = 16


def paragraph_keys(pages: pa.Table) -> pa.Table:
    """PAGES rows -> PARAGRAPHS rows: the paragraphs of every article, which are the lines of its text."""
    pages = pages.filter(pc.and_(pc.is_null(pages["reject"]), pc.is_valid(pages["text"])))
    if not pages.num_rows:
        return PARAGRAPHS.empty_table()
    lines = pa.concat_arrays(pc.split_pattern(pages["text"], "\n").chunks)
    page = np.asarray(pc.list_parent_indices(lines))
    number = np.arange(len(page)) - np.asarray(lines.offsets)[page] + int(lines.offsets[0].as_py())
    paragraphs = pc.list_flatten(lines)
    digests, lengths = [], []
    for begin in range(0, len(paragraphs), 4 * STEP_TEXTS):
        part = paragraphs.slice(begin, 4 * STEP_TEXTS)
        keys = keys_of(part)
        digests.append(digests_of(part, keys))
        lengths.append(keys.lengths)
    long = np.flatnonzero(np.concatenate(lengths) >= MIN_LETTERS)
    home = pa.array(page[long])
    columns = [
        pa.array(np.concatenate(digests)[long].view(np.int64)),
        pages["page_id"].take(home),
        pages["source"].take(home),
        pa.array(number[long], pa.int32()),
    ]
    return pa.table(columns, schema=PARAGRAPHS)


def of_kept(paragraphs: pa.Table, clusters: pa.Table) -> pa.Table:
    """PARAGRAPHS and CLUSTERS rows, complete by page_id and source -> PARAGRAPHS rows of what is published."""
    kept = clusters.filter(pc.and_(clusters["kept"], pc.is_valid(clusters["split"])))
    places = (pc.binary_join_element_wise(t["page_id"], t["source"], "\0") for t in (paragraphs, kept))
    return paragraphs.filter(pc.is_in(*places))


def count_articles(paragraphs: pa.Table) -> pa.Table:
    """PARAGRAPHS rows, complete by paragraph_key -> REPEATED rows of those that stand in more than one article."""
    key, page = (np.asarray(paragraphs[n].combine_chunks().dictionary_encode().indices) for n in PARAGRAPHS.names[:2])
    order = np.lexsort((page, key))
    new = first_of_run(key[order]) | first_of_run(page[order])
    n_articles = np.bincount(key[order][new], minlength=int(key.max(initial=-1)) + 1)[key]
    several = pa.array(n_articles > 1)
    columns = [*paragraphs.columns[1:], pa.array(n_articles, pa.int32())]
    return pa.table(columns, schema=REPEATED).filter(several)


def articles_a_paragraph(pages: pa.Table, repeated: pa.Table) -> pa.Array:
    """
    PAGES and REPEATED rows, complete by page_id and source -> how many published articles hold each paragraph.

    A list a page, as long as it has paragraphs, null where it has no text; 1 where only the page itself has it.
    """
    counts: dict[tuple[str | None, str], dict[int, int]] = {}
    for page_id, source, paragraph, n in zip(*(repeated[name].to_pylist() for name in REPEATED.names), strict=True):
        counts.setdefault((page_id, source), {})[paragraph] = n
    found: list[list[int] | None] = []
    texts = (pages[name].to_pylist() for name in ("page_id", "source", "text"))
    for page_id, source, text in zip(*texts, strict=True):
        if text is None:
            found.append(None)
            continue
        row = [1] * (text.count("\n") + 1 if text else 0)
        for paragraph, n in counts.get((page_id, source), {}).items():
            row[paragraph] = n
        found.append(row)
    return pa.array(found, pa.list_(pa.field("element", pa.int32())))
