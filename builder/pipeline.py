"""
The main job, table by table.

    inputs ─make_pages→ pages ─join_series→ series;  series, pins ─find_clusters→ edges, clusters ─add_joined→ members
    series, members ─join_clusters→ articles;  edges, articles ─near_dup_pairs→ near_dup_pairs
    articles, near_dup_pairs ─publish→ release

Every table is a folder under `OUT/.work/NAME-VERSION/`; one that is current is not made again, so the same command
goes on after a kill, and builds only what changed after an edit. Over an earlier release, `pages` begins with the rows
of that one, and `pins` says where each of them was published; all other steps are the same, over all rows.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.articles.series import add_joined, join_series, joined_pages
from builder.decontaminate import NO_BENCHMARKS, Benchmarks, drop_contaminated
from builder.dedup import across, audit, by_time, groups, steps
from builder.dedup.clusters import join_clusters
from builder.dedup.paragraphs import count_articles, of_kept, paragraph_keys
from builder.dedup.pins import attach_pins
from builder.earlier import (
    Earlier,
    check_all_there,
    count_gone,
    new_inputs,
    note_release,
    pins_of,
    with_earlier_inputs,
)
from builder.engines import Engine, Step, map_recipe
from builder.errors import TooManyRejectsError
from builder.label.gold import Correction, GoldFile, read_agreement, unmatched_gold
from builder.page_table import make_pages
from builder.publish.manifest import digest
from builder.publish.release import PublishResult, publish
from builder.publish.shards import TaskSettings
from builder.quality import QualitySettings, drop_poor
from builder.read import Input
from builder.records import JOINED_REASON
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
    KEPT_TEXTS,
    KEYS,
    LATEST,
    LEFT_SIDES,
    LEFTS,
    NAMED,
    NEAR_DUP_PAIRS,
    PAGES,
    PAIRS,
    PARAGRAPHS,
    PINNED,
    PINS,
    PLACED,
    REPEATED,
    SIDES,
    TAKEN,
)
from builder.settings import Settings
from builder.tables import iter_batches, read_table, seed_table, shard_paths, write_table
from builder.tasks import near_dup_pairs
from builder.words import JIEBAS_OWN, Lexicon

# Bytes and files of one shard of inputs: what one worker reads before it takes the next. Small enough that two workers
# end together, large enough that a shard of pages is worth a file.
SHARD_BYTES = 32 << 20
SHARD_FILES = 256

NOTHING_KNOWN: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: the release, rows kept by stage and dropped by reason, and gold that matches no block."""

    release: PublishResult
    counts: dict[str, int]
    dropped: dict[str, int]
    unmatched: list[Correction]


