"""`zhnews card`: the documents of a release, written anew and checked."""

import json
from pathlib import Path

import pytest

from builder.errors import BuilderError
from builder.publish import documents
from builder.publish.verify import verify
from tests.conftest import Zhnews


def everything(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_documents_come_out_the_same_from_the_release_alone(release: Path) -> None:
    before = everything(release)
    assert documents.rewrite(release) == []
    for name in [name for name in before if name.endswith(".svg")]:
        (release / name).unlink()
    (release / "pictures/old.zh.svg").write_text("<svg/>", "utf-8")
    assert "pictures/funnel.zh.svg" in documents.rewrite(release)
    assert everything(release) == before


def test_another_human_part_takes_the_place_of_the_old(release: Path) -> None:
    assert documents.rewrite(release, "新写的说明。\n<!-- en -->\nNew words.") == ["README.md"]
    card = (release / "README.md").read_text("utf-8")
    assert "新写的说明。" in card
    assert "均为虚构" not in card
    assert verify(release) == []


def test_a_number_that_is_not_that_of_the_files_is_told_with_its_place(release: Path) -> None:
    stats = json.loads((release / "stats.json").read_text("utf-8"))
    stats["blocks"]["roles"]["nav"] += 1
    (release / "stats.json").write_text(json.dumps(stats), "utf-8")
    documents.rewrite(release)
    told = [str(fault) for fault in map(tuple, documents.check(release))]
    assert "('stats.json', 'blocks.roles.nav is 31, counted from the Parquet files it is 30')" in told
    assert any("README.md:" in fault for fault in told)
    assert any("pictures/roles.zh.svg:" in fault for fault in told)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("pictures/funnel.en.svg", "<svg/>", "pictures/funnel.en.svg:1"),
        ("pictures/extra.svg", "<svg/>", "is no picture of this release"),
        ("pictures/lengths.zh.svg", None, "is missing; `zhnews card` writes it"),
        ("croissant.json", "{}\n", "croissant.json:1: says '{}'"),
        ("croissant.json", None, "croissant.json: is missing"),
    ],
)
def test_a_document_that_is_not_the_release_s_is_a_fault(release: Path, name: str, text: str | None, told: str) -> None:
    if text is None:
        (release / name).unlink()
    else:
        (release / name).write_text(text, "utf-8")
    assert told in "\n".join(map(str, documents.check(release)))
    assert told in "\n".join(map(str, verify(release)))


def test_a_release_of_another_version_is_told_and_no_traceback(release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    del manifest["measured"]
    (release / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(BuilderError, match="has no 'measured': another version of zhnews wrote it"):
        documents.rewrite(release)
    assert "has no 'measured'" in str(documents.check(release))
    with pytest.raises(BuilderError, match=r"is not a release: manifest\.json cannot be read"):
        documents.rewrite(release / "articles")


def test_the_command_writes_checks_and_exits_with_4(release: Path, tmp_path: Path, zhnews: Zhnews) -> None:
    assert zhnews("card", release, "--check").stdout == f"{release}: no fault found\n"
    (tmp_path / "human.md").write_text("手写。", "utf-8")
    done = zhnews("card", release, "--human", "human.md", "--json")
    assert json.loads(done.stdout) == {"folder": str(release), "changed": ["README.md"]}
    assert zhnews("card", release, "--human", "nowhere.md").returncode == 2
    card = release / "README.md"
    card.write_text(card.read_text("utf-8").replace("| 句子 | 210 |", "| 句子 | 211 |"), "utf-8")
    done = zhnews("card", release, "--check")
    assert done.returncode == 4
    assert "says '| 句子 | 211 |'; the release gives '| 句子 | 210 |'" in done.stdout
    assert zhnews("card", release).stdout == f"wrote {card}\n"
