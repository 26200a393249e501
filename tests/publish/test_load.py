"""What a researcher does first: `datasets.load_dataset`, offline, plain and streaming, for every config."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builder.publish.features import CLASS_NAMES, CONFIGS
from builder.records import LABELS, ORIGINS, ROLES

NAMES = [config.name for config in CONFIGS]


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """`load_dataset` with a cache of its own; the import takes a second, so once."""
    home = tmp_path_factory.mktemp("hf")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HOME", str(home))
        patch.setenv("HF_DATASETS_CACHE", str(home / "datasets"))
        patch.setenv("HF_HUB_OFFLINE", "1")
        from datasets import disable_progress_bars, load_dataset

        disable_progress_bars()

        def call(folder: Path, *args: str, **options: Any) -> Any:
            return load_dataset(str(folder), *args, cache_dir=str(home / "datasets"), **options)

        yield call


@pytest.mark.parametrize("name", NAMES)
def test_every_config_loads_plain_and_streaming_with_the_same_rows(load: Any, good_release: Path, name: str) -> None:
    plain, stream = load(good_release, name), load(good_release, name, streaming=True)
    assert list(plain) == list(stream)
    for split in plain:
        assert list(plain[split]) == list(stream[split])
        assert plain[split].features == stream[split].features


@pytest.mark.parametrize(("name", "columns"), [("sentences", ["role"]), ("blocks", ["role", "label", "origin"])])
def test_class_names_are_intact(load: Any, good_release: Path, name: str, columns: list[str]) -> None:
    for streaming in (False, True):
        features = load(good_release, name, split="test", streaming=streaming).features
        for column in columns:
            assert tuple(features[column].names) == CLASS_NAMES[column]


def test_class_names_are_intact_inside_lists(load: Any, good_release: Path) -> None:
    features = load(good_release, "articles", split="test").features
    paragraphs = features["paragraphs"]
    inner = paragraphs[0] if isinstance(paragraphs, list) else paragraphs.feature
    assert tuple(inner["role"].names) == ROLES


def test_the_default_config_is_articles(load: Any, good_release: Path) -> None:
    dataset = load(good_release)
    assert {split: dataset[split].num_rows for split in dataset} == {"train": 24, "validation": 3, "test": 3}
    article = dataset["train"][0]
    assert article["text"].split("\n") == [*article["lede"], *article["body"]]
    assert article["published_at"].utcoffset().total_seconds() == 8 * 3600


def test_blocks_say_their_roles_in_words(load: Any, good_release: Path) -> None:
    blocks = load(good_release, "blocks", split="test")
    first = [row for row in blocks if row["article_id"] == blocks[0]["article_id"]]
    names = [blocks.features["role"].int2str(row["role"]) for row in first]
    assert names == ["nav", "title", "caption", "lede", "subhead", "body", "credit", "title"]
    assert [LABELS[row["label"]] for row in first] == [
        "other",
        "title",
        "body",
        "lede",
        "body",
        "body",
        "footer",
        "title",
    ]
    assert {ORIGINS[row["origin"]] for row in first} == {"rule"}
    assert [row["dup_of"] for row in first] == [None] * 7 + [1]


def test_the_snippets_of_the_card_run(good_release: Path, tmp_path: Path) -> None:
    snippets = re.findall(r"```python\n(.*?)```", (good_release / "README.md").read_text("utf-8"), re.DOTALL)
    assert len(snippets) == 4  # two in each language
    code = "\n".join([*snippets[:2], "assert len(sentences) == 210"])
    cache = {"HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=good_release.parent,
        env={**os.environ, **cache},
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert "便民桥通车 nav" in done.stdout
