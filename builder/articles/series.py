"""Articles that are cut over several pages: their parts joined into one, in order, once."""

from collections.abc import Iterable, Sequence
from itertools import dropwhile
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from builder.articles.copies import RUNNING
from builder.articles.parts import address_of_first, without_part
from builder.keys import text_key
from builder.page_table import sum_changes, too_short
from builder.records import JOINED_REASON, Changes
from builder.schemas import ARTICLE_COLUMNS, CLUSTERS, JOINED, PAGES

#: Of the first part that has it: later parts leave it out.
_ONE = ("subtitle", "outlet")
#: Of all parts, each entry once: the editor signs the last page, the reporter the first.
_ALL = ("byline", "editor", "footer", "captions")
_CATEGORY = ("category", "category_origin")
_PUBLISHED = ("published_at", "published_precision", "published_zone")
#: Letters of the shortest title by which pages without an address are brought together; fewer are a column's name.
_MIN_TITLE = 8

Row = dict[str, Any]


def join_series(pages: pa.Table, *, min_chars: int = 0) -> pa.Table:
    """
    PAGES rows, complete by series_key -> PAGES rows, as many, in the same order.

    Parts 1 to n of a series become the article of part 1, with the blocks of all; the others become rejects that keep
    their own. It stays `partial` when a part that one of the pages shows is not there; parts behind a gap stay articles
    of their own.
    """
    has_text = pc.is_null(pages["reject"])
    keys = pages["series_key"].filter(pc.and_(pc.is_valid(pages["part"]), has_text))
    if not len(keys):
        return pages
    in_series = pc.and_(pc.is_in(pages["series_key"], value_set=pc.unique(keys)), has_text)
    places = pc.indices_nonzero(in_series).to_pylist()
    members: dict[str, dict[int, Row]] = {}
    for place, row in zip(places, pages.filter(in_series).to_pylist(), strict=True):
        members.setdefault(row["series_key"], {})[place] = row
    joined = {place: row for series in members.values() for place, row in _join(series, min_chars).items()}
    made = pa.Table.from_pylist([joined[place] for place in places], schema=PAGES)
    # Slices of what there is: a copy of it would hold the blocks of all pages a second time.
    rows, at = [], 0
    for n, place in enumerate(places):
        rows += [pages.slice(at, place - at), made.slice(n, 1)]
        at = place + 1
    return pa.concat_tables([*rows, pages.slice(at)])


def _join(series: dict[int, Row], min_chars: int) -> dict[int, Row]:
    """Return the rows of one key by their place in the table, joined as far as they can be."""
    rows = dict(series)
    left = dict(series)
    for group in _by_address(series):
        parts = _in_order(_with_first(group))
        if len(parts) > 1:
            rows |= _joined(group, parts)
            left = {place: row for place, row in left.items() if place not in group}
    unnamed = {place: row for place, row in left.items() if row["part"]}
    if _is_one_article(list(unnamed.values())):
        rows |= _joined(unnamed, _in_order(unnamed))
    for place, row in rows.items():
        if row["reject"] is None and (reject := too_short(row["text"], min_chars)):
            rows[place] = _without_article(row) | {"reject": reject.reason, "detail": reject.detail}
    return rows


def _joined(series: dict[int, Row], parts: Sequence[Sequence[int]]) -> dict[int, Row]:
    """Return the rows of these parts: the first is the article, the others name it."""
    first = parts[0][0]
    n_parts = max(row["parts"] or row["part"] or 1 for row in series.values())
    rows = {place: _reject_joined(series[place], to=series[first]) for copies in parts for place in copies}
    article = _one_article([series[copies[0]] for copies in parts])
    return rows | {first: article | {"part": 1, "parts": n_parts, "partial": len(parts) < n_parts}}


def _by_address(series: dict[int, Row]) -> list[dict[int, Row]]:
    """Part rows of one key by their address without its number; of a page without one, by its file's name."""
    groups: dict[str, dict[int, Row]] = {}
    for place, row in series.items():
        name = "" if row["url"] else address_of_first(row["source"], row["part"] or 1)
        groups.setdefault(name, {})[place] = row
    return list(groups.values())


def _with_first(group: dict[int, Row]) -> dict[int, Row]:
    """Take the pages that say nothing of others for part 1 of those that do, when none of these is that."""
    claimed = {place: row for place, row in group.items() if row["part"]}
    if not claimed or any(row["part"] == 1 for row in claimed.values()):
        return claimed
    return {place: row | {"part": row["part"] or 1} for place, row in group.items()}


def _is_one_article(rows: Sequence[Row]) -> bool:
    """
    True when pages that only their title and folder bring together are surely parts of one article.

    Each says which of how many parts it is, each part is there once, and all were published at one time.
    """
    if not rows or any(row["url"] for row in rows) or len(text_key(rows[0]["title"])) < _MIN_TITLE:
        return False
    said = sorted(row["part"] for row in rows) == list(range(1, len(rows) + 1))
    times = {(row["published_at"], row["published_precision"]) for row in rows}
    of_one = len(times) == 1 and None not in next(iter(times)) and {row["parts"] for row in rows} == {len(rows)}
    return len(rows) > 1 and said and of_one and len(_in_order(dict(enumerate(rows)))) == len(rows)


