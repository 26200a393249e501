"""The review page in a real Chromium, worked by keys as an annotator works it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from builder.review.store import Store
from builder.review.verdicts import fold
from tests.review.browser import CHROMIUM, Server, chromium, enter, roles_shown, saved
from tests.review.conftest import BRIDGE, fill, page_content

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: apt-get install chromium")

AUTOMATIC = [role for _, role, _ in BRIDGE]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def server(store: Store, tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "linjiang.review.sqlite")
    yield started
    started.stop()


def verdicts(store: Store, who: str = "lin", item: str = "bridge") -> dict[str, str]:
    """Roles given by hand, by the text of the line."""
    blocks = page_content("bridge", BRIDGE)["blocks"]
    roles = fold(store.events("blocks", item, who)).roles
    return {block["text"]: roles[key] for block in blocks if (key := (block["digest"], block["occurrence"])) in roles}


def test_one_key_labels_a_line_and_enter_opens_the_next_page(browser: Browser, server: Server, store: Store) -> None:
    page = enter(browser, server)
    assert page.locator(".here").get_attribute("data-number") == "4", "the first doubtful line"
    page.keyboard.press("7")
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.keyboard.press("8")
    saved(page)
    assert verdicts(store) == {BRIDGE[4][0]: "caption", BRIDGE[8][0]: "credit"}
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/harbour")
    assert fold(store.events("blocks", "bridge", "lin")).done


def test_undo_gives_back_the_role_before(browser: Browser, server: Server, store: Store) -> None:
    page = enter(browser, server)
    page.keyboard.press("7")
    page.keyboard.press("1")
    saved(page)
    page.keyboard.press("u")
    expect(page.locator("#b5")).to_have_attribute("data-role", "body")
    page.keyboard.press("u")
    expect(page.locator("#b4")).to_have_attribute("data-role", "body")
    assert roles_shown(page) == AUTOMATIC
    assert verdicts(store) == {}


def test_shift_labels_a_range_in_one_action(browser: Browser, server: Server, store: Store) -> None:
    page = enter(browser, server)
    page.keyboard.press("Shift+J")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("-")
    saved(page)
    assert set(verdicts(store).values()) == {"nav"}
    assert len(verdicts(store)) == 3
    assert len({e.action for _, e in store.events("blocks", "bridge", "lin") if e.kind == "role"}) == 1


def test_the_mouse_does_what_keys_do(browser: Browser, server: Server, store: Store) -> None:
    page = enter(browser, server)
    page.click("#b8 .text")
    page.click("[data-set=credit]")
    saved(page)
    assert verdicts(store) == {BRIDGE[8][0]: "credit"}


def test_no_key_acts_while_chinese_is_being_composed(browser: Browser, server: Server, store: Store) -> None:
    page = enter(browser, server)
    for init in ("{key: '5', isComposing: true}", "{key: 'Process', keyCode: 229}", "{key: 's', keyCode: 229}"):
        page.evaluate(f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{bubbles: true, ...{init}}}))")
    page.keyboard.press("c")
    page.keyboard.insert_text("第五行是图注，不是正文 s u 1")
    page.keyboard.press("5")
    assert roles_shown(page) == AUTOMATIC
    assert page.url.endswith("/page/bridge")
    page.click("#comment button[value=save]")
    saved(page)
    assert fold(store.events("blocks", "bridge", "lin")).comments == ["第五行是图注，不是正文 s u 15"]


def test_full_width_digits_are_digits(browser: Browser, server: Server, store: Store) -> None:
    page = enter(browser, server)
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, key: '７'}))")
    saved(page)
    assert verdicts(store) == {BRIDGE[4][0]: "caption"}


def test_a_second_copy_is_folded_and_follows_the_first(browser: Browser, server: Server, store: Store) -> None:
    page = enter(browser, server)
    page.goto(f"{server.url}/page/harbour")
    page.wait_for_selector(".here")
    assert not page.locator("#b2").is_visible()
    page.keyboard.press("2")
    assert roles_shown(page) == ["subtitle", "lede", "subtitle", "lede"]
    page.keyboard.press("x")
    assert page.locator("#b2").is_visible()
    page.click("#b3 .text")
    page.keyboard.press("5")
    saved(page)
    assert roles_shown(page) == ["subtitle", "lede", "subtitle", "body"]


def test_a_killed_server_loses_nothing(browser: Browser, server: Server, store: Store) -> None:
    page = enter(browser, server)
    server.stop()
    page.keyboard.press("7")
    page.keyboard.press("9")
    page.wait_for_selector("#banner:not([hidden])")
    assert "没有应答" in page.locator("#banner").inner_text()
    server.start()
    saved(page)
    assert verdicts(store) == {BRIDGE[4][0]: "caption", BRIDGE[5][0]: "notice"}
    assert not page.locator("#banner").is_visible()


def test_what_a_closed_tab_had_not_sent_is_sent_when_it_opens_again(
    browser: Browser, server: Server, store: Store
) -> None:
    page = enter(browser, server)
    server.stop()
    page.keyboard.press("7")
    page.wait_for_selector("#banner:not([hidden])")
    server.start()
    page.goto(f"{server.url}/page/bridge")
    saved(page)
    assert verdicts(store) == {BRIDGE[4][0]: "caption"}


def test_two_tabs_get_a_conflict_that_keeps_what_was_done(browser: Browser, server: Server, store: Store) -> None:
    one = enter(browser, server)
    two = one.context.new_page()
    two.goto(one.url)
    two.wait_for_selector(".here")
    one.keyboard.press("7")
    saved(one)
    two.keyboard.press("j")
    two.keyboard.press("9")
    two.wait_for_selector("#banner:not([hidden])")
    assert "另一个窗口" in two.locator("#banner").inner_text()
    two.click("#banner button")
    saved(two)
    assert verdicts(store) == {BRIDGE[4][0]: "caption", BRIDGE[5][0]: "notice"}


def test_a_page_that_was_parsed_again_keeps_labels_on_lines_that_are_still_there(
    browser: Browser, server: Server, store: Store
) -> None:
    page = enter(browser, server)
    fill(store, page_content("bridge", [*BRIDGE[:2], ("新的一行", "nav", 0.6), *BRIDGE[4:]]))
    page.keyboard.press("7")
    page.wait_for_selector("#banner:not([hidden])")
    assert "重新解析过" in page.locator("#banner").inner_text()
    page.click("#banner button")
    saved(page)
    assert verdicts(store) == {BRIDGE[4][0]: "caption"}
    assert page.locator(".changed .text").inner_text() == BRIDGE[4][0]


def test_search_goes_to_the_line(browser: Browser, server: Server) -> None:
    page = enter(browser, server)
    page.keyboard.press("/")
    page.keyboard.insert_text("未经授权")
    assert page.locator(".here").get_attribute("data-number") == "9"
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    assert page.locator(".here").get_attribute("data-number") == "8"


def test_no_view_has_a_serious_fault_of_accessibility(browser: Browser, server: Server, store: Store) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = enter(browser, server, "mei", "adjudicator")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path, key in (("/page/bridge", ""), ("/page/bridge", "?"), ("/page/harbour", "x"), ("/lead", "")):
            page.goto(server.url + path)
            page.keyboard.press(key or "Escape")
            found = Axe().run(page).response["violations"]
            faults = [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found]
            assert faults == [], f"{path} {scheme}"


def test_nothing_of_a_hostile_page_runs_or_leaves(
    browser: Browser, server: Server, store: Store, tmp_path: Path
) -> None:
    import json
    from hashlib import sha256

    from builder.review.store import Place
    from tests.review.test_app import HOSTILE

    source = tmp_path / "hostile.html"
    attacks = [
        "<script>document.title='owned'</script>",
        "<img src=http://evil.example/a.png onerror=\"document.title='owned'\">",
        "<svg onload=\"document.title='owned'\"></svg>",
        "<link rel=dns-prefetch href=//evil.example><link rel=stylesheet href=http://evil.example/a.css>",
        "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
        "<iframe src=http://evil.example/></iframe><base href=http://evil.example/>",
        "<a href=\"java\nscript:document.title='owned'\" id=link>点我</a>",
        "<form action=http://evil.example/><button id=send>送出</button></form>",
        "<style>@import url(http://evil.example/b.css); body{background:url(http://evil.example/c.png)}</style>",
    ]
    source.write_text("<!doctype html><meta charset=utf-8><p>临江新桥今日通车</p>" + "".join(attacks), "utf-8")
    raw = source.read_bytes()
    original = {"path": str(source), "source": "hostile.html", "kind": "html", "compression": "", "n_bytes": len(raw)}
    original |= {"sha256": sha256(raw).hexdigest(), "page": "hostile.html", "read": {}}
    content = page_content("hostile", [(line, "body", 0.5) for line in HOSTILE])
    place = Place("blocks", 0, "hostile", "hostile-version", "", "random", 0, json.dumps(original))
    store.replace_queue([(place, content)])

    page = enter(browser, server)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("o")
    frame = page.frame_locator("#original")
    expect(frame.locator("p")).to_have_text("临江新桥今日通车")
    frame.locator("#link").click()
    frame.locator("#send").click()
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert not [url for url in asked if not url.startswith(server.url)]
    assert "owned" not in page.title()
    assert [line.inner_text() for line in page.locator(".text").all()] == list(HOSTILE)


def test_a_line_says_why_it_has_its_role(browser: Browser, server: Server) -> None:
    page = enter(browser, server)
    expect(page.locator("#detail")).to_contain_text("自动 正文 55%")


def test_offsets_and_rare_characters_survive(browser: Browser, server: Server, store: Store) -> None:
    odd = ("𠮷野家👨‍👩‍👧开业", "Ａ股１２３％", "龘\u200d靐", "e\u0301")
    fill(store, page_content("bridge", [(line, "body", 0.5) for line in odd]))
    page = enter(browser, server)
    assert [line.text_content() for line in page.locator(".text").all()] == list(odd)
    page.keyboard.press("1")
    saved(page)
    ((_, event),) = [(n, e) for n, e in store.events("blocks", "bridge", "lin") if e.kind == "role"]
    assert event.block == page_content("bridge", [(odd[0], "body", 0.5)])["blocks"][0]["digest"]


def test_an_adjudicator_settles_a_dispute_by_keys(browser: Browser, server: Server, store: Store) -> None:
    for name, key in (("lin", "7"), ("su", "8")):
        page = enter(browser, server, name)
        page.keyboard.press(key)
        page.keyboard.press("Enter")
        page.wait_for_url("**/page/harbour")
    page = enter(browser, server, "mei", "adjudicator")
    page.goto(f"{server.url}/adjudicate")
    expect(page.locator(".votes")).to_have_text(["图注 lin文末署名 su"])
    page.keyboard.press("8")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lead")
    rulings = fold(store.events("adjudication", "bridge", "mei")).roles
    assert list(rulings.values()) == ["credit"]


def test_boundaries_are_moved_by_keys(browser: Browser, server: Server, store: Store) -> None:
    from tests.review.test_modes import fill_modes

    fill_modes(store)
    page = enter(browser, server)
    page.goto(f"{server.url}/sentences")
    page.keyboard.press("j")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    saved(page)
    expect(page.locator(".sentence").nth(1)).to_have_text("𠮷野家")
    page.keyboard.press("]")
    saved(page)
    expect(page.locator(".sentence").nth(1)).to_have_text("𠮷野家开")
    page.keyboard.press("u")
    saved(page)
    page.keyboard.press("m")
    saved(page)
    expect(page.locator(".sentence").nth(1)).to_have_text("𠮷野家开业了！")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sentences")


def test_a_pair_is_judged_by_one_key(browser: Browser, server: Server, store: Store) -> None:
    from axe_playwright_python.sync_playwright import Axe

    from tests.review.test_modes import fill_modes

    fill_modes(store)
    page = enter(browser, server)
    for path in ("/sentences", "/pairs", "/me"):
        page.goto(server.url + path)
        assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
    page.goto(f"{server.url}/pairs")
    page.keyboard.press("Enter")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pairs")
    assert fold(store.events("pair", "a:b", "lin")).value == "update"
