"""
The same search as steps of the pipeline, for what does not fit into one machine.

    pages ─signatures→ keys ─make_bands→ bands ─pair_bands, by band→ pairs
    pairs, keys ─attach_text, by text→ halves;  halves, keys ─verify_pairs, by text→ edges ─components→ components
    keys, components ─name_components, by text→ named;  named, pins ─attach_pins, by page→ pinned
    edges ─name_left→ lefts;  lefts, components ─place_edges, by text→ joints
    pinned ─place, by group→ placed;  placed, joints, taken ─keep_one, by component→ clusters

Exact copies share one text key, and stand as one text in all that follows. The partition is that of `search`, which
compares fewer pairs: it leaves out those that other edges have joined.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup import audit, groups, pins
from builder.dedup.bands import bands_of, estimate_containment, pair_texts, words_of
from builder.dedup.components import families, join
from builder.dedup.digests import from_hex, to_hex
from builder.dedup.edges import EXACT, NEAR, NONE, TEMPLATE, compare, edge_table, judge
from builder.dedup.keep import KeepSettings, preference, preferred
from builder.dedup.keys import Keys, digests_of, keys_of
from builder.dedup.ragged import I64
from builder.dedup.settings import DedupSettings
from builder.dedup.texts import cut_keys, sketch_all
from builder.schemas import BANDS, CLUSTERS, COMPONENTS, HALVES, KEYS, NAMED, PAIRS

# Symbols of a key below which a text alone does not make a story: a photo page may say no more than 见图. Title and
# captions are compared too.
SHORT_KEY = 40

# Pairs compared at once, with their texts: some 20 MB.
STEP_PAIRS = 4096


def signatures(pages: pa.Table) -> pa.Table:
    """PAGES rows -> KEYS rows of those that hold an article."""
    pages = pages.filter(pc.is_null(pages["reject"])).combine_chunks()
    if not pages.num_rows:
        return KEYS.empty_table()
    texts = pa.concat_arrays(pages["text"].chunks)
    keys = keys_of(texts)
    digests = digests_of(texts, keys)
    for row in np.flatnonzero(keys.lengths < SHORT_KEY).tolist():
        digests[row] = _short_digest(*(pages[name][row].as_py() for name in ("title", "text", "captions")))
    n_chars, keys = pa.array(keys.lengths), cut_keys(keys)
    added = {
        "text_key": to_hex(digests),
        "n_chars": n_chars,
        "symbols": pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), len(keys), [None, pa.py_buffer(2 * keys.offsets), pa.py_buffer(keys.symbols)]
        ),
    }
    return pa.table([added[name] if name in added else pages[name] for name in KEYS.names], schema=KEYS)


def make_bands(keys: pa.Table) -> pa.Table:
    """KEYS rows -> BANDS rows."""
    owner, bands = bands_of(sketch_all(stored_keys(keys["symbols"])))
    return pa.table([pa.array(bands.astype(np.int64)), keys["text_key"].take(pa.array(owner))], schema=BANDS)


def pair_bands(bands: pa.Table) -> pa.Table:
    """BANDS rows, complete by band -> PAIRS rows, each pair once a call."""
    digests, texts = np.unique(from_hex(bands["text_key"]), return_inverse=True)
    words = words_of(np.asarray(bands["band"]).astype(np.uint64), texts)
    pairs = pair_texts(np.unique(words))  # once a text: exact copies bring the same bands
    sides = (pairs >> np.uint64(32), pairs & np.uint64(0xFFFFFFFF))
    return pa.table([to_hex(digests[side.astype(np.int64)]) for side in sides], schema=PAIRS)


def attach_text(pairs: pa.Table, keys: pa.Table) -> pa.Table:
    """PAIRS and KEYS rows, complete by text_key -> HALVES rows, each pair once."""
    pairs = pairs.group_by(["text_key", "other_key"], use_threads=False).aggregate([])
    row = pc.index_in(pairs["text_key"], keys["text_key"])
    return pa.table([pairs["other_key"], pairs["text_key"], keys["symbols"].take(row)], schema=HALVES)


def verify_pairs(halves: pa.Table, keys: pa.Table, *, settings: DedupSettings) -> Iterable[pa.Table]:
    """HALVES and KEYS rows, complete by text_key -> EDGES rows."""
    for begin in range(0, halves.num_rows, STEP_PAIRS):
        part = halves.slice(begin, STEP_PAIRS)
        row = pc.index_in(part["text_key"], keys["text_key"])
        symbols = keys["symbols"].take(row)
        texts = stored_keys(pa.chunked_array([*part["other_symbols"].chunks, *symbols.chunks]))
        likely = _likely(texts)
        measures = compare(texts, likely, likely + part.num_rows)
        rules = judge(measures, settings)
        alike = np.flatnonzero((rules > 0) | groups.related(measures, settings, groups.RELATED_SHARE))
        found = part.take(pa.array(likely[alike]))
        edges = edge_table(found["other_key"], found["text_key"], rules[alike], measures.take(alike))
        related = pc.equal(edges["rule"], NONE)
        yield edges.set_column(2, "rule", pc.if_else(related, groups.RELATED, edges["rule"]))


def components(edges: pa.Table, limit: int = groups.MIN_CLUSTERS) -> pa.Table:
    """
    All EDGES -> COMPONENTS rows, sorted by text key. Components, groups and templates bear their smallest text key.

    `limit` is how many clusters a group may hold because of templates.
    """
    keys = from_hex(pa.chunked_array([*edges["left"].chunks, *edges["right"].chunks], pa.string()))
    digests, text = np.unique(keys, return_inverse=True)
    left, right = text[: edges.num_rows], text[edges.num_rows :]
    template, related = (np.asarray(pc.equal(edges["rule"], rule)) for rule in (TEMPLATE, groups.RELATED))
    joining = ~(template | related)
    labels = join(np.arange(len(digests)), left[joining], right[joining])
    family, in_family = families(labels, left[template], right[template])
    template_id = pc.if_else(pa.array(in_family), to_hex(digests[family]), pa.scalar(None, pa.string()))
    near, wide = groups.group(labels, (left[related], right[related]), (left[template], right[template]), limit)
    names = [to_hex(digests[each]) for each in (labels, near, wide)]
    return pa.table([to_hex(digests), *names, template_id], schema=COMPONENTS)


def name_components(keys: pa.Table, components: pa.Table) -> pa.Table:
    """KEYS and COMPONENTS rows, complete by text_key -> NAMED rows."""
    row = pc.index_in(keys["text_key"], components["text_key"])
    added = {name: components[name].take(row) for name in components.column_names[1:]}
    added |= {name: pc.coalesce(added[name], keys["text_key"]) for name in ("component_id", "related_id", "group_id")}
    return pa.table([added[name] if name in added else keys[name] for name in NAMED.names], schema=NAMED)


def keep_one(placed: pa.Table, joints: pa.Table, taken: pa.Table, *, settings: KeepSettings) -> pa.Table:
    """
    PLACED, JOINTS and TAKEN rows, complete by component_id -> CLUSTERS rows. A page read twice stands twice.

    What an earlier release published is kept, and stays where it was: see `pins`.
    """
    placed = placed.combine_chunks()
    places = pc.binary_join_element_wise(placed["page_id"], placed["source"], "\0")
    rank = preference(
        places, np.asarray(placed["n_chars"]), settings, published=placed["published_at"], outlets=placed["outlet"]
    )
    rank = _rank_of(np.lexsort((rank, pins.standing(placed))))
    named = pins.name_clusters(placed, taken)
    names = pc.unique(named).sort()
    cluster = np.asarray(pc.index_in(named, names)).astype(np.int64)
    kept_of = preferred(cluster, rank)
    cluster = pins.join_alike(kept_of, placed, joints)[cluster]
    kept_row = kept_of[cluster]
    kept = pa.array(kept_row == np.arange(len(rank)))
    same_text = pc.equal(placed["text_key"], placed["text_key"].take(pa.array(kept_row)))
    cluster_id = names.take(pa.array(cluster))
    columns = {
        "cluster_id": cluster_id,
        "cluster_size": pa.array(np.bincount(cluster)[cluster], pa.int32()),
        "split": pins.splits_of(cluster_id, placed),
        "kept_id": placed["page_id"].take(pa.array(kept_row)),
        "kept": kept,
        "rule": pc.if_else(kept, pa.scalar(None, pa.string()), pc.if_else(same_text, EXACT, NEAR)),
        "edge": audit.decisive_edges(placed, joints, kept_row, rank),
    }
    return pa.table([columns[name] if name in columns else placed[name] for name in CLUSTERS.names], schema=CLUSTERS)


def stored_keys(symbols: pa.ChunkedArray) -> Keys:
    """Return the keys that stand in a column `symbols`, of KEYS or a table made of it."""
    joined = pa.concat_arrays(symbols.chunks) if symbols.num_chunks else pa.array([], pa.large_binary())
    _, offsets, data = joined.buffers()
    ends = np.frombuffer(offsets, np.int64)[joined.offset : joined.offset + len(joined) + 1] // 2
    return Keys(np.frombuffer(data or b"", "<u2")[ends[0] : ends[-1]], ends - ends[0])


def _rank_of(order: I64) -> I64:
    """Place of each row in `order`, which lists the rows."""
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _likely(texts: Keys) -> I64:
    """Pairs worth comparing, of texts of which the second half is paired with the first."""
    n = len(texts) // 2
    estimates = estimate_containment(np.arange(n), np.arange(n, 2 * n), sketch_all(texts))
    return np.flatnonzero(estimates >= groups.MIN_ESTIMATE)


def _short_digest(title: str | None, text: str, captions: list[str] | None) -> int:
    parts = keys_of(pa.array([title, text, *(captions or [])], pa.string()))
    bounded = np.insert(parts.symbols, parts.offsets[1:-1], 0).astype("<u2")
    return int.from_bytes(hashlib.blake2b(bounded.tobytes(), digest_size=8, person=b"short").digest(), "big")
