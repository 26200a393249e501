"""
Groups: clusters that share a split, so that nothing in one split is nearly a copy of something in another.

Where two texts stop being one story is a matter of thresholds, and a pair just below them would leak from train to test
as a copy does. So clusters whose texts are related (nearly alike, by lower thresholds) are one group, and so are the
stories of one template, as long as their family is small beside the whole: the daily weather of ten years is not to
fall into the test split as one. Related texts that the bands did not bring together are found by `across`.

Among 46,000 broadcast items, 3 % of the clusters are in a group with others, and the largest group holds .8 %. With
copies planted among them (three seeds), .19 to .24 % of the test articles have one in train when clusters alone are
kept together, mostly copies that the search takes for templates, and 0 to .11 % when groups are.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.components import join
from builder.dedup.edges import Measures
from builder.dedup.ragged import I64, Bools
from builder.dedup.settings import DedupSettings
from builder.publish.splits import SplitSettings, split_of
from builder.schemas import PLACED

#: Rule of an edge that makes a group, and neither a cluster nor a pair worth publishing.
RELATED = "related"

#: Texts are related from this share of the thresholds of a cluster on; `across` looks from a somewhat larger one on.
RELATED_SHARE = 0.8

#: Estimates below which a pair is not compared at all: lower than those of the search, whose threshold is higher.
MIN_ESTIMATE = 0.3

#: Clusters in a group that templates hold together: at most this share of all texts, but so many always.
MAX_SHARE, MIN_CLUSTERS = 0.02, 10


def related(measures: Measures, settings: DedupSettings, share: float) -> Bools:
    """True for pairs at or above this share of the thresholds of `settings`, whatever their lengths, shape (pairs,)."""
    alike = measures.jaccard >= share * settings.min_jaccard
    contained = measures.containment >= share * settings.min_containment
    return (np.minimum(measures.left, measures.right) >= settings.min_shingles) & (alike | contained)


def max_clusters(n_texts: int) -> int:
    """Clusters that a group may hold because of templates, in a dataset of so many texts."""
    return max(MIN_CLUSTERS, int(MAX_SHARE * n_texts))


def group(labels: I64, related: tuple[I64, I64], template: tuple[I64, I64], limit: int) -> tuple[I64, I64]:
    """
    Group the components of texts.

    Args:
        labels: component of each text, as of `components.join`.
        related, template: left and right texts of the edges of either kind.
        limit: components in a group, from which on templates do not count.

    Returns:
        Of each text, the smallest text of its group by related edges alone, and of its group; each (texts,).
    """
    near = join(labels, *related)
    wide = join(near, *template)
    n_components = np.bincount(wide[labels == np.arange(len(labels))], minlength=len(labels))
    return near, np.where(n_components[wide] <= limit, wide, near)


def place(pinned: pa.Table, *, splits: SplitSettings) -> pa.Table:
    """
    PINNED rows, complete by group_id -> PLACED rows: with the split of each text that no earlier release has placed.

    A new text goes where an earlier release put those it is related to, else where it put those of its group; a group
    of new texts is drawn by the hash of its name. `split` is null where related texts stand in several splits already:
    wherever the new one went, it would leak into the other.
    """
    pin = pc.struct_field(pinned["pin"].combine_chunks(), "split")
    of_related = splits_by(pinned["related_id"], pin)
    of_group = splits_by(pinned["group_id"], pin)
    drawn: dict[tuple[str, str], str | None] = {}
    ids = list(zip(pinned["related_id"].to_pylist(), pinned["group_id"].to_pylist(), strict=True))
    for near, wide in dict.fromkeys(ids):
        there = of_related.get(near) or of_group.get(wide, set())
        if len(there) == 1:
            drawn[near, wide] = next(iter(there))
        else:
            drawn[near, wide] = None if near in of_related else split_of(wide, splits)
    return pa.table([*pinned.columns, pa.array([drawn[key] for key in ids], pa.string())], schema=PLACED)


def splits_by(ids: pa.ChunkedArray, splits: pa.Array) -> dict[str, set[str]]:
    """Splits that stand beside each id, where there are any."""
    found: dict[str, set[str]] = {}
    there = pc.is_valid(splits)
    for name, split in zip(ids.filter(there).to_pylist(), splits.filter(there).to_pylist(), strict=True):
        found.setdefault(name, set()).add(split)
    return found
