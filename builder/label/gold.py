"""
Human verdicts over rules and models.

A correction names its block by content (page, digest of the text, which of equal texts), never by position: a parser
that cuts the page otherwise cannot misplace it, it can only fail to find it, and that is reported.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path

from builder.errors import BuilderError
from builder.label.copies import mark_copies
from builder.records import ROLES, Block


@dataclass(frozen=True, slots=True)
class Correction:
    """
    One line of `seeds/gold/blocks.jsonl`, which is append-only: of two verdicts on a block the later line counts.

    Attributes:
        block: `block_digest` of the text.
        occurrence: 0 for the first block of the page with this text, 1 for the second …
        made_at: ISO 8601, aware.
    """

    page_id: str
    block: str
    occurrence: int
    role: str
    annotator: str
    made_at: str


def block_digest(text: str) -> str:
    """16 hex digits of the block's text."""
    return sha256(text.encode()).hexdigest()[:16]


def read_corrections(path: Path) -> dict[str, list[Correction]]:
    """Corrections by page, in the order of the file; empty when there is none. BuilderError names a line it rejects."""
    gold: dict[str, list[Correction]] = {}
    if not path.exists():
        return gold
    names = {field.name for field in fields(Correction)}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BuilderError(f"{path}: line {number} is not JSON ({error.msg}); mend or remove it") from error
        if not isinstance(row, dict) or set(row) != names:
            raise BuilderError(f"{path}: line {number} does not have exactly the keys {', '.join(sorted(names))}")
        if row["role"] not in ROLES:
            raise BuilderError(f"{path}: line {number} has role {row['role']!r}; roles are {', '.join(ROLES)}")
        gold.setdefault(row["page_id"], []).append(Correction(**row))
    return gold


def overlay_gold(page_id: str, blocks: Sequence[Block], gold: Mapping[str, Iterable[Correction]]) -> list[Correction]:
    """
    Give the blocks of a page the roles that people gave them: score 1, origin `gold`; copies are marked anew.

    Returns:
        The corrections of this page that match no block, for the parser or the page has changed.
    """
    corrections = list(gold.get(page_id, ()))
    if not corrections:
        return []
    seen: Counter[str] = Counter()
    places: dict[tuple[str, int], Block] = {}
    for block in blocks:
        digest = block_digest(block.text)
        places[digest, seen[digest]] = block
        seen[digest] += 1
    unmatched = []
    for correction in corrections:
        found = places.get((correction.block, correction.occurrence))
        if found is None:
            unmatched.append(correction)
        else:
            found.role, found.score, found.origin = correction.role, 1.0, "gold"
    mark_copies(blocks)
    return unmatched
