"""Other tools' files: what goes out comes back."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import BuilderError
from builder.label.gold import Correction
from builder.records import ROLES
from builder.review import exchange, imports
from builder.review.exchange import LabelledPage
from builder.review.gold import corrections_of, labelled_pages
from builder.review.store import Store
from builder.review.verdicts import fold
from tests.review.conftest import BRIDGE

FORMATS = {
    "label-studio": (exchange.to_label_studio, exchange.from_label_studio),
    "doccano": (exchange.to_doccano, exchange.from_doccano),
    "conll": (exchange.to_conll, exchange.from_conll),
}
Round = tuple[Callable[[list[LabelledPage]], str], Callable[[str], list[LabelledPage]]]

#: Lines of a page: never empty, no line break; rare characters, emoji and tabs among them.
lines = st.text(
    st.one_of(st.sampled_from("临江𠮷👨\u200d👩 ,\t#\u2028１"), st.characters(exclude_categories=["Cs", "Cc"])),
    min_size=1,
)
pages = st.lists(
    st.lists(st.tuples(lines, st.one_of(st.none(), st.sampled_from(ROLES))), min_size=1, max_size=6).map(
        lambda rows: LabelledPage("0123456789abcdef", tuple(t for t, _ in rows), tuple(r for _, r in rows))
    ),
    max_size=3,
)


@pytest.mark.parametrize("name", FORMATS)
@given(page=pages)
def test_a_round_trip_changes_nothing(name: str, page: list[LabelledPage]) -> None:
    write, read = FORMATS[name]
    assert read(write(page)) == page


def test_label_studio_counts_utf16_and_doccano_code_points() -> None:
    page = LabelledPage("p", ("𠮷野家", "开业"), (None, "title"))
    (task,) = json.loads(exchange.to_label_studio([page]))
    assert task["annotations"][0]["result"][0]["value"] == {"start": 5, "end": 7, "text": "开业", "labels": ["title"]}
    assert json.loads(exchange.to_doccano([page]))["label"] == [[4, 6, "title"]]


def test_a_span_that_was_drawn_by_hand_gives_its_role_to_the_line_it_covers_most() -> None:
    row = {"text": "临江新桥今日通车\n本报讯", "label": [[0, 6, "title"], [7, 12, "meta"]], "meta": {"page_id": "p"}}
    (page,) = exchange.from_doccano(json.dumps(row))
    assert page.roles == ("title", "meta")


@pytest.mark.parametrize(
    ("read", "source", "words"),
    [
        (exchange.from_label_studio, "{}", "list of tasks"),
        (exchange.from_label_studio, '[{"text": "x"}]', "task 1 lacks 'data'"),
        (exchange.from_doccano, "{", "line 1 is not JSON"),
        (exchange.from_doccano, '{"text": "x"}', "line 1 is no row"),
        (exchange.from_doccano, '{"text": "x", "label": [[0, 1, "headline"]], "page_id": "p"}', "'headline'"),
        (exchange.from_conll, "临\tO\n", "should name a page"),
        (exchange.from_conll, "# page_id = p\n临 O\n", "line 2 is not"),
    ],
)
def test_what_is_wrong_is_named(read: Callable[[str], object], source: str, words: str) -> None:
    with pytest.raises(BuilderError, match=words):
        read(source)


def bridge(*, lines: int = len(BRIDGE)) -> LabelledPage:
    roles = [role for _, role, _ in BRIDGE]
    roles[4] = "caption"
    return LabelledPage("bridge", tuple(text for text, _, _ in BRIDGE[:lines]), tuple(roles[:lines]))


def test_what_another_tool_says_is_what_one_annotator_says(store: Store) -> None:
    taken = imports.import_pages(store, [bridge()], "lin")
    assert (taken.events, taken.lost) == (len(BRIDGE) + 1, ())
    assert fold(store.events("blocks", "bridge", "lin")).done
    assert list(labelled_pages(store)) == [bridge()]


def test_importing_twice_changes_nothing(store: Store) -> None:
    imports.import_pages(store, [bridge()], "lin")
    assert imports.import_pages(store, [bridge()], "lin").events == 0


def test_a_page_that_is_not_there_or_has_other_lines_is_listed(store: Store) -> None:
    unknown = LabelledPage("unknown", ("一行",), ("body",))
    taken = imports.import_pages(store, [bridge(lines=3), unknown], "lin")
    assert taken.events == 0
    assert len(taken.lost) == 2


def test_a_gold_file_comes_back_as_rulings(store: Store) -> None:
    imports.import_pages(store, [bridge()], "lin")
    gold, _ = corrections_of(store, "1")
    imports.import_pages(store, [LabelledPage("bridge", bridge().lines, tuple(["nav"] * len(BRIDGE)))], "su")
    assert corrections_of(store, "1")[1] > 0
    gone = Correction("bridge", "0" * 16, 0, "body", "lin", "2024-05-01T09:00:00+00:00", text="没有这一行")
    taken = imports.import_corrections(store, [*gold, gone])
    assert (taken.events, len(taken.lost)) == (len(BRIDGE), 1)
    after, disputed = corrections_of(store, "1")
    assert disputed == 0
    assert {each.place: each.role for each in after} == {each.place: each.role for each in gold}


def test_a_dump_makes_the_same_store_again(store: Store, tmp_path: object) -> None:
    from pathlib import Path

    imports.import_pages(store, [bridge()], "lin")
    dumped = imports.dump_store(store)
    again = Store(Path(str(tmp_path)) / "again.sqlite", "linjiang")
    imports.restore(again, dumped)
    assert imports.dump_store(again) == dumped
    assert imports.restore(again, dumped).events == 0
    assert corrections_of(again, "1") == corrections_of(store, "1")
