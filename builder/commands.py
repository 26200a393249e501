"""What the commands on pages do: gather arguments, call the package, print. The command line is in `cli.py`."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from builder.errors import BuilderError, SettingsError, printable
from builder.pages import Labelled, label_page
from builder.privacy import excerpt
from builder.read import ReadSettings, gather_inputs, read_input
from builder.records import Reject

# Colours by coarse label, for people who label in a terminal.
COLOURS = {
    "title": "bright_magenta",
    "lede": "bright_cyan",
    "body": "green",
    "footer": "yellow",
    "other": "bright_black",
}


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
