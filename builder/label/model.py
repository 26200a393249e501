"""
The trained labeller: its weights, what it says of a page, and why.

`builder/weights/` holds `blocks.npz` (arrays in half precision, no pickle), `blocks.json` (features, classes,
calibration, how it was trained on what, and its scores on sites it had not seen), and the digests of both.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import LibController, ThreadpoolController

from builder.errors import BuilderError
from builder.label.decode import best_roles, chosen_probabilities
from builder.label.features import FEATURES, Features, read_features
from builder.label.line_features import Floats, Ints
from builder.label.network import Batch, Weights, by_bucket, gradients, scores_of, softmax
from builder.label.sheet import Verdict
from builder.records import ROLES, ParsedPage
from builder.shipped import note_digests, read_shipped

WEIGHTS = Path(__file__).resolve().parents[1] / "weights"
#: Standardised features are cut here: a page of 20,000 lines is no more unlike others than one of 2,000.
_LIMIT = 5.0
#: The rules' word as a power of their probability. The network has learned how far to trust them on the sites it knows;
#: on others it is surer than it should be. Sites left out, gold / layouts, macro-F1 and pages right in HTML: 0.3 gives
#: .882 .82 / .919 .70, 0.4 gives .901 .85 / .916 .68, 0.6 gives .899 .85 / .912 .66; in dumps .808 .68 / .840 .53,
#: .810 .71 / .838 .51 and .815 .72 / .827 .49. The rules were written with gold in view, and without the layouts.
_RULES_COUNT = 0.4
_UNSAID, _LEAST_SAID = 0.02, 0.3


@dataclass(slots=True)
class Model:
    """
    A trained network with what its inputs and outputs need.

    Attributes:
        mean, scale: of each feature over the training pages, shape (features,).
        calibration: probability of the network, and how often it was right on sites it had not seen; shape (2, knots).
    """

    weights: Weights
    mean: Floats
    scale: Floats
    calibration: Floats


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Why a block has its role.

    Attributes:
        score: calibrated probability of `role`.
        alternatives: the other roles and their probabilities, likeliest first.
        features: name, value and weight of the block's own features: how much each speaks for `role` against the
            likeliest alternative, in nats, the strongest first.
        neighbours: index of other blocks and how much all they say speaks for it, the strongest first.
        rule: what the rules say.
    """

    role: str
    score: float
    alternatives: list[tuple[str, float]]
    features: list[tuple[str, float, float]]
    neighbours: list[tuple[int, float]]
    rule: Verdict


@cache
def _blas() -> list[LibController]:
    return [library for library in ThreadpoolController().lib_controllers if library.user_api == "blas"]


@contextmanager
def one_thread() -> Iterator[None]:
    """
    Keep BLAS to one thread in the block.

    Pages are small: a second thread only spins, 58 to 75 ms of CPU a page on two busy cores, 10 with one. The libraries
    are asked themselves, since `ThreadpoolController.limit` takes 15 µs a page.
    """
    several = [(library, count) for library in _blas() if (count := library.get_num_threads()) != 1]
    for library, _ in several:
        library.set_num_threads(1)
    try:
        yield
    finally:
        for library, count in several:
            library.set_num_threads(count)


def _keep_freed_memory() -> None:
    """
    Let glibc keep what one page frees for the next, up to 32 MB, instead of handing it back to the kernel.

    It raises its limit to the largest block ever freed, and 16 MB that are never touched cost nothing. Without it a
    page has some 150 page faults, a tenth of its CPU. Elsewhere nothing happens.
    """
    np.empty(1 << 24, np.uint8)


@cache
def load_model(folder: Path = WEIGHTS) -> Model | None:
    """
    Return the model of the folder, None when there is none.

    Raises:
        BuilderError: it is of other features or roles, or not the bytes that were written.
    """
    path = folder / "blocks.npz"
    if not path.exists():
        return None
    about = json.loads(read_shipped(folder / "blocks.json"))
    if tuple(about["features"]) != FEATURES or tuple(about["classes"]) != ROLES:
        raise BuilderError(f"{path} was trained on other features or roles than this code has; run `zhnews train`")
    with np.load(BytesIO(read_shipped(path)), allow_pickle=False) as arrays:
        weights = {name: arrays[name].astype(np.float32) for name in arrays.files}
    _keep_freed_memory()
    weights["grams"] = by_bucket(np.ascontiguousarray(by_bucket(weights["grams"])))
    mean, scale, calibration = (weights.pop(name) for name in ("mean", "scale", "calibration"))
    return Model(weights, mean, scale, calibration)


