"""What is tried: each target takes one sample and raises when something other than a clear refusal comes of it."""

import gzip
import json
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from builder.errors import BuilderError, PageError, SettingsError
from builder.label.gold import read_corrections
from builder.page_table import page_row, pages_table
from builder.pages import label_page
from builder.parse import parse_page
from builder.parse.normalize import normalize_line
from builder.privacy import find_personal, mask
from builder.read import ReadSettings, find_inputs, read_input
from builder.read.decode import decode
from builder.read.rows import parse_time
from builder.records import ROLES, Page, Reject
from builder.removal import NOTHING_LISTED, read_removal
from builder.sentences import split
from builder.settings import load_settings
from builder.words import WordSettings, cutter, read_lexicon
from tests.conftest import article

ROOT = Path(__file__).parents[2]
Sample = str | bytes

# Limits low enough for samples to cross.
READ = ReadSettings(max_page_bytes=4096)
MAX_DETAIL = 400


@dataclass(frozen=True)
class Target:
    """One thing to try: what runs a sample, good samples and tokens to break them with, and its share of a run."""

    run: Callable[[Any], None]
    samples: Callable[[], Sequence[Sample]]
    tokens: Sequence[Sample]
    share: int


@cache
def folder() -> Path:
    """A folder for the files of one process, in memory where the machine has such a place."""
    memory = Path("/dev/shm")  # noqa: S108
    return Path(tempfile.mkdtemp(prefix="zhnews-fuzz-", dir=memory if memory.is_dir() else None))


def written(name: str, content: bytes) -> Path:
    path = folder() / name
    path.write_bytes(content)
    return path


def cases(name: str) -> list[str]:
    lines = (ROOT / "tests" / "cases" / name).read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


@cache
def seed_pages(suffix: str) -> list[str]:
    pages = sorted((ROOT / "seeds" / "pages").glob(f"*{suffix}"))
    return [page.read_text("utf-8", errors="replace") for page in pages if page.stat().st_size < 6000]


# ---- text -----------------------------------------------------------------------------------------------------------

MARKS = [
    *"。！？；：，、…—·.!?;:,'\"“”‘’「」『』《》〈〉（）()【】[]①⑩\n\r\u3000\u200b\u200d\ufe0f\u2028 ",
    "……",
    "——",
    "他说",
]
PERSONAL = [
    "电话",
    "手机：",
    "QQ",
    "微信号",
    "邮箱",
    "@",
    "http://",
    "地址：",
    "身份证",
    "138",
    "0571-",
    "转",
    "<PHONE>",
]
PERSONAL += [
    "１３８",
    "一三八",
    "11010519491231002X",
    "6222021234567890123",
    "浙A·12345",
    "-",
    "+86",
    "住在",
    "号",
    "0",
]
TAGS = ["<p>", "</p>", "<div hidden>", "<br>", "<script>", "</script>", "<!--", "-->", "<![CDATA[", "<svg>", "<title>"]
TAGS += ["<table>", "<a href=", '"', "'", "&lt;", "&#0;", "&#xD800;", "&#x110000;", "<meta charset=gbk", "<pre>", "<b>"]
TAGS += ["<textarea>", "<plaintext>", "<template>", "<frameset>", '<script type="application/ld+json">', "[[[[", "{"]
LINES = ["记者", "来源：", "责任编辑：", "2024-02-30", "24:60", "民国", "新华社", "电", "（", "第2页", "上一页", "\n\n"]


def sentences(text: str) -> None:
    for quotes, attribution in (("split", "join"), ("keep", "split")):
        spans = list(split(text, quotes=quotes, attribution=attribution))  # type: ignore[arg-type]
        assert all(start < end <= len(text) for start, end in spans)
        borders = [0, *(border for span in spans for border in span), len(text)]
        assert all(left <= right for left, right in pairwise(borders))
        between = (text[end:start] for end, start in zip(borders[::2], borders[1::2], strict=True))
        assert not "".join(between).strip()


