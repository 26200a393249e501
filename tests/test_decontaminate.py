import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.decontaminate import DecontaminateSettings, drop_contaminated, read_benchmarks, runs_of
from builder.dedup.keys import keys_of
from builder.errors import SettingsError
from builder.schemas import PAGES
from tests.conftest import BODIES, LEDES, Zhnews
from tests.dedup.news import story

PASSAGE = "云溪镇的老渡口今年改成了步行桥，两岸居民过江不再等船，桥头还留着旧时的船铃，每逢赶集便有孩子去敲。"


def table(*texts: str | None) -> pa.Table:
    rows = [{"page_id": f"{n}", "source": f"{n}.html", "text": text} for n, text in enumerate(texts)]
    return pa.Table.from_pylist([{name: row.get(name) for name in PAGES.names} for row in rows], schema=PAGES)


def write(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(list(rows)), folder / name)
    else:
        (folder / name).write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")


@pytest.mark.parametrize("name", ["试题.jsonl", "items.parquet"])
def test_an_article_with_a_passage_of_a_benchmark_is_dropped_and_names_the_item(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, {"question": story(1), "year": 2024}, {"question": f"阅读：{PASSAGE}", "year": 2024})
    benchmarks = read_benchmarks(DecontaminateSettings(files=(name,)), tmp_path)
    other_script = f"{story(2)}\n{PASSAGE.replace('云', '雲').replace('过', '過').replace('，', ',')}{story(3)}"
    found = drop_contaminated(table(story(4), other_script, None, PASSAGE[:30]), benchmarks)
    assert found.schema == PAGES
    assert found["reject"].to_pylist() == [None, f"decontaminate:{name}", None, None]
    assert found["detail"][1].as_py() == f"it shares 40 characters or more with item 2 of {name}"
    assert found["text"].to_pylist() == [story(4), None, None, PASSAGE[:30]]


def test_items_shorter_than_a_passage_are_counted_and_other_fields_left_out(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", {"q": "桥在哪里？", "context": PASSAGE}, {"q": PASSAGE, "context": ["甲", "乙"]})
    benchmarks = read_benchmarks(DecontaminateSettings(files=("a.jsonl",), fields=("q",)), tmp_path)
    (told,) = benchmarks.describe()
    assert (told["name"], told["items"], told["short"], told["n_chars"]) == ("a.jsonl", 2, 1, 40)
    assert drop_contaminated(table(PASSAGE), benchmarks)["detail"][0].as_py().endswith("item 2 of a.jsonl")


def test_a_passage_does_not_reach_over_two_items_or_two_articles(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", {"q": PASSAGE[:25]}, {"q": PASSAGE[25:]})
    benchmarks = read_benchmarks(DecontaminateSettings(files=("a.jsonl",)), tmp_path)
    assert drop_contaminated(table(PASSAGE, PASSAGE[:25], PASSAGE[25:]), benchmarks)["reject"].null_count == 3


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("no.jsonl", None, "is not there; name a .jsonl or .parquet file"),
        ("a.csv", "q\n桥", "should end in .jsonl or .parquet"),
        ("a.jsonl", '{"q": "桥"}\n{"q": ', ":2 is no line of JSON"),
        ("a.jsonl", '["桥"]', ":1 holds list, not an object"),
        ("a.jsonl", '{"question": "桥"}', ":1 has no field 'q'; it has: question"),
        ("a.parquet", "桥", "is no whole Parquet file"),
        ("a.jsonl", '{"q": 3}', "holds no text; name its fields"),
    ],
)
def test_a_bad_file_is_told_with_its_place(tmp_path: Path, name: str, content: str | None, told: str) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(SettingsError) as error:
        read_benchmarks(DecontaminateSettings(files=(name,), fields=("q",)), tmp_path)
    assert told in str(error.value)


@given(st.lists(st.text("甲乙丙", max_size=12), max_size=5), st.integers(1, 4))
def test_equal_runs_have_equal_hashes_and_others_do_not(texts: list[str], n: int) -> None:
    hashes, text = runs_of(keys_of(pa.array(texts, pa.string())), n)
    runs = [(owner, each[i : i + n]) for owner, each in enumerate(texts) for i in range(len(each) - n + 1)]
    assert text.tolist() == [owner for owner, _ in runs]
    assert len(set(zip(hashes.tolist(), (run for _, run in runs), strict=True))) == len({run for _, run in runs})
    assert len(set(hashes.tolist())) == len({run for _, run in runs})


def test_a_build_drops_what_a_benchmark_holds_and_the_card_says_so(pages: Path, zhnews: Zhnews) -> None:
    write(pages.parent, "试题.jsonl", {"question": "临江", "answer": f"{LEDES[0]}{BODIES[0]}"})
    settings = 'inputs = ["pages"]\n[decontaminate]\nfiles = ["试题.jsonl"]\nn_chars = 20\n'
    (pages.parent / "dataset.toml").write_text(settings, "utf-8")
    done = zhnews("build", "-o", "out", "-j", 1, "-q", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["dropped"]["decontaminate:试题.jsonl"] == 2, "the article and its copy"
    release = pages.parent / "out" / "zhnews-0.1.0"
    assert "| `试题.jsonl` |" in (release / "README.md").read_text("utf-8")
    (told,) = map(json.loads, zhnews("explain", release, "pages/00.html", "--json").stdout.splitlines())
    assert told["detail"] == "it shares 20 characters or more with item 1 of 试题.jsonl"
    checked = zhnews("verify", release)
    assert checked.returncode == 0, checked.stdout
