"""What `zhnews gold` and `zhnews agree` do. They need no web framework."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from builder.label.gold import TEXT_CHARS, read_corrections
from builder.records import GUIDELINE
from builder.review import exchange, gold, imports
from builder.review.load import LoadSettings, load_release, store_path
from builder.review.store import Store

WRITERS = {
    "label-studio": exchange.to_label_studio,
    "doccano": exchange.to_doccano,
    "conll": exchange.to_conll,
}
READERS = {
    "label-studio": exchange.from_label_studio,
    "doccano": exchange.from_doccano,
    "conll": exchange.from_conll,
}


def export_gold(release: Path, out: Path, file_format: str, store: Path | None, *, as_json: bool, quiet: bool) -> None:
    """`zhnews gold export`: write the file; say how much there is, and what is still in dispute."""
    opened = Store(store or store_path(release))
    if file_format == "gold":
        exported = gold.export_gold(opened, out, GUIDELINE)
        told = {"file": str(out), **asdict(exported)}
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        written = out.write_text(text_of(opened, file_format), "utf-8", newline="")
        told = {"file": str(out), "characters": written}
    opened.close()
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    if told.get("disputed") and not quiet:
        click.echo(f"{told['disputed']} blocks are in dispute and were left out; an adjudicator settles them", err=True)
    click.echo(", ".join(f"{name} {value}" for name, value in told.items()))


def text_of(store: Store, file_format: str) -> str:
    """Return the file of any format but `gold`."""
    if file_format == "events":
        return imports.dump_store(store)
    if file_format in ("sentences", "pairs"):
        rows = gold.accepted(store, {"sentences": "sentences", "pairs": "pair"}[file_format])
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return WRITERS[file_format](gold.labelled_pages(store))


def import_gold(
    release: Path, file: Path, file_format: str, annotator: str, store: Path | None, *, as_json: bool, quiet: bool
) -> None:
    """`zhnews gold import`: take verdicts in; name each that finds no place in the release."""
    path = store or store_path(release)
    load_release(release, path, LoadSettings())
    opened = Store(path)
    if file_format == "gold":
        corrections = [each for page in read_corrections(file).values() for each in page]
        taken = imports.import_corrections(opened, corrections)
    else:
        with file.open(encoding="utf-8", newline="") as source:
            text = source.read()
        if file_format == "events":
            taken = imports.restore(opened, text)
        else:
            taken = imports.import_pages(opened, READERS[file_format](text), annotator)
    opened.close()
    for lost in taken.lost if not quiet else ():
        click.echo(f"no place for: {lost}", err=True)
    if as_json:
        click.echo(json.dumps({"events": taken.events, "lost": list(taken.lost)}, ensure_ascii=False))
    else:
        click.echo(f"{taken.events} events taken in, {len(taken.lost)} without a place; they are in {path}")


def agree(release: Path, out: Path | None, store: Path | None, *, as_json: bool) -> None:
    """`zhnews agree`: print what a review says of people and of the labeller."""
    from builder.review.measures import report

    opened = Store(store or store_path(release))
    told = report(opened)
    opened.close()
    if out:
        kept = {name: told[name] for name in ("pages", "agreement", "labeller", "confusions")}
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    print_report(told)


def print_report(told: Mapping[str, Any]) -> None:
    """Print a report for people, a figure a line, intervals in brackets."""
    agreement, labeller = told["agreement"], told["labeller"]
    click.echo(f"{told['pages']} pages; {agreement['lines']} lines of {agreement['pages']} judged by two or more")
    click.echo(f"alpha {_figure(agreement['alpha'])}   kappa {_figure(agreement['kappa'])}")
    for role, found in agreement["by_role"].items():
        click.echo(f"  {role:9} n {found['n']:5}  alpha {_figure(found['alpha'])}  kappa {_figure(found['kappa'])}")
    click.echo(f"labeller on {labeller['pages']} random pages: accuracy {_figure(labeller['accuracy'])}")
    for role, found in labeller["by_role"].items():
        click.echo(f"  {role:9} n {found['n']:5}  F1 {_figure(found['f1'])}")
    for found in told["confusions"]:
        outlet = found["outlet"] or "outlet unknown"
        click.echo(f"on {outlet}, {found['role']} read as {found['read_as']} {found['n']} of {found['of']}")
    for dispute in told["disputes"]:
        click.echo(f"in dispute: {dispute['item']} {dispute['title']}")
        for line in dispute["lines"]:
            votes = ", ".join(f"{role} {'+'.join(names)}" for role, names in line["votes"].items())
            click.echo(f"  {line['line']:4} {votes}: {line['text'][:TEXT_CHARS]}")


def _figure(figure: Mapping[str, float | None]) -> str:
    if figure["value"] is None:
        return "–"
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
