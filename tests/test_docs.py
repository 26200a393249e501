"""The documents cannot drift from the program."""

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from builder.cli import cli
from builder.settings import Settings, check_settings
from tests.benchmarks import scale_chart

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")


def commands_in(name: str) -> list[str]:
    """Every `zhnews …` in a shell block or in back-ticks of the table."""
    text = (ROOT / name).read_text("utf-8")
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    return re.findall(r"^(?:[A-Z_]+=\S+ )?(zhnews .*)$", blocks, re.MULTILINE)


@pytest.mark.parametrize("name", READMES)
def test_every_command_stands_in_the_readme(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    missing = [verb for verb in cli.commands if f"`zhnews {verb} " not in text and f"`zhnews {verb}`" not in text]
    assert not missing


@pytest.mark.parametrize("line", [line for name in READMES for line in commands_in(name)])
def test_every_command_line_of_the_readme_is_one_the_program_takes(line: str) -> None:
    verb, *arguments = shlex.split(line, comments=True)[1:]
    command = cli.commands[verb]
    with click.Context(command) as context:
        command.parse_args(context, arguments)


def test_the_settings_file_of_the_readme_is_valid_and_shows_the_defaults() -> None:
    import tomllib

    (block,) = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    settings = check_settings(tomllib.loads(block), "README.md", block)
    assert settings.read == Settings().read
    assert settings.sentences == Settings().sentences
    assert settings.splits == Settings().splits
    assert settings.dedup == Settings().dedup


@pytest.mark.parametrize("name", READMES)
def test_every_file_the_readme_links_to_is_there(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / name).read_text("utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_module_of_the_architecture_table_is_there() -> None:
    table = (ROOT / "README.md").read_text("utf-8").partition("| read in this order")[2].partition("\n\n")[0]
    names = [
        name
        for row in table.splitlines()
        for name in re.findall(r"`([a-z_]+(?:\.py|/))`", row.split("|")[1:2][0] if "|" in row else "")
    ]
    assert len(names) > 10
    assert [name for name in names if not (ROOT / "builder" / name).exists()] == []


def test_the_two_commands_of_the_readme_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_pictures_and_the_estimate_of_a_large_build_are_what_was_measured() -> None:
    figures = json.loads((scale_chart.FOLDER / "scale.json").read_text("utf-8"))
    readme = (ROOT / "README.md").read_text("utf-8")
    for name, svg in scale_chart.pictures(figures).items():
        assert (scale_chart.FOLDER / name).read_text("utf-8") == svg
        assert f"(tests/benchmarks/figures/{name})" in readme
    assert scale_chart.estimate(figures) in readme


def test_readme_states_the_figures_of_the_shipped_labeller() -> None:
    unseen = json.loads((ROOT / "builder" / "weights" / "blocks.json").read_text("utf-8"))["unseen_sites"]
    figures = [(unseen[name]["macro_f1"], unseen[name]["pages_right"]) for name in ("html", "dump")]
    (html, html_right), (dump, dump_right) = figures
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert f"is {html:.3f} in HTML and {dump:.3f} in text dumps".replace(" 0.", " .") in readme
    assert f"on {html_right:.0%} and {dump_right:.0%} of the pages".replace("%", " %") in readme
