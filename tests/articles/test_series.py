import json
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.articles.series import add_joined, join_series, joined_pages
from builder.explain import explain_page
from builder.parse import parse_page
from builder.read import ReadSettings, find_inputs, read_input
from builder.records import ROLES, Page
from builder.review.load import LoadSettings, load_release
from builder.review.originals import find_original
from builder.review.store import Store
from builder.schemas import CLUSTERS, PAGES
from tests.conftest import Zhnews, article

CHINA = timezone(timedelta(hours=8))
SEEDS = Path(__file__).parents[2] / "seeds/pages"


def row(part: int | None, text: str = "", *, parts: int | None = 3, key: str = "s", **other: Any) -> dict[str, Any]:
    """A PAGES row whose first paragraph is its lede."""
    text = text or f"第{part}页的开头。\n第{part}页的结尾。"
    spans, at = [], 0
    for n, line in enumerate(text.split("\n")):
        spans.append({"role": "body" if n else "lede", "start": at, "end": at + len(line)})
        at += len(line) + 1
    lede, *body = text.split("\n")
    made = {
        "page_id": f"{key}{part}",
        "source": f"{key}{part}.html",
        "url": f"https://yunlu.example/{key}.html",
        "series_key": key,
        "part": part,
        "parts": parts if part else None,
        "partial": part is not None,
        "title": "枫树坳站的看守人",
        "text": text,
        "paragraphs": spans,
        "lede": [lede],
        "body": body,
        "blocks": [],
        **{name: [] for name in ("byline", "editor", "footer", "captions")},
    }
    return made | other


def join(*rows: dict[str, Any], min_chars: int = 0) -> dict[str, dict[str, Any]]:
    table = pa.Table.from_pylist(list(rows), schema=PAGES)
    joined = join_series(table, min_chars=min_chars)
    assert joined.schema == PAGES
    assert joined["source"].to_pylist() == table["source"].to_pylist()
    return {row["source"]: row for row in joined.to_pylist()}


def block(
    text: str, role: str, dup_of: int | None = None, page_id: str = "s1", origin: str = "model"
) -> dict[str, Any]:
    about = {"page_id": page_id, "score": 0.75, "tag": "", "link_chars": 0, "hidden": False}
    return {"text": text, "role": role, "origin": "model", "dup_of": dup_of, **about}


def test_article_has_the_blocks_of_all_its_parts() -> None:
    one = row(1, parts=2, blocks=[block("枫树坳站的看守人", "title"), block("第1页的开头。", "lede")])
    blocks = [("第2页的开头。", "lede", None), ("第2页的结尾。", "body", None), ("第2页的开头。", "lede", 0)]
    two = row(2, parts=2, blocks=[block(*each, page_id="s2") for each in blocks])
    found = join(two, one)
    assert [(b["page_id"], b["text"], b["role"], b["origin"], b["dup_of"]) for b in found["s1.html"]["blocks"]] == [
        ("s1", "枫树坳站的看守人", "title", "model", None),
        ("s1", "第1页的开头。", "lede", "model", None),
        ("s2", "第2页的开头。", "body", "rule", None),
        ("s2", "第2页的结尾。", "body", "model", None),
        ("s2", "第2页的开头。", "body", "rule", 2),
    ]
    assert found["s2.html"]["blocks"] == two["blocks"], "what became of that page is still told"


def test_abstract_on_a_later_part_is_a_copy_of_the_first() -> None:
    abstract = "导读：三个人守着一座站。"
    one = row(1, f"{abstract}\n一。", parts=2, blocks=[block(abstract, "lede"), block("一。", "body")])
    two = row(2, f"{abstract}\n二。", parts=2, blocks=[block(abstract, "lede"), block("二。", "lede")])
    joined = join(one, two)["s1.html"]["blocks"]
    assert [(b["role"], b["dup_of"]) for b in joined] == [("lede", None), ("body", None), ("lede", 0), ("body", None)]


def test_parts_become_one_article_in_order_once() -> None:
    found = join(row(3), row(1), row(2))
    first = found["s1.html"]
    assert first["text"] == "\n".join(f"第{n}页的{end}。" for n in (1, 2, 3) for end in ("开头", "结尾"))
    assert first["lede"] == ["第1页的开头。"]
    assert [first["text"][p["start"] : p["end"]] for p in first["paragraphs"]] == first["text"].split("\n")
    assert [p["role"] for p in first["paragraphs"]] == ["lede"] + ["body"] * 5
    assert first["body"] == first["text"].split("\n")[1:]
    assert not first["partial"]
    for later in ("s2.html", "s3.html"):
        assert found[later]["reject"] == "article:joined"
        assert found[later]["joined_to"] == {"page_id": "s1", "source": "s1.html"}
        assert found[later]["text"] is None
        assert "s1" in found[later]["detail"]


