"""
What the words of one line say it could be: publication line, credit, notice, caption, menu … Each test is cheap, for
it runs on every line of every page: a pattern is tried only where `hints` leave a match possible. The lexicons are in
`seeds/phrases/`.
"""

import re
from collections.abc import Iterable
from functools import cache

from builder.label import hints as has
from builder.label.phrases import any_of, phrase_keys, phrases

#: A date, or how long ago. A line may hold it anywhere.
DATE = re.compile(
    r"(?:19|20)\d\d\s?[-./年]\s?\d{1,2}\s?[-./月]\s?\d{1,2}(?:\s?日)?|(?<![\d./])\d{1,2}([./])\d{1,2}\1(?:19|20)\d\d(?!\d)"
    r"|(?<!\d)\d{1,2}[-/月]\d{1,2}日?\s?\d{1,2}:\d\d"
    r"|^(?:\d{2}-)?\d{2}-\d{2}-?$|^(?:刚刚|今天|昨天|前天)(?:\s?\d{1,2}:\d\d)?$|^\d{1,2}\s?(?:分钟|小时|天|分鐘|小時)前"
)
_AGO = re.compile(r"(?:分钟|小时|天|分鐘|小時|秒|月|年)前|刚刚|^(?:今天|昨天|前天)")
_POINTER = re.compile(r"[【\[<·]*[上下]一\s?(?:篇|条|則|则|页新闻|图集|组)(?:\s?[:：]|.{0,3}下一)")
_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")
_STOP = re.compile(r"[。！？；!?]")
_COUNT = re.compile(r"\d+\s?人(?:评论|阅读|参与|浏览)|^\d+(?:次)?(?:阅读|浏览|点击|人参与|评论)|^\d+人参与\d*评?论?$")
_OPEN = "[【（(〔「《< \t●■◆*"
_STRONG_CREDIT = re.compile(r"(?:责任?编辑|責任編輯|责编|編輯|编辑|校对|监制|審核|审核|签发)\s?[:：/／|｜丨]")
_PAIRS = re.compile(r"(?:^|\s)[一-鿿]{2,6}\s?[:：]\s?[\w·、]{2,12}(?=\s|$)")
_NEWSPAPER_PAGE = re.compile(r"^[《（(].{2,14}?》?\s?[（(]?.{0,16}第?\s?\d{1,2}\s?版")
#: （据新华社电）, （综合央视新闻报道）
_SOURCE = re.compile(r"[（(](?:综合|据|來源|来源|转自|摘自|原载|新华社|中新社|央视|本报)[^。（()）]{2,40}[）)]$")
_BYLINE = re.compile(
    r"原创\s\S|《[^》]{1,12}》(?:记者|記者|作者|特约)|[□■◎（(【]?[\w·\s]{0,12}(?:记者|記者|通讯员|评论员|評論員|实习生|特约撰稿人?)\s*[:：/／|｜丨]?\s*[\w·•、\s]{2,40}[）)】]?$"
    r"|[（(【\[]?(?:文|撰文|执笔|采写|作者|口述|整理|编译|撰稿)\s?[/／|｜丨:：·•]\s?\S"
    r"|(?:本报|本网|新华社|中新社|本刊|本社)记者$"
    r"|(?:記者|记者)[\w、．·\s]{2,24}[／/]\s?\S{2,8}(?:報導|報道|报道)$"
    r"|[\w]{2,8}[/／][\w、\s]{2,16}[报報]導?道?$"
)
#: Where a site had the piece from, in a sentence: 本文来自微信公众号“…”，作者：…; 感谢网友 … 的线索投递！
_ORIGIN = re.compile(
    r"[（(【*\s]*(?:本文|文章|内容|素材)?(?:转载自|来自于?|来源于?|转自|首发于?)[:：]?\s?(?:微信)?(?:公众号|公號|订阅号)|[感鸣]谢.{1,40}投递"
)
#: Words of a caption inside it, and the clock of a player.
_WITHIN_CAPTION = re.compile(
    r"[（(]\d{1,2}月\d{1,2}日[摄攝][）)]|^\d\d:\d\d\s?/\s?\d\d:\d\d$|[。 ][摄攝][于於](?:19|20)?\d\d"
    r"|[（(](?:[前后後]排)?(?:[左右][一二三四五]?|中|左起|右起|中间|中間)[）)]|本文图片?[除均由来系]"
)
_NUMBERED_PICTURE = re.compile(
    r"^[图表圖]\s?\d{1,2}[\s：:.、]|(?:制图|图源|圖源|(?:图片|数据|圖片)来源)\s?[:：]\s?\S[^。，]{1,14}$"
)
_CAPTION_CREDIT = re.compile(
    r"[（(【](?:取自|翻攝|圖|图|資料|资料|摄影|攝影|摄|攝|记者|記者)[^）)】]{1,24}(?:摄|攝)?[）)】]$|[（(][^）)]{0,16}[摄攝][）)]。?$|摄影\s?[/／:：]\s?\S{2,8}$|[\s。][图圖]片?\s?[/／]\s?\S{2,16}$|[（(](?:点击|點擊)|(?:供图|供圖|摄|攝)\s\S{2,16}[发發]?$"
)
_ADDRESS = re.compile(r"[\w.-][@#][\w-]+\.\w+")
_TELEPHONE = re.compile(r"\d{3,4}-\d{3,4}-?\d{3,4}|QQ群?[:：]?\d{6,}")
_BREADCRUMB = re.compile(
    r"\S\s?(?:>{1,2}|»|›|＞|→)\s?\S.*(?:>|»|›|＞|→)\s?\S|(?:首页|首頁|网|網|频道)\s?(?:>{1,2}|»|›|＞|→)\s?\S|/正文$|\S\s/\s\S+\s/\s\S"
)
_NOTICE_OPENING = re.compile(
    r"[“\"【（(*]*(?:特别|郑重|免责|版权|本站|本网|侵权)?(?:声明|聲明|说明)[:：】]|[“\"【（(*]*(?:风险提示|免责声明|版权声明)"
)
_REACTION = re.compile(
    r"网友\]|網友\]|^热心网友|(?:^|[\s·|｜/])回[复覆]\s?[（(]?\d*[）)]?$|\s回[复覆]\s"
    r"|^[|｜]?(?:举报|分享|收藏|引用)$|[+＋]1[顶踩]|楼$"
)
#: Buttons under a comment. Elsewhere 回复 is a word like others, so only lines up to 16 characters count.
_BUTTON = re.compile(r"回[复覆]|举报$|(?<!获)[赞顶踩讚]\s?[(（\[]?\d|^[赞顶踩]$")
_BUTTON_CHARS = 16
#: Channels and tools between bars are at most this long, with the spaces around them.
_CHANNEL_CHARS = 12
_BAR = re.compile(r"[|｜┊]")
#: What channels and tools are never called by.
_OF_TEXT = re.compile(r"[\d。，：；！？“”（）%.-]")
_SEPARATED = re.compile(r"[\s\[\]【】|｜丨┊·•/／,，、›»>＞-]+")
#: An office alone: whose document it is, or who signed it.
_OFFICE = re.compile(r"[一-鿿]{2,16}(?:人民政府|办公[室厅]|委员会|管委会)$")
_QUOTE_OF_A_MARKET = re.compile(r"[-+]?\d+(?:\.\d+)?%")


