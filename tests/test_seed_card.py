"""`data_cards/zhnews-seed/` is the card that a build of the seed dataset gives today; `make card` writes it anew."""

import re
from pathlib import Path

from tests.conftest import Zhnews

ROOT = Path(__file__).parents[1]
SHOWN = ROOT / "data_cards" / "zhnews-seed"

#: Lines that any change of the code, or another version of a package, gives anew.
VOLATILE = re.compile(r"SHA-256|软件包|\| packages|num_bytes:|download_size:|dataset_size:")


def lines(readme: Path) -> list[str]:
    return [line for line in readme.read_text("utf-8").splitlines() if not VOLATILE.search(line)]


def test_the_card_that_is_shown_is_that_of_the_seed_dataset(zhnews: Zhnews, tmp_path: Path) -> None:
    done = zhnews("build", ROOT / "seeds/dataset.toml", "-o", tmp_path / "out", "-j", 1, "-q")
    assert done.returncode == 0, done.stderr
    (release,) = (tmp_path / "out").glob("zhnews-seed-*")
    stale = "data_cards/zhnews-seed is not current: run `make card` and read the difference"
    assert lines(SHOWN / "README.md") == lines(release / "README.md"), stale
    pictures = {path.name: path.read_text("utf-8") for path in (release / "pictures").iterdir()}
    assert {path.name: path.read_text("utf-8") for path in (SHOWN / "pictures").iterdir()} == pictures, stale
