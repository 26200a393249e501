import json
import os
from pathlib import Path

import click
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builder import cli, commands
from tests.conftest import LEDES, Zhnews, article

GOLD = cli.cli.commands["gold"]
assert isinstance(GOLD, click.Group)
COMMANDS = {name: command for name, command in cli.cli.commands.items() if command is not GOLD} | {
    f"gold {name}": command for name, command in GOLD.commands.items()
}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_json_and_quiet(name: str) -> None:
    command = COMMANDS[name]
    options = {option for parameter in command.params for option in parameter.opts}
    assert command.help
    assert {"--json", "-q"} <= options


def test_label_prints_the_contract(pages: Path, zhnews: Zhnews) -> None:
    done = zhnews("label", pages / "00.html", "--json")
    (answer,) = map(json.loads, done.stdout.splitlines())
    assert answer["title"] == "临江新桥正式通车"
    assert answer["byline"] == ["林一舟"]
    assert answer["editor"] == ["苏禾"]
    assert answer["outlet"] == "临江晚报"
    assert answer["published_at"] == "2024-05-01T08:00:00+08:00"
    assert len(answer["lede"]) == 1
    assert len(answer["body"]) == 2
    assert set(answer["blocks"][0]) == {"text", "role", "label", "score", "origin", "dup_of"}


def test_label_gives_one_answer_a_page_in_the_order_of_their_names(pages: Path, zhnews: Zhnews) -> None:
    done = zhnews("label", pages, "--json")
    sources = [json.loads(line)["source"] for line in done.stdout.splitlines()]
    assert sources == sorted(f"pages/{path.name}" for path in pages.iterdir())


def test_label_says_why_a_page_has_no_article(pages: Path, zhnews: Zhnews) -> None:
    answer = json.loads(zhnews("label", pages / "hub.html", "--json").stdout)
    assert answer["reject"] == "label:no-article"
    assert answer["detail"]
    assert {block["role"] for block in answer["blocks"]} <= {"nav", "related", "notice"}