def _in_order(series: dict[int, Row]) -> list[list[int]]:
    """
    Return the places of part 1, part 2 … up to the first that is not there; of each part all copies, by source.

    It also ends before a part that two pages give with different texts, and one whose outlet or day is another.
    """
    by_part: dict[int, list[int]] = {}
    for place in sorted(series, key=lambda n: (series[n]["source"], series[n]["page_id"])):
        by_part.setdefault(series[place]["part"], []).append(place)
    parts: list[list[int]] = []
    while copies := by_part.get(len(parts) + 1):
        rows = [series[place] for part in (*parts, copies) for place in part]
        texts = {text_key(series[place]["text"]) for place in copies}
        outlets = {text_key(row["outlet"]) for row in rows if row["outlet"]}
        days = {row["published_at"].date() for row in rows if row["published_at"]}
        if max(len(texts), len(outlets), len(days)) > 1:
            break
        parts.append(copies)
    return parts


def _one_article(parts: Sequence[Row]) -> Row:
    """Return the row of the first part with the text of all; what opens a later part is no lede."""
    paragraphs = _paragraphs(parts[0])
    said = {text_key(text) for _, text in paragraphs}
    for part in parts[1:]:
        # Some sites open every part with the abstract.
        rest = dropwhile(lambda paragraph: text_key(paragraph[1]) in said, _paragraphs(part))
        paragraphs += [("body" if role == "lede" else role, text) for role, text in rest]
    spans, at = [], 0
    for role, text in paragraphs:
        spans.append({"role": role, "start": at, "end": at + len(text)})
        at += len(text) + 1
    dated = next((row for row in parts if row["published_at"]), parts[0])
    placed = next((row for row in parts if row["category"]), parts[0])
    return {
        **parts[0],
        "title": without_part(parts[0]["title"]),
        "text": "\n".join(text for _, text in paragraphs),
        "paragraphs": spans,
        "normalized": sum_changes(Changes(**row["normalized"]) for row in parts if row["normalized"]),
        "body": [text for role, text in paragraphs if role != "lede"],
        "blocks": _blocks(parts),
        **{name: _each_once(text for row in parts for text in row[name]) for name in _ALL},
        **{name: next((row[name] for row in parts if row[name]), None) for name in _ONE},
        **{name: dated[name] for name in _PUBLISHED},
        **{name: placed[name] for name in _CATEGORY},
    }


def _blocks(parts: Sequence[Row]) -> list[Row]:
    """
    Return the blocks of all parts; `dup_of` still points to the block that it pointed to.

    A lede of a later part is body, by rule, unless it is the abstract again, which stands no second time in the text.
    """
    blocks: list[Row] = []
    first: dict[str, int] = {}
    for part in parts:
        before = len(blocks)
        for n, block in enumerate(part["blocks"], before):
            role, origin, dup_of, key = block["role"], block["origin"], block["dup_of"], text_key(block["text"])
            dup_of = None if dup_of is None else dup_of + before
            if not before and role in RUNNING:
                first.setdefault(key, n)
            elif role == "lede":
                dup_of = first.get(key, dup_of)
                role, origin = (role, origin) if key in first else ("body", "rule")
            blocks.append({**block, "role": role, "origin": origin, "dup_of": dup_of})
    return blocks


def _each_once(texts: Iterable[str]) -> list[str]:
    """Return the first of the texts that share a key, in their order."""
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(text_key(text) or text, text)
    return list(found.values())


def _paragraphs(row: Row) -> list[tuple[str, str]]:
    return [(span["role"], row["text"][span["start"] : span["end"]]) for span in row["paragraphs"]]


def _reject_joined(row: Row, to: Row) -> Row:
    return _without_article(row) | {
        "reject": JOINED_REASON,
        "detail": f"part {row['part']} of the article that begins on page {to['page_id']}",
        "joined_to": {"page_id": to["page_id"], "source": to["source"]},
    }


def _without_article(row: Row) -> Row:
    return {name: None if name in ARTICLE_COLUMNS else value for name, value in row.items()}


def joined_pages(pages: pa.Table) -> pa.Table:
    """PAGES rows -> JOINED rows of those that were joined to another's article."""
    rows = pages.filter(pc.is_valid(pages["joined_to"])).select(["page_id", "source", "joined_to"]).to_pylist()
    return pa.Table.from_pylist(
        [{**row["joined_to"], "part_id": row["page_id"], "part_source": row["source"]} for row in rows], schema=JOINED
    )


def add_joined(clusters: pa.Table, joined: pa.Table) -> pa.Table:
    """
    CLUSTERS and JOINED, both complete by page_id and source -> CLUSTERS with a row for each joined page too.

    So a part names what was kept also when the article that it was joined to is a duplicate.
    """
    cluster_of = {(row["page_id"], row["source"]): row for row in clusters.to_pylist()} if joined.num_rows else {}
    added = [
        cluster_of[row["page_id"], row["source"]]
        | {"page_id": row["part_id"], "source": row["part_source"], "kept": False}
        for row in joined.to_pylist()
        if (row["page_id"], row["source"]) in cluster_of  # a joined article that is too short has none
    ]
    return pa.concat_tables([clusters, pa.Table.from_pylist(added, schema=CLUSTERS)])
