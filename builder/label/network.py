"""
The network that reads a page as a sequence of blocks, in plain numpy: forwards for labelling, backwards for training.

Each block's features become a vector of `WIDTH` numbers. Dilated convolutions let it see its neighbours, from the next
line to 31 lines away; then every block sees the average of the blocks that share its place in the markup, and of the
lines that are the same but for their digits (the third of twelve buttons says what all twelve are); two more
convolutions, and one linear layer gives the scores of the roles. Several members, which differ in their random start
and in what dropout hid from them, are run at once and averaged.

Source: residual dilated convolutions as in Strubell et al. 2017 (ID-CNN), for labels of lines instead of words.
"""

from dataclasses import dataclass

import numpy as np

from builder.label.line_features import Floats, Ints

Weights = dict[str, Floats]

#: Distance of the neighbours that each convolution sees, in lines.
DILATIONS = (1, 2, 4, 8, 16, 1, 2)
#: The groups are pooled before this convolution.
_POOLED_BEFORE = 5
#: Rows of zeros between two pages of a batch, so that no convolution reads across.
GAP = max(DILATIONS)


@dataclass(slots=True)
class Batch:
    """
    Pages one below the other, with GAP rows between.

    Attributes:
        dense: standardised features, shape (rows, features).
        mask: 1 for blocks, 0 between pages, shape (rows, 1); (1, 1) for a page alone.
        gram_rows, grams, gram_weights: row, bucket and weight of each hashed character or pair, ordered by row; all of
            a row have one weight.
        groups: for each kind of group, the group of each row, numbered from 0 without holes.
    """

    dense: Floats
    mask: Floats
    gram_rows: Ints
    grams: Ints
    gram_weights: Floats
    groups: tuple[Ints, ...]


@dataclass(slots=True)
class Trace:
    """What the backward pass needs of the forward pass."""

    batch: Batch
    inputs: list[Floats]
    sums: list[Floats]
    dropped: list[Floats | None]
    pooled: list[tuple[Ints, Floats, Floats, Floats]]
    top: Floats


def random_weights(
    features: int, buckets: int, roles: int, width: int, members: int, rng: np.random.Generator
) -> Weights:
    """Return fresh weights; each array has the members as its first axis."""

    def normal(*shape: int, scale: float) -> Floats:
        return rng.normal(0, scale, (members, *shape)).astype(np.float32)

    weights = {"dense": normal(features, width, scale=features**-0.5), "dense_bias": normal(width, scale=0.0)}
    weights["grams"] = normal(buckets, width, scale=0.05)
    for k in range(len(DILATIONS)):
        weights[f"conv{k}"] = normal(3 * width, width, scale=(3 * width) ** -0.5)
        weights[f"conv{k}_bias"] = normal(width, scale=0.0)
    for k in range(2):
        weights[f"pool{k}"] = normal(width, width, scale=width**-0.5)
        weights[f"pool{k}_bias"] = normal(width, scale=0.0)
    weights["roles"] = normal(width, roles, scale=width**-0.5)
    weights["roles_bias"] = normal(roles, scale=0.0)
    return weights


def scores_of(
    weights: Weights,
    batch: Batch,
    rng: np.random.Generator | None = None,
    dropout: float = 0.0,
    *,
    traced: bool = True,
) -> tuple[Floats, Trace]:
    """
    Run the network forwards.

    Args:
        rng: draws what dropout hides; None for labelling.
        traced: False leaves the trace empty, whose memory nothing but `gradients` needs.

    Returns:
        Scores before the softmax, shape (members, rows, roles), and the trace for `gradients`.
    """

    def drop(hidden: Floats) -> tuple[Floats, Floats | None]:
        if rng is None or not dropout:
            return hidden, None
        kept = (rng.random(hidden.shape, dtype=np.float32) >= dropout) / np.float32(1 - dropout)
        return hidden * kept, kept

    z: Floats = batch.dense @ weights["dense"]
    z += weights["dense_bias"][:, None]
    if len(batch.grams):
        rows, sums = _sums_of_grams(by_bucket(weights["grams"]), batch)
        z[:, rows] += sums.transpose(1, 0, 2)
    hidden, kept = drop(_active(z, batch))
    trace = Trace(batch, [batch.dense], [z], [kept], [], hidden)
    for k, dilation in enumerate(DILATIONS):
        if k == _POOLED_BEFORE:
            hidden = _pool(weights, hidden, trace)
        z = _convolve(hidden, weights[f"conv{k}"], dilation)
        z += weights[f"conv{k}_bias"][:, None]
        found, kept = drop(_active(z, batch))
        if traced:
            trace.inputs.append(hidden)
            trace.sums.append(z)
            trace.dropped.append(kept)
        hidden = hidden + found
    trace.top = hidden
    return hidden @ weights["roles"] + weights["roles_bias"][:, None], trace


