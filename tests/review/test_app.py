"""What the server answers, and what it refuses."""

import re

import pytest

from builder.review.guard import MAX_BODY
from builder.review.store import Store
from tests.review.conftest import BRIDGE, Client, SignIn, fill, page_content


def opened(client: Client, item: str = "bridge") -> dict[str, object]:
    """Open a page and return what an action on it must repeat."""
    text = client.get(f"/page/{item}").text
    version = re.search(r'"version": "(\w+)"', text)
    seen = re.search(r'"seen": (\d+)', text)
    assert version
    assert seen
    return {"version": version[1], "seen": int(seen[1]), "value": "", "blocks": []}


def roles_given(store: Store, who: str, item: str = "bridge") -> list[tuple[str, int, str]]:
    return [(e.block, e.occurrence, e.value) for _, e in store.events("blocks", item, who) if e.kind == "role"]


def test_a_link_lets_one_person_in_once(store: Store, nobody: Client, sign_in: SignIn) -> None:
    sign_in("lin")
    again = nobody.request("POST", "/enter", data={"token": "token-of-lin"})
    assert again.status_code == 403
    assert "已经用过" in again.text
    assert nobody.get("/").status_code == 401


def test_fetching_a_link_does_not_use_it_up(nobody: Client, store: Store) -> None:
    from builder.review.sessions import token_digest

    store.set_token("lin", token_digest("secret"), "annotator")
    assert nobody.get("/enter?token=secret").status_code == 200
    assert nobody.request("POST", "/enter", data={"token": "secret"}).status_code == 303


def test_the_first_page_is_the_next_in_the_queue(sign_in: SignIn) -> None:
    assert sign_in().get("/").headers["location"] == "/page/bridge"


def test_every_line_stands_on_the_page_with_its_role(sign_in: SignIn) -> None:
    text = sign_in().get("/page/bridge").text
    assert [text.count(line) >= 1 for line, _, _ in BRIDGE] == [True] * len(BRIDGE)
    assert re.findall(r'class="block role-(\w+)', text) == [role for _, role, _ in BRIDGE]


def test_a_role_is_stored_under_the_content_of_its_block(sign_in: SignIn, store: Store) -> None:
    lin = sign_in()
    page = opened(lin)
    answer = lin.post(
        "/page/bridge", **page | {"action": "action-1", "kind": "role", "value": "related", "blocks": [7]}
    )
    assert answer.status_code == 200
    digest = page_content("bridge", BRIDGE)["blocks"][7]["digest"]
    assert roles_given(store, "lin") == [(digest, 1, "related")], "the second of two equal lines"


def test_the_same_action_sent_again_changes_nothing(sign_in: SignIn, store: Store) -> None:
    lin = sign_in()
    action = opened(lin) | {"action": "action-1", "kind": "role", "value": "caption", "blocks": [4]}
    first, second = lin.post("/page/bridge", **action), lin.post("/page/bridge", **action)
    assert first.json() == second.json()
    assert len(roles_given(store, "lin")) == 1


def test_undo_takes_back_the_last_action_and_then_the_one_before(sign_in: SignIn) -> None:
    lin = sign_in()
    page = opened(lin)
    for number, role in enumerate(("caption", "credit")):
        action = page | {"action": f"action-{number}", "kind": "role", "value": role, "blocks": [4, 5]}
        page["seen"] = lin.post("/page/bridge", **action).json()["seen"]
    shown = []
    for number in range(3):
        answer = lin.post("/page/bridge", **page | {"action": f"undo-{number:04}", "kind": "undo"}).json()
        page["seen"] = answer["seen"]
        shown.append(answer["roles"] and answer["roles"][4:6])
    assert shown == [["caption", "caption"], ["body", "body"], None]


def test_a_second_tab_gets_409_and_a_reason(sign_in: SignIn, store: Store) -> None:
    lin = sign_in()
    one = two = opened(lin)
    assert lin.post("/page/bridge", **one | {"action": "action-1", "kind": "role", "value": "caption", "blocks": [4]})
    late = lin.post("/page/bridge", **two | {"action": "action-2", "kind": "role", "value": "credit", "blocks": [8]})
    assert late.status_code == 409
    assert "另一个窗口" in late.text
    assert len(roles_given(store, "lin")) == 1


def test_a_page_that_was_parsed_again_gets_409_and_says_how_much_changed(sign_in: SignIn, store: Store) -> None:
    lin = sign_in()
    before = opened(lin)
    fill(store, page_content("bridge", [*BRIDGE[:-1], ("版权所有 临江晚报社", "notice", 0.9)]))
    late = lin.post("/page/bridge", **before | {"action": "action-1", "kind": "role", "value": "nav", "blocks": [9]})
    assert late.status_code == 409
    assert "10 行中有 1 行变了" in late.text


def test_an_accepted_page_does_not_come_again(sign_in: SignIn) -> None:
    lin = sign_in()
    assert lin.post("/page/bridge", **opened(lin) | {"action": "action-1", "kind": "accept"}).status_code == 200
    assert lin.get("/").headers["location"] == "/page/harbour"
    assert (
        lin.post("/page/harbour", **opened(lin, "harbour") | {"action": "action-2", "kind": "skip"}).status_code == 200
    )
    done = lin.get("/")
    assert "都做完了" in done.text
    assert "/page/harbour" in done.text, "what was skipped is offered again"


