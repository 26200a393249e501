import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from builder.errors import BuilderError
from builder.publish.features import CONFIGS, with_features
from builder.publish.stats import compute
from builder.publish.verify import verify
from tests.publish.conftest import Publish, article_row, make_rows


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_same_rows_give_the_same_bytes_whatever_the_order_and_the_workers(publish_rows: Publish) -> None:
    rows = make_rows()
    one = publish_rows(rows, "one", shard_articles=8).folder
    two = publish_rows(reversed(rows), "two", workers=2, shard_articles=8).folder
    assert contents(one) == contents(two)


def test_publishing_again_replaces_the_release_and_leaves_nothing_else(publish_rows: Publish) -> None:
    first = contents(publish_rows(make_rows(30)).folder)
    folder = publish_rows(make_rows(12)).folder
    assert contents(folder) != first
    assert verify(folder) == []
    assert contents(publish_rows(make_rows(30)).folder) == first
    assert [p.name for p in folder.parent.iterdir() if p.name != "work"] == [folder.name]


def test_a_file_lost_from_the_work_folder_is_written_again(publish_rows: Publish, tmp_path: Path) -> None:
    first = contents(publish_rows(make_rows()).folder)
    next((tmp_path / "a/work/release/articles").glob("train-*")).unlink()
    assert contents(publish_rows(make_rows()).folder) == first


def test_a_folder_that_is_no_release_is_left_alone(publish_rows: Publish, tmp_path: Path) -> None:
    (tmp_path / "a/bridges-1.0.0").mkdir(parents=True)
    diary = tmp_path / "a/bridges-1.0.0/日记.txt"
    diary.write_text("三月初一，晴。", "utf-8")
    with pytest.raises(BuilderError, match=r"not a release: it holds no manifest\.json"):
        publish_rows(make_rows())
    assert diary.exists()


def test_nothing_to_publish_is_an_error_that_counts(publish_rows: Publish) -> None:
    with pytest.raises(BuilderError, match="nothing to publish: all 3 pages were left out"):
        publish_rows(make_rows()[-3:])


def test_a_split_without_articles_is_left_out_and_said(publish_rows: Publish) -> None:
    result = publish_rows([article_row(1, split="train")])
    assert result.empty_splits == ("validation", "test")
    assert sorted(p.name for p in (result.folder / "articles").iterdir()) == ["train-00000-of-00001.parquet"]
    card = (result.folder / "README.md").read_text("utf-8")
    assert "path: articles/test-" not in card
    assert "没有文章落入的划分不发布：`validation`、`test`" in card
    assert not (result.folder / "dropped").exists()
    assert verify(result.folder) == []


def test_pairs_across_splits_are_left_out_and_splits_without_pairs_have_no_file(publish_rows: Publish) -> None:
    splits = ["train", "train", "test", "validation"]
    rows = [article_row(n, words_of=0, split=split, template_id="4f6a2c9d81e0b357") for n, split in enumerate(splits)]
    result = publish_rows(rows)
    assert result.stats["rows"]["near_dup_pairs"] == {"train": 1}
    assert [path.name for path in (result.folder / "near_dup_pairs").iterdir()] == ["train-00000-of-00001.parquet"]
    assert "path: near_dup_pairs/test-" not in (result.folder / "README.md").read_text("utf-8")
    assert verify(result.folder) == []


def test_a_release_without_pairs_says_so(publish_rows: Publish) -> None:
    folder = publish_rows([article_row(n) for n in range(20)]).folder
    card = (folder / "README.md").read_text("utf-8")
    assert "配置 `near_dup_pairs` 从缺" in card
    assert "config_name: near_dup_pairs" not in card
    assert not (folder / "near_dup_pairs").exists()
    assert verify(folder) == []


def test_one_article_more_touches_one_shard_of_each_config(publish_rows: Publish) -> None:
    rows = make_rows(30)
    before = contents(publish_rows(rows, shard_articles=8).folder)
    more = article_row(31, split="train")
    after = contents(publish_rows([*rows, more], shard_articles=8).folder)
    changed = [name for name in after if name.endswith(".parquet") and after[name] != before.get(name)]
    assert [name.partition("/")[0] for name in changed] == [
        "articles",
        "blocks",
        "classification",
        "headline",
        "sentences",
        "summarization",
        "tokens",
    ]


def test_every_shard_has_the_schema_and_the_class_names_of_its_config(good_release: Path) -> None:
    for config in CONFIGS:
        for path in (good_release / config.name).iterdir():
            assert pq.read_schema(path).equals(with_features(config.schema), check_metadata=True), path


