"""Is the YAML block of the card what a loader needs? It goes before what the files say, and is hardly checked."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from builder.publish.configs import Config
from builder.publish.features import ARTICLES, CONFIGS
from builder.publish.frontmatter import by_name, yaml_features

Rows = Mapping[str, Mapping[str, int]]


def front_faults(front: Mapping[str, Any], rows: Rows, folder: Path) -> Iterator[str]:
    """
    Configs, paths, features and counts of the card against the files.

    Args:
        rows: by config and split, counted from the files.
    """
    configs, infos = by_name(front, "configs", "config_name"), by_name(front, "dataset_info", "config_name")
    if not configs:
        yield "names no configs: a loader would guess them from the names of files, and drop some"
        return
    for name in set(configs) - {config.name for config in CONFIGS if rows[config.name]}:
        refused = ", and a loader refuses a name with '/'" if "/" in str(name) else ""
        yield f"config {name!r} is none of this release{refused}"
    defaults = [name for name, entry in configs.items() if entry.get("default")]
    if defaults != [ARTICLES.name]:
        yield f"the default config should be '{ARTICLES.name}' alone, the card has {defaults or 'none'}"
    for config in CONFIGS:
        if not rows[config.name]:
            continue
        if config.name not in configs or config.name not in infos:
            yield f"config '{config.name}' is not in the card: its files would be left out"
            continue
        faults = [*_path_faults(configs[config.name], config, rows, folder), *_info_faults(infos[config.name], config)]
        stated = {s: entry.get("num_examples") for s, entry in by_name(infos[config.name], "splits", "name").items()}
        if stated != rows[config.name]:
            faults.append(f"the card counts {stated}, the files hold {rows[config.name]}")
        yield from (f"config '{config.name}': {what}" for what in faults)


def _path_faults(entry: Mapping[str, Any], config: Config, rows: Rows, folder: Path) -> Iterator[str]:
    """Which files the card gives to each split."""
    paths = by_name(entry, "data_files", "split")
    for split in rows[config.name]:
        if split not in paths:
            yield f"split '{split}' has no path: its files would be left out"
    for split, stated in paths.items():
        if split not in rows[config.name]:
            refused = ", and a loader refuses a name with '-'" if "-" in str(split) else ""
            yield f"split {split!r} has no files, the files are of {'/'.join(rows[config.name])}{refused}"
            continue
        pattern = str(stated.get("path"))
        taken, due = (set(_matches(folder, p)) for p in (pattern, f"{config.name}/{split}-*.parquet"))
        if not taken:
            yield f"split '{split}': its path {pattern!r} matches no file, and a loader fails on it"
        elif taken != due:
            first = min(taken ^ due).relative_to(folder).as_posix()
            yield f"split '{split}': its path {pattern!r} does not take the files of the split, see {first}"


def _matches(folder: Path, pattern: str) -> list[Path]:
    try:
        return list(folder.glob(pattern))
    except (ValueError, NotImplementedError):  # empty, or absolute
        return []


def _info_faults(info: Mapping[str, Any], config: Config) -> Iterator[str]:
    """Columns: the card wins over the files, with its types and the order of its classes."""
    features = by_name(info, "features", "name")
    wanted = {feature["name"]: feature for feature in yaml_features(config)}
    for name in dict.fromkeys([*features, *wanted]):
        if name not in wanted:
            yield f"column '{name}' is in no file; a loader would fill it with nulls"
        elif name not in features:
            yield f"column '{name}' is not in the card; a loader would fail on it, or drop it"
        elif features[name] != wanted[name]:
            yield f"column '{name}' is not as in the files (type, or order of its classes)"
