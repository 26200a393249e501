"""`zhnews stats --html`: one page that works from disk, whatever the texts in it."""

import base64
import re
import shutil
import subprocess
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from builder.errors import BuilderError
from builder.publish.page import render_page
from builder.publish.samples import sample_ids
from builder.records import ROLES
from tests.conftest import Zhnews
from tests.publish.conftest import Publish, article_row, block

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOSTILE = """<script>alert("首页")</script><img src=x onerror=alert(1)> & "引号" '单' </article> ${seed} $$ ]]>"""


class Tags(HTMLParser):
    """Names, attributes and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def page(good_release: Path) -> str:
    return render_page(good_release)


def test_it_asks_nothing_of_any_other_place(page: str) -> None:
    tags = Tags(page).tags
    assert not {name for name, _ in tags} & {"link", "iframe", "object", "embed", "base", "form"}
    assert not [attributes for _, attributes in tags if {"src", "href", "srcset", "action"} & set(attributes)]
    assert "@import" not in page
    assert "url(" not in page


def test_its_policy_allows_its_own_script_and_nothing_else(page: str) -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(sha256(script.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def test_it_has_the_pictures_in_both_languages_and_every_role(page: str) -> None:
    tags = Tags(page).tags
    assert sum(name == "svg" for name, _ in tags) == 16
    assert [a["data-role"] for name, a in tags if name == "button" and "data-role" in a] == list(ROLES)


def test_samples_are_those_that_the_seed_draws_with_all_their_blocks(page: str, good_release: Path) -> None:
    tags = Tags(page).tags
    assert [a["data-id"] for name, a in tags if name == "article"] == sample_ids(good_release, 30)
    assert sum(name == "li" for name, _ in tags) == 240


def test_a_hostile_text_stays_a_text(publish_rows: Publish) -> None:
    row = article_row(1, title=HOSTILE, split="train", blocks=[block(HOSTILE, "title")], outlet=HOSTILE)
    page = render_page(publish_rows([row]).folder)
    parsed = Tags(page)
    assert sum(name == "script" for name, _ in parsed.tags) == 1
    assert not [name for name, attributes in parsed.tags if "onerror" in attributes or name == "img"]
    assert parsed.texts.count(HOSTILE) == 4  # heading, title and outlet among the fields, block


def test_a_folder_that_is_no_release_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuilderError, match="is not a release"):
        render_page(tmp_path)


def test_the_command_writes_the_page(release: Path, tmp_path: Path, zhnews: Zhnews, page: str) -> None:
    assert zhnews("stats", release, "--html", "page.html").stdout == "wrote page.html\n"
    assert (tmp_path / "page.html").read_text("utf-8") == page


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_in_a_browser_one_sample_is_shown_at_a_time(page: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page, "utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--dump-dom"]
    command = [str(CHROMIUM), *options, f"--user-data-dir={tmp_path / 'profile'}", (tmp_path / "page.html").as_uri()]
    dom = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False).stdout
    tags = Tags(dom).tags
    samples = [attributes for name, attributes in tags if name == "article"]
    assert ["hidden" in attributes for attributes in samples] == [False] + [True] * 29
    assert sum(name == "option" for name, _ in tags) == 30
