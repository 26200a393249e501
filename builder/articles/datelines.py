"""电头: the agency, place and date that open a paragraph (新华社北京4月24日电), and who is bracketed after them."""

import re
from dataclasses import replace

from builder.articles.names import is_medium, is_place, place_at_end
from builder.records import Dateline

_CJK_NUMBER = "〇一二三四五六七八九十"
_DATE = rf"(?:\d{{4}}年)?(?:\d{{1,2}}|[{_CJK_NUMBER}]{{1,2}})月(?:\d{{1,2}}|[{_CJK_NUMBER}]{{1,3}})[日號号]|\d{{1,2}}日"
#: Letters of an agency or a place: no stop, no comma, no bracket.
_WORD = r"[\w·・“”\"「」—－\-]"

#: 新华社北京4月24日电, 华龙网8月1日6时讯, 中央社記者王小明台北5日電.
_DATED = re.compile(
    rf"(?P<who>{_WORD}{{2,24}}?)\s?"
    rf"(?:[记記]者\s?(?P<reporters>[一-鿿、\s]{{2,16}}?))?\s?"
    rf"(?P<date>{_DATE})(?P<clock>\d{{1,2}}[时時](?:\d{{1,2}}分)?)?\s?(?P<end>[专專]?[电電]|[讯訊](?!号)|消息(?!人士))"
)
#: 本报讯, 央视网消息, 新京报快讯, 本报北京讯.
_UNDATED = re.compile(
    rf"(?P<who>{_WORD}{{1,20}}?)(?P<end>综合电|[专專]?[讯訊](?![号問问息])|快[讯訊]|综合消息|消息(?!人士)|[电電])(?=[\s：:（(【〔】〕）)\]，,。]|$)"
)
#: 新华社北京电 is undated, 人民网北京4月24日 is dated; both hold a place.
_OWN = re.compile(r"本[报報网網刊台社站]")
_PORTAL_CHANNEL = re.compile(
    r"(?:新浪|网易|腾讯|搜狐|凤凰|新华|中新|央广|央视|快|人民)(?:科技|财经|体育|娱乐|汽车|教育|军事|健康|时尚|社会|视频)"
)
_AGENCY_ENDS = re.compile(
    r"社|网(?!络)|網(?!路)|[报報](?!告|道|導|名|价|酬)|客户端|客戶端|电视台|電視台|电台|電台|卫视|广播|周刊|週刊|杂志|频道|之[声聲音]|[纪紀]元|新闻|新聞|之家|融媒体?中心|财经|时报"
)
_OPENS_LIKE_TEXT = re.compile(r"据|據|从|從|在|记者|記者|昨|今|近|当地|當地|目前|日前|截至|针对|随着")
_BRACKETED = re.compile(r"\s?[（(〔【\[［]([^（）()〔〕【】\[\]［］]{2,60})[）)〕】\]］]?")
_OPENING = "【（(〔[［　 "


def find_dateline(paragraph: str, outlet: str | None = None) -> Dateline | None:
    """
    Return the dateline that opens a paragraph, or None. `outlet` is an agency whatever it is called.

    `raw` is its exact text up to 电, 讯 or 消息, without the brackets around it; who is bracketed after it is no part.

    >>> find_dateline("新华社北京4月24日电（记者范知秋）会议今天开幕。").place
    '北京'
    >>> find_dateline("据临江通讯社4月24日报道，会议今天开幕。")
    """
    start = len(paragraph) - len(paragraph.lstrip(_OPENING))
    if _OPENS_LIKE_TEXT.match(paragraph, start):
        return None
    head = paragraph[start : start + 60]
    if match := _DATED.match(head):
        found = _dated(match, outlet)
    elif match := _UNDATED.match(head):
        found = _undated(match, outlet)
    else:
        return None
    return replace(found, start=start, end=start + len(found.raw)) if found else None


def _dated(match: re.Match[str], outlet: str | None) -> Dateline | None:
    agency, place = _agency_and_place(match["who"], outlet)
    if agency is None:
        # （吉隆坡12日訊）: papers overseas name the place alone; 东京12日电力吃紧 is text.
        place, after = match["who"].strip(), match.string[match.end() :]
        if not is_place(place) or match["end"].startswith("消息") or re.match(_WORD, after):
            return None
    if match["reporters"]:
        place = place_at_end(match["reporters"]) or place
    # 4月24日电 is filed by an agency and dated; 8月1日6时讯 is a bulletin, named by its hour.
    date = match["date"]
    if match["clock"]:
        date = match[0][match.start("date") : match.end("end")]
    if match["end"].startswith("消息") and place is None and not is_medium(agency or ""):
        return None
    return Dateline(agency, place, date, match[0], 0, 0)


def _undated(match: re.Match[str], outlet: str | None) -> Dateline | None:
    agency, place = _agency_and_place(match["who"], outlet)
    if agency is None or (match["end"] in "电電" and place is None):
        return None
    if not (_OWN.fullmatch(agency) or agency == outlet or is_medium(agency) or _PORTAL_CHANNEL.fullmatch(agency)):
        return None
    return Dateline(agency, place, None, match[0], 0, 0)


def _agency_and_place(who: str, outlet: str | None) -> tuple[str | None, str | None]:
    """Split 新华社北京 into agency and place; (None, None) when it is neither."""
    who = who.strip()
    own = _OWN.match(who)
    ends = [own.end()] if own else [m.end() for m in _AGENCY_ENDS.finditer(who)]
    if outlet and who.startswith(outlet):
        ends.append(len(outlet))
    ends += [m.end() for m in _PORTAL_CHANNEL.finditer(who)]
    for end in sorted(ends, reverse=True):
        agency, rest = who[:end], who[end:].strip()
        if end < 2:
            continue
        if not rest:
            return agency, None
        # A place that no list knows is still one between an agency and a date, when it is a short word.
        if is_place(rest) or re.fullmatch(r"[一-鿿·・“”「」]{2,10}", rest):
            return agency, rest
    if is_place(who):
        return None, None
    # 财联社 and 新华社 end as agencies do; other short names do not, and only a date vouches for them.
    return (who, None) if re.fullmatch(r"[\w\-]{2,8}", who) and is_medium(who) else (None, None)


def bracketed_after(paragraph: str, dateline: Dateline | None) -> str:
    """Return what stands in brackets right after the dateline, or opens a paragraph that has none; else ''."""
    match = _BRACKETED.match(paragraph, dateline.end if dateline else 0)
    if match is None and dateline and paragraph[dateline.end : dateline.end + 1] in "】）)〕］]":
        match = _BRACKETED.match(paragraph, dateline.end + 1)
    if match and not dateline and match[1].endswith(("讯", "訊", "消息")):
        match = _BRACKETED.match(paragraph, match.end())  # 【大江2021年03月05日訊】（記者蘇映雪報導）
    return match[1] if match else ""


def reporters_within(dateline: Dateline | None) -> str:
    """Return the names that some datelines hold: 中央社記者王小明台北5日電; else ''."""
    match = _DATED.match(dateline.raw) if dateline else None
    if match is None or not match["reporters"]:
        return ""
    names = match["reporters"].strip()
    return names[: len(names) - len(place_at_end(names))].strip()
