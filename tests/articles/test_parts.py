import pytest

from builder.articles.parts import find_part, split_address, without_part
from builder.records import Block, Head, Page

TITLE = "枫树坳站的看守人"
TEXT = Block("站台上没有旅客。", role="body")
NO_HEAD = Head()


def page(url: str | None, source: str = "a.html") -> Page:
    return Page(source, "text/html", "", "0" * 64, url=url)


def lines(*texts: str, role: str = "nav") -> list[Block]:
    return [TEXT, Block("（责任编辑：夏侯敏）", role="credit"), *(Block(text, role=role) for text in texts)]


def place(url: str | None, *pager: str, head: Head = NO_HEAD, title: str = TITLE) -> tuple[int, int | None] | None:
    part = find_part(page(url), lines(*pager), head, title)
    return (part.part, part.parts) if part else None


@pytest.mark.parametrize(
    ("pager", "want"),
    [
        (["1 2 3 下一页"], (1, 3)),
        (["上一页 1/2 下一页"], (1, 2)),
        (["文章导航", "上一页 2/4 下一页"], (2, 4)),
        (["共3页:", "上一页", "1", "2", "3", "下一页"], (1, 3)),
        (["第2页/共5页"], (2, 5)),
        (["< 1 2 3 4 > 在本页阅读全文"], (1, 4)),
        (["[1] [2] 下一頁"], (1, 2)),
        (["1 2 3 … 9 下一页"], (1, 9)),
        (["1 2 下一页 余下全文", "22"], (1, 2)),
    ],
)
def test_pager_below_the_text_tells_the_part(pager: list[str], want: tuple[int, int]) -> None:
    assert place("https://yunlu.example/renwu/1234.html", *pager) == want


@pytest.mark.parametrize(
    "pager",
    [
        ["上一篇：山顶气象站的除夕", "下一篇：没有了"],
        ["上一页 下一页"],  # of a newspaper: to the next article
        ["共1页 1"],
        ["1 下一页"],
        ["网友评论", "1 2 3 下一页"],
        ["1/8"],  # pictures
        ["1 2 3"],
        ["第2页的新闻"],
    ],
)
def test_other_lines_below_the_text_are_no_pager(pager: list[str]) -> None:
    assert place("https://yunlu.example/renwu/1234.html", *pager) is None


def test_pager_of_the_comments_is_none_of_the_article() -> None:
    blocks = [TEXT, Block("说得好。", role="comment"), *lines("上一页", "1", "2", "下一页")[2:]]
    assert find_part(page("https://yunlu.example/1234.html"), blocks, NO_HEAD, TITLE) is None


def test_number_without_a_link_is_the_page_itself() -> None:
    blocks = lines("上一页", "1", "2", "3", "下一页")
    for block in blocks[2:]:
        block.link_chars = 0 if block.text == "2" else len(block.text)
    part = find_part(page(None, "dump-17.html"), blocks, NO_HEAD, TITLE)
    assert part is not None
    assert (part.part, part.parts) == (2, 3)


def test_address_alone_says_nothing() -> None:
    assert place("https://yunlu.example/1234_2.html") is None


def test_title_and_address_with_the_same_number_say_it() -> None:
    assert place("https://yunlu.example/1234_2.html", title=f"{TITLE}（2）") == (2, None)
    assert place("https://yunlu.example/1234_2.html", head=Head(title=f"{TITLE}(2)_云麓网", site_name="云麓网")) == (
        2,
        None,
    )
    assert place("https://yunlu.example/1234.html", title=f"{TITLE}（2）") is None, "the second of two reports"


def test_next_page_of_the_same_address_says_it_another_article_does_not() -> None:
    here = "https://yunlu.example/renwu/1234.html"
    assert place(here, head=Head(next_url="1234_2.html")) == (1, None)
    assert place(here, head=Head(next_url="https://yunlu.example/renwu/1235.html")) is None
    assert place("https://yunlu.example/renwu/1234_2.html", head=Head(next_url="/renwu/1234_3.html")) == (2, None)


def test_lone_next_page_counts_beside_a_numbered_address() -> None:
    assert place("https://yunlu.example/1234_2.html", "上一页 下一页") == (2, None)


