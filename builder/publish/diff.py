"""
What changed from one release to another: rows by their ids, values by column, labels, files to fetch again.

Shards are dealt out by hash of the id into powers of two, so rows of one id stand in shards whose numbers agree modulo
the smaller count: such groups are compared one after the other, a column at a time, and files that the manifests say
are the same are not opened. What is held for long are the keys of rows that one side lacks.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import gcd
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.publish.configs import Config
from builder.publish.documents import read_json
from builder.publish.features import BLOCKS, CONFIGS, DROPPED
from builder.publish.stats import files_of, ranked
from builder.records import ROLES

#: What names a row where it is not what rows are sorted by: the reason of a dropped page may change.
KEYS = {DROPPED.name: ("source", "page_id")}


@dataclass(slots=True)
class ConfigDiff:
    """
    What changed in one config, counted in rows.

    Attributes:
        moved: rows that stand in another split.
        changed: rows, moved or not, of which a column that both releases have differs; `columns` counts by column.
        new_columns, lost_columns: with their types; a column whose type changed is in both.
        labels: blocks of the same text by `role → role`.
    """

    rows_old: int = 0
    rows_new: int = 0
    added: int = 0
    removed: int = 0
    moved: int = 0
    changed: int = 0
    columns: Counter[str] = field(default_factory=Counter)
    new_columns: set[tuple[str, str]] = field(default_factory=set)
    lost_columns: set[tuple[str, str]] = field(default_factory=set)
    labels: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """What changed by config, the files that a reader of the old release has to fetch, and their bytes."""

    configs: Mapping[str, ConfigDiff]
    files: Sequence[str]
    n_bytes: int

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values, in a fixed order."""
        configs = {
            name: asdict(changes)
            | {
                "columns": ranked(changes.columns),
                "new_columns": dict(sorted(changes.new_columns)),
                "lost_columns": dict(sorted(changes.lost_columns)),
                "labels": ranked(changes.labels),
            }
            for name, changes in self.configs.items()
        }
        files = {"n": len(self.files), "n_bytes": self.n_bytes, "paths": list(self.files)}
        return {"configs": configs, "files_to_fetch": files, "suggests": self.suggests}

    @property
    def suggests(self) -> str:
        """
        The part of a semantic version to raise, or `none`.

        `major` when what was built on the old release may break: a column or config is lost, rows change split;
        `minor` when rows or columns come or go; `patch` when values change.
        """
        diffs = self.configs.values()
        if any(d.lost_columns or d.moved or (d.rows_old and not d.rows_new) for d in diffs):
            return "major"
        if any(d.added or d.removed or d.new_columns for d in diffs):
            return "minor"
        return "patch" if any(d.changed for d in diffs) else "none"


def diff(old: Path, new: Path) -> ReleaseDiff:
    """Compare two releases; BuilderError when one of the folders is none."""
    listed = [{file["path"]: file for file in read_json(side, "manifest.json")["files"]} for side in (old, new)]
    same = {path for path, file in listed[1].items() if listed[0].get(path, {}).get("sha256") == file["sha256"]}
    touched = sorted(set(listed[1]) - same)
    found = {config.name: _diff_config(old, new, config, same) for config in CONFIGS}
    configs = {name: changes for name, changes in found.items() if changes.rows_old or changes.rows_new}
    return ReleaseDiff(configs, touched, sum(listed[1][path]["n_bytes"] for path in touched))


def _diff_config(old: Path, new: Path, config: Config, same: set[str]) -> ConfigDiff:
    found = ConfigDiff()
    left_schema, right_schema = (_schema(side, config) for side in (old, new))
    if left_schema and right_schema:
        found.lost_columns, found.new_columns = left_schema - right_schema, right_schema - left_schema
    shared = [name for name, _ in sorted(left_schema & right_schema)]
    gone: dict[str, str] = {}  # key -> split, of rows that one side lacks in that split
    come: dict[str, str] = {}
    for split in config.splits:
        for left, right in _groups(old, new, config, (split, split)):
            found.rows_old += sum(pq.read_metadata(path).num_rows for path in left)
            found.rows_new += sum(pq.read_metadata(path).num_rows for path in right)
            left_names, right_names = _names(old, left), _names(new, right)
            if left_names == right_names and left_names <= same:
                continue
            group = _Group(left, right, config)
            gone |= dict.fromkeys(group.gone, split)
            come |= dict.fromkeys(group.come, split)
            _compare(group, shared, config, found)
    moves = {key: (gone[key], come[key]) for key in gone.keys() & come.keys()}
    for move in sorted(set(moves.values())):
        for left, right in _groups(old, new, config, move):
            _compare(_Group(left, right, config), shared, config, found)
    found.moved = len(moves)
    found.removed, found.added = len(gone) - found.moved, len(come) - found.moved
    return found


