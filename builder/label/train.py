"""
Train the block labeller, and measure it on sites it has not seen.

Each page is left out with all others of its site, in `folds` groups of sites; the figures, and the calibration of the
scores, are of the roles given then; how good the calibration is, is measured on each group by what the others say. The
model that is kept is trained on everything. The same data, settings and numpy give the same model.
"""

import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from builder import __version__
from builder.label.corpus import Example, read_examples, sites_of
from builder.label.decode import best_roles, chosen_probabilities
from builder.label.features import read_features
from builder.label.fit import TrainSettings, fit
from builder.label.line_features import Floats, Ints
from builder.label.model import WEIGHTS, Model, probabilities_of, save_model
from builder.label.scores import Scores, calibration_bins, score

_CHECKOUT = Path(__file__).resolve().parents[2]
GOLDENS = _CHECKOUT / "tests" / "pages"
LAYOUTS = _CHECKOUT / "seeds" / "layouts"


@dataclass(slots=True)
class Trained:
    """What training gives: the model, what is known of it, and its figures on unseen sites by rendering."""

    model: Model
    about: dict[str, Any]
    scores: dict[str, Scores]


def train(
    gold: Path | None,
    out: Path = WEIGHTS,
    settings: TrainSettings | None = None,
    goldens: Path = GOLDENS,
    jobs: int = 1,
    corrected: Sequence[Example] = (),
) -> Trained:
    """
    Train on the gold pages, the goldens and the layouts, measure on unseen sites, and write the model to `out`.

    Args:
        gold: a folder like `shared/gold`; None trains on invented pages alone, and the manifest says so.
        jobs: processes that train the folds.
        corrected: pages that people corrected on the review page.
    """
    settings = settings or TrainSettings()
    examples = [*read_examples(gold, goldens, LAYOUTS), *corrected]
    sites = sites_of(examples)
    unseen = leave_sites_out(examples, sites, settings, jobs)
    choices = _choices(examples, unseen, sites, settings)
    model = fit(examples, sites, settings)
    model.calibration = calibrate(choices.chosen, choices.right)
    scores = score_unseen(examples, unseen)
    about = _manifest(gold, examples, sites, settings, scores, _bins(choices))
    save_model(model, out, about)
    return Trained(model, about, scores)


def leave_sites_out(
    examples: Sequence[Example], sites: dict[str, str], settings: TrainSettings, jobs: int = 1
) -> list[Floats]:
    """Return the probabilities of each example by a model that has seen no page of its site."""
    groups = _groups(examples, sites, settings.folds)
    tasks = [(list(examples), sites, settings, groups, fold) for fold in range(max(groups.values()) + 1)]
    found: list[Floats | None] = [None] * len(examples)
    if jobs == 1:
        results = [_fold(*task) for task in tasks]
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            results = list(pool.map(_fold, *zip(*tasks, strict=True)))
    for result in results:
        for i, probabilities in result.items():
            found[i] = probabilities
    return [probabilities for probabilities in found if probabilities is not None]


def _groups(examples: Sequence[Example], sites: dict[str, str], folds: int) -> dict[str, int]:
    """Group of each site, the largest sites first into the smallest group."""
    pages = Counter(sites[name] for name in {example.name for example in examples})
    sizes = [0] * min(folds, len(pages))
    groups = {}
    for site, count in sorted(pages.items(), key=lambda item: (-item[1], item[0])):
        groups[site] = int(np.argmin(sizes))
        sizes[groups[site]] += count
    return groups


def _fold(
    examples: list[Example], sites: dict[str, str], settings: TrainSettings, groups: dict[str, int], fold: int
) -> dict[int, Floats]:
    seen = [example for example in examples if groups[sites[example.name]] != fold]
    model = fit(seen, sites, settings)
    return {
        i: probabilities_of(read_features(example.page), model)
        for i, example in enumerate(examples)
        if groups[sites[example.name]] == fold
    }


@dataclass(slots=True)
class _Choices:
    """Probability of each role given on unseen sites, whether it was right, and the group that was left out then."""

    chosen: Floats
    right: Floats
    group: Ints


