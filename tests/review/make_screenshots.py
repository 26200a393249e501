"""
Take the screenshots that the README shows, of the seed dataset, in light and dark:

    zhnews build seeds/dataset.toml -o out
    python -m tests.review.make_screenshots out/zhnews-seed-0.1.0
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from builder.review.load import LoadSettings, load_here
from tests.review.browser import CHROMIUM, FLAGS, Server, enter

OUT = Path(__file__).parent / "screenshots"


def main(release: Path) -> None:
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        store = Path(folder) / "review.sqlite"
        load_here(release, store, LoadSettings())
        server = Server(store)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, key in (("林一舟", "7"), ("苏禾", "6")):
            page = enter(browser, server, name)
            for _ in range(3):
                page.keyboard.press(key)
                with page.expect_navigation():
                    page.keyboard.press("Enter")
        take(browser, server)
        browser.close()
        server.stop()


def take(browser: Browser, server: Server) -> None:
    page = enter(browser, server, "梅雪", "adjudicator")
    blocks = "/page/" + page.url.rpartition("/")[2]
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 820)):
        page.set_viewport_size({"width": width, "height": 800 if width == 1280 else 1100})
        page.emulate_media(color_scheme=scheme)
        for name, path in (("blocks", blocks), ("adjudicate", "/adjudicate"), ("pair", "/pairs"), ("lead", "/lead")):
            if name == "blocks" or (width == 1280 and (name == "pair") == (scheme == "light")):
                page.goto(server.url + path)
                shoot(page, f"{name}-{scheme}" + ("" if width == 1280 else "-tablet"))


def shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(800)  # for the reasons
    page.screenshot(path=OUT / f"{name}.jpg", type="jpeg", quality=75)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
