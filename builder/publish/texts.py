"""
The texts of articles against the columns beside them, and whether any text of a page holds personal data.

Personal data is looked for in what the page says in words. `source`, `url`, `robots` and `tdm_policy` are not searched:
they are names that the input or the page's head states, kept as they are, and digits in an address look like a number.
"""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.articles.datelines import find_dateline
from builder.dedup.ragged import I64, Bools, ends_of
from builder.privacy import find_personal, placeholders
from builder.privacy_patterns import TRACE
from builder.publish.columns import array, bools, column, filled, lengths_of
from builder.publish.faults import Found
from builder.publish.made import Made
from builder.quality import columns_of
from builder.records import ROLES

PERSONAL = "personal data is left, which a build of today would mask"


#: Columns of `articles` with words of the page in them; `lede` and `body` are those of `text`.
PAGE_TEXTS = (
    *("text", "title", "subtitle", "byline", "editor", "outlet", "dateline", "category", "description"),
    *("text_simplified", "footer", "captions"),
)

_LEDE, _BODY = ROLES.index("lede"), ROLES.index("body")


def check_texts(table: pa.Table, ids: Sequence[str], found: Found, how: Made) -> None:
    """Texts against what the columns beside them say of them."""
    texts, paragraphs = (array(table[name]) for name in ("text", "paragraphs"))
    lengths, stated = column(table, "n_chars"), filled(pc.utf8_length(texts))
    of_length = zip(ids, lengths.tolist(), stated.tolist(), strict=True)
    found.add("n_chars is not the length of text", [f"{i} ({n}, has {has})" for i, n, has in of_length if n != has])
    digests = zip(ids, text_digests(texts), table["text_sha256"].to_pylist(), strict=True)
    found.add("text is not the one that text_sha256 was taken of", [i for i, is_, said in digests if is_ != said])

    lines = pc.split_pattern(texts, "\n")
    n_lines = np.where(lengths_of(texts) == 0, 0, lengths_of(lines))
    n_spans, counts = lengths_of(paragraphs), array(table["paragraph_articles"])
    miscounted = lengths_of(counts) != n_spans
    miscounted[pc.list_parent_indices(counts).to_numpy()[filled(pc.list_flatten(counts)) < 1]] = True
    found.add("paragraph_articles is not a count a paragraph", chosen(ids, miscounted))
    torn = _torn(lines, n_lines, paragraphs, n_spans)
    found.add("paragraphs are not the lines of text", chosen(ids, torn))
    whole = np.flatnonzero(~torn & (n_lines > 0))
    apart = whole[_apart(table.select(["text", "paragraphs", "lede", "body"]).take(pa.array(whole)))]
    found.add("lede and body are not the paragraphs of text", [ids[row] for row in apart.tolist()])

    found.add(
        "robots is empty, where null says that a page states nothing", chosen(ids, lengths_of(table["robots"]) == 0)
    )

    private = array(table["privacy"])
    suspect = bools(pc.match_substring(texts, "<")) | (lengths_of(private) > 0)
    unmasked = [
        ids[row]
        for row in np.flatnonzero(suspect).tolist()
        if private[row].as_py() != [span._asdict() for span in placeholders(texts[row].as_py())]
    ]
    found.add("privacy is not the placeholders in text", unmasked)
    _check_taken(table, ids, found, how)
    if how.by_this_code:
        found.add("dateline is null, and the text opens with one", _undated(table, ids))
    personal = np.zeros(len(ids), np.bool_)
    for name in PAGE_TEXTS:
        values = lines if name == "text" else array(table[name])
        personal |= has_personal(values)
    found.add(PERSONAL, chosen(ids, personal))


def _check_taken(table: pa.Table, ids: Sequence[str], found: Found, how: Made) -> None:
    """What was taken of the text: its measures, keywords and dateline."""
    rows = list(zip(ids, *(table[name].to_pylist() for name in ("text", "keywords", "dateline")), strict=True))
    for name, measured in columns_of([text for _, text, *_ in rows]).items():
        same = pc.equal(array(table[name]), measured)
        if name == "script":  # null where no character tells
            same = pc.fill_null(same, pc.and_(array(table[name]).is_null(), measured.is_null()))
        found.add(f"{name} is not what text gives", chosen(ids, ~bools(same)))
    strange = [article for article, text, words, _ in rows if any(word not in text for word in words)]
    found.add("keywords hold a word that is not in text", strange)
    found.add("keywords are more than the settings ask for", chosen(ids, lengths_of(table["keywords"]) > how.keywords))
    nowhere = [article for article, text, _, dateline in rows if dateline and (dateline["raw"] or "") not in text]
    found.add("dateline is not in text", nowhere)


