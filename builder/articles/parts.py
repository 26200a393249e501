"""分页: which part of an article that is cut over several pages a page is, and of how many."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from builder.articles.titles import without_site
from builder.keys import text_key
from builder.records import Block, Head, Page, SeriesPart

#: Blocks after the last of the running text among which its pager stands: a credit, a link and a label come between.
_REACH = 24
_LONGEST = 60

_TOTAL = re.compile(r"共\s?(\d{1,3})\s?[页頁]")
_OF = re.compile(r"(?<!\d)(\d{1,3})\s?[/／]\s?(\d{1,3})(?!\d)")
_HERE = re.compile(r"第\s?(\d{1,3})\s?[页頁]")
_NUMBER = re.compile(r"(?<!\d)\d{1,3}(?!\d)")
_TURN = re.compile(
    r"[上下前后後][一1]?[页頁]|[首尾末][页頁]|第一[页頁]|最[后後末]一?[页頁]|(?:余下|剩余|餘下|(?:在本[页頁])?(?:阅读|閱讀|浏览|显示))全文",
)
_BACK, _ON = re.compile(r"[上前][一1]?[页頁]"), re.compile(r"[下后後][一1]?[页頁]")
#: What a pager is made of; a line that has anything else is none.
_PAGER = re.compile(
    rf"(?:{_TOTAL.pattern}|{_HERE.pattern}|{_TURN.pattern}|\d{{1,3}}(?!\d)|文章导航|分页|\b(?:prev|next)\b|[\s/／<>«»‹›＜＞|｜\[\]()（）:：,，.。…·])+",
    re.IGNORECASE,
)
_GAP = re.compile(r"…|\.{2,}|···")
#: Comments have pages too.
_COMMENTS = re.compile(r"评论|評論|跟[帖贴]|留言|网友|網友")

#: 标题(2), 标题（2）, 标题_2, 标题 第2页.
_TITLE_PART = re.compile(r"\s*(?:[(（]([1-9]\d?)[)）]|_([1-9]\d?)|[ 　_-]第([1-9]\d?)[页頁])$")

#: `1234_2.html`, `1234-2.shtml`, `1234_p2.htm.gz`. No leading zero, and no day of a date before it: 2019-12-8.html.
_STEM_PART = re.compile(
    r"(?<!(?:19|20)\d\d-\d)(?<!(?:19|20)\d\d-\d\d)[_-]p?([1-9]\d?)(?=(?:\.[a-z]{3,5})?(?:\.gz|\.zst)?$)", re.I
)
_QUERY_PART = re.compile(r"(?<=[?&])(?:page|p|pn|pg|page_?no|page_?index|cur_?page)=([1-9]\d?)(?:&|$)", re.I)
#: `/renwu/1234/2/`; a number after a year or a month is a day.
_FOLDER_PART = re.compile(r"(?<=/)(?<!/(?:19|20)\d\d/)(?<!/(?:19|20)\d\d/\d\d/)([1-9]\d?)$")
_NOT_ADDRESS = re.compile(r"^[a-z]+://|#.*$|/$|\?$|&$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Pager:
    """`here` and `total` are None when the pager does not say. `is_last`: it leads back and not on."""

    here: int | None
    total: int | None
    is_last: bool = False


def find_part(page: Page, blocks: Sequence[Block], head: Head, title: str) -> SeriesPart | None:
    """
    Return which part of a series this page is, or None when it does not itself say that there are others.

    It says so by a pager below the text, by a rel=next to the same address with another number, or by a number after
    its title that is also in its address. An address alone says nothing: it may be numbered for any reason.

    Pages without an address share a key when they lie in one folder or file and have one title: see `series.py` for
    what else they must have in common.
    """
    pager = _find_pager(blocks)
    numbers = [n for text in (title, without_site(head.title or "", head.site_name)) if (n := _title_part(text))]
    if not (pager or numbers or head.next_url):
        return None
    addresses = _addresses(page, head)
    # The canonical address of every part may be that of the first, so the number may stand in another place.
    numbered = next((a for a in addresses if split_address(a)[1]), addresses[0])
    base, in_address = split_address(numbered)
    next_base, next_part = split_address(_NOT_ADDRESS.sub("", head.next_url or ""))
    goes_on = next_part is not None and next_part > 1 and _file_name(next_base) in map(_file_name, (base, numbered))
    if pager and pager.total is None and not (pager.here or numbers or in_address or goes_on):
        pager = None  # 上一页 and 下一页 without a number also lead to other articles
    named = next((n for n in numbers if n == in_address), None)
    if not (pager or goes_on or named):
        return None
    here, total = (pager.here, pager.total) if pager else (None, None)
    part = here or (next_part - 1 if goes_on and next_part else None) or next(iter(numbers), None) or in_address
    if part is None:
        part = total if pager and pager.is_last and total and len(addresses) == 1 else 1
    if total and part > total:
        part, total = (1, total) if part == in_address else (part, None)
    return SeriesPart(_series_key(addresses, part, title), part, total)


def key_of_first(page: Page, head: Head, title: str) -> str:
    """Return the key of the series that a page would begin if another page says that it is a later part of it."""
    return _series_key(_addresses(page, head), 1, title)


def address_of_first(address: str, part: int) -> str:
    """
    Return the address of part 1 of a series, by that of any part.

    >>> address_of_first("yunlu.example/1234_2.html", 2), address_of_first("yunlu.example/zhan-7.html", 1)
    ('yunlu.example/1234.html', 'yunlu.example/zhan-7.html')
    """
    base, number = split_address(address)
    # Some sites count from nought: the second part is 1234_1.html.
    return base if number in {part, part - 1} else address


def _folder(source: str) -> str:
    """Return where a page without an address lies: its folder, or the file of which it is a line or record."""
    return source.rpartition("#")[0] or source.rpartition("/")[0]


def _addresses(page: Page, head: Head) -> list[str]:
    """Addresses of the page, and last the place it was read from."""
    urls = [a for url in (page.url, head.url) if url and (a := _NOT_ADDRESS.sub("", url.strip()))]
    return [*urls, page.source]


def _series_key(addresses: Sequence[str], part: int, title: str) -> str:
    # The canonical address, which on some sites is that of the first part. The name of a dump says little.
    first = address_of_first(addresses[-2], part) if len(addresses) > 1 else _folder(addresses[0])
    key = f"{first}\0{text_key(without_part(title))}"
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def without_part(title: str) -> str:
    """
    Cut the number of the part off the end of a title; what is left is never empty.

    >>> without_part("车站与看守人（2）"), without_part("车站与看守人")
    ('车站与看守人', '车站与看守人')
    """
    return _TITLE_PART.sub("", title) or title


def split_address(address: str) -> tuple[str, int | None]:
    """
    Split an address into what all parts share and the number of the part; None when it has no such number.

    >>> split_address("yunlu.example/renwu/1234_2.html")
    ('yunlu.example/renwu/1234.html', 2)
    >>> split_address("yunlu.example/renwu/2019-12-08.html")
    ('yunlu.example/renwu/2019-12-08.html', None)
    """
    for pattern in (_QUERY_PART, _STEM_PART, _FOLDER_PART):
        if match := pattern.search(address):
            return (address[: match.start()] + address[match.end() :]).rstrip("?&/"), int(match[1])
    return address, None


def _title_part(title: str) -> int | None:
    match = _TITLE_PART.search(title)
    return int(match[1] or match[2] or match[3]) if match else None


def _file_name(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def _find_pager(blocks: Sequence[Block]) -> _Pager | None:
    """Return what the pager below the text says, or None when there is none, or only one page."""
    for run in _pager_runs(blocks):
        text = " ".join(block.text for block in run)
        if not (_TURN.search(text) or _TOTAL.search(text) or _HERE.search(text)):
            continue
        if match := _OF.search(text):
            return _Pager(int(match[1]), int(match[2])) if int(match[2]) > 1 else None
        stated, here = _TOTAL.search(text), _HERE.search(text)
        total = int(stated[1]) if stated else _last_shown(_HERE.sub(" ", text))
        if total is not None and total < 2:
            return None
        is_last = bool(_BACK.search(text)) and not _ON.search(text)
        return _Pager(int(here[1]) if here else _not_linked(run), total, is_last)
    return None


def _last_shown(pager: str) -> int | None:
    """Return the last of the page numbers in a row; a count of likes after them is not in the row, 9 in 1 2 … 9 is."""
    last = None
    for n in map(int, _NUMBER.findall(pager)):
        if last is not None and n != last + 1 and not (_GAP.search(pager) and n > last):
            break
        last = n
    return last


def _pager_runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield the lines in a row after the last running text that hold nothing but what pagers are made of."""
    last = max((n for n, b in enumerate(blocks) if b.role in {"lede", "body"}), default=len(blocks))
    run: list[Block] = []
    for block in blocks[last + 1 : last + 1 + _REACH]:
        if len(block.text) <= _LONGEST and _PAGER.fullmatch(block.text):
            run.append(block)
            continue
        if run:
            yield run
            run = []
        if block.role == "comment" or _COMMENTS.search(block.text):
            return
    if run:
        yield run


def _not_linked(run: Sequence[Block]) -> int | None:
    """Return the one page number that is no link while the others are; None when that is not so."""
    numbers = [block for block in run if block.text.strip("[] ").isdigit()]
    plain = [block for block in numbers if not block.link_chars]
    return int(plain[0].text.strip("[] ")) if len(plain) == 1 and len(numbers) > 1 else None
