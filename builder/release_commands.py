"""What the commands on a finished release do; the command line itself is in `cli.py`."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.errors import BuilderError, SettingsError

if TYPE_CHECKING:
    from builder.publish.faults import Fault
    from builder.publish.push import Upload


#: How `zhnews diff` marks counts of rows.
MARKS = {"added": "+", "removed": "−", "moved": "moved ", "changed": "changed "}


def stats(folder: Path, html: Path | None, *, as_json: bool, quiet: bool) -> None:
    """`zhnews stats`: recount a release from its Parquet files; as a page of its own with `html`."""
    from builder.publish.stats import compute

    if not (folder / "manifest.json").is_file():
        raise BuilderError(f"{folder} is not a release: it has no manifest.json; name the folder that `build` printed")
    if html is not None:
        from builder.publish.page import render_page

        html.write_text(render_page(folder), "utf-8")
        if as_json:
            click.echo(json.dumps({"page": str(html)}, ensure_ascii=False))
        elif not quiet:
            click.echo(f"wrote {html}")
        return
    counted = compute(folder)
    if as_json:
        click.echo(json.dumps(counted, ensure_ascii=False))
    else:
        print_tree(counted)


def print_tree(values: Mapping[str, Any], indent: int = 0) -> None:
    """Print nested statistics, a value a line."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            click.echo(f"{' ' * indent}{name}")
            print_tree(value, indent + 2)
        elif isinstance(value, list) and all(isinstance(bin_, Mapping) for bin_ in value):  # a histogram
            click.echo(f"{' ' * indent}{name}")
            print_tree({f"{bin_['from']}–{bin_['to'] or ''}": bin_["n"] for bin_ in value}, indent + 2)
        else:
            click.echo(f"{' ' * indent}{name:{max(24 - indent, 1)}} {value}")


def card(folder: Path, human: Path | None, *, check: bool, as_json: bool, quiet: bool) -> None:
    """`zhnews card`: write the card of a release anew, or recount it and print every difference; exit 4 on one."""
    from builder.publish import documents

    if check:
        tell_faults(documents.check(folder), folder, as_json=as_json, quiet=quiet)
        return
    try:
        text = human.read_text("utf-8") if human else None
    except OSError as error:
        raise SettingsError(f"--human: {human} cannot be read ({error.strerror}); name a Markdown file") from None
    changed = documents.rewrite(folder, text)
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "changed": changed}, ensure_ascii=False))
    elif not quiet:
        click.echo("\n".join(f"wrote {folder / name}" for name in changed) or f"{folder}: nothing changed")


def verify(folder: Path, jobs: int, *, as_json: bool, quiet: bool) -> None:
    """`zhnews verify`: print every fault; exit 4 when there is one."""
    tell_faults(find_faults(folder, jobs), folder, as_json=as_json, quiet=quiet)


def find_faults(folder: Path, jobs: int) -> "list[Fault]":
    """Everything wrong with a release, looked for by so many processes."""
    from builder.engines.embedded import Embedded
    from builder.publish.verify import verify

    with Embedded(jobs) as engine:
        return verify(folder, engine.run)


def tell_faults(faults: "Sequence[Fault]", folder: Path, *, as_json: bool, quiet: bool) -> None:
    """Print every fault of a release; exit 4 when there is one."""
    for fault in faults:
        click.echo(
            json.dumps({"where": fault.where, "what": fault.what}, ensure_ascii=False) if as_json else str(fault)
        )
    if faults:
        if not quiet:
            click.echo(f"{len(faults)} faults in {folder}", err=True)
        raise click.exceptions.Exit(4)
    if not quiet and not as_json:
        click.echo(f"{folder}: no fault found")


def diff(old: Path, new: Path, *, as_json: bool) -> None:
    """`zhnews diff`: what changed from one release to another, a config a line."""
    from builder.publish.diff import diff as compare

    found = compare(old, new).as_json()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, changes in found["configs"].items():
        counts = [f"{mark}{changes[what]:,}" for what, mark in MARKS.items() if changes[what]]
        click.echo(
            f"{name:16}{changes['rows_old']:,} → {changes['rows_new']:,} rows  {'  '.join(counts) or 'the same'}"
        )
        for what, heading in (
            ("columns", "rows changed in"),
            ("new_columns", "new column"),
            ("lost_columns", "lost column"),
            ("labels", "labels changed"),
        ):
            if changes[what]:
                click.echo(f"  {heading}: " + ", ".join(f"{name} {value}" for name, value in changes[what].items()))
    fetch = found["files_to_fetch"]
    click.echo(f"{fetch['n']:,} files to fetch again, {fetch['n_bytes']:,} bytes; version: {found['suggests']}")


def verified_upload(folder: Path, to: str, *, as_json: bool, quiet: bool) -> "Upload":
    """What would be sent of a release in which no fault is found; with faults, print them and exit 4."""
    from builder.publish.push import plan_upload

    upload = plan_upload(folder, to)
    if faults := find_faults(folder, os.cpu_count() or 1):
        tell_faults(faults, folder, as_json=as_json, quiet=quiet)
    return upload


def send_out(out_dir: Path, to: str, *, as_json: bool, quiet: bool) -> str:
    """Verify a release, exit 4 when it has faults, and send it below the URI `to`; return the URI that it has there."""
    from builder.publish.copy_out import copy_out

    upload = verified_upload(out_dir, to, as_json=as_json, quiet=quiet)
    copy_out(out_dir, upload)
    return upload.to


def push(folder: Path, to: str, *, dry_run: bool, as_json: bool, quiet: bool) -> None:
    """`zhnews push`: verify a release, then send it, or list what would be sent."""
    from builder.publish.push import push as send
    from builder.read.remote import is_uri

    upload = verified_upload(folder, to, as_json=as_json, quiet=quiet)
    told = {"to": upload.to, "message": upload.message, "n_bytes": upload.n_bytes, "files": dict(upload.files)}
    if not dry_run and is_uri(to):
        from builder.publish.copy_out import copy_out

        told["sent"] = copy_out(folder, upload)
    elif not dry_run:
        told["commit"] = send(folder, upload, progress=not quiet)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    if dry_run:
        for name, n in upload.files.items():
            click.echo(f"{n:>14,} {name}")
        click.echo(
            f"would send {len(upload.files)} files, {upload.n_bytes:,} bytes, to {upload.to} as '{upload.message}'"
        )
    else:
        click.echo(told.get("commit", upload.to))
