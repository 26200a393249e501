"""What `zhnews build` does: settings, inputs and engine for the pipeline, and what it made."""

import json
import os
import shutil
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.errors import SettingsError
from builder.lock import only_build
from builder.privacy import excerpt
from builder.progress import show_progress
from builder.read import Input, find_inputs, gather_inputs
from builder.read.remote import below, is_remote, local_path, open_filesystem
from builder.removal import NOTHING_LISTED, read_removal

if TYPE_CHECKING:
    from builder.earlier import Earlier
    from builder.engines import Progress
    from builder.engines.over_folders import OverFolders
    from builder.pipeline import Built
    from builder.settings import Settings

LOAD = """\
from datasets import load_dataset
articles = load_dataset("{folder}")\
"""

# Where a release is made that is sent to a URI: tables are written and read at random, which no object store can.
MADE_IN = "out"


def build(
    paths: tuple[str, ...],
    out: str,
    jobs: int,
    *,
    engine: str,
    limit: int | None,
    over: Path | None,
    dry_run: bool,
    fresh: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """`zhnews build`: settings, inputs, engine, pipeline; prints where the dataset is and how to load it."""
    earlier = open_earlier(over, limit) if over else None
    settings, base = settings_of(paths, earlier)
    name = f"{settings.name}-{settings.version}"
    parent = Path(MADE_IN if is_remote(out) else local_path(out))
    if is_remote(out):
        open_filesystem(below(out, name))  # a wrong URI is told now, not when all is made
    if engine == "ray":
        parent = parent.absolute()  # a worker on another machine stands in another folder
    work, out_dir = parent / ".work" / name, parent / name
    if earlier is not None and out_dir.resolve() == earlier.folder.resolve():
        raise SettingsError(f"version: {settings.version!r} is that of {over}; give the new release another")
    if dry_run:
        named = [path for path in settings.inputs if path != "-"]
        inputs = outside(parent, find_inputs(named, base) if named else [])
        print_plan(inputs, "-" in settings.inputs, out_dir, over, as_json)
        if is_remote(out) and not as_json:
            click.echo(f"would send it to {below(out, name)}")
        return
    from builder.decontaminate import read_benchmarks
    from builder.label.gold import open_gold
    from builder.pipeline import build as run_pipeline
    from builder.release_commands import send_out
    from builder.words import read_lexicon

    with only_build(work):
        inputs = outside(parent, gather_inputs(settings.inputs, base, work / "stdin"))
        card = read_card(settings, base)
        benchmarks = read_benchmarks(settings.decontaminate, base)
        removal = read_removal(base / settings.removal.file) if settings.removal.file else NOTHING_LISTED
        lexicon = read_lexicon(settings.words, base)
        gold = open_gold(base / settings.gold) if settings.gold else None
        if settings.articles.simplified and not find_spec("opencc"):
            raise SettingsError("[articles] simplified needs OpenCC; run: pip install 'zhnews-builder[opencc]'")
        with show_progress(quiet) as progress, engine_of(engine, jobs, work, progress, fresh=fresh) as running:
            built = run_pipeline(
                settings,
                inputs,
                running,
                work,
                out_dir,
                card_text=card,
                removal=removal,
                benchmarks=benchmarks,
                gold=gold,
                lexicon=lexicon,
                limit=limit,
                over=earlier,
                read_again=fresh,
            )
        # The only copy of a page that we make: nothing in it is masked.
        shutil.rmtree(work / "stdin", ignore_errors=True)
    sent_to = send_out(out_dir, out, as_json=as_json, quiet=quiet) if is_remote(out) else None
    print_built(built, out_dir, sent_to, as_json=as_json, quiet=quiet)


def print_built(built: "Built", out_dir: Path, sent_to: str | None, *, as_json: bool, quiet: bool) -> None:
    """Say what a build made, what it left out, which gold it could not place, and whether texts leak."""
    if n := built.release.leaks:  # whatever was asked for: who trains on such a release must know
        click.echo(
            f"{n} pairs of articles that are nearly alike stand in different splits, so that texts leak. An earlier "
            f"release published them there, and what is published stays. `zhnews verify {out_dir}` names them and "
            "fails; build all pages anew, without --over, to bring each pair into one split",
            err=True,
        )
    if not quiet:
        for lost in built.unmatched:
            where = f"page {lost.page_id}, line {lost.index}, {lost.role!r} by {lost.annotator}: {excerpt(lost.text)}"
            click.echo(f"gold that matches no block: {where}", err=True)
    if as_json:
        told = {"folder": str(out_dir), **({"sent_to": sent_to} if sent_to else {}), **built.counts}
        click.echo(json.dumps(told | {"dropped": built.dropped}, ensure_ascii=False))
        return
    if not quiet:
        for reason, n in built.dropped.items():
            click.echo(f"dropped {n}: {reason}", err=True)
        if gone := built.counts.get("articles_gone"):
            click.echo(
                f"{gone} articles of the earlier release are not published any more; `dropped` says why", err=True
            )
        for split in built.release.empty_splits:
            click.echo(f"split '{split}' would be empty and was left out", err=True)
    sent = f", sent to {sent_to}" if sent_to else ""
    click.echo(f"{built.counts['articles']} articles from {built.counts['pages']} pages in {out_dir}{sent}\n")
    click.echo(LOAD.format(folder=out_dir))


def engine_of(name: str, jobs: int, work: Path, progress: "Progress | None", *, fresh: bool) -> "OverFolders":
    """The engine `name` over the tables of the folder `work`; SettingsError when Ray is not installed."""
    if name == "embedded":
        from builder.engines.embedded import Embedded

        return Embedded(jobs, progress, fresh=fresh)
    if not find_spec("ray"):
        raise SettingsError("--engine ray needs Ray; run: pip install 'zhnews-builder[ray]'")
    from builder.engines.on_ray import OnRay

    work.mkdir(parents=True, exist_ok=True)
    return OnRay(work, jobs, progress, fresh=fresh)


def open_earlier(over: Path, limit: int | None) -> "Earlier":
    """Open the release that `--over` names."""
    from builder.earlier import read_earlier

    if limit is not None:
        raise SettingsError("--limit and --over do not go together: a release holds all pages of the earlier one")
    return read_earlier(over)


def settings_of(paths: tuple[str, ...], earlier: "Earlier | None" = None) -> "tuple[Settings, Path]":
    """Return settings, and the folder that inputs count from: of a settings file, or of paths alone."""
    from builder.settings import Settings, load_settings, next_settings

    if not paths and Path("dataset.toml").is_file():
        paths = ("dataset.toml",)
    if not paths:
        raise SettingsError("nothing to build: name a dataset.toml, or files, folders or globs of pages")
    settings_files = [path for path in paths if path.endswith(".toml")]
    if not settings_files:
        return next_settings(earlier.manifest, paths) if earlier else Settings(inputs=paths), Path.cwd()
    if len(paths) > 1:
        raise SettingsError(f"name either one settings file or pages, not both: {' '.join(paths)}")
    path = Path(settings_files[0])
    return load_settings(path), path.resolve().parent


def outside(out: Path, inputs: list[Input]) -> list[Input]:
    """Leave out what lies under the folder that builds write to: `zhnews build .` must not read its own output."""
    written = os.path.realpath(out) + os.sep
    return [
        i
        for i in inputs
        if is_remote(i.path) or i.source == "stdin" or not os.path.realpath(i.path).startswith(written)
    ]


def read_card(settings: "Settings", base: Path) -> str:
    """Return the human part of the card, or nothing when the settings name none."""
    if settings.card is None:
        return ""
    try:
        return (base / settings.card).read_text("utf-8")
    except FileNotFoundError:
        raise SettingsError(f"card: {settings.card} is not beside the settings; write it, or drop the key") from None


def print_plan(inputs: list[Input], stdin: bool, out_dir: Path, over: Path | None, as_json: bool) -> None:
    """Print what a build would read and where it would write."""
    files = Counter(item.kind for item in inputs)
    n_bytes = sum(item.n_bytes for item in inputs)
    if as_json:
        click.echo(json.dumps({"folder": str(out_dir), "files": dict(files), "bytes": n_bytes, "stdin": stdin}))
        return
    for kind, n in sorted(files.items()):
        click.echo(f"would read {n} {kind} files")
    if stdin:
        click.echo("would read stdin")
    state = "replacing what is there" if out_dir.exists() else "a new folder"
    if over is not None:
        click.echo(f"over {over}: what it read is not read again where its rows can be taken as they are")
    click.echo(f"{n_bytes} bytes in all; would write {out_dir} ({state})")
