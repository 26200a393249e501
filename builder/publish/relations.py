"""What must hold between pages: those that were left out, the clusters that they are in, and pairs."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.dedup.edges import AUDITED, EXACT, RULES, compare, judge
from builder.dedup.keys import keys_of
from builder.dedup.settings import DedupSettings
from builder.dedup.texts import STEP_TEXTS
from builder.publish.columns import array, bools, rows_of
from builder.publish.faults import Found, some
from builder.publish.ids import Ids
from builder.publish.seen import Seen
from builder.publish.texts import PERSONAL, chosen, has_personal, text_digests

_SIDES = ["left_id", "right_id"]

# Ids in messages: of one in some thousand, the digits are those of a bank card.
_IDS = r"\b[0-9a-f]{16}\b"


class Pages(NamedTuple):
    """
    What is known of the pages in some pairs.

    Attributes:
        articles: those that are articles.
        splits: split of each that is an article, or a copy of one.
        sides: text_sha256 and title of each that may stand in a pair, see `Seen`.
    """

    articles: frozenset[str]
    splits: dict[str, str]
    sides: dict[str, tuple[str, str]]


def check_dropped(rows: Iterable[pa.Table], ids: Ids, seen: Seen) -> Iterator[str]:
    """Dropped pages: each has a reason, and what was kept instead is there; adds to `seen` and to `ids.members`."""
    found = Found()
    for table in rows:
        places, clusters = ids.places(array(table["kept_id"])), ids.clusters_of(array(table["cluster_id"]))
        columns = ("source", "page_id", "reason", "kept_id", "compared_with", "cluster_id")
        told = zip(rows_of(table, *columns), places.tolist(), clusters.tolist(), strict=True)
        for (source, page, reason, kept, compared, cluster), place, number in told:
            if not reason:
                found.add("page was dropped without a reason", [source])
            if kept is not None and place < 0:
                found.add("kept_id names no published article", [f"{source} → {kept}"])
            if kept is not None and number < 0:
                found.add("cluster_id is not that of what was kept", [f"{source} ({cluster})"])
            if page is not None and kept is not None:
                seen.copies[page] = kept
            if page is not None and compared is not None:
                seen.compared[page] = compared
            if number >= 0 and (reason or "").startswith(("dedupe:", "split:")):
                ids.members[number] += 1
        details = pc.replace_substring_regex(array(table["detail"]), _IDS, "")
        found.add(PERSONAL, chosen(table["source"].to_pylist(), has_personal(details)))
    yield from found.told()


def check_parts(seen: Seen) -> Iterator[str]:
    """Later pages of articles, when all shards of `blocks` and `dropped` were seen: they gave way to their article."""
    lost = [f"{page} → {article}" for page, article in seen.parts.items() if seen.copies.get(page) != article]
    yield from some("block of a page that is neither its article's nor was joined to it", lost)


def check_compared(ids: Ids, seen: Seen) -> Iterator[str]:
    """Pages that decided over dropped ones, when all shards of `articles` and `dropped` were seen: they are there."""
    places = ids.places(pa.array(seen.compared.values(), pa.string())).tolist()
    others = zip(seen.compared.items(), places, strict=True)
    lost = [f"{page} → {other}" for (page, other), place in others if place < 0 and other not in seen.copies]
    yield from some("compared_with names neither a published article nor a copy", lost)


def check_sizes(ids: Ids) -> Iterator[str]:
    """Sizes of clusters, when all shards of `articles` and `dropped` were seen."""
    wrong = np.flatnonzero((ids.sizes != ids.members) & (ids.first_homes >= 0))
    names, sizes, members = ids.clusters.take(pa.array(wrong)).to_pylist(), ids.sizes[wrong], ids.members[wrong]
    told = [f"{cluster} ({size}, of {n} pages)" for cluster, size, n in zip(names, sizes, members, strict=True)]
    yield from some("cluster_size is not the number of pages in the cluster, published or dropped for it", told)


def pages_of_pairs(path: Path, ids: Ids, seen: Seen) -> Pages:
    """What is known of the pages in a shard of pairs, as far as it can be read, when all other configs were seen."""
    sides = [pa.array([], pa.string())]
    # A file that cannot be read is told by the check of its rows.
    with suppress(pa.ArrowException, OSError), pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            sides += [array(column.cast(pa.string())) for column in file.read_row_group(group, _SIDES).columns]
    pages = pc.unique(pa.concat_arrays(sides).drop_null()).to_pylist()
    splits = ids.splits_of(pages)
    articles = frozenset(splits)
    kept = {page: seen.copies[page] for page in pages if page in seen.copies and page not in splits}
    of_kept = ids.splits_of(list(kept.values()))
    splits |= {page: of_kept[article] for page, article in kept.items() if article in of_kept}
    return Pages(articles, splits, {page: seen.sides[page] for page in pages if page in seen.sides})


def check_pairs(rows: Iterable[pa.Table], split: str, pages: Pages, settings: DedupSettings) -> Iterator[str]:
    """Pairs: both pages are there, in their split, and as alike as it says."""
    found = Found()
    for table in rows:
        for side in ("left", "right"):
            _check_side(table, side, pages, found)
        for left, right in rows_of(table, "left_id", "right_id"):
            splits = {pages.splits.get(left), pages.splits.get(right)}
            if None in splits:
                found.add("pair of a page that is neither published nor a copy of what is", [f"{left}, {right}"])
            elif splits != {split}:
                found.add("pair of pages of another split, so texts leak", [f"{left}, {right}"])
            if left == right:
                found.add("pair of a page with itself", [left])
        for begin in range(0, table.num_rows, STEP_TEXTS):
            _check_measures(table.slice(begin, STEP_TEXTS).combine_chunks(), settings, found)
    yield from found.told()


def _check_side(table: pa.Table, side: str, known: Pages, found: Found) -> None:
    """Text and title of one side of pairs: those of the article, and without personal data."""
    pages, titles = (table[f"{side}_{name}"].to_pylist() for name in ("id", "title"))
    digests = text_digests(array(table[f"{side}_text"]))
    for page, title, digest in zip(pages, titles, digests, strict=True):
        text_there, title_there = known.sides.get(page, (digest, title))
        if digest != text_there:
            found.add("text of a pair is not the one in `articles`", [page])
        if title != title_there:
            found.add("title of a pair is not the one in `articles`", [page])
        if page in known.articles and page not in known.sides:
            found.add("pair of an article that is alone in its cluster and template", [page])
    lines = pc.split_pattern(array(table[f"{side}_text"]), "\n")
    personal = has_personal(lines) | has_personal(array(table[f"{side}_title"]))
    found.add(PERSONAL, chosen(pages, personal))


def _check_measures(table: pa.Table, settings: DedupSettings, found: Found) -> None:
    """Compare both sides of pairs again: the measures, and the rule that the settings make of them."""
    n = table.num_rows
    keys = keys_of(pa.concat_arrays([array(table["left_text"]), array(table["right_text"])]))
    measures = compare(keys, np.arange(n), n + np.arange(n))
    names = [f"{left}, {right}" for left, right in rows_of(table, "left_id", "right_id")]
    exact = bools(array(pc.equal(table["rule"], EXACT)))
    differ = np.zeros(n, np.bool_)
    for name in ("jaccard", "containment"):
        differ |= array(table[name]).to_numpy() != getattr(measures, name).astype(np.float32)
    for name in AUDITED:
        same = bools(array(pc.equal(table[name], pa.array(getattr(measures, name)))))
        differ |= np.where(exact, table[name].is_valid().to_numpy(), ~same)
    found.add("measures of a pair are not what its texts give", chosen(names, differ))
    rules = pa.array(RULES).take(pa.array(judge(measures, settings)))
    other = ~exact & ~bools(array(pc.equal(table["rule"], rules)))
    alike = measures.jaccard == 1
    found.add("rule of a pair is not what its texts and the settings give", chosen(names, other | (exact & ~alike)))
