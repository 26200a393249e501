"""Whole pages as nobody has trained on, labelled and assembled: briefs among feeds, hubs, messages, hidden text."""

import pytest

from builder.pages import Labelled, label_page
from builder.parse import parse_page
from builder.records import Page

TITLE = "临江新渡口码头今日启用"
BRIEF = (
    "临江网9月12日讯（记者 范知秋）今天上午9时，临江新渡口码头正式启用，首班轮渡载客一百二十人驶往南岸。"
    "新码头每天开行四十班，票价两元，市民可刷公交卡乘船。"
)
FEED = (
    "古渡桥修缮完工今日恢复通行 首日迎客三千",
    "老城供暖管网改造提前十天完成",
    "青石村旧校舍改成图书馆",
    "临江港八月吞吐量创新高",
    "市博物馆新展展出百件渔具",
    "三条公交线路下周调整走向",
)
TEASER = "记者昨日从有关部门获悉，相关工作自年初启动，历时八个多月，沿线居民普遍表示满意，预计年底前全部完成。"
NAV = (
    '<div class="top"><a href="/">首页</a> <a href="/a">新闻</a> <a href="/b">财经</a> <a href="/login">登录</a></div>'
)
FOOT = '<div class="footer"><a href="/about">关于我们</a> | <a href="/c">联系我们</a><p>版权所有 临江传媒集团</p></div>'
INFO = '<div class="info">2023-09-12 10:20 来源：临江网</div>'


def feed(*, teasers: bool) -> str:
    items = (
        f'<div class="item"><h3><a href="/n/{n}.html">{title}</a></h3>'
        f"{f'<p>{title}。{TEASER}</p>' if teasers else ''}<span>2023-09-{10 + n} 08:30</span></div>"
        for n, title in enumerate(FEED)
    )
    return f'<div class="list">{"".join(items)}</div>'


def html(head: str, body: str) -> str:
    return f'<!doctype html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def news(body: str, title: str = TITLE, head: str = "") -> str:
    return html(f"<title>{title}_临江网</title>{head}", f"{NAV}{body}{FOOT}")


PAGES = {
    "brief above a feed": news(f"<h1>{TITLE}</h1>{INFO}<p>{BRIEF}</p><h2>更多新闻</h2>{feed(teasers=True)}"),
    "brief below a feed": news(f"{feed(teasers=True)}<h1>{TITLE}</h1>{INFO}<p>{BRIEF}</p><p>责任编辑：牟晓棠</p>"),
    "brief without a publication line": news(f"<h1>{TITLE}</h1><p>{BRIEF}</p><h2>推荐阅读</h2>{feed(teasers=True)}"),
    "text that a script shows": html(
        f'<meta property="og:title" content="{TITLE}">',
        f"<h1>{TITLE}</h1><span>原创</span> <a>临江发布</a> <em>2023-09-12 10:20</em>"
        f'<div id="js_content" style="visibility: hidden; opacity: 0;"><p>{BRIEF}</p></div>',
    ),
    "headline of the head cut short": news(
        f"<div>{TITLE}</div><div>2023-09-12 10:20</div><p>{BRIEF}</p>",
        head='<script type="application/ld+json">{"@type":"NewsArticle","headline":"临江新渡口码头…"}</script>',
    ),
    "two articles": news(
        f"<h1>{TITLE}</h1>{INFO}<p>{BRIEF}</p><p>责任编辑：牟晓棠</p><h1>{FEED[1]}</h1>{INFO}"
        "<p>老城供暖管网改造工程昨天完工，惠及居民一万两千户。</p><p>施工单位采取夜间施工的办法。</p><p>责任编辑：牟晓棠</p>"
    ),
}
NONE = {
    "hub": news(f"<h1>新闻频道</h1>{feed(teasers=False)}", "新闻频道"),
    "hub with teasers": news(f"{feed(teasers=True)}<div>上一页 1 2 3 4 5 下一页</div>", "新闻频道"),
    "not found": news("<h1>404</h1><p>抱歉，您访问的页面不存在或已被删除！</p><p>页面将在 5 秒后自动跳转。</p>", "404"),
    "captcha": html("<title>安全验证</title>", "<h1>安全验证</h1><p>请完成以下验证码操作。</p><p>请拖动滑块</p>"),
    "login": news("<h1>请登录后阅读</h1><p>本文为会员专享内容，请登录后阅读全文。</p><p>立即注册</p>"),
    "deleted": html(
        "<title>该内容已被发布者删除</title>",
        "<h2>该内容已被发布者删除</h2><p>由用户投诉并经平台审核，此内容涉嫌违反相关法规，查看对应规则。</p>",
    ),
}
#: Without tags, the lists of these are taken for text: for the next training, not for a rule.
DUMPS_NOT_YET = {"hub with teasers"}


def dumped(page: str) -> str:
    return "\n".join(block.text for block in parse_page(Page("a.html", "text/html", page, "0" * 64)).blocks)


def label(page: str, media: str) -> Labelled:
    text = dumped(page) if media == "text/plain" else page
    return label_page(Page("a", media, text, "0" * 64))  # type: ignore[arg-type]


def cases(pages: dict[str, str]) -> list[object]:
    not_yet = [pytest.mark.xfail(reason="taken for text without tags", strict=True)]
    return [
        pytest.param(
            page, media, id=f"{name}: {media}", marks=not_yet if media == "text/plain" and name in DUMPS_NOT_YET else []
        )
        for name, page in pages.items()
        for media in ("text/html", "text/plain")
    ]


@pytest.mark.parametrize(("page", "media"), cases(PAGES))
def test_brief_is_given_and_nothing_of_what_stands_around_it(page: str, media: str) -> None:
    article = label(page, media).article
    assert article is not None
    assert (article.title, article.text) == (TITLE, BRIEF)
    assert article.byline == ["范知秋"]


@pytest.mark.parametrize(("page", "media"), cases(NONE))
def test_page_without_an_article_says_why(page: str, media: str) -> None:
    labelled = label(page, media)
    assert labelled.article is None
    assert labelled.reject is not None
    assert labelled.reject.reason == "label:no-article"
