from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.articles.dates import find_published
from builder.articles.moments import find_moments, head_moment, url_moment
from builder.records import Block, Dateline, Head, Page


def published(
    *lines: tuple[str, str], head: Head | None = None, url: str | None = None, day: str | None = None
) -> str | None:
    blocks = [Block(text, role=role) for role, text in lines]
    page = Page("a.html", "text/html", "", "0", url=url, fetched_at=datetime(2024, 12, 1, tzinfo=UTC))
    dateline = Dateline("临江社", None, day, "", 0, 0) if day else None
    running = [b.text for b in blocks if b.role in {"lede", "body"}]
    moment = find_published(page, blocks, head or Head(), range(len(blocks)), running, dateline)
    at = moment.at() if moment else None
    return at.isoformat() if at else None


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("2019-09-02 10:20", "2019-09-02T10:20:00+08:00"),
        ("2019-09-02 10:20:30", "2019-09-02T10:20:30+08:00"),
        ("2020年8月1日 06:00", "2020-08-01T06:00:00+08:00"),
        ("2020年08月01日06:00 来源：临江网", "2020-08-01T06:00:00+08:00"),
        ("2020/8/1", "2020-08-01T00:00:00+08:00"),
        ("14:322023/04/15", "2023-04-15T14:32:00+08:00"),
        ("2020.08.01", "2020-08-01T00:00:00+08:00"),
        ("2005.08.2605:39", "2005-08-26T05:39:00+08:00"),
        ("二〇二〇年八月一日", "2020-08-01T00:00:00+08:00"),
        ("二○一九年十二月廿三日", "2019-12-23T00:00:00+08:00"),
        ("民國109年3月12日", "2020-03-12T00:00:00+08:00"),
        ("112/11/12 10:30", "2023-11-12T10:30:00+08:00"),
        ("2023-11-12 HKT 10:30", "2023-11-12T10:30:00+08:00"),
        ("2024-05-10T06:58:00+09:00", "2024-05-10T06:58:00+09:00"),
        ("2024-05-10T06:58:00.000Z", "2024-05-10T06:58:00+00:00"),
        ("2012/6/9 下午 02:36", "2012-06-09T14:36:00+08:00"),
        ("2012/6/9 上午12:05", "2012-06-09T00:05:00+08:00"),
        ("2021-03-05 4:30 PM", "2021-03-05T16:30:00+08:00"),
        ("2024年5月10日 星期五 08:10", "2024-05-10T08:10:00+08:00"),
        ("2012年12月10日, 格林尼治标准时间10:41", "2012-12-10T10:41:00+00:00"),
        ("18-03-0823:16", "2018-03-08T23:16:00+08:00"),
        ("發布日期：110/03/05", "2021-03-05T00:00:00+08:00"),
        ("2021/3/5（五） 15:05", "2021-03-05T15:05:00+08:00"),
        ("2021年3月5日格林尼治標準時間10:12", "2021-03-05T10:12:00+00:00"),
        ("10:12, 2021年3月5日", "2021-03-05T10:12:00+08:00"),
        ("Mar 5, 2021 10:12", "2021-03-05T10:12:00+08:00"),
        ("5 March 2021, 10:12 AM", "2021-03-05T10:12:00+08:00"),
        ("Updated March 6, 2021 Published March 5, 2021", "2021-03-05T00:00:00+08:00"),
        ("发表时间： 25/03/2021 - 10:12", "2021-03-25T10:12:00+08:00"),
        ("日期 25.03.2021", "2021-03-25T00:00:00+08:00"),
        ("更新時間: 2021-03-06 10:00 發佈時間: 2021-03-05 09:00", "2021-03-05T09:00:00+08:00"),
    ],
)
def test_forms_of_a_publication_line(text: str, want: str) -> None:
    assert published(("meta", text)) == want


@pytest.mark.parametrize(
    "text",
    [
        "2020年02月30日",
        "2020-13-01",
        "比分 3-1",
        "第1/2页",
        "收报2929.09点",
        "版权 2003-2021",
        "1.2亿",
        "5天前",
        "昨天 10:12",
        "05/03/2021",
        "血壓 112/11/12",
        "112/75/3",
    ],
)
def test_impossible_dates_and_other_numbers_are_ignored(text: str) -> None:
    assert published(("meta", text)) is None


def test_day_in_china_takes_the_clock_of_a_head_in_utc() -> None:
    head = Head(published="2020-05-01T20:12:00Z")
    assert published(("meta", "2020年5月2日"), head=head) == "2020-05-02T04:12:00+08:00"