def test_article_is_partial_when_a_part_is_missing() -> None:
    found = join(row(1), row(2))
    assert found["s1.html"]["partial"]
    assert found["s1.html"]["text"].endswith("第2页的结尾。")
    gap = join(row(1), row(3))
    assert [gap[name]["partial"] for name in ("s1.html", "s3.html")] == [True, True]
    assert gap["s3.html"]["reject"] is None, "nothing is joined over a gap"


def test_last_part_knows_of_more_parts_than_the_first() -> None:
    assert join(row(1, parts=2), row(2, parts=3))["s1.html"]["partial"]
    assert not join(row(1, parts=None), row(2, parts=2))["s1.html"]["partial"]


def test_fields_come_from_the_first_part_that_has_them_and_names_from_all() -> None:
    at = datetime(2019, 12, 8, 10, tzinfo=CHINA)
    one = row(1, parts=2, byline=["钟离秋"], outlet="云麓周刊", footer=["云麓周刊版权所有"])
    two = row(2, parts=2, byline=["钟离秋"], editor=["夏侯敏"], published_at=at, published_precision="minute")
    two |= {"footer": ["责任编辑：夏侯敏", "云麓周刊 版权所有"], "captions": ["站台"], "title": "枫树坳站的看守人(2)"}
    first = join(one, two)["s1.html"]
    assert (first["byline"], first["editor"], first["outlet"]) == (["钟离秋"], ["夏侯敏"], "云麓周刊")
    assert first["footer"] == ["云麓周刊版权所有", "责任编辑：夏侯敏"]
    assert first["captions"] == ["站台"]
    assert (first["published_at"], first["published_precision"]) == (at, "minute")


def test_abstract_that_opens_every_part_stands_once() -> None:
    found = join(row(1, "导读：三个人守着一座站。\n一。", parts=2), row(2, "导读：三个人守着一座站。\n二。", parts=2))
    assert found["s1.html"]["text"] == "导读：三个人守着一座站。\n一。\n二。"


def test_pages_that_contradict_each_other_are_not_joined() -> None:
    other_outlet = join(row(1, parts=2, outlet="云麓周刊"), row(2, parts=2, outlet="临江晚报"))
    day = datetime(2019, 12, 8, tzinfo=CHINA)
    other_day = join(row(1, parts=2, published_at=day), row(2, parts=2, published_at=day + timedelta(days=1)))
    two_texts = join(row(1, parts=2), row(2, parts=2), row(2, "别的。", parts=2, source="x2.html", page_id="x2"))
    for found in (other_outlet, other_day, two_texts):
        assert all(r["reject"] is None and r["partial"] for r in found.values())


def test_part_that_was_read_twice_stands_once() -> None:
    found = join(
        row(1, parts=2), row(2, parts=2), row(1, parts=2, source="z/1.html"), row(2, parts=2, source="z/2.html")
    )
    assert [name for name, r in found.items() if r["reject"] is None] == ["s1.html"]
    assert not found["s1.html"]["partial"]


def dump(part: int, parts: int | None = 2, **other: Any) -> dict[str, Any]:
    """A PAGES row of a dump without an address, whose name says nothing."""
    at = datetime(2019, 12, 8, 10, 30, tzinfo=CHINA)
    published = {"published_at": at, "published_precision": "minute"}
    return row(part, parts=parts, **{"url": None, "source": f"pages/{'zaqx'[part]}.txt", **published, **other})


def test_dumps_that_their_title_and_time_and_numbers_bring_together_are_joined() -> None:
    found = join(dump(2, 3), dump(3, 3), dump(1, 3))
    assert [name for name, r in found.items() if r["reject"] is None] == ["pages/a.txt"]
    assert not found["pages/a.txt"]["partial"]


