"""
What a review says: how far people agree, how good the labeller is, where it errs, and how each person does.

Copies of a line on the same page (`dup_of`) count for nothing here: they follow the first.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from builder.records import ROLES
from builder.review.agreement import Figure, measure, share
from builder.review.assignment import speed
from builder.review.store import Store
from builder.review.verdicts import Decision, Work, by_person, decide, roles_of

#: Confusions listed at most, and how often one must be seen to be listed.
CONFUSIONS = 20
MIN_CONFUSED = 2


@dataclass(frozen=True, slots=True)
class Judged:
    """A page on which somebody finished: what was shown, what each person and all together said."""

    item: str
    outlet: str
    title: str
    sampled: int | None
    drawn: str
    blocks: Sequence[dict[str, Any]]
    voices: dict[str, list[str | None]]
    decisions: list[Decision | None]


def judged(store: Store) -> list[Judged]:
    """Return every page that somebody has finished or an adjudicator has ruled on."""
    pages = []
    for (item,) in store.query("SELECT DISTINCT item FROM events WHERE mode = 'blocks' AND kind = 'accept' ORDER BY 1"):
        people = by_person(store.events("blocks", item))
        rulings = by_person(store.events("adjudication", item))
        done = {name: work for name, work in people.items() if work.done and not work.broken}
        if not done:
            continue
        content = store.content(_latest(done).version)
        place = store.place("blocks", item)
        pages.append(
            Judged(
                item=item,
                outlet=content["outlet"] or "",
                title=content["title"] or content["source"],
                sampled=place.sampled if place else None,
                drawn=place.drawn if place else "",
                blocks=content["blocks"],
                voices={name: roles_of(work, content["blocks"]) for name, work in done.items()},
                decisions=decide(content["blocks"], done, rulings),
            )
        )
    return pages


def _latest(people: dict[str, Work]) -> Work:
    return max(people.values(), key=lambda work: work.last)


def report(store: Store) -> dict[str, Any]:
    """Everything that `zhnews agree` says, as JSON values."""
    pages = judged(store)
    return {
        "pages": len(pages),
        "agreement": agreement_of(pages),
        "labeller": labeller_of(pages),
        "confusions": confusions(pages),
        "disputes": disputes(pages),
        "people": people_of(store, pages),
    }


def agreement_of(pages: Sequence[Judged]) -> dict[str, Any]:
    """Alpha and kappa over all roles and of each, on pages that two people or more have finished."""
    names = sorted({name for page in pages for name in page.voices})
    votes = []
    for page in pages:
        firsts = [i for i, block in enumerate(page.blocks) if block["dup_of"] is None]
        matrix = np.full((len(firsts), len(names)), -1, np.int64)
        for column, name in enumerate(names):
            said = page.voices.get(name)
            if said:
                matrix[:, column] = [ROLES.index(role) if (role := said[i]) else -1 for i in firsts]
        votes.append(matrix)
    found = measure(votes, ROLES)
    return {
        "pages": found.pages,
        "lines": found.n,
        "annotators": len(names),
        "alpha": asdict(found.alpha),
        "kappa": asdict(found.kappa),
        "by_role": {
            role: {"n": n, "alpha": asdict(alpha), "kappa": asdict(kappa)}
            for role, (n, alpha, kappa) in found.by_role.items()
            if n
        },
    }


def fair_sample(pages: Sequence[Judged]) -> list[Judged]:
    """
    Pages from which the labeller can be measured: those whose rank in the random order is at most the highest that
    chance has drawn so far. What doubt drew of them would have come by chance too; all else would look worse.
    """
    reached = max((page.sampled for page in pages if page.drawn == "random" and page.sampled is not None), default=-1)
    return [page for page in pages if page.sampled is not None and page.sampled <= reached]


def labeller_of(pages: Sequence[Judged]) -> dict[str, Any]:
    """Accuracy, and precision and recall by role, of the automatic roles on pages drawn at random."""
    sample = fair_sample(pages)
    size = len(ROLES)
    confusion = np.zeros((len(sample), size, size))  # page, decided, automatic
    for number, page in enumerate(sample):
        for right, given in _pairs(page):
            confusion[number, ROLES.index(right), ROLES.index(given)] += 1
    hits = np.trace(confusion, axis1=1, axis2=2)
    by_role = {}
    for i, role in enumerate(ROLES):
        hit, decided, automatic = confusion[:, i, i], confusion[:, i].sum(axis=1), confusion[:, :, i].sum(axis=1)
        if decided.sum() or automatic.sum():
            figures = {
                "precision": share(hit, automatic),
                "recall": share(hit, decided),
                "f1": share(2 * hit, decided + automatic),
            }
            by_role[role] = {"n": int(decided.sum()), **{name: asdict(figure) for name, figure in figures.items()}}
    accuracy = share(hits, confusion.sum(axis=(1, 2))) if sample else Figure(None, None, None)
    return {
        "pages": len(sample),
        "lines": int(confusion.sum()),
        "accuracy": asdict(accuracy),
        "by_role": by_role,
    }


def _pairs(page: Judged) -> Iterable[tuple[str, str]]:
    """Role decided on and role given automatically, of each block that has both."""
    for block, decision in zip(page.blocks, page.decisions, strict=True):
        automatic = block["role"] and block["origin"] != "gold"
        if decision and decision.role and automatic and block["dup_of"] is None:
            yield decision.role, block["role"]


def confusions(pages: Sequence[Judged]) -> list[dict[str, Any]]:
    """Which roles are read as which on which outlet, the most frequent first: `n` of `of` lines that have the role."""
    read_as: Counter[tuple[str, str, str]] = Counter()
    of: Counter[tuple[str, str]] = Counter()
    for page in pages:
        for right, given in _pairs(page):
            of[page.outlet, right] += 1
            if right != given:
                read_as[page.outlet, right, given] += 1
    listed = sorted(read_as.items(), key=lambda each: (-each[1], each[0]))
    return [
        {"outlet": outlet, "role": right, "read_as": given, "n": n, "of": of[outlet, right]}
        for (outlet, right, given), n in listed
        if n >= MIN_CONFUSED
    ][:CONFUSIONS]


def disputes(pages: Sequence[Judged]) -> list[dict[str, Any]]:
    """Pages with lines on which people differ and nobody has ruled, with the votes."""
    found = []
    for page in pages:
        lines = [
            {"line": i, "text": page.blocks[i]["text"], "votes": {role: list(who) for role, who in d.votes.items()}}
            for i, d in enumerate(page.decisions)
            if d and d.role is None
        ]
        if lines:
            found.append({"item": page.item, "title": page.title, "lines": lines})
    return found


def people_of(store: Store, pages: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """Pages done, seconds and actions a page, and how often each person says what was decided with others."""
    found: dict[str, dict[str, Any]] = {}
    for (name,) in store.query("SELECT DISTINCT annotator FROM events WHERE mode = 'blocks' ORDER BY annotator"):
        seconds, actions = speed(store, "blocks", name)
        right = total = 0
        for page in pages:
            others = len(page.voices) - (name in page.voices)
            for said, decision, block in zip(page.voices.get(name, ()), page.decisions, page.blocks, strict=False):
                decided = decision.role if decision and (others or name not in decision.settled_by) else None
                if truth := block.get("gold") or decided:
                    total += 1
                    right += said == truth
        found[name] = {
            "pages": sum(name in page.voices for page in pages),
            "seconds_a_page": seconds,
            "actions_a_page": actions,
            "with_decision": round(right / total, 4) if total else None,
        }
    return found
