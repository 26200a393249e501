"""Dates as lines, heads and addresses of pages state them."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))

_DIGIT = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_CLOCK = (
    r"(?P<half>上午|下午|凌晨|清晨|早上|早|中午|傍晚|晚上|晚间|晚|AM|PM)?\s{0,2}"
    r"(?P<hour>[01]?\d|2[0-4])\s?[:：时時点點]\s?(?P<minute>[0-5]\d)(?!\d{3})分?(?:[:：](?P<second>[0-5]\d)(?:\.\d+)?秒?)?"
    r"(?:\s?(?P<half_after>AM|PM|上午|下午))?(?:\s?(?P<zone>Z\b|[+-]\d{2}:?\d{2}|GMT(?:[+-]\d{1,2})?|UTC))?"
)
#: Between a day and its clock: a T, a weekday, a bar, the name of a zone.
_BETWEEN = (
    r"(?:\s?-\s|[\sT,，|｜·(（]{0,3})(?:[(（]?(?:星期|周|週|礼拜|禮拜)[一二三四五六日天][)）]?\s{0,2}|[(（]?[一二三四五六日][)）]\s{0,2})?"
    r"(?P<zone_name>(?:北京|香港|台北|臺北)[时時][间間]|格林尼治[标標][准準][时時][间間]|GMT|UTC|HKT)?[\s:：]{0,2}"
)
_DAY = re.compile(
    r"(?:(?<![\d.])|(?<=:[0-5]\d)(?=(?:19|20)\d\d[-/.年]))(?:"  # 14:322023/04/15: two elements, glued
    r"(?P<year>(?:19|20)\d\d)\s?(?:[-/.年]|\n)\s{0,2}(?P<month>0?[1-9]|1[0-2])\s?[-/.月]\s{0,2}(?P<day>0[1-9]|[12]\d|3[01]|[1-9])\s?[日號号]?"
    r"|(?P<short_year>\d\d)-(?P<short_month>\d\d)-(?P<short_day>\d\d)(?=\D|\d\d[:：])"
    r"|(?P<bare_month>0?[1-9]|1[0-2])(?:(?P<cjk>月)|[-/])(?P<bare_day>0[1-9]|[12]\d|3[01]|[1-9])(?(cjk)[日號号])"
    rf")(?!\d*[.%％万亿])(?:{_BETWEEN}{_CLOCK})?",
    re.IGNORECASE,
)
_CJK_DAY = re.compile(
    r"(?P<year>[一二][〇零○一二三四五六七八九]{3})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十廿卅]{1,3})日"
)
_ROC_DAY = re.compile(r"(?:民國|民国|中華民國)\s?(\d{2,3})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
#: 民國 years also stand without their name, as numbers after a label or where a line begins: 發布日期：110/03/05.
_ROC_NUMBERS = re.compile(r"(?:(?<=[期間]：|[期間]:)\s?|^(?=\d+/))(1[01]\d)[/.-](0?[1-9]|1[0-2])[/.-](\d\d?)(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
#: March 5, 2021; 5 Mar 2021.
_ENGLISH = (
    re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>(?:19|20)\d\d)\b,?", re.IGNORECASE),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH},? (?P<year>(?:19|20)\d\d)\b,?", re.IGNORECASE),
)
#: 25.03.2021 and 25/03/2021 put the day first; 05/03/2021 may be either and is no date.
_YEAR_LAST = re.compile(r"(?<![\d./-])(\d\d?)([./])(\d\d?)\2((?:19|20)\d\d)(?!\d)")
_CLOCK_BEFORE = re.compile(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?[\s,，|｜]{0,3}$")
_PACKED = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?")
_URL_DAY = re.compile(
    r"[/_t-]((?:19|20)\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|\d{0,12}\.\w+$|$)"
)
#: A revision, or the day on the document itself: dates of the same article that its publication line outranks.
_UPDATED = re.compile(
    r"(?:成文|签发|印发|生效|施行|更新|更改|修改|编辑|修订|截至|截止|最后|最後)(?:时间|時間|日期|于)?[\s:：]{0,3}$"
    r"|(?:[Uu]pdated|[Mm]odified)(?: on)?:?\s?$"
)
_STATED = re.compile(r"(?:发布|發布|發佈|发表|發表|刊登|发稿|上传)(?:时间|時間|日期|于)?[\s:：]{0,3}$")
_EARLIEST = 1990


@dataclass(frozen=True, slots=True)
class Moment:
    """
    A date as a line states it; the parts it leaves out are None.

    `offset` is the stated distance from UTC in minutes; `updated` when the line calls it a revision or a signature,
    `stated` when it calls it the publication; `start` and `end` span it in its line.
    """

    year: int | None
    month: int
    day: int
    hour: int | None = None
    minute: int = 0
    second: int | None = None
    offset: int | None = None
    updated: bool = False
    stated: bool = False
    start: int = 0
    end: int = 0

    @property
    def on(self) -> tuple[int | None, int, int]:
        """Year, month, day."""
        return self.year, self.month, self.day

    @property
    def precision(self) -> str:
        """`day`, `minute` or `second`."""
        return "day" if self.hour is None else "minute" if self.second is None else "second"

    def at(self) -> datetime | None:
        """Return the moment as an aware datetime, +08:00 when it states no zone; None when there is no such day."""
        zone = CHINA if self.offset is None else timezone(timedelta(minutes=self.offset))
        try:
            day = datetime(self.year or 0, self.month, self.day, tzinfo=zone)
        except ValueError:
            return None
        if day.year < _EARLIEST:
            return None
        return day + timedelta(hours=self.hour or 0, minutes=self.minute, seconds=self.second or 0)


def find_moments(text: str) -> list[Moment]:
    """
    Return the dates of a line, with the clock that follows each.

    >>> [(m.on, m.hour, m.minute) for m in find_moments("2020年8月1日 下午3:05 来源：临江晚报")]
    [((2020, 8, 1), 15, 5)]
    """
    if "年" in text:
        text = _CJK_DAY.sub(_digits, text)
        text = _ROC_DAY.sub(lambda m: f"{int(m[1]) + 1911}年{m[2]}月{m[3]}日", text)
    elif "/" in text or "." in text or " " in text:
        text = _ROC_NUMBERS.sub(lambda m: f"{int(m[1]) + 1911}年{m[2]}月{m[3]}日", text)
        text = _YEAR_LAST.sub(_year_first, text)
        for english in _ENGLISH if re.search(r"[a-zA-Z]", text) else ():
            text = english.sub(_english_day, text)
    found: list[Moment] = []
    for match in _DAY.finditer(text):
        if moment := _moment(match, text):
            before = _CLOCK_BEFORE.search(text, found[-1].end if found else 0, match.start())
            if moment.hour is None and before:
                second = int(before[3]) if before[3] else None
                moment = replace(moment, hour=int(before[1]), minute=int(before[2]), second=second)
            found.append(moment)
    return found


def _english_day(match: re.Match[str]) -> str:
    return f"{match['year']}-{_MONTHS.index(match['month'][:3].lower()) + 1:02}-{int(match['day']):02}"


def _year_first(match: re.Match[str]) -> str:
    """Turn 25.03.2021 round; a date whose first two numbers may both be the month is left as it is."""
    first, second = int(match[1]), int(match[3])
    day, month = (second, first) if first <= 12 < second else (first, second)
    return match[0] if match[2] == "/" and max(first, second) <= 12 else f"{match[4]}-{month:02}-{day:02}"


def _moment(match: re.Match[str], text: str) -> Moment | None:
    if match["bare_month"] and not match["cjk"] and not match["hour"]:
        return None  # 3-1 is a score, 1/2 a page
    year = match["year"] or (match["short_year"] and "20" + match["short_year"])
    month = match["month"] or match["short_month"] or match["bare_month"]
    day = match["day"] or match["short_day"] or match["bare_day"]
    hour, offset = _hour(match), _offset(match["zone"], match["zone_name"])
    moment = Moment(
        year=int(year) if year else None,
        month=int(month),
        day=int(day),
        hour=hour,
        minute=int(match["minute"]) if hour is not None else 0,
        second=int(match["second"]) if hour is not None and match["second"] else None,
        offset=offset,
        updated=bool(_UPDATED.search(text, 0, match.start())),
        stated=bool(_STATED.search(text, 0, match.start())),
        start=match.start(),
        end=match.end(),
    )
    return moment if replace(moment, year=moment.year or 2000).at() else None


def _digits(match: re.Match[str]) -> str:
    year = "".join(_DIGIT[c] for c in match["year"])
    return f"{year}年{_number(match['month'])}月{_number(match['day'])}日"


def _number(text: str) -> int:
    """Value of a numeral under 100: 十二, 二十三, 廿四, 卅."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, units = text.partition("十")
    if not ten:
        return int("".join(_DIGIT[c] for c in text))
    return (int(_DIGIT[tens]) if tens else 1) * 10 + (int(_DIGIT[units[0]]) if units else 0)


