"""Adding pages to an earlier release, as a user does."""

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from builder.earlier import NOTE, read_earlier
from tests.conftest import BODIES, LEDES, Zhnews, article

SEEDS = Path(__file__).parents[1] / "seeds" / "pages"

Row = dict[str, Any]


def rows(release: Path, config: str) -> list[Row]:
    found: list[Row] = []
    for path in sorted((release / config).glob("*.parquet")):
        split = path.name.partition("-")[0]
        found += [row | {"split": split} for row in pq.read_table(path).to_pylist()]
    return found


def tables(release: Path) -> dict[str, bytes]:
    return {str(path.relative_to(release)): path.read_bytes() for path in sorted(release.rglob("*.parquet"))}


def stories(release: Path) -> set[frozenset[str]]:
    """Which pages are one story, by what the release says."""
    clusters: dict[str, set[str]] = {}
    for row in rows(release, "articles") + rows(release, "dropped"):
        if row["cluster_id"]:
            clusters.setdefault(row["cluster_id"], set()).add(row["page_id"])
    return set(map(frozenset, clusters.values()))


def write_new(folder: Path) -> None:
    """Two new stories, a near copy and an exact copy of old ones, and a page without text."""
    folder.mkdir()
    for number in (12, 13):
        (folder / f"{number}.html").write_text(article(number), "utf-8")
    (folder / "near.html").write_text(article(1, extra="记者林一舟现场报道。"), "utf-8")
    (folder / "same.html").write_text(article(2).replace("临江晚报", "望海日报"), "utf-8")
    (folder / "void.html").write_text("<html><body><script>var b = 2;</script></body></html>", "utf-8")


@pytest.fixture
def first(pages: Path, zhnews: Zhnews) -> Path:
    """A release of the pages."""
    assert zhnews("build", pages, "-o", "out", "-j", 1, "-q").returncode == 0
    return pages.parent / "out" / "zhnews-0.1.0"


def test_new_pages_are_added_and_nothing_published_moves(pages: Path, first: Path, zhnews: Zhnews) -> None:
    write_new(pages.parent / "new")
    pages.rename(pages.parent / "gone")  # the old pages are not read again
    done = zhnews("build", "new", "--over", first, "-o", "out", "-j", 1, "-q", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["folder"], told["pages"], told["articles"], told["duplicates"]) == ("out/zhnews-0.2.0", 20, 14, 3)
    second = first.with_name("zhnews-0.2.0")
    assert len(rows(second, "articles")) + len(rows(second, "dropped")) == 20

    now = {row["article_id"]: row for row in rows(second, "articles")}
    for row in rows(first, "articles"):
        changed = {name for name, value in row.items() if now[row["article_id"]][name] != value}
        assert changed <= {"cluster_size"}
    reasons = {row["source"]: row for row in rows(second, "dropped")}
    for name, reason in (("near", "dedupe:near"), ("same", "dedupe:exact")):
        dropped = reasons[f"new/{name}.html"]
        assert dropped["reason"] == reason
        assert now[dropped["kept_id"]]["source"].startswith("pages/")
    assert reasons["new/void.html"]["reason"] == "parse:no-text"

    assert zhnews("verify", second).returncode == 0
    for page in ("pages/00.html", "new/12.html", "new/near.html"):
        (found,) = map(json.loads, zhnews("explain", second, page, "--json").stdout.splitlines())
        assert found["blocks"]
    manifest = json.loads((second / "manifest.json").read_text("utf-8"))
    assert (manifest["over"]["version"], manifest["over"]["articles"]) == ("0.1.0", 12)
    assert manifest["inputs"]["files"] == 20
    assert "zhnews build dataset.toml --over out/zhnews-0.1.0" in (second / "README.md").read_text("utf-8")


def test_the_release_is_that_of_a_whole_build_but_for_what_was_published(
    pages: Path, first: Path, zhnews: Zhnews
) -> None:
    write_new(pages.parent / "new")
    zhnews("build", "new", "--over", first, "-o", "out", "-j", 1, "-q")
    second = first.with_name("zhnews-0.2.0")
    # the same, with all pages read again
    assert zhnews("build", "new", "--over", first, "-o", "again", "-j", 1, "-q", "--fresh").returncode == 0
    assert tables(second) == tables(pages.parent / "again" / "zhnews-0.2.0")
    zhnews("build", pages, "new", "-o", "whole", "-j", 1, "-q")
    assert stories(second) == stories(pages.parent / "whole" / "zhnews-0.1.0")


