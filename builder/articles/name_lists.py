"""The names in a value: `范知秋、陈芷 北京报道` gives 范知秋 and 陈芷. The first word that is no name ends the list."""

import re

from builder.articles.names import is_body, is_medium, is_person, is_place, may_be_person, place_at_end

SPLIT = re.compile(r"[\s、，,；;&＆/／|｜丨+＋]+|(?<=[一-鿿]{2})[和及与與](?=[一-鿿]{2})")
_HOW = r"(?:现场|現場|综合|綜合|外电|外電|即时|即時|专题|專題|摄影|攝影|连线|連線|采访|採訪|整理)"
_REPORTS = rf"{_HOW}*(?:报道|報導|報道|报导|采写|採寫|撰文|整合|整理|专访|專訪|专电|專電|电|電|摄|攝|編譯)"
#: What ends a name that it is glued to: 范知秋报道, 蘇映雪綜合報導.
_REPORT = re.compile(rf"{_REPORTS}$")
#: Where it was reported from, after the names: 陈芷 北京报道, 蘇映雪／台北報導, 范知秋台北3日電, 范知秋 发自伦敦.
_FROM = re.compile(
    rf"(?<=[一-鿿A-Za-z·])[\s/／│|｜]+[一-鿿]{{0,8}}?{_REPORTS}\W*$|(?:\d{{4}}年)?(?:\d{{1,2}}月)?\d{{1,2}}[日號号].*$|[发發]自.*$"
)
_AFFILIATION = re.compile(r"(?P<name>.{2,4}?)(?:系|为|是|均为|均系|对此文|对本文|亦有)[^、，,\s].+")
_CODE = re.compile(r"[_\s]?[（(]?[A-Za-z]{0,4}\d{2,}[）)]?")
_BRACKETS = re.compile(r"[（(\[【〔][^）)\]】〕]*(?:[）)\]】〕]|$)")
_REPORTER_WORD = re.compile(
    r"(?:(?:本|総|总)?[报報网網台刊社站]?(?:首席|特约|特約|见习|見習|实习|實習|职工|全媒体|驻[一-鿿]{2,4})*(?:记者|記者|通讯员|通訊員|评论员|評論員|特派员|实习生|编译|撰稿人|作者))[:：]?"
)
_EDGES = "“”\"'《》·-—:：。.□■◎●◆○▲★☆"


def names_in(value: str, *, loose: bool) -> list[str]:
    """
    Return the names at the beginning of the value of a byline.

    Args:
        loose: a label vouches for the value, so that its first word may be a pen name.
    """
    if (match := _AFFILIATION.fullmatch(value.strip())) and is_person(match["name"]):
        return [match["name"]]
    value = _CODE.sub("", _BRACKETS.sub(" ", _FROM.sub("", _REPORTER_WORD.sub(" ", value))))
    names: list[str] = []
    for token in words_in(value):
        word = _REPORT.sub("", token)
        if is_person(word) or (loose and word == token and may_be_person(word) and _may_follow(word, names)):
            names.append(word)
        elif name := _before_place(word):
            names.append(name)
        elif names or not (is_medium(word) or is_body(word) or is_place(word)):
            break
    return names


def words_in(value: str) -> list[str]:
    """Cut a list of names into its words; what typesetting spreads (韦 禾, Lena Qiao) is one."""
    return _join_spread([t.strip(_EDGES) for t in SPLIT.split(value)])


def editors_in(value: str) -> list[str]:
    """Cut the value of an editor's label into words, without codes and brackets."""
    tokens = SPLIT.split(_BRACKETS.sub("", _CODE.sub("", value)))
    return _join_spread([t.strip("_-·）)】」") for t in tokens])


def _before_place(word: str) -> str:
    """Return the name that a known place is glued to (蘇映雪台北), or an empty string."""
    while place := place_at_end(word):
        word = word[: -len(place)]
        if is_person(word):
            return word
    return ""


def _may_follow(word: str, names: list[str]) -> bool:
    """A pen name opens a byline or follows another of its length; a lone two-character word after names is a verb."""
    return not names or len(word) > 2


def _join_spread(tokens: list[str]) -> list[str]:
    """Join what typesetting spreads: 韦 禾 is one name, Lena Qiao too."""
    joined: list[str] = []
    spread = latin = False
    for token in tokens:
        if not token:
            continue
        single = len(token) == 1 and "一" <= token <= "鿿"
        is_latin = token.isascii() and token[0].isupper() and token.isalpha()
        if joined and ((single and spread) or (is_latin and latin)):
            joined[-1] += token if single else f" {token}"
            spread = False
        else:
            joined.append(token)
            spread = single
        latin = is_latin
    return joined