def _hour(match: re.Match[str]) -> int | None:
    if match["hour"] is None:
        return None
    hour = int(match["hour"])
    half = (match["half"] or match["half_after"] or "").upper()
    if half in {"下午", "傍晚", "晚上", "晚间", "晚", "PM"} and hour < 12:
        return hour + 12
    if half in {"上午", "凌晨", "AM"} and hour == 12:
        return 0
    return hour


def _offset(zone: str | None, name: str | None) -> int | None:
    if name and (name == "HKT" or (name.endswith(("间", "間")) and not name.startswith("格"))):
        return 480
    stated = zone or name
    if not stated:
        return None
    if digits := re.search(r"([+-])(\d{1,2}):?(\d{2})?", stated):
        minutes = int(digits[2]) * 60 + int(digits[3] or 0)
        return (-minutes if digits[1] == "-" else minutes) if minutes < 24 * 60 else None
    return 0


def head_moment(published: str | None) -> Moment | None:
    """Return the date that the head of a page states, in any of the forms of publication systems."""
    text = (published or "").strip()
    if match := _EPOCH.fullmatch(text):
        at = datetime.fromtimestamp(int(match[1]), UTC)
        return Moment(at.year, at.month, at.day, at.hour, at.minute, at.second, offset=0)
    if match := _PACKED.fullmatch(text):
        year, month, day, hour, minute, second = (int(g) if g else None for g in match.groups())
        packed = Moment(year, month or 0, day or 0, hour, minute or 0, second)
        return packed if packed.at() else None
    return next(iter(find_moments(text)), None)


def url_moment(url: str | None) -> Moment | None:
    """Return the day in the address of a page (`/2020/08/01/`, `t20200801_12.html`), which its site put there."""
    for match in _URL_DAY.finditer(url or ""):
        moment = Moment(int(match[1]), int(match[2]), int(match[3]))
        if moment.at():
            return moment
    return None
