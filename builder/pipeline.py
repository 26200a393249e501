"""
The main job, table by table.

    inputs ─make_pages→ pages ─join_series→ series ─find_clusters→ edges, clusters ─add_joined→ members
    series, members ─join_clusters→ articles;  edges, articles ─near_dup_pairs→ near_dup_pairs
    articles, near_dup_pairs ─publish→ release

Every table is a folder under `OUT/.work/NAME-VERSION/`; one that is current is not made again, so the same command
goes on after a kill, and builds only what changed after an edit.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from builder.articles.series import JOINED_REASON, add_joined, join_series, joined_pages
from builder.dedup import audit, steps
from builder.dedup.clusters import join_clusters
from builder.dedup.settings import DedupSettings
from builder.engines import Engine
from builder.errors import TooManyRejectsError
from builder.page_table import make_pages
from builder.publish.manifest import digest
from builder.publish.release import PublishResult, publish
from builder.publish.shards import TaskSettings
from builder.quality import QualitySettings, drop_poor
from builder.read import Input
from builder.removal import NOTHING_LISTED, Removal
from builder.schemas import (
    ARTICLES,
    BANDS,
    CLUSTERS,
    COMPONENTS,
    EDGES,
    HALVES,
    INPUTS,
    JOINED,
    JOINTS,
    KEYS,
    LEFT_SIDES,
    LEFTS,
    NAMED,
    NEAR_DUP_PAIRS,
    PAGES,
    PAIRS,
    SIDES,
)
from builder.settings import Settings
from builder.tables import iter_batches, read_table, write_table
from builder.tasks import near_dup_pairs
from builder.words import JIEBAS_OWN, Lexicon

# Bytes and files of one shard of inputs: what one worker reads before it takes the next. Small enough that two workers
# end together, large enough that a shard of pages is worth a file.
SHARD_BYTES = 32 << 20
SHARD_FILES = 256


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: the release, and how many rows each stage kept, dropped by reason included."""

    release: PublishResult
    counts: dict[str, int]
    dropped: dict[str, int]


def build(
    settings: Settings,
    inputs: Sequence[Input],
    engine: Engine,
    work: Path,
    out_dir: Path,
    *,
    card_text: str = "",
    removal: Removal = NOTHING_LISTED,
    lexicon: Lexicon = JIEBAS_OWN,
    limit: int | None = None,
) -> Built:
    """
    Build a dataset from `inputs` into the folder `out_dir`, which is replaced when it holds an earlier release.

    Args:
        work: folder of the intermediate tables; kept, so that the next run goes on from them.
        card_text: the human part of the dataset card.
        removal: the pages to leave out.
        lexicon: own words and stop words.
        limit: read the first `limit` pages only, in the order of the inputs.

    Raises:
        TooManyRejectsError: more pages were left out than `[limits] max_reject_ratio` allows.
        BuilderError: nothing is left to publish, or `out_dir` is not ours to replace.
    """
    read_step = partial(make_pages, read=settings.read, min_chars=settings.articles.min_chars, removal=removal)

    write_table(work / "inputs", inputs_tables(inputs), INPUTS)
    if limit is None:
        engine.map(read_step, work / "inputs", work / "pages", PAGES)
    else:
        write_table(work / "pages", read_step(read_table(work / "inputs"), limit=limit), PAGES)
    join = partial(join_series, min_chars=settings.articles.min_chars)
    engine.exchange(["series_key"], join, [work / "pages"], work / "series", PAGES)
    series = work / "series"
    if settings.quality != QualitySettings():
        screen = partial(drop_poor, settings=settings.quality)
        series = engine.map(screen, series, work / "screened", PAGES)
    find_clusters(engine, series, work, settings.dedup)
    # A page joined to an article goes where it goes, so that what is dropped names what was kept.
    engine.map(joined_pages, series, work / "joined", JOINED)
    place = ["page_id", "source"]
    engine.exchange(place, add_joined, [work / "clusters", work / "joined"], work / "members", CLUSTERS)
    finish = partial(join_clusters, splits=settings.splits)
    engine.exchange(place, finish, [series, work / "members"], work / "articles", ARTICLES)

    engine.map(partial(near_dup_pairs.sides, splits=settings.splits), work / "articles", work / "sides", SIDES)
    add_left, add_right = near_dup_pairs.add_left, near_dup_pairs.add_right
    engine.exchange(["text_key"], add_left, [work / "lefts", work / "sides"], work / "left_sides", LEFT_SIDES)
    both = [work / "left_sides", work / "sides"]
    engine.exchange(["text_key"], add_right, both, work / "near_dup_pairs", NEAR_DUP_PAIRS)

    # Not the removal list: a phone number can be found by its digest.
    digests = {"words": digest(asdict(lexicon))}
    rejects = count_rejects(work / "articles")
    counts = count_stages(len(inputs), work / "articles", rejects)
    counts["pairs_across_splits"] = count_across(work / "near_dup_pairs")
    check_rejects(counts["pages"], rejects, settings.limits.max_reject_ratio)
    release = publish(
        work / "articles",
        work / "near_dup_pairs",
        engine,
        out_dir,
        name=settings.name,
        version=settings.version,
        settings=settings.publish,
        tasks=TaskSettings(
            settings.licence, settings.sentences, settings.words, lexicon, simplified=settings.articles.simplified
        ),
        all_settings=asdict(settings) | {"digests": digests},
        inputs=work / "inputs",
        counts=counts,
        work=work,
        card_text=card_text,
    )
    return Built(release, counts, dict(rejects))


