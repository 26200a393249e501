"""What `zhnews gold` and `zhnews agree` do. They need no web framework."""

import json
from dataclasses import asdict
from pathlib import Path

import click

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
