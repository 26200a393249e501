"""Where a build writes, and whom it talks to, as the interpreter itself tells: below -o, and nobody."""

import gzip
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from tests.conftest import article
from tests.read.test_warc import record, response

OUTSIDE = "../../../evil"

# Runs at the start of every process of the build, workers too, and notes what Python opens for writing, makes and
# moves, and whom it calls up. Arrow's own files are not heard here: for these the folders are compared.
LISTENER = """
import os, sys

log = os.open({log!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
PLACES = {{"os.mkdir": 1, "os.truncate": 1, "os.rename": 2, "os.link": 2, "os.symlink": 2}}

def note(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__":
        os.write(log, b"NETWORK " + event.encode() + b"\\0")
    elif event == "open":
        path, _, flags = arguments
        if not isinstance(path, int) and flags & WRITES:
            os.write(log, os.fsencode(os.path.abspath(path)) + b"\\0")
    else:
        for path in arguments[:PLACES.get(event, 0)]:
            os.write(log, os.fsencode(os.path.abspath(path)) + b"\\0")

sys.addaudithook(note)
"""


def gzip_named(name: str, content: bytes) -> bytes:
    """Pack as `gzip -N` would unpack to `name`."""
    head = b"\x1f\x8b\x08\x08" + struct.pack("<IBB", 0, 0, 255) + name.encode() + b"\0"
    return head + gzip.compress(content)[10:]


def hostile_pages(folder: Path) -> None:
    """Write archives whose names, addresses and links point out of the folder that they are unpacked in."""
    folder.mkdir()
    (folder / "named.html.gz").write_bytes(gzip_named(f"{OUTSIDE}.html", article(0).encode()))
    linked = article(1).replace("<head>", f'<head><link rel="canonical" href="{OUTSIDE}"><base href="{OUTSIDE}/">')
    (folder / "linked.html.zst").write_bytes(zstandard.compress(linked.encode()))
    crawl = [response(f"file://{OUTSIDE}.warc", article(2).encode(), f"Content-Disposition: filename={OUTSIDE}")]
    crawl.append(record("resource", OUTSIDE, article(3).encode(), "text/html"))
    crawl.append(record("warcinfo", OUTSIDE, f"WARC-Filename: {OUTSIDE}\r\n".encode(), "application/warc-fields"))
    (folder / "crawl.warc.gz").write_bytes(b"".join(map(gzip.compress, crawl)))
    row = {"html": article(4), "url": f"{OUTSIDE}.html", "source": OUTSIDE, "page_id": OUTSIDE}
    (folder / "feed.jsonl").write_text(json.dumps(row), "utf-8")
    pq.write_table(pa.table({name: [value] for name, value in row.items()}), folder / "rows.parquet")
    rows = folder / "rows.parquet"
    rows.with_suffix(".parquet.gz").write_bytes(gzip_named(f"{OUTSIDE}.parquet", rows.read_bytes()))
    rows.unlink()


def test_a_build_of_hostile_archives_writes_below_its_output_only_and_talks_to_nobody(tmp_path: Path) -> None:
    here = tmp_path / "a" / "b" / "c"
    here.mkdir(parents=True)
    hostile_pages(here / "pages")
    cache, temporary, log = (tmp_path / name for name in ("cache", "temporary", "log"))
    for folder in (cache, temporary, tmp_path / "listener"):
        folder.mkdir()
    (tmp_path / "listener" / "sitecustomize.py").write_text(LISTENER.format(log=str(log)), "utf-8")
    before = set(tmp_path.rglob("*"))
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "listener"), *sys.path]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "XDG_CACHE_HOME": str(cache),
        "TMPDIR": str(temporary),
    }
    build = [sys.executable, "-m", "builder.cli", "build", "pages", "-j", "2", "-q", "--json"]
    done = subprocess.run(build, cwd=here, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["articles"], told["dropped"]) == (5, {"dedupe:exact": 1})

    def elsewhere(paths: set[Path]) -> set[Path]:
        return {path for path in paths if not any(path.is_relative_to(ours) for ours in (here / "out", cache))}

    heard = {os.fsdecode(raw) for raw in log.read_bytes().split(b"\0")[:-1]}
    assert not {each for each in heard if each.startswith("NETWORK")}
    assert len(heard) > 50
    # In the temporary folder Python tries whether it can write; the one file that holds a page there has no name.
    assert {path for path in elsewhere(set(map(Path, heard))) if not path.is_relative_to(temporary)} <= {
        Path(os.devnull)
    }
    assert elsewhere(set(tmp_path.rglob("*"))) - before == {log}
