"""Sentence mode and pair mode."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.review.boundaries import BoundaryError, Span, operate
from builder.review.gold import accepted
from builder.review.pairs import differences
from builder.review.store import Place, Store
from tests.review.conftest import Client, SignIn

TEXT = "5月1日，临江新桥通车。𠮷野家开业了！ 老人说：“好。”\n第二段只有一句。"
SPANS = [[0, 12], [12, 19], [20, 28], [29, 37]]


def fill_modes(store: Store) -> None:
    article = {"title": "临江新桥", "outlet": "临江晚报", "url": None, "source": "a", "text": TEXT, "spans": SPANS}
    pair = {"left_title": "桥通车", "right_title": "桥通车了", "rule": "near", "jaccard": 0.7, "containment": 0.8}
    pair |= {"left_text": "桥长一千米。\n造价三亿。", "right_text": "桥长两千米。\n造价三亿。<b>"}
    store.replace_queue(
        [
            (Place("sentences", 0, "bridge", "sentences-version", "", "random", 0), article),
            (Place("pair", 0, "a:b", "pair-version", "", "uncertain", 0), pair),
        ]
    )


def act(client: Client, path: str, number: int, kind: str, value: str = "") -> "object":
    text = client.get(path).text
    version, seen = re.search(r'"version": "([\w-]+)"', text), re.search(r'"seen": (\d+)', text)
    assert version
    assert seen
    body = {"version": version[1], "seen": int(seen[1]), "action": f"action-{number:03}", "blocks": []}
    response = client.post(path, kind=kind, value=value, **body)
    return response.json() if response.status_code == 200 else response.status_code


def shown(answer: "object") -> list[str]:
    assert isinstance(answer, dict)
    return re.findall(r'class="sentence" data-n="\d+">([^<]*)<', answer["html"])


def test_sentences_are_split_joined_and_moved(sign_in: SignIn, store: Store) -> None:
    fill_modes(store)
    lin = sign_in()
    assert lin.get("/sentences").headers["location"] == "/sentences/bridge"
    path = "/sentences/bridge"
    assert shown(act(lin, path, 1, "spans", "join 0 0"))[0] == "5月1日，临江新桥通车。𠮷野家开业了！"
    assert shown(act(lin, path, 2, "spans", "split 0 5"))[:2] == ["5月1日，", "临江新桥通车。𠮷野家开业了！"]
    assert shown(act(lin, path, 3, "spans", "move 1 1"))[1:3] == ["临江新桥通车。𠮷野家开业了！ 老", "人说：“好。”"]
    assert shown(act(lin, path, 4, "undo"))[1:3] == ["临江新桥通车。𠮷野家开业了！", "老人说：“好。”"]
    assert act(lin, path, 5, "accept") != 400
    (row,) = accepted(store, "sentences")
    assert row["spans"][:2] == [[0, 5], [5, 19]]
    (event,) = [e for _, e in store.events("sentences", "bridge", "lin") if e.action == "action-002"]
    assert json.loads(event.value)[0] == [0, 5], "the event holds the boundaries themselves"


def test_what_the_text_does_not_allow_changes_nothing(sign_in: SignIn, store: Store) -> None:
    fill_modes(store)
    lin = sign_in()
    before = shown(act(lin, "/sentences/bridge", 0, "undo"))
    for number, wrong in enumerate(("join 2 0", "split 0 0", "split 0 99", "move 3 1", "drop 0 0", "split 9 1")):
        assert shown(act(lin, "/sentences/bridge", number, "spans", wrong)) == before
    assert not [e for _, e in store.events("sentences", "bridge") if e.kind == "spans"]


texts = st.text(st.sampled_from("临江。！ 𠮷\n“"), min_size=1, max_size=40)
operations = st.lists(
    st.tuples(st.sampled_from(["split", "join", "move"]), st.integers(0, 6), st.integers(-8, 8)), max_size=12
)


@given(texts, operations)
def test_boundaries_always_hold_every_character_of_a_line(text: str, drawn: list[tuple[str, int, int]]) -> None:
    spans: list[Span] = [match.span() for match in re.finditer(r"\S(?:[^\n]*\S)?", text)]
    for name, number, by in drawn:
        try:
            spans = operate(text, spans, f"{name} {number} {by}")
        except BoundaryError:
            continue
        covered = "".join(text[start:end] for start, end in spans)
        assert "".join(covered.split()) == "".join(text.split())
        assert all(text[a:b].strip() == text[a:b] != "" and "\n" not in text[a:b] for a, b in spans)
        assert spans == sorted(spans)


def test_a_pair_shows_what_differs_and_takes_a_verdict(sign_in: SignIn, store: Store) -> None:
    fill_modes(store)
    lin = sign_in()
    assert lin.get("/pairs").headers["location"] == "/pairs/a%3Ab"
    text = lin.get("/pairs/a:b").text
    assert re.findall(r"<mark>([^<]*)</mark>", text) == ["一", "两", "&lt;b&gt;"]
    assert act(lin, "/pairs/a:b", 1, "accept") == 400, "there is no automatic verdict to accept"
    assert act(lin, "/pairs/a:b", 2, "verdict", "twin") == 400
    assert act(lin, "/pairs/a:b", 3, "verdict", "update")
    answer = act(lin, "/pairs/a:b", 4, "verdict", "same")
    assert isinstance(answer, dict)
    assert answer["verdict"] == "same"
    answer = act(lin, "/pairs/a:b", 5, "undo")
    assert isinstance(answer, dict)
    assert answer["verdict"] == "update"
    assert act(lin, "/pairs/a:b", 6, "accept") != 400
    assert [row["verdict"] for row in accepted(store, "pair")] == ["update"]
    assert "都做完了" in lin.get("/pairs").text


@given(st.text("临江一二\n", max_size=30), st.text("临江一二\n", max_size=30))
def test_differences_hold_both_texts(left: str, right: str) -> None:
    lefts, rights = differences(left, right)
    assert ("".join(p for _, p in lefts), "".join(p for _, p in rights)) == (left, right)
    assert "".join(p for same, p in lefts if same) == "".join(p for same, p in rights if same)


@pytest.mark.parametrize(
    ("mode", "words"), [("/me", "断句"), ("/sentences/bridge", "与下句合并"), ("/pairs/a:b", "同一篇")]
)
def test_every_view_has_its_words(sign_in: SignIn, store: Store, mode: str, words: str) -> None:
    fill_modes(store)
    assert words in sign_in().get(mode).text
