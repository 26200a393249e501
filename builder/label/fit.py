"""
Fit the network to labelled pages: what a step sees of them, what dropout hides, and Adam.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from builder.label.augment import augment
from builder.label.corpus import Example
from builder.label.features import FEATURES, GRAM_BUCKETS, Features, read_features
from builder.label.line_features import Floats, Ints
from builder.label.model import Model, gram_weights, one_thread, standardise
from builder.label.network import GAP, Batch, Weights, gradients, random_weights, scores_of, softmax
from builder.records import ROLES, ParsedPage

_FEATURE = {name: i for i, name in enumerate(FEATURES)}
_DOM = [i for name, i in _FEATURE.items() if name.startswith(("dom:", "head:", "main:")) or name == "page:titled"]
_RULE = [i for name, i in _FEATURE.items() if name.startswith("rule:") or ":title" in name or ":run" in name]


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """
    How to train. The values were chosen by leave-one-site-out on the gold pages.

    Attributes:
        folds: groups of sites that are left out in turn.
        members: networks that are averaged.
        width: numbers that describe a block inside the network.
        augmented: pages made of the labelled ones.
        repeats: how often each labelled page comes up an epoch, beside each augmented page once.
        real_repeats: how often more it does when it is real, since most labelled pages are invented.
        pages_a_step: pages whose gradients are added up.
        window: a longer page is cut to so many blocks, another stretch each time.
        dropout: share of the inner numbers that are hidden in a step.
        feature_dropout: share of the features that are hidden in a step.
        no_dom: share of the HTML pages that are read without their markup.
        no_rules: share of the pages that are read without what the rules say.
        gram_dropout: share of the hashed characters that are hidden.
        class_weight: exponent of the inverse frequency of a role in its weight.
        page_weight: exponent of the inverse length of a page in its weight.
        smoothing: share of the probability that is spread over all roles.
    """

    seed: int = 0
    folds: int = 5
    members: int = 3
    width: int = 32
    epochs: int = 7
    augmented: int = 2000
    repeats: int = 2
    real_repeats: int = 2
    pages_a_step: int = 6
    window: int = 400
    rate: float = 3e-3
    decay: float = 0.1
    dropout: float = 0.2
    feature_dropout: float = 0.05
    no_dom: float = 0.2
    no_rules: float = 0.1
    gram_dropout: float = 0.5
    class_weight: float = 0.4
    page_weight: float = 0.5
    smoothing: float = 0.02


@dataclass(slots=True)
class _Read:
    """A page with its features, and the numbers of its roles."""

    html: bool
    features: Features
    roles: Ints


def fit(examples: Sequence[Example], sites: dict[str, str], settings: TrainSettings) -> Model:
    """Train one model on these examples and pages made of them."""
    rng = np.random.default_rng(settings.seed)
    own = [_read(example.html, example.page, example.roles) for example in examples]
    made = [_read(s.html, s.page, np.array(s.roles)) for s in augment(examples, sites, settings.augmented, rng)]
    dense = np.concatenate([page.features.dense for page in own])
    spread = dense.std(axis=0)
    # A feature that hardly varies here must not become loud elsewhere.
    model = Model(
        random_weights(len(FEATURES), GRAM_BUCKETS, len(ROLES), settings.width, settings.members, rng),
        dense.mean(axis=0),
        np.where(spread < 1e-3, 1, np.maximum(spread, 0.05)).astype(np.float32),
        np.array([[0, 1], [0, 1]], np.float32),
    )
    counts = np.bincount(np.concatenate([page.roles[page.roles >= 0] for page in own]), minlength=len(ROLES))
    class_weights = (counts.mean() / np.maximum(counts, 1)) ** settings.class_weight
    with one_thread():
        real = [page for page, example in zip(own, examples, strict=True) if not example.invented]
        pages = own * settings.repeats + real * settings.real_repeats + made
        _train(model, pages, class_weights, settings, rng)
    model.weights = {name: w.astype(np.float16).astype(np.float32) for name, w in model.weights.items()}
    return model


def _train(
    model: Model, pages: Sequence[_Read], class_weights: Floats, settings: TrainSettings, rng: np.random.Generator
) -> None:
    """Change the weights of the model by all epochs."""
    steps_an_epoch = -(-len(pages) // settings.pages_a_step)
    steps = steps_an_epoch * settings.epochs
    momentum, second = ({name: np.zeros_like(w) for name, w in model.weights.items()} for _ in range(2))
    step = 0
    for _ in range(settings.epochs):
        order = rng.permutation(len(pages))
        for at in range(0, len(order), settings.pages_a_step):
            chosen = [pages[i] for i in order[at : at + settings.pages_a_step]]
            batch, wanted, weight = _batch(chosen, model, class_weights, settings, rng)
            scores, trace = scores_of(model.weights, batch, rng, settings.dropout)
            error = (softmax(scores) - wanted) * weight
            found, _ = gradients(model.weights, trace, error.astype(np.float32))
            step += 1
            rate = settings.rate * min(1.0, step / 20) * (1 - step / (steps + 1))
            _adam(model.weights, found, momentum, second, rate, settings.decay, step)


def _read(html: bool, page: ParsedPage, roles: Ints) -> _Read:
    return _Read(html, read_features(page), roles)


def _adam(
    weights: Weights, found: Weights, momentum: Weights, second: Weights, rate: float, decay: float, step: int
) -> None:
    """One step of Adam, with decoupled weight decay on matrices. Source: Kingma & Ba 2015; Loshchilov & Hutter 2019."""
    for name, gradient in found.items():
        momentum[name] += 0.1 * (gradient - momentum[name])
        second[name] += 0.01 * (gradient * gradient - second[name])
        update = momentum[name] / (1 - 0.9**step) / (np.sqrt(second[name] / (1 - 0.99**step)) + 1e-8)
        if weights[name].ndim == 3:
            update += decay * weights[name]
        weights[name] -= (rate * update).astype(np.float32)


def _batch(
    pages: Sequence[_Read], model: Model, class_weights: Floats, settings: TrainSettings, rng: np.random.Generator
) -> tuple[Batch, Floats, Floats]:
    """Stack pages with what dropout hides, the wanted probabilities, and the weight of each row."""
    unset = standardise(np.zeros_like(model.mean), model.mean, model.scale)
    dense, masks, wanted, weights = [], [], [], []
    rows, grams, loudness = [], [], []
    groups: tuple[list[Ints], list[Ints]] = ([], [])
    top, group_top = 0, [0, 0]
    for page in pages:
        first, last = _window(page.roles, settings.window, rng)
        n = last - first
        x = standardise(page.features.dense[first:last], model.mean, model.scale)
        bare = page.html and rng.random() < settings.no_dom
        if bare:
            x[:, _DOM] = unset[_DOM]
            x[:, _FEATURE["page:html"]] = unset[_FEATURE["page:html"]]
        if rng.random() < settings.no_rules:
            x[:, _RULE] = 0
        x *= rng.random(x.shape[1]) >= settings.feature_dropout
        roles = page.roles[first:last]
        weight = class_weights[np.maximum(roles, 0)] * (roles >= 0) * (200 / n) ** settings.page_weight
        target = np.full((n, len(ROLES)), settings.smoothing / len(ROLES))
        target[np.arange(n), np.maximum(roles, 0)] += 1 - settings.smoothing
        dense += [x, np.zeros((GAP, x.shape[1]))]
        masks += [np.ones(n), np.zeros(GAP)]
        wanted += [target, np.zeros((GAP, len(ROLES)))]
        weights += [weight, np.zeros(GAP)]
        lines = page.features.gram_lines
        kept = (lines >= first) & (lines < last) & (rng.random(len(lines)) >= settings.gram_dropout)
        rows.append(lines[kept] - first + top)
        grams.append(page.features.grams[kept])
        loudness.append(gram_weights(lines)[kept])
        kinds = (page.features.shapes if bare else page.features.paths, page.features.shapes)
        for k, kind in enumerate(kinds):
            local = np.unique(kind[first:last], return_inverse=True)[1]
            gap = int(local.max()) + 1
            groups[k].append(np.append(local, np.full(GAP, gap)) + group_top[k])
            group_top[k] += gap + 1
        top += n + GAP
    weight_of_rows = np.concatenate(weights)
    batch = Batch(
        np.concatenate(dense).astype(np.float32),
        np.concatenate(masks).astype(np.float32)[:, None],
        np.concatenate(rows),
        np.concatenate(grams),
        np.concatenate(loudness),
        (np.concatenate(groups[0]), np.concatenate(groups[1])),
    )
    share = weight_of_rows / weight_of_rows.sum()
    return batch, np.concatenate(wanted).astype(np.float32), share.astype(np.float32)[:, None]


def _window(roles: Ints, size: int, rng: np.random.Generator) -> tuple[int, int]:
    """A stretch of a long page: half the time anywhere, half the time around the beginning of its article."""
    n = len(roles)
    if n <= size:
        return 0, n
    first = int(rng.integers(n - size + 1))
    article = np.flatnonzero(np.isin(roles, [ROLES.index(role) for role in ("title", "lede", "body")]))
    if rng.random() < 0.5 and len(article):
        first = max(0, min(n - size, int(article[0]) - int(rng.integers(20, size // 2))))
    return first, first + size