def test_label_for_people_is_colourless_without_a_terminal_and_under_no_color(
    pages: Path, zhnews: Zhnews, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b[" not in zhnews("label", pages / "00.html").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert commands.use_colour() is False
    monkeypatch.delenv("NO_COLOR")
    assert commands.use_colour() is None


def test_label_reads_standard_input(zhnews: Zhnews) -> None:
    answer = json.loads(zhnews("label", "-", "--json", stdin=article(1)).stdout)
    assert answer["source"] == "stdin"
    assert answer["title"]


def test_sentences_are_printed_one_a_line_or_as_spans(zhnews: Zhnews) -> None:
    text = "桥通了。市民说：“真方便！”大家都笑了。"
    assert zhnews("sentences", stdin=text).stdout.splitlines() == ["桥通了。", "市民说：“真方便！”", "大家都笑了。"]
    spans = [json.loads(line) for line in zhnews("sentences", "--json", stdin=text).stdout.splitlines()]
    assert [text[span["start"] : span["end"]] for span in spans] == [span["text"] for span in spans]


def test_explain_tells_roles_and_what_a_page_was_merged_with(pages: Path, zhnews: Zhnews) -> None:
    zhnews("build", pages, "-o", "out", "-j", 1, "-q")
    release = pages.parent / "out" / "zhnews-0.1.0"
    (found,) = map(json.loads, zhnews("explain", release, "copy.html", "--json").stdout.splitlines())
    other = {"pages/copy.html": "pages/00.html"}.get(found["source"])
    assert [member["source"] for member in found["merged_with"]] == [other]
    assert "title" in {block["role"] for block in found["blocks"]}
    (hub,) = map(json.loads, zhnews("explain", release, "pages/hub.html", "--json").stdout.splitlines())
    assert hub["dropped"] == "label:no-article"
    assert hub["blocks"]


def test_explain_works_on_a_release_alone(pages: Path, zhnews: Zhnews) -> None:
    zhnews("build", pages, "-o", "out", "-j", 1, "-q")
    alone = pages.parent / "alone"
    (pages.parent / "out" / "zhnews-0.1.0").rename(alone)
    found = [json.loads(line) for line in zhnews("explain", alone, "0", "--json").stdout.splitlines()]
    assert len([row for row in found if row["published"]]) >= 9
    (hub,) = map(json.loads, zhnews("explain", alone, "hub.html", "--json").stdout.splitlines())
    assert hub["dropped"] == "label:no-article"


def test_explain_says_when_nothing_is_named_so(pages: Path, zhnews: Zhnews) -> None:
    zhnews("build", pages, "-o", "out", "-j", 1, "-q")
    done = zhnews("explain", pages.parent / "out" / "zhnews-0.1.0", "nothing-like-it")
    assert done.returncode == 1
    assert "has no page named 'nothing-like-it'" in done.stderr


def test_verify_finds_a_good_release_good_and_a_bad_one_bad(pages: Path, zhnews: Zhnews) -> None:
    zhnews("build", pages, "-o", "out", "-j", 1, "-q")
    release = pages.parent / "out" / "zhnews-0.1.0"
    assert zhnews("verify", release).returncode == 0
    (release / "stray.txt").write_text("?", "utf-8")
    done = zhnews("verify", release)
    assert done.returncode == 4
    assert "stray.txt" in done.stdout


def test_stats_are_counted_from_the_release(pages: Path, zhnews: Zhnews) -> None:
    zhnews("build", pages, "-o", "out", "-j", 1, "-q")
    release = pages.parent / "out" / "zhnews-0.1.0"
    told = json.loads(zhnews("stats", release, "--json").stdout)
    assert told == json.loads((release / "stats.json").read_text("utf-8"))
    assert "articles" in zhnews("stats", release).stdout


def test_dedupe_works_on_any_parquet_with_an_id_and_a_text(tmp_path: Path, zhnews: Zhnews) -> None:
    stories = [LEDES[0], LEDES[1], LEDES[0].replace("，", ","), None]
    pq.write_table(pa.table({"doc": [7, 8, 9, 10], "content": stories}), tmp_path / "docs.parquet")
    done = zhnews("dedupe", "docs.parquet", "-o", "c.parquet", "--id", "doc", "--text", "content", "--json")
    told = json.loads(done.stdout)
    assert (told["texts"], told["kept"]) == (4, 3)
    clusters = pq.read_table(tmp_path / "c.parquet").to_pylist()
    assert {row["id"]: row["kept_id"] for row in clusters} == {7: 7, 8: 8, 9: 7, 10: 10}
    (edge,) = pq.read_table(tmp_path / "c.edges.parquet").to_pylist()
    assert (edge["left"], edge["right"], edge["rule"]) == (7, 9, "exact")


def test_dedupe_adds_to_what_an_earlier_run_found(tmp_path: Path, zhnews: Zhnews) -> None:
    pq.write_table(pa.table({"id": ["a", "b"], "text": [article(0), article(1)]}), tmp_path / "old.parquet")
    pq.write_table(pa.table({"id": ["c"], "text": [article(1)]}), tmp_path / "new.parquet")
    zhnews("dedupe", "old.parquet", "-o", "old_c.parquet", "--index", "all.index")
    zhnews("dedupe", "new.parquet", "-o", "new_c.parquet", "--against", "all.index")
    (row,) = pq.read_table(tmp_path / "new_c.parquet").to_pylist()
    assert (row["id"], row["kept"], row["kept_id"]) == ("c", False, "b")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.parquet"], "no such file"),
        (["docs.parquet", "--text", "body"], "has no column 'body'; it has: id, text"),
        (["page.html"], "is not a Parquet file"),
    ],
)
def test_dedupe_says_what_is_wrong_with_its_input(
    arguments: list[str], told: str, tmp_path: Path, zhnews: Zhnews
) -> None:
    pq.write_table(pa.table({"id": [1], "text": ["桥通了。"]}), tmp_path / "docs.parquet")
    (tmp_path / "page.html").write_text(article(0), "utf-8")
    done = zhnews("dedupe", *arguments, "-o", "c.parquet")
    assert done.returncode in (1, 2)
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_finds_this_installation_well(zhnews: Zhnews) -> None:
    done = zhnews("doctor", "--json")
    assert done.returncode == 0, done.stdout
    assert {"python", "pyarrow", "trial page"} <= {json.loads(line)["what"] for line in done.stdout.splitlines()}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["build", "nowhere"], 2, "nowhere"),
        (["build"], 2, "nothing to build"),
        (["build", "a.toml", "pages"], 2, "not both"),
        (["build", "missing.toml"], 2, "no such file"),
        (["build", "pages", "-j", "0"], 2, "0 is not in the range"),
        (["label"], 2, "Missing argument"),
        (["labell"], 2, "No such command"),
        (["explain", "nowhere", "x"], 1, "is not a release"),
    ],
)
def test_wrong_usage_is_one_clear_message(arguments: list[str], code: int, told: str, zhnews: Zhnews) -> None:
    done = zhnews(*arguments)
    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_interrupting_exits_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(click.Group, "main", interrupted)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 130
    assert "the same command goes on" in capsys.readouterr().err


def test_output_may_be_cut_off_by_its_reader(pages: Path, tmp_path: Path) -> None:
    command = f"{os.sys.executable} -m builder.cli label {pages} | head -1"  # type: ignore[attr-defined]
    done = os.popen(command).read()  # noqa: S605
    assert done.startswith("source")
