"""
What one line says by itself, as numbers: its size and characters, its words, and what the rules see in it.

Characters are counted and words looked for in a whole page at a time.
"""

import re
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from builder.label.lines import Line
from builder.label.trie import LAST, CodePoints, Trie, code_points

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]

#: Kinds of characters; a line is described by the share of each, and by the kind of its first and last character.
KINDS = ("other", "han", "digit", "latin", "stop", "comma", "quote", "bracket", "separator", "space")
_STOP, _COMMA, _SEPARATOR, _SPACE = 4, 5, 8, 9

# Sizes at which the role of a line turns: a button, a channel, a name, a headline, a short and a long paragraph.
_SIZES = (3, 6, 10, 16, 24, 36, 60, 100, 160)

FLAGS = (
    "contact",
    "nav",
    "heading",
    "comments",
    "credit",
    "ends_article",
    "publication",
    "byline",
    "caption",
    "abstract",
    "headline",
    "notice",
    "special",
)
_flags_of = attrgetter(*FLAGS)

# Words of one line are alternatives: one feature a line. A word only says what a line could be; which words matter, the
# training finds out. Simplified and traditional forms stand together.
_WORDS = """\
记者|記者 编辑|編輯|责编 来源|來源 责任 摄|攝 图|圖 作者|撰 原标题|原題 版权|版權|著作权 声明|聲明 转载|轉載
ICP|备案|許可|许可证 举报|舉報 电话|電話|热线|熱線 邮箱|@|email 地址 关键词|關鍵字|标签|標籤|tags
上一篇|下一篇|上一页|下一页|下一頁 相关|相關 推荐|推薦 热门|熱門|热点|排行 最新 更多 评论|評論 回复|回覆|回復
网友|網友|跟贴|跟帖 赞|讚|顶|踩 点击|點擊|阅读|閱讀|浏览|瀏覽 分享 微信|微博|facebook|line 客户端|客戶端|app
扫|掃|二维码 登录|登入|登錄 注册|註冊 首页|首頁 返回|回到 搜索|搜尋 广告|廣告 专题|專題 视频|視頻|影音
图片|圖片|图集 网|網 报|報 社|訊 讯 电|電 日 月 年 时|時 分 前 今天|昨天|近日|日前 http|www|.com 公司 有限
主办|承办|主管|运营 《 “ 「 ？|? ！|! （|( 【 ： > »|＞ %|％ 0人|参与 楼 发布|發布|发表 订阅|訂閱|关注|關注
收藏 打印|列印 字号|字體|大 中 小 我 你 他 的 了 说|說|表示|称 是 在 不 吗|呢|啊|吧 哈|呵 网站|網站|本网|本站
法律|违法|不良 服务|服務 联系|聯絡|合作 关于|關於 招聘|人才 地图|地圖 社区|论坛|博客 股|基金|指数 新闻|新聞
财经|財經 第"""
WORDS = tuple(_WORDS.split())
_ALTERNATIVES = [(i, word.lower()) for i, words in enumerate(WORDS) for word in words.split("|")]
_TRIE = Trie([word for _, word in _ALTERNATIVES])
_WORD_NUMBER = np.array([i for i, _ in _ALTERNATIVES])

LINE_FEATURES = (
    "size:log",
    *(f"size:{size}" for size in _SIZES),
    *(f"chars:{kind}" for kind in KINDS),
    *(f"first:{kind}" for kind in KINDS),
    *(f"last:{kind}" for kind in KINDS),
    *(f"count:{KINDS[kind]}" for kind in (_STOP, _COMMA, _SEPARATOR, _SPACE)),
    *(f"line:{flag}" for flag in FLAGS),
    *("line:prose", "line:paragraph", "line:notices", "line:digits", "line:date", "line:ago"),
    *(f"word:{words}" for words in WORDS),
)


def _kind_table() -> npt.NDArray[np.uint8]:
    """Kind of each code point of the basic plane."""
    table = np.zeros(0x10000, np.uint8)
    table[0x3400:0xA000] = table[0xF900:0xFB00] = 1
    for kind, characters in (
        (2, "0123456789０１２３４５６７８９"),
        (4, "。！？；!?…;"),
        (5, "，、,：:"),
        (6, "“”‘’「」『』《》\"'"),
        (7, "()（）[]【】〔〕"),
        (8, "|｜·•_/>＞»-—–~┊丨＋+<＜«→"),
        (9, " \u3000\t"),
    ):
        table[[ord(character) for character in characters]] = kind
    for first, last in ("AZ", "az", "ＡＺ", "ａｚ"):
        table[ord(first) : ord(last) + 1] = 3
    return table


_KIND = _kind_table()
_NUMBER = re.compile(r"\d+")
_EYE = np.eye(len(KINDS), dtype=np.float32)


def character_features(codes: CodePoints, sizes: Ints) -> Floats:
    """
    Size and characters of each line, shape (lines, 44).

    Args:
        codes: the code points of all lines.
        sizes: code points of each line, all at least 1.
    """
    n, kinds = len(sizes), len(KINDS)
    kind = _KIND[np.minimum(codes, LAST)]
    counts = np.bincount(np.repeat(np.arange(n) * kinds, sizes) + kind, minlength=n * kinds).reshape(n, kinds)
    first = np.cumsum(sizes) - sizes
    steps = np.tanh((sizes[:, None] - np.array(_SIZES)) / (0.3 * np.array(_SIZES) + 1))
    marks = np.log1p(counts[:, [_STOP, _COMMA, _SEPARATOR, _SPACE]])
    parts = (np.log1p(sizes)[:, None], steps, counts / sizes[:, None], _EYE[kind[first]], _EYE[kind[first + sizes - 1]])
    return np.concatenate((*parts, marks), axis=1, dtype=np.float32)


def word_features(lines: list[Line]) -> Floats:
    """What the rules see in each line, and which words it holds; shape (lines, 19 + words)."""
    # The words that tell stand at the ends.
    ends = [(line.text if line.n <= 60 else f"{line.text[:44]}\n{line.text[-16:]}").lower() + "\n" for line in lines]
    line_of = np.repeat(np.arange(len(ends)), [len(end) for end in ends])
    at, words = _TRIE.find(code_points(ends))
    holds = np.zeros((len(lines), len(WORDS)), np.float32)
    holds[line_of[at], _WORD_NUMBER[words]] = 1
    return np.column_stack((np.array([_seen(line) for line in lines], np.float32), holds))


def _seen(line: Line) -> tuple[float, ...]:
    """What the rules see in a line: FLAGS and the six that follow them in LINE_FEATURES."""
    return (
        *_flags_of(line),
        line.prose / 5,
        line.prose >= 1,
        min(line.notices, 3),
        line.key.isdigit(),
        line.dated and line.n <= 60,
        line.recent,
    )


def shapes_of(texts: list[str]) -> list[str]:
    """
    The short lines with their numbers struck out: `71评论` and `5评论` are the same button.

    >>> shapes_of(["71评论"])
    ['0评论']
    """
    return [_NUMBER.sub("0", text) if len(text) <= 40 and not text.isalpha() else text for text in texts]
