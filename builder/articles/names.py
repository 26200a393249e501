"""
Which words are names: of a person, of a place, of a medium.

Sure rather than complete: a byline that names nobody stays empty, and a wrong name is worse than a missing one.
"""

import re
from functools import cache

from builder.label.phrases import phrases

_PLACES = frozenset(phrases("places"))
#: Words that stand where a name would (未知, 网络整理, 管理员), and common ones that open like a surname (高清, 金融).
_NOBODY = frozenset(phrases("not_names"))
_SURNAMES = frozenset(s for s in phrases("surnames") if len(s) == 1)
_COMPOUND_SURNAMES = tuple(s for s in phrases("surnames") if len(s) > 1)
_PLACE_ENDS = re.compile(r"[省市县縣区區州镇鎮乡鄉村旗盟岛島路街港]$")

_MEDIA_ENDS = re.compile(
    r"(?:社|网|網|文[汇匯][报報]|(?<![举海汇通预情申舉匯預])[报報]|台|臺|新闻|新聞|客户端|客戶端|App|APP|电视|電視|电台|广播|廣播|频道|頻道|周刊|週刊|周末|月刊|半月谈|杂志|雜誌|画报|传媒|傳媒|媒体|融媒|"
    r"在线|在線|快讯|快訊|时讯|财经|財經|消息|资讯|資訊|观察|觀察|头条|日刊|期刊|广电|之声|之窗|热线|之家|号|编辑部|新媒体|文摘|导报|评论|通讯|晨刊|微信公号|微信公众号|公众号|官微|网络版|报道)$"
)
#: An office, firm or group: never a person, though it may be the outlet of an official notice.
_BODY_ENDS = re.compile(
    r"(?:部|局|厅|廳|处|處|科|办|辦|委|院|所|站|队|隊|组|組|会|會|校|学|系|室|中心|公司|集团|支部|政府|机关|协会|学院|大学|法院|检察院|公安|消防|银行|医院|党委|联盟|团队|工作室|气象台|发布)$"
)
_CJK = re.compile(r"[㐀-鿿〇\U00020000-\U0003ffff]+")
_FOREIGN = re.compile(r"[㐀-鿿]{1,6}(?:[·•・‧][㐀-鿿A-Z]{1,8}){1,3}")
_LATIN = re.compile(r"[A-Z][a-z'.]+(?: [A-Z][A-Za-z'.]+){1,3}")
#: Names of accounts and columns that begin like a person: 王五说, 周刊君, 金融圈.
_ACCOUNT_ENDS = re.compile(
    r"[报報网網社台臺刊号號说説說君站圈汇匯帮幫团團家窝院局部省通宝派讯訊谈談志誌观觀眼视視论論客评評谱吧馆館店厂厅厅栏类类型篇版期章线線率量额化性]$|(?:城|记|記)$"
)
#: 王先生, 张某: somebody whom the text tells of.
_SPOKEN_OF = re.compile(r"(?:先生|女士|小姐|老师|老師|教授|医生|醫生|同学|同學|阿姨|大爷|大妈|师傅|某)$")
#: Surnames that open two and more common words of two characters (方便, 任命, 常务), and are not among the commonest.
_OPEN_WORDS = frozenset(
    "上万高平应初强解那安成明连来查关简公包宣冷丰常全古封展左揭支申谈任原向国盛舒鲜元占游管门付代单商尚房路危"
    "齐撒敬武焦白纪诸边党和宫屈底易乐蒙藏麻井尤庄庞方时晋智毕甘石种练计费车于文权金华花"
    "萬應強連來關簡豐國遊門單紀諸邊黨宮樂時畢種練計費車權華"
)


def is_person(word: str) -> bool:
    """
    True when `word` is surely a person's name by its form alone.

    >>> [w for w in ("范知秋", "欧阳静", "江苏", "文汇报", "阿卜杜拉·汗", "公司") if is_person(w)]
    ['范知秋', '欧阳静', '阿卜杜拉·汗']
    """
    if _FOREIGN.fullmatch(word):
        return True
    if not 2 <= len(word) <= 4 or not _CJK.fullmatch(word) or word in _NOBODY or is_place(word):
        return False
    if _SPOKEN_OF.search(word):
        return False
    if len(word) > 2 and (_MEDIA_ENDS.search(word) or _BODY_ENDS.search(word) or _ACCOUNT_ENDS.search(word)):
        return False
    if word.startswith(_COMPOUND_SURNAMES):
        return len(word) >= 3
    return word[0] in _SURNAMES and len(word) <= 3


def may_be_word(word: str) -> bool:
    """True for two characters that a name and a common word may both be: 方禾, 方便."""
    return len(word) == 2 and word[0] in _OPEN_WORDS


def may_be_person(word: str) -> bool:
    """True when a label right before `word` makes it a name: pen names, rare surnames, Latin names."""
    if is_person(word):
        return True
    if word in _NOBODY or is_place(word) or _MEDIA_ENDS.search(word) or _BODY_ENDS.search(word):
        return False
    if _CJK.fullmatch(word):
        return 2 <= len(word) <= 4
    return bool(_LATIN.fullmatch(word))


@cache
def is_place(word: str) -> bool:
    """True for the places of datelines: provinces, larger cities, capitals, and what ends in 市, 县, 州."""
    return word in _PLACES or (3 <= len(word) <= 6 and word[:-1] in _PLACES and bool(_PLACE_ENDS.search(word)))


def place_at_end(text: str) -> str:
    """Return the longest known place at the end of `text`, or an empty string."""
    return next((text[-n:] for n in range(min(8, len(text)), 1, -1) if is_place(text[-n:])), "")


def is_medium(word: str) -> bool:
    """True when `word` ends as names of media do: 日报, 网, 客户端, 电视台."""
    return len(word) >= 2 and bool(_MEDIA_ENDS.search(word))


def is_body(word: str) -> bool:
    """True when `word` ends as names of offices, firms and groups do."""
    return bool(_BODY_ENDS.search(word))


def is_nobody(word: str) -> bool:
    """True for the words that fill the place of a name: 未知, 网络整理, 管理员."""
    return word in _NOBODY
