"""
Golden pages: one test a field, so that a failure reads `linjiang-2021-03-05: roles`.

`tests/pages/NAME/` holds `meta.json` (which page, and known failures: `"xfail": {"field": "reason"}`), `blocks.jsonl`
(every visible line with its role) and `article.json` (the fields of the article, or the reason why there is none).
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from builder.pages import Labelled, label_page
from builder.read import ReadSettings, find_inputs, read_input
from builder.records import Article, Block, Page

ROOT = Path(__file__).parents[1]
GOLDENS = sorted(path.parent for path in (ROOT / "tests/pages").glob("*/meta.json"))
FIELDS = [
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
    "category",
    "partial",
]


def cases() -> list[Any]:
    """Return (folder, field) for every field that a golden states."""
    found = []
    for folder in GOLDENS:
        article = json.loads((folder / "article.json").read_text(encoding="utf-8"))
        blocks = ["roles", "dup_of"] if (folder / "blocks.jsonl").stat().st_size > 0 else []
        known = load_meta(folder).get("xfail", {})
        for field in [*blocks, "reject", *(field for field in FIELDS if field in article)]:
            marks = [pytest.mark.xfail(reason=known[field], strict=True)] if field in known else []
            found.append(pytest.param(folder, field, id=f"{folder.name}: {field}", marks=marks))
    return found


def load_meta(folder: Path) -> dict[str, Any]:
    meta: dict[str, Any] = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    return meta


@cache
def labelled(folder: Path) -> Labelled:
    (item,) = find_inputs([load_meta(folder)["page"]], ROOT)
    (page,) = read_input(item, ReadSettings())
    assert isinstance(page, Page)
    return label_page(page)


def field_of(article: Article, field: str) -> Any:
    value = getattr(article, field)
    if field == "dateline" and value is not None:
        return {name: getattr(value, name) for name in ("agency", "place", "date", "raw")}
    if field == "published_at" and value is not None:
        return value.isoformat()
    return value


def view(blocks: list[Block], field: str) -> list[tuple[str, Any]]:
    return [(block.text, block.role if field == "roles" else block.dup_of) for block in blocks]


@pytest.mark.parametrize(("folder", "field"), cases())
def test_page(folder: Path, field: str) -> None:
    result = labelled(folder)
    if field in ("roles", "dup_of"):
        lines = (folder / "blocks.jsonl").read_text(encoding="utf-8").splitlines()
        wanted = [json.loads(line) for line in lines if line.strip()]
        key = "role" if field == "roles" else "dup_of"
        assert view(result.parsed.blocks, field) == [(block["text"], block.get(key)) for block in wanted]
        return
    want = json.loads((folder / "article.json").read_text(encoding="utf-8"))
    if field == "reject":
        assert (result.reject.reason if result.reject else None) == want.get("reject")
        return
    assert result.article is not None, result.reject
    assert field_of(result.article, field) == want[field]


def test_every_page_of_the_seeds_has_its_golden() -> None:
    pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "seeds/pages").iterdir()}
    assert pages == {load_meta(folder)["page"] for folder in GOLDENS}
