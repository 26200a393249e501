import pyarrow as pa

from builder.dedup.paragraphs import find_repeated
from tests.dedup.news import story

STATEMENT = "市长在会上说，新桥通车以后，两岸居民过江只要八分钟，沿线公交同步调整。"


def test_a_statement_quoted_in_two_stories_is_counted_once_a_story() -> None:
    texts = [
        f"{story(1)}\n{STATEMENT}",
        f"{STATEMENT}\n{story(2)}",
        f"{STATEMENT.replace('，', ',')}\n{story(2)}",
        story(3),
    ]
    found, per_text = find_repeated(pa.chunked_array([texts]), pa.chunked_array([["a", "b", "b", "c"]]))
    assert found.select(["text", "n_stories", "n_texts"]).to_pylist() == [
        {"text": STATEMENT, "n_stories": 2, "n_texts": 3}
    ]
    assert per_text.tolist() == [1, 1, 1, 0]


def test_paragraphs_of_copies_and_short_ones_are_no_repetitions() -> None:
    texts = [f"{story(1)}\n谢谢大家。", f"{story(1)}\n谢谢大家。", "谢谢大家。", "", None]
    found, per_text = find_repeated(pa.chunked_array([texts]), pa.chunked_array([["a", "a", "b", "c", "d"]]))
    assert found.num_rows == 0
    assert per_text.tolist() == [0, 0, 0, 0, 0]
