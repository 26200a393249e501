"""
A release: every published file in one folder, written beside it and renamed into place.

    out/NAME-VERSION/
      README.md  pictures/  croissant.json  stats.json  manifest.json
      articles/  sentences/  tokens/  blocks/  headline/  summarization/  classification/  near_dup_pairs/
        {train,validation,test}-00000-of-0000N.parquet
      dropped/
        dropped-00000-of-0000N.parquet
"""

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.compute as pc
from annotated_types import Ge

from builder.engines import Engine
from builder.errors import BuilderError
from builder.publish import stats
from builder.publish.configs import DROPPED_SPLIT, SPLITS
from builder.publish.documents import render_documents, write_documents
from builder.publish.leaks import dedup_settings, find_leaks
from builder.publish.manifest import dumps, make_manifest
from builder.publish.reuse import Published
from builder.publish.shard_names import plan_shards
from builder.publish.shards import (
    FILES,
    SHARD_ARTICLES,
    SHARDED,
    SHARDED_PAIRS,
    TaskSettings,
    assign_pair_shards,
    assign_shards,
    write_pair_shards,
    write_shards,
)
from builder.tables import file_sha256, iter_batches, link_file, read_table


@dataclass(frozen=True, slots=True)
class PublishSettings:
    """[publish] in dataset.toml."""

    shard_articles: Annotated[int, Ge(1)] = SHARD_ARTICLES  # articles a shard, at most on average


@dataclass(frozen=True, slots=True)
class PublishResult:
    """
    What was published.

    Attributes:
        folder: where it is.
        stats: its statistics, stats.json.
        empty_splits: the splits that came out empty.
        leaks: pairs of articles of different splits that are nearly alike; none but what an earlier release published.
    """

    folder: Path
    stats: Mapping[str, Any]
    empty_splits: tuple[str, ...]
    leaks: int


def publish(
    articles: Path,
    pairs: Path,
    engine: Engine,
    out_dir: Path,
    *,
    name: str,
    version: str,
    settings: PublishSettings,
    tasks: TaskSettings,
    all_settings: Mapping[str, Any],
    inputs: Path,
    counts: Mapping[str, int],
    work: Path,
    test_from: date | None = None,
    gold: Mapping[str, Any] | None = None,
    benchmarks: Sequence[Mapping[str, Any]] = (),
    card_text: str = "",
    over: Mapping[str, Any] | None = None,
    earlier: Published | None = None,
) -> PublishResult:
    """
    Publish the ARTICLES table as the folder `out_dir`, replacing an earlier release there.

    Args:
        articles: ARTICLES table; rows with `reject` go to `dropped/`.
        pairs: NEAR_DUP_PAIRS table; pairs across splits are not published.
        out_dir: `out/NAME-VERSION`; must not exist, or hold a release (a manifest.json).
        name: of the dataset, as in dataset.toml.
        version: of the dataset.
        tasks: what decides on rows; its licence is an identifier of the Hub (`cc0-1.0`), stated in the card too.
        all_settings: every setting of the run, as JSON values, for the manifest; no absolute paths.
        inputs: INPUTS table.
        counts: rows by stage, in the order of the flow (`{"inputs": 44, "pages": 44, ...}`), for the manifest.
        work: folder for intermediate tables; on the disk of `out_dir`, files are linked instead of copied.
        test_from: the first day of the test, where splits are by time.
        benchmarks: what the manifest says of the benchmark files whose passages were kept out.
        gold: what the manifest says of the corrections that the release was built with; None when there are none.
        card_text: the human part of the card, `data_cards/NAME.md`; empty when there is none.
        over: the earlier release that this one adds to, for the manifest.
        earlier: the same, when rows of it can be read instead of made.

    Raises:
        BuilderError: nothing to publish, or `out_dir` is a folder that is not a release.
    """
    if out_dir.exists() and any(out_dir.iterdir()) and not (out_dir / "manifest.json").is_file():
        raise BuilderError(f"{out_dir} is not a release: it holds no manifest.json. Remove it, or build into another")
    rows = count_splits(articles)
    if not any(rows[split] for split in SPLITS):
        raise BuilderError(f"nothing to publish: all {rows[DROPPED_SPLIT]} pages were left out")

    plan = plan_shards(rows, settings.shard_articles)
    engine.map(partial(assign_shards, plan=plan), articles, work / "shards", SHARDED)
    pair_plan = plan_shards(count_pairs(pairs), settings.shard_articles)
    engine.map(partial(assign_pair_shards, plan=pair_plan), pairs, work / "pair_shards", SHARDED_PAIRS)
    written = work / "release"
    steps = {
        "shards": partial(write_shards, folder=str(written), settings=tasks, earlier=earlier),
        "pair_shards": partial(write_pair_shards, folder=str(written)),
    }
    files = write_files(engine, steps, work, written)

    staged = out_dir.with_name(f".{out_dir.name}.partial")
    if staged.exists():
        shutil.rmtree(staged)
    for row in files:
        link_file(written / row["path"], staged / row["path"])
    empty_splits = tuple(split for split in SPLITS if not rows[split])
    manifest = make_manifest(
        name=name,
        version=version,
        licence=tasks.licence,
        inputs=inputs,
        settings=all_settings,
        counts=counts,
        test_from=test_from,
        gold=gold,
        benchmarks=benchmarks,
        files=files,
        empty_splits=empty_splits,
        over=over,
    )
    across = find_leaks(staged, dedup_settings(manifest))
    manifest["measured"]["across_splits"] = across.counts
    counted = stats.compute(staged)
    (staged / "stats.json").write_text(dumps(counted), "utf-8")
    (staged / "manifest.json").write_text(dumps(manifest), "utf-8")
    write_documents(staged, render_documents(manifest, counted, card_text))
    swap(staged, out_dir)
    return PublishResult(out_dir, counted, empty_splits, len(across.pairs))


