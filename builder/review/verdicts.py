"""
What events amount to: the state of one person's work on an item, and what several people together say of a page.

Events are never changed, so every state is a fold over them, in their order.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from builder.review.store import Event

#: Digest of a block's text, and which of equal texts it is.
Key = tuple[str, int]

#: Kinds of events that undo takes back, one action at a time.
UNDOABLE = frozenset({"role", "spans", "verdict"})


@dataclass(slots=True)
class Work:
    """
    One person's work on one item.

    Attributes:
        last: id of the last event; 0 when there is none. Opening a page is no event of this kind.
        roles: given by hand, by block.
        done, skipped, broken: as marked.
        value: of `spans` or `verdict`: what was decided on a whole article or pair.
        version: what was on the screen when it was last accepted or changed.
        made_at: of the last decision on each block, and under None on the item.
    """

    last: int = 0
    roles: dict[Key, str] = field(default_factory=dict)
    done: bool = False
    skipped: bool = False
    broken: bool = False
    value: str | None = None
    comments: list[str] = field(default_factory=list)
    version: str = ""
    guideline: str = ""
    made_at: dict[Key | None, str] = field(default_factory=dict)


def fold(events: Iterable[tuple[int, Event]]) -> Work:
    """Return the state that one person's events on one item lead to."""
    rows = list(events)
    undone = {event.value for _, event in rows if event.kind == "undo"}
    work = Work()
    for number, event in rows:
        if event.kind == "open":
            continue
        work.last = number
        if event.kind == "undo" or event.action in undone:
            continue
        work.version, work.guideline = event.version, event.guideline
        _take(work, event)
    return work


def _take(work: Work, event: Event) -> None:
    match event.kind:
        case "role":
            key = (event.block, event.occurrence)
            work.roles[key] = event.value
            work.made_at[key] = event.made_at
        case "accept":
            work.done, work.skipped = True, False
            work.made_at[None] = event.made_at
        case "skip":
            work.skipped = True
        case "broken":
            work.broken = event.value == "1"
        case "comment":
            work.comments.append(event.value)
        case "spans" | "verdict":
            work.value = event.value
            work.made_at[None] = event.made_at


def last_action(events: Sequence[tuple[int, Event]]) -> str | None:
    """Return the action that undo takes back next; None when there is none left."""
    undone = {event.value for _, event in events if event.kind == "undo"}
    actions = [event.action for _, event in events if event.kind in UNDOABLE and event.action not in undone]
    return actions[-1] if actions else None


def by_person(events: Iterable[tuple[int, Event]]) -> dict[str, Work]:
    """State of each person's work on one item, by name."""
    grouped: dict[str, list[tuple[int, Event]]] = defaultdict(list)
    for number, event in events:
        grouped[event.annotator].append((number, event))
    return {name: fold(rows) for name, rows in sorted(grouped.items())}


def roles_of(work: Work, blocks: Sequence[Mapping[str, Any]]) -> list[str | None]:
    """
    Role that the person gives each block of a page: the one given by hand, or the automatic one once it is accepted.

    None where nothing was said, as on a page that is broken.
    """
    if work.broken:
        return [None] * len(blocks)
    return [
        work.roles.get((block["digest"], block["occurrence"]), block["role"] or None if work.done else None)
        for block in blocks
    ]


@dataclass(frozen=True, slots=True)
class Decision:
    """What people together say of one block: its role, or None while they differ; and who said so, by role."""

    role: str | None
    votes: Mapping[str, tuple[str, ...]]
    settled_by: tuple[str, ...]
    made_at: str


def decide(
    blocks: Sequence[Mapping[str, Any]], people: Mapping[str, Work], rulings: Mapping[str, Work]
) -> list[Decision | None]:
    """
    Say of each block what people decided; None where nobody said anything.

    The latest ruling of an adjudicator counts before all others; a ruling is on a line, never on a page as a whole.
    Among annotators more than half must agree: two who differ are a dispute, and so are three who differ.
    """
    voices = {name: roles_of(work, blocks) for name, work in people.items()}
    decisions: list[Decision | None] = []
    for i, block in enumerate(blocks):
        key = (block["digest"], block["occurrence"])
        votes: dict[str, list[str]] = defaultdict(list)
        for name, roles in voices.items():
            if roles[i] is not None:
                votes[str(roles[i])].append(name)
        ruled = [(work.made_at[key], name, work.roles[key]) for name, work in rulings.items() if key in work.roles]
        shown = {role: tuple(names) for role, names in sorted(votes.items())}
        if ruled:
            made_at, name, role = max(ruled)
            decisions.append(Decision(role, shown, (name,), made_at))
        elif votes:
            role, count = Counter({role: len(names) for role, names in votes.items()}).most_common(1)[0]
            agreed = 2 * count > sum(map(len, votes.values()))
            names = tuple(votes[role]) if agreed else ()
            made_at = max((_when(people[name], key) for name in names), default="")
            decisions.append(Decision(role if agreed else None, shown, names, made_at))
        else:
            decisions.append(None)
    return decisions


def _when(work: Work, key: Key) -> str:
    return max(work.made_at.get(key, ""), work.made_at.get(None, ""))
