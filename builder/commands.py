"""What the commands do: gather arguments, call the package, print. The command line itself is in `cli.py`."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.errors import BuilderError, SettingsError, printable
from builder.lock import only_build
from builder.pages import Labelled, label_page
from builder.privacy import excerpt
from builder.progress import show_progress
from builder.read import Input, ReadSettings, find_inputs, read_input, spool_stdin
from builder.read.remote import below, is_remote, local_path, open_filesystem
from builder.records import Reject
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

# Colours by coarse label, for people who label in a terminal.
COLOURS = {
    "title": "bright_magenta",
    "lede": "bright_cyan",
    "body": "green",
    "footer": "yellow",
    "other": "bright_black",
}


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


def gather_inputs(paths: Sequence[str], base: Path, spool: Path) -> list[Input]:
    """Find every input; `-` among them is read from stdin into the folder `spool`."""
    named = [path for path in paths if path != "-"]
    inputs = find_inputs(named, base) if named else []
    if "-" in paths:
        spool.mkdir(parents=True, exist_ok=True)
        inputs.append(spool_stdin(spool))
    return inputs


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


def label(paths: tuple[str, ...], out: Path | None, *, explain: bool, as_json: bool, quiet: bool) -> None:
    """`zhnews label`: one JSON object a page, or a coloured listing. Exit 1 when nothing could be read."""
    import tempfile

    pages = rejects = 0
    with tempfile.TemporaryDirectory() as spool:
        inputs = gather_inputs(paths, Path.cwd(), Path(spool))
        with click.open_file(str(out) if out else "-", "w", encoding="utf-8") as file:
            for item in (item for i in inputs for item in read_input(i, ReadSettings())):
                if isinstance(item, Reject):
                    rejects += 1
                    if not quiet:
                        click.echo(f"{printable(item.source)}: {item.reason}: {item.detail}", err=True)
                    answer: dict[str, Any] = {"source": item.source, "reject": item.reason, "detail": item.detail}
                    if as_json:
                        file.write(json.dumps(answer | {"blocks": []}, ensure_ascii=False) + "\n")
                    continue
                pages += 1
                labelled = label_page(item)
                answer = label_answer(labelled)
                if explain:
                    add_reasons(labelled, answer)
                if as_json:
                    file.write(json.dumps(answer, ensure_ascii=False) + "\n")
                else:
                    print_labelled(answer, file)
    if rejects and not pages:
        raise BuilderError(f"none of the {rejects} inputs could be read")


def label_answer(labelled: Labelled) -> dict[str, Any]:
    """The JSON contract of `zhnews label --json`, see DESIGN; a page without an article has `reject` and `detail`."""
    article = labelled.article
    answer: dict[str, Any] = {"source": labelled.page.source}
    if labelled.reject is not None:
        answer |= {"reject": labelled.reject.reason, "detail": labelled.reject.detail}
    line = article.dateline if article else None
    return answer | {
        "title": article.title if article else None,
        "subtitle": article.subtitle if article else None,
        "byline": article.byline if article else [],
        "editor": article.editor if article else [],
        "outlet": article.outlet if article else None,
        "dateline": {"agency": line.agency, "place": line.place, "date": line.date, "raw": line.raw} if line else None,
        "published_at": article.published_at.isoformat() if article and article.published_at else None,
        "category": article.category if article else None,
        "lede": article.lede if article else [],
        "body": article.body if article else [],
        "footer": article.footer if article else [],
        "captions": article.captions if article else [],
        "blocks": [
            {
                "text": block.text,
                "role": block.role,
                "label": block.label,
                "score": round(block.score, 4),
                "origin": block.origin,
                "dup_of": block.dup_of,
            }
            for block in labelled.parsed.blocks
        ],
    }


def add_reasons(labelled: Labelled, answer: dict[str, Any]) -> None:
    """Add to each block of the answer why the model gives it its role: `why`, as `label.model.Explanation` has it."""
    from builder.label.model import explain_block, load_model

    model = load_model()
    if model is None:
        raise BuilderError("there is no trained model to explain: every role was given by rule; run `zhnews train`")
    for index, block in enumerate(answer["blocks"]):
        block["why"] = asdict(explain_block(labelled.parsed, index, model))


def print_labelled(answer: dict[str, Any], file: Any) -> None:
    """Print a page for people: its fields, then each block with role, score and a mark on a second copy."""
    for name in ("source", "reject", "detail", "title", "subtitle", "outlet", "published_at", "category"):
        if answer.get(name):
            click.echo(f"{name:13}{printable(answer[name])}", file=file)
    for name in ("byline", "editor"):
        if answer[name]:
            click.echo(f"{name:13}{'、'.join(answer[name])}", file=file)
    if answer["dateline"]:
        click.echo(f"{'dateline':13}{answer['dateline']['raw']}", file=file)
    print_blocks(answer["blocks"], file)
    click.echo("", file=file)


def print_blocks(blocks: list[dict[str, Any]], file: Any = None) -> None:
    """Print blocks in page order, coloured by label."""
    for index, block in enumerate(blocks):
        copy = f" = {block['dup_of']}" if block["dup_of"] is not None else ""
        mark = click.style(f"{index:4} {block['role']:9}", fg=COLOURS[block["label"]])
        click.echo(f"{mark}{block['score']:.2f} {block['text']}{copy}", file=file, color=use_colour())
        if "why" in block:
            print_reason(block["why"], file)


def print_reason(why: dict[str, Any], file: Any) -> None:
    """Print below a block what else it could be, what speaks for its role, and what the rules say."""
    others = ", ".join(f"{role} {score:.2f}" for role, score in why["alternatives"])
    features = ", ".join(f"{name} {weight:+.2f}" for name, _, weight in why["features"])
    rule, score = why["rule"]
    click.echo(f"       else {others}; by rule {rule} {score:.2f}; {features}", file=file)


def use_colour() -> bool | None:
    """False under NO_COLOR (https://no-color.org), else None: click's own choice, colour on a terminal only."""
    return False if os.environ.get("NO_COLOR") else None


def train(
    gold: Path | None,
    corrections: Path | None,
    pages: Sequence[str],
    out: Path | None,
    jobs: int,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """`zhnews train`: train the block labeller, and print its figures on sites it has not seen."""
    from builder.label.corrected import read_corrected
    from builder.label.model import WEIGHTS
    from builder.label.train import train as run_training

    if gold is not None and not (gold / "blocks.jsonl.gz").is_file():
        raise SettingsError(f"{gold} is no folder of gold pages: it has no blocks.jsonl.gz")
    if (corrections is None) != (not pages):
        raise SettingsError("--corrections names blocks by their page: give --pages, the pages they are on, with it")
    if corrections is not None and not corrections.is_file():
        raise SettingsError(f"{corrections}: no such file; `zhnews gold export` writes it")
    corrected, lost = read_corrected(corrections, pages, Path.cwd()) if corrections else ([], [])
    for each in lost if not quiet else ():
        told = f"page {each.page_id}, line {each.index}: {excerpt(each.text)}"
        click.echo(f"correction that matches no line: {told}", err=True)
    if gold is None and not corrected and not quiet:
        click.echo("no --gold: training on invented pages alone, for tests and not for use", err=True)
    trained = run_training(gold.resolve() if gold else None, out or WEIGHTS, jobs=jobs, corrected=corrected)
    figures = {name: scores.figures() for name, scores in trained.scores.items()}
    if as_json:
        click.echo(json.dumps({"folder": str(out or WEIGHTS), "unseen_sites": figures}, ensure_ascii=False))
        return
    for name, values in figures.items():
        click.echo(f"{name}, sites not seen: " + "  ".join(f"{figure} {value:.3f}" for figure, value in values.items()))
    click.echo(f"model in {out or WEIGHTS}")


def explain(folder: Path, wanted: str, *, as_json: bool) -> None:
    """`zhnews explain`: every page that `wanted` names, with its blocks while the work tables are there."""
    from builder.explain import explain_page

    for found in explain_page(folder, wanted):
        if as_json:
            click.echo(json.dumps(found, ensure_ascii=False))
            continue
        for name, value in found.items():
            if name != "blocks" and value not in (None, [], ""):
                click.echo(f"{name:13}{value}")
        print_blocks(found["blocks"])


def doctor(*, as_json: bool) -> None:
    """`zhnews doctor`: print what was checked; exit 1 when something would stop a build."""
    from builder.doctor import examine

    findings = examine()
    for finding in findings:
        if as_json:
            click.echo(json.dumps({"what": finding.what, "ok": finding.ok, "found": finding.found}, ensure_ascii=False))
        else:
            click.echo(f"{'ok  ' if finding.ok else 'BAD '} {finding.what:12} {finding.found}")
    if not all(finding.ok for finding in findings):
        raise click.exceptions.Exit(1)
