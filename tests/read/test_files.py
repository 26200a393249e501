import gzip
import io
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from builder.errors import SettingsError
from builder.read import Input, ReadSettings, find_inputs, read_input
from builder.read.files import spool_stdin
from builder.records import Page, Reject

ARTICLE = "<html><body><h1>云岭市新建三座公园</h1><p>记者昨天从云岭市园林局了解到，三座公园年内开放。</p></body></html>"


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ARTICLE, encoding="utf-8")


def sources(found: list[Input]) -> list[str]:
    return [item.source for item in found]


def read_one(path: Path, settings: ReadSettings | None = None) -> Page | Reject:
    (item,) = find_inputs([str(path)], path.parent)
    (found,) = read_input(item, settings or ReadSettings())
    return found


def test_a_folder_gives_all_files_below_in_order_and_nothing_hidden(tmp_path: Path) -> None:
    write(tmp_path, "pages/b/2.HTM", "pages/b/1.txt", "pages/a.html", "pages/.cache/x.html", "pages/.y.html")
    found = find_inputs(["pages"], tmp_path)
    assert [(item.source, item.kind) for item in found] == [
        ("pages/a.html", "html"),
        ("pages/b/1.txt", "text"),
        ("pages/b/2.HTM", "html"),
    ]


@pytest.mark.parametrize(
    ("pattern", "want"),
    [
        ("pages/*.html", ["pages/a.html"]),
        ("pages/**/*.html", ["pages/a.html", "pages/b/c.html", "pages/b/d/e.html"]),
        ("pages/[bx]/c.html", ["pages/b/c.html"]),
        ("p*", ["pages/a.html", "pages/b/c.html", "pages/b/d/e.html"]),
    ],
)
def test_globs_match_files_and_folders_but_nothing_hidden(tmp_path: Path, pattern: str, want: list[str]) -> None:
    write(tmp_path, "pages/a.html", "pages/b/c.html", "pages/b/d/e.html", "pages/.f.html", "pages/.g/h.html")
    assert sources(find_inputs([pattern], tmp_path)) == want


def test_a_name_with_brackets_is_no_glob_when_it_exists(tmp_path: Path) -> None:
    write(tmp_path, "[快讯]1.html")
    assert sources(find_inputs(["[快讯]1.html"], tmp_path)) == ["[快讯]1.html"]


def test_a_file_reached_twice_counts_once(tmp_path: Path) -> None:
    write(tmp_path, "pages/a.html")
    (tmp_path / "pages" / "same.html").symlink_to("a.html")
    assert sources(find_inputs(["pages", "pages/a.html", "pages/*"], tmp_path)) == ["pages/a.html"]


def test_links_that_form_loops_end(tmp_path: Path) -> None:
    write(tmp_path, "pages/a.html", "elsewhere/b.html")
    (tmp_path / "pages" / "loop").symlink_to(".")
    (tmp_path / "pages" / "spiral").symlink_to("..")
    (tmp_path / "pages" / "linked").symlink_to("../elsewhere")
    assert sources(find_inputs(["pages"], tmp_path)) == ["pages/a.html", "pages/linked/b.html"]
    assert sources(find_inputs(["pages/**/*.html"], tmp_path)) == ["pages/a.html"]


def test_sources_outside_the_base_count_from_the_parent_and_stay_apart(tmp_path: Path) -> None:
    write(tmp_path, "one/pages/a.html", "two/pages/a.html")
    given = [str(tmp_path / "one" / "pages"), str(tmp_path / "two" / "pages" / "*")]
    base = tmp_path / "base"
    assert sources(find_inputs(given, base)) == ["pages/a.html", "pages/a.html~2"]


def test_a_file_name_that_is_no_utf8_gets_a_source_that_is(tmp_path: Path) -> None:
    name = os.fsdecode("新闻.html".encode("gbk"))
    write(tmp_path, name)
    (item,) = find_inputs(["."], tmp_path)
    assert item.source == r"\xd0\xc2\xce\xc5.html"
    assert isinstance(next(read_input(item, ReadSettings())), Page)


@pytest.mark.parametrize("given", ["missing.html", "missing/", "pages/*.warc", "empty", "pictures", "pictures/*.png"])
def test_a_path_that_gives_no_page_is_an_error_that_names_it(tmp_path: Path, given: str) -> None:
    write(tmp_path, "pages/a.html")
    (tmp_path / "empty").mkdir()
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(SettingsError, match=given.partition("/")[0]):
        find_inputs(["pages", given], tmp_path)


def test_a_file_of_unknown_suffix_becomes_one_reject_unless_it_is_html(tmp_path: Path) -> None:
    write(tmp_path, "pages/a.html", "pages/article.aspx", "pages/index")
    (tmp_path / "pages" / "style.css").write_text("p { color: red }")
    found = {item.source: list(read_input(item, ReadSettings())) for item in find_inputs(["pages"], tmp_path)}
    assert isinstance(found["pages/article.aspx"][0], Page)
    assert isinstance(found["pages/index"][0], Page)
    (reject,) = found["pages/style.css"]
    assert isinstance(reject, Reject)
    assert reject.reason == "read:unknown-suffix"


