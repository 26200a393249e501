from dataclasses import replace

import pyarrow as pa
import pytest

from builder.errors import SchemaError
from builder.publish import features
from builder.records import LABEL_OF, LABELS, ROLES
from builder.schemas import ARTICLES
from builder.sentences import SentenceSettings
from builder.tasks.articles import articles
from builder.tasks.blocks import blocks
from builder.tasks.dropped import dropped
from builder.tasks.sentences import sentences
from builder.tasks.tokens import keywords_of, tokens
from builder.words import JIEBAS_OWN, WordSettings
from tests.publish.conftest import Row, article_row, make_rows


def table_of(*rows: Row) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=ARTICLES)


def test_an_article_keeps_its_fields_and_gets_its_length_licence_and_hash() -> None:
    row = article_row(3)
    published = articles(table_of(row), "cc0-1.0", {}).to_pylist()[0]
    for name in ("title", "byline", "text", "lede", "body", "footer", "captions", "published_at", "cluster_id"):
        assert published[name] == row[name]
    assert published["n_chars"] == len(row["text"])
    assert published["licence"] == "cc0-1.0"
    assert len(published["text_sha256"]) == 64


def test_paragraphs_carry_class_labels_and_span_the_text() -> None:
    row = article_row(3)
    published = articles(table_of(row), "other", {}).to_pylist()[0]
    assert [ROLES[p["role"]] for p in published["paragraphs"]] == ["lede", "subhead", "body"]
    assert [row["text"][p["start"] : p["end"]] for p in published["paragraphs"]] == row["text"].split("\n")


def test_a_dateline_keeps_its_wording_and_a_missing_one_stays_missing() -> None:
    published = articles(table_of(article_row(1), article_row(2, dateline=None)), "other", {}).to_pylist()
    assert published[0]["dateline"] == {
        "agency": "海坛日报",
        "place": None,
        "date": "3月2日",
        "raw": "海坛日报3月2日电（记者 沈若川）",
    }
    assert published[1]["dateline"] is None


def test_rows_keep_their_lists_when_the_table_is_a_slice() -> None:
    table = table_of(*(article_row(i) for i in range(6)))
    whole = articles(table, "other", {}).to_pylist()
    assert articles(table.slice(2, 3), "other", {}).to_pylist() == whole[2:5]
    assert blocks(table.slice(2, 3)).to_pylist() == blocks(table).to_pylist()[16:40]


def test_blocks_are_numbered_and_labelled_in_the_order_of_the_page() -> None:
    row = article_row(4)
    found = blocks(table_of(row, article_row(5, blocks=[]), article_row(6))).to_pylist()
    assert [b["index"] for b in found] == [*range(8), *range(8)]
    assert [b["text"] for b in found[:8]] == [b["text"] for b in row["blocks"]]
    assert [ROLES[b["role"]] for b in found[:8]] == [b["role"] for b in row["blocks"]]
    assert all(LABELS[b["label"]] == LABEL_OF[ROLES[b["role"]]] for b in found)
    assert found[7]["dup_of"] == 1


def test_a_role_that_is_no_class_stops_the_build() -> None:
    row = article_row(1)
    row["blocks"][0]["role"] = "advert"
    with pytest.raises(SchemaError, match=r"column 'role' holds \['advert'\]; its classes are title, subtitle"):
        blocks(table_of(row))


def test_sentences_are_spans_of_the_text_with_paragraph_and_role() -> None:
    row = article_row(1)
    found = sentences(table_of(row), SentenceSettings()).to_pylist()
    assert all(s["text"] == row["text"][s["start"] : s["end"]] for s in found)
    assert [s["index"] for s in found] == list(range(len(found)))
    lines = row["text"].split("\n")
    assert all(s["text"] in lines[s["paragraph"]] for s in found)
    assert [ROLES[s["role"]] for s in found if s["text"] == "一座桥，两个村"] == ["subhead"]
    assert "".join("".join(s["text"] for s in found).split()) == "".join(row["text"].split())


def test_sentence_settings_reach_the_splitter() -> None:
    kept = sentences(table_of(article_row(1)), replace(SentenceSettings(), quotes="keep"))
    assert any(text.startswith("“等了二十年。今天终于走上来了。”") for text in kept["text"].to_pylist())


def test_a_sentence_of_quoted_speech_says_so() -> None:
    text = "他说：“桥通了。路也通了。”大家鼓掌。\n“明天再来。”"
    row = article_row(
        1, text=text, paragraphs=[{"role": "body", "start": 0, "end": 19}, {"role": "body", "start": 20, "end": 27}]
    )
    found = sentences(table_of(row), SentenceSettings()).to_pylist()
    assert [s["text"] for s in found if s["in_quote"]] == ["路也通了。”", "“明天再来。”"]


def test_tokens_stand_row_for_row_with_the_sentences_and_join_to_them() -> None:
    cut = sentences(table_of(article_row(1), article_row(2)), SentenceSettings())
    found = tokens(cut, WordSettings(), JIEBAS_OWN).to_pylist()
    assert [(t["article_id"], t["index"], "".join(t["tokens"])) for t in found] == [
        (s["article_id"], s["index"], s["text"]) for s in cut.to_pylist()
    ]
    assert {t["jieba_posseg"] for t in found} == {None}


def test_tags_come_when_asked_for() -> None:
    cut = sentences(table_of(article_row(1)), SentenceSettings())
    found = tokens(cut, WordSettings(pos=True), JIEBAS_OWN).to_pylist()
    assert all("".join(pair["word"] for pair in t["jieba_posseg"]) == "".join(t["tokens"]) for t in found)


def test_keywords_are_those_of_the_whole_article() -> None:
    cut = sentences(table_of(article_row(1), article_row(2)), SentenceSettings())
    settings = WordSettings(keywords=3)
    found = keywords_of(tokens(cut, settings, JIEBAS_OWN), settings, JIEBAS_OWN)
    assert set(found) == {article_row(1)["article_id"], article_row(2)["article_id"]}
    published = articles(table_of(article_row(1)), "other", found).to_pylist()[0]
    assert len(published["keywords"]) == 3
    assert all(word in published["text"] for word in published["keywords"])


def test_dropped_pages_carry_reasons_and_no_text() -> None:
    rows = make_rows(2)[2:]
    found = dropped(table_of(*rows))
    assert found.column_names == features.DROPPED.schema.names
    assert found["reason"].to_pylist() == ["dedupe:exact", "parse:no-text", "read:truncated"]
    assert "通车" not in str(found.to_pylist())


def test_no_rows_give_no_rows() -> None:
    none = table_of()
    assert articles(none, "other", {}).num_rows == 0
    assert blocks(none).num_rows == 0
    assert sentences(none, SentenceSettings()).num_rows == 0
    assert dropped(none).num_rows == 0
