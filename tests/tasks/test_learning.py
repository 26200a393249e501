"""headline, summarization, classification: which articles are in, and what their rows hold."""

from hashlib import sha256
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import __version__
from builder.publish import features
from builder.publish.configs import PROVENANCE
from builder.records import ROLES
from builder.tasks.articles import articles
from builder.tasks.extractive import fragments, matches, measure
from builder.tasks.learning import NEEDS, TASKS
from builder.tasks.summarization import Summary, find_summary
from tests.publish.conftest import article_row
from tests.tasks.test_configs import table_of

HEADLINE, SUMMARIZATION, CLASSIFICATION = TASKS
BODY = "据介绍，大桥历时三年建成，高峰时有六百多名工人同时施工，所用构件全部在本地预制。"


def published(**changes: Any) -> pa.Table:
    """One row of the config `articles`; `lines` are (role, text) of its text."""
    lines = changes.pop("lines", None)
    if lines is not None:
        spans, at = [], 0
        for role, text in lines:
            spans.append({"role": role, "start": at, "end": at + len(text)})
            at += len(text) + 1
        changes |= {"text": "\n".join(text for _, text in lines), "paragraphs": spans}
    return articles(table_of(article_row(1, **changes)), "other", {})


def summary_of(*lines: tuple[str, str], dateline: str | None = None) -> tuple[str, str] | str:
    """Kind and wording of the summary of a text, or the reason why it has none."""
    spans, at = [], 0
    for role, text in lines:
        spans.append({"role": ROLES.index(role), "start": at, "end": at + len(text)})
        at += len(text) + 1
    text = "\n".join(text for _, text in lines)
    found = find_summary(text, spans, dateline)
    return (found.kind, text[found.start : found.end]) if isinstance(found, Summary) else found


def test_a_headline_row_holds_the_text_and_its_title() -> None:
    row = article_row(1)
    (made,) = HEADLINE.make(published()).to_pylist()
    of_page = {column.name for column in PROVENANCE} - {"licence", "text_sha256", "pipeline_version"}
    assert made == {name: row[name] for name in ("article_id", "text", "title", *of_page)} | {
        "n_chars": len(row["text"]),
        "title_in_text": False,
        "licence": "other",
        "text_sha256": sha256(row["text"].encode()).hexdigest(),
        "pipeline_version": __version__,
    }


def test_rows_of_every_task_say_where_their_article_is_from() -> None:
    table = published(category="民生", category_origin="head")
    for task in TASKS:
        (made,) = task.make(table).to_pylist()
        (article,) = table.to_pylist()
        assert {c.name: made[c.name] for c in PROVENANCE} == {c.name: article[c.name] for c in PROVENANCE}


def test_the_title_does_not_stand_in_the_text_as_a_line_or_in_brackets_before_one() -> None:
    lines = [("body", "新桥通车！"), ("lede", "【新桥通车】临江晚报讯，新桥通车了。"), ("body", BODY)]
    (made,) = HEADLINE.make(published(title="新桥通车", lines=lines)).to_pylist()
    assert made["text"] == f"临江晚报讯，新桥通车了。\n{BODY}"
    assert made["title_in_text"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": ""}, "no-title"),
        ({"title": "……"}, "no-title"),
        ({"partial": True}, "partial"),
        ({"title": "图集", "lines": [("body", "图集")]}, "no-text"),
        ({"title": "临江新桥", "lines": [("body", "见图")]}, "text-not-longer-than-title"),
    ],
)
def test_what_is_no_pair_of_text_and_title_is_left_out_with_its_reason(changes: dict[str, Any], reason: str) -> None:
    assert HEADLINE.find(published(**changes)) == [reason]
    assert HEADLINE.make(published(**changes)).num_rows == 0


@pytest.mark.parametrize(
    ("opening", "dateline", "want"),
    [
        ("新桥昨日通车。", None, "新桥昨日通车。"),
        ("临江日报3月1日电（记者 沈若川）新桥昨日通车。", "临江日报3月1日电", "新桥昨日通车。"),
        ("中央台消息：新桥昨日通车。", "中央台消息", "新桥昨日通车。"),
        ("〔記者沈語彤／枕潮報導〕新橋昨日通車。", None, "新橋昨日通車。"),
        ("【本報訊】新橋昨日通車。", None, "新橋昨日通車。"),
        ("（图）新桥昨日通车。", None, "（图）新桥昨日通车。"),
    ],
)
def test_the_lede_is_the_summary_without_what_opens_it(opening: str, dateline: str | None, want: str) -> None:
    assert summary_of(("lede", opening), ("body", BODY), dateline=dateline) == ("lede", want)


