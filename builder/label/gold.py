"""
Human verdicts over rules and models.

A correction names its block by content (page, digest of the text, which of equal texts), never by position: a parser
that cuts the page otherwise cannot misplace it, it can only fail to find it, and that is reported.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from builder.errors import BuilderError, SettingsError
from builder.label.copies import mark_copies
from builder.privacy import excerpt
from builder.records import ROLES, Block


@dataclass(frozen=True, slots=True)
class Correction:
    """
    One line of `seeds/gold/blocks.jsonl`: of two verdicts on a block the later line counts.

    Attributes:
        block: `block_digest` of the text.
        occurrence: 0 for the first block of the page with this text, 1 for the second …
        annotator: who gave the role; names of several that agreed are joined by `+`.
        made_at: ISO 8601, aware.
        guideline: version of `data_cards/ROLES.md` that was followed; empty when nobody said.
        index: where the block stood on its page then. It orders the file and finds nothing.
        text: how the block begins, for the reader of a diff. It finds nothing either.
    """

    page_id: str
    block: str
    occurrence: int
    role: str
    annotator: str
    made_at: str
    guideline: str = ""
    index: int = 0
    text: str = ""

    @property
    def place(self) -> tuple[str, str, int]:
        """What the verdict is on."""
        return self.page_id, self.block, self.occurrence


#: Code points of a block that stand in the file: enough to know the line again, too few to be a copy of the page.
TEXT_CHARS = 24


@dataclass(frozen=True, slots=True)
class GoldFile:
    """A file of corrections and the digest of its bytes, which alone tells two of them apart: recipes hold it."""

    path: Path = field(repr=False, compare=False)
    sha256: str

    def read(self) -> dict[str, list[Correction]]:
        """Corrections by page; a worker reads the file once."""
        return _read_once(self)


def open_gold(path: Path) -> GoldFile:
    """Describe a file of corrections; SettingsError when it is not there, BuilderError names a line that is wrong."""
    try:
        gold = GoldFile(path, sha256(path.read_bytes()).hexdigest())
    except OSError as error:
        raise SettingsError(
            f"gold: {path} cannot be read ({error.strerror}); `zhnews gold export` writes it, or drop the key"
        ) from None
    gold.read()
    return gold


def read_agreement(gold: GoldFile) -> dict[str, Any] | None:
    """What `zhnews agree -o` wrote beside the gold, as `agreement.json`; None when it is not there."""
    path = gold.path.with_name("agreement.json")
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise BuilderError(f"{path} is not JSON ({error}); write it again with `zhnews agree`") from error
    return told


@cache
def _read_once(gold: GoldFile) -> dict[str, list[Correction]]:
    return read_corrections(gold.path)


def block_digest(text: str) -> str:
    """16 hex digits of the block's text."""
    return sha256(text.encode()).hexdigest()[:16]


def read_corrections(path: Path) -> dict[str, list[Correction]]:
    """Corrections by page, in the order of the file; empty when there is none. BuilderError names a line it rejects."""
    gold: dict[str, list[Correction]] = {}
    if not path.exists():
        return gold
    names = {each.name for each in fields(Correction)}
    needed = names - {"guideline", "index", "text"}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise BuilderError(f"{path} is not UTF-8 at byte {error.start}; save it as UTF-8") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BuilderError(f"{path}: line {number} is not JSON ({error.msg}); mend or remove it") from error
        if not isinstance(row, dict) or not needed <= set(row) <= names:
            raise BuilderError(f"{path}: line {number} does not have exactly the keys {', '.join(sorted(names))}")
        if row["role"] not in ROLES:
            role = excerpt(repr(row["role"]))
            raise BuilderError(f"{path}: line {number} has role {role}; roles are {', '.join(ROLES)}")
        gold.setdefault(row["page_id"], []).append(Correction(**row))
    return gold


def write_corrections(path: Path, corrections: Iterable[Correction]) -> int:
    """
    Write the latest verdict on each block, one a line, sorted by page and place, so that a diff reads like the page.

    Returns:
        How many lines there are.
    """
    latest: dict[tuple[str, str, int], Correction] = {}
    for correction in sorted(corrections, key=lambda each: each.made_at):
        latest[correction.place] = correction
    ordered = sorted(latest.values(), key=lambda each: (each.page_id, each.index, each.block, each.occurrence))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.partial")
    unfinished.write_text("".join(json.dumps(asdict(c), ensure_ascii=False) + "\n" for c in ordered), encoding="utf-8")
    unfinished.rename(path)
    return len(ordered)


def block_places(texts: Iterable[str]) -> list[tuple[str, int]]:
    """
    Name each block of a page by its content: digest of its text, and how many equal ones stand above it.

    >>> [occurrence for _, occurrence in block_places(["更多", "要闻", "更多"])]
    [0, 0, 1]
    """
    seen: Counter[str] = Counter()
    places = []
    for text in texts:
        digest = block_digest(text)
        places.append((digest, seen[digest]))
        seen[digest] += 1
    return places


def unmatched_gold(
    gold: Mapping[str, Iterable[Correction]], pages: Iterable[tuple[str, Sequence[str]]]
) -> list[Correction]:
    """
    Return the corrections that match no block of any page, in the order of the file.

    Args:
        pages: page_id and texts of the blocks of each page that `gold` names, as far as it was read.
    """
    there = {(page_id, *place) for page_id, texts in pages for place in block_places(texts)}
    return [correction for correction in chain.from_iterable(gold.values()) if correction.place not in there]


def overlay_gold(page_id: str, blocks: Sequence[Block], gold: Mapping[str, Iterable[Correction]]) -> list[Correction]:
    """
    Give the blocks of a page the roles that people gave them: score 1, origin `gold`; copies are marked anew.

    Returns:
        The corrections of this page that match no block, for the parser or the page has changed.
    """
    corrections = list(gold.get(page_id, ()))
    if not corrections:
        return []
    places = dict(zip(block_places(block.text for block in blocks), blocks, strict=True))
    unmatched = []
    for correction in corrections:
        found = places.get((correction.block, correction.occurrence))
        if found is None:
            unmatched.append(correction)
        else:
            found.role, found.score, found.origin = correction.role, 1.0, "gold"
    mark_copies(blocks)
    return unmatched