def test_the_same_folder_with_more_pages_is_read_once(pages: Path, first: Path, zhnews: Zhnews) -> None:
    (pages / "12.html").write_text(article(12), "utf-8")
    build = ("build", pages, "-o", "out", "-j", 1, "-q", "--json")
    told = json.loads(zhnews(*build, "--over", first).stdout)
    assert (told["inputs"], told["pages"], told["articles"]) == (16, 16, 13)
    (pages / "13.html").write_text(article(13), "utf-8")
    told = json.loads(zhnews(*build, "--over", first.with_name("zhnews-0.2.0")).stdout)
    assert (told["folder"], told["pages"], told["articles"]) == ("out/zhnews-0.3.0", 17, 14)


def test_of_a_file_that_has_grown_only_the_new_rows_are_read(tmp_path: Path, zhnews: Zhnews) -> None:
    lines = [json.dumps({"html": article(n), "url": f"https://linjiang.example/{n}"}) for n in range(4)]
    feed = tmp_path / "feed.jsonl"
    feed.write_text("\n".join([*lines[:2], "{"]), "utf-8")
    build = ("build", "feed.jsonl", "-o", "out", "-j", 1, "-q", "--json")
    assert json.loads(zhnews(*build).stdout)["pages"] == 3
    feed.write_text("\n".join([*lines[:2], "{", *lines[2:]]), "utf-8")
    over = ("--over", "out/zhnews-0.1.0")
    told = json.loads(zhnews(*build, *over).stdout)
    assert (told["pages"], told["articles"], told["rejected"]) == (5, 4, 1)
    told = json.loads(zhnews(*build, *over, "--fresh").stdout)
    assert (told["pages"], told["articles"], told["rejected"]) == (5, 4, 1)


def test_other_settings_read_the_pages_again_and_move_nothing(pages: Path, first: Path, zhnews: Zhnews) -> None:
    (pages / "12.html").write_text(article(12), "utf-8")
    settings = 'version = "2.0.0"\ninputs = ["pages"]\n[articles]\nmin_chars = 20\n[splits]\ntrain = 0\ntest = 0.9\n'
    (pages.parent / "dataset.toml").write_text(settings, "utf-8")
    done = zhnews("build", "dataset.toml", "--over", first, "-o", "out", "-j", 1, "-q")
    assert done.returncode == 0, done.stderr
    now = {row["article_id"]: row for row in rows(first.with_name("zhnews-2.0.0"), "articles")}
    assert len(now) == 13
    for row in rows(first, "articles"):
        assert all(now[row["article_id"]][name] == row[name] for name in ("cluster_id", "split", "source"))

    shutil.rmtree(first.with_name("zhnews-2.0.0"))
    (pages / "03.html").unlink()
    done = zhnews("build", "dataset.toml", "--over", first, "-o", "other", "-j", 1, "-q")
    assert done.returncode == 1
    assert "1 pages that" in done.stderr
    assert "such as pages/03.html" in done.stderr
    assert "settings have changed" in done.stderr


def test_without_its_work_tables_a_release_says_that_its_pages_must_be_named(
    pages: Path, first: Path, zhnews: Zhnews
) -> None:
    shutil.rmtree(first.parent / ".work")
    write_new(pages.parent / "new")
    done = zhnews("build", "new", "--over", first, "-o", "out", "-j", 1, "-q")
    assert done.returncode == 1
    assert "12 pages that" in done.stderr
    assert "must be named again" in done.stderr
    assert zhnews("build", "pages", "new", "--over", first, "-o", "out", "-j", 1, "-q").returncode == 0
    now = {row["article_id"]: row for row in rows(first.with_name("zhnews-0.2.0"), "articles")}
    assert len(now) == 14
    assert all(now[row["article_id"]]["split"] == row["split"] for row in rows(first, "articles"))


def test_what_cannot_be_added_to_is_told(pages: Path, first: Path, zhnews: Zhnews) -> None:
    def told(*args: object) -> tuple[int, str]:
        done = zhnews("build", *args, "-o", "out", "-j", 1, "-q")
        assert "Traceback" not in done.stderr
        return done.returncode, done.stderr

    code, error = told(pages, "--over", pages)
    assert (code, "is not a release" in error) == (1, True)
    code, error = told(pages, "--over", first, "--limit", 3)
    assert (code, "do not go together" in error) == (2, True)
    (pages.parent / "dataset.toml").write_text('inputs = ["pages"]\n', "utf-8")
    code, error = told("dataset.toml", "--over", first)
    assert (code, "version: '0.1.0' is that of" in error) == (2, True)
    (shard,) = (first / "articles").glob("train-*.parquet")
    shard.unlink()
    code, error = told(pages, "--over", first)
    assert (code, "is not as it was published" in error) == (1, True)


