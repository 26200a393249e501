"""`data_cards/zhnews-seed/` is the card that a build of the seed dataset gives today; `make card` writes it anew."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from builder.publish.features import CONFIGS

ROOT = Path(__file__).parents[1]
SHOWN = ROOT / "data_cards" / "zhnews-seed"

#: Lines that any change of the code, or another version of a package, gives anew.
VOLATILE = re.compile(r"SHA-256|软件包|\| packages|num_bytes:|download_size:|dataset_size:")


def lines(readme: Path) -> list[str]:
    return [line for line in readme.read_text("utf-8").splitlines() if not VOLATILE.search(line)]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    command = [sys.executable, "-m", "builder.cli", "build", ROOT / "seeds/dataset.toml", "-o", out, "-j", "1", "-q"]
    subprocess.run(command, check=True)
    (folder,) = out.glob("zhnews-seed-*")
    return Path(folder)


def test_the_card_that_is_shown_is_that_of_the_seed_dataset(release: Path) -> None:
    stale = "data_cards/zhnews-seed is not current: run `make card` and read the difference"
    assert lines(SHOWN / "README.md") == lines(release / "README.md"), stale
    pictures = {path.name: path.read_text("utf-8") for path in (release / "pictures").iterdir()}
    assert {path.name: path.read_text("utf-8") for path in (SHOWN / "pictures").iterdir()} == pictures, stale


def test_datasets_cli_loads_every_config_of_the_seed_dataset_offline(release: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "datasets.commands.datasets_cli", "test", release, "--all_configs"],
        env={**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"({len(CONFIGS)}/{len(CONFIGS)})" in done.stdout
    assert "Test successful." in done.stdout