def _undated(table: pa.Table, ids: Sequence[str]) -> list[str]:
    """
    Articles without a dateline whose lede opens with one, when no other running text stands before.

    The build knew the outlet, or not yet: it must be one either way. A later page has no lede, and gives no dateline.
    """
    rows = np.flatnonzero(array(table["dateline"]).is_null().to_numpy(zero_copy_only=False))
    columns = (table[name].take(pa.array(rows)).to_pylist() for name in ("text", "paragraphs", "outlet"))
    undated = []
    for row, text, paragraphs, outlet in zip(rows.tolist(), *columns, strict=True):
        first = next((each for each in paragraphs if each["role"] in (_LEDE, _BODY)), None)
        line = text[first["start"] : first["end"]] if first and first["role"] == _LEDE else ""
        if find_dateline(line) and find_dateline(line, outlet):
            undated.append(ids[row])
    return undated


def _apart(table: pa.Table) -> Bools:
    """True for texts that are not what `lede` and `body` hold; their paragraphs are their lines, and they have some."""
    lines = pc.split_pattern(array(table["text"]), "\n")
    flat, home = pc.list_flatten(lines), pc.list_parent_indices(lines).to_numpy()
    of_lede = filled(pc.list_flatten(array(table["paragraphs"])).field("role")) == ROLES.index("lede")
    apart = np.zeros(table.num_rows, np.bool_)
    for name, chosen in (("lede", of_lede), ("body", ~of_lede)):
        stated = array(table[name])
        as_many = np.bincount(home[chosen], minlength=table.num_rows) == np.maximum(lengths_of(stated), 0)
        told = stated.filter(pa.array(as_many))
        here = np.flatnonzero(as_many)[pc.list_parent_indices(told).to_numpy()]
        other = bools(pc.not_equal(flat.filter(pa.array(chosen & as_many[home])), pc.list_flatten(told)))
        apart |= ~as_many
        apart[here[other]] = True
    return apart


def _torn(lines: pa.Array, n_lines: I64, paragraphs: pa.Array, n_spans: I64) -> Bools:
    """True for texts whose paragraphs are not the spans of their lines."""
    torn: Bools = n_lines != n_spans
    rows = np.flatnonzero(~torn & (n_lines > 0))
    lines, spans = lines.take(pa.array(rows)), paragraphs.take(pa.array(rows))
    chars = filled(pc.utf8_length(pc.list_flatten(lines)))
    home = pc.list_parent_indices(lines).to_numpy()
    ends = ends_of(chars + 1)
    begin = ends[:-1] - ends[ends_of(lengths_of(lines))[home]]
    flat = pc.list_flatten(spans)
    wrong = (filled(flat.field("start")) != begin) | (filled(flat.field("end")) != begin + chars)
    torn[rows[home[wrong]]] = True
    return torn


def has_personal(values: pa.Array) -> Bools:
    """True for the lines, or the lists of lines, in which `find_personal` finds anything, shape (values,)."""
    if pa.types.is_struct(values.type):
        in_any: Bools = np.logical_or.reduce([has_personal(member) for member in values.flatten()])
        return in_any
    if pa.types.is_list(values.type):
        found = np.zeros(len(values), np.bool_)
        found[pc.list_parent_indices(values).to_numpy()[has_personal(pc.list_flatten(values))]] = True
        return found
    traced = bools(pc.match_substring_regex(values, TRACE))
    rows = np.flatnonzero(traced)
    traced[rows] = [_is_personal(line) for line in values.take(pa.array(rows)).to_pylist()]
    return traced


# A line of an article is a block of its page too, and often its caption or description; so many lines take 10 MB.
@lru_cache(maxsize=1 << 15)
def _is_personal(line: str) -> bool:
    return bool(find_personal(line))


def text_digests(texts: pa.Array) -> list[str]:
    """SHA-256 of the UTF-8 of each text, in hex."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].tolist()
    utf8 = memoryview(data or b"")
    return [sha256(utf8[start:end]).hexdigest() for start, end in pairwise(ends)]


def chosen(ids: Sequence[str], wrong: Bools) -> list[str]:
    """Name the rows where `wrong` is true."""
    return [ids[row] for row in np.flatnonzero(wrong).tolist()]
