"""Pair mode: two texts found alike, side by side, with what differs marked."""

from collections.abc import Iterable
from difflib import SequenceMatcher

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from builder.review.desk import answer, append, check_version, open_item, person, read_posted, render, store_of
from builder.review.verdicts import fold, last_action

MODE = "pair"
VERDICTS = ("same", "update", "different")

#: Characters of a changed stretch, one side times the other, up to which it is compared letter by letter; above it,
#: whole lines are marked.
MAX_COMPARED = 4_000_000

#: A stretch of the text, and whether the other side has it too.
Piece = tuple[bool, str]


async def show(request: Request) -> Response:
    """One pair to judge."""
    opened = open_item(request, MODE, "/pairs")
    content = opened.content
    left, right = await run_in_threadpool(differences, content["left_text"], content["right_text"])
    sides = [(content["left_title"], left), (content["right_title"], right)]
    page = content | {"title": content["left_title"], "source": opened.place.item}
    return render(request, "pair.html", **opened.values, page=page, sides=sides)


async def take(request: Request) -> Response:
    """One action of a person; to accept, a verdict is needed."""
    who = person(request)
    posted = await read_posted(request)
    place, _ = check_version(request, MODE, posted)
    store = store_of(request)
    events = store.events(MODE, place.item, who)
    value = posted.value
    if posted.kind == "undo":
        before = last_action(events)
        if before is None:
            return answer({"seen": posted.seen, "verdict": None})
        value = before
    elif posted.kind not in ("verdict", "accept", "skip", "comment", "broken"):
        raise HTTPException(400)
    no_verdict = posted.kind == "accept" and fold(events).value is None
    if no_verdict or (posted.kind == "verdict" and value not in VERDICTS):
        raise HTTPException(400)
    seen = append(request, MODE, place.item, posted, [], value)
    return answer({"seen": seen, "verdict": fold(store.events(MODE, place.item, who)).value})


def differences(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """
    Cut two texts into stretches that both have and stretches that one has alone: lines first, then characters.

    >>> differences("桥长一千米", "桥长两千米")
    ([(True, '桥长'), (False, '一'), (True, '千米')], [(True, '桥长'), (False, '两'), (True, '千米')])
    """
    lefts: list[Piece] = []
    rights: list[Piece] = []
    left_lines, right_lines = left.splitlines(keepends=True), right.splitlines(keepends=True)
    for tag, i, j, k, m in SequenceMatcher(None, left_lines, right_lines, autojunk=False).get_opcodes():
        one, other = "".join(left_lines[i:j]), "".join(right_lines[k:m])
        if tag == "equal":
            lefts.append((True, one))
            rights.append((True, other))
        elif len(one) * len(other) > MAX_COMPARED:
            lefts.append((False, one))
            rights.append((False, other))
        else:
            for tag_, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
                lefts.append((tag_ == "equal", one[a:b]))
                rights.append((tag_ == "equal", other[c:d]))
    return _joined(lefts), _joined(rights)


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Put neighbours of one kind together, and leave out what is empty."""
    joined: list[Piece] = []
    for same, piece in pieces:
        if joined and joined[-1][0] == same:
            joined[-1] = (same, joined[-1][1] + piece)
        elif piece:
            joined.append((same, piece))
    return joined


ROUTES = [
    Route("/pairs/{item:str}", show, methods=["GET"]),
    Route("/pairs/{item:str}", take, methods=["POST"]),
]
