"""Pages of no article or of several: what a site says instead of an article, and where the next one begins."""

import re
from collections.abc import Sequence
from itertools import pairwise

from builder.articles.copies import Part
from builder.keys import text_key
from builder.records import Block

#: What such a page is called. A headline may hold the same words (男子泄露验证码), so a title counts that says no more.
_SITE_SAYS = re.compile(
    r"(?:错误|錯誤)?(?:40[0-9]|50[0-9])(?:错误|錯誤|$)"
    r"|Not Found|Forbidden|Bad Gateway|Access Denied|Just a moment|^Error\b"
    r"|(?:页面|頁面|网页|網頁|文章|内容|內容|链接|信息|视频|帖子)(?:不存在|未找到|没有找到|找不到|已失效|已过期|已被?(?:发布者|作者|管理员)?(?:删除|刪除|下架))"
    r"|(?:找不到|未找到|没有找到|無法找到).{0,6}(?:页面|頁面|网页|網頁|内容|內容|文章)"
    r"|^(?:安全|人机|滑动|访问|身份|登录|用户)(?:验证|驗證|认证)|请(?:输入|完成|进行).{0,6}(?:验证|驗證)|^(?:请|請)?(?:先)?(?:登录|登入|登錄)"
    r"|访问(?:被拒绝|受限|异常|过于频繁)|^(?:系统|温馨|操作|信息)?(?:提示|出错)(?:信息|了)?$|^(?:出错|页面跳转|正在跳转|网站维护)",
    re.IGNORECASE,
)
_HEADLINE = frozenset({"title", "subtitle", "related"})
_LONGEST_TITLE = 20
_LONGEST_TEXT = 200


def is_message(title: str, running: Sequence[str]) -> bool:
    """
    True when a page without a publication date holds what a site says instead of an article: 404, 验证码, 请登录.

    >>> is_message("安全验证", ["请完成验证。"]), is_message("女子泄露验证码被骗五万元", ["警方提醒。"])
    (True, False)
    """
    return (
        len(title) <= _LONGEST_TITLE
        and sum(map(len, running)) <= _LONGEST_TEXT
        and bool(_SITE_SAYS.search(title.strip("！!。. ")))
    )


def one_article(parts: Sequence[Part], blocks: Sequence[Block], title: str) -> list[Part]:
    """
    Return the parts of one article of the page: that below the title, else the longest.

    Another begins where a credit closes the text and a headline, a publication line and a lede follow.
    """
    starts = [0, *(n for n in range(1, len(parts)) if _begins(blocks, parts[n - 1], parts[n])), len(parts)]
    if len(starts) == 2:
        return list(parts)
    articles = [list(parts[start:end]) for start, end in pairwise(starts)]
    key = text_key(title)
    above = [n for n, block in enumerate(blocks) if block.role == "title" and text_key(block.text) == key]
    below = [a for a in articles if above and a[0].index > above[0]]
    return below[0] if below else max(articles, key=lambda article: sum(len(part.key) for part in article))


def _begins(blocks: Sequence[Block], before: Part, part: Part) -> bool:
    """True when `part` opens another article than the one that ends with `before`."""
    if part.role != "lede":
        return False
    roles = [block.role for block in blocks[before.index + 1 : part.index]]
    closing = [n for n, role in enumerate(roles) if role == "credit"]
    metas = [n for n, role in enumerate(roles) if role == "meta"]
    # A headline that is not the page's own is often taken for that of a related article.
    return bool(closing and metas) and not _HEADLINE.isdisjoint(roles[closing[0] : metas[-1]])
