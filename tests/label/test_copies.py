"""Later copies of the article on the same page."""

from itertools import pairwise

from hypothesis import assume, given, settings

from builder.keys import text_key
from builder.label.copies import mark_copies
from builder.records import Block
from tests.articles.copied_pages import CopiedPage, copied_pages

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


def test_abstract_again_below_the_headline_makes_no_copies_of_the_headings_it_lists() -> None:
    abstract = "古桥今日放行；新的渡口月底开工；老水井重新通水。"
    news = [("subhead", "新的渡口月底开工"), ("body", BODY), ("subhead", "老水井重新通水"), ("body", BODY[::-1])]
    page = [("title", TITLE), ("lede", abstract), ("title", TITLE), ("lede", abstract), *news]
    assert dup_of(*page)[4:] == [None] * 4


def test_third_copy_points_to_the_first_and_not_to_the_second() -> None:
    meta = ("meta", "2022-05-18 08:30 来源：")
    first = [("title", TITLE), ("meta", "2022-05-18 08:30 来源：青溪日报"), ("lede", LEDE), ("body", BODY)]
    later = [("title", TITLE), meta, ("lede", LEDE), ("body", BODY)]
    assert dup_of(*first, *later, *later)[4:] == [0, 1, 2, 3] * 2


def test_line_that_runs_over_two_lines_of_the_first_copy_points_to_the_one_it_begins_in() -> None:
    first = [("lede", LEDE), ("body", BODY)]
    across = [("lede", LEDE[:14]), ("body", LEDE[14:] + BODY[:9]), ("body", BODY[9:])]
    assert dup_of(("title", TITLE), *first, ("title", TITLE), *across)[3:] == [0, 1, 1, 2]


@settings(max_examples=60, deadline=None)
@given(copied_pages(least=3))
def test_all_that_stands_before_is_marked_in_later_copies_and_nothing_in_the_first(page: CopiedPage) -> None:
    first, *later = page.starts
    texts = [block for block in page.blocks[: later[0]] if block.role in {"lede", "body"}]
    assume(len(texts) > 1)  # one alone may be an abstract
    mark_copies(page.blocks)
    assert all(block.dup_of is None for block in page.blocks[first : later[0]])
    for block in page.blocks[later[0] :]:
        assert block.dup_of is None or page.blocks[block.dup_of].dup_of is None
    for start, end in pairwise([*later, len(page.blocks)]):
        said = "".join(text_key(block.text) for block in page.blocks[:start] if block.role in {"lede", "body"})
        lines = [block for block in page.blocks[start:end] if block.role in {"lede", "body"}]
        assert all(line.dup_of is not None for line in lines if text_key(line.text) in said)
