"""What a lead sees: who has done what, where people differ, and the view that settles it."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from builder.records import GUIDELINE, ROLES
from builder.review.desk import answer, append, bare, person, place_of, read_posted, render, store_of, text
from builder.review.pages import shown_blocks
from builder.review.store import Event, Place, StaleError, Store, now
from builder.review.verdicts import Decision, Work, by_person, decide, fold, last_action

MODE = "adjudication"


async def overview(request: Request) -> Response:
    """People, agreement, the labeller, disputes."""
    person(request, "adjudicator")
    from builder.review.measures import report

    told = await run_in_threadpool(report, store_of(request))
    return render(request, "lead.html", told=told)


async def show(request: Request) -> Response:
    """One page with everybody's votes."""
    who = person(request, "adjudicator")
    store = store_of(request)
    place = place_of(request, "blocks")
    content = store.content(place.version)
    work = fold(store.events(MODE, place.item, who))
    decisions = _decisions(store, place, content)
    return render(
        request,
        "page.html",
        place=place,
        page=content,
        runs=[(False, _with_votes(content["blocks"], work, decisions))],
        work=work,
        done=None,
        left=None,
        config=bare(
            {
                "version": place.version,
                "seen": work.last,
                "post": f"/adjudicate/{place.item}",
                "next": "/adjudicate",
            }
        ),
    )


async def take(request: Request) -> Response:
    """One action of an adjudicator. To accept is to rule on every line in dispute as it is shown."""
    who = person(request, "adjudicator")
    store = store_of(request)
    place = place_of(request, "blocks")
    posted = await read_posted(request)
    content = store.content(place.version)
    blocks = content["blocks"]
    if posted.version != place.version:
        raise HTTPException(409, text(request, "stale_page", changed="?", total=len(blocks)))
    if not all(0 <= number < len(blocks) for number in posted.blocks) or posted.kind not in ("role", "accept", "undo"):
        raise HTTPException(400)
    if posted.kind == "role" and (posted.value not in ROLES or not posted.blocks):
        raise HTTPException(400)
    value = posted.value
    if posted.kind == "undo":
        before = last_action(store.events(MODE, place.item, who))
        if before is None:
            return answer({"seen": posted.seen, "roles": None})
        value = before
    if posted.kind == "accept":
        seen = _close(request, place, posted.version, posted.action, posted.seen)
    else:
        keys = [(blocks[number]["digest"], blocks[number]["occurrence"]) for number in posted.blocks]
        seen = append(request, MODE, place.item, posted, keys, value)
    work = fold(store.events(MODE, place.item, who))
    shown = _with_votes(blocks, work, _decisions(store, place, content))
    return answer({"seen": seen, "roles": [block["given"] for block in shown]})


def _close(request: Request, place: Place, version: str, action: str, seen: int | None) -> int:
    """Rule on what is still in dispute as it is shown, and mark the page as settled, in one action."""
    who = person(request, "adjudicator")
    store = store_of(request)
    content = store.content(place.version)
    work = fold(store.events(MODE, place.item, who))
    common = (now(), who, GUIDELINE, MODE, place.item, version, action)
    ruled = [
        Event(*common, "role", block["digest"], block["occurrence"], block["given"])
        for block in _with_votes(content["blocks"], work, _decisions(store, place, content))
        if block["disputed"]
    ]
    try:
        return store.append([*ruled, Event(*common, "accept")], seen)
    except StaleError:
        raise HTTPException(409, text(request, "stale_tab")) from None


async def go_on(request: Request) -> Response:
    """Open the next page in dispute, or the overview when there is none."""
    person(request, "adjudicator")
    from builder.review.measures import disputes, judged

    store = store_of(request)
    for dispute in disputes(await run_in_threadpool(judged, store)):
        if store.place("blocks", dispute["item"]):
            return RedirectResponse(f"/adjudicate/{dispute['item']}", 303)
    return RedirectResponse("/lead", 303)


def _decisions(store: Store, place: Place, content: dict[str, Any]) -> list[Decision | None]:
    people = {name: work for name, work in by_person(store.events("blocks", place.item)).items() if work.done}
    return decide(content["blocks"], people, by_person(store.events(MODE, place.item)))


def _with_votes(blocks: list[dict[str, Any]], work: Work, decisions: list[Decision | None]) -> list[dict[str, Any]]:
    """Blocks as they are decided, with the votes where people differ; most votes lead until an adjudicator rules."""
    shown = []
    for block, decision in zip(shown_blocks(blocks, work), decisions, strict=True):
        own = work.roles.get((block["digest"], block["occurrence"]))
        votes = dict(decision.votes) if decision else {}
        leading = max(votes, key=lambda role: len(votes[role]), default=block["role"])
        disputed = decision is not None and decision.role is None
        given = own or (decision.role if decision and decision.role else leading)
        shown.append(
            {
                **block,
                "given": given,
                "dup_of": None,
                "disputed": disputed,
                "doubtful": disputed,
                "votes": votes if len(votes) > 1 else {},
            }
        )
    return shown


ROUTES = [
    Route("/lead", overview, methods=["GET"]),
    Route("/adjudicate", go_on, methods=["GET"]),
    Route("/adjudicate/{item:str}", show, methods=["GET"]),
    Route("/adjudicate/{item:str}", take, methods=["POST"]),
]
