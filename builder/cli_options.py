"""Options and arguments that several commands of the command line share."""

import os
from pathlib import Path

import click

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")
QUIET = click.option("-q", "--quiet", is_flag=True, help="No progress and no messages on stderr but errors.")
RELEASE = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
JOBS = click.option(
    "-j", "--jobs", default=os.cpu_count() or 1, type=click.IntRange(min=1), help="Processes. [default: all cores]"
)
