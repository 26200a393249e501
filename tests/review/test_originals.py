"""The original page: found again only where it is still what was read, and disarmed."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from builder.records import Page
from builder.review.originals import describe_original, disarm, find_original

READ = {"max_page_bytes": 1 << 20}


def described(path: Path, source: str, kind: str = "html") -> str:
    raw = path.read_bytes()
    row = {"path": str(path), "source": path.name, "kind": kind, "compression": "", "n_bytes": len(raw)}
    found = describe_original({path.name: row | {"sha256": sha256(raw).hexdigest()}}, source, READ)
    assert found
    return found


def test_a_page_is_found_while_its_file_is_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes("<meta charset=gb2312><p>临江新桥</p>".encode("gb18030"))
    original = described(path, "a.html")
    page = find_original(original)
    assert page
    assert "临江新桥" in page.text
    path.write_text("<p>别的内容</p>", "utf-8")
    assert find_original(original) is None
    path.unlink()
    assert find_original(original) is None


def test_a_page_is_found_inside_a_file_of_many(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text("".join(json.dumps({"text": f"第{n}页"}) + "\n" for n in range(3)), "utf-8")
    page = find_original(described(path, "feed.jsonl#2", "jsonl"))
    assert page
    assert page.text == "第1页"


def test_without_the_tables_of_the_build_there_is_no_original() -> None:
    assert describe_original({}, "a.html", READ) is None
    assert find_original(None) is None


@pytest.mark.parametrize(
    "attack",
    [
        "<script>x()</script>",
        "<img src=http://evil.example/a onerror=x()>",
        "<svg><script>x()</script></svg>",
        "<math><mtext><script>x()</script></mtext></math>",
        "<a href='java\tscript:x()'>点</a>",
        "<style>@import 'http://evil.example'</style>",
        "<p style='background:u\\72l(http://evil.example)'>字</p>",
        "<form action=http://evil.example><input formaction=http://evil.example></form>",
        "<noscript><p title='</noscript><img src=x onerror=x()>'></noscript>",
        "<iframe srcdoc='<script>x()</script>'></iframe>",
        "<table background=http://evil.example><tr><td>格",
        "<!--[if IE]><script>x()</script><![endif]-->",
        "<p title='--><script>x()</script>'>字<!-- <p title='--><img src=evil>'> --></p>",
        "<xmp><script>x()</script></xmp>",
        "<object data=http://evil.example></object><embed src=http://evil.example>",
    ],
)
def test_nothing_that_could_act_is_left(attack: str) -> None:
    html = disarm(Page("a.html", "text/html", f"<body><p>临江</p>{attack}</body>", "0"))
    assert "临江" in html
    assert not [word for word in ("x()", "evil", "script", "72l") if word in html]


def test_a_text_dump_is_shown_as_text() -> None:
    assert "&lt;script>" in disarm(Page("a.txt", "text/plain", "<script>x()</script>", "0"))
