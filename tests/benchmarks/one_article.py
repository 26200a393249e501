#!/usr/bin/env python3
"""
What a reader has to fetch again when one article is added to a release: files and bytes by config.

    python tests/benchmarks/one_article.py [--articles 10000] [--shard-articles 1024] [--work DIR]

Invented stories are built into a release, and one more over it; whatever the number of shards, one of them a config
should change.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from builder.publish.diff import diff
from tests.dedup.news import story

PAGE = """<html><head><title>{title}_临江晚报</title></head><body><h1>{title}</h1>
<div class="info">2024-{month:02}-{day:02} 08:00 来源：临江晚报 责任编辑：苏禾</div>
<div class="article">{text}</div></body></html>"""


def page(number: int) -> str:
    """Return a page of its own, with a channel."""
    lines = story(number, sentences=8).split("\n")
    sentences = [part + "。" for line in lines for part in line.split("。") if part]
    paragraphs = ["".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2)]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    title = f"{sentences[0][:12]}之{number}"
    return PAGE.format(title=title, month=number % 12 + 1, day=number % 28 + 1, text=text)


def write_feed(path: Path, numbers: range) -> None:
    """Write pages as a .jsonl of HTML."""
    lines = (json.dumps({"url": f"https://linjiang.example/{n}.html", "html": page(n)}) for n in numbers)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def build(folder: Path, *arguments: str) -> Path:
    """Run `zhnews build` in a folder; return the release."""
    command = [sys.executable, "-m", "builder.cli", "build", *arguments, "-o", "out", "-q", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return folder / str(json.loads(done.stdout)["folder"])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--shard-articles", type=int, default=1024)
    parser.add_argument("--work", type=Path, help="An empty folder; a temporary one when left out.")
    args = parser.parse_args()
    folder = args.work or Path(tempfile.mkdtemp(prefix="zhnews-one-"))
    folder.mkdir(parents=True, exist_ok=True)
    write_feed(folder / "feed.jsonl", range(args.articles))
    write_feed(folder / "one.jsonl", range(args.articles, args.articles + 1))
    settings = f"name = 'one'\n[publish]\nshard_articles = {args.shard_articles}\n"
    (folder / "old.toml").write_text(f"inputs = ['feed.jsonl']\n{settings}", "utf-8")
    (folder / "new.toml").write_text(f"version = '0.2.0'\ninputs = ['feed.jsonl', 'one.jsonl']\n{settings}", "utf-8")
    old = build(folder, "old.toml")
    new = build(folder, "new.toml", "--over", str(old.relative_to(folder)))
    found = diff(old, new)
    listed = {file["path"]: file for file in json.loads((new / "manifest.json").read_text("utf-8"))["files"]}
    print("| config | rows added | rows changed | files | files changed | MB | MB changed |")
    print("|---|---|---|---|---|---|---|")
    for config, changes in found.configs.items():
        mine = [path for path in listed if path.startswith(f"{config}/")]
        touched = [path for path in found.files if path.startswith(f"{config}/")]
        size, fetched = (sum(listed[path]["n_bytes"] for path in paths) / 1e6 for paths in (mine, touched))
        counts = f"{changes.added} | {changes.changed} | {len(mine)} | {len(touched)}"
        print(f"| {config} | {counts} | {size:.2f} | {fetched:.2f} |")


if __name__ == "__main__":
    main()
