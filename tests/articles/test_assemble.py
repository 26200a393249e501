import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.articles.assembly import assemble
from builder.errors import PageError
from builder.records import ROLES, Block, Head, Page, ParsedPage

PAGE = Page("a.html", "text/html", "", "0" * 64)


def page(*lines: tuple[str, str], head: Head | None = None) -> ParsedPage:
    return ParsedPage([Block(text, role=role) for role, text in lines], head or Head())


def test_article_holds_each_part_once() -> None:
    article = assemble(
        PAGE,
        page(
            ("nav", "当前位置：首页 > 社会 > 正文"),
            ("title", "古渡桥修缮完工"),
            ("meta", "2021-03-05 08:12:30 来源：临江晚报"),
            ("lede", "本报讯（记者范知秋）古渡桥昨天放行。"),
            ("subhead", "一、修桥"),
            ("body", "十六个月修完。"),
            ("caption", "桥上。顾旻昇 摄"),
            ("credit", "责任编辑：牟晓棠"),
            ("notice", "未经授权不得转载。"),
            ("notice", "未经授权,不得转载"),
        ),
    )
    assert article.lede == ["本报讯（记者范知秋）古渡桥昨天放行。"]
    assert article.body == ["一、修桥", "十六个月修完。"]
    assert article.footer == ["责任编辑：牟晓棠", "未经授权不得转载。"]
    assert article.captions == ["桥上。顾旻昇 摄"]
    assert (article.byline, article.editor, article.outlet) == (["范知秋"], ["牟晓棠"], "临江晚报")
    assert article.category == "社会"
    assert (article.published_zone, article.published_precision) == ("assumed", "second")
    assert [p.block for p in article.paragraphs] == [3, 4, 5, 6]
    assert article.text == "本报讯（记者范知秋）古渡桥昨天放行。\n一、修桥\n十六个月修完。"


def test_abstract_that_stands_twice_is_given_once_and_the_headline_above_the_text_not_at_all() -> None:
    article = assemble(
        PAGE,
        page(
            ("title", "古渡桥修缮完工"),
            ("lede", "古渡桥修缮完工。"),
            ("lede", "老桥今天放行。"),
            ("nav", "视频简介"),
            ("lede", "老桥今天放行。"),
            ("body", "修桥用了十六个月，桥面换了新石板。"),
        ),
    )
    assert article.lede == ["老桥今天放行。"]
    assert [p.block for p in article.paragraphs] == [2, 5]
    assert assemble(PAGE, page(("title", "桥通了"), ("lede", "桥通了。"))).lede == ["桥通了。"]


def test_stated_zone_is_said() -> None:
    article = assemble(
        PAGE, page(("title", "桥通了"), ("lede", "桥通了。"), head=Head(published="2021-03-05T08:12:00+08:00"))
    )
    assert (article.published_zone, article.published_precision) == ("stated", "second")


@pytest.mark.parametrize(
    "lines", [(), (("nav", "首页"), ("related", "桥通了")), (("title", "桥通了"),), (("body", "桥通了。"),)]
)
def test_page_without_title_or_text_is_rejected(lines: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(PageError, match="label:no-article") as caught:
        assemble(PAGE, page(*lines))
    assert caught.value.detail


WORDS = (
    "来源：",
    "记者",
    "作者：",
    "责任编辑",
    "（",
    "）",
    "范知秋",
    "北京",
    "4月24日电",
    "2020-08-01",
    "10:20",
    "新华社",
)
MORE_WORDS = ("本报讯", "／", " ", "\t", "·", "首页 > ", "0", "原创", "©", "電")
LINE = st.lists(st.one_of(st.sampled_from(WORDS + MORE_WORDS), st.text(max_size=8)), min_size=1, max_size=8).map(
    "".join
)
MAYBE = st.none() | LINE


@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.sampled_from(ROLES), LINE), max_size=14),
    st.builds(
        Head,
        title=MAYBE,
        headline=MAYBE,
        site_name=MAYBE,
        author=MAYBE,
        source=MAYBE,
        published=MAYBE,
        section=MAYBE,
        url=MAYBE,
    ),
)
def test_any_page_is_an_article_or_a_named_reject(lines: list[tuple[str, str]], head: Head) -> None:
    parsed = page(*lines, head=head)
    try:
        article = assemble(PAGE, parsed)
    except PageError:
        return
    assert article.title
    assert all(p.text == parsed.blocks[p.block].text for p in article.paragraphs)
    if article.dateline:
        spans = [p.text[article.dateline.start : article.dateline.end] for p in article.paragraphs]
        assert article.dateline.raw in spans