def test_a_page_comes_to_as_many_people_as_the_overlap_says(sign_in: SignIn) -> None:
    for name in ("lin", "su"):
        client = sign_in(name)
        assert client.get("/").headers["location"] == "/page/bridge"
        client.post("/page/bridge", **opened(client) | {"action": f"done-by-{name}", "kind": "accept"})
    assert sign_in("mei").get("/").headers["location"] == "/page/harbour"


def test_nobody_sees_what_others_decided(sign_in: SignIn) -> None:
    lin, su = sign_in("lin"), sign_in("su")
    lin.post("/page/bridge", **opened(lin) | {"action": "action-1", "kind": "role", "value": "caption", "blocks": [4]})
    lin.post("/page/bridge", **opened(lin) | {"action": "action-2", "kind": "comment", "value": "第五行像图注"})
    text = su.get("/page/bridge").text
    assert "第五行像图注" not in text
    assert re.findall(r'class="block role-(\w+)', text)[4] == "body"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "role", "value": "headline", "blocks": [1]},
        {"kind": "role", "value": "title", "blocks": [99]},
        {"kind": "role", "value": "title", "blocks": [-1]},
        {"kind": "role", "value": "title", "blocks": []},
        {"kind": "role", "value": "title", "blocks": ["1"]},
        {"kind": "accept", "value": "yes"},
        {"kind": "drop", "value": ""},
        {"kind": "comment", "value": "长" * 4001},
        {"kind": "accept", "action": "x"},
        {"kind": "accept", "surprise": 1},
    ],
)
def test_an_action_of_the_wrong_form_is_refused(sign_in: SignIn, store: Store, wrong: dict[str, object]) -> None:
    lin = sign_in()
    answer = lin.post("/page/bridge", **opened(lin) | {"action": "action-1"} | wrong)
    assert answer.status_code == 400
    assert not [e for _, e in store.events("blocks", "bridge", "lin") if e.kind != "open"]


def test_a_request_without_our_token_is_refused(sign_in: SignIn) -> None:
    lin = sign_in()
    page = opened(lin)
    lin.csrf = "0" * 64
    assert lin.post("/page/bridge", **page | {"action": "action-1", "kind": "accept"}).status_code == 403


def test_another_host_name_is_refused(store: Store, nobody: Client) -> None:
    assert nobody.get("/", headers={"host": "evil.example"}).status_code == 421
    assert nobody.get("/", headers={"host": "localhost:8765"}).status_code == 401


def test_a_large_request_is_refused(sign_in: SignIn) -> None:
    lin = sign_in()
    opened(lin)
    assert lin.post("/page/bridge", kind="comment", value="长" * MAX_BODY).status_code == 413


def test_a_forged_cookie_is_nobody(sign_in: SignIn) -> None:
    lin = sign_in()
    name, made_at, signature = lin.cookies["zhnews-review"].split(".")
    for cookie in (f"{name}.{made_at}.{signature[::-1]}", f"{name}.9{made_at}.{signature}", "x", "..", "长.1.2"):
        assert lin.get("/page/bridge", headers={"cookie": f"zhnews-review={cookie}".encode()}).status_code == 401


@pytest.mark.parametrize(
    "path", ["/static/../store.py", "/static/..%2fstore.py", "/static/app.py", "/page/..%2f..%2fetc"]
)
def test_no_path_of_a_request_reaches_the_disk(sign_in: SignIn, path: str) -> None:
    assert sign_in().get(path).status_code == 404


def test_every_answer_disarms_hostile_pages(sign_in: SignIn) -> None:
    policy = sign_in().get("/page/bridge").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "<style>body{display:none}</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "\u202e文字倒转\u202c",
)


def test_a_hostile_page_is_text_and_nothing_else(sign_in: SignIn, store: Store) -> None:
    page = page_content("bridge", [(line, "body", 0.5) for line in HOSTILE])
    page |= {"title": HOSTILE[1], "outlet": HOSTILE[2], "url": HOSTILE[7], "source": HOSTILE[0]}
    fill(store, page)
    text = sign_in().get("/page/bridge").text
    assert re.findall(r"<script[^>]*>", text) == [
        '<script src="/static/review.js" defer>',
        '<script type="application/json" id="config">',
    ]
    assert not re.search(r"<(?:svg|img|style)", text)
    assert 'href="javascript:' not in text
    assert "&amp;lt;script&amp;gt;" in text
    assert "{{ 7 * 7 }}" in text


@pytest.mark.parametrize(("accepted", "words"), [("zh-CN", "确认，下一页"), ("en-GB,en", "Accept, next")])
def test_the_interface_speaks_the_language_of_the_browser(sign_in: SignIn, accepted: str, words: str) -> None:
    assert words in sign_in().get("/page/bridge", headers={"accept-language": accepted}).text


def test_a_language_that_was_chosen_stays(sign_in: SignIn) -> None:
    lin = sign_in()
    assert lin.get("/language/en?back=//evil.example").headers["location"] == "/"
    assert lin.get("/language/en?back=/page/bridge").headers["location"] == "/page/bridge"
    assert "Accept, next" in lin.get("/page/bridge").text