def build(
    settings: Settings,
    inputs: Sequence[Input],
    engine: Engine,
    work: Path,
    out_dir: Path,
    *,
    card_text: str = "",
    removal: Removal = NOTHING_LISTED,
    benchmarks: Benchmarks = NO_BENCHMARKS,
    gold: GoldFile | None = None,
    lexicon: Lexicon = JIEBAS_OWN,
    limit: int | None = None,
    over: Earlier | None = None,
    read_again: bool = False,
) -> Built:
    """
    Build a dataset from `inputs` into the folder `out_dir`, which is replaced when it holds an earlier release.

    Args:
        work: folder of the intermediate tables; kept, so that the next run goes on from them.
        card_text: the human part of the dataset card.
        removal: the pages to leave out.
        benchmarks: what articles must share no passage with.
        gold: corrections of roles; those that match no block stand in the manifest and are returned.
        lexicon: own words and stop words.
        limit: read the first `limit` pages only, in the order of the inputs.
        over: an earlier release: its pages are taken in, and what it published keeps its id, cluster and split.
        read_again: read the pages of `over` too, even where their rows could be taken as they are.

    Raises:
        TooManyRejectsError: more pages were left out than `[limits] max_reject_ratio` allows.
        BuilderError: nothing is left to publish, `out_dir` is not ours to replace, pages of `over` are gone, or its
            splits are drawn in another way.
    """
    if over is not None:
        over.check_splits(settings.splits.by)
    read_step = partial(
        make_pages, read=settings.read, min_chars=settings.articles.min_chars, removal=removal, gold=gold
    )

    again = over if over is not None and not read_again and over.rows_current(read_step) else None
    if again is not None:
        take_rows(again, inputs, read_step, work)
    else:
        given = inputs if over is None else with_earlier_inputs(inputs, over)
        write_table(work / "inputs", inputs_tables(given), INPUTS)
    if limit is None:
        engine.map(read_step, work / "inputs", work / "pages", PAGES)
    else:
        write_table(work / "pages", read_step(read_table(work / "inputs"), limit=limit), PAGES)
    pins = PINS.empty_table() if over is None else pins_of(over)
    if over is not None:
        check_all_there(pins, work / "pages", over)
    join = partial(join_series, min_chars=settings.articles.min_chars)
    engine.exchange(["series_key"], join, [work / "pages"], work / "series", PAGES)
    series = work / "series"
    if settings.quality != QualitySettings():
        screen = partial(drop_poor, settings=settings.quality)
        series = engine.map(screen, series, work / "screened", PAGES)
    if benchmarks.files:
        decontaminate = partial(drop_contaminated, benchmarks=benchmarks)
        series = engine.map(decontaminate, series, work / "decontaminated", PAGES)
    test_from = find_clusters(engine, series, pins, work, settings, over)
    # A page joined to an article goes where it goes, so that what is dropped names what was kept.
    engine.map(joined_pages, series, work / "joined", JOINED)
    place = ["page_id", "source"]
    engine.exchange(place, add_joined, [work / "clusters", work / "joined"], work / "members", CLUSTERS)
    engine.map(paragraph_keys, series, work / "paragraphs", PARAGRAPHS)
    of_pages = [work / "paragraphs", work / "clusters"]
    engine.exchange(place, of_kept, of_pages, work / "kept_paragraphs", PARAGRAPHS)
    engine.exchange(["paragraph_key"], count_articles, [work / "kept_paragraphs"], work / "repeated", REPEATED)
    joined = [series, work / "members", work / "repeated"]
    engine.exchange(place, join_clusters, joined, work / "articles", ARTICLES)

    engine.map(near_dup_pairs.sides, work / "articles", work / "sides", SIDES)
    add_left, add_right = near_dup_pairs.add_left, near_dup_pairs.add_right
    engine.exchange(["text_key"], add_left, [work / "lefts", work / "sides"], work / "left_sides", LEFT_SIDES)
    both = [work / "left_sides", work / "sides"]
    engine.exchange(["text_key"], add_right, both, work / "near_dup_pairs", NEAR_DUP_PAIRS)

    # Not the removal list: a phone number can be found by its digest.
    all_settings = asdict(settings) | {"digests": {"words": digest(asdict(lexicon))}}
    rejects = count_rejects(work / "articles")
    counts = count_stages(read_table(work / "inputs", ["source"]).num_rows, work / "articles", rejects)
    counts["pairs_across_splits"] = count_across(work / "near_dup_pairs")
    if over is not None:
        counts["clusters_bridged"] = count_bridged(work / "clusters")
        counts["articles_gone"] = count_gone(pins, work / "articles")
    unmatched = find_unmatched(gold, work / "pages") if gold else []
    if gold:
        counts["gold"] = sum(map(len, gold.read().values()))
        counts["gold_unmatched"] = len(unmatched)
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
        all_settings=all_settings,
        inputs=work / "inputs",
        counts=counts,
        gold=gold_record(gold, unmatched),
        benchmarks=benchmarks.describe(),
        work=work,
        test_from=test_from,
        card_text=card_text,
        over=None if over is None else over.describe(),
        earlier=None if again is None else again.published(all_settings),
    )
    note_release(work, out_dir)
    return Built(release, counts, dict(rejects), unmatched)


def find_unmatched(gold: GoldFile, pages: Path) -> list[Correction]:
    """Corrections that match no block of the PAGES table."""
    wanted = pa.array(sorted(gold.read()), pa.string())

    def texts() -> Iterator[tuple[str, list[str]]]:
        for batch in iter_batches(pages, ["page_id", "blocks"]):
            for row in batch.filter(pc.is_in(batch["page_id"], value_set=wanted)).to_pylist():
                yield row["page_id"], [block["text"] for block in row["blocks"]]

    return unmatched_gold(gold.read(), texts())


def gold_record(gold: GoldFile | None, unmatched: Sequence[Correction]) -> dict[str, Any] | None:
    """What the manifest says of the gold that a release was built with: its digest, and what it could not place."""
    if gold is None:
        return None
    return {
        "sha256": gold.sha256,
        "corrections": sum(map(len, gold.read().values())),
        "unmatched": [asdict(correction) for correction in unmatched],
        **({"agreement": agreement} if (agreement := read_agreement(gold)) else {}),
    }


def take_rows(over: Earlier, inputs: Sequence[Input], read_step: Step, work: Path) -> None:
    """Write `inputs` as those of an earlier release and the new ones, and begin `pages` with the rows it has."""
    new, known = new_inputs(inputs, over)
    before = [pq.read_table(path) for path in shard_paths(over.tables / "inputs")]
    write_table(work / "inputs", [*before, *inputs_tables(new, known)], INPUTS)
    seed_table(work / "pages", map_recipe(read_step, work / "inputs", PAGES), over.tables / "pages")


