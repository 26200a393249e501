"""When the article was published: the publication line first, never the day of the crawl or of a related item."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from builder.articles.lines import split_fields
from builder.records import Block, Dateline, Head, Page

CHINA = timezone(timedelta(hours=8))

_DIGIT = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_CLOCK = (
    r"(?P<half>上午|下午|凌晨|清晨|早上|早|中午|傍晚|晚上|晚间|晚|AM|PM)?\s{0,2}"
    r"(?P<hour>[01]?\d|2[0-4])\s?[:：时時点點]\s?(?P<minute>[0-5]\d)(?!\d{3})分?(?:[:：](?P<second>[0-5]\d)(?:\.\d+)?秒?)?"
    r"(?:\s?(?P<half_after>AM|PM|上午|下午))?(?:\s?(?P<zone>Z\b|[+-]\d{2}:?\d{2}|GMT(?:[+-]\d{1,2})?|UTC))?"
)
#: Between a day and its clock: a T, a weekday, a bar, the name of a zone.
_BETWEEN = (
    r"[\sT,，|｜·(（]{0,3}(?:[(（]?(?:星期|周|週|礼拜)[一二三四五六日天][)）]?\s{0,2})?"
    r"(?P<zone_name>北京时间|格林尼治标准时间|GMT|UTC)?[\s:：]{0,2}"
)
_DAY = re.compile(
    r"(?<![\d.])(?:"
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
_PACKED = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?")
_URL_DAY = re.compile(
    r"[/_t-]((?:19|20)\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|\d{0,12}\.\w+$|$)"
)
#: A revision, or the day on the document itself: dates of the same article that its publication line outranks.
_UPDATED = re.compile(
    r"(?:成文|签发|印发|生效|施行|更新|修改|编辑|修订|截至|截止|最后|最後)(?:时间|時間|日期|于)?[\s:：]{0,3}$"
)
_PUBLISHED = re.compile(r"(?:发布|发表|發布|發佈|刊登|上传|时间|日期|時間)")
_NEWSPAPER = re.compile(r"第\s?[A-Z]?\d{1,2}\s?版|数字版|數位版|上一版|版面导航")
_EARLIEST = 1990


@dataclass(frozen=True, slots=True)
class Moment:
    """
    A date as a line states it; the parts it leaves out are None.

    `offset` is the stated distance from UTC in minutes; `updated` when the line calls it a revision or a
    signature; `start` and `end` span it in its line.
    """

    year: int | None
    month: int
    day: int
    hour: int | None = None
    minute: int = 0
    second: int | None = None
    offset: int | None = None
    updated: bool = False
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
    return [moment for match in _DAY.finditer(text) if (moment := _moment(match, text))]


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
    if name == "北京时间":
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


def find_published(
    page: Page, blocks: Sequence[Block], head: Head, near: range, running: Sequence[str], dateline: Dateline | None
) -> Moment | None:
    """
    Return the moment of publication with its year, or None when the page does not say.

    Args:
        page: gives its address, and the day of the crawl, after which nothing can have been published.
        blocks: all blocks of the page, with their roles.
        head: what the head says.
        running: paragraphs; their dates lend a year to a publication line without one, no more.
        near: indices from the first title to the first running text, where a publication line may have another role.
        dateline: its day counts when nothing else does.
    """
    latest = page.fetched_at + timedelta(days=2) if page.fetched_at else None
    meta = _in_lines(_meta_lines(blocks))
    others = _in_lines(b.text for b in blocks if b.role == "credit" and len(b.text) < 120)
    others += [m for i in near for m in _near_title(blocks[i])]
    stated = head_moment(head.published)
    addresses = [m for url in (page.url, head.url) if (m := url_moment(url))]
    day = find_moments(dateline.date)[:1] if dateline and dateline.date else []
    tiers = [meta, others, [stated] if stated else [], day, addresses, _edition(blocks[: near.stop])]
    known = [m for tier in tiers for m in tier if m.year]
    # The clock of another line counts when the days agree, a revision's never does.
    if not known:
        known = [m for m in _in_lines(running[:3]) if m.year]
    clocks = [m for m in known if m.hour is not None and not m.updated]
    for tier in tiers:
        dated = [m for found in tier if (m := _with_year(found, known, page.fetched_at))]
        dated = [m for m in dated if (at := m.at()) and (latest is None or at <= latest)]
        if dated:
            best = min(dated, key=lambda m: m.updated)
            return _with_clock(best, clocks)
    return None


def _meta_lines(blocks: Sequence[Block]) -> list[str]:
    """Return the publication lines; those that follow one another also as one, for a date cut over several."""
    lines, run = [], list[str]()
    for block in blocks:
        if block.role == "meta":
            lines.append(block.text)
            run.append(block.text)
        elif run:
            if len(run) > 1:
                lines.append("\n".join(run))
            run = []
    return [*lines, "\n".join(run)] if len(run) > 1 else lines


def _in_lines(lines: Iterable[str]) -> list[Moment]:
    return [m for line in lines for m in find_moments(line[:300])]


def _near_title(block: Block) -> list[Moment]:
    """Dates of a line beside the title that is not marked as a publication line, if it reads like one."""
    if block.role not in {"nav", "notice"} or len(block.text) > 80:
        return []
    moments = find_moments(block.text)
    if len(moments) != 1 or moments[0].year is None:
        return []
    rest = block.text[: moments[0].start] + block.text[moments[0].end :]
    # The banner of today's date (2024年5月10日 星期五) has neither clock nor label.
    says = moments[0].hour is not None or _PUBLISHED.search(rest) or any(f.kind == "outlet" for f in split_fields(rest))
    return moments if says and len(rest) <= 30 else []


def _edition(blocks: Sequence[Block]) -> list[Moment]:
    """Day in the frame of a newspaper's page (第03版, 往期回顾), which elsewhere is only today's."""
    frame = [b.text for b in blocks if b.role == "nav" and len(b.text) <= 40]
    return _in_lines(frame) if any(_NEWSPAPER.search(text) for text in frame) else []


def _with_year(moment: Moment, known: list[Moment], fetched_at: datetime | None) -> Moment | None:
    if moment.year:
        return moment
    for other in known:
        if other.on[1:] == moment.on[1:]:
            return replace(moment, year=other.year)
    # A site leaves the year out while it is the current one.
    if known:
        return replace(moment, year=known[0].year)
    if fetched_at:
        this_year = replace(moment, year=fetched_at.year)
        at = this_year.at()
        return this_year if at and at <= fetched_at + timedelta(days=2) else replace(moment, year=fetched_at.year - 1)
    return None


def _with_clock(best: Moment, clocks: list[Moment]) -> Moment:
    if best.hour is None:
        same_day = [m for m in clocks if m.on == best.on]
        return max(same_day, key=lambda m: m.second is not None, default=best)
    if best.second is None:
        for other in clocks:
            if other.second is not None and (other.on, other.hour, other.minute) == (best.on, best.hour, best.minute):
                return other
    return best
