"""
Is a release what its manifest, statistics and card say? The traps that loaders fall into without a word are all here.

`verify` reads every byte once for the hashes and every value once for the content; nothing is taken from the build.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, TypeVar

from builder.publish import stats
from builder.publish.configs import SPLITS
from builder.publish.documents import PICTURES, check_documents, check_stats
from builder.publish.faults import NAMED, Fault, differences, some
from builder.publish.features import ARTICLES, CONFIGS, DROPPED, NEAR_DUP_PAIRS, TOKENS
from builder.publish.ids import NOWHERE, Ids, read_ids
from builder.publish.leaks import Leaks, dedup_settings, find_leaks
from builder.publish.made import made_of
from builder.publish.manifest_faults import manifest_faults, settings_faults, shape_faults
from builder.publish.newest import check_test_from, find_too_new
from builder.publish.relations import check_compared, check_parts, check_sizes, pages_of_pairs
from builder.publish.repeats import find_miscounted, find_shared_descriptions
from builder.publish.seen import Seen
from builder.publish.shard_faults import (
    OF_SHARD,
    About,
    InFile,
    check_dropped_shard,
    check_pairs_shard,
    check_shard,
    is_named,
)
from builder.publish.values import settled
from builder.tables import file_sha256

#: What a release holds besides its Parquet files.
DOCUMENTS = ("README.md", "croissant.json", "manifest.json", "stats.json")

#: What `datasets` reads beside the card, and takes for truer, hidden as it is.
OVERRIDES = (".huggingface.yaml",)

# Up to so many shards, one a split and one of what was dropped, processes would take longer to start than to work.
FEW_SHARDS = 4

T = TypeVar("T")


class Run(Protocol):
    """Does what it is called with, here or in other processes."""

    def __call__(self, name: str, calls: Sequence[Callable[[], T]]) -> list[T]:
        """Return what each call gives, in their order; `name` says what they do, should one fail."""
        ...


def run_here(name: str, calls: Sequence[Callable[[], T]]) -> list[T]:
    """Run every call in this process."""
    return [call() for call in calls]


def verify(folder: Path, run: Run = run_here) -> list[Fault]:
    """
    Return everything wrong with the release in `folder`; nothing when it is good.

    Args:
        run: where the work is done, a shard a call; what is found, and its order, are the same wherever.
    """
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

    # In the order of their names: the same faults are told in the same order, whatever Python's hashes.
    present = {config.name: [path.name for path in stats.files_of(folder, config)] for config in CONFIGS}
    if len(set(chain.from_iterable(present.values()))) <= FEW_SHARDS:
        run = run_here
    faults = [Fault("manifest.json", what) for what in manifest_faults(manifest)]
    faults += _check_files(folder, listed_files(manifest), run)
    ids = read_ids(folder / ARTICLES.name / name for name in present[ARTICLES.name] if is_named(ARTICLES, name))
    seen = Seen()
    in_files = list(_check_tables(folder, manifest, present, ids, seen, run))
    faults += [Fault(fault.where, fault.what) for fault in in_files]
    if any(fault.unreadable for fault in in_files):
        return faults  # statistics cannot be counted over columns that are not there
    if not len(ids.articles):
        return [*faults, Fault(ARTICLES.name, "holds no article; while that is so nothing else can be checked")]
    # The slowest first; none takes more than a worker.
    calls: list[Callable[[], Any]] = [
        partial(find_leaks, folder, dedup_settings(manifest)),
        partial(stats.compute, folder, seen.left_out),
        partial(find_miscounted, folder),
        partial(find_shared_descriptions, folder),
    ]
    leaks, counted, miscounted, shared = run("all articles together", calls)
    faults += _check_together(folder, manifest, leaks, miscounted, shared)
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


def _check_together(
    folder: Path, manifest: Mapping[str, Any], leaks: Leaks, miscounted: Sequence[str], shared: Sequence[str]
) -> Iterator[Fault]:
    """What must hold between all articles: what they share, which days are in the test, and that none leaks."""
    recounted = some("paragraph_articles is not in how many articles a paragraph stands", miscounted)
    again = some("description stands in another article too", shared)
    yield from (Fault(ARTICLES.name, what) for what in (*recounted, *again))
    untold = list(check_test_from(manifest))
    yield from (Fault("manifest.json", what) for what in untold)
    if manifest.get("test_from") and not untold:
        too_new = find_too_new(folder, date.fromisoformat(manifest["test_from"]))
        told = some("article of the days of the test stands in another split", too_new)
        yield from (Fault(ARTICLES.name, what) for what in told)
    yield from (Fault(ARTICLES.name, what) for what in some("near-duplicates in different splits", leaks.pairs))
    for path, said, found in differences("measured.across_splits", manifest["measured"]["across_splits"], leaks.counts):
        yield Fault("manifest.json", f"{path} is {said}, counted from the Parquet files it is {found}")


def _check_files(folder: Path, listed: Mapping[str, Mapping[str, Any]], run: Run) -> Iterator[Fault]:
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
    sizes = {name: (folder / name).stat().st_size for name in listed if name in present}
    of_size = [name for name, n in sizes.items() if n == listed[name]["n_bytes"]]
    digests = dict(zip(of_size, run("files", [partial(file_sha256, folder / name) for name in of_size]), strict=True))
    for name, file in sorted(listed.items()):
        if name not in present:
            yield Fault(name, "is in the manifest and not in the folder")
        elif name not in digests:
            yield Fault(name, f"has {sizes[name]} bytes, the manifest says {file['n_bytes']}")
        elif digests[name] != file["sha256"]:
            yield Fault(name, "its bytes are not those that were published (SHA-256 differs from the manifest)")


def _empty_folders(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if path.is_dir() and not any(part.startswith(".") for part in name.parts) and not any(path.iterdir()):
            yield name.as_posix()


def _about(manifest: Mapping[str, Any], shards: Sequence[str]) -> dict[str, About]:
    """What the manifest says of each shard."""
    tokens = manifest["settings"].get("words", {}).get("tokens", True)
    made = frozenset(config.name for config in OF_SHARD if config is not ARTICLES and (config is not TOKENS or tokens))
    listed: dict[str, dict[str, Mapping[str, Any]]] = {shard: {} for shard in shards}
    for path, file in listed_files(manifest).items():
        config, _, name = path.partition("/")
        listed.setdefault(name, {})[config] = file
    fixed, how = settled(manifest), made_of(manifest)
    return {shard: About(listed[shard], fixed, how, made) for shard in shards}


def _check_tables(
    folder: Path, manifest: Mapping[str, Any], present: Mapping[str, Sequence[str]], ids: Ids, seen: Seen, run: Run
) -> Iterator[InFile]:
    """Read every Parquet file once, and check all in it; adds to `ids` and `seen`, shard by shard in their order."""
    shards = list(dict.fromkeys(chain.from_iterable(present.values())))
    about = _about(manifest, shards)
    calls = [partial(check_shard, folder, shard, about[shard], ids.elsewhere.get(shard, NOWHERE)) for shard in shards]
    for shard, (faults, of_shard) in zip(shards, run("shards", calls), strict=True):
        yield from faults
        seen.add(of_shard)
        if any(fault.unreadable and fault.where == f"{ARTICLES.name}/{shard}" for fault in faults):
            ids.forget(shard)
        if shard in present[DROPPED.name]:
            yield from check_dropped_shard(folder, shard, about[shard], ids, seen)
    pairs = [shard for shard in shards if shard in present[NEAR_DUP_PAIRS.name]]
    of_pairs = (pages_of_pairs(folder / NEAR_DUP_PAIRS.name / shard, ids, seen) for shard in pairs)
    calls_of_pairs = [
        partial(check_pairs_shard, folder, shard, about[shard], pages)
        for shard, pages in zip(pairs, of_pairs, strict=True)
    ]
    yield from chain.from_iterable(run("pairs", calls_of_pairs))
    yield from (InFile("dropped", what) for what in check_compared(ids, seen))
    yield from (InFile("blocks", what) for what in check_parts(seen))
    yield from (InFile("articles", what) for what in check_sizes(ids))
