"""The pictures of the card and of the page of statistics, each from numbers of stats.json or manifest.json."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from builder.publish.markdown import Say, bins, number, percentage, periods
from builder.publish.svg import Bar, Dot, bars, columns, dots
from builder.records import LABEL_OF

#: Hue of the roles of each coarse label.
HUES = {"title": "d", "lede": "b", "body": "a", "footer": "c", "other": "e"}

#: Names of outlets and the like are cut after so many characters.
_LONGEST = 18


class Picture(NamedTuple):
    """An SVG and what it shows, in one line: the text for who cannot see it."""

    alt: str
    svg: str


def pictures(say: Say, stats: Mapping[str, Any], measured: Mapping[str, Any]) -> dict[str, Picture]:
    """
    Return every picture that there are numbers for, by name, in one language.

    Args:
        measured: of the manifest; its `labels` are the labeller's figures.
    """
    made = {
        "funnel": funnel(say, stats),
        "clusters": clusters(say, stats["clusters"]["sizes"]),
        "lengths": lengths(say, stats["articles"]),
        "sentences": sentences(say, stats["sentences"]),
        "months": months(say, stats["published"]["months"]),
        "outlets": outlets(say, stats["outlets"], stats["pages"]["published"]),
        "roles": roles(say, stats["blocks"]["roles"]),
        "quality": quality(say, measured.get("labels")),
    }
    return {name: picture for name, picture in made.items() if picture}


def funnel(say: Say, stats: Mapping[str, Any]) -> Picture:
    """Pages in, what was left out for each reason, articles published."""
    pages = stats["pages"]
    rows = [Bar(say("输入页面", "pages in"), pages["in"], number(pages["in"]), "e")]
    left = pages["in"]
    for reason, n in stats["dropped"].items():
        left -= n
        rows.append(Bar(f"− {reason}", n, f"{number(n)} ({percentage(n, pages['in'])})", "b", left))
    share = percentage(pages["published"], pages["in"])
    rows.append(Bar(say("发布文章", "published"), pages["published"], f"{number(pages['published'])} ({share})", "c"))
    alt = say(
        f"漏斗：{number(pages['in'])} 个页面，发布 {number(pages['published'])} 篇文章，各原因未发布的页数",
        f"Funnel: {number(pages['in'])} pages in, {number(pages['published'])} articles published, "
        "and the pages left out for each reason",
    )
    return _bars(alt, rows)


def clusters(say: Say, sizes: Mapping[str, int]) -> Picture | None:
    """Clusters of two pages and more by size; None when no page has a duplicate."""
    counts: dict[str, int] = {}
    for size, n in sizes.items():
        low = 1 << (int(size).bit_length() - 1)
        name = size if int(size) < 8 else f"{low}–{2 * low - 1}"
        if size != "1":
            counts[name] = counts.get(name, 0) + n
    single = number(sizes.get("1", 0))
    alt = say(
        f"有重复的文章按簇内页面数；另有 {single} 篇没有重复",
        f"Clusters of duplicates by number of pages; {single} articles have no duplicate",
    )
    return _columns(alt, counts, say("簇内页面数", "pages in the cluster")) if counts else None


def lengths(say: Say, articles: Mapping[str, Any]) -> Picture:
    """Articles by characters of text."""
    median = number(articles["chars"]["median"])
    alt = say(f"文章数按正文字数；中位数 {median}", f"Articles by characters of text; median {median}")
    return _columns(alt, bins(articles["histogram"]), say("字数（码点）", "characters (code points)"))


def sentences(say: Say, counted: Mapping[str, Any]) -> Picture:
    """Sentences by length."""
    median = number(counted["chars"]["median"])
    alt = say(f"句数按句长；中位数 {median}", f"Sentences by characters; median {median}")
    return _columns(alt, bins(counted["histogram"]), say("字数（码点）", "characters (code points)"))


def months(say: Say, counts: Mapping[str, int]) -> Picture | None:
    """Articles by month, or by year when there are many months; None when no article is dated."""
    if not counts:
        return None
    found = periods(counts)
    yearly = len(next(iter(found))) == 4
    alt = say(
        f"文章数按发布{'年份' if yearly else '月份'}", f"Articles by {'year' if yearly else 'month'} of publication"
    )
    return _columns(alt, found, say("年", "year") if yearly else say("月", "month"))


def outlets(say: Say, counted: Mapping[str, Any], total: int) -> Picture | None:
    """Articles by the most frequent outlets, all others, and none stated."""
    top = counted["top"]
    if not top:
        return None
    rows = [Bar(_cut(name), n, number(n)) for name, n in top.items()]
    others, none = counted["stated"] - sum(top.values()), total - counted["stated"]
    more = number(counted["distinct"] - len(top))
    if others:
        rows.append(Bar(say(f"其余 {more} 家", f"{more} others"), others, number(others), "e"))
    if none:
        rows.append(Bar(say("未标明", "none stated"), none, number(none), "e"))
    alt = say("文章数按页面标明的来源媒体", "Articles by the outlet that the page credits")
    return _bars(alt, rows)


def roles(say: Say, counts: Mapping[str, int]) -> Picture:
    """Blocks by role, coloured by coarse label."""
    total = sum(counts.values())
    rows = [Bar(role, n, f"{number(n)} ({percentage(n, total)})", HUES[LABEL_OF[role]]) for role, n in counts.items()]
    alt = say("页面块按角色，颜色为粗类", "Blocks of pages by role, coloured by coarse label")
    return _bars(alt, rows, [(hue, label) for label, hue in HUES.items()])


def quality(say: Say, measured: Mapping[str, Any] | None) -> Picture | None:
    """F1 of each role on sites that the labeller had not seen, with its interval where the figures have one."""
    if not measured:
        return None
    hues = {"html": "a", "dump": "b"}
    rows = []
    for role in measured["html"]["line_f1"]:
        found = [
            Dot(measured[name]["line_f1"][role], measured[name]["intervals"].get(role), hue)
            for name, hue in hues.items()
            if role in measured[name]["line_f1"]
        ]
        rows.append((role, found))
    alt = say(
        "标签质量：各角色在未见过的网站上的 F1（按行）", "Label quality: F1 of each role by lines, on sites not seen"
    )
    legend = [("a", "HTML"), ("b", say("文本", "text dump"))]
    told = [(role, " / ".join(f"{dot.value:.3f}" for dot in found)) for role, found in rows]
    return Picture(alt, dots(alt, _told(told), rows, legend))


def _columns(alt: str, counts: Mapping[str, int], unit: str) -> Picture:
    told = [(label, number(n)) for label, n in counts.items()]
    return Picture(alt, columns(alt, _told(told), list(counts.items()), unit))


def _bars(alt: str, rows: Sequence[Bar], legend: Sequence[tuple[str, str]] = ()) -> Picture:
    return Picture(alt, bars(alt, _told([(row.label, row.text) for row in rows]), rows, legend))


def _told(values: Sequence[tuple[str, str]]) -> str:
    """All numbers of a picture as text."""
    return "; ".join(f"{label} {text}" for label, text in values)


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
