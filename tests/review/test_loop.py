"""The loop: a correction on the review page changes the next release, there and nowhere else."""

import json
from pathlib import Path

import pyarrow.parquet as pq

from builder.review.load import LoadSettings, load_here, load_release, store_path
from builder.review.store import Event, Store, now
from tests.conftest import Zhnews


def build(zhnews: Zhnews, pages: Path, *, gold: bool) -> Path:
    settings = 'name = "linjiang"\ninputs = ["pages"]\n' + ('gold = "gold/blocks.jsonl"\n' if gold else "")
    (pages.parent / "dataset.toml").write_text(settings, "utf-8")
    done = zhnews("build", "-o", f"out-{gold}", "-j", 1)
    assert done.returncode == 0, done.stderr
    (pages.parent / "stderr.txt").write_text(done.stderr, "utf-8")
    return pages.parent / f"out-{gold}" / "linjiang-0.1.0"


def blocks_of(release: Path) -> dict[tuple[str, int], dict[str, object]]:
    table = pq.read_table(release / "blocks").select(["article_id", "index", "text", "role", "origin", "score"])
    return {(row["article_id"], row["index"]): row for row in table.to_pylist()}


def test_a_correction_changes_the_next_release_there_and_nowhere_else(pages: Path, zhnews: Zhnews) -> None:
    release = build(zhnews, pages, gold=False)
    path = store_path(release)
    assert load_here(release, path, LoadSettings()) == 12
    before_again = path.stat().st_mtime_ns
    assert load_release(release, path, LoadSettings()) == 12, "it is loaded already"
    assert path.stat().st_mtime_ns == before_again
    store = Store(path)
    ((item, version),) = store.query("SELECT item, version FROM queue WHERE mode = 'blocks' AND place = 0")
    blocks = store.content(version)["blocks"]
    number = next(i for i, block in enumerate(blocks) if "责任编辑" in block["text"])
    wrong = "comment"
    assert blocks[number]["role"] != wrong
    key = (blocks[number]["digest"], blocks[number]["occurrence"])
    for who in ("lin", "su"):
        common = (now(), who, "1", "blocks", item, version)
        store.append([Event(*common, "action-1", "role", *key, wrong), Event(*common, "action-1", "accept")])
    store.close()

    told = json.loads(zhnews("gold", "export", release, "-o", "gold/blocks.jsonl", "--json").stdout)
    assert (told["verdicts"], told["disputed"]) == (len(blocks), 0)
    lines = [json.loads(line) for line in (pages.parent / "gold" / "blocks.jsonl").read_text("utf-8").splitlines()]
    assert [line["text"] for line in lines] == [block["text"][:24] for block in blocks], "in the order of the page"
    assert zhnews("agree", release, "-o", "gold/agreement.json").returncode == 0

    corrected = build(zhnews, pages, gold=True)
    before, after = blocks_of(release), blocks_of(corrected)
    assert {place for place in before if before[place]["role"] != after[place]["role"]} == {(item, number)}
    assert {page for page, _ in before if before[page, _] != after[page, _]} == {item}
    assert before.keys() == after.keys()
    assert "## 人工审校" in (corrected / "README.md").read_text("utf-8")
    assert zhnews("verify", corrected).returncode == 0
    differs = json.loads(zhnews("diff", release, corrected, "--json").stdout)
    assert differs["configs"]["blocks"]["labels"] == {f"{blocks[number]['role']} → {wrong}": 1}

    # What is settled is not offered again, but planted with the automatic roles it had.
    assert load_here(corrected, path, LoadSettings()) == 11
    store = Store(path)
    place = store.place("blocks", item)
    assert place
    assert place.drawn == "gold"
    assert [b["role"] for b in store.content(place.version)["blocks"]] == [b["role"] for b in blocks]
    store.close()
    told = json.loads(zhnews("explain", "out-True/linjiang-0.1.0", item, "--json").stdout)
    assert [(b["role"], b["origin"]) for b in told["blocks"] if b["origin"] == "gold"] == [
        (wrong if i == number else block["role"], "gold") for i, block in enumerate(blocks)
    ]


def test_gold_that_matches_no_block_is_listed(pages: Path, zhnews: Zhnews) -> None:
    (pages.parent / "gold").mkdir()
    gone = {"page_id": "0" * 16, "block": "1" * 16, "occurrence": 0, "role": "lede", "annotator": "lin"}
    gone |= {"made_at": "2024-05-01T09:00:00+00:00", "text": "这一页不在输入里"}
    (pages.parent / "gold" / "blocks.jsonl").write_text(json.dumps(gone, ensure_ascii=False) + "\n", "utf-8")
    release = build(zhnews, pages, gold=True)
    assert "gold that matches no block: page 0000000000000000" in (pages.parent / "stderr.txt").read_text("utf-8")
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    assert manifest["gold"]["corrections"] == 1
    assert [lost["text"] for lost in manifest["gold"]["unmatched"]] == ["这一页不在输入里"]
    assert manifest["counts"]["gold_unmatched"] == 1
    assert zhnews("verify", release).returncode == 0


def test_a_gold_file_that_is_missing_stops_the_build(pages: Path, zhnews: Zhnews) -> None:
    (pages.parent / "dataset.toml").write_text('inputs = ["pages"]\ngold = "gold/none.jsonl"\n', "utf-8")
    done = zhnews("build", "-o", "out", "-j", 1)
    assert done.returncode == 2
    assert "zhnews gold export" in done.stderr
