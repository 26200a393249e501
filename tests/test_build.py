"""The main job from end to end, as a user runs it."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import Zhnews, article


def rows(release: Path, config: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for path in sorted((release / config).glob("*.parquet")):
        found += pq.read_table(path).to_pylist()
    return found


def files(release: Path) -> dict[str, bytes]:
    return {str(path.relative_to(release)): path.read_bytes() for path in sorted(release.rglob("*")) if path.is_file()}


def test_rows_in_are_rows_kept_plus_rows_dropped(pages: Path, zhnews: Zhnews) -> None:
    done = zhnews("build", pages, "-o", "out", "-j", 1, "--json", "-q")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["pages"], told["articles"], told["duplicates"], told["rejected"]) == (15, 12, 1, 2)
    assert told["dropped"] == {"dedupe:exact": 1, "label:no-article": 1, "parse:no-text": 1}
    release = pages.parent / told["folder"]
    assert len(rows(release, "articles")) + len(rows(release, "dropped")) == 15


def test_a_duplicate_is_dropped_with_what_was_kept_instead(pages: Path, zhnews: Zhnews) -> None:
    zhnews("build", pages, "-o", "out", "-j", 1, "-q")
    release = pages.parent / "out" / "zhnews-0.1.0"
    kept = {row["article_id"]: row for row in rows(release, "articles")}
    (dropped,) = (row for row in rows(release, "dropped") if row["reason"] == "dedupe:exact")
    sources = {dropped["source"], kept[dropped["kept_id"]]["source"]}
    assert sources == {"pages/00.html", "pages/copy.html"}
    assert kept[dropped["kept_id"]]["cluster_size"] == 2


def test_a_near_duplicate_is_dropped_with_the_measures_that_decided(pages: Path, zhnews: Zhnews) -> None:
    (pages / "near.html").write_text(article(1, extra="记者林一舟现场报道。"), "utf-8")
    zhnews("build", pages, "-o", "out", "-j", 1, "-q")
    release = pages.parent / "out" / "zhnews-0.1.0"
    (dropped,) = (row for row in rows(release, "dropped") if row["reason"] == "dedupe:near")
    assert dropped["compared_with"] == dropped["kept_id"]
    assert (dropped["rule"], dropped["facts_changed"]) == ("near", 0)
    pairs = {row["rule"]: row for row in rows(release, "near_dup_pairs")}
    assert set(pairs) == {"exact", "near"}
    assert {pairs["near"]["left_id"], pairs["near"]["right_id"]} == {dropped["page_id"], dropped["kept_id"]}
    assert [str(pairs["near"][side]).count("现场报道") for side in ("left_text", "right_text")] in ([0, 1], [1, 0])
    (told,) = map(json.loads, zhnews("explain", release, dropped["source"], "--json").stdout.splitlines())
    alone = release.rename(pages.parent / "alone")
    (published,) = map(json.loads, zhnews("explain", alone, dropped["source"], "--json").stdout.splitlines())
    assert told["edge"] == published["edge"]
    assert told["edge"]["jaccard"] == dropped["jaccard"]


def test_the_same_input_gives_the_same_bytes_whatever_the_number_of_jobs(pages: Path, zhnews: Zhnews) -> None:
    for jobs in (1, 2):
        done = zhnews("build", pages, "-o", f"out{jobs}", "-j", jobs, "-q")
        assert done.returncode == 0, done.stderr
    one, two = (files(pages.parent / f"out{jobs}" / "zhnews-0.1.0") for jobs in (1, 2))
    assert one == two


def test_the_order_in_which_files_are_named_changes_no_byte(pages: Path, zhnews: Zhnews) -> None:
    named = sorted(path.relative_to(pages.parent) for path in pages.iterdir())
    zhnews("build", *named, "-o", "a", "-j", 1, "-q")
    zhnews("build", *reversed(named), "-o", "b", "-j", 1, "-q")
    one, two = (files(pages.parent / out / "zhnews-0.1.0") for out in "ab")
    del one["manifest.json"], two["manifest.json"]  # it holds the inputs as they were named
    assert {n: b for n, b in one.items() if n.endswith(".parquet")} == {
        n: b for n, b in two.items() if n.endswith(".parquet")
    }


def test_a_second_run_makes_nothing_anew(pages: Path, zhnews: Zhnews) -> None:
    zhnews("build", pages, "-o", "out", "-j", 1, "-q")
    tables = pages.parent / "out" / ".work" / "zhnews-0.1.0"
    before = {path: path.stat().st_mtime_ns for path in tables.glob("articles/*.parquet")}
    assert before
    assert zhnews("build", pages, "-o", "out", "-j", 1, "-q").returncode == 0
    assert {path: path.stat().st_mtime_ns for path in tables.glob("articles/*.parquet")} == before


def test_fresh_makes_all_anew(pages: Path, zhnews: Zhnews) -> None:
    zhnews("build", pages, "-o", "out", "-j", 1, "-q")
    (shard,) = (pages.parent / "out" / ".work" / "zhnews-0.1.0").glob("articles/*.parquet")
    before = shard.stat().st_mtime_ns
    zhnews("build", pages, "-o", "out", "-j", 1, "-q", "--fresh")
    assert shard.stat().st_mtime_ns != before


def test_a_changed_page_changes_the_next_build(pages: Path, zhnews: Zhnews) -> None:
    zhnews("build", pages, "-o", "out", "-j", 1, "-q")
    (pages / "copy.html").write_text(article(12), "utf-8")
    told = json.loads(zhnews("build", pages, "-o", "out", "-j", 1, "-q", "--json").stdout)
    assert told["articles"] == 13, "it is another story now"


def test_limit_reads_the_first_pages_only(pages: Path, zhnews: Zhnews) -> None:
    told = json.loads(zhnews("build", pages, "-o", "out", "-j", 1, "-q", "--json", "--limit", 5).stdout)
    assert told["pages"] == 5


def test_dry_run_writes_nothing(pages: Path, zhnews: Zhnews) -> None:
    done = zhnews("build", pages, "-o", "out", "--dry-run")
    assert "would read 15 html files" in done.stdout
    assert not (pages.parent / "out").exists()


def test_settings_name_the_dataset_and_inputs_count_from_their_folder(pages: Path, zhnews: Zhnews) -> None:
    settings = 'name = "linjiang"\nversion = "2.0.0"\nlicence = "cc0-1.0"\ninputs = ["pages/*.html"]\n'
    (pages.parent / "dataset.toml").write_text(settings, "utf-8")
    elsewhere = pages.parent / "elsewhere"
    elsewhere.mkdir()
    done = zhnews("build", "../dataset.toml", "-o", "../out", "-j", 1, "-q", cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    published = rows(pages.parent / "out" / "linjiang-2.0.0", "articles")
    assert {row["licence"] for row in published} == {"cc0-1.0"}
    assert all(str(row["source"]).startswith("pages/") for row in published)


def test_short_articles_are_dropped_when_the_settings_say_so(pages: Path, zhnews: Zhnews) -> None:
    settings = 'inputs = ["pages"]\n[articles]\nmin_chars = 100\n'
    (pages.parent / "dataset.toml").write_text(settings, "utf-8")
    head = '<meta charset="utf-8"><title>云溪快讯</title><h1>云溪快讯</h1><p>2024-05-01 08:00 来源：临江晚报</p>'
    (pages / "short.html").write_text(
        f"{head}<p>云溪镇今日通水，三千户居民受益，供水管线长达四十公里，水质由县疾控中心按月检测，结果向居民公示。</p>",
        "utf-8",
    )
    told = json.loads(zhnews("build", "-o", "out", "-j", 1, "-q", "--json").stdout)
    assert told["dropped"]["article:too-short"] == 1


def test_too_many_rejects_stop_the_build_with_exit_3(pages: Path, zhnews: Zhnews) -> None:
    settings = 'inputs = ["pages"]\n[limits]\nmax_reject_ratio = 0.1\n'
    (pages.parent / "dataset.toml").write_text(settings, "utf-8")
    done = zhnews("build", "-o", "out", "-j", 1, "-q")
    assert done.returncode == 3
    assert "2 of 15 pages were rejected" in done.stderr
    assert "label:no-article 1, parse:no-text 1" in done.stderr
    assert not (pages.parent / "out" / "zhnews-0.1.0").exists()


def test_pages_come_from_standard_input_and_no_copy_of_it_is_left(tmp_path: Path, zhnews: Zhnews) -> None:
    told = json.loads(zhnews("build", "-", "-o", "out", "-j", 1, "-q", "--json", stdin=article(3)).stdout)
    assert told["articles"] == 1
    assert not list((tmp_path / "out").rglob("stdin*"))


def test_jsonl_and_parquet_read_the_fields_that_the_settings_name(tmp_path: Path, zhnews: Zhnews) -> None:
    (tmp_path / "feed.jsonl").write_text(
        json.dumps({"raw": article(0), "link": "https://linjiang.example/0"}) + "\n", "utf-8"
    )
    table = pa.table({"raw": [article(1), article(2)], "link": ["https://linjiang.example/1", None]})
    pq.write_table(table, tmp_path / "feed.parquet")
    settings = 'inputs = ["feed.jsonl", "feed.parquet"]\n[read]\nhtml_field = "raw"\nurl_field = "link"\n'
    (tmp_path / "dataset.toml").write_text(settings, "utf-8")
    done = zhnews("build", "-o", "out", "-j", 1, "-q")
    assert done.returncode == 0, done.stderr
    published = rows(tmp_path / "out" / "zhnews-0.1.0", "articles")
    assert {row["source"]: row["url"] for row in published} == {
        "feed.jsonl#1": "https://linjiang.example/0",
        "feed.parquet#1": "https://linjiang.example/1",
        "feed.parquet#2": None,
    }


def test_progress_goes_to_stderr_and_quiet_silences_it(pages: Path, zhnews: Zhnews) -> None:
    loud = zhnews("build", pages, "-o", "a", "-j", 1)
    quiet = zhnews("build", pages, "-o", "b", "-j", 1, "-q")
    assert "pages: 1 of 1 parts" in loud.stderr
    assert quiet.stderr == ""
    assert 'load_dataset("a/zhnews-0.1.0")' in loud.stdout


@pytest.mark.parametrize("command", ["stats", "verify", "explain"])
def test_a_folder_that_is_no_release_is_told(command: str, tmp_path: Path, zhnews: Zhnews) -> None:
    done = zhnews(command, tmp_path, *(["0"] if command == "explain" else []))
    assert done.returncode in (1, 4)
    assert "Traceback" not in done.stderr


def test_a_build_never_reads_its_own_output(pages: Path, zhnews: Zhnews) -> None:
    for _ in range(2):
        told = json.loads(zhnews("build", ".", "-o", "out", "-j", 1, "-q", "--json").stdout)
        assert told["pages"] == 15


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_ends_with_130_and_the_same_command_goes_on(jobs: int, tmp_path: Path, zhnews: Zhnews) -> None:
    for part in range(8):
        lines = (json.dumps({"html": article(n, extra=f"共{part}轮。" * 20)}) for n in range(300))
        (tmp_path / f"{part}.jsonl").write_text("\n".join(lines), "utf-8")
    arguments = ["build", "*.jsonl", "-o", "out", "-j", str(jobs)]
    command = [sys.executable, "-m", "builder.cli", *arguments]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True) as build:
        work = tmp_path / "out" / ".work" / "zhnews-0.1.0"
        while not list(work.glob(".pages.*.partial")):
            assert build.poll() is None
            time.sleep(0.01)
        os.killpg(build.pid, signal.SIGINT)  # a terminal sends it to the workers too
        _, told = build.communicate(timeout=60)
    assert build.returncode == 130
    assert "the same command goes on" in told
    assert "Traceback" not in told
    assert not (tmp_path / "out" / "zhnews-0.1.0").exists()
    done = zhnews(*arguments, "-q", "--json")
    assert json.loads(done.stdout)["pages"] == 2400


def test_poor_articles_are_dropped_when_the_settings_say_so(pages: Path, zhnews: Zhnews) -> None:
    settings = 'inputs = ["pages"]\n[quality]\nscripts = ["traditional"]\n'
    (pages.parent / "dataset.toml").write_text(settings, "utf-8")
    told = json.loads(zhnews("build", "-o", "out", "-j", 1, "-q", "--json").stdout or "{}")
    assert told == {}, "nothing is left to publish"
    (pages.parent / "dataset.toml").write_text(settings.replace("traditional", "simplified"), "utf-8")
    (pages / "tw.html").write_text(article(15, extra="臨江新橋今日建成通車，兩岸居民過江的時間縮短了。" * 9), "utf-8")
    told = json.loads(zhnews("build", "-o", "out", "-j", 1, "-q", "--json").stdout)
    assert told["dropped"]["quality:script"] == 1
    assert told["articles"] == 12


def test_a_conversion_that_is_not_installed_is_told_at_once(pages: Path, zhnews: Zhnews) -> None:
    if find_spec("opencc"):
        pytest.skip("OpenCC is installed")
    (pages.parent / "dataset.toml").write_text('inputs = ["pages"]\n[articles]\nsimplified = true\n', "utf-8")
    done = zhnews("build", "-o", "out", "-j", 1, "-q")
    assert done.returncode == 2
    assert "pip install 'zhnews-builder[opencc]'" in done.stderr


def test_an_article_says_what_normalising_it_changed(pages: Path, zhnews: Zhnews) -> None:
    (pages / "odd.html").write_text(article(14, extra="\u3000\u3000班车\u200b每\u200b十分钟一趟。"), "utf-8")
    assert zhnews("build", pages, "-o", "out", "-j", 1, "-q").returncode == 0
    published = {row["source"]: row for row in rows(pages.parent / "out" / "zhnews-0.1.0", "articles")}
    assert published["pages/odd.html"]["normalized"] == {"invisible": 2, "spaces": 2, "surrogates": 0, "composed": 0}
    assert published["pages/03.html"]["normalized"] == dict.fromkeys(
        ["invisible", "spaces", "surrogates", "composed"], 0
    )