@pytest.mark.parametrize(
    "stated",
    [
        "核心提示：新桥通车。",
        "【核心提示】新桥通车。",
        "[摘要]新桥通车。",
        "【导读：新桥通车。】",
        "摘要 新桥通车。",
    ],
)
def test_a_summary_that_the_page_states_goes_before_the_lede(stated: str) -> None:
    lines = [("lede", stated), ("lede", "本报讯 昨日上午，第一辆班车驶过新桥。"), ("body", BODY)]
    assert summary_of(*lines) == ("stated", "新桥通车。")


def test_a_mark_on_a_line_of_its_own_names_the_next_paragraph_and_is_not_in_the_document() -> None:
    lines = [("lede", "核心提示"), ("lede", "新桥通车。"), ("body", BODY)]
    assert summary_of(*lines) == ("stated", "新桥通车。")
    (made,) = SUMMARIZATION.make(published(lines=lines, dateline=None)).to_pylist()
    assert made["document"] == BODY


def test_a_sentence_that_begins_with_the_word_states_no_summary() -> None:
    assert summary_of(("lede", "摘要显示，新桥已通车。"), ("body", BODY)) == ("lede", "摘要显示，新桥已通车。")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([("body", BODY)], "no-lede"),
        ([("lede", "编者按：新桥通车，本报推出系列报道。"), ("body", BODY)], "editors-note"),
        ([("lede", "新桥通车。")], "no-document"),
        ([("lede", BODY), ("body", "新桥通车。")], "document-not-longer-than-summary"),
        ([("lede", "桥" * 1001), ("body", "路" * 2000)], "summary-too-long"),
    ],
)
def test_articles_without_a_summary_say_why(lines: list[tuple[str, str]], reason: str) -> None:
    assert summary_of(*lines) == reason


STATED = "等了二十年的新桥昨日通车，两岸居民过江只需三分钟。"
LINES = [
    ("lede", "本报讯 昨日上午，第一辆班车驶过江面。"),
    ("body", f"{BODY}居民等了二十年，新桥通车后过江只需三分钟。"),
]


@pytest.mark.parametrize(
    "description",
    [
        STATED,
        f"临江新桥 ---{STATED}",
        f"[{STATED.rstrip('。')}]",
        f"【{STATED}】",
        "新桥通车后，两岸居民过江只需三分钟，建成历时三年！",
    ],
)
def test_a_summary_in_the_head_goes_before_the_lede_and_leaves_the_whole_text(description: str) -> None:
    table = published(title="临江新桥", lines=LINES, dateline=None, description=description)
    (made,) = SUMMARIZATION.make(table).to_pylist()
    assert (made["kind"], made["summary_origin"]) == ("stated", "head")
    assert made["summary"] == description[made["start"] : made["end"]]
    assert made["summary"].rstrip("。") in description.rstrip("】]")
    assert made["document"] == table["text"][0].as_py()


@pytest.mark.parametrize(
    "description",
    [
        None,
        "",
        "临江新桥",
        "临江新桥,通车,二十年,过江,三分钟,居民,班车,公交",
        STATED.rstrip("。"),
        f"{STATED[:20]}…",
        f"{STATED[:20]}...",
        "昨日上午，第一辆班车驶过江面。据介绍，大桥历时三年建成。",
        f"本报讯 昨日上午，第一辆班车驶过江面。{BODY}",
        "临江网是本市权威的综合门户，提供政务、服务、互动等栏目，欢迎访问。",
        STATED * 9,
    ],
)
def test_a_headline_key_words_a_cut_sentence_the_opening_and_the_site_are_no_summary(description: str | None) -> None:
    table = published(title="临江新桥", lines=LINES, dateline=None, description=description)
    (made,) = SUMMARIZATION.make(table).to_pylist()
    assert (made["kind"], made["summary_origin"]) == ("lede", "text")


