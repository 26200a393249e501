"""The channel of the article, when the page states one."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from builder.articles.lines import split_fields
from builder.records import Block, Head

_STEP = re.compile(r"\s*(?:>+|＞+|»|›|→|/|::|\\)\s*")
_HERE = re.compile(r"^.{0,4}(?:位置|频道|路径|location)\s?(?:是|为)?\s?[:：]?\s*", re.IGNORECASE)
_FRAME = re.compile(
    r"^(?:.{0,8}首页|首頁|主页|.{0,3}(?:正文|詳情|详情|内容|內文|內容|列表)(?:页)?(?:\s.*)?|返回.*|home|新闻)$",
    re.IGNORECASE,
)
_LONGEST = 12


class Category(NamedTuple):
    """The channel of an article, and where its page states it: `breadcrumb`, `publication-line` or `head`."""

    name: str
    origin: str


def find_category(blocks: Sequence[Block], head: Head) -> Category | None:
    """
    Return the last channel of the breadcrumb, else the column that a publication line names, else the head's section.

    `当前位置：首页 > 财经 > 证券 > 正文` gives 证券: the narrowest one that is no frame of the site.
    """
    for block in blocks:
        if block.role not in {"nav", "meta"} or len(block.text) > 80:
            continue
        if (channel := _of_breadcrumb(block.text)) is not None:
            return Category(channel, "breadcrumb")
    for block in blocks:
        if block.role == "meta" and any(word in block.text for word in ("栏目", "欄目", "分类", "分類", "频道")):
            for field in split_fields(block.text[:200]):
                if field.kind == "category" and 0 < len(field.value) <= _LONGEST:
                    return Category(field.value, "publication-line")
    section = (head.section or "").strip()
    return Category(section, "head") if 0 < len(section) <= _LONGEST else None


def _of_breadcrumb(text: str) -> str | None:
    here = "位置" in text
    if not (here or ("首" in text and ("页" in text or "頁" in text))) or not _STEP.search(text):
        return None
    steps = [s.strip() for s in _STEP.split(_HERE.sub("", text.strip(), count=1))]
    # Slashes also separate menus; a breadcrumb starts at the front page or says that it is one.
    if len(steps) < 2 or not (here or re.search(r"首[页頁]$", steps[0])):
        return None
    channels = [s.split()[0] for s in steps if s and not _FRAME.match(s) and len(s) <= _LONGEST]
    return channels[-1] if channels else None
