#!/usr/bin/env python3
"""
What it gains to search for duplicates on the labelled lede and body of a page, not on all that it shows.

    python tests/benchmarks/labelled_text.py ARTICLES.parquet FIELDS.jsonl.gz PAGES [--stories 1000] [--seed 1]

ARTICLES has columns title and text. PAGES holds NAME.html.gz, and FIELDS a line a page with its page (NAME), title and
body. Each story is put in the place of the article of one of these pages, as a dump of its lines; every second story
stands a second time, in another page. What is left of a page, its menus, credits and lists, is the same around many
stories: that makes stories alike that are not, and copies unlike that are.

Searched are the stories as they were before, the text of the articles that the shipped labeller finds, and all lines.
Use pages that it was not trained on, for an honest figure.
"""

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from dedup import score

from builder.dedup.search import find_duplicates
from builder.dedup.settings import DedupSettings
from builder.pages import label_page
from builder.parse import parse_page
from builder.read import ReadSettings, find_inputs, read_input
from builder.records import Page

SPACE = re.compile(r"\s+")
#: Characters of a story: as many as a page of news has. The publisher's own credit line is part of the story here.
MIN_CHARS, MAX_CHARS = 120, 1500
#: A shorter line may stand in the body by chance.
LINE_CHARS = 12


class Frame(NamedTuple):
    """The lines of a page above and below its article, with its title in them."""

    title: str
    above: list[str]
    below: list[str]


def frames(fields: Path, pages: Path) -> Iterator[Frame]:
    """Pages whose article is found as one stretch of lines; others are left out."""
    with gzip.open(fields, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    for row in rows:
        (item,) = find_inputs([str(pages / f"{row['page']}.html.gz")], pages)
        (page,) = (page for page in read_input(item, ReadSettings()) if isinstance(page, Page))
        lines = [block.text for block in parse_page(page).blocks]
        body = SPACE.sub("", row["body"])
        keys = [SPACE.sub("", line) for line in lines]
        inside = [i for i, key in enumerate(keys) if len(key) >= LINE_CHARS and key in body]
        if not inside:
            continue
        first, last = inside[0], inside[-1] + 1
        titled = row["title"] and any(row["title"] in line for line in lines[:first])
        if titled and 0.9 < sum(map(len, keys[first:last])) / len(body) < 1.5:  # nothing of the body is left around it
            yield Frame(row["title"], lines[:first], lines[last:])


def in_frame(frame: Frame, title: str, text: str) -> str:
    """The story as a dump of the page shows it."""
    around = [[line.replace(frame.title, title) for line in part] for part in (frame.above, frame.below)]
    return "\n".join([*around[0], text, *around[1]])


def labelled(number: int, dump: str) -> str | None:
    """Lede and body that the labeller finds; None when it finds no article."""
    article = label_page(Page(str(number), "text/plain", dump, f"{number:064x}")).article
    return article and article.text


def main() -> None:
    """Print a line a kind of text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("fields", type=Path)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    r = random.Random(args.seed)  # noqa: S311
    given = pq.read_table(args.articles, columns=["title", "text"]).to_pylist()
    titled = Counter(row["title"] for row in given)  # what many bear is the name of a column
    given = [row for row in given if titled[row["title"]] == 1 and MIN_CHARS <= len(row["text"]) <= MAX_CHARS]
    around = list(frames(args.fields, args.pages))
    stories, dumps, cluster = [], [], []
    for number, row in enumerate(r.sample(given, args.stories)):
        for frame in r.sample(around, 2 if number % 2 else 1):
            stories.append(row["text"])
            dumps.append(in_frame(frame, row["title"], row["text"]))
            cluster.append(number)
    texts = {
        "the stories alone": stories,
        "labelled lede and body": [labelled(number, dump) for number, dump in enumerate(dumps)],
        "all lines": dumps,
    }
    labels = pa.table({"id": range(len(cluster)), "cluster": cluster})
    print(f"{len(cluster)} pages, {args.stories} stories in {len(around)} frames")
    for kind, told in texts.items():
        table = pa.table({"id": labels["id"], "text": pa.array(told, pa.string())})
        quality = score(labels, find_duplicates(table, DedupSettings()).clusters)
        shown = "  ".join(f"{name} {quality[name]:.4f}" for name in ("F1", "precision", "recall", "lost"))
        print(f"{kind:23} {shown}  without text {told.count(None)}", flush=True)


if __name__ == "__main__":
    main()