def test_what_the_text_states_goes_before_the_head_and_the_head_serves_where_there_is_no_lede() -> None:
    stated = [("lede", "核心提示：新桥通车。"), *LINES]
    (made,) = SUMMARIZATION.make(published(lines=stated, dateline=None, description=STATED)).to_pylist()
    assert (made["summary"], made["summary_origin"]) == ("新桥通车。", "text")
    (made,) = SUMMARIZATION.make(published(lines=LINES[1:], dateline=None, description=STATED)).to_pylist()
    assert (made["summary"], made["summary_origin"]) == (STATED, "head")


def test_a_summary_in_the_head_that_an_editor_took_from_the_text_is_flagged() -> None:
    lines = [*LINES, ("body", "“等了二十年，今天终于走上来了。”村民老唐说。"), ("body", f"老唐说，{STATED}")]
    (made,) = SUMMARIZATION.make(published(lines=lines, dateline=None, description=STATED)).to_pylist()
    assert (made["summary_origin"], made["summary_in_document"]) == ("head", True)


def test_an_editors_note_stays_in_the_document() -> None:
    lines = [("lede", "编者按：本报推出系列报道。"), ("lede", "新桥通车。"), ("body", BODY)]
    (made,) = SUMMARIZATION.make(published(lines=lines, dateline=None)).to_pylist()
    assert (made["summary"], made["document"]) == ("新桥通车。", f"编者按：本报推出系列报道。\n{BODY}")


def test_a_summary_is_a_span_of_the_article_and_measured_against_the_rest() -> None:
    table = published()
    (made,) = SUMMARIZATION.make(table).to_pylist()
    assert table["text"][0].as_py()[made["start"] : made["end"]] == made["summary"]
    assert made["summary"] not in made["document"]
    assert made["compression"] > 1
    assert not made["summary_in_document"]


def test_a_summary_that_the_document_repeats_is_flagged() -> None:
    lines = [("lede", "核心提示：新桥通车。"), ("body", f"昨日，新桥通车！{BODY}")]
    (made,) = SUMMARIZATION.make(published(lines=lines, dateline=None)).to_pylist()
    assert made["summary_in_document"]
    assert made["novelty_2"] == pytest.approx(1 / 4)  # 车。 alone


def test_measures_are_those_of_the_paper_over_characters() -> None:
    # Fragments of 新桥今日通车: 新桥 and 通车, two of six characters are new.
    measured = measure("临江 新桥\n正式通车", "新桥今日通车")
    assert measured["coverage"] == pytest.approx(4 / 6)
    assert measured["density"] == pytest.approx(8 / 6)
    assert measured["compression"] == pytest.approx(8 / 6)
    assert measured["novelty_1"] == pytest.approx(2 / 6)
    assert measured["novelty_2"] == pytest.approx(3 / 5)
    assert measure("新桥通车", "桥")["novelty_2"] is None


@given(st.text("桥路车新", min_size=1, max_size=30), st.text("桥路车新通", min_size=1, max_size=12))
def test_fragments_are_the_greedy_longest_matches(document: str, summary: str) -> None:
    """Against the definition: at each place the longest run that begins there and stands anywhere in the document."""
    want, at = [], 0
    while at < len(summary):
        longest = max(n for n in range(len(summary) - at + 1) if summary[at : at + n] in document)
        want += [longest] if longest else []
        at += max(longest, 1)
    assert fragments(matches(document, summary)) == want


def test_a_channel_is_taken_over_with_its_origin() -> None:
    (made,) = CLASSIFICATION.make(published(category="民生", category_origin="breadcrumb")).to_pylist()
    assert (made["category"], made["category_origin"], made["outlet"]) == ("民生", "breadcrumb", "海坛日报")
    assert CLASSIFICATION.find(published(category=None)) == ["no-category"]
    assert CLASSIFICATION.find(published(category="民生", lines=[])) == ["no-text"]


def test_no_rows_give_no_rows() -> None:
    none = articles(table_of(), "other", {})
    assert [task.make(none).num_rows for task in TASKS] == [0, 0, 0]


def test_the_tasks_need_only_the_columns_that_they_name() -> None:
    table = published(category="民生", category_origin="head")
    for task in TASKS:
        assert task.make(table.select(NEEDS)) == task.make(table)
        assert task.config in features.CONFIGS