def test_revision_yields_to_an_earlier_day_of_head_or_address() -> None:
    revised = ("meta", "最後更新：2021-03-06 10:00")
    assert published(revised) == "2021-03-06T10:00:00+08:00"
    assert published(revised, head=Head(published="2021-03-05T09:00:00+08:00")) == "2021-03-05T09:00:00+08:00"
    assert published(revised, url="https://a.example/2021/03/05/1.html") == "2021-03-05T00:00:00+08:00"
    assert published(revised, url="https://a.example/2021/03/06/1.html") == "2021-03-06T10:00:00+08:00"


def test_day_of_one_line_takes_the_clock_of_another_that_agrees() -> None:
    assert (
        published(("meta", "来源:临江网2020-08-01"), ("meta", "2020-08-01 06:00:00 来源:"))
        == "2020-08-01T06:00:00+08:00"
    )


def test_clock_of_another_day_is_not_taken() -> None:
    assert published(("meta", "2020-08-01"), ("credit", "2020-08-03 09:00")) == "2020-08-01T00:00:00+08:00"


def test_date_cut_over_lines_is_joined() -> None:
    assert published(("meta", "2019"), ("meta", "09/07"), ("meta", "19:02")) == "2019-09-07T19:02:00+08:00"


def test_publication_line_beats_the_head_and_a_revision() -> None:
    head = Head(published="2021-01-01T00:00:00Z")
    assert (
        published(("meta", "更新时间：2020-08-02 10:00"), ("meta", "2020-08-01 09:00"), head=head)
        == "2020-08-01T09:00:00+08:00"
    )


def test_date_of_the_document_yields_to_its_publication() -> None:
    assert (
        published(("meta", "成文日期：2022-03-16"), ("meta", "发布时间：2022-03-18 15:26"))
        == "2022-03-18T15:26:00+08:00"
    )


def test_day_in_a_cell_is_what_the_cell_before_it_says() -> None:
    index = [("meta", cell) for cell in ("成 文 日 期：", "2020年9月8日", "发布日期：", "2020年9月11日")]
    assert published(*index, ("lede", "各县要加快加装电梯。")) == "2020-09-11T00:00:00+08:00"


def test_day_that_is_called_the_publication_wins_and_a_clock_before_a_bare_day() -> None:
    assert published(("meta", "2023-09-01"), ("meta", "发布时间：2023-09-05 16:08")) == "2023-09-05T16:08:00+08:00"
    assert published(("meta", "2021-11-09"), ("meta", "小镇账簿·2021-11-16 07:45")) == "2021-11-16T07:45:00+08:00"


def test_related_item_gives_no_date() -> None:
    assert published(("related", "临江古渡桥修缮完工，六万居民不再绕行 2020-08-01 10:00 临江晚报社会新闻")) is None


def test_banner_of_today_gives_no_date() -> None:
    assert published(("nav", "2024年5月10日 星期五"), ("lede", "会议昨天举行。")) is None


def test_publication_line_with_another_role_counts_near_the_title() -> None:
    assert published(("title", "古渡桥修缮完工"), ("nav", "发布时间：2020-08-01")) == "2020-08-01T00:00:00+08:00"


def test_year_comes_from_elsewhere() -> None:
    assert published(("meta", "08-01 10:20"), url="http://a.example/2020/08/01/1.html") == "2020-08-01T10:20:00+08:00"
    assert published(("meta", "02-16 11:05"), ("lede", "2023年2月16日，大雾。")) == "2023-02-16T11:05:00+08:00"


def test_dateline_day_counts_last_and_never_the_crawl() -> None:
    assert published(day="8月1日", url=None, head=Head()) == "2024-08-01T00:00:00+08:00"
    assert published(("lede", "会议昨天举行。")) is None


def test_day_after_the_crawl_is_ignored() -> None:
    assert published(("meta", "2031-01-01")) is None


def test_heads_write_epochs_and_packed_days() -> None:
    assert (m := head_moment("1596232800")) is not None
    assert m.on == (2020, 7, 31)
    assert (m := head_moment("20200801060000")) is not None
    assert m.on == (2020, 8, 1)
    assert head_moment("昨天") is None


@pytest.mark.parametrize("url", ["http://a.example/n1/2024/0424/c1-4.html", "http://a.example/t20240424_12.html"])
def test_address_holds_the_day(url: str) -> None:
    moment = url_moment(url)
    assert moment is not None
    assert moment.on == (2024, 4, 24)


@given(st.text(alphabet="0123456789-/.年月日:： 上下午一二三十〇TZ+更新\n", max_size=40))
def test_found_moments_exist_in_the_calendar(text: str) -> None:
    for moment in find_moments(text):
        assert 1 <= moment.month <= 12
        assert moment.year is None or moment.at() is not None


@given(st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1)))
def test_written_minutes_are_read_back(at: datetime) -> None:
    found = find_moments(f"{at:%Y-%m-%d %H:%M} 来源：临江晚报")
    assert [(m.on, m.hour, m.minute) for m in found] == [((at.year, at.month, at.day), at.hour, at.minute)]
