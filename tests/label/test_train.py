"""Training from the invented goldens alone, small enough for every run of the tests."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from builder.errors import BuilderError
from builder.label.features import FEATURES
from builder.label.fit import TrainSettings
from builder.label.model import judge_by_model, load_model
from builder.label.train import Trained, calibrate, train
from builder.records import ROLES, Block, ParsedPage
from builder.shipped import note_digests

SMALL = TrainSettings(folds=2, members=1, epochs=1, augmented=5, width=8)
PAGE = ParsedPage([Block("青溪县三百座老水井重新通水"), Block("5月17日，青溪县最后一座老水井在柳巷重新通水。")])


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trained, Path]:
    folder = tmp_path_factory.mktemp("weights")
    return train(None, folder, SMALL), folder


def test_same_data_gives_the_same_bytes(trained: tuple[Trained, Path], tmp_path: Path) -> None:
    train(None, tmp_path, SMALL)
    for name in ("blocks.npz", "blocks.json"):
        assert (tmp_path / name).read_bytes() == (trained[1] / name).read_bytes()


def test_manifest_says_what_the_model_was_trained_on(trained: tuple[Trained, Path]) -> None:
    about = json.loads((trained[1] / "blocks.json").read_text("utf-8"))
    assert about["data"]["gold_pages"] == 0
    assert about["data"]["invented_pages"] > 40
    assert "for tests" in about["data"]["note"]
    assert about["settings"]["members"] == 1
    assert tuple(about["classes"]) == ROLES
    assert set(about["unseen_sites"]) == {"html", "dump"}


def test_model_that_is_read_back_says_the_same(trained: tuple[Trained, Path]) -> None:
    model = load_model(trained[1])
    assert model is not None
    assert judge_by_model(PAGE, model) == judge_by_model(PAGE, trained[0].model)


def test_weights_hold_no_pickle(trained: tuple[Trained, Path]) -> None:
    with np.load(trained[1] / "blocks.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind == "f" for name in arrays.files)


def test_model_of_other_features_is_refused_with_the_way_out(trained: tuple[Trained, Path], tmp_path: Path) -> None:
    about = json.loads((trained[1] / "blocks.json").read_text("utf-8"))
    about["features"] = [*FEATURES[1:], "size:new"]
    (tmp_path / "blocks.json").write_text(json.dumps(about), "utf-8")
    (tmp_path / "blocks.npz").write_bytes((trained[1] / "blocks.npz").read_bytes())
    note_digests(tmp_path, ["blocks.json", "blocks.npz"])
    with pytest.raises(BuilderError, match="run `zhnews train`"):
        load_model(tmp_path)


@pytest.mark.parametrize("name", ["blocks.json", "blocks.npz"])
def test_model_of_other_bytes_than_were_written_is_refused(
    name: str, trained: tuple[Trained, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "weights"
    shutil.copytree(trained[1], folder)
    raw = bytearray((folder / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / name).write_bytes(raw)
    with pytest.raises(BuilderError, match=f"{name} has sha256 .* damaged, or not ours"):
        load_model(folder)
    (folder / "SHA256SUMS").unlink()
    with pytest.raises(BuilderError, match="is not in SHA256SUMS"):
        load_model(folder)


def test_folder_without_weights_has_no_model(tmp_path: Path) -> None:
    assert load_model(tmp_path) is None


def test_calibration_never_falls_and_keeps_the_order_of_unsure_blocks() -> None:
    chosen = np.linspace(0.3, 1, 400)
    right = (np.arange(400) % 10 < 10 * chosen).astype(np.float32)
    knots, shares = calibrate(chosen, right)
    assert (np.diff(knots) > 0).all()
    assert (np.diff(shares) >= 0).all()
    assert 0 < np.interp(0.1, knots, shares) < np.interp(0.3, knots, shares)