def count_splits(articles: Path) -> Counter[str]:
    """Rows of ARTICLES by split, those with `reject` under `dropped`."""
    rows: Counter[str] = Counter()
    for batch in iter_batches(articles, ["reject", "split"], rows=65_536):
        kept = batch.filter(pc.is_null(batch["reject"]))
        rows[DROPPED_SPLIT] += batch.num_rows - kept.num_rows
        for item in pc.value_counts(kept["split"]).to_pylist():
            rows[item["values"]] += item["counts"]
    return rows


def count_pairs(pairs: Path) -> Counter[str]:
    """Rows of NEAR_DUP_PAIRS by split."""
    rows: Counter[str] = Counter()
    for batch in iter_batches(pairs, ["split"], rows=65_536):
        for item in pc.value_counts(batch["split"].drop_null()).to_pylist():
            rows[item["values"]] += item["counts"]
    return rows


def write_files(engine: Engine, steps: Mapping[str, "partial[Any]"], work: Path, written: Path) -> list[dict[str, Any]]:
    """
    Write the Parquet files under `written`, or find them there whole from an earlier run; return their FILES rows.

    `steps` writes the files of each sharded table of the work folder.

    The engine takes a finished table for finished work, but here the work is the files beside it: when one of them
    was changed or lost, everything is written again.
    """
    for attempt in ("found", "made"):
        for sharded, write in steps.items():
            engine.exchange(["shard"], write, [work / sharded], work / f"{sharded}_files", FILES)
        found = pa.concat_tables([read_table(work / f"{sharded}_files") for sharded in steps])
        rows: list[dict[str, Any]] = found.sort_by("path").to_pylist()
        if whole(written, rows):
            remove_others(written, rows)
            return rows
        if attempt == "found":
            for sharded in steps:
                shutil.rmtree(work / f"{sharded}_files")
            shutil.rmtree(written, ignore_errors=True)
    raise BuilderError(f"files under {written} changed while they were written; is another build running there?")


def whole(folder: Path, rows: Sequence[Mapping[str, Any]]) -> bool:
    """True when every file is in `folder` with the bytes that were written."""
    return all((folder / row["path"]).is_file() and file_sha256(folder / row["path"]) == row["sha256"] for row in rows)


def remove_others(folder: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Remove what earlier runs with other articles left in `folder`."""
    ours = {folder / row["path"] for row in rows}
    for path in folder.rglob("*"):
        if path.is_file() and path not in ours:
            path.unlink()


def swap(staged: Path, out_dir: Path) -> None:
    """Put the finished folder in its place: a reader finds the old release, or the new one, never a mixture."""
    old = out_dir.with_name(f".{out_dir.name}.old")
    if old.exists():
        shutil.rmtree(old)
    if out_dir.exists():
        out_dir.rename(old)
    staged.rename(out_dir)
    if old.exists():
        shutil.rmtree(old)
