"""Pages with their roles in the markup."""

from pathlib import Path

import pytest

from builder.errors import BuilderError
from builder.label.layouts import read_layouts
from builder.label.train import LAYOUTS
from builder.records import ROLES

PAGE = """<html><head><title>老井通水_青溪网</title></head><body><ul r="nav"><li>首页</li><li>新闻</li></ul>
<div r="body"><h1 r="title">老井<b>通水</b></h1><role r="lede">柳巷的老井今天通水。</role><br>
井水很<a href="/a">甜</a>。</div></body>"""


def write(folder: Path, html: str) -> Path:
    (folder / "qingxi.html").write_text(html, "utf-8")
    return folder


def test_a_role_holds_until_an_element_inside_has_another(tmp_path: Path) -> None:
    [(name, _, lines, roles)] = read_layouts(write(tmp_path, PAGE))
    assert name == "qingxi"
    assert list(zip(lines, roles, strict=True)) == [
        ("首页", "nav"),
        ("新闻", "nav"),
        ("老井通水", "title"),
        ("柳巷的老井今天通水。", "lede"),
        ("井水很甜。", "body"),
    ]


def test_what_is_learned_from_does_not_hold_the_roles(tmp_path: Path) -> None:
    [(_, page, _, _)] = read_layouts(write(tmp_path, PAGE))
    assert ' r="' not in page.text
    assert "role" not in page.text


@pytest.mark.parametrize(
    ("html", "told"),
    [("<p>柳巷的老井</p>", "has no roles"), ('<p r="lede">老井<b r="body">通水</b></p>', "has 2 roles")],
)
def test_line_without_a_role_or_with_two_is_named(tmp_path: Path, html: str, told: str) -> None:
    with pytest.raises(BuilderError, match=rf"qingxi.html: line 0, '\w+', {told}"):
        list(read_layouts(write(tmp_path, html)))


def test_every_layout_of_the_seeds_can_be_read_and_all_roles_are_there() -> None:
    found = list(read_layouts(LAYOUTS))
    assert len(found) >= 30
    assert {role for _, _, _, roles in found for role in roles} == set(ROLES)