def find_clusters(
    engine: Engine, pages: Path, pins: pa.Table, work: Path, settings: Settings, over: Earlier | None
) -> date | None:
    """
    Which articles are one story: from PAGES to the tables `edges` and `clusters` of the work folder.

    Returns:
        The first day of the test, where splits are by time.
    """
    keys, bands, pairs, halves, edges = (work / name for name in ("keys", "bands", "pairs", "halves", "edges"))
    engine.map(steps.signatures, pages, keys, KEYS)
    engine.map(steps.make_bands, keys, bands, BANDS)
    engine.exchange(["band"], steps.pair_bands, [bands], pairs, PAIRS)
    engine.exchange(["text_key"], steps.attach_text, [pairs, keys], halves, HALVES)
    verify = partial(steps.verify_pairs, settings=settings.dedup)
    engine.exchange(["text_key"], verify, [halves, keys], edges, EDGES)
    # Components need every edge at once; an edge is two short keys and a rule, never a text.
    known = read_table(edges, ["left", "right", "rule"])
    n_texts = sum(batch.num_rows for batch in iter_batches(keys, ["text_key"], rows=65_536))
    apart: set[tuple[str, str]] = set()
    while True:
        found = pa.concat_tables([known, across.related_edges(apart)])
        write_table(work / "components", [steps.components(found, groups.max_clusters(n_texts))], COMPONENTS)
        test_from = place_clusters(engine, pins, work, settings, over)
        engine.exchange(["text_key"], across.kept_texts, [keys, work / "clusters"], work / "kept_texts", KEPT_TEXTS)
        more = across.find_apart(work / "kept_texts", settings.dedup) - apart
        # A pair that is found again was published before, in two splits. Any other is new and joins two groups, so that
        # this comes to an end; among a million articles the second round finds nothing.
        if not more:
            return test_from
        apart |= more


def place_clusters(engine: Engine, pins: pa.Table, work: Path, settings: Settings, over: Earlier | None) -> date | None:
    """
    From the tables `keys`, `components` and `edges` to `clusters`: splits are drawn, and what is kept is chosen.

    Returns:
        The first day of the test, where splits are by time.
    """
    engine.exchange(["text_key"], steps.name_components, [work / "keys", work / "components"], work / "named", NAMED)
    write_table(work / "pins", [pins], PINS)
    write_table(work / "taken", [pa.table([pc.unique(pins["cluster_id"])], schema=TAKEN)], TAKEN)
    engine.exchange(["page_id"], attach_pins, [work / "named", work / "pins"], work / "pinned", PINNED)
    test_from = None
    if settings.splits.by == "time":
        test_from = over.test_from if over else find_test_day(engine, work, settings.splits.test)
        place = partial(by_time.place, splits=settings.splits, test_from=test_from)
    else:
        place = partial(groups.place, splits=settings.splits)
    engine.exchange(["group_id"], place, [work / "pinned"], work / "placed", PLACED)
    engine.map(audit.name_left, work / "edges", work / "lefts", LEFTS)
    engine.exchange(["text_key"], audit.place_edges, [work / "lefts", work / "components"], work / "joints", JOINTS)
    keep = partial(steps.keep_one, settings=settings.dedup.keep)
    of_component = [work / "placed", work / "joints", work / "taken"]
    engine.exchange(["component_id"], keep, of_component, work / "clusters", CLUSTERS)
    return test_from


def find_test_day(engine: Engine, work: Path, share: float) -> date | None:
    """First day of the test, from `pinned`: the driver sees a day and a count for each story that is alone."""
    engine.exchange(["group_id"], by_time.latest, [work / "pinned"], work / "latest", LATEST)
    return by_time.first_test_day(read_table(work / "latest"), share)


def inputs_tables(inputs: Iterable[Input], known: Mapping[str, Sequence[str]] = NOTHING_KNOWN) -> Iterable[pa.Table]:
    """INPUTS in shards of at most SHARD_BYTES or SHARD_FILES, in the order given; `known` by source, see the schema."""
    shard: list[Input] = []
    n_bytes = 0
    for item in inputs:
        if shard and (n_bytes + item.n_bytes > SHARD_BYTES or len(shard) == SHARD_FILES):
            yield _inputs_table(shard, known)
            shard, n_bytes = [], 0
        shard.append(item)
        n_bytes += item.n_bytes
    yield _inputs_table(shard, known)


def _inputs_table(inputs: Iterable[Input], known: Mapping[str, Sequence[str]]) -> pa.Table:
    rows = [asdict(i) | {"path": os.fsencode(i.path), "known": known.get(i.source)} for i in inputs]
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


def count_bridged(clusters: Path) -> int:
    """Clusters of an earlier release that texts which came later join to another one."""
    both = read_table(clusters, ["component_id", "cluster_id"]).group_by(["component_id", "cluster_id"]).aggregate([])
    n_components: int = len(pc.unique(both["component_id"]))
    n_clusters: int = both.num_rows
    return n_clusters - n_components


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
