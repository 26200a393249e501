"""
What stands in a release beside its data and its manifest: the card, its pictures and `croissant.json`.

All are rendered from `manifest.json`, `stats.json` and the human part of the card, so they can be written anew from a
release alone, and checked against it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from builder.errors import BuilderError
from builder.publish import card, stats
from builder.publish.croissant import render_croissant
from builder.publish.faults import Fault, differences
from builder.publish.front_faults import front_faults
from builder.publish.frontmatter import read_front_matter
from builder.publish.manifest import dumps
from builder.records import JOINED_REASON

#: Where the pictures stand; every file there is a document.
PICTURES = "pictures"


def render_documents(manifest: Mapping[str, Any], counted: Mapping[str, Any], human: str) -> dict[str, str]:
    """Return the text of every document by its path; `human` is that of `data_cards/NAME.md`."""
    return card.render(manifest, counted, human) | {"croissant.json": dumps(render_croissant(manifest, counted))}


def write_documents(folder: Path, documents: Mapping[str, str]) -> None:
    """Write the documents into a release, and remove pictures of earlier ones."""
    for old in (folder / PICTURES).glob("*.svg"):
        if old.relative_to(folder).as_posix() not in documents:
            old.unlink()
    for name, text in documents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def rewrite(folder: Path, human: str | None = None) -> list[str]:
    """
    Write the documents of a release anew; return the names of those that changed.

    Args:
        folder: a release.
        human: the human part of the card; None keeps the one that its card holds.

    Raises:
        BuilderError: no release, or one whose statistics are of another version of this program.
    """
    manifest, counted = (read_json(folder, name) for name in ("manifest.json", "stats.json"))
    if human is None:
        readme = folder / "README.md"
        human = card.human_part(readme.read_text("utf-8")) if readme.is_file() else ""
    try:
        documents = render_documents(manifest, counted, human)
    except KeyError as error:
        raise BuilderError(
            f"{folder}: stats.json or manifest.json has no {error}: another version of zhnews wrote it; build it again"
        ) from None
    before = {name: path.read_text("utf-8") for name in documents if (path := folder / name).is_file()}
    write_documents(folder, documents)
    return [name for name, text in documents.items() if before.get(name) != text]


def check(folder: Path) -> list[Fault]:
    """Count a release anew, and return every number, line or picture of its documents that is not what it gives."""
    manifest, stated = (read_json(folder, name) for name in ("manifest.json", "stats.json"))
    counted = stats.compute(folder)
    return [*check_stats(stated, counted, manifest), *check_documents(folder, manifest, counted)]


def read_json(folder: Path, name: str) -> Any:
    """Read a JSON file of a release; BuilderError when there is none."""
    try:
        return json.loads((folder / name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BuilderError(f"{folder} is not a release: {name} cannot be read ({error})") from None


def check_stats(stated: Any, counted: Mapping[str, Any], manifest: Mapping[str, Any]) -> Iterator[Fault]:
    """stats.json against the Parquet files, and the pages in the files against those that went in."""
    for path, said, found in differences("", stated, json.loads(json.dumps(counted))):
        yield Fault("stats.json", f"{path} is {said}, counted from the Parquet files it is {found}")
    pages, reasons = counted["pages"], counted["dropped"]
    joined = reasons.get(JOINED_REASON, 0)
    copies = sum(n for reason, n in reasons.items() if (reason or "").startswith("dedupe:"))
    by_stage = {
        "rejected": pages["dropped"] - joined - copies,
        "joined": joined,
        "duplicates": copies,
        "articles": pages["published"],
    }
    for name, n in by_stage.items():
        if (said := manifest["counts"].get(name, n)) != n:
            yield Fault("manifest.json", f"counts.{name} is {said}, counted from the Parquet files it is {n}")
    went_in = manifest["counts"].get("pages", pages["in"])
    if went_in != pages["in"]:
        yield Fault(
            "manifest.json",
            f"{went_in} pages went in; {pages['published']} published and {pages['dropped']} dropped are {pages['in']}",
        )


def check_documents(folder: Path, manifest: Mapping[str, Any], counted: Mapping[str, Any]) -> Iterator[Fault]:
    """The card against the Parquet files, then every line of every document against what the numbers give today."""
    try:
        readme = (folder / "README.md").read_text("utf-8")
        front = read_front_matter(readme)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        yield Fault("README.md", f"cannot be read: {error}")
        return
    if not isinstance(front, dict):
        yield Fault("README.md", "does not begin with a YAML block; a loader would not find the configs")
        return
    yield from (Fault("README.md", what) for what in front_faults(front, counted["rows"], folder))
    try:
        documents = render_documents(manifest, counted, card.human_part(readme))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        lacks = isinstance(error, KeyError)
        what = f"has no {error}" if lacks else f"no card can be made of it ({type(error).__name__}: {error})"
        yield Fault("manifest.json", f"{what}: another version of zhnews wrote it; build the release again")
        return
    for name, text in documents.items():
        yield from _text_faults(folder, name, text)
    for path in sorted((folder / PICTURES).rglob("*")):
        if path.is_file() and (name := path.relative_to(folder).as_posix()) not in documents:
            yield Fault(name, "is no picture of this release")


def _text_faults(folder: Path, name: str, text: str) -> Iterator[Fault]:
    """The first line of a document that differs."""
    if not (folder / name).is_file():
        yield Fault(name, "is missing; `zhnews card` writes it")
        return
    told = (folder / name).read_bytes()
    lines, wanted = told.decode("utf-8", "replace").splitlines(), text.splitlines()
    for number, (found, line) in enumerate(zip(lines, wanted, strict=False), start=1):
        if found != line:
            yield Fault(f"{name}:{number}", f"says {found!r}; the release gives {line!r}")
            return
    if len(lines) != len(wanted):
        yield Fault(name, f"has {len(lines)} lines, the release gives {len(wanted)}")
    elif told != text.encode():
        yield Fault(name, "ends its lines otherwise than the release does (\\r\\n for \\n, or none at the end)")
