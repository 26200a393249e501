from pathlib import Path

import pytest

from builder.errors import PageError, SettingsError
from builder.records import Block, Head, Page, ParsedPage
from builder.removal import NOTHING_LISTED, Removal, check_removal, read_removal

PAGE = Page("pages/a.html", "text/html", "", "0" * 64, url="https://linjiang.example/a.html")
PARSED = ParsedPage(
    [Block("临江新桥今日通车"), Block("报料电话：13800001234")], Head(url="https://m.linjiang.example/a")
)


def test_a_list_is_read_by_what_its_lines_look_like(tmp_path: Path) -> None:
    path = tmp_path / "removal.txt"
    path.write_text(f"# 来函 2024-05-01\n\n{PAGE.page_id}\n{PAGE.url}\n  临江新桥　通车 \n", "utf-8")
    assert read_removal(path) == Removal((PAGE.page_id,), (str(PAGE.url),), ("临江新桥 通车",))


@pytest.mark.parametrize(
    ("removal", "how"),
    [
        (Removal(ids=(PAGE.page_id,)), "its id"),
        (Removal(urls=("https://linjiang.example/a.html",)), "its address"),
        (Removal(urls=("https://m.linjiang.example/a",)), "its address"),
        (Removal(phrases=("新桥今日",)), "a phrase"),
        (Removal(phrases=("13800001234",)), "a phrase"),
    ],
)
def test_a_listed_page_is_left_out_and_told_how_but_not_what(removal: Removal, how: str) -> None:
    with pytest.raises(PageError) as error:
        check_removal(removal, PAGE, PARSED)
    assert error.value.reason == "removal:listed"
    assert how in error.value.detail
    assert "13800001234" not in error.value.detail


def test_what_is_not_listed_stays() -> None:
    check_removal(NOTHING_LISTED, PAGE, PARSED)
    check_removal(Removal(("f" * 16,), ("https://linjiang.example/",), ("旧桥今日通车",)), PAGE, PARSED)


def test_a_phrase_that_would_take_out_half_the_news_is_refused(tmp_path: Path) -> None:
    (tmp_path / "removal.txt").write_text("临江晚报\n记者\n", "utf-8")
    with pytest.raises(SettingsError, match=r"removal\.txt:2 a phrase should have 4 characters or more"):
        read_removal(tmp_path / "removal.txt")


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not there"):
        read_removal(tmp_path / "removal.txt")
