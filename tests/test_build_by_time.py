"""A test split of the newest articles, from the settings to `verify`, and over an earlier release."""

import json
from pathlib import Path

import pytest

from tests.conftest import Zhnews, article
from tests.test_build_over import rows

SETTINGS = 'inputs = ["pages"]\n[splits]\nby = "time"\ntrain = 0.6\nvalidation = 0.2\ntest = 0.2\n'


@pytest.fixture
def first(pages: Path, zhnews: Zhnews) -> Path:
    """Twelve articles of 1 to 12 May 2024; the copy of the first is of 20 May, and the second has no date."""
    copy = (pages / "copy.html").read_text("utf-8").replace("2024-05-01", "2024-05-20")
    (pages / "copy.html").write_text(copy, "utf-8")
    (pages / "01.html").write_text(article(1).replace("2024-05-02 08:00", ""), "utf-8")
    (pages.parent / "dataset.toml").write_text(SETTINGS, "utf-8")
    done = zhnews("build", "dataset.toml", "-o", "out", "-j", 1, "-q")
    assert done.returncode == 0, done.stderr
    return pages.parent / "out" / "zhnews-0.1.0"


def splits(release: Path) -> dict[str, str]:
    """Split by source."""
    return {row["source"]: row["split"] for row in rows(release, "articles")}


def test_the_newest_articles_are_the_test_with_all_their_copies(first: Path, zhnews: Zhnews) -> None:
    found = splits(first)
    # A fifth of twelve: the first story, which was copied on 20 May, and those of 12 and 11 May.
    assert {source for source, split in found.items() if split == "test"} == {
        "pages/00.html",
        "pages/10.html",
        "pages/11.html",
    }
    assert found["pages/01.html"] == "train"
    manifest = json.loads((first / "manifest.json").read_text("utf-8"))
    assert manifest["test_from"] == "2024-05-11"
    card = (first / "README.md").read_text("utf-8")
    assert "按时间划分：测试集是最新的文章，自 2024-05-11（北京时间）起" in card
    assert "| `test` | 3 | 25.0% | 2024-05-01 – 2024-05-12 | 0 |" in card
    assert zhnews("verify", first).returncode == 0
    for config in ("sentences", "blocks", "headline"):
        assert {row["article_id"]: row["split"] for row in rows(first, config)} == {
            row["article_id"]: row["split"] for row in rows(first, "articles")
        }


def test_verify_finds_an_article_of_those_days_elsewhere(first: Path, zhnews: Zhnews) -> None:
    stated = (first / "manifest.json").read_text("utf-8")
    (first / "manifest.json").write_text(stated.replace("2024-05-11", "2024-05-10"), "utf-8")
    done = zhnews("verify", first)
    assert done.returncode == 4
    assert "article of the days of the test stands in another split" in done.stdout
    assert "2024-05-10)" in done.stdout
    (first / "manifest.json").write_text(stated.replace('"by": "time"', '"by": "hash"'), "utf-8")
    assert "test_from is 2024-05-11, and the splits are by hash" in zhnews("verify", first).stdout


def test_a_later_release_keeps_the_first_day_and_moves_nothing(first: Path, pages: Path, zhnews: Zhnews) -> None:
    new = pages.parent / "new"
    new.mkdir()
    (new / "12.html").write_text(article(12), "utf-8")  # of 13 May
    (new / "13.html").write_text(article(13).replace("2024-05-14", "2024-05-03"), "utf-8")
    done = zhnews("build", "new", "--over", first, "-o", "out", "-j", 1, "-q")
    assert done.returncode == 0, done.stderr
    second = first.with_name("zhnews-0.2.0")
    before, now = splits(first), splits(second)
    assert {source: now[source] for source in before} == before
    assert now["new/12.html"] == "test"
    assert now["new/13.html"] in ("train", "validation")
    assert json.loads((second / "manifest.json").read_text("utf-8"))["test_from"] == "2024-05-11"
    assert zhnews("verify", second).returncode == 0


def test_splits_that_were_drawn_in_another_way_are_refused(first: Path, pages: Path, zhnews: Zhnews) -> None:
    settings = SETTINGS.replace('by = "time"', 'by = "hash"')
    (pages.parent / "dataset.toml").write_text(f'version = "0.2.0"\n{settings}', "utf-8")
    done = zhnews("build", "dataset.toml", "--over", first, "-o", "out", "-j", 1, "-q")
    assert done.returncode == 1
    assert "its splits are by time, [splits] by is now hash" in done.stderr
    assert 'set by = "time"' in done.stderr


def test_the_way_to_split_is_one_of_two(pages: Path, zhnews: Zhnews) -> None:
    (pages.parent / "dataset.toml").write_text('inputs = ["pages"]\n[splits]\nby = "date"\n', "utf-8")
    done = zhnews("build", "dataset.toml", "-o", "out", "-q")
    assert (done.returncode, "'hash' or 'time'" in done.stderr) == (2, True)
