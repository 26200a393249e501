"""Rows of an earlier release are read instead of made, and nobody can tell."""

from pathlib import Path

import pyarrow as pa
import pytest

from builder.publish import shards
from builder.publish.reuse import Published
from builder.publish.shard_names import plan_shards
from builder.publish.shards import TaskSettings, assign_shards, write_shards
from builder.schemas import ARTICLES
from builder.sentences import SentenceSettings
from builder.words import JIEBAS_OWN, WordSettings
from tests.publish.conftest import Row, article_row

SETTINGS = TaskSettings("cc0-1.0", SentenceSettings(), WordSettings(), JIEBAS_OWN)


def write(folder: Path, rows: list[Row], shard_articles: int, earlier: Published | None = None) -> dict[str, bytes]:
    """Write the rows, all of one split; return the files by name."""
    table = pa.Table.from_pylist([row | {"split": "train"} for row in rows], schema=ARTICLES)
    plan = plan_shards({"train": len(rows)}, shard_articles)
    sharded = assign_shards(table, plan).sort_by("shard")
    list(write_shards(sharded, str(folder), SETTINGS, earlier))
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


def published(folder: Path) -> Published:
    n = len(list((folder / "articles").iterdir()))
    return Published(str(folder), (("train", n),), "")


@pytest.mark.parametrize(("before", "now"), [(40, 40), (40, 10), (10, 40)], ids=["same", "more", "fewer"])
def test_files_are_the_same_whether_rows_are_read_or_made(
    before: int, now: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [article_row(number) for number in range(24)]
    write(tmp_path / "earlier", rows[:20], before)
    rows[3] = rows[3] | {"cluster_size": 2, "template_id": "4f6a2c9d81e0b357"}  # of what came in since
    rows[4] = article_row(4, title="另一个题目")  # a part of it came in
    made = write(tmp_path / "made", rows, now)

    asked: list[int] = []
    split = shards.sentences
    monkeypatch.setattr(shards, "sentences", lambda table, given: asked.append(table.num_rows) or split(table, given))
    read = write(tmp_path / "read", rows, now, published(tmp_path / "earlier"))
    assert read == made
    assert sum(asked) == 5, "four new articles, and one with another title"


def test_an_article_cut_over_several_pages_is_always_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [article_row(number) for number in range(4)]
    rows[0] = rows[0] | {"part": 1, "parts": 2}
    write(tmp_path / "earlier", rows, 10)
    asked: list[int] = []
    split = shards.sentences
    monkeypatch.setattr(shards, "sentences", lambda table, given: asked.append(table.num_rows) or split(table, given))
    write(tmp_path / "read", rows, 10, published(tmp_path / "earlier"))
    assert asked == [1]
