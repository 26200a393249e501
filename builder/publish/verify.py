"""
Is a release what its manifest, statistics and card say? The traps that loaders fall into without a word are all here.

`verify` reads every byte once for the hashes and every value once for the content; nothing is taken from the build.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from builder.publish import stats
from builder.publish.configs import SPLITS, Config
from builder.publish.content import check_articles, check_blocks, check_learning, check_tokens
from builder.publish.documents import PICTURES, check_documents, check_stats
from builder.publish.faults import NAMED, Fault, differences, some
from builder.publish.features import ARTICLES, BLOCKS, CONFIGS, DROPPED, NEAR_DUP_PAIRS, SENTENCES, TOKENS
from builder.publish.leaks import dedup_settings, find_leaks
from builder.publish.made import Made, made_of
from builder.publish.manifest_faults import manifest_faults, settings_faults, shape_faults
from builder.publish.newest import check_test_from, find_too_new
from builder.publish.relations import check_compared, check_dropped, check_pairs, check_parts, check_sizes
from builder.publish.repeats import find_miscounted, find_shared_descriptions
from builder.publish.rows import Rows
from builder.publish.seen import Seen
from builder.publish.spans import Articles, check_sentences
from builder.publish.values import settled
from builder.tables import file_sha256
from builder.tasks.learning import TASKS

#: What a release holds besides its Parquet files.
DOCUMENTS = ("README.md", "croissant.json", "manifest.json", "stats.json")

#: What `datasets` reads beside the card, and takes for truer, hidden as it is.
OVERRIDES = (".huggingface.yaml",)

#: The configs that are made of rows of `articles`, and how.
OF_ARTICLES = {task.config.name: task for task in TASKS}

#: How a shard is named; the Hub and `datasets` read the split from the card's globs, people from the name.
SHARD = re.compile(r"([a-z]+)-\d{5}-of-(?!00000)\d{5}\.parquet")


def verify(folder: Path) -> list[Fault]:
    """Return everything wrong with the release in `folder`; nothing when it is good."""
    documents: dict[str, Any] = {}
    for name in ("manifest.json", "stats.json"):
        try:
            documents[name] = json.loads((folder / name).read_text("utf-8"), object_pairs_hook=_each_once)
        except (OSError, ValueError) as error:
            return [Fault(name, f"cannot be read ({error}); without it nothing else can be checked")]
    manifest, stated = documents["manifest.json"], documents["stats.json"]
    if lacking := list(shape_faults(manifest)) or list(settings_faults(manifest)):
        told = "; ".join(lacking[:NAMED])
        return [Fault("manifest.json", f"{told}; while that is so nothing else can be checked")]

    faults = [Fault("manifest.json", what) for what in manifest_faults(manifest)]
    faults += [*_check_files(folder, listed_files(manifest))]
    seen = Seen()
    in_files = list(_check_tables(folder, manifest, seen))
    faults += [Fault(where, what) for where, what, _ in in_files]
    if any(unreadable for _, _, unreadable in in_files):
        return faults  # statistics cannot be counted over columns that are not there
    if not seen.articles:
        return [*faults, Fault(ARTICLES.name, "holds no article; while that is so nothing else can be checked")]
    faults += _check_together(folder, manifest)
    counted = stats.compute(folder, seen.left_out)
    if (empty := [split for split in SPLITS if split not in counted["rows"]["articles"]]) != manifest["empty_splits"]:
        faults.append(Fault("manifest.json", f"empty_splits is {manifest['empty_splits']}, by the files it is {empty}"))
    faults += check_stats(stated, counted, manifest)
    faults += check_documents(folder, manifest, counted)
    return faults


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a JSON file; of a key that stands twice, readers take one or the other."""
    if twice := [key for key, n in Counter(key for key, _ in pairs).items() if n > 1]:
        raise ValueError(f"the key {twice[0]!r} stands twice in one object")
    return dict(pairs)


