from pathlib import Path

import pytest

from builder.errors import SettingsError
from builder.settings import Settings, check_settings, find_line, load_settings

GOOD = """\
name = "linjiang-news"
version = "1.2.0"
licence = "cc-by-4.0"
inputs = ["pages", "crawl/*.warc.gz"]

[splits]
train = 0.9
validation = 0.05
test = 0.05
"""


def complaint(tmp_path: Path, text: str) -> str:
    path = tmp_path / "dataset.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as error:
        load_settings(path)
    return str(error.value).replace(str(tmp_path) + "/", "")


def test_a_good_file_gives_values(tmp_path: Path) -> None:
    (tmp_path / "dataset.toml").write_text(GOOD, "utf-8")
    settings = load_settings(tmp_path / "dataset.toml")
    assert settings.name == "linjiang-news"
    assert settings.inputs == ("pages", "crawl/*.warc.gz")
    assert settings.splits.train == 0.9
    assert settings.articles == Settings().articles


def test_an_unknown_key_is_named_with_its_line_and_the_nearest_key(tmp_path: Path) -> None:
    text = GOOD.replace("validation =", "validaton =")
    assert complaint(tmp_path, text) == ("dataset.toml:8 [splits] has no key 'validaton'; did you mean 'validation'?")


def test_an_unknown_table_is_named_with_the_nearest(tmp_path: Path) -> None:
    assert complaint(tmp_path, GOOD + "\n[article]\nmin_chars = 5\n") == (
        "dataset.toml:11 the top level has no key 'article'; did you mean 'articles'?"
    )


def test_a_key_like_no_other_lists_what_there_is(tmp_path: Path) -> None:
    assert "it takes: min_chars" in complaint(tmp_path, GOOD + "\n[articles]\nzzz = 5\n")


def test_a_value_out_of_range_says_the_range(tmp_path: Path) -> None:
    text = GOOD.replace("train = 0.9", "train = 1.8")
    assert "dataset.toml:7 splits.train: 1.8 is not in 0..1" in complaint(tmp_path, text)


def test_a_value_of_a_wrong_type_says_what_it_should_be(tmp_path: Path) -> None:
    text = GOOD + '\n[articles]\nmin_chars = "many"\n'
    message = complaint(tmp_path, text)
    assert message.startswith("dataset.toml:12 articles.min_chars: 'many' should be a valid integer")


def test_inputs_that_are_no_list_are_named(tmp_path: Path) -> None:
    text = GOOD.replace('["pages", "crawl/*.warc.gz"]', "7")
    assert complaint(tmp_path, text).startswith("dataset.toml:4 inputs: 7 should be a valid tuple")


def test_splits_that_do_not_sum_to_one_say_their_sum(tmp_path: Path) -> None:
    assert "train + validation + test is 0.95; it should be 1" in complaint(
        tmp_path, GOOD.replace("test = 0.05", "test = 0.0")
    )


def test_a_licence_the_hub_does_not_know_gets_the_nearest(tmp_path: Path) -> None:
    text = GOOD.replace("cc-by-4.0", "CC BY 4.0")
    assert "dataset.toml:3 licence: 'CC BY 4.0' is not a licence the Hub knows; did you mean 'cc-by-4.0'?" in complaint(
        tmp_path, text
    )


@pytest.mark.parametrize("name", ["", "two words", "a/b", "-dash", "新闻"])
def test_a_name_that_is_no_folder_name_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=r"name: .* should be letters"):
        check_settings({"name": name, "inputs": ["pages"]}, "dataset.toml")


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("name =", "nam =").replace("train =", "trian =")
    assert complaint(tmp_path, text).count("\n") == 1


def test_broken_toml_says_where(tmp_path: Path) -> None:
    assert "line 1" in complaint(tmp_path, 'name = "unclosed\n')


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        load_settings(tmp_path / "nothing.toml")
    with pytest.raises(SettingsError, match="is a folder"):
        load_settings(tmp_path)


def test_lines_are_found_in_tables_dotted_keys_and_quotes() -> None:
    source = '\n[a]\nx = 1\n["b"]\ny.z = 2\n'
    assert find_line(source, ("a",)) == 2
    assert find_line(source, ("a", "x")) == 3
    assert find_line(source, ("b", "y", "z")) == 5
    assert find_line(source, ("c",)) is None
