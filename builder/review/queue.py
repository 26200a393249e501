"""
The order of work: the least certain first, every outlet in turn, and among them a random share.

Looking at doubtful pages finds mistakes; looking at random pages measures them. Both stand in one queue, and nobody who
works on it sees which is which.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be reviewed. `doubt` is the mean of 1 - score over what it holds, 0–1."""

    item: str
    outlet: str
    doubt: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """A place of the queue. `sampled` is the rank in the random order of all candidates, whatever drew it."""

    candidate: Candidate
    drawn: str
    sampled: int


def make_queue(candidates: Sequence[Candidate], random_share: float, limit: int, seed: str) -> list[Drawn]:
    """
    Order candidates: one in every 1 / `random_share` places at random, the others by doubt, outlet after outlet.

    The random order is that of a hash, so that it stays what it was when a later release adds pages: what was drawn
    once was drawn fairly. A prefix of it is a random sample of the release also where doubt drew some of it first.

    Args:
        random_share: 0–1.
        limit: places at most.
        seed: the dataset's name.
    """
    shuffled = sorted(candidates, key=lambda each: sha256(f"{seed}\0{each.item}".encode()).digest())
    rank = {candidate.item: i for i, candidate in enumerate(shuffled)}
    sources = {"random": iter(shuffled), "uncertain": by_outlet(candidates)}
    taken: set[str] = set()
    queue: list[Drawn] = []
    while len(queue) < min(limit, len(candidates)):
        n = len(queue)
        drawn = "random" if int((n + 1) * random_share) > int(n * random_share) else "uncertain"
        candidate = next(each for each in sources[drawn] if each.item not in taken)
        taken.add(candidate.item)
        queue.append(Drawn(candidate, drawn, rank[candidate.item]))
    return queue


def by_outlet(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the most doubtful candidate of each outlet, then the second of each …; outlets by their first."""
    grouped: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in sorted(candidates, key=lambda each: (-each.doubt, each.item)):
        grouped[candidate.outlet].append(candidate)
    for round_ in range(max(map(len, grouped.values()), default=0)):
        yield from (group[round_] for group in grouped.values() if round_ < len(group))
