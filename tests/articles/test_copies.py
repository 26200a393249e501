import pytest
from hypothesis import given, settings

from builder.articles.assembly import assemble
from builder.articles.copies import one_copy, running_parts
from builder.keys import text_key
from builder.records import Block, Page, ParsedPage
from tests.articles.copied_pages import TITLE, CopiedPage, copied_pages

P1 = "临江城南的古渡桥昨天重新放行，经过十六个月的落架修缮，这座五孔石桥又能走人了，两侧的石狮一只不少。"
P2 = "市文物保护中心副主任吕堃说，修缮前桥身最大沉降达到十一厘米，雨季时桥下能看见滴水，专家先后论证了四轮。"
P3 = "编号工作由三名石匠和两名测绘员完成，一千三百二十六块石料像书页一样排开，每块石料的六个面都拍照存档。"
P4 = "家住桥头的退休教师贺兰生每天早上都来看进度，他记得小时候涨大水，桥栏杆上晾满了各家的被褥。"
CAPTION = "修缮后的古渡桥昨日恢复通行，市民在桥上拍照留念。顾旻昇 摄"


def texts(*lines: tuple[str, str]) -> list[str]:
    blocks = [Block(text, role=role) for role, text in lines]
    return [blocks[p.index].text for p in one_copy(running_parts(blocks))]


FULL = (("lede", P1), ("body", P2), ("body", P3), ("body", P4))


def test_page_without_copies_is_left_alone() -> None:
    assert texts(*FULL) == [P1, P2, P3, P4]


@pytest.mark.parametrize("times", [2, 3])
def test_repeated_article_is_given_once(times: int) -> None:
    assert texts(*(FULL * times)) == [P1, P2, P3, P4]


@pytest.mark.parametrize("first_is_teaser", [True, False])
def test_fuller_copy_wins_whatever_the_order(first_is_teaser: bool) -> None:
    teaser = (("lede", P1), ("body", P2[:30] + "…"))
    assert texts(*(teaser + FULL if first_is_teaser else FULL + teaser)) == [P1, P2, P3, P4]


def test_copies_cut_into_other_lines_are_one() -> None:
    pieces = [("lede" if p is P1 else "body", p[n : n + 17]) for p in (P1, P2, P3, P4) for n in range(0, len(p), 17)]
    assert texts(*FULL, *pieces) == [P1, P2, P3, P4]
    glued = (("lede", P1 + P2), ("body", P3 + P4))
    assert texts(*glued, *FULL) == [P1 + P2, P3 + P4]


def test_half_width_copy_is_the_same() -> None:
    narrow = tuple((role, text.replace("，", ",").replace("。", ".")) for role, text in FULL)
    assert texts(*FULL, *narrow) == [P1, P2, P3, P4]


def test_caption_and_paragraph_of_the_other_copy_are_put_in_their_place() -> None:
    other = (("title", "古渡桥修缮完工"), ("caption", CAPTION), ("lede", P1), ("body", P2), ("body", P3))
    end = "完工后的桥仅供行人使用，非机动车须推行，桥上加装了监测点。"
    first = (("lede", P1), ("body", P3), ("body", P4), ("body", end))
    assert texts(*first, *other) == [CAPTION, P1, P2, P3, P4, end]


def test_abstract_that_repeats_the_lede_is_left_out() -> None:
    assert texts(
        ("lede", P1[6:]), ("caption", CAPTION), ("lede", "临江网8月1日讯(记者 范知秋)" + P1), ("body", P2)
    ) == [
        CAPTION,
        "临江网8月1日讯(记者 范知秋)" + P1,
        P2,
    ]


def test_abstract_of_its_own_words_stays() -> None:
    assert texts(("lede", "核心提示：一座老桥，一千三百块石头，十六个月。"), *FULL)[0].startswith("核心提示")


def test_questions_that_return_in_a_series_of_interviews_are_no_copies() -> None:
    question = "您认为这座桥在修缮之后最大的变化是什么，对两岸居民的日常生活又意味着什么？"
    page = [("body", text) for answer in (P1, P2, P3, P4) for text in (question, answer)]
    assert texts(*page) == [text for _, text in page]


def test_pull_quote_is_no_copy() -> None:
    assert texts(*FULL[:3], ("body", P1[:30]), FULL[3]) == [P1, P2, P3, P1[:30], P4]


def test_copy_that_begins_with_what_the_first_lacks_is_one() -> None:
    title = ("title", "古渡桥修缮完工")
    first = [title, ("lede", P2), ("body", P3), ("body", P4)]
    assert texts(*first, title, *FULL) == [P1, P2, P3, P4]
    assert texts(*first, title, ("lede", P1 + P2 + P3 + P4)) == [P1 + P2 + P3 + P4]


def test_fuller_copy_in_one_line_is_no_abstract_of_the_other() -> None:
    title = ("title", "古渡桥修缮完工")
    assert texts(title, ("lede", P1 + P2 + P3 + P4), title, ("lede", P2 + P3 + P4)) == [P1 + P2 + P3 + P4]


@settings(max_examples=60, deadline=None)
@given(copied_pages())
def test_article_is_given_once_and_whole_whatever_the_order_and_the_cut_of_its_copies(page: CopiedPage) -> None:
    article = assemble(Page("a.html", "text/html", "", "0" * 64), ParsedPage(page.blocks))
    assert text_key(article.text) == text_key("".join(page.sentences))
    assert article.lede[0].startswith(page.sentences[0][:5])
    assert (article.outlet, article.title) == ("青溪日报", TITLE)
    assert article.editor == ["夏侯敏"]
    assert article.byline == (["钟离秋"] if len(page.starts) == 3 else [])
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2022-05-18T10:00:00+08:00"