def keys(*pages: tuple[str, str]) -> set[str]:
    parts = [find_part(page(url), lines("1 2 3 下一页"), NO_HEAD, title) for url, title in pages]
    return {part.series_key for part in parts if part}


def test_parts_share_a_key_whatever_numbers_them() -> None:
    assert len(keys(("https://y.example/1234.html", TITLE), ("http://y.example/1234_2.html", f"{TITLE}(2)"))) == 1
    assert len(keys(("https://y.example/a?id=7", TITLE), ("https://y.example/a?id=7&page=3", TITLE))) == 1
    assert len(keys(("https://y.example/a/1234/", TITLE), ("https://y.example/a/1234/2/", TITLE))) == 1


def test_articles_with_other_titles_or_addresses_share_no_key() -> None:
    assert len(keys(("https://y.example/1234.html", TITLE), ("https://y.example/1234_2.html", "修表匠何守时"))) == 2
    assert len(keys(("https://y.example/1234.html", TITLE), ("https://y.example/1235_2.html", TITLE))) == 2


def test_pages_without_addresses_share_a_key_by_title_in_one_file_or_folder() -> None:
    def key(source: str, title: str = TITLE) -> str | None:
        part = find_part(page(None, source), lines("第2页 共2页"), NO_HEAD, title)
        return part and part.series_key

    assert key("feed.jsonl#1") == key("feed.jsonl#2") != key("other.jsonl#2")
    assert key("a/x.txt") == key("a/y.txt", f"{TITLE}（2）") != key("b/y.txt")
    assert key("a/x.txt") != key("a/y.txt", "修表匠何守时")


def test_canonical_address_of_the_first_part_is_that_of_all() -> None:
    head = Head(url="https://y.example/1234.html")
    urls = ("https://m.y.example/1234.html", "https://m.y.example/1234_2.html")
    parts = [find_part(page(url), lines("1 2 下一页"), head, TITLE) for url in urls]
    assert [part and part.part for part in parts] == [1, 2]
    assert len({part.series_key for part in parts if part}) == 1


@pytest.mark.parametrize(
    ("pager", "title", "want"),
    [
        ("上一页 1 2 3", TITLE, (3, 3)),
        ("1 2 3 下一页", TITLE, (1, 3)),
        ("第2页", TITLE, (2, None)),
        ("上一页", f"{TITLE}（2）", (2, None)),
        ("上一页", TITLE, None),
    ],
)
def test_dump_without_an_address_says_its_part_in_the_text(pager: str, title: str, want: object) -> None:
    part = find_part(page(None, "pages/x.txt"), lines(pager), NO_HEAD, title)
    assert (part and (part.part, part.parts)) == want


def test_number_of_an_address_beyond_the_last_page_is_its_own() -> None:
    first = find_part(page("https://y.example/zhan-7.html"), lines("1 2 下一页"), NO_HEAD, TITLE)
    second = find_part(page("https://y.example/zhan-7_2.html"), lines("1 2 上一页"), NO_HEAD, TITLE)
    assert first is not None
    assert second is not None
    assert (first.part, second.part) == (1, 2)
    assert first.series_key == second.series_key


def test_pages_counted_from_nought() -> None:
    first = find_part(page("https://y.example/t1234.htm"), lines("第1页 共2页"), NO_HEAD, TITLE)
    second = find_part(page("https://y.example/t1234_1.htm"), lines("第2页 共2页"), NO_HEAD, TITLE)
    assert first is not None
    assert second is not None
    assert (first.part, second.part) == (1, 2)
    assert first.series_key == second.series_key


@pytest.mark.parametrize(
    "address",
    [
        "yunlu.example/2019-12-08.html",
        "yunlu.example/2019-12-8.html",
        "yunlu.example/2019/12/8",
        "yunlu.example/content_5512345.htm",
        "pages/0002.html.gz",
        "feed.jsonl#2",
    ],
)
def test_day_or_id_in_an_address_is_no_part(address: str) -> None:
    assert split_address(address) == (address, None)


def test_number_of_a_title_goes_unless_it_is_all() -> None:
    assert without_part(f"{TITLE} 第2页") == TITLE
    assert without_part("（2）") == "（2）"
    assert without_part("新馆开放（2024）") == "新馆开放（2024）"