def test_a_broken_link_becomes_a_reject(tmp_path: Path) -> None:
    write(tmp_path, "pages/a.html")
    (tmp_path / "pages" / "b.html").symlink_to("gone.html")
    broken = find_inputs(["pages"], tmp_path)[1]
    assert [reject.reason for reject in read_input(broken, ReadSettings()) if isinstance(reject, Reject)] == [
        "read:unreadable"
    ]


def test_a_file_that_vanished_after_listing_becomes_a_reject(tmp_path: Path) -> None:
    write(tmp_path, "a.html")
    (item,) = find_inputs(["a.html"], tmp_path)
    (tmp_path / "a.html").unlink()
    (found,) = read_input(item, ReadSettings())
    assert isinstance(found, Reject)
    assert found.reason == "read:unreadable"


@pytest.mark.parametrize(("name", "media_type"), [("a.html", "text/html"), ("a.txt", "text/plain")])
@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_a_page_is_the_same_however_it_is_packed(tmp_path: Path, name: str, media_type: str, suffix: str) -> None:
    pack = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}[suffix]
    path = tmp_path / (name + suffix)
    path.write_bytes(pack(ARTICLE.encode("gbk")))
    page = read_one(path)
    assert isinstance(page, Page)
    assert (page.text, page.media_type, page.charset, page.source) == (ARTICLE, media_type, "gb18030", name + suffix)
    path.with_name("plain.html").write_bytes(ARTICLE.encode("gbk"))
    plain = read_one(path.with_name("plain.html"))
    assert isinstance(plain, Page)
    assert plain.page_id == page.page_id


def test_a_suffix_that_lies_about_compression_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(gzip.compress(ARTICLE.encode()))
    (tmp_path / "b.html.gz").write_bytes(ARTICLE.encode())
    texts = [read_one(tmp_path / name) for name in ("a.html", "b.html.gz")]
    assert all(isinstance(page, Page) and page.text == ARTICLE for page in texts)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_several_members_in_one_file_are_one_page(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    raw = ARTICLE.encode()
    (tmp_path / "a.html.gz").write_bytes(pack(raw[:50]) + pack(raw[50:]) + b"\0" * 20)
    page = read_one(tmp_path / "a.html.gz")
    assert isinstance(page, Page)
    assert page.text == ARTICLE


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (gzip.compress(ARTICLE.encode())[:-20], "read:truncated"),
        (zstandard.compress(ARTICLE.encode())[:-20], "read:truncated"),
        (gzip.compress(ARTICLE.encode())[:-8] + bytes(8), "read:damaged"),
        (zstandard.compress(ARTICLE.encode())[:12] + b"\xff" * 400, "read:damaged"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "read:binary"),
        (gzip.compress(b" " * 3000), "read:too-large"),
        (b" " * 2001, "read:too-large"),
    ],
    ids=["cut-gzip", "cut-zstd", "bad-gzip", "bad-zstd", "png", "unpacks-too-large", "too-large"],
)
def test_a_page_that_cannot_be_read_gives_its_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.html").write_bytes(content)
    found = read_one(tmp_path / "a.html", ReadSettings(max_page_bytes=2000))
    assert isinstance(found, Reject)
    assert found.reason == reason


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_bomb_is_refused_without_being_unpacked(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "a.html").write_bytes(pack(bytes(300 * 2**20)))
    tracemalloc.start()
    found = read_one(tmp_path / "a.html", ReadSettings(max_page_bytes=2**20))
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(found, Reject)
    assert found.reason == "read:too-large"
    assert peak_bytes < 80 * 2**20


def test_one_line_of_ten_megabytes_is_a_page(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>" + "云岭新闻" * 850_000 + "</p>", encoding="utf-8")
    assert isinstance(read_one(tmp_path / "a.html"), Page)


@pytest.mark.parametrize(
    ("raw", "media_type"),
    [
        (ARTICLE.encode("big5", errors="replace"), "text/html"),
        (gzip.compress(ARTICLE.encode()), "text/html"),
        ("云岭市新建三座公园\n记者昨天了解到".encode("gbk"), "text/plain"),
        (b"", "text/plain"),
    ],
    ids=["html", "gzip", "text", "nothing"],
)
def test_standard_input_is_one_page(tmp_path: Path, raw: bytes, media_type: str) -> None:
    (page,) = read_input(spool_stdin(tmp_path, io.BytesIO(raw)), ReadSettings())
    assert isinstance(page, Page)
    assert (page.source, page.media_type) == ("stdin", media_type)


def test_a_cut_stream_on_standard_input_is_a_reject(tmp_path: Path) -> None:
    (found,) = read_input(spool_stdin(tmp_path, io.BytesIO(gzip.compress(ARTICLE.encode())[:60])), ReadSettings())
    assert isinstance(found, Reject)
    assert found.reason == "read:truncated"


def test_importing_the_reader_loads_no_format_library() -> None:
    code = "import sys, builder.read; print(*{'pyarrow', 'fastwarc', 'zstandard', 'numpy'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"
