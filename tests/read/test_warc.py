import gzip
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
import zstandard
from fastwarc.stream_io import BrotliWriter

from builder.read import ReadSettings
from builder.records import Page, Reject
from tests.read.conftest import ReadBytes, brief

HTML = (
    "<html><head><title>云岭新闻</title></head><body><p>记者昨天从市园林局了解到，三座公园年内开放。</p></body></html>"
)


def record(kind: str, url: str, block: bytes, content_type: str = "application/http; msgtype=response") -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-04-24T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def response(url: str, body: bytes, headers: str = "Content-Type: text/html", status: str = "200 OK") -> bytes:
    return record("response", url, f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n".encode() + body)


def titled(number: int) -> str:
    return HTML.replace("三", "一二三四五六七八九"[number])


def crawl(count: int = 3) -> list[bytes]:
    return [response(f"https://news.example/{number}", titled(number).encode()) for number in range(count)]


def chunked(body: bytes, size: int = 20) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def brotli(body: bytes) -> bytes:
    packed = BytesIO()
    with BrotliWriter(packed) as writer:
        writer.write(body)
    return packed.getvalue()


def texts(found: list[Page | Reject]) -> list[str]:
    return [one.text for one in found if isinstance(one, Page)]


def reasons(found: list[Page | Reject]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Reject)]


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_responses_are_pages_at_the_offsets_of_their_records(read_bytes: ReadBytes, suffix: str) -> None:
    pack = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}[suffix]
    info = record("warcinfo", "", b"software: test\r\n", "application/warc-fields")
    request = record("request", "https://news.example/1", b"GET / HTTP/1.1\r\n\r\n", "application/http")
    metadata = record("metadata", "https://news.example/1", b"a: b", "application/warc-fields")
    body = response("https://news.example/1", HTML.encode("gbk"), "Content-Type: text/html; charset=gb2312")
    packed = [pack(one) for one in (info, request, body, metadata)]
    name = f"crawl.warc{suffix}"
    (page,) = read_bytes(name, b"".join(packed))
    assert isinstance(page, Page)
    assert page.source == f"{name}#{len(packed[0]) + len(packed[1])}"
    assert (page.text, page.url, page.charset) == (HTML, "https://news.example/1", "gb18030")
    assert page.fetched_at == datetime(2024, 4, 24, 10, tzinfo=UTC)


def test_a_file_packed_as_one_member_gives_each_record_its_own_source(read_bytes: ReadBytes) -> None:
    found = read_bytes("crawl.warc.gz", gzip.compress(b"".join(crawl(4))))
    assert texts(found) == [titled(number) for number in range(4)]
    assert len({one.source for one in found}) == 4


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Content-Encoding: gzip", gzip.compress(HTML.encode())),
        ("Content-Encoding: zstd", zstandard.compress(HTML.encode())),
        ("Content-Encoding: deflate", zlib.compress(HTML.encode())),
        ("Content-Encoding: deflate", zlib.compress(HTML.encode())[2:-4]),
        ("Content-Encoding: br", brotli(HTML.encode())),
        ("Transfer-Encoding: chunked", chunked(HTML.encode())),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip", chunked(gzip.compress(HTML.encode()))),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip", HTML.encode()),
        ("Content-Encoding: br", HTML.encode()),
        ("Content-Encoding: deflate", HTML.encode()),
    ],
)
def test_bodies_are_unpacked_unless_the_archive_did_it(read_bytes: ReadBytes, headers: str, body: bytes) -> None:
    packed = response("https://news.example/1", body, f"Content-Type: text/html\r\n{headers}")
    assert texts(read_bytes("crawl.warc", packed)) == [HTML]


