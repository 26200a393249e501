"""The command line of the review page: `zhnews review`, `agree` and `gold`. Each command imports what it runs."""

from pathlib import Path

import click

from builder.cli_options import JSON, QUIET, RELEASE
from builder.errors import SettingsError

STORE = click.option("--store", type=click.Path(path_type=Path, dir_okay=False), help="Where verdicts are kept.")
FORMATS = ("gold", "label-studio", "doccano", "conll", "events")
FORMAT = click.option("--format", "file_format", default="gold", show_default=True, type=click.Choice(FORMATS))


@click.command()
@RELEASE
@click.option("--as", "annotators", multiple=True, metavar="NAME", help="Make a link for an annotator. Repeat it.")
@click.option("--adjudicator", "adjudicators", multiple=True, metavar="NAME", help="The same for an adjudicator.")
@click.option("--overlap", default=1, show_default=True, type=click.IntRange(min=1), help="People who see each page.")
@click.option(
    "--random-share", default=0.2, show_default=True, type=click.FloatRange(0, 1), help="Pages drawn at random, 0-1."
)
@STORE
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8765, show_default=True, help="Port to listen on; 0 takes any.")
@click.option("--url", help="https:// address that browsers use, as of a proxy before this server.")
@click.option("--tls-cert", type=click.Path(path_type=Path, exists=True), help="Certificate, in PEM.")
@click.option("--tls-key", type=click.Path(path_type=Path, exists=True), help="Its key, in PEM.")
@JSON
@QUIET
def review(
    folder: Path,
    annotators: tuple[str, ...],
    adjudicators: tuple[str, ...],
    overlap: int,
    random_share: float,
    store: Path | None,
    host: str,
    port: int,
    url: str | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """
    Correct the labels of a release in a browser; verdicts are kept beside DIR.

    Prints a link that lets one person in, once; run the command again for a new one. Without names it is for you.
    """
    from importlib.util import find_spec

    if not all(find_spec(package) for package in ("starlette", "jinja2", "uvicorn")):
        raise SettingsError("the review page needs more packages; run: pip install 'zhnews-builder[review]'")
    from builder.review import serve
    from builder.review.desk import ReviewSettings
    from builder.review.load import LoadSettings

    if not annotators and not adjudicators:
        import getpass

        adjudicators = (getpass.getuser(),)
    serve.serve(
        folder,
        serve.Address(host, port, url, tls_cert, tls_key),
        ReviewSettings(overlap),
        LoadSettings(random_share),
        annotators=annotators,
        adjudicators=adjudicators,
        store=store,
        as_json=as_json,
        quiet=quiet,
    )


@click.command()
@RELEASE
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures to a file too.")
@STORE
@JSON
@QUIET
def agree(folder: Path, out: Path | None, store: Path | None, as_json: bool, quiet: bool) -> None:
    """
    Say how far people agree on the release DIR, how good the labeller is on random pages, and where it errs.

    A build with gold puts what stands in `agreement.json` beside the gold file into the manifest and the card.
    """
    from builder.review import commands

    commands.agree(folder, out, store, as_json=as_json)


@click.group()
def gold() -> None:
    """Bring verdicts of the review page into a file that `build` and `train` read, and back."""


@gold.command("export")
@RELEASE
@click.option(
    "-o", "--out", default=Path("gold/blocks.jsonl"), show_default=True, type=click.Path(path_type=Path), help="File."
)
@click.option(
    "--format", "file_format", default="gold", show_default=True, type=click.Choice([*FORMATS, "sentences", "pairs"])
)
@STORE
@JSON
@QUIET
def gold_export(folder: Path, out: Path, file_format: str, store: Path | None, as_json: bool, quiet: bool) -> None:
    """
    Write what was decided on the release DIR; `gold = "gold/blocks.jsonl"` in dataset.toml overlays it.

    The format `gold` adds to what the file holds. `events` is everything in the store, for `gold import` to bring back.
    """
    from builder.review import commands

    commands.export_gold(folder, out, file_format, store, as_json=as_json, quiet=quiet)


@gold.command("import")
@RELEASE
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@FORMAT
@click.option("--as", "annotator", default="import", show_default=True, metavar="NAME", help="Whose verdicts they are.")
@STORE
@JSON
@QUIET
def gold_import(
    folder: Path, file: Path, file_format: str, annotator: str, store: Path | None, as_json: bool, quiet: bool
) -> None:
    """
    Take in verdicts on the release DIR that were made elsewhere. Importing a file twice changes nothing.

    A gold file counts as rulings, which win over what annotators say; what another tool exported, as one annotator's.
    """
    from builder.review import commands

    commands.import_gold(folder, file, file_format, annotator, store, as_json=as_json, quiet=quiet)
