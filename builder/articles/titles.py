"""The title, by a vote of the places that show it; never cut at a quote, never with the name of the site."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from builder.articles.names import is_medium
from builder.keys import text_key
from builder.records import Block, Head

_ELLIPSIS = re.compile(r"(?:…+|\.{3,})$")
#: What stands between a title and the names of section and site in <title>.
_SITE_BAR = re.compile(r"\s*(?:_{1,2}|\||｜|丨| [-–—] |-{1,2}|–|—{1,2}|－|«|»|·|•)\s*")
_SECTION = re.compile(r"(?:首页|频道|正文|要闻|国内|国际|社会|财经|时政|体育|娱乐|科技|新闻中心|新闻)$")
#: 临江日报官方网站, 临江网手机版.
_OFFICIAL = re.compile(r"(?:官方网站|官方網站|官网|官網|门户网站|入口網站|手机版|手機版|移动版|行動版)$")
#: What names of sites hold beside names of media: BBC News 中文, RFI, 3月5日 of a dated <title>.
_SITE_WORD = re.compile(
    r"[A-Z]{2,}[A-Za-z0-9]*|News|中文|新聞雲|新闻云|(?:19|20)\d\d年\d{1,2}月\d{1,2}[日號]|(?:19|20)\d\d-\d\d-\d\d"
)
#: A site marks what kind of page it is before the headline: [视频], 【组图】. A column (【临江快评】) is part of it.
_MEDIA_MARKER = re.compile(
    r"\s*[\[【［〔](?:视频|視頻|影音|图文|圖文|组图|組圖|高清组图|图集|圖集|音频|音頻|直播)[\]】］〕]\s*(?=\S)"
)
#: The head's titles count less than a displayed one: they are written for search engines.
_HEAD_WEIGHT = 0.9
_UNMARKED_WEIGHT = 0.6
#: A title that the page does not show, on a page that shows one.
_HIDDEN = 0.5


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    key: str
    weight: float
    shown: bool
    place: str  # two readings of one place do not vote for each other


def find_title(blocks: Sequence[Block], head: Head) -> str | None:
    """
    Return the title as one of its places gives it, without a media marker before it; None when no place does.

    Candidates are the title blocks, two of them in a row taken together, og:title, <title> and the blocks that repeat
    these. Each is scored by how well every other one agrees with it, as the share of the longer text key.
    """
    of_head = _of_head(blocks, head)
    site = _site_keys(head) if of_head else frozenset[str]()
    candidates = [*(c for c in _displayed(blocks) if c.key not in site), *of_head]
    if not candidates:
        return None
    shown = {c.key for c in candidates if c.shown}
    scores = [_score(c, candidates) * (_HIDDEN if shown and c.key not in shown else 1.0) for c in candidates]
    return candidates[max(range(len(candidates)), key=lambda n: (scores[n], candidates[n].shown, -n))].text


def _site_keys(head: Head) -> frozenset[str]:
    """Keys of the site's own names, which some sites set as h1: what the head calls it, what its <title> ends with."""
    title = (head.title or "").strip()
    ending = title[len(without_site(title, head.site_name)) :]
    names = [head.site_name or "", *_SITE_BAR.split(ending)]
    return frozenset(key for name in names if (key := text_key(name)))


def _displayed(blocks: Sequence[Block]) -> list[_Candidate]:
    found: list[_Candidate] = []
    before: tuple[int, str] | None = None
    for n, block in enumerate(blocks):
        if block.role != "title":
            continue
        text = without_media_marker(block.text)
        if not (key := text_key(text)):
            continue
        # h1 is where a title is set by hand; a sticky bar or a share box copies it.
        found.append(_Candidate(text, key, 1.05 if "h1" in block.tag else 1.0, True, f"block {n}"))
        if before and before[0] == n - 1 and text_key(before[1]) not in key and key not in text_key(before[1]):
            joined = f"{before[1]} {text}"
            found.append(_Candidate(joined, text_key(joined), 0.9, True, f"block {n}"))
        before = (n, text)
    return found