def test_a_chunked_body_that_breaks_off_keeps_what_came() -> None:
    from builder.read.warc import _join_chunks

    assert _join_chunks(b"5\r\nhello\r\n9\r\nwor") == b"hellowor"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (response("u", HTML.encode(), status="404 Not Found"), "read:http-status"),
        (response("u", b"", "Location: /", status="302 Found"), "read:http-status"),
        (response("u", b"{}", "Content-Type: application/json"), "read:not-html"),
        (response("u", b"body { color: red }", "Server: x"), "read:not-html"),
        (response("u", b"\x89PNG" + bytes(range(256)) * 4), "read:binary"),
        (response("u", b" " * 3000), "read:too-large"),
        (response("u", gzip.compress(b" " * 3000)), "read:too-large"),
        (response("u", gzip.compress(HTML.encode())[:-20], "Content-Encoding: gzip"), "read:truncated"),
        (response("u", b"\xff" * 90, "Content-Encoding: br"), "read:damaged"),
        (record("response", "dns:u", b"news.example 1.2.3.4", "text/dns"), "read:not-html"),
        (record("response", "u", b"no status line"), "read:malformed-record"),
        (b"no record at all\r\n\r\n", "read:malformed-record"),
        (response("u", HTML.encode()).replace(b"Content-Length", b"Content-Longth"), "read:malformed-record"),
        (response("u", HTML.encode()).replace(b"Content-Length: ", b"Content-Length: 1"), "read:malformed-record"),
    ],
)
def test_a_bad_record_is_rejected_and_its_neighbours_stay(read_bytes: ReadBytes, bad: bytes, reason: str) -> None:
    before, middle, after = crawl(3)
    found = read_bytes("crawl.warc", before + bad + middle + after, ReadSettings(max_page_bytes=2000))
    assert texts(found) == [titled(number) for number in range(3)]
    assert set(reasons(found)) == {reason}


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_damaged_member_costs_its_record_only(read_bytes: ReadBytes, pack: Callable[[bytes], bytes]) -> None:
    before, middle, after = (bytearray(pack(one)) for one in crawl(3))
    middle[40:60] = b"\xff" * 20
    found = read_bytes("crawl.warc.gz", bytes(before + middle + after))
    assert texts(found) == [titled(0), titled(2)]
    assert reasons(found) == ["read:malformed-record"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress], ids=["plain", "gzip", "zstd"])
@pytest.mark.parametrize("kept", [0.05, 0.3, 0.6, 0.95])
def test_a_cut_file_keeps_what_came_before_and_says_so(
    read_bytes: ReadBytes, pack: Callable[[bytes], bytes], kept: float
) -> None:
    first, last = (pack(one) for one in crawl(2))
    found = read_bytes("crawl.warc", first + last[: int(len(last) * kept)])
    assert texts(found) in ([titled(0)], [titled(0), titled(1)])  # the last bytes of a member hold only its checksum
    assert set(reasons(found)) & {"read:truncated", "read:malformed-record"}


def test_a_file_without_a_record_is_one_reject(read_bytes: ReadBytes) -> None:
    assert brief(read_bytes("a.warc", b"")) == [("a.warc", "read:malformed-record")]
    for content in ("不是存档".encode() * 100, b" "):
        assert reasons(read_bytes("b.warc", content)) == ["read:malformed-record"]


@pytest.mark.parametrize("kind", ["resource", "conversion"])
@pytest.mark.parametrize(
    ("content_type", "body", "media_type"),
    [
        ("text/html; charset=gb2312", HTML.encode("gbk"), "text/html"),
        ("Text/HTML", HTML.encode(), "text/html"),
        ("", HTML.encode(), "text/html"),
        ("text/plain", "云岭新闻\n三座公园年内开放。".encode(), "text/plain"),
    ],
)
def test_a_page_without_http_is_read(
    read_bytes: ReadBytes, kind: str, content_type: str, body: bytes, media_type: str
) -> None:
    (page,) = read_bytes("crawl.warc", record(kind, "https://news.example/1", body, content_type))
    assert isinstance(page, Page)
    assert page.media_type == media_type
    assert page.text.startswith(("云岭新闻", HTML[:20]))
    assert (page.url, page.source) == ("https://news.example/1", "crawl.warc#0")


@pytest.mark.parametrize("kind", ["resource", "conversion"])
def test_what_is_no_page_is_counted_with_its_type(read_bytes: ReadBytes, kind: str) -> None:
    screenshot = record(kind, "urn:view:https://news.example/1", b"\x89PNG", "image/png")
    found = read_bytes("crawl.warc", screenshot + crawl(1)[0])
    assert [text for _, text in brief(found)] == ["read:not-html", titled(0)]
    assert isinstance(found[0], Reject)
    assert "image/png" in found[0].detail


def test_odd_bytes_in_headers_do_no_harm(read_bytes: ReadBytes) -> None:
    odd = response("https://news.example/新闻", HTML.encode(), "Content-Type: text/html\r\nX-Title: 新闻")
    (page,) = read_bytes("crawl.warc", odd.replace("新闻".encode(), "新闻".encode("gbk")))
    assert isinstance(page, Page)
    assert page.url is not None
    page.url.encode()
