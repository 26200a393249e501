import pytest

from builder.articles.assembly import assemble
from builder.articles.several import is_message
from builder.errors import PageError
from builder.records import Block, Page, ParsedPage

PAGE = Page("a.html", "text/html", "", "0" * 64)
FERRY = (
    ("title", "临江新渡口码头今日启用"),
    ("meta", "2023-09-12 来源：临江网"),
    ("lede", "今天上午9时，临江新渡口码头正式启用，首班轮渡载客一百二十人驶往南岸。"),
    ("body", "新码头位于古渡桥下游三百米，占地八亩，候船厅可容纳四百人。"),
    ("credit", "责任编辑：牟晓棠"),
)
HEATING = (
    ("title", "老城供暖管网改造提前十天完成"),
    ("meta", "2023-09-11 来源：临江网"),
    ("lede", "老城供暖管网改造工程昨天完工，比计划提前十天，惠及居民一万两千户。"),
    ("body", "施工单位采取夜间施工、分段恢复的办法，减少了对交通的影响。"),
    ("credit", "责任编辑：牟晓棠"),
)


def text_of(*lines: tuple[str, str]) -> list[str]:
    return assemble(PAGE, ParsedPage([Block(text, role=role) for role, text in lines])).text.split("\n")


def test_first_of_two_articles_is_given_alone() -> None:
    assert text_of(*FERRY, *HEATING) == [FERRY[2][1], FERRY[3][1]]
    for role in ("subtitle", "related"):
        assert text_of(*FERRY, (role, HEATING[0][1]), *HEATING[1:]) == [FERRY[2][1], FERRY[3][1]]


def test_credit_above_the_text_ends_no_article() -> None:
    abstract = ("lede", "核心提示：临江有了新渡口。")
    page = (FERRY[0], abstract, ("credit", "文字：范知秋"), *FERRY[1:])
    assert text_of(*page) == [abstract[1], FERRY[2][1], FERRY[3][1]]


def test_same_article_twice_is_one() -> None:
    assert text_of(*FERRY, *FERRY) == [FERRY[2][1], FERRY[3][1]]


MESSAGES = [
    "404",
    "404 Not Found",
    "安全验证",
    "页面不存在",
    "很抱歉，您要访问的页面没有找到",
    "该内容已被发布者删除",
    "该文章已被作者删除",
    "请登录后阅读",
    "請先登入",
    "访问过于频繁",
    "提示信息",
    "系统提示",
]
HEADLINES = [
    "女子泄露验证码被骗五万元",
    "404名毕业生走进山村小学",
    "这条路上的404盏灯",
    "警方提示：谨防冒充客服",
    "古渡桥页面石材修复完成",
    "一张找不到主人的全家福",
]


@pytest.mark.parametrize("title", MESSAGES)
def test_what_a_site_says_instead_of_an_article_is_none(title: str) -> None:
    message = [Block(title, role="title"), Block("您可以返回首页，或者稍后再试。", role="lede")]
    with pytest.raises(PageError, match="no-article"):
        assemble(PAGE, ParsedPage(message))


@pytest.mark.parametrize("title", HEADLINES)
def test_headline_with_the_same_words_is_one(title: str) -> None:
    assert not is_message(title, ["临江市民昨天收到了好消息。"])


def test_dated_or_long_page_is_an_article_whatever_it_is_called() -> None:
    assert text_of(("title", "页面不存在"), FERRY[1], ("lede", "一个网页的寿命有多长？"))
    assert not is_message("页面不存在", ["一个网页的寿命有多长？" * 20])
