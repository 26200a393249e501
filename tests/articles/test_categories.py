import pytest

from builder.articles.categories import find_category
from builder.records import Block, Head


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("当前位置：首页 > 财经 > 正文", "财经"),
        ("您所在的位置：首页 > 新闻中心 > 本地新闻 > 正文", "本地新闻"),
        ("临江首页 > 财经频道 > 正文", "财经频道"),
        ("目前位置：首頁 ＞ 漁業海洋", "漁業海洋"),
        ("首页 | 新闻 | 财经 | 体育", None),
        ("首页 新闻 财经", None),
    ],
)
def test_breadcrumb(text: str, want: str | None) -> None:
    assert find_category([Block(text, role="nav")], Head()) == want


def test_column_of_the_publication_line_and_section_of_the_head() -> None:
    assert find_category([Block("2021年9月27日 作者：丘白露 分类：走路", role="meta")], Head()) == "走路"
    assert find_category([], Head(section="财经")) == "财经"
    assert find_category([], Head()) is None