def gradients(weights: Weights, trace: Trace, wanted: Floats) -> tuple[Weights, Floats]:
    """
    Run the network backwards.

    Args:
        wanted: gradient of the scores, shape (members, rows, roles).

    Returns:
        The gradient of each weight, and that of the first layer's sums, shape (members, rows, width).
    """
    batch = trace.batch
    found: Weights = {"roles": _t(trace.top) @ wanted, "roles_bias": wanted.sum(axis=1)}
    back = wanted @ _t(weights["roles"])
    for k in range(len(DILATIONS) - 1, -1, -1):
        dilation, kept = DILATIONS[k], trace.dropped[k + 1]
        dz = (back if kept is None else back * kept) * (trace.sums[k + 1] > 0) * batch.mask
        found[f"conv{k}"] = _matrix_gradient(trace.inputs[k + 1], dz, dilation)
        found[f"conv{k}_bias"] = dz.sum(axis=1)
        above, own, below = (_t(third) for third in _thirds(weights[f"conv{k}"]))
        back = back + dz @ own
        back[:, :-dilation] += dz[:, dilation:] @ above
        back[:, dilation:] += dz[:, :-dilation] @ below
        if k == _POOLED_BEFORE:
            back = back + _pool_gradients(weights, trace, back, found)
    kept = trace.dropped[0]
    dz = (back if kept is None else back * kept) * (trace.sums[0] > 0) * batch.mask
    found["dense"], found["dense_bias"] = batch.dense.T @ dz, dz.sum(axis=1)
    grams = np.zeros_like(weights["grams"])
    if len(batch.grams):
        order = np.argsort(batch.grams, kind="stable")
        buckets, starts = np.unique(batch.grams[order], return_index=True)
        spread = dz[:, batch.gram_rows[order]] * batch.gram_weights[order][:, None]
        grams[:, buckets] = np.add.reduceat(spread, starts, axis=1)
    found["grams"] = grams
    return found, dz


def by_bucket(grams: Floats) -> Floats:
    """The table of hashed characters with the buckets as its first axis: how it is looked up, and lies in memory."""
    return grams.transpose(1, 0, 2)


def _sums_of_grams(table: Floats, batch: Batch) -> tuple[Ints, Floats]:
    """
    Rows that have grams, and the weighted sum of each one's, shape (rows, members, width).

    The first gram of all rows, then the second of those that have one …: 60 % of the time of `np.add.reduceat`, which
    adds up each column of each row by itself.
    """
    starts = np.flatnonzero(np.diff(batch.gram_rows, prepend=-1))
    counts = np.diff(starts, append=len(batch.grams))
    order = np.argsort(-counts, kind="stable")
    at = starts[order]
    sums = table.take(batch.grams.take(at), axis=0)
    rows_with_more = len(starts) - np.cumsum(np.bincount(counts))
    for nth, n in enumerate(rows_with_more[1:-1].tolist(), start=1):
        sums[:n] += table.take(batch.grams.take(at[:n] + nth), axis=0)
    sums *= batch.gram_weights[at][:, None, None]
    return batch.gram_rows[at], sums


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    # That axis first, for numpy takes the highest of a few long rows ten times as fast as of many short ones.
    scores = np.ascontiguousarray(np.moveaxis(scores, -1, 0))
    powers = np.exp(scores - scores.max(axis=0))
    powers /= powers.sum(axis=0)
    return np.moveaxis(powers, 0, -1)


def _t(matrices: Floats) -> Floats:
    return matrices.transpose(0, 2, 1)


def _active(z: Floats, batch: Batch) -> Floats:
    """Rectify in place, for what is below 0 has no gradient either, and leave the rows between pages 0."""
    np.maximum(z, 0, out=z)
    z *= batch.mask
    return z


def _thirds(matrix: Floats) -> tuple[Floats, Floats, Floats]:
    """The parts of a convolution's matrix for the row above, the row itself, and the row below."""
    width = matrix.shape[2]
    return matrix[:, :width], matrix[:, width : 2 * width], matrix[:, 2 * width :]


def _convolve(hidden: Floats, matrix: Floats, dilation: int) -> Floats:
    """
    Each row and those `dilation` rows above and below it, zeros where there are none, by their parts of the matrix.

    Three products, since to lay the rows side by side for a single one takes longer than what it saves.
    """
    above, own, below = _thirds(matrix)
    z: Floats = hidden @ own
    z[:, dilation:] += hidden[:, :-dilation] @ above
    z[:, :-dilation] += hidden[:, dilation:] @ below
    return z


def _matrix_gradient(hidden: Floats, dz: Floats, dilation: int) -> Floats:
    above = _t(hidden[:, :-dilation]) @ dz[:, dilation:]
    below = _t(hidden[:, dilation:]) @ dz[:, :-dilation]
    return np.concatenate([above, _t(hidden) @ dz, below], axis=1)


def _pool(weights: Weights, hidden: Floats, trace: Trace) -> Floats:
    """Add to each row what the average of its groups says."""
    result = hidden
    for k, groups in enumerate(trace.batch.groups):
        counts = np.bincount(groups).astype(np.float32)[:, None]
        means = _sums_by_group(hidden, groups) / counts
        z = means @ weights[f"pool{k}"] + weights[f"pool{k}_bias"][:, None]
        result = result + np.maximum(z, 0).take(groups, axis=1) * trace.batch.mask
        trace.pooled.append((groups, means, counts, z))
    return result


def _pool_gradients(weights: Weights, trace: Trace, back: Floats, found: Weights) -> Floats:
    spread = np.zeros_like(back)
    for k, (groups, means, counts, z) in enumerate(trace.pooled):
        dz = _sums_by_group(back * trace.batch.mask, groups) * (z > 0)
        found[f"pool{k}"], found[f"pool{k}_bias"] = _t(means) @ dz, dz.sum(axis=1)
        spread += (dz @ _t(weights[f"pool{k}"]) / counts)[:, groups]
    return spread


def _sums_by_group(hidden: Floats, groups: Ints) -> Floats:
    order = np.argsort(groups, kind="stable")
    counts = np.bincount(groups)
    starts = np.cumsum(counts) - counts
    return _sums(hidden.take(order, axis=1), starts, axis=1)


def _sums(rows: Floats, starts: Ints, axis: int) -> Floats:
    """
    `np.add.reduceat` of contiguous rows whose width is even.

    Two columns are added as one complex number, which takes a sixth off the network's time on a page.
    """
    pairs = rows.view(np.result_type(rows, np.complex64))
    return np.asarray(np.add.reduceat(pairs, starts, axis=axis).view(rows.dtype))
