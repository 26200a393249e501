"""
A release → the store: which pages to review in which order, with what to show of each.

It runs in a process of its own: Arrow takes more memory than the whole server, and the server needs it once.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from builder import __version__
from builder.errors import BuilderError
from builder.records import ORIGINS, ROLES
from builder.review.queue import Candidate, Drawn, make_queue
from builder.review.store import Place, Store

#: Places of the queue. 50 people at 60 pages a day finish 3,000; a page takes some 20 kB in the store.
MAX_PLACES = 3000

#: Why a page stands in the queue that is settled already; and how many of them are loaded.
GOLD = "gold"
MAX_PLANTED = 300

#: Articles to cut into sentences, and pairs to judge; of those, how many are drawn at random.
MAX_OTHERS = 500
PAIRS_AT_RANDOM = 0.2


@dataclass(frozen=True, slots=True)
class LoadSettings:
    """What decides on the order of work."""

    random_share: float = 0.2
    limit: int = MAX_PLACES


def manifest_of(release: Path) -> dict[str, Any]:
    """Return the manifest of a release; BuilderError when the folder is none."""
    try:
        manifest: dict[str, Any] = json.loads((release / "manifest.json").read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise BuilderError(
            f"{release} is not a release: it has no manifest.json; name the folder that `build` printed"
        ) from None
    except json.JSONDecodeError as error:
        raise BuilderError(f"{release / 'manifest.json'} is cut off or not JSON: {error.msg}; build again") from None
    return manifest


def store_path(release: Path) -> Path:
    """Where the store of a release lies: beside it, one for all versions of the dataset."""
    return release.resolve().parent / f"{manifest_of(release)['name']}.review.sqlite"


def load_release(release: Path, store: Path, settings: LoadSettings) -> int:
    """Load a release in a process of its own unless it is loaded, and return how many pages are in the queue."""
    digest = release_digest(release, settings)
    if store.is_file():
        opened = Store(store)
        loaded, ((waiting,),) = opened.meta("loaded"), opened.query(_WAITING, GOLD)
        opened.close()
        if loaded == digest:
            return int(waiting)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(load_here, release, store, settings).result()


#: Pages to review in the queue.
_WAITING = "SELECT count(*) FROM queue WHERE mode = 'blocks' AND drawn <> ?"


def release_digest(release: Path, settings: LoadSettings) -> str:
    """Hex digest of what decides on the queue: the release with its place, the settings, and this program."""
    manifest_of(release)
    parts = [str(release.resolve()), repr(settings), __version__]
    return sha256("\0".join(parts).encode() + (release / "manifest.json").read_bytes()).hexdigest()


def load_here(release: Path, path: Path, settings: LoadSettings) -> int:
    """Load a release into the store at `path`."""
    manifest = manifest_of(release)
    store = Store(path, manifest["name"])
    queue = [
        *blocks_queue(release, manifest, settings, store),
        *sentences_queue(release, manifest),
        *pairs_queue(release, manifest),
    ]
    store.replace_queue(queue, release_digest(release, settings))
    ((waiting,),) = store.query(_WAITING, GOLD)
    store.close()
    return int(waiting)


def version_of(mode: str, item: str, content: dict[str, Any]) -> str:
    """16 hex digits of what is shown."""
    return sha256(json.dumps([mode, item, content], ensure_ascii=False).encode()).hexdigest()[:16]


def blocks_queue(
    release: Path, manifest: dict[str, Any], settings: LoadSettings, store: Store
) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Pages to label block by block, in the order of work; last those that are gold from end to end, to be planted."""
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    from builder.review.originals import describe_original

    blocks = ds.dataset(sorted(map(str, (release / "blocks").glob("*.parquet"))))
    articles = ds.dataset(sorted(map(str, (release / "articles").glob("*.parquet"))))
    columns = ["article_id", "outlet"]
    outlets = {row["article_id"]: row["outlet"] or "" for row in articles.to_table(columns=columns).to_pylist()}
    once = blocks.to_table(columns=["article_id", "page_id", "score"], filter=pc.is_null(pc.field("dup_of")))
    # People judge pages: an article over several is as many places.
    pages = once.group_by(["article_id", "page_id"]).aggregate([("score", "mean"), ("score", "min")]).to_pylist()
    candidates = [
        Candidate(row["page_id"], outlets[row["article_id"]], 1 - row["score_mean"])
        for row in pages
        if row["score_min"] < 1
    ]
    queue = make_queue(candidates, settings.random_share, settings.limit, manifest["name"])
    settled = sorted(row["page_id"] for row in pages if row["score_min"] == 1)[:MAX_PLANTED]
    queue += [Drawn(Candidate(item, "", 0), GOLD, -1) for item in settled]
    wanted = [drawn.candidate.item for drawn in queue]
    shown = _pages_of(release, articles, {row["page_id"]: row["article_id"] for row in pages}, wanted)
    lines = _blocks_of(blocks, wanted)
    inputs = _inputs_of(release)
    for number, drawn in enumerate(queue):
        item = drawn.candidate.item
        blocks_shown = lines[item] if drawn.drawn != GOLD else hide_gold(store, item, lines[item])
        content = {**shown[item], "blocks": blocks_shown}
        original = describe_original(inputs, shown[item]["source"], manifest["settings"]["read"])
        yield _place("blocks", number, drawn, version_of("blocks", item, content), original), content


