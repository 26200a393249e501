"""`zhnews diff`: exact counts, whatever the shards."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from builder.errors import BuilderError
from builder.publish import diff as module
from builder.publish.diff import diff
from builder.publish.features import CONFIGS
from tests.conftest import Zhnews
from tests.publish.conftest import Publish, Row, article_row, make_rows
from tests.publish.mutations import write_rows


def in_train(number: int, **changes: Any) -> Row:
    return article_row(number, split="train", **changes)


def test_a_release_is_no_different_from_itself_and_no_file_of_it_is_compared(
    good_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(module, "_Group")
    found = diff(good_release, good_release)
    assert (found.suggests, list(found.files)) == ("none", [])
    assert list(found.configs) == [config.name for config in CONFIGS]
    assert found.configs["sentences"].rows_old == found.configs["sentences"].rows_new == 210


@pytest.mark.parametrize("shard_articles", [2, 8, 100])
def test_rows_added_removed_and_changed_are_counted_by_id_whatever_the_shards(
    publish_rows: Publish, shard_articles: int
) -> None:
    rows = [in_train(n) for n in range(20)]
    old = publish_rows(rows, "old", shard_articles=8).folder
    renamed = in_train(3, title="换了标题的便民桥", outlet="别家日报")
    new = publish_rows([renamed, *rows[4:], in_train(50)], "new", shard_articles=shard_articles).folder
    articles = diff(old, new).configs["articles"]
    assert (articles.rows_old, articles.rows_new) == (20, 18)
    assert (articles.added, articles.removed, articles.moved, articles.changed) == (1, 3, 0, 1)
    assert articles.columns == {"title": 1, "outlet": 1}
    assert diff(old, new).configs["sentences"].removed == 3 * 7
    assert diff(old, new).suggests == "minor"


def test_labels_changed_are_told_by_role(publish_rows: Publish) -> None:
    rows = [in_train(n) for n in range(6)]
    old = publish_rows(rows, "old").folder
    for row in rows[:2]:
        row["blocks"][0]["role"] = "related"
    rows[2]["blocks"][6] |= {"role": "notice", "origin": "gold"}
    rows[3]["blocks"][6] |= {"role": "notice", "text": "另一行"}  # another text: no label changed
    found = diff(old, publish_rows(rows, "new").folder)
    assert found.configs["blocks"].labels == {"nav → related": 2, "credit → notice": 1}
    assert found.configs["blocks"].columns == {"role": 4, "origin": 1, "text": 1}
    assert found.configs["articles"].changed == 0
    assert found.suggests == "patch"


def test_a_row_in_another_split_is_moved_and_not_added_and_removed(publish_rows: Publish) -> None:
    old = publish_rows([in_train(n) for n in range(4)], "old").folder
    new = publish_rows([*(in_train(n) for n in range(3)), article_row(3, split="test")], "new").folder
    articles = diff(old, new).configs["articles"]
    assert (articles.moved, articles.added, articles.removed) == (1, 0, 0)
    assert diff(old, new).suggests == "major"


def test_a_row_that_is_moved_and_changed_is_told_as_both(publish_rows: Publish) -> None:
    rows = [in_train(n) for n in range(4)]
    old = publish_rows(rows, "old").folder
    moved = article_row(3, split="test", outlet="别家日报")
    moved["blocks"][0]["role"] = "related"
    found = diff(old, publish_rows([*rows[:3], moved, in_train(7)], "new", shard_articles=2).folder).configs
    articles = found["articles"]
    assert (articles.moved, articles.changed, articles.columns) == (1, 1, {"outlet": 1})
    assert (articles.added, articles.removed) == (1, 0)
    assert (found["blocks"].moved, found["blocks"].labels) == (8, {"nav → related": 1})


def test_columns_that_come_and_go_are_named_with_their_types(release: Path, good_release: Path) -> None:
    for path in (release / "articles").iterdir():
        write_rows(release, f"articles/{path.name}", lambda t: t.drop_columns(["outlet"]), metadata=False)
    found = diff(good_release, release)
    assert found.configs["articles"].lost_columns == {("outlet", "string")}
    assert found.configs["articles"].changed == 0
    assert found.suggests == "major"
    assert diff(release, good_release).configs["articles"].new_columns == {("outlet", "string")}
    assert diff(release, good_release).suggests == "minor"


def test_files_to_fetch_are_those_whose_bytes_differ(publish_rows: Publish) -> None:
    rows = make_rows(30)
    old = publish_rows(rows, "old", shard_articles=8).folder
    new = publish_rows([*rows, in_train(31)], "new", shard_articles=8).folder
    found = diff(old, new)
    assert {path.partition("/")[0] for path in found.files} == {
        "articles",
        "blocks",
        "classification",
        "headline",
        "sentences",
        "summarization",
        "tokens",
    }
    assert len(found.files) == 7
    assert found.n_bytes == sum((new / path).stat().st_size for path in found.files)


def test_rows_that_share_their_names_are_counted_one_by_one(publish_rows: Publish) -> None:
    twice = {"reject": "parse:no-text", "article_id": None, "split": None, "page_id": None, "source": "a.html"}
    twice |= {"url": None, "cluster_id": None}
    rows = [in_train(n) for n in range(3)]
    old = publish_rows([*rows, article_row(90, **twice), article_row(91, **twice)], "old").folder
    new = publish_rows([*rows, article_row(90, **twice)], "new").folder
    dropped = diff(old, new).configs["dropped"]
    assert (dropped.removed, dropped.added, dropped.changed) == (1, 0, 0)


def test_the_diff_agrees_with_a_comparison_row_by_row(publish_rows: Publish) -> None:
    rows = make_rows(30)
    old = publish_rows(rows, "old", shard_articles=8).folder
    rows[4]["byline"] = ["另一人"]
    rows[9]["captions"] = []
    rows[12]["text"] += "补记。"
    rows[12]["paragraphs"][-1]["end"] += len("补记。")
    for row in rows[20:26]:
        row["split"] = "test" if row["split"] == "train" else "train"
    rows[22]["outlet"] = "别家日报"
    rows[23]["blocks"][0]["role"] = "related"
    new = publish_rows(rows[1:], "new", shard_articles=4).folder
    for config in CONFIGS:
        sides = []
        for folder in (old, new):
            paths = sorted((folder / config.name).glob("*.parquet"))
            keyed = (row for path in paths for row in pq.read_table(path).to_pylist())
            names = module.KEYS.get(config.name, config.sort_by)
            sides.append({tuple(row[name] for name in names): row for row in keyed})
        left, right = sides
        found = diff(old, new).configs[config.name]
        assert found.removed == len(left.keys() - right.keys())
        assert found.added == len(right.keys() - left.keys())
        assert found.changed == sum(left[key] != right[key] for key in left.keys() & right.keys())


def test_the_command_prints_lines_or_json(publish_rows: Publish, zhnews: Zhnews, tmp_path: Path) -> None:
    old = publish_rows([in_train(1), in_train(2)], "old").folder
    new = publish_rows([in_train(1, title="新题便民桥"), in_train(3)], "new").folder
    told = zhnews("diff", old, new).stdout
    assert "articles        2 → 2 rows  +1  −1  changed 1\n  rows changed in: title 1\n" in told
    assert "files to fetch again" in told
    found = json.loads(zhnews("diff", old, new, "--json").stdout)
    assert found["configs"]["articles"]["columns"] == {"title": 1}
    assert found["suggests"] == "minor"
    done = zhnews("diff", old, tmp_path)
    assert done.returncode == 1
    assert "is not a release" in done.stderr
    with pytest.raises(BuilderError):
        diff(tmp_path, new)
