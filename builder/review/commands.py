"""What `zhnews gold` and `zhnews agree` do. They need no web framework."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from builder.label.gold import TEXT_CHARS
from builder.records import GUIDELINE
from builder.review import gold
from builder.review.load import store_path
from builder.review.store import Store


def export_gold(release: Path, out: Path, store: Path | None, *, as_json: bool, quiet: bool) -> None:
    """`zhnews gold export`: write the file; say how much there is, and what is still in dispute."""
    opened = Store(store or store_path(release))
    exported = gold.export_gold(opened, out, GUIDELINE)
    opened.close()
    if as_json:
        click.echo(json.dumps({"file": str(out), **asdict(exported)}, ensure_ascii=False))
        return
    if exported.disputed and not quiet:
        click.echo(
            f"{exported.disputed} blocks are in dispute and were left out; an adjudicator settles them", err=True
        )
    click.echo(f"{exported.verdicts} verdicts; {exported.lines} lines in {out}")


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
