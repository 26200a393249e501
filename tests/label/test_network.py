"""The network: its gradients, and what it must not see."""

import numpy as np
import pytest

from builder.label.network import GAP, Batch, Weights, gradients, random_weights, scores_of, softmax

FEATURES, BUCKETS, ROLES = 7, 11, 4


def batch_of(rows: int, rng: np.random.Generator, *, hole: slice = slice(0, 0)) -> Batch:
    mask = np.ones((rows, 1))
    mask[hole] = 0
    gram_rows = np.repeat(np.arange(rows), 2)
    groups = tuple(np.unique(rng.integers(0, n, rows), return_inverse=True)[1] for n in (5, 9))
    dense = rng.normal(size=(rows, FEATURES)) * mask
    return Batch(dense, mask, gram_rows, rng.integers(0, BUCKETS, 2 * rows), np.full(2 * rows, 0.7), groups)


def exact_weights(rng: np.random.Generator) -> Weights:
    weights = random_weights(FEATURES, BUCKETS, ROLES, width=6, members=2, rng=rng)
    return {name: array.astype(np.float64) + 0.01 for name, array in weights.items()}


@pytest.mark.parametrize("name", ["dense", "grams", "conv0", "conv4", "conv6", "pool0", "pool1", "roles", "conv5_bias"])
def test_gradient_is_the_slope_of_the_loss(name: str) -> None:
    rng = np.random.default_rng(3)
    weights, batch = exact_weights(rng), batch_of(48, rng, hole=slice(20, 24))
    wanted = np.eye(ROLES)[rng.integers(0, ROLES, 48)]

    def loss() -> float:
        scores, _ = scores_of(weights, batch)
        return float(-(np.log(softmax(scores)) * wanted * batch.mask).sum())

    scores, trace = scores_of(weights, batch)
    found, _ = gradients(weights, trace, (softmax(scores) - wanted) * batch.mask)
    strongest = np.unravel_index(np.abs(found[name]).argmax(), found[name].shape)
    step, kept = 1e-6, weights[name][strongest]
    weights[name][strongest] = kept + step
    above = loss()
    weights[name][strongest] = kept - step
    slope = (above - loss()) / (2 * step)
    assert found[name][strongest] == pytest.approx(slope, rel=1e-3)


def test_pages_of_a_batch_do_not_see_each_other() -> None:
    rng = np.random.default_rng(4)
    weights = exact_weights(rng)
    one, other = batch_of(9, rng), batch_of(30, rng)
    zeros = np.zeros((GAP, FEATURES))
    between = tuple(np.full(GAP, int(a.max()) + 1) for a in one.groups)
    together = Batch(
        np.concatenate((one.dense, zeros, other.dense)),
        np.concatenate((one.mask, np.zeros((GAP, 1)), other.mask)),
        np.concatenate((one.gram_rows, other.gram_rows + 9 + GAP)),
        np.concatenate((one.grams, other.grams)),
        np.concatenate((one.gram_weights, other.gram_weights)),
        tuple(np.concatenate((a, g, b + g[0] + 1)) for a, g, b in zip(one.groups, between, other.groups, strict=True)),
    )
    scores, _ = scores_of(weights, together)
    np.testing.assert_allclose(scores[:, :9], scores_of(weights, one)[0], rtol=1e-9)
    np.testing.assert_allclose(scores[:, 9 + GAP :], scores_of(weights, other)[0], rtol=1e-9)