@pytest.mark.parametrize(
    "second",
    [
        {"published_at": None},
        {"published_at": datetime(2019, 12, 8, 9, 30, tzinfo=CHINA)},
        {"outlet": "临江晚报"},
        {"part": 3},
        {"part": 1},
        {"parts": 3},
        {"parts": None},
    ],
)
def test_dumps_that_may_be_of_two_articles_are_not_joined(second: dict[str, Any]) -> None:
    found = join(dump(1, outlet="云麓周刊"), dump(2, outlet="云麓周刊") | second)
    assert all(r["reject"] is None and r["partial"] for r in found.values())


def test_dumps_of_a_column_without_a_title_of_its_own_are_not_joined() -> None:
    found = join(dump(1, title="图片新闻"), dump(2, title="图片新闻"))
    assert all(r["reject"] is None for r in found.values())


def test_names_of_dumps_part_two_series_of_one_title() -> None:
    rows = [
        dump(n, source=f"pages/{name}{f'_{n}' if n > 1 else ''}.txt", text=f"{name}{n}")
        for name in "ab"
        for n in (1, 2)
    ]
    found = join(*rows)
    assert found["pages/a.txt"]["text"] == "a1\na2"
    assert found["pages/b.txt"]["text"] == "b1\nb2"


def test_first_page_that_says_nothing_of_others_is_joined_by_a_later_one_that_does() -> None:
    silent = row(None, "开头。", source="s.html", page_id="s0")
    found = join(silent, row(2, parts=2))
    assert found["s.html"]["text"] == "开头。\n第2页的开头。\n第2页的结尾。"
    assert (found["s.html"]["part"], found["s.html"]["partial"]) == (1, False)
    both = join(silent, row(1, parts=2), row(2, parts=2))
    assert both["s.html"]["text"] == "开头。", "there is a first part that says so"
    assert join(silent)["s.html"]["part"] is None


def test_pages_of_no_series_pass_unchanged() -> None:
    alone = row(None, "一。\n二。", key="a")
    reject = {"source": "bad.html", "series_key": "bad.html", "reject": "read:truncated"}
    before = pa.Table.from_pylist([alone, reject, row(1), row(2)], schema=PAGES)
    assert join_series(before).slice(0, 2).equals(before.slice(0, 2))
    assert join_series(before.slice(0, 2)).equals(before.slice(0, 2))
    assert join_series(before.slice(0, 0)).num_rows == 0


def test_length_is_that_of_the_whole_article() -> None:
    short = join(row(1, parts=2), row(2, parts=2), min_chars=32)
    assert short["s1.html"]["reject"] == "article:too-short"
    assert short["s1.html"]["text"] is None
    assert join(row(1, parts=2), row(2, parts=2), min_chars=31)["s1.html"]["reject"] is None


@given(st.sets(st.integers(1, 5)), st.randoms())
def test_every_paragraph_stands_once_whatever_the_order_of_rows(numbers: set[int], random: Any) -> None:
    rows = [row(n, parts=5) for n in sorted(numbers)]
    shuffled = list(rows)
    random.shuffle(shuffled)
    found = join(*shuffled)
    assert found == join(*rows)
    texts = [line for r in found.values() if r["text"] for line in r["text"].split("\n")]
    assert sorted(texts) == sorted(line for r in rows for line in r["text"].split("\n"))


def test_joined_page_names_what_was_kept_even_if_its_article_is_a_duplicate() -> None:
    pages = join_series(pa.Table.from_pylist([row(1, parts=2), row(2, parts=2)], schema=PAGES))
    joined = joined_pages(pages)
    assert joined.to_pylist() == [{"page_id": "s1", "source": "s1.html", "part_id": "s2", "part_source": "s2.html"}]
    cluster = {"cluster_id": "c", "cluster_size": 2, "kept_id": "other", "kept": False, "rule": "exact"}
    clusters = pa.Table.from_pylist([{"page_id": "s1", "source": "s1.html", **cluster}], schema=CLUSTERS)
    added = add_joined(clusters, joined).to_pylist()
    assert [(r["page_id"], r["kept"], r["kept_id"]) for r in added] == [("s1", False, "other"), ("s2", False, "other")]
    assert add_joined(clusters.slice(0, 0), joined).num_rows == 0


