"""A release whose texts would leak from train to test, had the build only the search by bands; from pages to verify."""

from pathlib import Path

import numpy as np
import pytest

from builder.build_command import print_built
from builder.dedup import across, steps
from builder.earlier import Earlier, read_earlier
from builder.engines.embedded import Embedded
from builder.engines.over_folders import PARTITION_BYTES
from builder.pipeline import Built, build
from builder.publish.verify import verify
from builder.read import find_inputs
from builder.settings import Settings
from tests.conftest import ARTICLE
from tests.dedup.news import story
from tests.test_build_over import rows


def write_pages(folder: Path, number: int, n: int = 2, first: int = 0) -> None:
    """Pages with articles of which half of every line is the same: related, and no copies of each other."""
    folder.mkdir(exist_ok=True)
    shared = story(1_000 * number).split("\n")
    for i in range(first, first + n):
        other = story(1_000 * number + i + 1).split("\n")
        lede, *body = (f"{a}{b[:20]}。" for a, b in zip(shared, other, strict=True))
        html = ARTICLE.format(
            title=other[0][:12], date=f"2024-05-{i + 1:02}", lede=lede, body="</p>\n<p>".join(body), extra=""
        )
        (folder / f"{number:02}-{i}.html").write_text(html, "utf-8")


def make(
    folder: Path,
    version: str,
    pages: tuple[str, ...],
    over: Earlier | None = None,
    partition_bytes: int = PARTITION_BYTES,
) -> Built:
    inputs = find_inputs([str(folder / name) for name in pages], folder)
    work, out = folder / "out" / ".work" / f"zhnews-{version}", folder / "out" / f"zhnews-{version}"
    with Embedded(1, fresh=partition_bytes != PARTITION_BYTES, partition_bytes=partition_bytes) as engine:
        return build(Settings(version=version), inputs, engine, work, out, over=over)


def faults_of(built: Built) -> list[str]:
    return [fault.what for fault in verify(built.release.folder)]


@pytest.fixture(autouse=True)
def no_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chance is against every pair: none shares a band."""
    monkeypatch.setattr(steps, "pair_texts", lambda _: np.zeros(0, np.uint64))


@pytest.fixture
def leaking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Built:
    """A release of an older program, which did not search again."""
    for number in range(24):
        write_pages(tmp_path / "pages", number)
    with monkeypatch.context() as patch:
        patch.setattr(across, "find_apart", lambda *_: set())
        return make(tmp_path, "1.0.0", ("pages",))


def test_what_the_bands_miss_shares_a_split_and_the_release_passes(leaking: Built, tmp_path: Path) -> None:
    (told,) = faults_of(leaking)
    assert told.startswith("near-duplicates in different splits")
    assert leaking.release.leaks > 1
    again = make(tmp_path, "1.0.0", ("pages",))  # in the same work folder: its tables are made again
    assert (again.release.leaks, faults_of(again)) == (0, [])
    before, now = ({row["article_id"]: row for row in rows(b.release.folder, "articles")} for b in (leaking, again))
    assert again.counts == leaking.counts
    assert [name for name in now if now[name]["cluster_id"] != before[name]["cluster_id"]] == []
    files = {path.name: path.read_bytes() for path in again.release.folder.rglob("*.parquet")}
    assert make(tmp_path, "1.0.0", ("pages",), partition_bytes=8_000).release.leaks == 0
    assert {path.name: path.read_bytes() for path in again.release.folder.rglob("*.parquet")} == files


def test_a_new_article_goes_where_the_one_that_it_is_like_was_published(tmp_path: Path) -> None:
    for number in range(24):
        write_pages(tmp_path / "pages", number, n=1)
        write_pages(tmp_path / "new", number, n=1, first=1)
    first = make(tmp_path, "1.0.0", ("pages",))
    second = make(tmp_path, "2.0.0", ("new",), read_earlier(first.release.folder))
    split = {row["source"][-9:]: row["split"] for row in rows(second.release.folder, "articles")}
    assert {row["source"][-9:]: row["split"] for row in rows(first.release.folder, "articles")}.items() <= split.items()
    assert len(set(split.values())) > 1
    assert [split[f"{n:02}-1.html"] for n in range(24)] == [split[f"{n:02}-0.html"] for n in range(24)]
    assert faults_of(second) == []


def test_what_an_older_program_published_stays_and_is_told(
    leaking: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(24):
        write_pages(tmp_path / "new", number, n=1, first=2)
    second = make(tmp_path, "2.0.0", ("new",), read_earlier(leaking.release.folder))
    before, now = (
        {row["article_id"]: (row["split"], row["cluster_id"]) for row in rows(built.release.folder, "articles")}
        for built in (leaking, second)
    )
    assert before.items() <= now.items()
    # A new article like two that are in two splits is in neither.
    assert second.dropped["split:between"] == second.release.leaks == leaking.release.leaks
    print_built(second, second.release.folder, None, as_json=True, quiet=True)
    assert f"{leaking.release.leaks} pairs of articles that are nearly alike" in capsys.readouterr().err
    assert faults_of(second) == faults_of(leaking)
