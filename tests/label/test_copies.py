"""Later copies of the article on the same page."""

from builder.label.copies import mark_copies
from builder.records import Block

TITLE = "青溪县三百座老水井重新通水"
LEDE = "5月17日，青溪县最后一座列入名录的老水井在柳巷重新通水。"
BODY = "修复工作历时四年，工匠先清淤，再按原来的石料补砌井壁。"


def dup_of(*blocks: tuple[str, str]) -> list[int | None]:
    page = [Block(text, role=role) for role, text in blocks]
    mark_copies(page)
    return [block.dup_of for block in page]


def test_second_copy_points_to_the_first() -> None:
    copy = [("title", TITLE), ("lede", LEDE), ("body", BODY)]
    assert dup_of(*copy, ("nav", "分享"), *copy) == [None, None, None, None, 0, 1, 2]


def test_punctuation_and_width_do_not_matter() -> None:
    other = LEDE.replace("，", ",").replace("5", "５")
    assert dup_of(("title", TITLE), ("lede", LEDE), ("title", TITLE), ("lede", other)) == [None, None, 0, 1]


def test_copy_with_lines_cut_otherwise_points_to_the_first_that_shares_its_text() -> None:
    halves = [("lede", LEDE[:16]), ("body", LEDE[16:])]
    assert dup_of(("title", TITLE), *halves, ("title", TITLE), ("lede", LEDE)) == [None, None, None, 0, 1]


def test_refrain_within_one_copy_is_no_copy() -> None:
    text = [("lede", LEDE), ("body", BODY), ("body", BODY)]
    assert dup_of(("title", TITLE), *text) == [None] * 4


def test_headline_above_the_text_again_is_no_copy() -> None:
    assert dup_of(("title", TITLE), ("meta", "2022-05-18"), ("title", TITLE), ("lede", LEDE)) == [None] * 4


def test_menus_are_never_copies() -> None:
    copy = [("title", TITLE), ("lede", LEDE), ("nav", "返回首页")]
    assert dup_of(*copy, *copy)[-1] is None


def test_fuller_copy_below_a_teaser_is_a_copy() -> None:
    teaser = [("title", TITLE), ("lede", LEDE), ("body", BODY)]
    more = [("body", "县水利局负责人说，今后每口井都有一名巷长照看，每季度检测一次水质，结果贴在井台上。" * 3)]
    assert dup_of(*teaser, *teaser, *more) == [None, None, None, 0, 1, 2, None]


def test_article_below_its_abstract_is_no_copy() -> None:
    abstract = [("title", TITLE), ("lede", LEDE)]
    assert dup_of(*abstract, ("title", TITLE), ("lede", f"本报讯{LEDE}{BODY}")) == [None] * 4
