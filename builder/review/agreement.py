"""
How far people agree: Krippendorff's alpha and Cohen's kappa, over all roles and for each, with bootstrap intervals.

The unit is a block, the bootstrap draws pages: blocks of one page are no independent witnesses. Alpha takes any number
of people a block; kappa is of pairs, weighted by the blocks that both have judged.

Source: Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011 (nominal data); Cohen 1960; Efron's percentile
interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: Draws of the bootstrap, and its seed. At 1000 the ends of an interval move by .005 from seed to seed.
DRAWS = 1000
SEED = 20240501


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval; None where the data does not define it (one role only, no pair)."""

    value: float | None
    low: float | None
    high: float | None


#: One page: for each of its blocks the role number that each person gave, -1 for none; shape (blocks, people).
PageVotes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Figures over all roles, and of each role against all others; `n` blocks were judged by two people or more."""

    pages: int
    n: int
    alpha: Figure
    kappa: Figure
    by_role: dict[str, tuple[int, Figure, Figure]]


def measure(pages: Sequence[PageVotes], roles: Sequence[str], draws: int = DRAWS) -> Agreement:
    """Measure agreement on pages; a role's count is that of the times it was given to a block with a second opinion."""
    size = len(roles)
    shared = [votes[(votes >= 0).sum(axis=1) >= 2] for votes in pages]
    shared = [votes for votes in shared if len(votes)]
    coincidences = np.array([_coincidences(votes, size) for votes in shared]).reshape(len(shared), size, size)
    people = pages[0].shape[1] if pages else 0
    pairs = [
        np.array([_confusion(votes[:, a], votes[:, b], size) for votes in shared]).reshape(len(shared), size, size)
        for a, b in combinations(range(people), 2)
    ]
    weights = _weights(len(shared), draws)
    drawn = np.tensordot(weights, coincidences, 1)
    drawn_pairs = [np.tensordot(weights, pair, 1) for pair in pairs]
    by_role = {}
    for i, role in enumerate(roles):
        count = round(float(drawn[0, i].sum()))
        by_role[role] = (
            count,
            _figure(alpha(_one_against_all(drawn, i))),
            _figure(_mean_kappa([_one_against_all(pair, i) for pair in drawn_pairs])),
        )
    n = sum(map(len, shared))
    return Agreement(len(shared), n, _figure(alpha(drawn)), _figure(_mean_kappa(drawn_pairs)), by_role)


def alpha(coincidences: Floats) -> Floats:
    """
    Krippendorff's alpha of coincidence matrices, shape (…, roles, roles); NaN where only one role was ever given.

    The example is that of Krippendorff 2011, section C, with three coders and missing data, cut to nominal data:

    >>> votes = np.array([[0, 0], [1, 1], [2, 2], [2, 2], [1, 1], [0, 1]])
    >>> round(float(alpha(_coincidences(votes, 3))), 3)
    0.766
    """
    totals = coincidences.sum(axis=-1)
    n = totals.sum(axis=-1)
    differing = n - np.trace(coincidences, axis1=-2, axis2=-1)
    expected = n**2 - (totals**2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = 1 - (n - 1) * differing / expected
    return found


def kappa(confusion: Floats) -> Floats:
    """
    Cohen's kappa of confusion matrices, shape (…, roles, roles); NaN where chance alone explains all.

    >>> round(float(kappa(np.array([[20.0, 5], [10, 15]]))), 2)
    0.4
    """
    n = confusion.sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = np.trace(confusion, axis1=-2, axis2=-1) / n
        expected = (confusion.sum(axis=-1) * confusion.sum(axis=-2)).sum(axis=-1) / n**2
        found: Floats = (observed - expected) / (1 - expected)
    return found


def _mean_kappa(pairs: Sequence[Floats]) -> Floats:
    """Kappa of each pair of people, weighted by the blocks that both judged."""
    if not pairs:
        return np.array([np.nan])
    values = np.array([kappa(pair) for pair in pairs])
    weights = np.where(np.isnan(values), 0, np.array([pair.sum(axis=(-2, -1)) for pair in pairs]))
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = (np.nan_to_num(values) * weights).sum(axis=0) / weights.sum(axis=0)
    return found


def _coincidences(votes: PageVotes, size: int) -> Floats:
    """Each ordered pair of votes on one block, weighted by 1 / (votes - 1)."""
    matrix = np.zeros((size, size))
    for row in votes:
        given = row[row >= 0]
        counts = np.bincount(given, minlength=size)
        matrix += (np.outer(counts, counts) - np.diag(counts)) / (len(given) - 1)
    return matrix


def _confusion(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64], size: int) -> Floats:
    both = (one >= 0) & (other >= 0)
    matrix = np.zeros((size, size))
    np.add.at(matrix, (one[both], other[both]), 1)
    return matrix


def _one_against_all(matrices: Floats, role: int) -> Floats:
    """Fold matrices of all roles to two classes: this role, and any other."""
    hit = matrices[..., role, role]
    rows, columns = matrices[..., role, :].sum(axis=-1), matrices[..., :, role].sum(axis=-1)
    rest = matrices.sum(axis=(-2, -1)) - rows - columns + hit
    return np.stack([np.stack([hit, rows - hit], axis=-1), np.stack([columns - hit, rest], axis=-1)], axis=-2)


def _weights(n: int, draws: int) -> Floats:
    """How often each page is drawn: once in the first row, for the figure itself; with replacement in the others."""
    drawn = np.random.default_rng(SEED).multinomial(n, [1 / n] * n, size=draws) if n else np.zeros((draws, 0))
    return np.vstack([np.ones((1, n)), drawn]).astype(np.float64)


def _figure(values: Floats) -> Figure:
    """Return the first value and the 95 % interval of the others."""
    value = float(values.flat[0])
    if np.isnan(value):
        return Figure(None, None, None)
    drawn = values[1:][~np.isnan(values[1:])]
    low, high = np.percentile(drawn, [2.5, 97.5]).tolist() if len(drawn) else (value, value)
    return Figure(round(value, 4), round(low, 4), round(high, 4))


def share(hits: Floats, totals: Floats, draws: int = DRAWS) -> Figure:
    """Return hits over totals, both counted by page, with its interval over pages."""
    weights = _weights(len(hits), draws)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _figure((weights @ hits) / (weights @ totals))