def _opens(text: str, name: str, after: str) -> bool:
    """True when a line opens with a phrase of the lexicon, `after` following."""
    first_characters, pattern = _opening(name, after)
    return text[0] in first_characters and pattern.match(text) is not None


@cache
def _opening(name: str, after: str) -> tuple[frozenset[str], re.Pattern[str]]:
    first_characters = frozenset(_OPEN).union(phrase[0] for phrase in phrases(name))
    return first_characters, re.compile(rf"[{re.escape(_OPEN)}]*(?:{any_of(name)})\s*(?:{after})")


@cache
def _anywhere(name: str) -> re.Pattern[str]:
    return re.compile(any_of(name).lower())


def _by_character(words: Iterable[str], at: int) -> dict[str, tuple[str, ...]]:
    """Words by their first or last character: `startswith` and `endswith` try all that they are given."""
    groups: dict[str, tuple[str, ...]] = {}
    for word in words:
        groups[word[at]] = (*groups.get(word[at], ()), word)
    return groups


@cache
def _openings(name: str) -> dict[str, tuple[str, ...]]:
    return _by_character(phrases(name), 0)


@cache
def _endings(name: str) -> dict[str, tuple[str, ...]]:
    return _by_character(phrases(name), -1)


@cache
def _long_keys(name: str) -> dict[str, tuple[str, ...]]:
    """Text keys that are long enough to open a line on their own."""
    return _by_character((key for key in phrase_keys(name) if len(key) >= 4), 0)