def test_parquet_is_written_for_readers_that_seek_and_stores_that_dedupe(good_release: Path) -> None:
    path = good_release / "articles/train-00000-of-00004.parquet"
    columns = {
        c.path_in_schema: c
        for c in map(pq.read_metadata(path).row_group(0).column, range(pq.read_metadata(path).num_columns))
    }
    assert all(c.compression == "ZSTD" and c.has_offset_index and c.has_column_index for c in columns.values())
    assert not columns["text"].has_dictionary_page
    assert not columns["body.list.element"].has_dictionary_page
    assert columns["outlet"].has_dictionary_page


def test_row_groups_hold_between_half_the_bound_and_the_bound(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from builder.publish import shards
    from builder.publish.features import DROPPED

    monkeypatch.setattr(shards, "ROW_GROUP_BYTES", 1 << 14)
    rows = [{"source": f"pages/{i:05}.html", "reason": "parse:no-text"} for i in range(5000)]
    shards.write_file(shards.pa.Table.from_pylist(rows, schema=DROPPED.schema), DROPPED, tmp_path / "a.parquet")
    metadata = pq.read_metadata(tmp_path / "a.parquet")
    groups = [
        pq.ParquetFile(tmp_path / "a.parquet").read_row_group(i).nbytes for i in range(metadata.num_row_groups - 1)
    ]
    assert len(groups) > 5
    assert all(1 << 13 <= n <= 1 << 14 for n in groups)


def test_statistics_are_those_of_the_files(good_release: Path) -> None:
    stats = json.loads((good_release / "stats.json").read_text("utf-8"))
    assert stats == json.loads(json.dumps(compute(good_release)))
    assert stats["pages"] == {"in": 33, "published": 30, "dropped": 3}
    assert stats["dropped"] == {"dedupe:exact": 1, "parse:no-text": 1, "read:truncated": 1}
    articles = pd.concat(pd.read_parquet(p) for p in (good_release / "articles").iterdir())
    chars = articles["text"].map(len)
    assert stats["articles"]["chars"]["total"] == chars.sum()
    assert stats["articles"]["chars"]["median"] == chars.quantile(0.5, interpolation="lower")
    assert sum(b["n"] for b in stats["articles"]["histogram"]) == 30
    assert stats["outlets"]["distinct"] == articles["outlet"].nunique()
    assert stats["published"]["months"] == {"2023-03": 30}  # the first stands at 23:30 UTC of 28 February
    assert stats["published"]["first"] == "2023-03-01T07:30:00+08:00"
    assert stats["clusters"]["sizes"] == {"1": 29, "2": 1}
    assert stats["blocks"]["roles"]["title"] == 60
    assert stats["learning"]["classification"] == {"left_out": {"no-category": 10}, "origins": {"breadcrumb": 20}}
    summaries = pd.concat(pd.read_parquet(p) for p in (good_release / "summarization").iterdir())
    measures = stats["learning"]["summarization"]["measures"]
    assert measures["density"]["mean"] == pytest.approx(summaries["density"].mean(), abs=1e-3)
    assert measures["coverage"]["median"] == pytest.approx(summaries["coverage"].quantile(0.5, "lower"), abs=1e-3)


def test_manifest_holds_nothing_of_the_machine(good_release: Path) -> None:
    text = (good_release / "manifest.json").read_text("utf-8")
    assert str(good_release.parent) not in text
    assert "/nowhere" not in text
    assert json.loads(text)["counts"] == {"inputs": 1, "pages": 33}


def test_pandas_reads_a_split_by_its_folder(good_release: Path) -> None:
    frame = pd.read_parquet(good_release / "articles" / "train-00000-of-00004.parquet")
    assert str(frame["published_at"].dt.tz) == "Asia/Shanghai"
    assert len(pd.read_parquet(good_release / "sentences")) == 210


def test_paragraphs_of_many_articles_are_listed_and_those_of_two_are_not(publish_rows: Publish) -> None:
    rows = make_rows(8)
    for row in rows[:4]:
        row["paragraph_articles"] = [1, 4, 2]
    result = publish_rows(rows)
    assert result.stats["repeated_paragraphs"] == {
        "distinct": 1,
        "paragraphs": 4,
        "articles": 4,
        "top": [{"text": "一座桥，两个村", "articles": 4}],
    }
    readme = (result.folder / "README.md").read_text("utf-8")
    assert "1 paragraphs stand in three articles or more" in readme
    assert "| 一座桥，两个村 | 4 |" in readme
