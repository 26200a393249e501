"""What every route needs: who asks, in which language, and how to answer."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from builder.records import GUIDELINE, LABEL_OF, ROLES
from builder.review.assignment import progress
from builder.review.interface import ORIGIN_NAMES, ROLE_KEYS, ROLE_NAMES, TEXTS, Language, choose_language
from builder.review.reasons import Reasons
from builder.review.sessions import COOKIE, csrf_token, read_cookie
from builder.review.store import Event, Place, StaleError, Store, now
from builder.review.verdicts import Work, fold

LANGUAGE_COOKIE = "zhnews-language"
HERE = Path(__file__).parent

#: Characters of a comment, and of any other value that a person writes.
MAX_VALUE = 4000


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """How a review is run: people a page, and whether the cookie goes over TLS alone."""

    overlap: int = 1
    secure: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """What the browser sends for one action of a person; see `store.SCHEMA`. `blocks` are their numbers on the page."""

    version: str
    seen: int | None
    action: str
    kind: str
    value: str
    blocks: tuple[int, ...]


def store_of(request: Request) -> Store:
    """Return the store."""
    store: Store = request.app.state.store
    return store


def settings_of(request: Request) -> ReviewSettings:
    """Return the settings."""
    settings: ReviewSettings = request.app.state.settings
    return settings


def reasons_of(request: Request) -> Reasons:
    """Return who explains the labeller."""
    reasons: Reasons = request.app.state.reasons
    return reasons


def person(request: Request, *roles: str) -> str:
    """Name of who asks; 401 when nobody we know, 403 when not one of `roles` (any role when none is named)."""
    store = store_of(request)
    name = read_cookie(store.meta("secret") or "", request.cookies.get(COOKIE, ""), time.time())
    role = store.role_of(name) if name else None
    if name is None or role is None:
        raise HTTPException(401, "need_link")
    if roles and role not in roles:
        raise HTTPException(403)
    return name


def language(request: Request) -> Language:
    """Language of the answer."""
    return choose_language(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", ""))


def text(request: Request, key: str, **values: object) -> str:
    """Words of the interface in the language of the answer."""
    return TEXTS[language(request)][key].format(**values)


def make_templates() -> jinja2.Environment:
    """Templates that escape every value and stop at a name that is not there."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render(request: Request, template: str, status: int = 200, **values: object) -> Response:
    """Answer with a page."""
    lang = language(request)
    cookie = request.cookies.get(COOKIE, "")
    store = store_of(request)
    page = request.app.state.templates.get_template(template).render(
        lang=lang,
        t=TEXTS[lang],
        role_names=ROLE_NAMES[lang],
        origin_names=ORIGIN_NAMES[lang],
        roles=list(zip(ROLES, ROLE_KEYS, strict=True)),
        label_of=LABEL_OF,
        csrf=csrf_token(store.meta("secret") or "", cookie) if cookie else "",
        here=request.url.path,
        **values,
    )
    return HTMLResponse(page, status)


@dataclass(frozen=True, slots=True)
class Opened:
    """An item that a person has opened: its place, what it shows, their work on it, and what every view needs."""

    place: Place
    content: dict[str, Any]
    work: Work
    values: dict[str, Any]


def place_of(request: Request, mode: str) -> Place:
    """Return where the item of the request stands in the queue; 404 when the release has it no more."""
    place = store_of(request).place(mode, request.path_params["item"])
    if place is None:
        raise HTTPException(404, text(request, "gone"))
    return place


def open_item(request: Request, mode: str, path: str) -> Opened:
    """Open the item of the request, which is an event the first time."""
    who, store, place = person(request), store_of(request), place_of(request, mode)
    events = store.events(mode, place.item, who)
    if not events:
        common = (now(), who, GUIDELINE, mode, place.item, place.version)
        store.append([Event(*common, f"open-{place.version}", "open")])
    work = fold(events)
    done, left = progress(store, mode, who, settings_of(request).overlap)
    home = "/" if mode == "blocks" else path
    config = {"version": place.version, "seen": work.last, "post": f"{path}/{place.item}", "next": home}
    values = {"place": place, "work": work, "done": done, "left": left, "config": bare(config)}
    return Opened(place, store.content(place.version), work, values)


def check_version(request: Request, mode: str, posted: "Posted") -> tuple[Place, dict[str, Any]]:
    """Return place and content of the item of the request; 409 when the person saw another version of it."""
    place = place_of(request, mode)
    content = store_of(request).content(place.version)
    if posted.version != place.version:
        raise HTTPException(409, text(request, "stale_item"))
    return place, content


async def read_posted(request: Request) -> Posted:
    """Return what the browser sent; 400 when it is not of our form, 403 without the token of our own pages."""
    store = store_of(request)
    expected = csrf_token(store.meta("secret") or "", request.cookies.get(COOKIE, ""))
    if request.headers.get("x-csrf") != expected:
        raise HTTPException(403)
    try:
        sent = json.loads(await request.body())
        posted = Posted(**{**sent, "blocks": tuple(sent["blocks"])})
    except (ClientDisconnect, ValueError, TypeError, KeyError):
        raise HTTPException(400) from None
    strings = (posted.version, posted.action, posted.kind, posted.value)
    right = (
        all(isinstance(each, str) for each in strings)
        and 8 <= len(posted.action) <= 64
        and len(posted.value) <= MAX_VALUE
        and (posted.seen is None or isinstance(posted.seen, int))
        and all(isinstance(number, int) for number in posted.blocks)
    )
    if not right:
        raise HTTPException(400)
    return posted


def append(request: Request, mode: str, item: str, posted: Posted, keys: list[tuple[str, int]], value: str) -> int:
    """Store one action; return the id of its last event, or answer 409 when another tab was faster."""
    who, made_at = person(request), now()
    common = (made_at, who, GUIDELINE, mode, item, posted.version, posted.action, posted.kind)
    events = [Event(*common, block, occurrence, value) for block, occurrence in keys or [("", 0)]]
    try:
        return store_of(request).append(events, posted.seen)
    except StaleError:
        raise HTTPException(409, text(request, "stale_tab")) from None


def answer(values: Mapping[str, object], status: int = 200) -> JSONResponse:
    """Answer the script."""
    return JSONResponse(dict(values), status)


def bare(value: Any) -> Any:
    """JSON for a `<script type="application/json">`: nothing in it can close the element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
