"""
Paragraphs that stand in several stories: boilerplate and quoted statements. They are counted, not deleted.

    series ─paragraph_keys→ paragraphs;  paragraphs, clusters ─of_kept, by page→ kept_paragraphs
    kept_paragraphs ─count_articles, by paragraph→ repeated;  series, clusters, repeated ─join_clusters→ articles
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.keys import digests_of, keys_of
from builder.dedup.ragged import I64, U64, first_of_run
from builder.dedup.texts import STEP_TEXTS
from builder.schemas import PARAGRAPHS, REPEATED

# Letters and digits below which a paragraph says too little to be a repetition: 谢谢大家。 stands in many stories.
MIN_LETTERS = 16

#: The number of a description among the paragraphs of its article. It is counted apart from them.
DESCRIPTION = -1
_OF_DESCRIPTION = np.uint64(0x9E3779B97F4A7C15)


def paragraph_keys(pages: pa.Table) -> pa.Table:
    """PAGES rows -> PARAGRAPHS rows: the paragraphs of every article, the lines of its text, and its description."""
    pages = pages.filter(pc.and_(pc.is_null(pages["reject"]), pc.is_valid(pages["text"])))
    if not pages.num_rows:
        return PARAGRAPHS.empty_table()
    lines = pa.concat_arrays(pc.split_pattern(pages["text"], "\n").chunks)
    page = np.asarray(pc.list_parent_indices(lines))
    number = np.arange(len(page)) - np.asarray(lines.offsets)[page] + int(lines.offsets[0].as_py())
    paragraphs = pc.list_flatten(lines)
    told = pc.indices_nonzero(pc.is_valid(pages["description"])).cast(pa.int64())
    descriptions = pages["description"].take(told).combine_chunks()
    long, digests = _digests_of_long(paragraphs)
    long_told, of_descriptions = _digests_of_long(descriptions)
    home = pa.array(np.concatenate([page[long], np.asarray(told)[long_told]]))
    columns = [
        pa.array(np.concatenate([digests, of_descriptions ^ _OF_DESCRIPTION]).view(np.int64)),
        pages["page_id"].take(home),
        pages["source"].take(home),
        pa.array(np.concatenate([number[long], np.full(len(long_told), DESCRIPTION)]), pa.int32()),
    ]
    return pa.table(columns, schema=PARAGRAPHS)


def _digests_of_long(texts: pa.Array) -> tuple[I64, U64]:
    """Of texts with MIN_LETTERS or more, which they are and their digests."""
    digests, lengths = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for begin in range(0, len(texts), 4 * STEP_TEXTS):
        part = texts.slice(begin, 4 * STEP_TEXTS)
        keys = keys_of(part)
        digests.append(digests_of(part, keys))
        lengths.append(keys.lengths)
    long = np.flatnonzero(np.concatenate(lengths) >= MIN_LETTERS)
    return long, np.concatenate(digests)[long]


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
    repeated = repeated.filter(pc.not_equal(repeated["paragraph"], DESCRIPTION))
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


def own_descriptions(pages: pa.Table, repeated: pa.Table) -> pa.ChunkedArray:
    """
    PAGES and REPEATED rows, complete by page_id and source -> the description of each page.

    Null where another published article has it too: then it speaks of the site.
    """
    shared = repeated.filter(pc.equal(repeated["paragraph"], DESCRIPTION))
    places, of_shared = (pc.binary_join_element_wise(t["page_id"], t["source"], "\0") for t in (pages, shared))
    everywhere = pc.fill_null(pc.is_in(places, of_shared), False)
    return pc.if_else(everywhere, pa.scalar(None, pa.string()), pages["description"])
