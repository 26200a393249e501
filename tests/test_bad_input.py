"""Hostile and broken input: a named reject or a clear error, never a traceback, never a lost neighbour."""

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Zhnews, article

GOOD = article(0).encode()
STORY = article(1).partition("<body>")[2]


LAUGHS = '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY lol0 "哈哈">' + "".join(
    f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10)
)
LAUGHS += "]>"


def mixed_encodings() -> bytes:
    half = len(GOOD) // 2
    while GOOD[half] & 0xC0 == 0x80:
        half += 1
    return GOOD[:half] + GOOD[half:].decode().encode("gb18030")


BAD: dict[str, tuple[str, Callable[[], bytes], str | None]] = {
    # file, content, reject (None: the article must come out)
    "a truncated gzip": ("bad.html.gz", lambda: gzip.compress(GOOD)[:-40], "read:truncated"),
    "a gzip that is none": ("bad.html.gz", lambda: b"\x1f\x8b\x08" + b"no gzip at all" * 9, "read:"),
    "a picture named .html": ("bad.html", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "read:binary"),
    "an empty file": ("bad.html", lambda: b"", "parse:no-text"),
    "mixed encodings": ("bad.html", mixed_encodings, None),
    "NUL bytes": ("bad.html", lambda: GOOD.replace("临江".encode(), "临\0江".encode()), None),
    "5,000 nested tags": ("bad.html", lambda: b"<div>" * 5000 + STORY.encode() + b"</div>" * 5000, None),
    "100,000 unclosed tags": ("bad.html", lambda: b"<b>" * 100_000 + "好".encode(), "label:no-article"),
    "one line of 10 MB": (
        "bad.html",
        lambda: b"<p>" + "新闻，".encode() * (10_000_000 // 9) + b"</p>",
        "label:no-article",
    ),
    "8 million lines": ("bad.txt", lambda: b"a\n" * (8 << 20), "parse:too-many-lines"),
    "entities that multiply": (
        "bad.xhtml",
        lambda: LAUGHS.encode() + STORY.replace("据介绍", "&lol9;据介绍").encode(),
        None,
    ),
    "an entity that names a file": (
        "bad.xhtml",
        lambda: b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + STORY.encode() + b"<p>&x;</p>",
        None,
    ),
    "100,000 nested tags": ("bad.html", lambda: b"<div>" * 100_000 + STORY.encode(), None),
    "more bytes than a page may have": ("bad.html", lambda: b"<p>" + b"x" * (17 << 20), "read:too-large"),
}


@pytest.mark.parametrize("what", BAD)
def test_one_bad_file_costs_no_neighbour(what: str, tmp_path: Path, zhnews: Zhnews) -> None:
    name, content, reject = BAD[what]
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / name).write_bytes(content())
    for number in (2, 3):
        (folder / f"good{number}.html").write_text(article(number), "utf-8")
    done = zhnews("build", folder, "-o", "out", "-j", 1, "-q", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["pages"] == 3
    if reject is None:
        assert told["articles"] == 3
    else:
        assert told["articles"] == 2
        (reason,) = told["dropped"]
        assert reason.startswith(reject)


def test_a_malformed_line_is_rejected_with_its_number(tmp_path: Path, zhnews: Zhnews) -> None:
    lines = [json.dumps({"html": article(0)}), '{"html": "cut off', json.dumps({"html": article(1)}), "[]"]
    (tmp_path / "feed.jsonl").write_text("\n".join(lines), "utf-8")
    done = zhnews("label", "feed.jsonl", "--json")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["source"] for answer in answers] == [f"feed.jsonl#{n}" for n in (1, 2, 3, 4)]
    assert [answer.get("reject") for answer in answers][::2] == [None, None]
    assert answers[1]["reject"] == "read:malformed-line"
    assert "2" in answers[1]["detail"]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("inputs = 7\n", "dataset.toml:1 inputs: 7"),
        ('inputs = ["empty"]\n', "empty"),
        ('inputs = ["nowhere/*.html"]\n', "nowhere/*.html"),
        ('inputs = ["empty"]\n[splits]\ntrain = "most"\n', "dataset.toml:3 splits.train: 'most'"),
        ('name = "x"\n', "inputs"),
        ('inputs = ["pages/**.html"]\n', "'pages/**.html' is no glob"),
        (f'inputs = ["{"a" * 5000}"]\n', "does not exist"),
        (f"inputs = 0x{'9' * 5000}\n", "a number of thousands of digits"),
        (f"inputs = {'9' * 5000}\n", "not TOML"),
    ],
)
def test_settings_that_cannot_be_are_one_clear_message(
    settings: str, told: str, tmp_path: Path, zhnews: Zhnews
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "dataset.toml").write_text(settings, "utf-8")
    done = zhnews("build", "dataset.toml", "-o", "out")
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_label_exits_with_1_when_nothing_could_be_read(tmp_path: Path, zhnews: Zhnews) -> None:
    (tmp_path / "bad.html.gz").write_bytes(gzip.compress(GOOD)[:-40])
    done = zhnews("label", "bad.html.gz", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["reject"] == "read:truncated"
    assert "Traceback" not in done.stderr


def test_a_build_of_nothing_but_hubs_says_that_nothing_is_left(tmp_path: Path, zhnews: Zhnews) -> None:
    (tmp_path / "hub.html").write_text("<a href=/>首页</a> <a href=/n>新闻</a>", "utf-8")
    done = zhnews("build", "hub.html", "-o", "out", "-j", 1, "-q")
    assert done.returncode == 1
    assert "nothing to publish" in done.stderr


def test_a_folder_that_is_not_ours_is_not_replaced(pages: Path, zhnews: Zhnews) -> None:
    precious = pages.parent / "out" / "zhnews-0.1.0" / "thesis.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("do not lose", "utf-8")
    done = zhnews("build", pages, "-o", "out", "-j", 1, "-q")
    assert done.returncode == 1
    assert precious.read_text("utf-8") == "do not lose"


def test_file_names_of_any_bytes_are_read_published_and_shown_harmlessly(tmp_path: Path, zhnews: Zhnews) -> None:
    folder = os.fsencode(tmp_path / "pages")
    os.mkdir(folder)  # noqa: PTH102
    names = [b"%c%d.html" % (byte, byte) for byte in range(1, 256) if byte not in b"./"]
    names += ["新桥.html".encode("gb18030"), b"\xed\xa0\xbd.html", b" .html", b"-rf.html", b"%s{0}\\.html", b"*?[.html"]
    for number, name in enumerate(names):
        Path(os.fsdecode(folder + b"/" + name)).write_text(article(number), "utf-8")
    Path(os.fsdecode(folder + b"/\x1b[2J\n\xff.html.gz")).write_bytes(b"\x1f\x8b\x08 no gzip at all")
    told = json.loads(zhnews("build", folder.decode(), "-o", "out", "-j", 2, "-q", "--json").stdout)
    assert told["pages"] == len(names) + 1
    assert told["articles"] == 16
    assert told["dropped"] == {"dedupe:exact": len(names) - 16, "read:damaged": 1}
    done = zhnews("verify", "out/zhnews-0.1.0")
    assert done.returncode == 0, done.stdout
    shown = zhnews("label", folder.decode())
    assert "\x1b" not in shown.stdout + shown.stderr
    assert "pages/\ufffd[2J\ufffd\\xff.html.gz: read:damaged" in shown.stderr
