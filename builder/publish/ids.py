"""
Which articles and clusters a release has, read before all else: what stands between shards cannot be told from one.

Memory is 72 bytes an article, 380 while they are read.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.dedup.ragged import I64, Bools, ends_of
from builder.publish.columns import array, filled
from builder.publish.features import ARTICLES

_COLUMNS = ("article_id", "cluster_id", "cluster_size")


class Elsewhere(NamedTuple):
    """Rows of a shard of `articles` whose article stood before, with its shard; whose cluster did, in another split."""

    articles: dict[int, str]
    clusters: dict[int, str]

    def rows_from(self, begin: int) -> "Elsewhere":
        """Return the same of the rows from `begin` on, counted from there."""
        return Elsewhere(*({row - begin: told for row, told in rows.items() if row >= begin} for rows in self))


NOWHERE = Elsewhere({}, {})


@dataclass(slots=True)
class Ids:
    """
    The ids of all articles and clusters, each once, in the order of the shards.

    Attributes:
        articles: ids of the articles.
        shards: names of the shards.
        homes: number of the shard of each article, -1 where that cannot be read.
        clusters: ids of the clusters.
        first_homes: number of the shard in which each is first.
        sizes: pages that the articles of each cluster say are in it.
        members: pages that there are of each: its articles, and, when those were read, its dropped pages.
        elsewhere: by shard, its rows that may not be there.
    """

    articles: pa.Array
    shards: list[str]
    homes: I64
    clusters: pa.Array
    first_homes: I64
    sizes: I64
    members: I64
    elsewhere: dict[str, Elsewhere]

    def forget(self, shard: str) -> None:
        """Take what stands in a shard for nowhere: other values of it cannot be read."""
        number = self.shards.index(shard) if shard in self.shards else -1
        for homes in (self.homes, self.first_homes):
            homes[homes == number] = -1

    def places(self, ids: pa.Array) -> I64:
        """Return where each id stands in `articles`, -1 for none."""
        return _places(ids, self.articles, self.homes)

    def clusters_of(self, ids: pa.Array) -> I64:
        """Return where each id stands in `clusters`, -1 for none."""
        return _places(ids, self.clusters, self.first_homes)

    def splits_of(self, pages: Sequence[str]) -> dict[str, str]:
        """Return the split of each page that is an article."""
        places = self.places(pa.array(pages, pa.string()))
        there = np.flatnonzero(places >= 0)
        homes = self.homes[places[there]].tolist()
        return {pages[i]: self.shards[home].partition("-")[0] for i, home in zip(there.tolist(), homes, strict=True)}


def _places(ids: pa.Array, known: pa.Array, homes: I64) -> I64:
    places = filled(pc.index_in(ids, value_set=known))
    there = np.flatnonzero(places >= 0)
    places[there[homes[places[there]] < 0]] = -1
    return places


def read_ids(paths: Iterable[Path]) -> Ids:
    """Read the ids in shards of the config `articles`, in this order, as far as they can be read."""
    shards = [(path.name, table) for path in paths if (table := _read(path)) is not None]
    names = [name for name, _ in shards]
    empty = pa.schema([ARTICLES.schema.field(name) for name in _COLUMNS]).empty_table()
    rows = pa.concat_tables([empty, *(table for _, table in shards)])
    begins = ends_of(np.array([table.num_rows for _, table in shards], np.int64))
    shard = np.repeat(np.arange(len(names)), np.diff(begins))
    splits = [name.partition("-")[0] for name in names]
    split = np.array([splits.index(its) for its in splits], np.int64)  # the same number for shards of one split
    articles, article, first_row = _numbered(array(rows["article_id"]))
    clusters, cluster, first_of_cluster = _numbered(array(rows["cluster_id"]))
    sizes = np.ones(len(clusters), np.int64)
    stated = filled(array(rows["cluster_size"]))
    sizes[cluster[stated != 1]] = stated[stated != 1]

    homes, first_homes = shard[first_row], shard[first_of_cluster]
    first_split = split[first_homes[cluster]]
    again = np.flatnonzero(np.arange(len(article)) != first_row[article]).tolist()
    apart = np.flatnonzero(first_split != split[shard]).tolist()
    elsewhere = {name: Elsewhere({}, {}) for name in names}
    for row in again:
        elsewhere[names[shard[row]]].articles[int(row - begins[shard[row]])] = names[homes[article[row]]]
    for row in apart:
        elsewhere[names[shard[row]]].clusters[int(row - begins[shard[row]])] = splits[first_split[row]]
    members = np.bincount(cluster, minlength=len(clusters))
    return Ids(articles, names, homes, clusters, first_homes, sizes, members, elsewhere)


def _numbered(ids: pa.Array) -> tuple[pa.Array, I64, I64]:
    """Each id once, in the order of their first rows; the number of the id of each row; the first row of each id."""
    encoded = pc.fill_null(ids, "").dictionary_encode()
    numbers = np.asarray(encoded.indices).astype(np.int64)
    is_first: Bools = np.diff(np.maximum.accumulate(numbers), prepend=-1) > 0
    return encoded.dictionary, numbers, np.flatnonzero(is_first)


def _read(path: Path) -> pa.Table | None:
    """The ids in the row groups of a file before the first that cannot be read; None when there are none of ours."""
    groups: list[pa.Table] = []
    # What was read stays when a later group cannot be; the check of the file itself says what is wrong with it.
    with suppress(pa.ArrowException, OSError), pq.ParquetFile(path) as file:
        if file.schema_arrow.equals(ARTICLES.schema):
            groups += (file.read_row_group(group, columns=list(_COLUMNS)) for group in range(file.num_row_groups))
    return pa.concat_tables(groups).replace_schema_metadata(None) if groups else None