def listed_files(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return what the manifest says of each file, by its path."""
    return {file["path"]: file for file in manifest["files"]}


def _check_together(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Fault]:
    """What must hold between all articles: what they share, which days are in the test, and that none leaks."""
    miscounted = some("paragraph_articles is not in how many articles a paragraph stands", find_miscounted(folder))
    shared = some("description stands in another article too", find_shared_descriptions(folder))
    yield from (Fault(ARTICLES.name, what) for what in (*miscounted, *shared))
    untold = list(check_test_from(manifest))
    yield from (Fault("manifest.json", what) for what in untold)
    if manifest.get("test_from") and not untold:
        too_new = find_too_new(folder, date.fromisoformat(manifest["test_from"]))
        told = some("article of the days of the test stands in another split", too_new)
        yield from (Fault(ARTICLES.name, what) for what in told)
    leaks = find_leaks(folder, dedup_settings(manifest))
    yield from (Fault(ARTICLES.name, what) for what in some("near-duplicates in different splits", leaks.pairs))
    for path, said, found in differences("measured.across_splits", manifest["measured"]["across_splits"], leaks.counts):
        yield Fault("manifest.json", f"{path} is {said}, counted from the Parquet files it is {found}")


def _check_files(folder: Path, listed: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    """What is there, against what the manifest lists: names, sizes, bytes."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    # Hidden files are what tools leave (.git, .cache of a download); loaders pass them over.
    present = {path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts)}
    yield from (
        Fault(name, "is read by loaders in place of the card") for name in OVERRIDES if (folder / name).exists()
    )
    for path in sorted(path for path in folder.rglob("*") if path.is_symlink() and path.is_dir()):
        yield Fault(
            path.relative_to(folder).as_posix(), "is a link to a folder; copies of the release would not hold it"
        )
    for name in sorted(_empty_folders(folder)):
        yield Fault(name, "is an empty folder; copies of the release would not hold it")
    for name in sorted(set(DOCUMENTS) - present):
        yield Fault(name, "is missing")
    strays = {name for name in present - set(listed) - set(DOCUMENTS) if not name.startswith(f"{PICTURES}/")}
    for name in sorted(strays):
        yield Fault(name, "is not in the manifest; a loader may take it for data")
    for name, file in sorted(listed.items()):
        if name not in present:
            yield Fault(name, "is in the manifest and not in the folder")
        elif (n := (folder / name).stat().st_size) != file["n_bytes"]:
            yield Fault(name, f"has {n} bytes, the manifest says {file['n_bytes']}")
        elif file_sha256(folder / name) != file["sha256"]:
            yield Fault(name, "its bytes are not those that were published (SHA-256 differs from the manifest)")


def _empty_folders(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if path.is_dir() and not any(part.startswith(".") for part in name.parts) and not any(path.iterdir()):
            yield name.as_posix()


def _check_tables(folder: Path, manifest: Mapping[str, Any], seen: Seen) -> Iterator[tuple[str, str, bool]]:
    """
    Read every Parquet file once and check all in it; yield file, what is wrong, and whether it is unreadable for that.

    Shards of a split and number are read together: all rows of an article stand in them. One row group is in memory at
    a time, and of a shard what the other configs are checked against.
    """
    # In the order of their names: the same faults are told in the same order, whatever Python's hashes.
    present = {config: [path.name for path in stats.files_of(folder, config)] for config in CONFIGS}
    places = [(shard, config) for shard in dict.fromkeys(chain.from_iterable(present.values())) for config in CONFIGS]
    places.sort(key=lambda place: place[1] is NEAR_DUP_PAIRS)  # last: their pages stand in any shard
    articles = Articles(ARTICLES.schema.empty_table())
    made = [SENTENCES, BLOCKS, *([TOKENS] if manifest["settings"].get("words", {}).get("tokens", True) else [])]
    listed, fixed, how = listed_files(manifest), settled(manifest), made_of(manifest)
    for shard, config in places:
        if config is ARTICLES:
            articles = Articles(ARTICLES.schema.empty_table())
        name, is_there = f"{config.name}/{shard}", shard in present[config]
        if is_there and (not (named := SHARD.fullmatch(shard)) or named[1] not in config.splits):
            splits = "/".join(config.splits)
            yield name, f"is not named SPLIT-00000-of-0000N.parquet with a split of {splits}", False
        elif is_there:
            rows = Rows(folder / name, config, fixed)
            content = [] if rows.unreadable else list(_check_content(rows, config, shard, articles, seen, how))
            yield from ((name, what, True) for what in rows.unreadable)
            if not rows.unreadable:
                yield from ((name, what, False) for what in (*rows.told(listed.get(name)), *content))
        elif articles.table.num_rows and (config.name in OF_ARTICLES or config in made):
            # No row of it is right where no article gives one.
            yield from ((name, what, False) for what in _check_content((), config, shard, articles, seen, how))
    yield from (("dropped", what, False) for what in check_compared(seen))
    yield from (("blocks", what, False) for what in check_parts(seen))
    yield from (("articles", what, False) for what in check_sizes(seen))


def _check_content(
    rows: Iterable[pa.Table], config: Config, shard: str, articles: Articles, seen: Seen, how: Made
) -> Iterator[str]:
    """What must hold between the values; `articles` are those in the shard of the same name."""
    if config is ARTICLES:
        return check_articles(rows, shard, articles, seen, how)
    if config is SENTENCES:
        return check_sentences(rows, articles)
    if config is TOKENS:
        return check_tokens(rows, articles, how)
    if config is BLOCKS:
        return check_blocks(rows, articles, seen, how)
    if config is NEAR_DUP_PAIRS:
        return check_pairs(rows, shard.partition("-")[0], seen, how.dedup)
    if config is DROPPED:
        return check_dropped(rows, seen)
    return check_learning(rows, OF_ARTICLES[config.name], articles, seen)
