"""
来源: the medium that an article comes from. One rule, the first that holds:

1. the page credits one: 来源 in its publication line, a medium named there without that label, 来源 in a credit after
   the text or in the head;
2. somebody signs it: the agency of the dateline, 来源 in brackets at the end of the text, an account beside the date
   that is not the author;
3. the site publishes it as its own: what its head calls it, else the name that it puts on its © line.

None when an author publishes on a platform that only hosts, and when the page tells none of these.
"""

import re
from collections.abc import Callable, Sequence

from builder.articles.lines import split_fields
from builder.articles.names import is_medium, is_nobody, is_person, is_place
from builder.records import Block, Dateline, Head

#: A date glued to a name ends it: 华龙网-新重庆客户端2020-08-01.
_DATE = re.compile(
    r"(?:19|20)?\d{2,4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?|\d{1,2}[-月/]\d{1,2}日?\s?\d{0,2}[:：]\d\d|\d{1,2}[:：]\d\d(?:[:：]\d\d)?"
)
_COUNT = re.compile(
    r"\d+\s?(?:人参与|人|条|次|个|評論|评论|阅读|跟贴|跟帖|views?)|[+＋]?关注|我有话说|收藏本文|试听|[Tt]\s?[+-]|来自\S+|[（(]\d*[^（）()]*参与[）)]"
)
_TAIL_BRACKET = re.compile(r"\s?[（(【\[〔][^（）()\[\]【】〔〕]{0,12}(?:[）)】\]〕]|$)")
_JUNK = re.compile(r"^(?:原创|原創|转载|轉載|综合|未知|网络|互联网|本文|优质|作者|更新|正文|发表|首页)$")
_CUT = re.compile(
    r"[|｜丨，,；;\n\t]|\s(?=\S*(?:阅读|浏览|点击|评论|举报|字号|分享|打印|作者|编辑|责编|时间|日期|版权|转载))"
)
#: （临江日报报道） and （臨江日報訊） name their paper.
_REPORTED = re.compile(r"(?<=[报報网網社])(?:报道|報道|報導|[讯訊])$")
#: The day of an English date.
_WEEKDAY = re.compile(r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?")
_OWN = re.compile(r"本[报報网網刊台社站]")
#: 芯途 ChipWay is one name, so a space before a Latin word does not part names.
_WORDS = re.compile(r"[/／|｜丨\[\]【】（）()〔〕]|\s·|\s+(?![A-Z][A-Za-z]{2,})")
_NOT_A_MEDIUM = re.compile(
    r"字号|字號|微信号|公众号$|^(?:综合|媒体|权威|专题|独家|现场|即时|即時)?(?:报道|消息|新闻|评论|观察|头条|资讯)$"
)
#: 掌上临江, GameHarbor: letters and digits, as long as a name.
_ACCOUNT = re.compile(r"[一-鿿A-Za-z][\w·\- ]{2,15}")
_NOT_AN_ACCOUNT = re.compile(
    r"字[号體体]|来自|合集|昨天|今天|前天|小时|分钟|星期|阅读|浏览|评论|分享|打印|收藏|更新|关注|下载|扫|登录|作者|编辑|记者|文章|标准|超大|发言人|字$|[约約]\d|调整|责任"
)
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z]{2,}")
_OWNER = re.compile(r"©|[(（][cC][)）]|[Cc]opyright|版权|版權|原创|主办|主辦")
_BUTTON = re.compile(r"举报|首页|版权|声明|备案|许可|编号|登录|注册|下载|关于|联系|订阅|手机|微信|微博|简体|繁")
_LONGEST = 30


def credited_outlet(meta: Sequence[str], credit_lines: Sequence[str], head: Head) -> str | None:
    """
    Return the outlet that the page credits, as displayed, without dates, counts and buttons; else None.

    A labelled 来源 in a publication line comes first, then a medium named there without label, then a labelled credit
    after the text, then the head.
    """
    return (
        _labelled(meta) or _named(meta, _is_named_medium) or _labelled(credit_lines) or trim_outlet(head.source or "")
    )


def implied_outlet(
    blocks: Sequence[Block],
    meta: Sequence[str],
    running: Sequence[str],
    head: Head,
    dateline: Dateline | None,
    byline: Sequence[str],
) -> str | None:
    """
    Return the outlet of a page that credits none.

    Who signs it comes before the site that publishes it; an account in the byline is an author and no outlet.
    """
    return (
        _agency(dateline)
        or _labelled([p[-60:] for p in running[-1:]])
        or _named(meta, lambda name: name not in byline and _is_account(name))
        or _own_name(blocks, head)
    )


