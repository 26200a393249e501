"""
The labelled parts of a publication or credit line: `2021-03-05 来源：临江晚报 作者：范知秋 责任编辑：牟晓棠`.

Such lines follow no grammar but that a label stands before its value and the next label ends it, glued or not.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_GAP = r"[ 　]?"

#: Labels by what their value is. `*_glued` labels need no separator before the value.
_LABELS = (
    # Said about the text, not by it: these take their value out of the way of the labels below.
    (
        "other",
        r"本?文?原标题.*|本?文?原標題.*|原题.*|原題.*|(?:资料|資料|数据|图片|圖片|题图|封面|视频|头图)来源|資料來源|圖片來源|图源|来源标题|信源",
    ),
    (
        "editor",
        rf"(?:责任|責任|本文|本期|值班|执行|网络|实习|文字|栏目|新媒体|微信|本版|版面)?(?:编{_GAP}辑|編{_GAP}輯|责{_GAP}编|責{_GAP}編)",
    ),
    (
        "outlet",
        r"(?:信息|文章|本文|新闻|稿件|消息|内容|新聞)?(?:来{g}源|來{g}源)(?:于|自)?|稿{g}源|出{g}处|出處|转自|轉自|转载自|摘自".replace(
            "{g}", _GAP
        ),
    ),
    (
        "reporter",
        r"(?:首席|特约|特約|见习|見習|实习|實習|驻外?|职工|本报|本報|本网|本刊|本台|特派|资深)*"
        r"(?:记{g}者|記{g}者|通讯员|通訊員|评论员|評論員|特派员|专栏作家|專欄作家|撰稿人?|撰{g}文|撰写|采写|採寫|采访人员|执笔|作{g}者|文字|主笔|主筆|实习生|編譯|编译|写手|記錄|口述整理|"
        r"(?<![A-Za-z])(?<![A-Za-z] )[Bb]y(?=\s))"
        r"(?:[/／、和及・·&](?:记者|記者|摄影|攝影|编译|整理|摄|图))?".replace("{g}", _GAP),
    ),
    (
        "text_by",
        r"(?<![一-鿿])(?:图|圖|摄影|编译)?[/／、]?(?:撰)?文(?:[/／、・·&]?(?:图|圖|摄影|攝影|摄|视频|表|编译|片))*|(?<![一-鿿])[图圖]文",
    ),
    (
        "other",
        r"校{g}对|校對|总监制|监{g}制|監{g}製|审{g}核|審{g}核|審{g}稿|核{g}稿(?!編)|审{g}读|终审|初审|复审|签发|摄{g}像|摄{g}制|制{g}图|排{g}版|版{g}式|"
        r"美{g}编|统{g}筹|剪{g}辑|后{g}期|播{g}音|配{g}音|海{g}报|主{g}编|总编辑|值班主任|供{g}稿|供图|发布[人者]|点击数?|點擊|浏览[次数量]*|瀏覽|"
        r"阅读[次数量]*|閱讀|人气|人氣|字{g}号|字{g}體|字体|字{g}級|举报|舉報|打印|列印|扫一扫|责任校对|编审|編審|微信号|功能介绍|标签|關鍵字|关键词|"
        # Words that also end names (石麓评论, 临江视频): labels only where nothing is glued before them.
        r"(?<![一-鿿])(?:评论数?|評論|图片|图{g}[/／]?片?|视{g}频|设{g}计|策{g}划|出{g}品|翻{g}译|主{g}播|运{g}营|主{g}任|分享|收藏|地点|地址|电话|邮箱|版次)".replace(
            "{g}", _GAP
        ),
    ),
    ("photographer", r"(?:摄{g}影|攝{g}影)(?:记者|記者)?|拍摄".replace("{g}", _GAP)),
    (
        "time",
        r"(?<![一-鿿])(?:(?:发布|发表|發布|發佈|更新|最后更新|最後更新|最新更新|上传|刊发|发稿|编辑|修改)?(?:时间|時間|日期)|最后更新|最後更新|更新|发布于|发表于|更新于|發布於|发布|發佈|刊登)",
    ),
    ("category", r"(?<![一-鿿])(?:所属|所在)?(?:分类|栏目|欄目|频道|分類)"),
)
_SEPARATOR = r"[ 　]*[:：|｜丨︱/／][ 　]*"
#: May stand right before their value: 作者柯岚, 来源CSDN, 责任编辑张三. The others need a colon, a bar or a space.
_GLUED = frozenset({"editor", "outlet", "reporter"})
_NOT_A_LABEL = (
    r"(?!简介|簡介|介绍|授权|单位|观点|声明|投稿|微信|个人|本人|原创|持有|手记|调查|观察|获悉|了解|从|在|注意|协会|节|证|站|部|会|团|们|看到|问|发现|表示|"
    r"报记|走进|探|近日|日前|今|昨|量|为|系|是|于网|网)"
)


def _finder() -> re.Pattern[str]:
    alternatives = []
    for n, (kind, labels) in enumerate(_LABELS):
        after = rf"(?:{_SEPARATOR}|[ 　]+|(?=[\]】）)〕])|$" + (rf"|{_NOT_A_LABEL}" if kind in _GLUED else "") + ")"
        if kind in {"time", "category"}:
            after = rf"(?:{_SEPARATOR}|[ 　]+|(?=\d))"
        if kind in {"other", "text_by", "photographer"}:
            after = rf"(?:{_SEPARATOR}|[ 　]+|(?=\d)|(?=[(（\]】）)])|$)"
        alternatives.append(f"(?P<{kind}{n}>{labels}){after}")
    return re.compile("|".join(alternatives))


_FINDER = _finder()
_ANY_LABEL = re.compile(r"(?<=\S)[ 　|｜丨]+[一-鿿]{2,5}[:：]")
_EDGES = "。 　\t\n|｜丨︱·•:：,，;；、/／-—－[]【】()（）〔〕<>《》*"


@dataclass(frozen=True, slots=True)
class Field:
    """A value and the kind of its label; kind and label are empty for what stands before the first label."""

    kind: str
    label: str
    value: str


def _value(text: str) -> str:
    """Strip a value, and end it at a label that no list knows: `柴禾 版式：叶小满`."""
    return _ANY_LABEL.split(text, maxsplit=1)[0].strip(_EDGES)


@lru_cache(maxsize=64)  # outlet, byline and editors ask 9 times a page for the same 2 or 3 lines
def split_fields(text: str) -> tuple[Field, ...]:
    """
    Cut a publication or credit line at its labels.

    >>> [(f.kind, f.value) for f in split_fields("2021-03-05 来源：临江晚报 作者：范知秋")]
    [('', '2021-03-05'), ('outlet', '临江晚报'), ('reporter', '范知秋')]
    """
    fields = []
    kind, label, start = "", "", 0
    for match in _FINDER.finditer(text):
        fields.append(Field(kind, label, _value(text[start : match.start()])))
        kind = str(match.lastgroup).rstrip("0123456789")
        label = match[str(match.lastgroup)]
        start = match.end()
    fields.append(Field(kind, label, _value(text[start:])))
    return tuple(f for f in fields if f.value or f.kind)