def privacy(text: str) -> None:
    found = find_personal(text)
    assert all(0 <= span.start < span.end <= len(text) for span in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    masked, _ = mask(text)
    assert mask(masked)[0] == masked


def words(text: str) -> None:
    line = normalize_line(text)
    assert "".join(cutter()(line)) == line


def times(text: str) -> None:
    time = parse_time(text)
    assert time is None or time.tzinfo is not None


def page_of(text: str, media_type: Any) -> Page:
    return Page("fuzz", media_type, text, "0" * 64, None, None, "utf-8")


def check_blocks(text: str, media_type: str) -> None:
    try:
        parsed = parse_page(page_of(text, media_type))
    except PageError as error:
        check_refusal(error.reason, error.detail, "parse:")
        return
    for block in parsed.blocks:
        assert block.text
        assert normalize_line(block.text) == block.text
        assert 0 <= block.link_chars <= len(block.text)
        block.text.encode()
        block.tag.encode()


def parse_html(text: str) -> None:
    check_blocks(text, "text/html")


def parse_text(text: str) -> None:
    check_blocks(text, "text/plain")


def check_labelled(text: str, media_type: str) -> None:
    labelled = label_page(page_of(text, media_type), removal=NOTHING_LISTED)
    if labelled.reject is not None:
        assert labelled.reject.reason != "label:timeout"
        check_refusal(labelled.reject.reason, labelled.reject.detail, "")
    assert labelled.reject is not None or {block.role for block in labelled.parsed.blocks} <= set(ROLES)
    pages_table([page_row(labelled)], [labelled.parsed.blocks])


def label_html(text: str) -> None:
    check_labelled(text, "text/html")


def label_text(text: str) -> None:
    check_labelled(text, "text/plain")


# ---- bytes ----------------------------------------------------------------------------------------------------------


def check_refusal(reason: str, detail: str, prefix: str) -> None:
    assert reason.startswith(prefix)
    assert ":" in reason
    assert len(detail) <= MAX_DETAIL, detail
    assert detail.isprintable(), ascii(detail)
    detail.encode()


def decoding(raw: bytes) -> None:
    try:
        text, codec = decode(raw, "gbk" if len(raw) % 2 else None)
    except PageError as error:
        check_refusal(error.reason, error.detail, "read:")
        return
    text.encode()
    assert "\0".encode(codec)


def reader(name: str) -> Callable[[bytes], None]:
    def read(content: bytes) -> None:
        written(name, content)
        for item in find_inputs([name], folder()):
            for found in read_input(item, READ):
                found.source.encode()
                if isinstance(found, Reject):
                    check_refusal(found.reason, found.detail, "read:")
                else:
                    found.text.encode()
                    assert len(found.raw_sha256) == 64
                if found.url is not None:
                    found.url.encode()

    return read


def record(kind: str, content_type: str, block: bytes) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://news.example/1\r\n"
    head += f"WARC-Date: 2024-04-24T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:{0:032}>\r\n"
    return f"{head}Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def warc_samples() -> list[bytes]:
    html = "<p>记者昨天从市园林局了解到，三座公园年内开放。</p>".encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
    bodies = (
        head + b"\r\n" + html,
        head + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(html),
        head + b"Content-Encoding: br\r\n\r\n" + html,
        head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(html), html),
    )
    records = [record("response", "application/http; msgtype=response", body) for body in bodies]
    records += [record("resource", "text/html", html), record("conversion", "text/plain", html)]
    records.append(record("warcinfo", "application/warc-fields", b"software: zhnews\r\n"))
    plain = b"".join(records)
    packed = b"".join(gzip.compress(each, mtime=0) for each in records)
    return [plain, packed, gzip.compress(plain, mtime=0), zstandard.compress(plain), records[0] * 2]


