"""Every golden page, assembled from its golden roles: one test a page and field."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from builder.articles.assembly import assemble
from builder.errors import PageError
from builder.records import Article, Block, Page, ParsedPage

PAGES = Path(__file__).parents[1] / "pages"
FIELDS = (
    "title",
    "subtitle",
    "byline",
    "editor",
    "outlet",
    "dateline",
    "published_at",
    "lede",
    "body",
    "footer",
    "captions",
)
DATELINE = ("agency", "place", "date", "raw")


def _golden(name: str) -> dict[str, Any]:
    golden: dict[str, Any] = json.loads((PAGES / name / "article.json").read_text(encoding="utf-8"))
    return golden


def _names() -> list[str]:
    return sorted(p.parent.name for p in PAGES.glob("*/article.json") if (p.parent / "blocks.jsonl").exists())


def _xfails(name: str) -> dict[str, str]:
    """Fields of a golden that do not come out yet, each with its reason."""
    path = PAGES / name / "meta.json"
    found: dict[str, str] = (
        json.loads(path.read_text(encoding="utf-8")).get("xfail_fields", {}) if path.exists() else {}
    )
    return found


def _cases() -> list[Any]:
    cases = []
    for name in _names():
        golden, xfails = _golden(name), _xfails(name)
        for field in FIELDS:
            if field in golden:
                marks = [pytest.mark.xfail(reason=xfails[field], strict=True)] if field in xfails else []
                cases.append(pytest.param(name, field, id=f"{name}: {field}", marks=marks))
    return cases


@cache
def _assembled(name: str) -> Article:
    lines = (PAGES / name / "blocks.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    blocks = [Block(row["text"], role=row["role"], score=1.0, origin="gold") for row in rows]
    return assemble(Page(name, "text/plain", "", "0" * 64), ParsedPage(blocks))


@pytest.mark.parametrize(("name", "field"), _cases())
def test_field_of_golden_page(name: str, field: str) -> None:
    got = getattr(_assembled(name), field)
    if field == "dateline" and got is not None:
        got = {key: getattr(got, key) for key in DATELINE}
    elif field == "published_at" and got is not None:
        got = got.isoformat()
    assert got == _golden(name)[field]


@pytest.mark.parametrize("name", [n for n in _names() if _golden(n).get("reject")])
def test_page_without_article_is_rejected(name: str) -> None:
    with pytest.raises(PageError, match="label:no-article"):
        _assembled(name)
