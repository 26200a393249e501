"""What only a cluster can do wrong."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pyarrow as pa
import pytest
from ray.cluster_utils import Cluster

from builder.engines.embedded import Embedded
from builder.engines.on_ray import OnRay
from builder.errors import BuilderError
from builder.tables import read_table, shard_paths, write_table
from tests.conftest import Zhnews
from tests.engines import steps


@pytest.mark.usefixtures("two_ray_nodes")
def test_a_node_that_does_not_see_the_tables_is_named_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(BuilderError, match=r"Ray node [\d.]+ does not see .*nowhere"), OnRay(tmp_path / "nowhere"):
        pass


def test_a_node_lost_on_the_way_costs_no_row(two_ray_nodes: Cluster, tmp_path: Path) -> None:
    rows = [{"id": i, "word": "月"} for i in range(12)]
    write_table(tmp_path / "words", [pa.Table.from_pylist([row], steps.WORDS) for row in rows], steps.WORDS)
    begun = tmp_path / "begun"
    begun.mkdir()
    doomed = two_ray_nodes.add_node(num_cpus=2)

    def pull_the_plug() -> None:
        while len(list(begun.iterdir())) < 3:  # one task a CPU of the others, at least one on the doomed node
            pass
        two_ray_nodes.remove_node(doomed, allow_graceful=False)
        (tmp_path / "gone").touch()

    plug = threading.Thread(target=pull_the_plug)
    plug.start()
    with OnRay(tmp_path) as engine:
        step = steps.wait_for(begun, tmp_path / "gone")
        engine.map(step, tmp_path / "words", tmp_path / "lengths", steps.LENGTHS)
    plug.join()
    assert sorted(read_table(tmp_path / "lengths")["id"].to_pylist()) == list(range(12))
    with Embedded() as engine:
        engine.map(steps.lengths, tmp_path / "words", tmp_path / "calm", steps.LENGTHS)
    assert [p.read_bytes() for p in shard_paths(tmp_path / "lengths")] == [
        p.read_bytes() for p in shard_paths(tmp_path / "calm")
    ]


def test_a_build_on_ray_gives_the_bytes_of_a_build_on_one_machine(zhnews: Zhnews, pages: Path, tmp_path: Path) -> None:
    for engine in ("embedded", "ray"):
        done = zhnews("build", pages, "-o", engine, "-j", 2, "--engine", engine)
        assert done.returncode == 0, done.stderr
    made = [
        {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*.parquet") if ".work" not in p.parts}
        for folder in (tmp_path / "embedded", tmp_path / "ray")
    ]
    assert made[0] == made[1]
    assert made[0]


def test_a_cluster_that_is_not_there_is_named(pages: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "builder.cli", "build", str(pages), "--engine", "ray"]
    env = os.environ | {"RAY_ADDRESS": "127.0.0.1:1"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=tmp_path, env=env, check=False)
    assert done.returncode == 1
    assert "no Ray cluster answers at RAY_ADDRESS=127.0.0.1:1" in done.stderr
