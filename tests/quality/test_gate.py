"""
The quality gate: what the block labeller reached on sites it had not seen may not be lost.

`floors.json` holds the floors. A floor may be raised at any time; it is lowered only together with a line in CHANGELOG
that names it, its new value and the reason: `- Floor shipped.html.macro_f1 lowered to 0.79: <reason>`.
"""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder.label.corpus import read_examples, sites_of
from builder.label.fit import TrainSettings
from builder.label.model import WEIGHTS, judge_by_model, load_model
from builder.label.scores import score
from builder.label.train import GOLDENS, LAYOUTS, leave_sites_out, score_unseen
from builder.records import ROLES

ROOT = Path(__file__).parents[2]
FLOORS = Path(__file__).with_name("floors.json")
GOLD = ROOT.parent / "shared" / "gold"
#: One member, three groups of sites, half the steps: the same code in half a minute. Its floors leave .03 for the
#: differences between processors' arithmetic, which training makes larger.
QUICK = TrainSettings(folds=3, members=1, epochs=5, augmented=200)


def floors() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads(FLOORS.read_text("utf-8"))
    return found


def flat(tables: dict[str, Any]) -> dict[str, float]:
    return {f"{table}.{figure}": floor for table, held in tables.items() for figure, floor in held.items()}


def hold(table: str, figures: dict[str, float]) -> None:
    held = {name.removeprefix(f"{table}."): floor for name, floor in flat(floors()).items() if name.startswith(table)}
    lost = [f"{table}.{name}: {figures[name]:.4f} < {floor}" for name, floor in held.items() if figures[name] < floor]
    assert held, f"floors.json has no floor for {table}"
    assert not lost, "lost:\n" + "\n".join(lost)


@pytest.mark.parametrize("rendering", ["html", "dump"])
def test_shipped_model_held_its_floors_when_it_was_trained(rendering: str) -> None:
    about = json.loads((WEIGHTS / "blocks.json").read_text("utf-8"))
    hold(f"shipped.{rendering}", about["unseen_sites"][rendering])


@pytest.mark.parametrize("rendering", ["html", "dump"])
def test_shipped_model_is_right_on_the_goldens(rendering: str) -> None:
    model = load_model()
    assert model is not None
    pages = []
    for example in read_examples(None, GOLDENS):
        if example.html == (rendering == "html"):
            roles = [ROLES.index(role) for role, _ in judge_by_model(example.page, model)]
            pages.append((example, np.array(roles)))
    hold(f"goldens.{rendering}", score(pages).figures())


@pytest.mark.skipif(not GOLD.is_dir(), reason="the gold pages (../shared/gold) are not here: nothing to leave out")
def test_training_still_reaches_its_floors_on_unseen_sites() -> None:
    examples = read_examples(GOLD, GOLDENS, LAYOUTS)
    unseen = leave_sites_out(examples, sites_of(examples), QUICK, jobs=2)
    for rendering, scores in score_unseen(examples, unseen).items():
        hold(f"quick.{rendering}", scores.figures())


def test_no_floor_was_lowered_without_a_reason() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    now = flat(floors())
    unexplained = []
    for name, floor in highest_floors_ever().items():
        reason = re.search(rf"Floor {re.escape(name)} lowered to {now.get(name, 'none')}: \S", changelog)
        if now.get(name, -1.0) < floor and not reason:
            unexplained.append(f"- Floor {name} lowered to {now.get(name, 'none')}: <reason>   (it was {floor})")
    assert not unexplained, "CHANGELOG.md lacks:\n" + "\n".join(unexplained)


def highest_floors_ever() -> dict[str, float]:
    """The highest committed value of each floor; those of today where there is no history (an archive)."""
    name = FLOORS.relative_to(ROOT).as_posix()
    highest = flat(floors())
    for commit in git("log", "--format=%H", "--", name).split():
        if shown := git("show", f"{commit}:{name}"):
            for figure, floor in flat(json.loads(shown)).items():
                highest[figure] = max(floor, highest.get(figure, 0.0))
    return highest


def git(*args: str) -> str:
    """What git prints; nothing where there is no repository, or no git."""
    try:
        done = subprocess.run(["git", *args], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)  # noqa: S607
    except FileNotFoundError:
        return ""
    return done.stdout if done.returncode == 0 else ""
