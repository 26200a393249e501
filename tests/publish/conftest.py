"""A small ARTICLES table, made by hand, and the release that comes of it."""

import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from builder.dedup.edges import EXACT, RULES, compare, edge_table, judge
from builder.dedup.keys import keys_of
from builder.dedup.settings import DedupSettings
from builder.engines.embedded import Embedded
from builder.publish.release import PublishResult, PublishSettings, publish
from builder.publish.shards import TaskSettings
from builder.publish.splits import SplitSettings, split_of
from builder.records import page_id
from builder.schemas import ARTICLES, INPUTS, NEAR_DUP_PAIRS
from builder.sentences import SentenceSettings
from builder.tables import write_table
from builder.words import JIEBAS_OWN, WordSettings
from tests.dedup.news import story

Row = dict[str, Any]
Publish = Callable[..., PublishResult]

TOWNS = ("临江", "海坛", "平岚", "宁塔", "五洲", "前川")
CARD = """本数据集的故事与媒体均为虚构。
<!-- en -->
Every story and outlet here is invented.
"""


def block(text: str, role: str, dup_of: int | None = None) -> Row:
    return {
        "text": text,
        "role": role,
        "score": 0.75,
        "origin": "rule",
        "dup_of": dup_of,
        "tag": "body/div#main/p",
        "link_chars": 0,
        "hidden": False,
    }


def page_row(number: int, **changes: Any) -> Row:
    """A page of ARTICLES without its article: what is left when it was dropped."""
    url = f"https://news.example.cn/{number:04}.html"
    raw = sha256(str(number).encode()).hexdigest()
    row = dict.fromkeys(ARTICLES.names)
    return row | {
        "page_id": page_id(url, raw),
        "source": f"pages/{number:04}.html",
        "url": url,
        "fetched_at": datetime(2024, 1, 1, tzinfo=UTC),
        "media_type": "text/html",
        "charset": "gb18030",
        "raw_sha256": raw,
        "robots": None if number % 4 else ["noindex", "noai"],
        "tdm_reservation": None if number % 3 else number % 2 == 0,
        "tdm_policy": None if number % 6 else "https://news.example.cn/tdm.json",
        **changes,
    }


def article_row(number: int, words_of: int | None = None, **changes: Any) -> Row:
    """
    A published article: two paragraphs, a subhead, a caption, and the blocks of its page.

    With `words_of` another it has the words of that, and numbers and places of its own: a story of one template.
    """
    town = TOWNS[number % len(TOWNS)]
    title = f"{town}第{number}座便民桥通车"
    lede = (
        f"{town}日报3月{number % 28 + 1}日电（记者 沈若川）{town}第{number}座便民桥昨日通车。两岸居民步行只需三分钟。"
    )
    subhead = "一座桥，两个村"
    # Words of its own, so that the stories are not nearly alike.
    own = story(number if words_of is None else words_of, sentences=4).replace("。", "，").replace("\n", "")
    size = f"{own}桥长{110 + number}.5米，造价不到{600 + number}万元！"
    body = f"“等了二十年。今天终于走上来了。”村民老唐说，𠮷日选得好。{size}"
    text = f"{lede}\n{subhead}\n{body}"
    ends = [len(lede), len(lede) + 1 + len(subhead), len(text)]
    starts = [0, ends[0] + 1, ends[1] + 1]
    row = page_row(number)
    cluster = sha256(f"村{number}".encode()).hexdigest()[:16]
    made = row | {
        "article_id": row["page_id"],
        "title": title,
        "byline": ["沈若川"],
        "editor": [] if number % 2 else ["陆一鸣"],
        "outlet": None if number % 5 == 0 else f"{town}日报",
        "paragraph_articles": [1] * 3,
        "dateline": {
            "agency": f"{town}日报",
            "place": None,
            "date": f"3月{number % 28 + 1}日",
            "raw": lede.partition("）")[0] + "）",
            "start": 0,
            "end": lede.index("）") + 1,
        },
        "published_at": datetime(2023, 2, 28, 23, 30, tzinfo=UTC) + timedelta(days=number),
        "published_precision": "minute",
        "published_zone": "assumed",
        "category": "民生" if number % 3 else None,
        "category_origin": "breadcrumb" if number % 3 else None,
        "description": f"{town}村民等了二十年，便民桥第{number}座昨日通车。" if number % 4 == 1 else title,
        "text": text,
        "paragraphs": [
            {"role": role, "start": start, "end": end}
            for role, start, end in zip(["lede", "subhead", "body"], starts, ends, strict=True)
        ],
        "lede": [lede],
        "body": [subhead, body],
        "footer": ["责任编辑：陆一鸣"],
        "captions": [f"{town}便民桥。沈若川 摄"],
        "normalized": {"invisible": 0, "spaces": 1, "surrogates": 0, "composed": 0},
        "partial": False,
        "cluster_id": cluster,
        "cluster_size": 1,
        "split": split_of(cluster, SplitSettings()),
        **changes,
    }
    lines = zip(made["text"].split("\n"), made["paragraphs"], strict=False)
    blocks = [
        block("首页 | 要闻 | 民生", "nav"),
        block(title, "title"),
        *(block(caption, "caption") for caption in made["captions"]),
        *(block(line, paragraph["role"]) for line, paragraph in lines),
        *(block(line, "credit") for line in made["footer"]),
        block(title, "title", dup_of=1),
    ]
    return made | {"blocks": [{"page_id": made["page_id"], **each} for each in changes.get("blocks", blocks)]}


