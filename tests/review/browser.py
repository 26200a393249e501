"""A real Chromium and a real server, for tests that press keys."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from builder.review.app import make_app
from builder.review.desk import ReviewSettings
from builder.review.sessions import token_digest
from builder.review.store import Store

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Server:
    """The application over a store file, on a port of its own; it can be killed and started again."""

    def __init__(self, path: Path, overlap: int = 2) -> None:
        self.path = path
        self.overlap = overlap
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        app = make_app(Store(self.path), frozenset({"127.0.0.1"}), ReviewSettings(self.overlap))
        config = uvicorn.Config(app, port=self.port, lifespan="off", log_level="error")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)

    def stop(self) -> None:
        self._server.force_exit = self._server.should_exit = True
        self._thread.join()


def enter(browser: Browser, server: Server, name: str = "lin", role: str = "annotator") -> Page:
    """Let a person in by a link and open their next page."""
    store = Store(server.path)
    store.set_token(name, token_digest(f"token-of-{name}"), role)
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{server.url}/enter?token=token-of-{name}")
    page.click("text=进入")
    page.wait_for_url(lambda url: "/enter" not in url)
    return page


def roles_shown(page: Page) -> list[str]:
    return [str(block.get_attribute("data-role")) for block in page.query_selector_all(".block")]


def saved(page: Page) -> None:
    """Wait until the server has everything."""
    expect(page.locator("#saved")).to_have_text("已保存", timeout=10_000)