def _choices(
    examples: Sequence[Example], unseen: Sequence[Floats], sites: dict[str, str], settings: TrainSettings
) -> _Choices:
    """Look at all gold blocks of the pages that are not invented, of all pages where there are no others."""
    groups = _groups(examples, sites, settings.folds)
    chosen, right, group = [], [], []
    measured = [not example.invented for example in examples]
    for example, probabilities, use in zip(examples, unseen, measured, strict=True):
        if use or not any(measured):
            roles = best_roles(probabilities, example.page.blocks)
            known = example.roles >= 0
            chosen.append(chosen_probabilities(probabilities, roles)[known])
            right.append((roles == example.roles)[known])
            group.append(np.full(known.sum(), groups[sites[example.name]]))
    return _Choices(np.concatenate(chosen), np.concatenate(right).astype(np.float32), np.concatenate(group))


def calibrate(chosen: Floats, right: Floats, knots: int = 12) -> Floats:
    """
    How often a role was right by its probability: quantiles of equal size, made monotone; shape (2, knots + 2).

    Below the first knot a role that was chosen for the sake of the page's shape is right more often than its
    probability says: the line goes to half the first knot's share, not to 0. Cross-fitted on gold, two seeds, the bins
    from .3 to .5 are off by up to 14 points with 0 and 6 with a half; 20 to 60 knots are worse in the bins above.
    """
    order = np.argsort(chosen, kind="stable")
    parts = np.array_split(order, knots)
    x = np.array([chosen[part].mean() for part in parts])
    y = np.maximum.accumulate([right[part].mean() for part in parts])
    return np.array([[0, *x, 1], [y[0] / 2, *y, y[-1]]], np.float32)


def _bins(choices: _Choices) -> list[tuple[float, float, int]]:
    """How right the scores are, each calibrated on the other groups of sites; on its own where there is one group."""
    scores = np.zeros_like(choices.chosen)
    for group in np.unique(choices.group):
        here = choices.group == group
        others = here if here.all() else ~here
        scores[here] = np.interp(choices.chosen[here], *calibrate(choices.chosen[others], choices.right[others]))
    return calibration_bins(scores, choices.right)


def score_unseen(examples: Sequence[Example], unseen: Sequence[Floats]) -> dict[str, Scores]:
    """Figures on unseen sites: of the gold pages in both renderings; of the goldens where there are no others."""
    measured = [not example.invented for example in examples]
    found = {}
    for name, html in (("html", True), ("dump", False)):
        pages = [
            (example, best_roles(probabilities, example.page.blocks))
            for example, probabilities, use in zip(examples, unseen, measured, strict=True)
            if example.html == html and (use or not any(measured))
        ]
        found[name] = score(pages)
    return found


def _manifest(
    gold: Path | None,
    examples: Sequence[Example],
    sites: dict[str, str],
    settings: TrainSettings,
    scores: dict[str, Scores],
    bins: list[tuple[float, float, int]],
) -> dict[str, Any]:
    """What the model was trained on and with, and how it did on sites it had not seen."""
    digest = sha256()
    for example in examples:
        digest.update(json.dumps([example.name, example.html, example.lines, example.labels.tolist()]).encode())
    real = {example.name for example in examples if not example.invented}
    return {
        "code_version": __version__,
        "numpy": np.__version__,
        "settings": asdict(settings),
        "data": {
            "gold_pages": len(real),
            "gold_sites": len({sites[name] for name in real}),
            "invented_pages": len({example.name for example in examples if example.invented}),
            "sha256": digest.hexdigest(),
            "note": "" if real else "trained on invented pages alone: for tests, not for use",
        },
        "unseen_sites": {
            name: {
                **{key: round(value, 4) for key, value in figures.figures().items()},
                "accuracy": round(figures.accuracy, 4),
                "char_f1": {label: round(f1, 4) for label, f1 in figures.char_f1.items()},
                "lines": figures.lines,
                "intervals": {role: [round(end, 4) for end in ends] for role, ends in figures.intervals.items()},
            }
            for name, figures in scores.items()
        },
        "calibration": [{"score": s, "right": r, "blocks": n} for s, r, n in bins],
    }
