"""From the store to `blocks.jsonl` and back: what people decided, as corrections that a build overlays."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from builder.label.gold import TEXT_CHARS, Correction, read_corrections, write_corrections
from builder.review.exchange import LabelledPage
from builder.review.store import Store
from builder.review.verdicts import Decision, by_person, decide


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: lines of the file, verdicts of the store among them, and blocks still in dispute."""

    lines: int
    verdicts: int
    disputed: int


def judged_pages(store: Store) -> Iterator[tuple[str, dict[str, object], list[Decision | None]]]:
    """Yield each page that somebody said something of: its id, what was shown, and what was decided on each block."""
    items = store.query(
        "SELECT DISTINCT item FROM events WHERE mode IN ('blocks', 'adjudication') AND kind <> 'open' ORDER BY item"
    )
    for (item,) in items:
        people = by_person(store.events("blocks", item))
        rulings = by_person(store.events("adjudication", item))
        worked = [work for work in (*people.values(), *rulings.values()) if work.last]
        latest = max(worked, key=lambda work: work.last)
        content = store.content(latest.version)
        yield item, content, decide(content["blocks"], people, rulings)


def corrections_of(store: Store, guideline: str) -> tuple[list[Correction], int]:
    """Verdicts that stand, as corrections; and how many blocks are in dispute."""
    found, disputed = [], 0
    for item, content, decisions in judged_pages(store):
        blocks: Sequence[dict[str, object]] = content["blocks"]  # type: ignore[assignment]
        for number, (block, decision) in enumerate(zip(blocks, decisions, strict=True)):
            if decision is None:
                continue
            if decision.role is None:
                disputed += 1
                continue
            found.append(
                Correction(
                    page_id=item,
                    block=str(block["digest"]),
                    occurrence=int(str(block["occurrence"])),
                    role=decision.role,
                    annotator="+".join(decision.settled_by),
                    made_at=decision.made_at,
                    guideline=guideline,
                    index=number,
                    text=str(block["text"])[:TEXT_CHARS],
                )
            )
    return found, disputed


def labelled_pages(store: Store) -> Iterator[LabelledPage]:
    """Yield pages that somebody said something of, for other tools; a line in dispute has no role."""
    for item, content, decisions in judged_pages(store):
        blocks: Sequence[dict[str, object]] = content["blocks"]  # type: ignore[assignment]
        lines = tuple(str(block["text"]) for block in blocks)
        yield LabelledPage(item, lines, tuple(each.role if each else None for each in decisions))


def accepted(store: Store, mode: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each person and each article or pair that they accepted: ids, texts' digests, and the verdict."""
    rows = store.query("SELECT DISTINCT item FROM events WHERE mode = ? AND kind = 'accept' ORDER BY item", mode)
    for (item,) in rows:
        for name, work in by_person(store.events(mode, item)).items():
            if not work.done or work.broken:
                continue
            said = {"annotator": name, "made_at": work.made_at[None]}
            content = store.content(work.version)
            if mode == "sentences":
                spans = json.loads(work.value) if work.value else content["spans"]
                yield {"page_id": item, "text_sha256": _digest(content["text"]), "spans": spans, **said}
            else:
                left, right = item.split(":")
                yield {"left_id": left, "right_id": right, "verdict": work.value, **said}


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def export_gold(store: Store, path: Path, guideline: str) -> Exported:
    """
    Write what was decided to `path`, beside what the file holds already: of two verdicts on a block the later counts.

    Nothing goes out of the file: it may come from another store.
    """
    found, disputed = corrections_of(store, guideline)
    before = [correction for page in read_corrections(path).values() for correction in page]
    return Exported(write_corrections(path, [*before, *found]), len(found), disputed)
