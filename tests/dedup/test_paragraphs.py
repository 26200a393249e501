import pyarrow as pa

from builder.dedup.paragraphs import articles_a_paragraph, count_articles, of_kept, paragraph_keys
from builder.schemas import CLUSTERS, PAGES, PARAGRAPHS, REPEATED
from tests.dedup.news import story

STATEMENT = "市长在会上说，新桥通车以后，两岸居民过江只要八分钟，沿线公交同步调整。"


def counts_of(texts: list[str | None], dropped: tuple[int, ...] = ()) -> list[list[int] | None]:
    """The column of pages with these texts, of which `dropped` are copies."""
    rows = [{"page_id": f"{n}", "source": f"{n}.html", "text": text} for n, text in enumerate(texts)]
    pages = pa.Table.from_pylist([{name: row.get(name) for name in PAGES.names} for row in rows], schema=PAGES)
    clusters = [{**row, "kept": n not in dropped, "split": "train"} for n, row in enumerate(rows)]
    found = of_kept(paragraph_keys(pages), pa.Table.from_pylist(clusters, schema=CLUSTERS))
    assert found.schema == PARAGRAPHS
    repeated = count_articles(found)
    assert repeated.schema == REPEATED
    return articles_a_paragraph(pages, repeated).to_pylist()


def test_a_statement_quoted_in_several_stories_is_counted_once_a_story() -> None:
    texts = [
        f"{story(1, sentences=4)}\n{STATEMENT}",
        f"{STATEMENT.replace('，', ',')}\n{story(2, sentences=2)}\n{STATEMENT}",
        story(3, sentences=2),
    ]
    assert counts_of(texts) == [[1, 1, 2], [2, 1, 2], [1]]


def test_copies_that_are_dropped_do_not_count() -> None:
    text = f"{story(1, sentences=2)}\n{STATEMENT}"
    assert counts_of([text, text, STATEMENT], dropped=(1,)) == [[1, 2], [1, 1], [2]]


def test_short_paragraphs_are_no_repetitions_and_no_text_has_no_counts() -> None:
    assert counts_of(["谢谢大家。", "谢谢大家。\n😀", "", None]) == [[1], [1, 1], [], None]
    assert counts_of([None]) == [None]
