"""
Pins: what an earlier release published stays where it was.

Components are those of a search over all texts, old and new. A cluster of the earlier release keeps its name, its split
and what it kept; a new text takes the cluster of its component. Where new texts join several clusters of the earlier
release, each of these stays, the new texts go to the one of smallest name and are dropped, and so no two published
texts are alike: the edge that crosses two clusters, and perhaps two splits, has a dropped text at one end.

Only other settings or another labeller can make two published articles alike. Then the cluster of smaller name takes
the other in, and its article is the one that is kept.
"""

from hashlib import blake2b

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.components import join
from builder.dedup.ragged import I64
from builder.schemas import PIN, PINNED

#: Above every number of a name.
NO_NAME = np.iinfo(np.int64).max


def attach_pins(named: pa.Table, pins: pa.Table) -> pa.Table:
    """NAMED and PINS rows, complete by page_id -> PINNED rows."""
    row = pc.index_in(named["page_id"], pins["page_id"])
    arrays = [pins[field.name].take(row).combine_chunks() for field in PIN]
    pin = pa.StructArray.from_arrays(arrays, fields=list(PIN), mask=pc.is_null(row).combine_chunks())
    return pa.table([*named.columns, pin], schema=PINNED)


def name_clusters(pinned: pa.Table, taken: pa.Table) -> pa.Array:
    """
    Name the cluster of each text: that of its pin, else the smallest pinned one of its component, else the component.

    Args:
        pinned: PINNED rows, complete by component_id.
        taken: TAKEN rows of the same components: a new component must not bear the name of an old cluster elsewhere.
    """
    pins = pc.struct_field(pinned["pin"].combine_chunks(), "cluster_id")
    names = pc.unique(pins.drop_null()).sort()
    pin = np.asarray(pc.fill_null(pc.index_in(pins, names), -1)).astype(np.int64)
    pin[pin < 0] = NO_NAME
    text, component = _codes(pinned["text_key"]), _codes(pinned["component_id"])
    of_text, of_component = _smallest(text, pin), _smallest(component, pin)
    given = np.where(of_text < NO_NAME, of_text, of_component)
    number = pa.array(given, mask=given == NO_NAME)
    own = pinned["component_id"].combine_chunks()
    clashes = pc.and_(pc.is_null(number), pc.is_in(own, taken["component_id"].combine_chunks()))
    if pc.any(clashes).as_py():
        own = pa.array(
            [
                _other_name(name) if clash else name
                for name, clash in zip(own.to_pylist(), clashes.to_pylist(), strict=True)
            ]
        )
    return pc.coalesce(names.take(number), own)


def standing(pinned: pa.Table) -> I64:
    """What comes before every rule on which text to keep: 0 for the article published, 1 for its page elsewhere, 2."""
    source = pc.struct_field(pinned["pin"].combine_chunks(), "source")
    same = pc.fill_null(pc.equal(source, pinned["source"].combine_chunks()), False)
    return np.where(np.asarray(same), 0, np.where(np.asarray(pc.is_valid(source)), 1, 2))


def join_alike(kept_row: I64, pinned: pa.Table, joints: pa.Table) -> I64:
    """
    Join the clusters whose kept texts are alike.

    Args:
        kept_row: row of `pinned` that is kept of each cluster, clusters in the order of their names, shape (clusters,).
        joints: JOINTS rows of the components of `pinned`.

    Returns:
        The cluster of smallest number that each is joined to, shape (clusters,).
    """
    labels = np.arange(len(kept_row))
    kept_texts = pinned["text_key"].take(pa.array(kept_row))
    sides = [pc.index_in(joints[name], kept_texts) for name in ("text_key", "other_key")]
    both = pc.and_(pc.is_valid(sides[0]), pc.is_valid(sides[1]))
    left, right = (np.asarray(side.filter(both)).astype(np.int64) for side in sides)
    return join(labels, left, right)


def splits_of(clusters: pa.Array, placed: pa.Table) -> pa.Array:
    """Split of each row's cluster: that of the earlier release, whatever the settings were then; else as placed."""
    pin = placed["pin"].combine_chunks()
    names, splits = (pc.struct_field(pin, name).drop_null() for name in ("cluster_id", "split"))
    given = dict(zip(names.to_pylist(), splits.to_pylist(), strict=True))
    rows = zip(clusters.to_pylist(), placed["split"].to_pylist(), strict=True)
    return pa.array([given.get(name) or split for name, split in rows], pa.string())


def _codes(column: pa.ChunkedArray) -> I64:
    return np.asarray(column.combine_chunks().dictionary_encode().indices).astype(np.int64)


def _smallest(group: I64, values: I64) -> I64:
    """Smallest value of each row's group, shape (rows,)."""
    smallest = np.full(int(group.max(initial=-1)) + 1, NO_NAME)
    np.minimum.at(smallest, group, values)
    return smallest[group]


def _other_name(name: str) -> str:
    return blake2b(name.encode(), digest_size=8, person=b"not the old one").hexdigest()
