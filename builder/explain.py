"""
What became of a page: published or dropped and why, what it was merged with, and the role of each of its blocks.

The work tables beside a release (`OUT/.work/NAME-VERSION`) know every page's blocks; a release alone knows those of
published articles, and of a dropped page its reason.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from builder.errors import BuilderError
from builder.records import LABEL_OF, LABELS, ORIGINS, ROLES
from builder.tables import read_manifest, shard_paths
from builder.tasks.dropped import MEASURES

_SHOWN = ("page_id", "source", "url", "title", "outlet", "published_at", "charset")


def explain_page(folder: Path, wanted: str) -> list[dict[str, Any]]:
    """
    Return one record a page whose page_id, article_id or source begins with `wanted`, or whose file name does.

    Raises:
        BuilderError: `folder` is no release, or nothing in it is named so.
    """
    if not (folder / "manifest.json").is_file():
        raise BuilderError(f"{folder} is not a release: it has no manifest.json; name the folder that `build` printed")
    table = folder.resolve().parent / ".work" / folder.resolve().name / "articles"
    found = list(_from_work(table, wanted) if read_manifest(table) else _from_release(folder, wanted))
    if not found:
        raise BuilderError(
            f"{folder} has no page named '{wanted}'; ids and sources stand in `articles` and `dropped`, "
            "their beginning is enough"
        )
    return found


def _named(wanted: str, *columns: str) -> pc.Expression:
    """Rows in which one of the columns begins with `wanted`; a source may also begin with it after a folder."""
    named = pc.scalar(False)
    for column in columns:
        named = named | pc.starts_with(pc.field(column), wanted)
    return named | pc.match_substring(pc.field("source"), f"/{wanted}")


def _from_work(articles: Path, wanted: str) -> Iterator[dict[str, Any]]:
    table = ds.dataset([str(path) for path in shard_paths(articles)])
    rows = table.to_table(filter=_named(wanted, "page_id", "source")).sort_by("source").to_pylist()
    members = _members(table, [row["cluster_id"] for row in rows if row["cluster_id"]], "page_id")
    for row in rows:
        yield {
            **_shown(row),
            "published": row["split"] if row["reject"] is None else None,
            "dropped": row["reject"],
            "detail": row["detail"],
            "kept_id": row["kept_id"],
            "edge": row["edge"],
            "template_id": row["template_id"],
            "cluster_id": row["cluster_id"],
            "merged_with": [m for m in members.get(row["cluster_id"], []) if m["source"] != row["source"]],
            "blocks": [
                {**block, "label": LABEL_OF.get(block["role"], "other"), "score": round(block["score"], 4)}
                for block in row["blocks"] or []
            ],
        }


def _from_release(folder: Path, wanted: str) -> Iterator[dict[str, Any]]:
    published = _config(folder, "articles")
    dropped = _config(folder, "dropped")
    rows = published.to_table(filter=_named(wanted, "page_id", "source")).sort_by("source").to_pylist()
    left_out = dropped.to_table(filter=_named(wanted, "page_id", "source")).to_pylist() if dropped else []
    clusters = [row["cluster_id"] for row in rows + left_out if row["cluster_id"]]
    members = _members(published, clusters, "page_id")
    for cluster, more in (_members(dropped, clusters, "page_id") if dropped else {}).items():
        members.setdefault(cluster, []).extend(more)
    blocks = _config(folder, "blocks")
    for row in rows + left_out:
        is_published = "article_id" in row
        yield {
            **_shown(row),
            "published": is_published or None,
            "dropped": row.get("reason"),
            "detail": row.get("detail"),
            "kept_id": row.get("kept_id"),
            "edge": _published_edge(row),
            "template_id": row.get("template_id"),
            "cluster_id": row["cluster_id"],
            "merged_with": [m for m in members.get(row["cluster_id"], []) if m["source"] != row["source"]],
            "blocks": _published_blocks(blocks, row["page_id"]) if blocks else [],
        }


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    published = row.get("published_at")
    return {name: row.get(name) for name in _SHOWN} | {"published_at": published.isoformat() if published else None}


def _config(folder: Path, name: str) -> Any:
    paths = sorted(str(path) for path in (folder / name).glob("*.parquet"))
    return ds.dataset(paths) if paths else None


def _members(table: Any, clusters: list[str], id_column: str) -> dict[str, list[dict[str, str]]]:
    """Pages of each cluster, by cluster id."""
    rows = table.to_table(
        columns=["cluster_id", id_column, "source"],
        filter=pc.field("cluster_id").isin(pa.array(clusters, pa.string())),
    )
    members: dict[str, list[dict[str, str]]] = {}
    for row in rows.sort_by("source").to_pylist():
        members.setdefault(row["cluster_id"], []).append({"page_id": row[id_column], "source": row["source"]})
    return members


def _published_edge(row: dict[str, Any]) -> dict[str, Any] | None:
    """Return the edge that decided over a dropped near-duplicate, as the work tables hold it."""
    if row.get("compared_with") is None:
        return None
    return {"page_id": row["compared_with"], **{name: row[name] for name in MEASURES}}


def _published_blocks(blocks: Any, page_id: str) -> list[dict[str, Any]]:
    """Blocks of the article that stands under this id, of all its pages, or of the later page that has it."""
    named = (pc.field("article_id") == page_id) | (pc.field("page_id") == page_id)
    rows = blocks.to_table(filter=named).sort_by("index").to_pylist()
    return [
        {
            **row,
            "role": ROLES[row["role"]],
            "label": LABELS[row["label"]],
            "origin": ORIGINS[row["origin"]],
            "score": round(row["score"], 4),
        }
        for row in rows
    ]
