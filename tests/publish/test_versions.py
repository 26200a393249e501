"""A release loads with the same rows and class names in `datasets` old and new, and in other readers of Parquet."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from builder.publish.features import CLASS_NAMES, CONFIGS
from tests.publish.load_release import digest

#: Older versions are laid over the environment by `make test` (the floor) and `make matrix` (all).
OLDER = ("2.21.0", "3.6.0", "4.0.0")
LAID = Path(sys.prefix)

#: Where class labels stand.
CLASSES = {
    "articles": {"paragraphs.role": "role"},
    "sentences": {"role": "role"},
    "blocks": {"role": "role", "label": "label", "origin": "origin"},
}


def files(release: Path, config: str, split: str) -> list[Path]:
    return sorted((release / config).glob(f"{split}-*.parquet"))


def rows(release: Path, config: str, split: str) -> list[dict[str, Any]]:
    return [row for path in files(release, config, split) for row in pq.read_table(path).to_pylist()]


@pytest.mark.parametrize("version", [*OLDER, "installed"])
def test_every_config_has_the_same_rows_and_classes(good_release: Path, version: str, tmp_path: Path) -> None:
    laid = LAID / f"datasets-{version}"
    if version != "installed" and not (laid / ".installed").is_file():
        pytest.skip(f"`make matrix` lays datasets {version} over this environment")
    path = os.pathsep.join([str(laid), os.environ.get("PYTHONPATH", "")])
    script = Path(__file__).with_name("load_release.py")
    done = subprocess.run(
        [sys.executable, str(script), str(good_release)],
        env={**os.environ, "PYTHONPATH": path, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told.pop("version") == version or version == "installed"
    wanted = {}
    for config in CONFIGS:
        names = {place: list(CLASS_NAMES[kind]) for place, kind in CLASSES.get(config.name, {}).items()}
        for split in config.splits:
            if files(good_release, config.name, split):
                found = [digest(rows(good_release, config.name, split)), names, config.schema.names]
                wanted |= {f"{config.name}/{split}/{way}": found for way in ("plain", "streaming")}
    assert told == wanted


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.name)
def test_pandas_polars_and_duckdb_read_the_same_rows(good_release: Path, config: Any) -> None:
    import duckdb
    import pandas as pd
    import polars as pl

    split = config.splits[0]
    paths, wanted = files(good_release, config.name, split), rows(good_release, config.name, split)
    assert pl.read_parquet(paths).to_dicts() == wanted
    # As Arrow again: Python values of DuckDB's times would need one more package.
    assert duckdb.read_parquet([str(path) for path in paths]).to_arrow_table().to_pylist() == wanted
    frame = pd.concat([pd.read_parquet(path, dtype_backend="pyarrow") for path in paths])
    assert pa.Table.from_pandas(frame, preserve_index=False).to_pylist() == wanted


def test_times_are_the_same_moment_in_every_reader(good_release: Path) -> None:
    import pandas as pd
    import polars as pl

    (path, *_) = files(good_release, "articles", "test")
    moments = pc.cast(pq.read_table(path)["published_at"], pa.int64()).to_pylist()
    assert pl.read_parquet(path)["published_at"].dt.epoch("us").to_list() == moments
    assert (pd.read_parquet(path)["published_at"].astype("int64")).tolist() == moments
