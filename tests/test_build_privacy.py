"""Personal data and the removal list, from pages to a release."""

import json
from pathlib import Path

import pyarrow.parquet as pq

from tests.conftest import Zhnews, article

VALUES = ("13800001234", "023-67950012", "linjiang_baoliao", "11010519491231002X", "news@linjiang.example")
CONTACT = (
    "失主可拨打023-67950012或13800001234，也可加微信号linjiang_baoliao；"
    "身份证号11010519491231002X，邮箱news@linjiang.example。"
)


def everything(folder: Path) -> bytes:
    """Every byte of the folder, Parquet as its values."""
    held = b""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        held += path.read_bytes()
        if path.suffix == ".parquet":
            held += json.dumps(pq.read_table(path).to_pylist(), default=str, ensure_ascii=False).encode()
    return held


def published(release: Path, config: str) -> list[dict[str, object]]:
    return [row for path in sorted((release / config).glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def test_no_value_is_written_anywhere_and_every_offset_holds(pages: Path, zhnews: Zhnews) -> None:
    (pages / "private.html").write_text(article(13, extra=CONTACT), "utf-8")
    done = zhnews("build", pages, "-o", "out", "-j", 1)
    assert done.returncode == 0, done.stderr
    held = everything(pages.parent / "out")
    assert [value for value in VALUES if value.encode() in held or value in done.stderr] == []
    release = pages.parent / "out" / "zhnews-0.1.0"
    (row,) = (row for row in published(release, "articles") if row["source"] == "pages/private.html")
    text = str(row["text"])
    found = [(span["kind"], text[span["start"] : span["end"]]) for span in row["privacy"]]  # type: ignore[attr-defined]
    assert found == [
        ("phone", "<PHONE>"),
        ("mobile", "<MOBILE>"),
        ("wechat", "<WECHAT>"),
        ("id_card", "<ID_CARD>"),
        ("email", "<EMAIL>"),
    ]
    sentences = [s for s in published(release, "sentences") if s["article_id"] == row["article_id"]]
    assert all(text[s["start"] : s["end"]] == s["text"] for s in sentences)  # type: ignore[misc]
    assert zhnews("verify", release).returncode == 0


def test_the_label_command_prints_a_page_as_it_is(pages: Path, zhnews: Zhnews) -> None:
    (pages / "private.html").write_text(article(13, extra=CONTACT), "utf-8")
    assert "13800001234" in zhnews("label", pages / "private.html", "--json").stdout


def test_a_listed_page_leaves_nothing_but_its_reason(pages: Path, zhnews: Zhnews) -> None:
    (pages / "private.html").write_text(article(13, extra=CONTACT), "utf-8")
    (pages.parent / "removal.txt").write_text("13800001234\n", "utf-8")
    (pages.parent / "dataset.toml").write_text('inputs = ["pages"]\n[removal]\nfile = "removal.txt"\n', "utf-8")
    told = json.loads(zhnews("build", "-o", "out", "-j", 1, "-q", "--json").stdout)
    assert told["dropped"]["removal:listed"] == 1
    release = pages.parent / "out" / "zhnews-0.1.0"
    (row,) = (row for row in published(release, "dropped") if row["reason"] == "removal:listed")
    assert row["source"] == "pages/private.html"
    work = pages.parent / "out" / ".work" / "zhnews-0.1.0" / "pages"
    (kept,) = (r for p in work.glob("*.parquet") for r in pq.read_table(p).to_pylist() if r["source"] == row["source"])
    assert kept["blocks"] == []
    assert kept["text"] is None
    (pages.parent / "removal.txt").write_text("# nothing\n", "utf-8")
    told = json.loads(zhnews("build", "-o", "out", "-j", 1, "-q", "--json").stdout)
    assert "removal:listed" not in told["dropped"], "a changed list is a changed step"
