"""What a page asks of machines: read from its meta elements and its headers, recorded row by row."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.parse.from_html import parse_tree
from builder.parse.head import read_head
from builder.records import NOTHING_ASKED, Rights
from builder.rights import directives, rights_of_headers, stricter
from tests.conftest import Zhnews, article
from tests.read.test_warc import response


@pytest.mark.parametrize(
    ("values", "want"),
    [
        (["noindex,nofollow"], ["noindex", "nofollow"]),
        (["NOINDEX ， NoArchive"], ["noindex", "noarchive"]),
        (["index;follow", "index|all"], ["index", "follow", "all"]),
        (["noai, noimageai"], ["noai", "noimageai"]),
        (["max-snippet: 50, noai"], ["max-snippet: 50", "noai"]),
        (
            ["unavailable_after: Friday, 01-Nov-24 15:00:00 GMT"],
            ["unavailable_after: friday, 01-nov-24 15:00:00 gmt"],
        ),
        (["googlebot: noindex", "nofollow"], ["nofollow"]),
        ([", ,", ""], []),
        (["字" * 200], []),
    ],
)
def test_directives_for_all_robots_are_read_and_those_for_one_are_not(values: list[str], want: list[str]) -> None:
    assert list(directives(values)) == want


@given(st.lists(st.text()))
def test_whatever_a_page_states_gives_few_short_directives_each_once(values: list[str]) -> None:
    found = list(directives(values))
    assert len(found) == len(set(found)) <= 32
    assert all(0 < len(directive) <= 80 for directive in found)


def test_meta_elements_state_directives_and_the_reservation() -> None:
    html = """<head><meta name="robots" content="noindex"><meta name="Robots" content="noai">
        <meta name="googlebot" content="nofollow"><meta name="tdm-reservation" content="1">
        <meta name="tdm-policy" content="https://linjiang.example/tdm.json"></head>"""
    found = read_head(parse_tree(html)).rights
    assert found == Rights(("noindex", "noai"), True, "https://linjiang.example/tdm.json")
    assert read_head(parse_tree("<meta name=tdm-reservation content=yes>")).rights == NOTHING_ASKED


def test_headers_say_the_same_under_their_own_names() -> None:
    headers = [("X-Robots-Tag", "noarchive"), ("x-robots-tag", "noai"), ("TDM-Reservation", "0"), ("robots", "all")]
    assert rights_of_headers(headers) == Rights(("noarchive", "noai"), False, None)


RIGHTS = st.builds(
    Rights,
    st.lists(st.sampled_from(["noai", "noindex"]), unique=True).map(tuple),
    st.sampled_from([True, False, None]),
    st.sampled_from(["/terms.json", None]),
)


@given(RIGHTS, RIGHTS)
def test_of_two_statements_the_stricter_holds(one: Rights, other: Rights) -> None:
    both = stricter(one, other)
    assert set(both.robots) == {*one.robots, *other.robots}
    assert both.tdm_reservation == stricter(other, one).tdm_reservation
    if True in (one.tdm_reservation, other.tdm_reservation):
        assert both.tdm_reservation is True
    assert stricter(one, NOTHING_ASKED) == one


def test_a_row_says_what_its_page_and_its_headers_ask_and_null_where_they_are_silent(
    tmp_path: Path, zhnews: Zhnews
) -> None:
    meta = '<meta name="robots" content="noarchive"><meta name="tdm-reservation" content="0">'
    pages = [article(0).replace("<head>", f"<head>{meta}"), article(1)]
    headers = "Content-Type: text/html\r\nX-Robots-Tag: noai\r\ntdm-reservation: 1\r\ntdm-policy: /terms.json"
    records = [
        response("https://linjiang.example/0", pages[0].encode(), headers),
        response("https://linjiang.example/1", pages[1].encode()),
    ]
    (tmp_path / "crawl.warc").write_bytes(b"".join(records))
    assert zhnews("build", "crawl.warc", "-o", "out", "-j", 1, "-q").returncode == 0
    release = tmp_path / "out" / "zhnews-0.1.0"
    files = sorted((release / "articles").glob("*.parquet"))
    rows = {row["url"]: row for path in files for row in pq.read_table(path).to_pylist()}
    asked = [(row["robots"], row["tdm_reservation"], row["tdm_policy"]) for _, row in sorted(rows.items())]
    assert asked == [(["noai", "noarchive"], True, "/terms.json"), (None, None, None)]
    card = (release / "README.md").read_text("utf-8")
    assert "| `robots`: noai | 1 |" in card
    assert "页面自己写有爬虫指令的：1 篇；写明是否保留文本与数据挖掘权利的：1 篇。" in card
    assert zhnews("verify", release).returncode == 0
