"""Messages show no text of a page but a short masked piece: neither those of rejects, nor of errors, nor of bugs."""

import gzip
import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.bugs import print_bug
from builder.privacy import excerpt
from tests.conftest import Zhnews, article
from tests.read.test_warc import record, response

PHONE = "13800001234"
SECRET = f"望海港调度室的手机是{PHONE}，" + "三号泊位昨夜十一点以前不能靠船。" * 20
LONGEST = 60


def shown(text: str) -> str:
    """The longest piece of the secret that `text` holds."""
    pieces = [SECRET[i : i + LONGEST + 1] for i in range(len(SECRET) - LONGEST)]
    return next((piece for piece in pieces if piece in text), "")


def check(text: str) -> None:
    assert PHONE not in text
    assert not shown(text)


def parquet(path: Path, table: pa.Table) -> None:
    pq.write_table(table, path)


@pytest.mark.parametrize("command", ["build", "label"])
def test_rejects_and_errors_do_not_show_the_page(command: str, tmp_path: Path, zhnews: Zhnews) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "good.html").write_text(article(0), "utf-8")
    (folder / "cut.html.gz").write_bytes(gzip.compress(SECRET.encode())[:-20])
    (folder / "binary.txt").write_bytes(SECRET.encode("utf-16-le")[1:] + bytes(range(32)) * 40)
    lines = (
        f'{{"text": "{SECRET}',
        json.dumps([SECRET]),
        json.dumps({SECRET: SECRET}),
        json.dumps({"text": {"a": SECRET}}),
    )
    (folder / "feed.jsonl").write_text("\n".join(lines), "utf-8")
    parquet(folder / "names.parquet", pa.table({SECRET: [SECRET]}))
    parquet(folder / "kinds.parquet", pa.table({"text": [{SECRET: 1}]}))
    body = f"<p>{SECRET}</p>".encode()
    (folder / "crawl.warc").write_bytes(
        response("https://news.example/1", body, f"Content-Type: {SECRET}")
        + response("https://news.example/2", body, status=f"404 {SECRET}")
        + record("response", "https://news.example/3", body, SECRET)
        + record(SECRET, "https://news.example/4", body)
        + response("https://news.example/5", body)[:-90]
    )
    done = zhnews(command, folder, *(["-o", "out", "-j", 1] if command == "build" else ["-o", "labels.txt"]))
    assert done.returncode == 0, done.stderr
    check(done.stderr)
    if command == "build":
        assert "read:not-html" in done.stderr
        (release,) = (path for path in (tmp_path / "out").iterdir() if path.name.startswith("zhnews"))
        for dropped in (release / "dropped").glob("*.parquet"):
            check(str(pq.read_table(dropped).to_pylist()))


def test_wrong_files_beside_the_settings_do_not_show_what_they_hold(tmp_path: Path, zhnews: Zhnews) -> None:
    (tmp_path / "page.html").write_text(article(0), "utf-8")
    correction = {"page_id": "0" * 16, "block": "0" * 16, "occurrence": 0, "annotator": "林", "made_at": "2024"}
    for settings, content in (
        ('gold = "file"', json.dumps(correction | {"role": SECRET}, ensure_ascii=False)),
        ('gold = "file"', json.dumps(correction | {"role": "body", "text": SECRET}, ensure_ascii=False)),
        ('gold = "file"', f'{{"{SECRET}'),
        ('[decontaminate]\nfiles = ["file"]', SECRET),
    ):
        (tmp_path / "file").write_text(content, "utf-8")
        (tmp_path / "dataset.toml").write_text(f'inputs = ["page.html"]\n{settings}\n', "utf-8")
        done = zhnews("build", "-o", "out", "-j", 1)
        assert "Traceback" not in done.stderr
        check(done.stderr)


def test_the_traceback_of_a_bug_does_not_show_the_page(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(SECRET, "utf-8")
    code = (
        "import builder.pages\n"
        "def bug(page, parsed): raise ValueError('no number: ' + parsed.blocks[0].text)\n"
        "builder.pages.assemble = bug\n"
        "from builder.cli import main\nmain()\n"
    )
    command = [sys.executable, "-c", code, "label", "page.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "ValueError: no number: 望海港调度室的手机是<MOBILE>" in done.stderr
    assert "pages.py" in done.stderr
    check(done.stderr)


def fail(text: str) -> None:
    raise ValueError(f"{text}\n{text}")


def test_the_traceback_of_a_worker_does_not_show_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        error = pool.submit(fail, SECRET).exception()
    assert error is not None
    print_bug(type(error), error, None)
    told = capsys.readouterr().err
    assert "in fail" in told
    assert told.count("ValueError: ") == 2
    check(told)


@given(st.text(), st.integers(1, 80))
def test_an_excerpt_is_short_and_printable(text: str, chars: int) -> None:
    found = excerpt(text, chars)
    assert len(found) <= chars
    assert found.isprintable()