HTTP = [b"\r\n", b"\r\n\r\n", b"WARC/1.0\r\n", b"Content-Length: ", b"99999999999999999999", b"-1", b"\0", b": ", b"\n"]
HTTP += [
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: deflate\r\n",
    b"HTTP/1.1 ",
    b"ffffffff\r\n",
    b"\xff\xfe",
]
PACKED = [b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\0" * 8, b"\xff" * 4, b"\x50\x2a\x4d\x18\xff\xff\xff\xff"]


def jsonl_samples() -> list[bytes]:
    rows = [
        {"text": "望海港三号泊位开港。", "url": "https://news.example/1", "fetched_at": "2024-04-24 18:00:00+08:00"},
        {"html": "<p>临江新桥正式通车。</p>", "fetched_at": 1713952800},
        {"text": None, "html": 7, "url": ["x"]},
    ]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"
    return [text.encode(), text.encode("gb18030"), text.encode("utf-16"), gzip.compress(text.encode(), mtime=0)]


def parquet_samples() -> list[bytes]:
    tables = [
        pa.table({"text": ["望海港开港。", None, "首批货物装船。"], "url": ["a", "b", None], "fetched_at": [1, 2, 3]}),
        pa.table(
            {"html": pa.array([b"<p>\xd0\xc2</p>", b""]), "fetched_at": pa.array([0, 1], pa.timestamp("us", "UTC"))}
        ),
        pa.table({"text": pa.array(["甲", "乙", "甲"]).dictionary_encode()}),
    ]
    metadata = {b"huggingface": b'{"info": {"features": 7}}', b"pandas": b'{"index_columns": ["x"], "columns": [{}]}'}
    tables.append(tables[0].replace_schema_metadata(metadata))
    samples = []
    for table in tables:
        for compression in ("none", "zstd"):
            sink = BytesIO()
            pq.write_table(table, sink, compression=compression, row_group_size=2)
            samples.append(sink.getvalue())
    return samples


SMALL_NUMBERS = [bytes([n]) for n in (0, 1, 0x15, 0x7F, 0x80, 0xFF)] + [b"\xff" * 9, b"\xff\xff\xff\xff\x0f", b"PAR1"]
JSON = [
    b"\\ud83d",
    b"\\u0000",
    b"1e999",
    b"9" * 400,
    b"[" * 300,
    b"NaN",
    b"null",
    b'"text":',
    b'"',
    b"{",
    b"\n",
    b"\xff",
]


def settings_samples() -> list[str]:
    readme = (ROOT / "README.md").read_text("utf-8")
    return [
        readme.partition("```toml\n")[2].partition("```")[0],
        (ROOT / "seeds" / "dataset.toml").read_text("utf-8"),
        'inputs = ["pages"]\n[splits]\ntrain = 0.8\nvalidation = 0.1\ntest = 0.1\n',
    ]


TOML = [
    "inputs",
    "=",
    "[",
    "]",
    '"',
    "'",
    "\n",
    "true",
    "nan",
    "inf",
    "-1",
    "1e400",
    "[read]",
    "[[dedup]]",
    "0x",
    "{",
    "}",
]
TOML += [".", "1979-05-27", "\\ud800", "# ", "[dedup.keep]", "rules", "outlets", "files", "9" * 5000, "\0"]


def settings_file(text: str) -> None:
    try:
        load_settings(written("dataset.toml", text.encode("utf-8", errors="surrogatepass")))
    except SettingsError:
        return


def lists(text: str) -> None:
    content = text.encode("utf-8", errors="surrogatepass")
    for read in (
        lambda: read_removal(written("removal.txt", content)),
        lambda: read_corrections(written("gold.jsonl", content)),
        lambda: read_lexicon(WordSettings(dictionary=written("words.txt", content).name), folder()),
    ):
        with suppress(BuilderError):
            read()


def list_samples() -> list[str]:
    correction = {"page_id": "0" * 16, "block": "f" * 16, "occurrence": 0, "role": "body", "annotator": "林"}
    correction |= {"made_at": "2024-05-01T08:00:00+08:00", "guideline": "1", "index": 3, "text": "望海港"}
    return [
        f"# 名单\n{'0' * 16}\nhttps://news.example/1\n不愿公开的电话\n",
        json.dumps(correction, ensure_ascii=False) + "\n",
        "云栖澜苑 100 ns\n望海港\n",
    ]


TARGETS: dict[str, Target] = {
    "sentences": Target(sentences, lambda: cases("sentences.jsonl"), MARKS, 24),
    "privacy": Target(privacy, lambda: cases("privacy.jsonl"), [*MARKS, *PERSONAL], 24),
    "words": Target(
        words, lambda: cases("sentences.jsonl"), [*MARKS, "C++", "A-B", "x.com", "𠀀", "\u9fd6", "3.5%"], 8
    ),
    "times": Target(times, lambda: ["2024-04-24T18:00:00+08:00", "1713952800"], [*"0123456789:+-TZ. ", "99999"], 8),
    "decode": Target(
        decoding,
        lambda: [page.encode(codec) for page in seed_pages(".txt")[:4] for codec in ("utf-8", "gb18030", "utf-16")],
        [b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b'<meta charset="big5">', b"\x81", b"\x1b$B", b"\xff\xfe\0\0"],
        6,
    ),
    "jsonl": Target(reader("fuzz.jsonl"), jsonl_samples, [*JSON, *PACKED], 8),
    "warc": Target(reader("fuzz.warc"), warc_samples, [*HTTP, *PACKED], 6),
    "parquet": Target(reader("fuzz.parquet"), parquet_samples, SMALL_NUMBERS, 6),
    "packed": Target(
        reader("fuzz.html.gz"),
        lambda: [pack(article(0).encode()) for pack in (zstandard.compress, lambda raw: gzip.compress(raw, mtime=0))],
        PACKED,
        4,
    ),
    "parse_html": Target(parse_html, lambda: [article(0), *seed_pages(".html")], [*TAGS, *LINES], 4),
    "parse_text": Target(parse_text, lambda: seed_pages(".txt"), [*MARKS, *LINES], 6),
    "label_html": Target(label_html, lambda: [article(0), *seed_pages(".html")], [*TAGS, *LINES, *PERSONAL], 1),
    "label_text": Target(label_text, lambda: seed_pages(".txt"), [*MARKS, *LINES, *PERSONAL], 1),
    "settings": Target(settings_file, settings_samples, TOML, 2),
    "lists": Target(lists, list_samples, ['"', *"{}:,[]1", "null", *MARKS], 6),
}
