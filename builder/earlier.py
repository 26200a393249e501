"""
What a new release takes over from an earlier one: the pages that were read, and where each of them was published.

`zhnews build NEW_PAGES --over OUT/NAME-VERSION` makes a whole release of the earlier pages and the new ones. The rows
of the earlier pages are taken from the work folder `OUT/.work/NAME-VERSION` when the program and its settings would
make the same ones again; otherwise those pages are read again from where they lay. Either way an article that was
published keeps its id, its cluster and its split (see `dedup/pins.py`), which are read from the release itself.
"""

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.engines import Step, map_recipe
from builder.errors import BuilderError
from builder.publish.features import ARTICLES, DROPPED
from builder.publish.manifest import digest, packages
from builder.publish.reuse import Published
from builder.publish.stats import files_of
from builder.read import Input
from builder.schemas import PAGES, PINS
from builder.tables import file_sha256, is_current, iter_batches, read_manifest, read_table, table_digest

#: In a work folder: which release was made of which pages.
NOTE = "published.json"


@dataclass(frozen=True, slots=True)
class Earlier:
    """
    An earlier release.

    Attributes:
        folder: the release, `OUT/NAME-VERSION`.
        manifest: its manifest.json.
        tables: the work folder that it was built in; it may be gone.
    """

    folder: Path
    manifest: Mapping[str, Any]
    tables: Path

    @property
    def test_from(self) -> date | None:
        """First day of its test, where its splits are by time."""
        stated = self.manifest.get("test_from")
        return date.fromisoformat(stated) if stated else None

    def check_splits(self, by: str) -> None:
        """Raise BuilderError unless it drew its splits `by` the same: its rows stay where they are."""
        before = self.manifest["settings"].get("splits", {}).get("by", "hash")
        if before != by:
            raise BuilderError(
                f"--over {self.folder}: its splits are by {before}, [splits] by is now {by}. What is published stays "
                "where it is, so articles of the days of the test would stand in train: "
                f'set by = "{before}", or build anew without --over'
            )

    def describe(self) -> dict[str, Any]:
        """Return what the manifest of the next release says of this one."""
        rows = {file["path"]: file["logical_sha256"] for file in self.manifest["files"]}
        counts = {name: self.manifest["counts"].get(name) for name in ("pages", "articles")}
        stated = {name: self.manifest[name] for name in ("name", "version")}
        before = self.manifest.get("over")
        return {**stated, **counts, "logical_sha256": digest(rows), **({"over": before} if before else {})}

    def published(self, settings: Mapping[str, Any]) -> Published | None:
        """
        Return its published rows, when they were made of the pages in `tables`, and would be made again as they are.

        Args:
            settings: those of the next release, as they stand in a manifest.
        """
        stated, now = self.manifest["settings"], json.loads(json.dumps(settings))
        same = all(now[name] == stated.get(name) for name in ("licence", "sentences", "words", "digests", "articles"))
        if not same or self.manifest["pipeline"]["packages"] != packages() or not self._made_of_tables():
            return None
        files = [file for file in self.manifest["files"] if file["config"] == ARTICLES.name]
        shards = Counter(file["split"] for file in files)
        return Published(str(self.folder.resolve()), tuple(sorted(shards.items())), self.describe()["logical_sha256"])

    def _made_of_tables(self) -> bool:
        try:
            note = json.loads((self.tables / NOTE).read_text("utf-8"))
        except (OSError, ValueError):
            return False
        return bool(note == _note(self.tables, self.folder))

    def rows_current(self, read_step: Step) -> bool:
        """True when the rows of its pages are in the work folder, and `read_step` would make them again as they are."""
        inputs, pages = self.tables / "inputs", self.tables / "pages"
        return read_manifest(inputs) is not None and is_current(pages, map_recipe(read_step, inputs, PAGES))


