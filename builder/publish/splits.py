"""
Which split an article belongs to: a hash of its group (`dedup/groups.py`), so that copies are never split up.

The test may instead be what is newest: `dedup/by_time.py`.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Literal

from annotated_types import Interval


@dataclass(frozen=True, slots=True)
class SplitSettings:
    """[splits] in dataset.toml: the share of groups in each split, summing to 1."""

    by: Literal["hash", "time"] = "hash"  # time: the newest articles are the test, whole days of them
    train: Annotated[float, Interval(ge=0, le=1)] = 0.8
    validation: Annotated[float, Interval(ge=0, le=1)] = 0.1
    test: Annotated[float, Interval(ge=0, le=1)] = 0.1
    salt: str = "zhnews"  # another salt draws another division


def split_of(group_id: str, settings: SplitSettings) -> str:
    """
    Return `train`, `validation` or `test`.

    The answer depends on the group's id and the settings alone; what an earlier release has placed stays there
    (`groups.place`). Shares hold on average; n groups stray from n * share by about sqrt(n * share).
    """
    draw = int.from_bytes(sha256(f"{settings.salt}\0{group_id}".encode()).digest()[:8]) / 2**64
    if draw < settings.train:
        return "train"
    # Not `< train + validation`: 0.8 + 0.1 + 0.1 is 1 only to rounding, and a share of 0 must stay empty.
    if draw < settings.train + settings.validation or settings.test == 0:
        return "validation" if settings.validation else "train"
    return "test"