def is_comment_heading(key: str) -> bool:
    """最新评论, 评论 57, 全部评论（126）最热 最新."""
    if key[0].isdigit():  # 88 跟贴, the count under an item of a list
        return False
    bare = key.rstrip("0123456789条个")
    return bare in phrase_keys("comment_headings") or key.startswith(_long_keys("comment_headings").get(key[0], ()))


def is_pointer(text: str) -> bool:
    """上一篇：…, 下一图集：…"""
    return _POINTER.match(text) is not None


def is_related_heading(key: str) -> bool:
    """The heading of a list of other stories, by the text key of a short line."""
    bare = key.removesuffix("more").removesuffix("更多")
    return bare in phrase_keys("related_headings") or (
        len(key) <= 12 and key.startswith(_long_keys("related_headings").get(key[0], ()))
    )


def find_date(text: str, hints: int) -> re.Match[str] | None:
    """Return the first date of a line, or how long ago it was."""
    return DATE.search(text) if hints & (has.DIGIT | has.RECENT) else None


def is_recent(text: str, hints: int) -> bool:
    """Says how long ago something was, or that it was today or yesterday."""
    return bool(hints & has.RECENT and _AGO.search(text))


def is_publication(text: str, n: int, dated: re.Match[str] | None, hints: int) -> bool:
    """A date with little else beside it, a count, or a labelled field, on a line that is no sentence."""
    if n > 110 or text.endswith("。"):
        return False
    if dated:
        rest = n - (dated.end() - dated.start()) - sum(len(m) for m in _CLOCK.findall(text))
        named = dated.start() <= 24 or "来源" in text or "來源" in text
        return rest <= 12 or (named and rest <= 70 and not _STOP.search(text) and "，" not in text)
    if n > 60:
        return False
    return _opens(text, "publication_labels", "[】\\]]?[:：]|[】\\]]|，\\s|$") or bool(
        hints & has.DIGIT and _COUNT.search(text)
    )


def is_byline(text: str, n: int, hints: int) -> bool:
    """本报记者 张三, 文/李四, 本文来自公众号 …."""
    if n > 48:
        return n <= 120 and bool(hints & has.WRITER and _ORIGIN.match(text))
    return bool(hints & has.WRITER and ((not _STOP.search(text) and _BYLINE.match(text)) or _ORIGIN.match(text)))


def is_credit(text: str, n: int, hints: int) -> bool:
    """A labelled name: 图：王五 校对：赵六. Editors are left to `is_editor_credit`."""
    labelled = hints & (has.COLON | has.BAR | has.SPACE | has.SEPARATOR)
    # After a bar a name: 视频丨… opens headlines too.
    if labelled and _opens(text, "credit_labels", r"[】\]]?[:：/／]|[】\]]\s?\S|[|｜丨].{1,16}$|\s\S{2,4}(?:\s|$)"):
        return True
    if n > 40:
        return False
    return bool(
        (hints & has.CREDIT_PHRASE and _anywhere("credit_phrases").search(text))
        or _NEWSPAPER_PAGE.match(text)
        or (hints & has.BRACKET and _SOURCE.match(text))
        or (hints & has.COLON and len(_PAIRS.findall(text)) > 1)
    )


def is_caption(text: str, n: int, hints: int) -> bool:
    """Opens or ends as captions do."""
    if n > 160:
        return False
    if text.startswith(_openings("caption_openings").get(text[0], ())):
        return True
    if hints & (has.BRACKET | has.TAKEN) and _CAPTION_CREDIT.search(text, max(0, n - 48)):
        return True
    if hints & (has.DIGIT | has.TAKEN | has.BRACKET | has.PICTURE) and n <= 110 and _WITHIN_CAPTION.search(text):
        return True
    if hints & has.PICTURE and (
        _NUMBERED_PICTURE.search(text, max(0, n - 24)) or (n <= 60 and _NUMBERED_PICTURE.match(text))
    ):
        return True
    bare = text.rstrip("）)】]。. ")
    return bare.endswith(_endings("caption_endings").get(bare[-1:], ())) and (n <= 80 or " " in text[-24:])