def sentences_queue(release: Path, manifest: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Articles whose boundaries are to be checked, at random: a splitter gives no score to go by."""
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    articles = ds.dataset(sorted(map(str, (release / "articles").glob("*.parquet"))))
    sentences = ds.dataset(sorted(map(str, (release / "sentences").glob("*.parquet"))))
    outlets = articles.to_table(columns=["article_id", "outlet"]).to_pylist()
    candidates = [Candidate(row["article_id"], row["outlet"] or "", 0) for row in outlets]
    queue = make_queue(candidates, 1, MAX_OTHERS, manifest["name"])
    chosen = pc.field("article_id").isin([drawn.candidate.item for drawn in queue])
    columns = ["article_id", "title", "outlet", "url", "source", "text"]
    shown = {row["article_id"]: row for row in articles.to_table(columns=columns, filter=chosen).to_pylist()}
    spans: dict[str, list[list[int]]] = defaultdict(list)
    found = sentences.to_table(columns=["article_id", "start", "end"], filter=chosen)
    for row in found.sort_by([("article_id", "ascending"), ("start", "ascending")]).to_pylist():
        spans[row["article_id"]].append([row["start"], row["end"]])
    for number, drawn in enumerate(queue):
        item = drawn.candidate.item
        content = {**shown[item], "spans": spans[item]}
        yield _place("sentences", number, drawn, version_of("sentences", item, content)), content


def pairs_queue(release: Path, manifest: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Pairs of texts that were found alike, the hardest to tell first; exact copies need no judge."""
    import pyarrow.dataset as ds

    paths = sorted(map(str, (release / "near_dup_pairs").glob("*.parquet")))
    rows = ds.dataset(paths).to_table().to_pylist() if paths else []
    pairs = {f"{row['left_id']}:{row['right_id']}": row for row in rows if row["rule"] != "exact"}
    border = manifest["settings"]["dedup"]["min_containment"]
    candidates = [Candidate(item, "", 1 - abs(row["containment"] - border)) for item, row in sorted(pairs.items())]
    for number, drawn in enumerate(make_queue(candidates, PAIRS_AT_RANDOM, MAX_OTHERS, manifest["name"])):
        item = drawn.candidate.item
        yield _place("pair", number, drawn, version_of("pair", item, pairs[item])), pairs[item]


def _place(mode: str, number: int, drawn: Drawn, version: str, original: str | None = None) -> Place:
    item, outlet = drawn.candidate.item, drawn.candidate.outlet
    sampled = drawn.sampled if drawn.sampled >= 0 else None
    return Place(mode, number, item, version, outlet, drawn.drawn, sampled, original)


def hide_gold(store: Store, item: str, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Show a settled page as it looked before: with the automatic roles that the store knows, or without roles."""
    automatic = {}
    for (content,) in store.query("SELECT content FROM versions WHERE mode = 'blocks' AND item = ?", item):
        for block in json.loads(content)["blocks"]:
            if block["origin"] != "gold":
                automatic[block["digest"], block["occurrence"]] = block
    hidden = []
    for block in blocks:
        before = automatic.get((block["digest"], block["occurrence"]), {"role": "", "score": 0.0, "origin": "rule"})
        hidden.append({**block, **{name: before[name] for name in ("role", "score", "origin")}, "gold": block["role"]})
    return hidden


def _inputs_of(release: Path) -> dict[str, dict[str, Any]]:
    """Files that the build read, by source: from its work tables, while they are there."""
    import os

    from builder.tables import read_manifest, read_table

    table = release.resolve().parent / ".work" / release.resolve().name / "inputs"
    if read_manifest(table) is None:
        return {}
    names = ["path", "source", "kind", "compression", "n_bytes", "sha256"]
    return {row["source"]: row | {"path": os.fsdecode(row["path"])} for row in read_table(table, names).to_pylist()}


def _pages_of(
    release: Path, articles: Any, article_of: Mapping[str, str], wanted: list[str]
) -> dict[str, dict[str, Any]]:
    """Return what is shown of each page beside its blocks: its address and file, and the article it belongs to."""
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    columns = ["article_id", "title", "outlet", "url", "source"]
    of_article = pc.field("article_id").isin(sorted({article_of[page] for page in wanted}))
    shown = {row["article_id"]: row for row in articles.to_table(columns=columns, filter=of_article).to_pylist()}
    later = [page for page in wanted if page not in shown]
    if later:
        dropped = ds.dataset(sorted(map(str, (release / "dropped").glob("*.parquet"))))
        rows = dropped.to_table(columns=["page_id", "url", "source"], filter=pc.field("page_id").isin(later))
        for row in rows.sort_by([("source", "descending")]).to_pylist():
            page = row.pop("page_id")
            shown[page] = {**shown[article_of[page]], **row}
    return shown


def _blocks_of(blocks: Any, wanted: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the blocks of each page with their keys, classes by name."""
    import pyarrow.compute as pc

    from builder.label.gold import block_places

    pages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    table = blocks.to_table(filter=pc.field("page_id").isin(wanted))
    for row in table.sort_by([("article_id", "ascending"), ("index", "ascending")]).to_pylist():
        page = pages[row["page_id"]]
        before = row["index"] - len(page)  # blocks of earlier pages
        copied = row["dup_of"] is not None and row["dup_of"] >= before
        page.append(
            {
                "text": row["text"],
                "role": ROLES[row["role"]],
                "score": round(row["score"], 3),
                "origin": ORIGINS[row["origin"]],
                "dup_of": row["dup_of"] - before if copied else None,
                "tag": row["tag"],
                "hidden": row["hidden"],
            }
        )
    for page in pages.values():
        for block, (digest, occurrence) in zip(page, block_places(b["text"] for b in page), strict=True):
            block["digest"], block["occurrence"] = digest, occurrence
    return pages
