import shutil
import subprocess
from pathlib import Path

import pytest

from builder.dedup import keys, wording
from builder.errors import BuilderError
from builder.shipped import SUMS, note_digests, read_shipped

PACKAGE = Path(__file__).parents[1] / "builder"
ARRAYS = sorted(PACKAGE.rglob("*.npz"))


def test_there_is_something_to_check() -> None:
    assert {path.name for path in ARRAYS} >= {"blocks.npz", "key_table.npz", "word_table.npz"}


@pytest.mark.parametrize("path", ARRAYS, ids=lambda path: path.name)
def test_every_array_of_the_package_is_the_one_that_was_shipped(path: Path) -> None:
    assert read_shipped(path)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
@pytest.mark.parametrize("folder", sorted({path.parent for path in ARRAYS}), ids=lambda path: path.name)
def test_sha256sum_says_the_same(folder: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=folder, check=True, capture_output=True)  # noqa: S607


@pytest.mark.parametrize(("module", "load"), [(keys, "_table"), (wording, "_words")])
def test_a_changed_table_is_refused(module: object, load: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / module.TABLE.name
    table.write_bytes(b"another table")
    shutil.copy(module.TABLE.with_name(SUMS), tmp_path)
    monkeypatch.setattr(module, "TABLE", table)
    with pytest.raises(BuilderError, match="damaged, or not ours"):
        getattr(module, load).__wrapped__()


def test_digests_of_other_files_stay(tmp_path: Path) -> None:
    for name in ("b.npz", "a.npz"):
        (tmp_path / name).write_text(name)
        note_digests(tmp_path, [name])
    (tmp_path / "a.npz").write_text("new")
    note_digests(tmp_path, ["a.npz"])
    assert read_shipped(tmp_path / "a.npz") == b"new"
    assert read_shipped(tmp_path / "b.npz") == b"b.npz"