def read_earlier(folder: Path) -> Earlier:
    """Open a release; BuilderError when `folder` is none, or holds other files than were published."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BuilderError(f"--over {folder} is not a release: its manifest.json cannot be read ({error})") from None
    for file in manifest["files"]:
        path = folder / file["path"]
        if not path.is_file() or file_sha256(path) != file["sha256"]:
            raise BuilderError(
                f"--over {folder}: {file['path']} is not as it was published; "
                f"`zhnews verify {folder}` tells what is wrong. Build that release again, or fetch it again"
            )
    tables = folder.resolve().parent / ".work" / folder.resolve().name
    return Earlier(folder, manifest, tables)


def note_release(tables: Path, folder: Path) -> None:
    """Note in a work folder that the release in `folder` was made of its pages."""
    (tables / NOTE).write_text(json.dumps(_note(tables, folder)) + "\n", "utf-8")


def _note(tables: Path, folder: Path) -> dict[str, str]:
    return {"pages": table_digest(tables / "pages"), "manifest": file_sha256(folder / "manifest.json")}


def pins_of(earlier: Earlier) -> pa.Table:
    """PINS of a release: a row a page that it published, or left out as a copy or a part of what it published."""
    empty = pa.table({name: pa.array([], pa.string()) for name in ("page_id", "source", "cluster_id")})
    parts = [empty.append_column("split", pa.array([], pa.string()))]
    for split in ARTICLES.splits:
        for path in files_of(earlier.folder, ARTICLES, split):
            part = pq.read_table(path, columns=empty.column_names).replace_schema_metadata(None)
            parts.append(part.append_column("split", pa.array([split] * part.num_rows, pa.string())))
    articles = pa.concat_tables(parts)
    rows = [articles]
    for path in files_of(earlier.folder, DROPPED):
        copies = pq.read_table(path, columns=["page_id", "cluster_id"]).replace_schema_metadata(None)
        home = pc.index_in(copies["cluster_id"], articles["cluster_id"])
        copies = copies.append_column("split", articles["split"].take(home)).filter(pc.is_valid(home))
        rows.append(
            copies.append_column("source", pa.nulls(copies.num_rows, pa.string())).select(articles.column_names)
        )
    table = pa.concat_tables(rows).filter(pc.is_valid(pa.concat_tables(rows)["page_id"]))
    first = pc.index_in(pc.unique(table["page_id"]), table["page_id"])  # of a page read twice, the published place
    return table.take(first).select(PINS.names).combine_chunks()


def new_inputs(inputs: Sequence[Input], earlier: Earlier) -> tuple[list[Input], dict[str, list[str]]]:
    """
    Tell the inputs that an earlier release has not read: by name or place and content.

    Returns:
        The new ones; and of those that it read under the same name with other content, what it read from them (`known`
        in INPUTS).
    """
    table = read_table(earlier.tables / "inputs", ["path", "source", "sha256"])
    rows = list(zip(*(table[name].to_pylist() for name in table.column_names), strict=True))
    seen = {(place, sha256) for path, source, sha256 in rows for place in (path, source)}
    new = [i for i in inputs if not {(i.source, i.sha256), (os.fsencode(i.path), i.sha256)} & seen]
    changed = {i.source for i in new} & {source for _, source, _ in rows}
    known: dict[str, list[str]] = {source: [] for source in changed}
    if changed:
        for batch in iter_batches(earlier.tables / "pages", ["page_id", "source"], rows=65_536):
            files = pc.replace_substring_regex(batch["source"], r"#\d+$", "")
            read = pc.coalesce(batch["page_id"], batch["source"])
            for source, what in zip(files.to_pylist(), read.to_pylist(), strict=True):
                if source in changed:
                    known[source].append(what)
    return new, known


def with_earlier_inputs(inputs: Sequence[Input], earlier: Earlier) -> list[Input]:
    """Return the inputs with those of an earlier release, each file once, as it is now; sorted by source."""
    if read_manifest(earlier.tables / "inputs") is None:
        return list(inputs)
    rows = read_table(earlier.tables / "inputs").drop_columns(["known"]).to_pylist()
    before = {row["path"]: Input(**row | {"path": os.fsdecode(row["path"])}) for row in rows}
    named = {place for item in inputs for place in (item.source, item.path)}
    others = [item for item in before.values() if not {item.source, item.path} & named]
    return sorted([*inputs, *others], key=lambda item: item.source)


def count_gone(pins: pa.Table, articles: Path) -> int:
    """Articles that an earlier release published and that ARTICLES leaves out: listed for removal, or now copies."""
    published = pins.filter(pc.is_valid(pins["source"]))["page_id"]
    here = [batch["article_id"] for batch in iter_batches(articles, ["article_id"], rows=65_536)]
    stay = pc.is_in(published, pa.chunked_array([chunk for ids in here for chunk in ids.chunks], pa.string()))
    return len(published) - int(pc.sum(stay).as_py() or 0)


def check_all_there(pins: pa.Table, pages: Path, earlier: Earlier) -> None:
    """Raise BuilderError when a page that an earlier release published is not among `pages`, a PAGES table."""
    there = pa.chunked_array(
        [chunk for batch in iter_batches(pages, ["page_id"], rows=65_536) for chunk in batch["page_id"].chunks],
        pa.string(),
    )
    published = pins.filter(pc.is_valid(pins["source"]))
    missing = published.filter(pc.invert(pc.is_in(published["page_id"], there)))
    if not missing.num_rows:
        return
    names = ", ".join(missing["source"].to_pylist()[:3])
    why = (
        f"its work tables are not in {earlier.tables}, so its pages must be named again, together with the new ones"
        if read_manifest(earlier.tables / "inputs") is None
        else "the program or its settings have changed since, so its pages are read again from where they lay: put "
        "them back, or name them where they are now"
    )
    raise BuilderError(
        f"{missing.num_rows} pages that {earlier.folder} published cannot be read, such as {names}: {why}"
    )