def _of_head(blocks: Sequence[Block], head: Head) -> list[_Candidate]:
    found = []
    headline = without_media_marker((head.headline or "").strip())
    title = without_media_marker((head.title or "").strip())
    for place, raw in (("headline", headline), ("title", title)):
        text = without_site(raw, head.site_name)
        if key := text_key(text):
            found.append(_Candidate(text, key, _HEAD_WEIGHT, False, place))
            if text != raw and (whole := text_key(raw)):
                found.append(_Candidate(raw, whole, _HEAD_WEIGHT - 0.3, False, place))
    keys = {c.key for c in found if len(c.key) >= 6}
    # A line shorter than every key cannot show one; most lines of a page are menu entries of four letters.
    shortest = min(map(len, keys), default=0)
    for block in blocks if keys else ():
        if not shortest <= len(block.text) <= 90 or block.role in {"title", "related", "comment"}:
            continue
        text = without_media_marker(block.text)
        if (key := text_key(text)) in keys:
            found.append(_Candidate(text, key, _UNMARKED_WEIGHT, True, "unmarked"))
            break
    return found


def _score(candidate: _Candidate, all_: Sequence[_Candidate]) -> float:
    key = candidate.key
    score = 0.0
    for other in all_:
        if other is not candidate and other.place == candidate.place:
            continue
        if other.key == key:
            score += other.weight
        elif key in other.key and len(key) >= 4:
            # Cut short with … by a bar too narrow for it: the longer one is the title.
            cut = other.shown and _ELLIPSIS.search(candidate.text)
            score += 0.0 if cut else other.weight * len(key) / len(other.key)
        elif other.key in key and len(other.key) >= 4:
            score += 0.6 * other.weight * len(other.key) / len(key)
    return score * candidate.weight


def without_media_marker(title: str) -> str:
    """
    Cut a bracketed kind of page off the beginning of a title; what is left is never empty.

    >>> without_media_marker("[视频]古渡桥今日放行"), without_media_marker("【视频博主】古渡桥今日放行")
    ('古渡桥今日放行', '【视频博主】古渡桥今日放行')
    """
    while match := _MEDIA_MARKER.match(title):
        title = title[match.end() :]
    return title


def without_site(title: str, site_name: str | None = None) -> str:
    """
    Cut the names of section and site off the end of a <title>; what is left is never empty.

    >>> without_site("古渡桥修缮完工_临江新闻_临江在线", "临江在线")
    '古渡桥修缮完工'
    >>> without_site("60万“账号”外泄-官方回应")
    '60万“账号”外泄-官方回应'
    """
    site = text_key(site_name or "")
    while True:
        bars = list(_SITE_BAR.finditer(title))
        if not bars or bars[-1].start() == 0:
            return title
        last = title[bars[-1].end() :].strip()
        key = text_key(last)
        bar = bars[-1].group().strip()
        # A hyphen or a dot also stands inside titles, so what follows must be a known name.
        named = (
            bool(site and key and (site in key or key in site))
            or (len(last) <= 16 and is_medium(_OFFICIAL.sub("", last)))
            or (bars[-1].group() != bar and _names_site(last))
            or bool(_SECTION.search(last) and len(last) <= 8)
        )
        if not named and not (bar.startswith("_") and len(last) <= 12) and last:
            return title
        title = title[: bars[-1].start()].rstrip()


def _names_site(text: str) -> bool:
    """True when every word before a slogan (：…) is a medium's name or goes with one: 石麓社 CNA, BBC News 中文."""
    words = re.split(r"[：:]", text, maxsplit=1)[0].split()
    return bool(words) and all(is_medium(word) or _SITE_WORD.fullmatch(word) for word in words)


def find_subtitle(blocks: Sequence[Block], title: str) -> str | None:
    """Return kicker and deck as displayed, in page order, joined by a space, each once; None when there is none."""
    seen = {text_key(title)}
    parts = []
    for block in blocks:
        if block.role == "subtitle" and (key := text_key(block.text)) not in seen and not key.isdigit():
            seen.add(key)
            parts.append(block.text)
    return " ".join(parts) or None
