"""The routes: come in, take the next item, and the pages of each mode. Each reads, builds one dict, and renders it."""

import time
from pathlib import Path
from urllib.parse import parse_qs, quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from builder.review import articles, lead, pages, pairs
from builder.review.assignment import next_item, progress, skipped, speed
from builder.review.desk import (
    HERE,
    LANGUAGE_COOKIE,
    ReviewSettings,
    make_templates,
    person,
    render,
    settings_of,
    store_of,
    text,
)
from builder.review.guard import Guard
from builder.review.reasons import Reasons
from builder.review.sessions import COOKIE, MAX_AGE_S, make_cookie, token_digest
from builder.review.store import Store

#: What the server hands out as files: named here, so that no path of a request reaches the disk.
STATIC = {"review.js": "text/javascript", "review.css": "text/css"}


def make_app(store: Store, hosts: frozenset[str], settings: ReviewSettings) -> Guard:
    """Return the application; `hosts` are the names by which it may be called."""
    routes = [
        Route("/enter", show_door, methods=["GET"]),
        Route("/enter", come_in, methods=["POST"]),
        *(Route(home, go_on, methods=["GET"]) for home, _ in MODES.values()),
        Route("/me", show_progress, methods=["GET"]),
        Route("/language/{lang:str}", set_language, methods=["GET"]),
        Route("/static/{name:str}", static, methods=["GET"]),
        *pages.ROUTES,
        *articles.ROUTES,
        *pairs.ROUTES,
        *lead.ROUTES,
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: explain_error})
    app.state.store, app.state.settings, app.state.templates = store, settings, make_templates()
    app.state.reasons = Reasons()
    return Guard(app, hosts)


async def show_door(request: Request) -> Response:
    """A button that uses the link: what fetches links without being asked does not press it."""
    return render(request, "enter.html", token=request.query_params.get("token", ""), problem="")


async def come_in(request: Request) -> Response:
    """Use the link, and give a cookie for it."""
    try:
        form = parse_qs((await request.body()).decode())
    except (ClientDisconnect, UnicodeDecodeError):
        raise HTTPException(400) from None
    store = store_of(request)
    name = store.use_token(token_digest(form.get("token", [""])[0]))
    if name is None:
        return render(request, "enter.html", 403, token="", problem=text(request, "enter_bad"))
    response = RedirectResponse("/", 303)
    cookie = make_cookie(store.meta("secret") or "", name, time.time())
    response.set_cookie(COOKIE, cookie, MAX_AGE_S, httponly=True, samesite="strict", secure=settings_of(request).secure)
    return response


#: Where the work of each mode begins, and where its items lie.
MODES = {"blocks": ("/", "/page"), "sentences": ("/sentences", "/sentences"), "pair": ("/pairs", "/pairs")}


async def go_on(request: Request) -> Response:
    """Open the next item of the mode that the path names, or say that there is none."""
    who, store, overlap = person(request), store_of(request), settings_of(request).overlap
    mode = next(mode for mode, (home, _) in MODES.items() if home == request.url.path)
    item = next_item(store, mode, who, overlap, time.time())
    if item is None:
        done, _ = progress(store, mode, who, overlap)
        return render(request, "done.html", done=done, skipped=links(store, mode, who))
    return RedirectResponse(f"{MODES[mode][1]}/{quote(item)}", 303)


async def show_progress(request: Request) -> Response:
    """What the person has done in each mode, how fast, and what is left."""
    who, store = person(request), store_of(request)
    modes = []
    for mode, (home, _) in MODES.items():
        done, left = progress(store, mode, who, settings_of(request).overlap)
        seconds, actions = speed(store, mode, who)
        told = {"mode": mode, "path": home, "done": done, "left": left, "seconds": seconds, "actions": actions}
        modes.append({**told, "skipped": links(store, mode, who)})
    return render(request, "me.html", who=who, modes=modes, adjudicator=store.role_of(who) == "adjudicator")


def links(store: Store, mode: str, who: str) -> list[tuple[str, str]]:
    """Path and title of each item that the person skipped."""
    found = []
    for item in skipped(store, mode, who):
        place = store.place(mode, item)
        content = store.content(place.version) if place else {}
        found.append((f"{MODES[mode][1]}/{quote(item)}", content.get("title") or content.get("left_title") or item))
    return found


async def set_language(request: Request) -> Response:
    """Choose the language of the interface, and go back to where one was."""
    lang = request.path_params["lang"]
    if lang not in ("zh", "en"):
        raise HTTPException(404)
    back = request.query_params.get("back", "/")
    # A path of ours, never `//other.example`.
    response = RedirectResponse(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/", 303)
    response.set_cookie(LANGUAGE_COOKIE, lang, MAX_AGE_S, samesite="strict", secure=settings_of(request).secure)
    return response


async def static(request: Request) -> Response:
    """The script or the style sheet."""
    name = request.path_params["name"]
    if name not in STATIC:
        raise HTTPException(404)
    path: Path = HERE / "static" / name
    return FileResponse(path, media_type=STATIC[name], headers={"cache-control": "no-cache"})


async def explain_error(request: Request, error: Exception) -> Response:
    """Answer an error in words: to the script as text, to a person as a page."""
    assert isinstance(error, HTTPException)  # noqa: S101  (for the type checker; Starlette passes no other)
    words = text(request, "need_link") if error.status_code == 401 else error.detail
    if request.method == "POST" or request.url.path.startswith("/static/"):
        return Response(words, error.status_code, media_type="text/plain")
    return render(request, "message.html", error.status_code, words=words)