def find_clusters(engine: Engine, pages: Path, work: Path, settings: DedupSettings) -> None:
    """Which articles are one story: from PAGES to the tables `edges` and `clusters` of the work folder."""
    keys, bands, pairs, halves, edges = (work / name for name in ("keys", "bands", "pairs", "halves", "edges"))
    engine.map(steps.signatures, pages, keys, KEYS)
    engine.map(steps.make_bands, keys, bands, BANDS)
    engine.exchange(["band"], steps.pair_bands, [bands], pairs, PAIRS)
    engine.exchange(["text_key"], steps.attach_text, [pairs, keys], halves, HALVES)
    verify = partial(steps.verify_pairs, settings=settings)
    engine.exchange(["text_key"], verify, [halves, keys], edges, EDGES)
    # Components need every edge at once; an edge is two short keys and a few numbers, never a text.
    write_table(work / "components", [steps.components(read_table(edges))], COMPONENTS)
    engine.exchange(["text_key"], steps.name_clusters, [keys, work / "components"], work / "named", NAMED)
    engine.map(audit.name_left, edges, work / "lefts", LEFTS)
    engine.exchange(["text_key"], audit.place_edges, [work / "lefts", work / "components"], work / "joints", JOINTS)
    keep = partial(steps.keep_one, settings=settings.keep)
    engine.exchange(["cluster_id"], keep, [work / "named", work / "joints"], work / "clusters", CLUSTERS)


def inputs_tables(inputs: Iterable[Input]) -> Iterable[pa.Table]:
    """INPUTS in shards of at most SHARD_BYTES or SHARD_FILES, in the order given."""
    shard: list[Input] = []
    n_bytes = 0
    for item in inputs:
        if shard and (n_bytes + item.n_bytes > SHARD_BYTES or len(shard) == SHARD_FILES):
            yield _inputs_table(shard)
            shard, n_bytes = [], 0
        shard.append(item)
        n_bytes += item.n_bytes
    yield _inputs_table(shard)


def _inputs_table(inputs: Iterable[Input]) -> pa.Table:
    rows = [asdict(item) | {"path": os.fsencode(item.path)} for item in inputs]
    return pa.Table.from_pylist(rows, schema=INPUTS)


def count_rejects(articles: Path) -> Counter[str]:
    """Rows of ARTICLES left out, by reason, sorted by reason."""
    rejects: Counter[str] = Counter()
    for batch in iter_batches(articles, ["reject"], rows=65_536):
        for entry in pc.value_counts(batch["reject"].drop_null()).to_pylist():
            rejects[entry["values"]] += entry["counts"]
    return Counter(dict(sorted(rejects.items())))


def count_stages(n_inputs: int, articles: Path, rejects: Counter[str]) -> dict[str, int]:
    """Rows by stage, in the order of the flow: pages = rejected + joined + duplicates + articles."""
    pages = sum(batch.num_rows for batch in iter_batches(articles, ["page_id"], rows=65_536))
    return {
        "inputs": n_inputs,
        "pages": pages,
        "rejected": rejected_only(rejects).total(),
        "joined": rejects[JOINED_REASON],
        "duplicates": sum(n for reason, n in rejects.items() if reason.startswith("dedupe:")),
        "articles": pages - rejects.total(),
    }


def count_across(pairs: Path) -> int:
    """Pairs of NEAR_DUP_PAIRS whose sides stand in different splits; they are not published."""
    return sum(batch["split"].null_count for batch in iter_batches(pairs, ["split"], rows=65_536))


def rejected_only(rejects: Counter[str]) -> Counter[str]:
    """Pages that gave nothing, by reason: neither duplicates nor parts of an article."""
    return Counter({r: n for r, n in rejects.items() if r != JOINED_REASON and not r.startswith("dedupe:")})


def check_rejects(pages: int, rejects: Counter[str], max_ratio: float | None) -> None:
    """Raise TooManyRejectsError when the share of pages that gave nothing is above `max_ratio`."""
    rejected = rejected_only(rejects)
    if max_ratio is None or rejected.total() <= max_ratio * pages:
        return
    reasons = ", ".join(f"{reason} {n}" for reason, n in sorted(rejected.items(), key=lambda item: -item[1]))
    raise TooManyRejectsError(
        f"{rejected.total()} of {pages} pages were rejected, more than [limits] max_reject_ratio = {max_ratio} "
        f"allows: {reasons}. Look at them with `zhnews label`, mend the inputs, or raise the limit."
    )