def trim_outlet(value: str) -> str | None:
    """
    Return the name at the beginning of a value, or None.

    >>> trim_outlet("华龙网-新重庆客户端2020-08-01"), trim_outlet("北青网 北京 举报"), trim_outlet("EE Times 阅读 12")
    ('华龙网-新重庆客户端', '北青网', 'EE Times')
    """
    value = _DATE.split(value, maxsplit=1)[0]
    value = _CUT.split(_TAIL_BRACKET.sub(" ", value).strip(), maxsplit=1)[0].strip(" 　:：-—·/[]【】()（）《》“”\"'")
    words = value.split()
    if len(words) > 1 and _JUNK.fullmatch(words[0]):
        del words[0]
    if not words:
        return None
    name = words[0]
    # A name in Latin letters goes on over spaces; after a Chinese one come places and buttons.
    for word in words[1:]:
        if not (
            name.isascii() and name[-1:].isalpha() and (word.isascii() or is_medium(word)) and not word.isdigit()
        ) and not _LATIN_NAME.fullmatch(word):
            break
        name += f" {word}"
    name = _REPORTED.sub("", name)
    if not 2 <= len(name) <= _LONGEST or name.isdigit() or _JUNK.fullmatch(name) or name.startswith(("http", "www.")):
        return None
    return name


def _labelled(lines: Sequence[str]) -> str | None:
    for n, line in enumerate(lines):
        for field in split_fields(line[:200]) if "源" in line or "出" in line or "自" in line else ():
            if field.kind != "outlet":
                continue
            if name := trim_outlet(field.value):
                return name
            following = lines[n + 1].strip() if not field.value and n + 1 < len(lines) else ""
            # A link after 来源： stands on a line of its own.
            if (
                following
                and line.rstrip().endswith((":", "："))
                and len(following) <= 16
                and not split_fields(following)[0].kind
                and (name := trim_outlet(following))
            ):
                return name
    return None


def _named(lines: Sequence[str], wanted: Callable[[str], bool]) -> str | None:
    """Return the first unlabelled name of the publication lines that `wanted` accepts."""
    for line in lines:
        fields = split_fields(line) if len(line) <= 80 else []
        for field in fields:
            if field.kind not in {"", "time"}:
                continue
            rest = _COUNT.sub(" ", _DATE.sub(" ", field.value))
            for word in _WORDS.split(rest):
                if (name := trim_outlet(word)) and wanted(name):
                    return name
    return None


def _is_named_medium(word: str) -> bool:
    return len(word) >= 3 and is_medium(word) and not _NOT_A_MEDIUM.search(word)


def _is_account(word: str) -> bool:
    """True for the name of an account: no person, place or button."""
    return (
        bool(_ACCOUNT.fullmatch(word))
        and not (is_person(word) or is_place(word) or is_nobody(word))
        and not (_NOT_AN_ACCOUNT.search(word) or _WEEKDAY.fullmatch(word))
    )


def _agency(dateline: Dateline | None) -> str | None:
    agency = dateline.agency if dateline else None
    return agency if agency and not _OWN.match(agency) else None


def _own_name(blocks: Sequence[Block], head: Head) -> str | None:
    """Return the name of the site: what its head says, else what its first lines and its © line share."""
    if head.site_name and (name := trim_outlet(head.site_name)):
        return name
    owners = [b.text for b in blocks if b.role == "notice" and _OWNER.search(b.text)]
    for block in blocks[:3] if owners else ():
        for name in _WORDS.split(block.text.lstrip("#")) if block.role == "nav" and len(block.text) <= 40 else ():
            if (
                2 <= len(name) <= 10
                and not is_nobody(name)
                and not _BUTTON.search(name)
                and any(_owns(name, owner) for owner in owners)
            ):
                return name
    for owner in owners:
        for word in re.split(r"[\s,，。:：|｜()（）]+", owner):
            if (
                3 <= len(word) <= 12
                and is_medium(word)
                and not (_OWNER.search(word) or _BUTTON.search(word) or is_place(word))
            ):
                return word
    return None


def _owns(name: str, notice: str) -> bool:
    """True when a copyright notice says that `name` holds it: opens with the name, or has it after ©, a year or 为."""
    at = notice.find(name)
    return at == 0 or (at > 0 and bool(re.search(r"(?:©|[\d:：为由]|[Cc]opyright)\s*$", notice[:at])))
