"""Block mode: one page at a time, its blocks in order, a role for each."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from builder.records import ROLES
from builder.review.desk import (
    answer,
    append,
    open_item,
    person,
    place_of,
    read_posted,
    reasons_of,
    render,
    store_of,
    text,
)
from builder.review.guard import SANDBOX
from builder.review.originals import disarm, find_original
from builder.review.verdicts import Work, fold, last_action

MODE = "blocks"

#: Below this a line counts as doubtful. The scores are calibrated: of lines at .8, one in five is wrong.
DOUBTFUL = 0.8

_VALUES = {"role": ROLES, "broken": ("0", "1"), "accept": ("",), "skip": ("",), "undo": ("",)}


async def show(request: Request) -> Response:
    """One page to label."""
    opened = open_item(request, MODE, "/page")
    blocks = shown_blocks(opened.content["blocks"], opened.work)
    runs = [(folded, list(run)) for folded, run in groupby(blocks, lambda block: block["dup_of"] is not None)]
    return render(request, "page.html", **opened.values, page=opened.content, runs=runs)


async def show_original(request: Request) -> Response:
    """The page as it was read, disarmed and in a sandbox."""
    person(request)
    page = await run_in_threadpool(find_original, place_of(request, MODE).original)
    html = disarm(page) if page else f"<!doctype html><meta charset=utf-8><p>{text(request, 'original_gone')}</p>"
    return HTMLResponse(html, headers={"content-security-policy": SANDBOX})


async def show_reasons(request: Request) -> Response:
    """Why the doubtful lines of a page have their roles."""
    person(request)
    place = place_of(request, MODE)
    blocks = store_of(request).content(place.version)["blocks"]
    doubtful = [block["number"] for block in shown_blocks(blocks, Work()) if block["doubtful"] and block["role"]]
    return answer({str(n): why for n, why in (await reasons_of(request).of(place.version, blocks, doubtful)).items()})


async def take(request: Request) -> Response:
    """One action of a person on the page; 409 when the page or another tab has changed since."""
    who = person(request)
    place = place_of(request, MODE)
    store = store_of(request)
    posted = await read_posted(request)
    content = store.content(place.version)
    if posted.version != place.version:
        raise HTTPException(409, _what_changed(request, posted.version, content))
    if posted.kind not in (*_VALUES, "comment") or posted.value not in _VALUES.get(posted.kind, (posted.value,)):
        raise HTTPException(400)
    blocks: Sequence[Mapping[str, Any]] = content["blocks"]
    if not all(0 <= number < len(blocks) for number in posted.blocks) or (posted.kind == "role") != bool(posted.blocks):
        raise HTTPException(400)
    value = posted.value
    if posted.kind == "undo":
        before = last_action(store.events(MODE, place.item, who))
        if before is None:
            return answer({"seen": posted.seen, "roles": None})
        value = before
    keys = [(blocks[number]["digest"], blocks[number]["occurrence"]) for number in posted.blocks]
    seen = append(request, MODE, place.item, posted, keys, value)
    work = fold(store.events(MODE, place.item, who))
    return answer({"seen": seen, "roles": [block["given"] for block in shown_blocks(blocks, work)]})


def shown_blocks(blocks: Sequence[Mapping[str, Any]], work: Work) -> list[dict[str, Any]]:
    """Blocks with what the page shows beside them: number, the role they have now, whether it is doubtful."""
    return [
        {
            **block,
            "number": number,
            "given": work.roles.get((block["digest"], block["occurrence"]), block["role"]),
            "doubtful": block["score"] < DOUBTFUL and block["dup_of"] is None,
            "votes": {},
        }
        for number, block in enumerate(blocks)
    ]


def _what_changed(request: Request, version: str, content: Mapping[str, Any]) -> str:
    """Say how many blocks differ between what the person saw and what the page is now."""
    now_there = {(block["digest"], block["occurrence"]) for block in content["blocks"]}
    found = store_of(request).query("SELECT 1 FROM versions WHERE version = ? AND mode = ?", version, MODE)
    before = store_of(request).content(version)["blocks"] if found else []
    same = sum((block["digest"], block["occurrence"]) in now_there for block in before)
    return text(request, "stale_page", changed=max(len(now_there), len(before)) - same, total=len(now_there))


ROUTES = [
    Route("/page/{item:str}/reasons", show_reasons, methods=["GET"]),
    Route("/page/{item:str}/original", show_original, methods=["GET"]),
    Route("/page/{item:str}", show, methods=["GET"]),
    Route("/page/{item:str}", take, methods=["POST"]),
]
