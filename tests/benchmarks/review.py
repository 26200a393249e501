"""
What the review page costs: start and memory, redrawing a long page, fifty annotators at once, keys a page.

    zhnews build seeds/dataset.toml -o out
    python tests/benchmarks/review.py out/zhnews-seed-0.1.0

Keys are those of an annotator who makes no mistake and goes from wrong line to wrong line by `j` and `n`, counted
against the golden roles of tests/pages, which the shipped labeller has seen: of real pages more lines are wrong.
Nobody was timed: seconds a page are measured by the page itself, in use.
"""

import argparse
import asyncio
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from builder.review.load import LoadSettings, load_here, version_of
from builder.review.store import Place, Store

ROOT = Path(__file__).parents[2]
ANNOTATORS = 50
PAGES_EACH = 10


def start(release: Path, store: Path, *options: str, names: int = 1) -> tuple[subprocess.Popen[str], list[str], float]:
    """Start `zhnews review`; return the process, the links, and the seconds until it answers."""
    began = time.perf_counter()
    people = [part for n in range(names) for part in ("--as", f"annotator-{n:02}")]
    command = [sys.executable, "-m", "builder.cli", "review", str(release), "--port", "0", "--json", "-q"]
    process = subprocess.Popen([*command, "--store", str(store), *people, *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    links = [json.loads(process.stdout.readline())["url"] for _ in range(names)]
    while True:
        try:
            httpx.get(links[0])
            break
        except httpx.ConnectError:
            time.sleep(0.01)
    return process, links, time.perf_counter() - began


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


async def annotate(link: str, times: list[float], written: list[tuple[str, str]]) -> None:
    """One annotator: take pages, give five roles on each, accept."""
    base, token = re.match(r"(http://[^/]+)/enter\?token=(.+)", link).groups()  # type: ignore[union-attr]
    async with httpx.AsyncClient(base_url=base, timeout=60) as client:

        async def timed(method: str, path: str, **values: object) -> httpx.Response:
            began = time.perf_counter()
            response = await client.request(method, path, **values)  # type: ignore[arg-type]
            times.append(time.perf_counter() - began)
            return response

        await client.post("/enter", data={"token": token})
        for _ in range(PAGES_EACH):
            path = (await timed("GET", "/")).headers["location"]
            text = (await timed("GET", path)).text
            csrf = re.search(r'name="csrf" content="(\w+)"', text)[1]  # type: ignore[index]
            version, seen = re.search(r'"version": "(\w+)", "seen": (\d+)', text).groups()  # type: ignore[union-attr]
            for number in range(6):
                action = f"action-{time.perf_counter_ns()}"
                body = {"version": version, "seen": int(seen), "action": action, "value": "", "blocks": []}
                body |= {"kind": "role", "value": "body", "blocks": [number]} if number < 5 else {"kind": "accept"}
                answer = await timed("POST", path, json=body, headers={"x-csrf": csrf})
                assert answer.status_code == 200, answer.text
                seen = answer.json()["seen"]
                written.append((path.rpartition("/")[2], action))


def concurrent(release: Path, folder: Path) -> None:
    store = folder / "concurrent.sqlite"
    process, links, _ = start(release, store, "--overlap", "50", names=ANNOTATORS)
    times: list[float] = []
    written: list[tuple[str, str]] = []

    async def everybody() -> None:
        await asyncio.gather(*(annotate(link, times, written) for link in links))

    began = time.perf_counter()
    asyncio.run(everybody())
    took = time.perf_counter() - began
    process.terminate()
    process.wait()
    kept = {(item, action) for item, action in Store(store).query("SELECT item, action FROM events")}
    lost = len(set(written) - kept)
    p50, p95 = statistics.quantiles(times, n=20)[9], statistics.quantiles(times, n=20)[18]
    print(f"{ANNOTATORS} annotators at once without a pause: {len(times)} requests in {took:.1f} s, {lost} lost")
    print(f"  one request: median {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms")


def redraw(folder: Path) -> None:
    """Milliseconds from a key to the next frame on a page of 20,000 characters."""
    from tests.review.browser import Server, chromium, enter
    from tests.review.conftest import page_content

    store = Store(folder / "long.sqlite", "long")
    lines = [(f"第{n}段。" + "临江新桥正式通车，两岸居民过江的时间缩短到八分钟。" * 4, "body", 0.9) for n in range(200)]
    content = page_content("long", lines)
    store.replace_queue([(Place("blocks", 0, "long", version_of("blocks", "long", content), "", "random", 0), content)])
    server = Server(folder / "long.sqlite")
    with chromium() as browser:
        page = enter(browser, server)
        spent = [
            page.evaluate(
                """() => new Promise((done) => {
                    const began = performance.now();
                    document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "7", bubbles: true}));
                    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
                })"""
            )
            for _ in range(50)
        ]
    server.stop()
    chars = sum(len(text) for text, _, _ in lines)
    middle, worst = statistics.median(spent), max(spent)
    print(f"redraw of {chars} characters after a key: median {middle:.0f} ms, worst {worst:.0f} ms")


def keys(release: Path, folder: Path) -> None:
    """Keys a page on the seed dataset, and how many lines were wrong."""
    path = folder / "keys.sqlite"
    load_here(release, path, LoadSettings())
    store = Store(path)
    golden = {}
    for meta in ROOT.glob("tests/pages/*/meta.json"):
        rows = [json.loads(line) for line in (meta.parent / "blocks.jsonl").read_text("utf-8").splitlines()]
        golden["pages/" + Path(json.loads(meta.read_text("utf-8"))["page"]).name] = rows
    counts, wrong_lines, all_lines = [], 0, 0
    for (version,) in store.query("SELECT version FROM queue WHERE mode = 'blocks'"):
        content = store.content(version)
        rows = golden.get(content["source"])
        if rows is None or len(rows) != len(content["blocks"]):
            continue
        blocks = content["blocks"]
        wrong = [i for i, row in enumerate(rows) if row["role"] != blocks[i]["role"] and blocks[i]["dup_of"] is None]
        doubtful = [i for i, block in enumerate(blocks) if block["score"] < 0.8 and block["dup_of"] is None]
        at, pressed = 0, 1  # Enter
        for line in wrong:
            by_n = [sum(at < d <= other for d in doubtful) + abs(line - other) for other in doubtful]
            pressed += min([abs(line - at), *by_n]) + 1
            at = line + 1
        counts.append(pressed)
        wrong_lines += len(wrong)
        all_lines += len(blocks)
    mean, middle = statistics.mean(counts), statistics.median(counts)
    print(f"keys a page on {len(counts)} seed pages: mean {mean:.1f}, median {middle:g}")
    print(f"  {wrong_lines} of {all_lines} lines were wrong")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", type=Path)
    release = parser.parse_args().release
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        process, _, seconds = start(release, folder / "start.sqlite")
        print(f"start {seconds:.2f} s, {resident_mb(process.pid):.0f} MB of memory at most")
        process.terminate()
        process.wait()
        concurrent(release, folder)
        keys(release, folder)
        redraw(folder)


if __name__ == "__main__":
    main()