def make_rows(n: int = 30) -> list[Row]:
    """`n` articles, a duplicate of the first, a page without text, and an input that gave no page at all."""
    rows = [article_row(number) for number in range(n)]
    rows[0] = article_row(0, cluster_size=2)
    place = {name: page_row(9001)[name] for name in ("page_id", "source", "url", "raw_sha256")}
    copy = article_row(
        0, article_id=None, split=None, reject="dedupe:exact", detail="equal to an earlier page", **place
    )
    copy |= {"cluster_size": 2, "kept_id": rows[0]["article_id"]}
    rows[6:12] = [
        article_row(number, words_of=6, template_id="4f6a2c9d81e0b357") for number in range(6, 6 + len(rows[6:12]))
    ]
    empty = page_row(9002, reject="parse:no-text", detail="nothing is visible on the page")
    broken = page_row(9003, reject="read:truncated", detail="the archive ends in the middle", page_id=None)
    return [*rows, copy, empty, broken]


def make_pairs(rows: Iterable[Row]) -> list[Row]:
    """Pairs of NEAR_DUP_PAIRS: each copy with what was kept, and neighbours of one template."""
    listed = sorted(rows, key=lambda row: row["source"])
    kept = {row["article_id"]: row for row in listed if row["article_id"]}
    copies = [(kept[row["kept_id"]], row) for row in listed if row["kept_id"] in kept]
    templates = [(a, b) for a, b in pairwise(listed) if a["template_id"] and b["template_id"]]
    pairs = copies + templates
    n = len(pairs)
    keys = keys_of(pa.array([left["text"] for left, _ in pairs] + [right["text"] for _, right in pairs], pa.string()))
    measures = compare(keys, np.arange(n), n + np.arange(n))
    rules = np.where(np.arange(n) < len(copies), RULES.index(EXACT), judge(measures, DedupSettings()))
    edges = edge_table(pa.nulls(n), pa.nulls(n), rules, measures).drop_columns(["left", "right"]).to_pylist()
    return [
        {
            "split": left["split"] if right["split"] in (left["split"], None) else None,
            "left_id": left["page_id"],
            "right_id": right["page_id"],
            **(edge if edge["rule"] != EXACT else {name: edge[name] for name in ("rule", "jaccard", "containment")}),
            "left_title": left["title"],
            "right_title": right["title"],
            "left_text": left["text"],
            "right_text": right["text"],
        }
        for (left, right), edge in zip(pairs, edges, strict=True)
    ]


def write_rows(path: Path, rows: Iterable[Row], shards: int = 2) -> Path:
    """Write an ARTICLES table in several shards."""
    listed = list(rows)
    write_table(path, (pa.Table.from_pylist(listed[i::shards], schema=ARTICLES) for i in range(shards)), ARTICLES)
    return path


@pytest.fixture
def publish_rows(tmp_path: Path) -> Publish:
    """Publish rows of ARTICLES in a fresh folder of their own."""

    def call(rows: Iterable[Row], name: str = "a", workers: int = 1, **settings: int) -> PublishResult:
        return publish_into(tmp_path / name, rows, workers, **settings)

    return call


def publish_into(folder: Path, rows: Iterable[Row], workers: int = 1, **settings: int) -> PublishResult:
    listed = list(rows)
    articles = write_rows(folder / "work/articles", listed)
    pairs = folder / "work/near_dup_pairs"
    write_table(pairs, [pa.Table.from_pylist(make_pairs(listed), schema=NEAR_DUP_PAIRS)], NEAR_DUP_PAIRS)
    row = {"path": "/nowhere", "source": "pages", "kind": "html", "compression": None, "n_bytes": 9, "sha256": "ab"}
    write_table(folder / "work/inputs", [pa.Table.from_pylist([row], schema=INPUTS)], INPUTS)
    with Embedded(workers) as engine:
        return publish(
            articles,
            pairs,
            engine,
            folder / "bridges-1.0.0",
            name="bridges",
            version="1.0.0",
            settings=PublishSettings(**settings),
            tasks=TaskSettings("cc0-1.0", SentenceSettings(), WordSettings(), JIEBAS_OWN),
            all_settings={"splits": {"train": 0.8}},
            inputs=folder / "work/inputs",
            counts={"inputs": 1, "pages": len(listed)},
            work=folder / "work",
            card_text=CARD,
        )


@pytest.fixture(scope="session")
def good_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of 30 articles in all three splits; not to be written to."""
    return publish_into(tmp_path_factory.mktemp("good"), make_rows(), shard_articles=8).folder


@pytest.fixture
def release(good_release: Path, tmp_path: Path) -> Path:
    """A copy of the good release, to be broken."""
    return Path(shutil.copytree(good_release, tmp_path / good_release.name))