def _schema(folder: Path, config: Config) -> set[tuple[str, str]]:
    """Columns of a config with their types; empty when the release has none of its rows."""
    paths = files_of(folder, config)
    return {(f.name, str(f.type)) for f in pq.read_schema(paths[0])} if paths else set()


def _names(folder: Path, paths: Sequence[Path]) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in paths}


def _groups(old: Path, new: Path, config: Config, splits: tuple[str, str]) -> Iterator[tuple[list[Path], list[Path]]]:
    """Yield shards of one split of each side that may hold the same ids."""
    left, right = (_shards(side, config).get(split, {}) for side, split in zip((old, new), splits, strict=True))
    step = gcd(*(n for _, n in (*left, *right)))
    for rest in range(step):
        yield (
            [path for (number, _), path in left.items() if number % step == rest],
            [path for (number, _), path in right.items() if number % step == rest],
        )


def _shards(folder: Path, config: Config) -> dict[str, dict[tuple[int, int], Path]]:
    """Return the files of each split by number and count: `train-00001-of-00004` is (1, 4)."""
    found: dict[str, dict[tuple[int, int], Path]] = {}
    for path in files_of(folder, config):
        split, number, _, count = path.stem.split("-")
        found.setdefault(split, {})[int(number), int(count)] = path
    return found


class _Group:
    """Shards of both sides that may hold the same ids: which rows are in both, and which in one."""

    def __init__(self, left: Sequence[Path], right: Sequence[Path], config: Config) -> None:
        self._left, self._right = left, right
        names = KEYS.get(config.name, config.sort_by)
        keys, others = _keys(left, names), _keys(right, names)
        found = pc.index_in(keys, value_set=others)
        self._in_left = pc.indices_nonzero(pc.is_valid(found))
        self._in_right = found.drop_null()
        self.gone: list[str] = keys.filter(pc.is_null(found)).to_pylist()
        self.come: list[str] = others.filter(pc.invert(pc.is_in(others, value_set=keys))).to_pylist()

    def pair(self, column: str) -> tuple[pa.Array, pa.Array]:
        """Return the values of a column on both sides, of the rows that are in both, in one order."""
        left, right = (_read(paths, [column])[column].combine_chunks() for paths in (self._left, self._right))
        return left.take(self._in_left), right.take(self._in_right)

    @property
    def n_both(self) -> int:
        """Rows that are in both."""
        return len(self._in_left)


def _read(paths: Sequence[Path], columns: Sequence[str]) -> pa.Table:
    parts = [pq.read_table(path, columns=list(columns)).replace_schema_metadata(None) for path in paths]
    return pa.concat_tables(parts) if parts else pa.table({name: pa.array([], pa.string()) for name in columns})


def _keys(paths: Sequence[Path], names: Sequence[str]) -> pa.Array:
    """Return what names each row; the second of two rows with the same names is another row."""
    table = _read(paths, names)
    columns = [pc.fill_null(table[name].cast(pa.string()), "") for name in names]
    keys = pc.binary_join_element_wise(*columns, "\0").combine_chunks()
    if pc.count_distinct(keys).as_py() == len(keys):
        return keys
    seen: Counter[str] = Counter()
    numbered = []
    for key in keys.to_pylist():
        numbered.append(f"{key}\0{seen[key]}" if seen[key] else key)
        seen[key] += 1
    return pa.array(numbered, pa.string())


def _compare(group: _Group, columns: Sequence[str], config: Config, found: ConfigDiff) -> None:
    """Count the rows in both that differ, in which columns, and blocks that have another role."""
    differs = np.zeros(group.n_both, bool)
    if not group.n_both:
        return
    for column in columns:
        here = _unequal(*group.pair(column))
        if n := int(here.sum()):
            found.columns[column] += n
        differs |= here
    found.changed += int(differs.sum())
    if config is BLOCKS and {"role", "text"} <= set(columns):
        found.labels += _relabelled(group)


def _unequal(left: pa.Array, right: pa.Array) -> npt.NDArray[np.bool_]:
    """Where two arrays of one type differ; a null is like a null."""
    if pa.types.is_nested(left.type):
        return np.array([a != b for a, b in zip(left.to_pylist(), right.to_pylist(), strict=True)], bool)
    same = pc.fill_null(pc.equal(left, right), False)
    none = pc.and_(pc.is_null(left), pc.is_null(right))
    return ~np.asarray(pc.or_(same, none))


def _relabelled(group: _Group) -> Counter[str]:
    """Count blocks of the same text that have another role, as `nav → related`."""
    same_text = ~_unequal(*group.pair("text"))
    old, new = (np.asarray(side)[same_text] for side in group.pair("role"))
    changed = old != new
    pairs = zip(old[changed].tolist(), new[changed].tolist(), strict=True)
    return Counter(f"{ROLES[a]} → {ROLES[b]}" for a, b in pairs)
