"""Each trap is set in a good release, and `verify` must name it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from builder.cli import cli
from builder.dedup.search import find_duplicates
from builder.dedup.settings import DedupSettings
from builder.engines.embedded import Embedded
from builder.publish.documents import rewrite as rewrite_documents
from builder.publish.verify import verify
from tests.conftest import Zhnews, article
from tests.dedup.news import story, weather
from tests.publish.conftest import Publish, article_row, block, make_rows, page_row
from tests.publish.mutations import NOWHERE, Mutation, edit_json, put, write_rows
from tests.publish.traps import TRAPS, caught

TRAIN = "train-00000-of-00004.parquet"

T = TypeVar("T")


def faults_of(release: Path) -> str:
    return "\n".join(f"{fault.where}: {fault.what}" for fault in verify(release))


def test_a_good_release_has_no_fault(release: Path) -> None:
    assert verify(release) == []


def test_a_near_duplicate_in_another_split_is_told(publish_rows: Publish) -> None:
    rows = make_rows()
    shared = {"paragraph_articles": [2, 1, 2]}  # the subhead is too short to count
    rows[1] |= {"split": "train", **shared}
    place = {name: page_row(9004)[name] for name in ("page_id", "source", "url", "raw_sha256")}
    copy = article_row(1, cluster_id="c" * 16, split="test", article_id=place["page_id"], **place, **shared)
    copy["description"] = None
    spoiled = publish_rows([*rows, copy]).folder
    told = f"{rows[1]['article_id']} (train) and {copy['article_id']} (test) (Jaccard 1.00, containment 1.00)"
    assert faults_of(spoiled) == f"articles: near-duplicates in different splits: {told}"


def of_text(number: int, split: str, text: str, shared: str = "") -> dict[str, Any]:
    """An article of this text; the lines of `shared` stand in another one too."""
    spans: list[dict[str, Any]] = []
    for line in text.split("\n"):
        start = spans[-1]["end"] + 1 if spans else 0
        spans.append({"role": "body", "start": start, "end": start + len(line)})
    lines = text.split("\n")
    counts = {"paragraph_articles": [1 + (line in shared.split("\n")) for line in lines]}
    return article_row(number, split=split, text=text, lede=[], body=lines, paragraphs=spans, dateline=None, **counts)


def test_a_pair_in_two_splits_is_told_although_it_is_below_the_thresholds_of_a_cluster(publish_rows: Publish) -> None:
    shared, *others = (story(seed, sentences=12).split("\n") for seed in (1, 2, 3))
    texts = ["\n".join(a + b[:14] for a, b in zip(shared, other, strict=True)) for other in others]
    assert find_duplicates(pa.table({"id": ["a", "b"], "text": texts}), DedupSettings()).edges.num_rows == 0
    told = faults_of(publish_rows([of_text(1, "train", texts[0]), of_text(2, "test", texts[1])]).folder)
    assert "near-duplicates in different splits" in told
    apart = [of_text(1, "train", texts[0]), of_text(2, "test", story(4))]
    assert verify(publish_rows(apart).folder) == []


def test_a_brief_in_a_roundup_and_two_stories_of_one_template_are_no_leak(publish_rows: Publish) -> None:
    brief = story(1, sentences=4)
    roundup = "\n".join([story(2, sentences=8), brief, story(3, sentences=8)])
    rows = [
        of_text(1, "train", roundup, shared=brief),
        of_text(2, "test", brief, shared=brief),
        of_text(3, "train", weather(1)),
        of_text(4, "test", weather(2)),
    ]
    folder = publish_rows(rows).folder
    assert verify(folder) == []
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["measured"]["across_splits"] == {"near_duplicates": 0, "templates": 1, "briefs": 1}
    edit_json(folder / "manifest.json", lambda m: m["measured"]["across_splits"].update(briefs=0))
    assert "measured.across_splits.briefs is 0, counted from the Parquet files it is 1" in faults_of(folder)


def test_photo_pages_with_the_same_few_words_are_no_leak(publish_rows: Publish) -> None:
    def photo(number: int, split: str) -> dict[str, Any]:
        text = {
            "text": "见图",
            "dateline": None,
            "lede": [],
            "body": ["见图"],
            "paragraph_articles": [1],
            "paragraphs": [{"role": "body", "start": 0, "end": 2}],
        }
        return article_row(number, split=split, **text)

    assert verify(publish_rows([photo(1, "train"), photo(2, "test")]).folder) == []


def test_pictures_with_captions_alone_are_no_fault(zhnews: Zhnews, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    for number in range(4):
        (tmp_path / "pages" / f"{number}.html").write_text(article(number), "utf-8")
    pictures = "".join(
        f"<figure><img src=a.jpg><figcaption>图为{what}。邵一宁 摄</figcaption></figure>"
        for what in ("清晨的望海港", "装船的工人", "离港的货轮")
    )
    page = f"<title>望海港的一天</title><h1>望海港的一天</h1><p>2022-05-18 08:30 来源：青溪日报</p>{pictures}"
    (tmp_path / "pages" / "pictures.html").write_text(page, "utf-8")
    built = zhnews("build", "pages", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    (release,) = (folder for folder in (tmp_path / "out").iterdir() if not folder.name.startswith("."))
    assert "" in load_texts(release)
    assert verify(release) == []


def load_texts(release: Path) -> list[str]:
    files = sorted((release / "articles").glob("*.parquet"))
    return [text for file in files for text in pq.read_table(file)["text"].to_pylist()]


def test_a_line_added_at_the_end_of_the_card_is_told(release: Path) -> None:
    text = (release / "README.md").read_text("utf-8")
    (release / "README.md").write_text(text + "又一行\n", "utf-8")
    assert "lines, the release gives" in faults_of(release)


def test_a_file_that_was_cut_off_is_told(release: Path) -> None:
    path = release / f"articles/{TRAIN}"
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    told = faults_of(release)
    assert f"articles/{TRAIN}: is not a whole Parquet file" in told
    assert f"articles/{TRAIN}: has {len(raw) // 2} bytes, the manifest says {len(raw)}" in told


@pytest.mark.parametrize("name", ["train-a-of-b.parquet", "train-00000-of-00000.parquet", "Dev-00000-of-00001.parquet"])
def test_a_shard_with_a_wrong_name_is_told(release: Path, name: str) -> None:
    shutil.copy(release / f"articles/{TRAIN}", release / "articles" / name)
    assert f"articles/{name}: is not named SPLIT-00000-of-0000N.parquet" in faults_of(release)


def test_a_yaml_block_of_another_shape_is_told(release: Path) -> None:
    text = (release / "README.md").read_text("utf-8").partition("\n---\n")[2]
    (release / "README.md").write_text(f"---\nconfigs: articles\ndataset_info: [1]\n---\n{text}", "utf-8")
    assert "README.md: names no configs" in faults_of(release)


def test_a_folder_without_a_release_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        told = CliRunner().invoke(cli, ["verify", str(folder)])
        assert told.exit_code == 4
        assert "manifest.json: cannot be read" in told.stdout


def test_what_only_the_rules_of_today_find_is_no_fault_of_another_code(publish_rows: Publish) -> None:
    release = publish_rows([article_row(0, dateline=None) | {"captions": []}]).folder
    assert {fault.what.partition(",")[0] for fault in verify(release)} == {
        "dateline is null",
        "captions lack a caption in `blocks`",
    }
    edit_json(release / "manifest.json", lambda m: m["pipeline"].update(code_sha256="0" * 64))
    rewrite_documents(release)
    assert verify(release) == []


@pytest.mark.parametrize(
    ("above", "lacking"),
    [
        pytest.param([block("桥头。沈若川 摄", "caption")], True, id="a caption"),
        pytest.param([block("桥头。沈若川 摄", "caption"), block("沈若川", "credit")], False, id="of another article"),
        pytest.param([block("——", "caption")], False, id="marks"),
        pytest.param([block("临江第0座便民桥通车！", "caption")], False, id="the title"),
    ],
)
def test_a_caption_that_a_build_may_leave_out_is_no_fault(
    publish_rows: Publish, above: list[dict[str, Any]], lacking: bool
) -> None:
    row = article_row(0)
    footer = [*row["footer"], *(each["text"] for each in above if each["role"] == "credit")]
    blocks = [{"page_id": row["page_id"], **each} for each in above] + row["blocks"]
    row |= {"blocks": [each | {"dup_of": None} for each in blocks], "footer": footer}
    told = faults_of(publish_rows([row]).folder)
    assert ("captions lack a caption" in told) == lacking, told
    assert lacking or not told


def test_hidden_files_that_tools_leave_are_no_fault(release: Path) -> None:
    (release / ".cache").mkdir()
    (release / ".cache/CACHEDIR.TAG").write_text("", "utf-8")
    assert verify(release) == []


def test_faults_come_in_one_order_whatever_pythons_hashes(release: Path) -> None:
    for name in (f"articles/{TRAIN}", f"blocks/{TRAIN}", "articles/test-00000-of-00001.parquet"):
        write_rows(release, name, lambda table: put(table, "article_id", 0, NOWHERE))
    told = [
        subprocess.run(
            [sys.executable, "-m", "builder.cli", "verify", release],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=False,
        )
        for seed in ("1", "2", "3")
    ]
    assert {run.returncode for run in told} == {4}
    assert len({run.stdout for run in told}) == 1


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.trap)
def test_every_trap_is_told_by_its_own_check(release: Path, trap: Mutation) -> None:
    trap.change(release)
    faults = verify(release)
    assert caught(faults, trap), faults
    if trap.agrees:
        assert not [fault for fault in faults if fault.where == "stats.json" or "manifest" in fault.what]


def test_any_number_of_processes_finds_the_same_faults_in_the_same_order(release: Path) -> None:
    for trap in [each for each in TRAPS if each.agrees][::12]:
        trap.change(release)
    edit_json(release / "manifest.json", lambda m: m["files"][0].update(sha256="0" * 64))
    alone = verify(release)
    with Embedded(2) as engine:
        assert verify(release, engine.run) == alone
    assert len({fault.where for fault in alone}) > 5


def test_text_that_cannot_be_read_is_told_with_its_place_and_not_shown(release: Path, zhnews: Zhnews) -> None:
    def spoil(articles: pa.Table) -> pa.Table:
        texts = [text.encode() for text in articles["text"].to_pylist()]
        spoiled = pa.array([b"\xff" + texts[0], *texts[1:]], pa.binary())
        texts = pa.Array.from_buffers(pa.string(), len(spoiled), spoiled.buffers())
        return articles.set_column(articles.schema.get_field_index("text"), "text", texts)

    town = pq.read_table(release / f"articles/{TRAIN}", columns=["text"])["text"][0].as_py()[:2]
    write_rows(release, f"articles/{TRAIN}", spoil)
    done = zhnews("verify", release, "-j", "2")
    assert done.returncode == 4
    assert f"articles/{TRAIN}: column 'text' cannot be read" in done.stdout
    assert town not in done.stdout + done.stderr


def test_a_small_release_is_verified_without_other_processes(publish_rows: Publish) -> None:
    def refuse(name: str, calls: Sequence[Callable[[], T]]) -> list[T]:
        raise AssertionError(name)

    assert verify(publish_rows(make_rows()).folder, refuse) == []
