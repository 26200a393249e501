"""When the article was published: the publication line first, never the day of the crawl or of a related item."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from builder.articles.lines import split_fields
from builder.articles.moments import CHINA, Moment, find_moments, head_moment, url_moment
from builder.records import Block, Dateline, Head, Page

_PUBLISHED = re.compile(r"(?:发布|发表|發布|發佈|刊登|上传|时间|日期|時間)")
_LABEL = re.compile(r"[一-鿿\s]{2,10}[:：]?")
_NEWSPAPER = re.compile(r"第\s?[A-Z]?\d{1,2}\s?版|数字版|數位版|上一版|版面导航")


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
            best = min(dated, key=lambda m: (m.updated, not m.stated, m.hour is None))
            if best.updated:
                # What was revised then was published on the day that head or address state, if that is an earlier one.
                best = next((m for m in [*tiers[2], *addresses] if m.year and _is_earlier(m, best)), best)
            return _with_clock(best, clocks)
    return None


def _meta_lines(blocks: Sequence[Block]) -> list[str]:
    """
    Return the publication lines; those that follow one another also as one, for a date cut over several.

    A line below one that is a label takes it along, as cells of an index do: 成 文 日 期： | 2020年9月8日.
    """
    lines, run = [], list[str]()
    for block in blocks:
        if block.role == "meta":
            label = "".join(run[-1].split()) if run and _LABEL.fullmatch(run[-1]) else ""
            lines.append(label + block.text)
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


def _is_earlier(moment: Moment, other: Moment) -> bool:
    """True when both are days and the first comes before the second."""
    at, other_at = moment.at(), other.at()
    return at is not None and other_at is not None and at.astimezone(CHINA).date() < other_at.date()


def _in_china(moment: Moment) -> Moment:
    """The same moment by the clock of Beijing; one that states no zone is so already."""
    at = moment.at() if moment.offset is not None else None
    if at is None:
        return moment
    at = at.astimezone(CHINA)
    return replace(moment, year=at.year, month=at.month, day=at.day, hour=at.hour, minute=at.minute, offset=480)


def _with_clock(best: Moment, clocks: list[Moment]) -> Moment:
    if best.hour is None:
        same_day = [m for m in clocks if m.on == best.on] or [m for m in map(_in_china, clocks) if m.on == best.on]
        return max(same_day, key=lambda m: m.second is not None, default=best)
    if best.second is None:
        for other in clocks:
            if other.second is not None and (other.on, other.hour, other.minute) == (best.on, best.hour, best.minute):
                return other
    return best
