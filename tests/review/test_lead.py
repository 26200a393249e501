"""What a lead sees, and how a dispute ends."""

import re

from builder.review.gold import corrections_of
from builder.review.measures import report
from builder.review.store import Store
from tests.review.conftest import BRIDGE, Client, SignIn
from tests.review.test_app import opened


def label(client: Client, item: str, **roles: str) -> None:
    """Give roles by line (`b4="caption"`), and accept the page."""
    for number, role in roles.items():
        action = {"action": f"role-of-{number}", "kind": "role", "value": role, "blocks": [int(number[1:])]}
        assert client.post(f"/page/{item}", **opened(client, item) | action).status_code == 200
    done = client.post(f"/page/{item}", **opened(client, item) | {"action": f"accept-{item}", "kind": "accept"})
    assert done.status_code == 200


def test_a_dispute_is_settled_by_an_adjudicator(sign_in: SignIn, store: Store) -> None:
    label(sign_in("lin"), "bridge", b4="caption", b8="credit")
    label(sign_in("su"), "bridge", b8="credit")
    assert corrections_of(store, "1")[1] == 1
    mei = sign_in("mei", "adjudicator")
    assert mei.get("/adjudicate").headers["location"] == "/adjudicate/bridge"
    page = mei.get("/adjudicate/bridge").text
    assert re.findall(r'id="b(\d+)"[^>]*>(?:(?!</li>).)*class="votes"', page, re.DOTALL) == ["4"]
    action = opened_for_ruling(mei) | {"action": "ruling-1", "kind": "role", "value": "caption", "blocks": [4]}
    assert mei.post("/adjudicate/bridge", **action).status_code == 200
    done = mei.post("/adjudicate/bridge", **opened_for_ruling(mei) | {"action": "ruling-2", "kind": "accept"})
    assert done.status_code == 200
    assert mei.get("/adjudicate").headers["location"] == "/lead"
    found, disputed = corrections_of(store, "1")
    assert disputed == 0
    by_text = {each.text: each for each in found}
    assert (by_text[BRIDGE[4][0]].role, by_text[BRIDGE[4][0]].annotator) == ("caption", "mei")
    assert (by_text[BRIDGE[8][0]].role, by_text[BRIDGE[8][0]].annotator) == ("credit", "lin+su")


def opened_for_ruling(client: Client) -> dict[str, object]:
    text = client.get("/adjudicate/bridge").text
    version, seen = re.search(r'"version": "(\w+)"', text), re.search(r'"seen": (\d+)', text)
    assert version
    assert seen
    return {"version": version[1], "seen": int(seen[1]), "value": "", "blocks": []}


def test_accepting_a_page_in_dispute_rules_on_what_is_shown(sign_in: SignIn, store: Store) -> None:
    label(sign_in("lin"), "bridge", b4="caption")
    label(sign_in("su"), "bridge")
    mei = sign_in("mei", "adjudicator")
    shown = re.findall(r'class="block role-(\w+)', mei.get("/adjudicate/bridge").text)[4]
    mei.post("/adjudicate/bridge", **opened_for_ruling(mei) | {"action": "ruling-1", "kind": "accept"})
    found, disputed = corrections_of(store, "1")
    assert disputed == 0
    assert {each.text: each.role for each in found}[BRIDGE[4][0]] == shown


def test_an_annotator_sees_neither_votes_nor_the_overview(sign_in: SignIn) -> None:
    label(sign_in("lin"), "bridge", b4="caption")
    su = sign_in("su")
    assert [su.get(path).status_code for path in ("/lead", "/adjudicate", "/adjudicate/bridge")] == [403] * 3
    assert su.post("/adjudicate/bridge").status_code == 403


def test_the_overview_says_who_agrees_and_where_the_labeller_errs(sign_in: SignIn, store: Store) -> None:
    label(sign_in("lin"), "bridge", b4="caption", b8="credit")
    label(sign_in("su"), "bridge", b4="caption", b8="credit")
    told = report(store)
    assert told["agreement"]["alpha"]["value"] == 1
    assert told["people"]["lin"] | {"seconds_a_page": 0} == {
        "pages": 1,
        "seconds_a_page": 0,
        "actions_a_page": 3,
        "with_decision": 1.0,
    }
    assert told["labeller"]["pages"] == 0, "no page was drawn at random"
    text = sign_in("mei", "adjudicator").get("/lead").text
    assert "一致性" in text
    assert "lin" in text


def test_an_adjudicated_page_is_planted_among_others(sign_in: SignIn, store: Store) -> None:
    from builder.review import assignment

    label(sign_in("lin"), "harbour", b0="subtitle")
    label(sign_in("su"), "harbour")
    mei = sign_in("mei", "adjudicator")
    mei.get("/adjudicate/harbour")
    mei.post("/adjudicate/harbour", **opened_ruling(mei) | {"action": "ruling-1", "kind": "accept"})
    every = assignment.PLANTED_EVERY
    try:
        assignment.PLANTED_EVERY = 1
        assert sign_in("he").get("/").headers["location"] == "/page/harbour", "though two have done it"
    finally:
        assignment.PLANTED_EVERY = every


def opened_ruling(client: Client) -> dict[str, object]:
    text = client.get("/adjudicate/harbour").text
    version = re.search(r'"version": "(\w+)"', text)
    assert version
    return {"version": version[1], "seen": 0, "value": "", "blocks": []}
