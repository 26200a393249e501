"""
The command line: thin shells over the package. Results on stdout, progress and messages on stderr.

Exit codes: 0 ok · 1 failure · 2 usage or settings · 3 too many rejects · 4 verify failed · 130 interrupted.

Nothing heavy is imported here: each command imports what it runs, so that `--help` answers at once.
"""

import errno
import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from builder import __version__
from builder.bugs import print_bug
from builder.cli_options import JOBS, JSON, QUIET, RELEASE
from builder.errors import BuilderError, SettingsError, TooManyRejectsError, printable
from builder.review.cli import agree, gold, review
from builder.start import start_process

PARQUET = click.Path(path_type=Path, dir_okay=False)
# What a disk does to a build; any other OSError is our bug and is traced.
DISK_ERRORS = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EIO,
    errno.ENOTDIR,
}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="zhnews")
def cli() -> None:
    """Build datasets of Chinese news from raw pages: labelled blocks, one copy of each article, sentences, Parquet."""


for command in (review, agree, gold):
    cli.add_command(command)


def main() -> None:
    """Run the command line, and turn what we can explain into one message and an exit code."""
    start_process()
    sys.excepthook = print_bug
    try:
        # click hands back the code of `Exit` instead of raising it
        sys.exit(cli(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; the same command goes on where it stopped", err=True)
        sys.exit(130)
    except BuilderError as error:
        click.echo(f"zhnews: {error}", err=True)
        sys.exit(2 if isinstance(error, SettingsError) else 3 if isinstance(error, TooManyRejectsError) else 1)
    except BrokenPipeError:
        # The reader of our output has gone (`zhnews label … | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        if error.errno not in DISK_ERRORS:
            raise
        place = printable(str(error.filename or "the output"))
        click.echo(f"zhnews: {place} cannot be written: {error}; the same command goes on from there", err=True)
        sys.exit(1)


@cli.command()
@click.argument("paths", nargs=-1, metavar="[dataset.toml | PATH…]")
@click.option("-o", "--out", default="out", show_default=True, help="Parent folder, or a URI to send the release to.")
@JOBS
@click.option(
    "--engine",
    default="embedded",
    show_default=True,
    type=click.Choice(["embedded", "ray"]),
    help="Run on this machine, or on the Ray cluster that RAY_ADDRESS names.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Read the first N pages only.")
@click.option("--over", type=click.Path(path_type=Path), metavar="RELEASE", help="Add the pages to an earlier release.")
@click.option("--dry-run", is_flag=True, help="Say what would be read and written; read and write nothing.")
@click.option("--resume/--fresh", default=True, help="Go on from earlier tables, or make all anew.  [default: resume]")
@JSON
@QUIET
def build(
    paths: tuple[str, ...],
    out: str,
    jobs: int,
    engine: str,
    limit: int | None,
    over: Path | None,
    dry_run: bool,
    resume: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """
    Build a dataset from a settings file, or from pages alone.

    PATH is a file, a folder or a glob of .txt, .html, .jsonl, .parquet or .warc, also gzipped or zstd; `-` is stdin.

    With --over, the new release holds the pages of the earlier one and the new pages; articles that were published keep
    their id, their cluster and their split. Without a settings file it has the settings of the earlier one, and its
    next version.

    With -o s3://bucket/folder, or another URI, the release is built in the folder `out`, verified, and sent below it.
    """
    from builder import build_command

    build_command.build(
        paths,
        out,
        jobs,
        engine=engine,
        limit=limit,
        over=over,
        dry_run=dry_run,
        fresh=not resume,
        as_json=as_json,
        quiet=quiet,
    )


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file instead of stdout.")
@click.option("--explain", is_flag=True, help="Say of each block why it has its role, and what else it could be.")
@JSON
@QUIET
def label(paths: tuple[str, ...], out: Path | None, explain: bool, as_json: bool, quiet: bool) -> None:
    """Label the blocks of pages and show the article of each. Pages are printed as they are, nothing masked."""
    from builder import commands

    commands.label(paths, out, explain=explain, as_json=as_json, quiet=quiet)


@cli.command()
@click.option("--gold", type=click.Path(path_type=Path, file_okay=False), help="Folder of gold pages.")
@click.option("--corrections", type=click.Path(path_type=Path, dir_okay=False), help="From `zhnews gold export`.")
@click.option("--pages", multiple=True, metavar="PATH", help="Where the corrected pages are. Repeat it.")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where to write; else the package.")
@JOBS
@JSON
@QUIET
def train(
    gold: Path | None,
    corrections: Path | None,
    pages: tuple[str, ...],
    out: Path | None,
    jobs: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Train the block labeller, and measure it on sites that it has not seen."""
    from builder import commands

    commands.train(gold, corrections, pages, out, jobs, as_json=as_json, quiet=quiet)


@cli.command()
@click.argument("file", default="-", type=click.File(encoding="utf-8"))
@JSON
@QUIET
def sentences(file: Any, as_json: bool, quiet: bool) -> None:
    """Split text into sentences, one a line; with --json as spans in code points."""
    from builder.sentences import split

    text = file.read()
    for start, end in split(text):
        sentence = text[start:end]
        click.echo(
            json.dumps({"start": start, "end": end, "text": sentence}, ensure_ascii=False) if as_json else sentence
        )


@cli.command()
@click.argument("docs", metavar="DOCS.parquet", type=click.Path(path_type=Path))
@click.option("-o", "--out", required=True, type=PARQUET, help="Where to write the clusters; edges go beside it.")
@click.option("--id", "id_", default="id", show_default=True, help="Column of ids, of any type.")
@click.option("--text", default="text", show_default=True, help="Column of texts.")
@click.option("--published", help="Column of times: of each cluster, the earliest is kept.")
@click.option("--outlet", help="Column of outlets, for [dedup.keep] outlets in the settings.")
@click.option("--against", type=PARQUET, help="Index of an earlier run: add these texts to its clusters.")
@click.option("--index", "index_out", type=PARQUET, help="Write an index of all texts, for a later --against.")
@click.option("--settings", "settings_file", type=PARQUET, help="A dataset.toml, of which [dedup] is read.")
@JSON
@QUIET
def dedupe(
    docs: Path,
    out: Path,
    id_: str,
    text: str,
    published: str | None,
    outlet: str | None,
    against: Path | None,
    index_out: Path | None,
    settings_file: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Find the duplicates in any Parquet file, or folder of them, with an id and a text column.

    CLUSTERS.parquet has a row a text: id, cluster_id, cluster_size, kept, kept_id, rule, template_id. The pairs that
    were found alike, and how alike they are, go beside it as CLUSTERS.edges.parquet.
    """
    from builder.dedup.search import dedupe_file
    from builder.dedup.settings import DedupSettings
    from builder.settings import load_settings

    settings = load_settings(settings_file).dedup if settings_file else DedupSettings()
    if not docs.exists():
        raise SettingsError(f"{docs}: no such file; name a Parquet file with an id and a text column")
    if not out.parent.is_dir():
        raise SettingsError(f"{out}: there is no folder {out.parent}; make it first")
    found = dedupe_file(
        docs, out, settings, id=id_, text=text, published=published, outlet=outlet, against=against, index_out=index_out
    )
    kept = sum(found.clusters["kept"].to_pylist())
    told = {"texts": found.clusters.num_rows, "kept": kept, "edges": found.edges.num_rows, "clusters": str(out)}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    elif not quiet:
        click.echo(f"{told['texts']} texts, {kept} kept; clusters in {out}, {told['edges']} pairs beside it")


@cli.command()
@RELEASE
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page of pictures and samples.")
@JSON
@QUIET
def stats(folder: Path, html: Path | None, as_json: bool, quiet: bool) -> None:
    """Show the statistics of a release, counted from its Parquet files."""
    from builder import release_commands

    release_commands.stats(folder, html, as_json=as_json, quiet=quiet)


@cli.command()
@RELEASE
@click.argument("wanted", metavar="ID")
@JSON
@QUIET
def explain(folder: Path, wanted: str, as_json: bool, quiet: bool) -> None:
    """Show what became of a page: its blocks and roles, why it was dropped, or what it was merged with.

    ID is a page_id, an article_id or a source, as a whole or its beginning.
    """
    from builder import commands

    commands.explain(folder, wanted, as_json=as_json)


@cli.command()
@RELEASE
@JOBS
@JSON
@QUIET
def verify(folder: Path, jobs: int, as_json: bool, quiet: bool) -> None:
    """Check a release against its card, its manifest and itself. Exit 4 when anything is wrong."""
    from builder import release_commands

    release_commands.verify(folder, jobs, as_json=as_json, quiet=quiet)


@cli.command()
@RELEASE
@click.argument("to", metavar="OWNER/NAME|URI")
@click.option("--dry-run", is_flag=True, help="Verify, and list what would be sent; ask nothing of any host.")
@JSON
@QUIET
def push(folder: Path, to: str, dry_run: bool, as_json: bool, quiet: bool) -> None:
    """Verify a release and send it to a dataset repository of the Hugging Face Hub, in one commit, or to a URI.

    The Hub needs huggingface_hub (pip install 'zhnews-builder[hub]') and a token (`hf auth login`, or HF_TOKEN). Below
    a URI, such as s3://bucket/datasets, the release becomes a folder; its manifest.json is sent last.
    """
    from builder import release_commands

    release_commands.push(folder, to, dry_run=dry_run, as_json=as_json, quiet=quiet)


@cli.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@JSON
@QUIET
def diff(old: Path, new: Path, as_json: bool, quiet: bool) -> None:
    """Say what changed from one release to another: rows by id, values by column, labels, files to fetch again."""
    from builder import release_commands

    release_commands.diff(old, new, as_json=as_json)


@cli.command()
@RELEASE
@click.option("--human", type=click.Path(path_type=Path, dir_okay=False), help="What only a person can say: Markdown.")
@click.option("--check", is_flag=True, help="Write nothing; recount the release and compare. Exit 4 on a difference.")
@JSON
@QUIET
def card(folder: Path, human: Path | None, check: bool, as_json: bool, quiet: bool) -> None:
    """Write the card of a release anew, with its pictures, from its statistics and what its card says by hand."""
    from builder import release_commands

    release_commands.card(folder, human, check=check, as_json=as_json, quiet=quiet)


@cli.command()
@JSON
@QUIET
def doctor(as_json: bool, quiet: bool) -> None:
    """Check this installation: Python, packages, disk, memory, and a page built from end to end."""
    from builder import commands

    commands.doctor(as_json=as_json)


if __name__ == "__main__":
    main()
