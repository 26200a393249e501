"""What only a cluster can do wrong."""

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyarrow as pa
import pytest
from ray.cluster_utils import Cluster

from builder.engines import Step
from builder.engines.embedded import Embedded
from builder.engines.on_ray import OnRay
from builder.engines.over_folders import OverFolders
from builder.errors import BuilderError
from builder.tables import read_table, shard_paths, write_table
from tests.conftest import Zhnews
from tests.engines import steps
from tests.test_faults import KILLS, release_bytes


@pytest.mark.usefixtures("two_ray_nodes")
def test_a_node_that_does_not_see_the_tables_is_named_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(BuilderError, match=r"Ray node [\d.]+ does not see .*nowhere"), OnRay(tmp_path / "nowhere"):
        pass


def test_a_node_that_was_lost_a_moment_ago_stops_nothing(two_ray_nodes: Cluster, tmp_path: Path) -> None:
    write_table(tmp_path / "words", [pa.Table.from_pylist([{"id": 0, "word": "月"}], steps.WORDS)], steps.WORDS)
    two_ray_nodes.remove_node(two_ray_nodes.add_node(num_cpus=2), allow_graceful=False)
    with OnRay(tmp_path) as engine:  # Ray still lists it
        engine.map(steps.lengths, tmp_path / "words", tmp_path / "lengths", steps.LENGTHS)
    two_ray_nodes.wait_for_nodes()
    assert read_table(tmp_path / "lengths")["n"].to_pylist() == [1]


@pytest.mark.parametrize("verb", ["map", "exchange"])
def test_a_node_lost_on_the_way_costs_no_row(verb: str, two_ray_nodes: Cluster, tmp_path: Path) -> None:
    rows = [{"id": i, "word": word} for i, word in enumerate("床前明月光疑是地上霜举头")]
    write_table(tmp_path / "words", [pa.Table.from_pylist([row], steps.WORDS) for row in rows], steps.WORDS)
    begun = tmp_path / "begun"
    begun.mkdir()
    doomed = two_ray_nodes.add_node(num_cpus=2)

    def pull_the_plug() -> None:
        while len(list(begun.iterdir())) < 3:  # one task a CPU of the others, at least one on the doomed node
            time.sleep(0.01)
        two_ray_nodes.remove_node(doomed, allow_graceful=False)
        (tmp_path / "gone").touch()

    def run(engine: OverFolders, step: Step, target: str) -> list[bytes]:
        if verb == "map":
            engine.map(step, tmp_path / "words", tmp_path / target, steps.LENGTHS)
        else:  # a shuffle: every row goes to another partition, and the node goes with those that it was making
            engine.exchange(["word"], step, [tmp_path / "words"], tmp_path / target, steps.LENGTHS)
        return [path.read_bytes() for path in shard_paths(tmp_path / target)]

    plug = threading.Thread(target=pull_the_plug, daemon=True)
    plug.start()
    with OnRay(tmp_path, partition_bytes=200) as engine:
        found = run(engine, steps.wait_for(begun, tmp_path / "gone"), "lengths")
    plug.join()
    two_ray_nodes.wait_for_nodes()
    assert sorted(read_table(tmp_path / "lengths")["id"].to_pylist()) == list(range(12))
    with Embedded(partition_bytes=200) as engine:
        assert run(engine, steps.lengths, "calm") == found
    assert len(found) > 3


def test_a_node_lost_at_any_moment_of_a_build_changes_no_byte(
    two_ray_nodes: Cluster, pages: Path, tmp_path: Path
) -> None:
    def build(out: str, *options: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "builder.cli", "build", str(pages), "-q", "-o", out, *options]
        return subprocess.Popen(command, cwd=tmp_path, env=os.environ | {"RAY_ADDRESS": two_ray_nodes.address})

    assert build("calm").wait() == 0
    start = time.perf_counter()
    assert build("cluster", "--engine", "ray").wait() == 0
    seconds = time.perf_counter() - start
    wanted = release_bytes(tmp_path / "calm")
    assert release_bytes(tmp_path / "cluster") == wanted
    moments = random.Random("raylet")  # noqa: S311
    for number in range(KILLS // 2):
        doomed = two_ray_nodes.add_node(num_cpus=2)
        running = build(f"out{number}", "--engine", "ray")
        time.sleep(moments.uniform(0, seconds))
        two_ray_nodes.remove_node(doomed, allow_graceful=False)
        assert running.wait(timeout=300) == 0
        two_ray_nodes.wait_for_nodes()
        assert release_bytes(tmp_path / f"out{number}") == wanted


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