def release_of(pages: Path, zhnews: Zhnews) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    done = zhnews("build", pages, "-o", "out", "-j", 1, "-q", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    release = pages.parent / told["folder"]
    assert zhnews("verify", release).returncode == 0
    articles, dropped = (
        [r for path in sorted((release / config).glob("*.parquet")) for r in pq.read_table(path).to_pylist()]
        for config in ("articles", "dropped")
    )
    return told, articles, dropped


def test_two_seed_pages_are_published_as_one_article(tmp_path: Path, zhnews: Zhnews) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for name in ("yunlu-2019-12-08.html", "yunlu-2019-12-08_2.html"):
        (pages / name).write_bytes((SEEDS / name).read_bytes())
    told, (published,), (dropped,) = release_of(pages, zhnews)
    assert (told["pages"], told["joined"], told["rejected"], told["articles"]) == (2, 1, 0, 1)
    assert published["title"] == "一座车站与它的最后三个看守人"
    assert not published["partial"]
    assert published["editor"] == ["夏侯敏"]
    assert published["text"].index("2011年煤矿关井") < published["text"].index("卷闸门落下那天")
    assert published["text"].endswith("又走到白线后面去了。")
    assert (dropped["reason"], dropped["kept_id"]) == ("article:joined", published["article_id"])
    release = tmp_path / told["folder"]
    blocks = [row for path in (release / "blocks").glob("*.parquet") for row in pq.read_table(path).to_pylist()]
    assert {row["article_id"] for row in blocks} == {published["article_id"]}
    assert [row["index"] for row in blocks] == list(range(len(blocks)))
    assert list(dict.fromkeys(row["page_id"] for row in blocks)) == [published["page_id"], dropped["page_id"]]
    lines = {row["text"] for row in blocks if ROLES[row["role"]] in {"lede", "body", "subhead"}}
    assert set(published["text"].split("\n")) == lines
    of_second = [row["text"] for row in blocks if row["page_id"] == dropped["page_id"]]
    assert not any(ROLES[row["role"]] == "lede" for row in blocks if row["page_id"] == dropped["page_id"])
    for folder in (release, shutil.copytree(release, tmp_path / "alone")):  # with the work tables, and without
        (told_first,) = explain_page(folder, published["page_id"])
        (told_second,) = explain_page(folder, dropped["page_id"])
        assert [b["text"] for b in told_first["blocks"]] == [row["text"] for row in blocks]
        assert [b["text"] for b in told_second["blocks"]] == of_second


def test_review_shows_each_page_of_a_series_by_itself(tmp_path: Path, zhnews: Zhnews) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for name in ("yunlu-2019-12-08.html", "yunlu-2019-12-08_2.html"):
        (pages / name).write_bytes((SEEDS / name).read_bytes())
    told, (published,), (dropped,) = release_of(pages, zhnews)
    path = tmp_path / "review.sqlite"
    assert load_release(tmp_path / told["folder"], path, LoadSettings()) == 2
    store = Store(path)
    for page in (published, dropped):
        place = store.place("blocks", page["page_id"])
        assert place is not None
        content = store.content(place.version)
        (read,) = read_input(find_inputs([str(tmp_path / page["source"])], tmp_path)[0], ReadSettings())
        assert isinstance(read, Page)
        parsed = parse_page(read)
        assert [block["text"] for block in content["blocks"]] == [block.text for block in parsed.blocks]
        assert (content["source"], content["title"]) == (page["source"], published["title"])
        assert find_original(place.original) is not None
    store.close()


def test_parts_of_a_duplicate_name_the_article_that_was_kept(tmp_path: Path, zhnews: Zhnews) -> None:
    for folder in ("a", "b"):
        (tmp_path / "pages" / folder).mkdir(parents=True)
        for name in ("yunlu-2019-12-08.html", "yunlu-2019-12-08_2.html"):
            page = (SEEDS / name).read_text("utf-8").replace("云麓周刊", "云麓周刊" if folder == "a" else "临江晚报")
            (tmp_path / "pages" / folder / name).write_text(page, "utf-8")
    told, (published,), dropped = release_of(tmp_path / "pages", zhnews)
    assert told["dropped"] == {"article:joined": 2, "dedupe:exact": 1}
    assert {row["kept_id"] for row in dropped} == {published["article_id"]}


def test_part_alone_is_published_as_partial(tmp_path: Path, zhnews: Zhnews) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.html").write_bytes((SEEDS / "yunlu-2019-12-08_2.html").read_bytes())
    (pages / "b.html").write_text(article(0), "utf-8")
    told, published, _ = release_of(pages, zhnews)
    assert told["articles"] == 2
    assert sorted(r["partial"] for r in published) == [False, True]