def test_a_release_with_files_beside_its_settings_needs_them_again(pages: Path, zhnews: Zhnews) -> None:
    (pages.parent / "removal.txt").write_text("某个不存在的短语\n", "utf-8")
    (pages.parent / "dataset.toml").write_text('inputs = ["pages"]\n[removal]\nfile = "removal.txt"\n', "utf-8")
    zhnews("build", "-o", "out", "-j", 1, "-q")
    done = zhnews("build", pages, "--over", "out/zhnews-0.1.0", "-o", "out", "-j", 1, "-q")
    assert done.returncode == 2
    assert "removal.txt. Name that dataset.toml" in done.stderr


def test_rows_are_taken_from_a_release_only_when_its_own_pages_made_them(pages: Path, first: Path) -> None:
    earlier = read_earlier(first)
    settings = earlier.manifest["settings"]
    assert earlier.published(settings) is not None
    assert earlier.published(settings | {"words": settings["words"] | {"keywords": 3}}) is None
    (earlier.tables / NOTE).unlink()
    assert earlier.published(settings) is None


def test_a_published_page_can_be_taken_out_and_its_copy_stays_in_its_split(
    pages: Path, first: Path, zhnews: Zhnews
) -> None:
    (copy,) = (row for row in rows(first, "dropped") if row["reason"] == "dedupe:exact")
    (gone,) = (row for row in rows(first, "articles") if row["article_id"] == copy["kept_id"])
    (pages.parent / "removal.txt").write_text(f"{gone['page_id']}\n", "utf-8")
    settings = 'version = "0.2.0"\ninputs = ["pages"]\n[removal]\nfile = "removal.txt"\n'
    (pages.parent / "dataset.toml").write_text(settings, "utf-8")
    done = zhnews("build", "--over", first, "-o", "out", "-j", 1)
    assert done.returncode == 0, done.stderr
    assert "1 articles of the earlier release are not published any more" in done.stderr
    now = {row["article_id"]: row for row in rows(first.with_name("zhnews-0.2.0"), "articles")}
    assert gone["article_id"] not in now
    stays = now[copy["page_id"]]
    assert (stays["cluster_id"], stays["split"]) == (gone["cluster_id"], gone["split"])


def test_a_part_that_comes_in_later_is_joined_to_the_article_that_was_published(tmp_path: Path, zhnews: Zhnews) -> None:
    (tmp_path / "pages").mkdir()
    for name, more in (("yunlu-2019-12-08.html", ()), ("yunlu-2019-12-08_2.html", ("--over", "out/zhnews-0.1.0"))):
        shutil.copy(SEEDS / name, tmp_path / "pages" / name)
        done = zhnews("build", "pages", *more, "-o", "out", "-j", 1, "-q")
        assert done.returncode == 0, done.stderr
    first = tmp_path / "out" / "zhnews-0.1.0"
    (before,), (after,) = rows(first, "articles"), rows(first.with_name("zhnews-0.2.0"), "articles")
    assert after["text"].startswith(before["text"])
    assert len(after["text"]) > len(before["text"])
    assert [after[name] == before[name] for name in ("article_id", "cluster_id", "split")] == [True, True, True]
    assert zhnews("verify", first.with_name("zhnews-0.2.0")).returncode == 0


def test_a_page_with_two_published_stories_is_dropped_and_both_stay(pages: Path, first: Path, zhnews: Zhnews) -> None:
    (pages.parent / "new").mkdir()
    both = article(3, extra=f"</p>\n<p>{LEDES[4]}</p>\n<p>{BODIES[4]}记者将继续关注此事的进展。")
    (pages.parent / "new" / "both.html").write_text(both, "utf-8")
    told = json.loads(zhnews("build", "new", "--over", first, "-o", "out", "-j", 1, "-q", "--json").stdout)
    assert (told["articles"], told["duplicates"], told["clusters_bridged"], told["articles_gone"]) == (12, 2, 1, 0)
    second = first.with_name("zhnews-0.2.0")
    kept = {row["source"]: row for row in rows(second, "articles")}
    clusters = {kept[f"pages/0{n}.html"]["cluster_id"] for n in (3, 4)}
    (dropped,) = (row for row in rows(second, "dropped") if row["source"] == "new/both.html")
    assert dropped["cluster_id"] == min(clusters) != max(clusters)
    assert zhnews("verify", second).returncode == 0
    zhnews("build", pages, "new", "-o", "whole", "-j", 1, "-q")
    assert len(rows(pages.parent / "whole" / "zhnews-0.1.0", "articles")) == 11, "a whole build takes them for one"
