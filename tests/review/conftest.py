"""A store with two invented pages, the application over it, and people who are signed in."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from builder.label.gold import block_places
from builder.review.app import make_app
from builder.review.desk import ReviewSettings
from builder.review.guard import Guard
from builder.review.load import version_of
from builder.review.sessions import token_digest
from builder.review.store import Place, Store

#: A page as the model sees it: line 5 is a caption that it takes for text, line 9 a credit that it takes for a notice.
BRIDGE = (
    ("临江晚报网 首页 新闻 体育", "nav", 0.98),
    ("临江新桥今日通车", "title", 0.99),
    ("2024-05-01 08:00 来源：临江晚报", "meta", 0.97),
    ("本报讯（记者 林一舟）5月1日上午，临江新桥正式通车。", "lede", 0.96),
    ("首批车辆驶过临江新桥。 苏禾 摄", "body", 0.55),
    ("据介绍，大桥历时三年建成。𠮷野家门前的小路也拓宽了。", "body", 0.94),
    ("更多", "nav", 0.71),
    ("更多", "nav", 0.71),
    ("责任编辑：苏禾", "notice", 0.52),
    ("版权所有 临江晚报社 未经授权不得转载", "notice", 0.99),
)
HARBOUR = (
    ("望海港三号泊位开港", "title", 0.99),
    ("6月2日，首批四百标准箱的货物当天装船。", "lede", 0.95),
    ("望海港三号泊位开港", "title", 0.99),
    ("6月2日，首批四百标准箱的货物当天装船。", "lede", 0.95),
)


def page_content(
    item: str, lines: Sequence[tuple[str, str, float]], copies: Mapping[int, int] | None = None
) -> dict[str, Any]:
    """What the store shows of a page with these lines; `copies` names the line that a line repeats."""
    keys = block_places(text for text, _, _ in lines)
    blocks = [
        {
            "text": text,
            "role": role,
            "score": score,
            "origin": "model",
            "dup_of": (copies or {}).get(number),
            "tag": "body/p",
            "hidden": False,
            "digest": digest,
            "occurrence": occurrence,
        }
        for number, ((text, role, score), (digest, occurrence)) in enumerate(zip(lines, keys, strict=True))
    ]
    about = {
        "article_id": item,
        "title": lines[0][0],
        "outlet": "临江晚报",
        "url": None,
        "source": f"pages/{item}.html",
    }
    return {**about, "blocks": blocks}


def fill(store: Store, *contents: dict[str, Any]) -> None:
    """Load contents as a release that holds them in this order."""
    places = [
        Place(
            mode="blocks",
            place=number,
            item=content["article_id"],
            version=version_of("blocks", content["article_id"], content),
            outlet=content["outlet"],
            drawn="uncertain",
            sampled=number,
        )
        for number, content in enumerate(contents)
    ]
    store.replace_queue(zip(places, contents, strict=True))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store(tmp_path / "linjiang.review.sqlite", "linjiang")
    fill(opened, page_content("bridge", BRIDGE), page_content("harbour", HARBOUR, {2: 0, 3: 1}))
    return opened


class Client:
    """A browser without a screen: it keeps cookies and knows the token of the last page it opened."""

    def __init__(self, app: Guard, host: str = "127.0.0.1:8765") -> None:
        self._transport = httpx.ASGITransport(app)
        self._base = f"http://{host}"
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    def request(self, method: str, path: str, **values: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=self._transport, base_url=self._base, cookies=self.cookies
            ) as client:
                response = await client.request(method, path, **values)
                self.cookies = {cookie.name: cookie.value or "" for cookie in client.cookies.jar}
                return response

        response = asyncio.run(ask())
        if found := re.search(r'name="csrf" content="([^"]+)"', response.text):
            self.csrf = found[1]
        return response

    def get(self, path: str, **values: Any) -> httpx.Response:
        return self.request("GET", path, **values)

    def post(self, path: str, **body: Any) -> httpx.Response:
        """Send an action as the script does; `version` and `seen` are those of the page unless given."""
        return self.request("POST", path, json=body, headers={"x-csrf": self.csrf})


SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(store: Store) -> SignIn:
    """Let a person in by a link, and return their browser."""
    app = make_app(store, frozenset({"127.0.0.1", "localhost"}), ReviewSettings(overlap=2))

    def enter(name: str = "lin", role: str = "annotator") -> Client:
        store.set_token(name, token_digest(f"token-of-{name}"), role)
        client = Client(app)
        response = client.request("POST", "/enter", data={"token": f"token-of-{name}"})
        assert response.status_code == 303
        return client

    return enter


@pytest.fixture
def nobody(store: Store) -> Client:
    """A browser that never came in."""
    return Client(make_app(store, frozenset({"127.0.0.1", "localhost"}), ReviewSettings()))
