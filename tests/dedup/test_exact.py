from datetime import datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from builder.dedup.exact import article_key, cluster_exact
from builder.schemas import TEXT_KEYS

CHINA = timezone(timedelta(hours=8))
STORY = "5月1日上午，临江新桥正式通车，两岸居民过江的时间从四十分钟缩短到八分钟，沿线公交同步调整线路。"


def row(page_id: str, text_key: str = "k", day: int | None = 1, n_chars: int = 100, source: str = "") -> dict[str, Any]:
    published = datetime(2024, 5, day, 8, tzinfo=CHINA) if day else None
    return {
        "page_id": page_id,
        "source": source or f"{page_id}.html",
        "text_key": text_key,
        "published_at": published,
        "n_chars": n_chars,
    }


def clusters(*rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
    table = pa.Table.from_pylist(sorted(rows, key=lambda r: str(r["text_key"])), schema=TEXT_KEYS)
    return {found["source"]: found for found in cluster_exact(table).to_pylist()}


def test_width_case_space_and_punctuation_do_not_tell_texts_apart() -> None:
    assert article_key("题", STORY, []) == article_key("另一题", STORY.replace("，", ",").replace("5月", "５月 "), [])


def test_one_digit_tells_texts_apart() -> None:
    assert article_key("题", STORY, []) != article_key("题", STORY.replace("5月1日", "5月2日"), [])


def test_a_text_too_short_for_a_story_is_compared_with_title_and_captions() -> None:
    assert article_key("春到云溪", "见图", ["桃花开了"]) != article_key("龙舟竞渡", "见图", ["鼓声阵阵"])
    assert article_key("春到云溪", "见图", ["桃花开了"]) == article_key("春到云溪", "见图。", ["桃花开了"])


def test_the_earliest_copy_is_kept() -> None:
    found = clusters(row("a", day=3), row("b", day=1), row("c", day=None))
    assert [found[f"{p}.html"]["kept"] for p in "abc"] == [False, True, False]
    assert {entry["kept_id"] for entry in found.values()} == {"b"}
    assert {entry["cluster_size"] for entry in found.values()} == {3}


def test_among_copies_of_one_time_the_fullest_then_the_smallest_id_is_kept() -> None:
    assert clusters(row("a"), row("b", n_chars=120))["b.html"]["kept"]
    assert clusters(row("b"), row("a"))["a.html"]["kept"]


def test_a_page_read_twice_is_kept_once() -> None:
    found = clusters(row("a", source="x.html"), row("a", source="y.html"))
    assert [found["x.html"]["kept"], found["y.html"]["kept"]] == [True, False]


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("kl"), st.integers(1, 3)), max_size=12, unique=True),
    st.randoms(),
)
def test_the_order_of_rows_does_not_matter(keys: list[tuple[str, str, int]], random: Any) -> None:
    rows = [row(f"{p}{k}{d}", k, d) for p, k, d in keys]
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert clusters(*rows) == clusters(*shuffled)