def save_model(model: Model, folder: Path, about: dict[str, Any]) -> None:
    """Write weights and what is known of them; the same model gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {name: array.astype(np.float16) for name, array in model.weights.items()}
    exact = {"mean": model.mean, "scale": model.scale, "calibration": model.calibration}
    np.savez_compressed(folder / "blocks.npz", allow_pickle=False, **arrays, **exact)
    text = json.dumps({"features": FEATURES, "classes": ROLES, **about}, ensure_ascii=False, indent=1)
    (folder / "blocks.json").write_text(text + "\n", encoding="utf-8")
    note_digests(folder, ("blocks.json", "blocks.npz"))


def standardise(dense: Floats, mean: Floats, scale: Floats) -> Floats:
    """Features in standard deviations from their mean, cut at ±5."""
    standard = dense - mean
    standard /= scale
    return np.clip(standard, -_LIMIT, _LIMIT, out=standard)


def gram_weights(gram_lines: Ints) -> Floats:
    """Weight of each hashed character: 1 by the square root of how many its line has."""
    by_line = np.maximum(np.bincount(gram_lines), 1) ** -0.5
    return by_line.astype(np.float32).take(gram_lines)


def batch_of(features: Features, model: Model) -> Batch:
    """One page as the network takes it."""
    dense = standardise(features.dense, model.mean, model.scale)
    alone = np.ones((1, 1), np.float32)
    grams = features.gram_lines, features.grams, gram_weights(features.gram_lines)
    return Batch(dense, alone, *grams, (features.paths, features.shapes))


def probabilities_of(features: Features, model: Model) -> Floats:
    """Probability of each role for each block, shape (blocks, roles): members and rules together, not calibrated."""
    with one_thread():
        scores, _ = scores_of(model.weights, batch_of(features, model), traced=False)
    return with_rules(softmax(scores).mean(axis=0), features.verdicts)


@cache
def _word_of_rules(verdict: Verdict) -> bytes:
    """What the rules' word counts for each role, in bytes of float32; they know a few dozen verdicts."""
    word = np.full(len(ROLES), _UNSAID**_RULES_COUNT, np.float32)
    word[ROLES.index(verdict[0])] = max(verdict[1], _LEAST_SAID) ** _RULES_COUNT
    return word.tobytes()


def with_rules(probabilities: Floats, verdicts: list[Verdict]) -> Floats:
    """The network's probabilities times those of the rules, whose word counts for less."""
    rules = np.frombuffer(b"".join(map(_word_of_rules, verdicts)), np.float32).reshape(probabilities.shape)
    product = (probabilities + 1e-6) * rules
    return np.asarray(product / product.sum(axis=1, keepdims=True), np.float32)


def verdicts_of(probabilities: Floats, page: ParsedPage, calibration: Floats) -> list[Verdict]:
    """The best labelling of the page, each role with its calibrated score."""
    roles = best_roles(probabilities, page.blocks)
    chosen = chosen_probabilities(probabilities, roles)
    scores = np.interp(chosen, calibration[0], calibration[1]).round(4)
    return [(ROLES[role], score) for role, score in zip(roles.tolist(), scores.tolist(), strict=True)]


def judge_by_model(page: ParsedPage, model: Model) -> list[Verdict]:
    """Return role and calibrated score of every block of the page."""
    return verdicts_of(probabilities_of(read_features(page), model), page, model.calibration)


def explain_block(page: ParsedPage, index: int, model: Model, count: int = 8) -> Explanation:
    """Say why the model gives block `index` its role, by the gradient of its score times each standardised feature."""
    features = read_features(page)
    batch = batch_of(features, model)
    scores, trace = scores_of(model.weights, batch)
    probabilities = with_rules(softmax(scores).mean(axis=0), features.verdicts)
    role, score = verdicts_of(probabilities, page, model.calibration)[index]
    order = [i for i in np.argsort(-probabilities[index], kind="stable").tolist() if ROLES[i] != role]
    wanted = np.zeros_like(scores)
    wanted[:, index, ROLES.index(role)] = 1 / len(scores)
    wanted[:, index, order[0]] = -1 / len(scores)
    _, back = gradients(model.weights, trace, wanted)
    speaks = (back @ model.weights["dense"].transpose(0, 2, 1)).sum(axis=0) * batch.dense
    own = np.argsort(-np.abs(speaks[index]), kind="stable")[:count].tolist()
    others = speaks.sum(axis=1)
    others[index] = 0
    near = [i for i in np.argsort(-np.abs(others), kind="stable")[:3].tolist() if others[i]]
    return Explanation(
        role,
        score,
        [(ROLES[i], round(float(probabilities[index, i]), 4)) for i in order[:3]],
        [(FEATURES[i], round(float(features.dense[index, i]), 3), round(float(speaks[index, i]), 3)) for i in own],
        [(i, round(float(others[i]), 3)) for i in near],
        features.verdicts[index],
    )
