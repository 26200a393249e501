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
    found = find_category([Block(text, role="nav")], Head())
    assert found == (want and (want, "breadcrumb"))


def test_column_of_the_publication_line_and_section_of_the_head() -> None:
    line = Block("2021年9月27日 作者：丘白露 分类：走路", role="meta")
    assert find_category([line], Head()) == (
        "走路",
        "publication-line",
    )
    assert find_category([], Head(section="财经")) == ("财经", "head")
    assert find_category([], Head()) is None