def is_abstract(text: str) -> bool:
    """摘要, 核心提示, 编者按 …"""
    bare = text.lstrip("[【（( ")
    return bare.startswith(_openings("lede_openings").get(bare[:1], ()))


def scan_phrases(text: str, hints: int) -> tuple[int, bool, bool]:
    """
    One pass for three lexicons: number of different phrases of notices; a contact; a phrase of menus, forms and tools.

    Letter-spaced lines (版 权 所 有) are read without their spaces.
    """
    if hints & has.STATED and _NOTICE_OPENING.match(text):
        return 2, False, False
    contact = bool((hints & has.AT and _ADDRESS.search(text)) or (hints & has.DIGIT and _TELEPHONE.search(text)))
    tool = text.startswith("功能介绍")
    notices = set()
    if hints & has.FRAME_PHRASE:
        kinds = _kinds_of_phrases()
        for phrase in _phrases_of_the_frame().findall(text.lower()):
            kind = kinds[phrase]
            if kind == "notice":
                notices.add(phrase)
            contact = contact or kind == "contact"
            tool = tool or kind == "tool"
    if not notices and hints & has.SPACE and text.count(" ") * 3 > len(text):
        notices = set(_anywhere("notice_phrases").findall(text.lower().replace(" ", "")))
    return len(notices), contact, tool


@cache
def _kinds_of_phrases() -> dict[str, str]:
    lexicons = (("tool", "nav_phrases"), ("contact", "contact_phrases"), ("notice", "notice_phrases"))
    return {phrase.lower(): kind for kind, name in lexicons for phrase in phrases(name)}


@cache
def _phrases_of_the_frame() -> re.Pattern[str]:
    # No groups: with them `re` tries every branch at every character (180 µs a paragraph instead of 10).
    return re.compile("|".join(re.escape(phrase) for phrase in sorted(_kinds_of_phrases(), key=len, reverse=True)))


def is_reaction(text: str, n: int, hints: int) -> bool:
    """A reader's name, or the buttons under a comment."""
    return bool(hints & has.REPLY and (_REACTION.search(text) or (n <= _BUTTON_CHARS and _BUTTON.search(text))))


def is_editor_credit(text: str, hints: int) -> bool:
    """责任编辑：张三, 编辑/李四: where the article ends."""
    return bool(hints & has.EDITOR and _STRONG_CREDIT.search(text, 0, 40))


def is_breadcrumb(text: str, hints: int) -> bool:
    """首页 > 新闻 > 正文."""
    return bool(hints & (has.ARROW | has.BAR) and _BREADCRUMB.search(text))


def is_office(text: str) -> bool:
    """某某市人民政府办公室."""
    return _OFFICE.match(text) is not None


@cache
def _nav_words() -> frozenset[str]:
    return frozenset(phrases("nav_lines"))


def is_menu(text: str, n: int, hints: int) -> bool:
    """Many short words side by side, or channel names glued together, or a quotation of a market."""
    if n > 200:
        return False
    if (
        hints & has.PERCENT
        and 8 < n <= 60
        and _QUOTE_OF_A_MARKET.search(text)
        and sum(c.isdigit() for c in text) * 5 > 2 * n
        and not DATE.search(text)
    ):
        return True
    glued = _anywhere("channels").findall(text) if hints & has.CHANNELS else ()
    if len(glued) >= 3 and sum(map(len, glued)) * 10 >= 6 * n:
        return True
    if not hints & (has.SEPARATOR | has.SPACE):
        return False
    parts = _BAR.split(text)
    if len(parts) >= 3 and max(map(len, parts)) <= _CHANNEL_CHARS:
        return True
    words = _SEPARATED.split(text)
    if len(words) < (3 if _BAR.search(text) else 4):
        return False
    # 新华社简介 公司官网 联系我们 我要链接 版权声明 法律顾问
    if (
        len(words) >= 6
        and max(map(len, words)) <= 8
        and n <= 5.5 * len(words)
        and text.isprintable()
        and not _OF_TEXT.search(text)
    ):
        return True
    known = sum(word in _nav_words() for word in words)
    return known * 2 >= len(words) or max(map(len, words)) <= 4
