"""Sentence mode: one article at a time, its boundaries split, joined and moved."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from builder.review.boundaries import BoundaryError, Span, operate
from builder.review.desk import answer, append, check_version, open_item, person, read_posted, render, store_of
from builder.review.verdicts import Work, fold, last_action

MODE = "sentences"


async def show(request: Request) -> Response:
    """One article with its sentences."""
    opened = open_item(request, MODE, "/sentences")
    spans = spans_of(opened.content, opened.work)
    return render(
        request,
        "sentences.html",
        **opened.values,
        page=opened.content,
        paragraphs=paragraphs_of(opened.content["text"], spans),
    )


async def take(request: Request) -> Response:
    """One action of a person; the answer holds the sentences as they are then."""
    who = person(request)
    posted = await read_posted(request)
    place, content = check_version(request, MODE, posted)
    store = store_of(request)
    events = store.events(MODE, place.item, who)
    value = posted.value
    if posted.kind == "spans":
        try:
            value = json.dumps(operate(content["text"], spans_of(content, fold(events)), posted.value))
        except BoundaryError:
            return _sentences(request, content, fold(events), posted.seen)
    elif posted.kind == "undo":
        before = last_action(events)
        if before is None:
            return _sentences(request, content, fold(events), posted.seen)
        value = before
    elif posted.kind not in ("accept", "skip", "comment", "broken"):
        raise HTTPException(400)
    seen = append(request, MODE, place.item, posted, [], value)
    return _sentences(request, content, fold(store.events(MODE, place.item, who)), seen)


def spans_of(content: Mapping[str, Any], work: Work) -> list[Span]:
    """The boundaries as the person left them, else the automatic ones; also those of a text that has changed since."""
    spans = json.loads(work.value) if work.value else content["spans"]
    if spans and spans[-1][1] > len(content["text"]):
        spans = content["spans"]
    return [(start, end) for start, end in spans]


def paragraphs_of(text: str, spans: Sequence[Span]) -> list[list[tuple[int, str, str]]]:
    """For each line of the text its sentences: number, white space before it, and the sentence itself."""
    paragraphs: list[list[tuple[int, str, str]]] = []
    at = 0
    for number, (start, end) in enumerate(spans):
        between = text[at:start]
        if number == 0 or "\n" in between:
            paragraphs.append([])
        paragraphs[-1].append((number, between.rpartition("\n")[2], text[start:end]))
        at = end
    return paragraphs


def _sentences(request: Request, content: Mapping[str, Any], work: Work, seen: int | None) -> Response:
    templates = request.app.state.templates
    paragraphs = paragraphs_of(content["text"], spans_of(content, work))
    html = templates.get_template("sentence_list.html").render(paragraphs=paragraphs)
    return answer({"seen": seen, "html": html})


ROUTES = [
    Route("/sentences/{item:str}", show, methods=["GET"]),
    Route("/sentences/{item:str}", take, methods=["POST"]),
]
