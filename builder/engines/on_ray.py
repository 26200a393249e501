"""
Steps on a Ray cluster: the calls of `OverFolders` as Ray tasks, one a shard.

Tasks over shared files and not Ray Data, whose blocks have no fixed order or cut: so the bytes are those of the
embedded engine, a killed run goes on shard by shard, and a shuffle lies on disk instead of in the object store. A task
on a node that is lost runs again on another.
"""

import logging
import os
import socket
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from builder.apart import carefully
from builder.engines import Progress
from builder.engines.over_folders import PARTITION_BYTES, Call, OverFolders
from builder.errors import BuilderError
from builder.tables import Shard, code_digest

# Seconds between two looks at the tasks, for the progress line.
LOOK_EVERY = 0.5


class OnRay(OverFolders):
    """
    Runs steps on the Ray cluster that RAY_ADDRESS names, or on one of its own on this machine.

    Args:
        folder: where the tables lie: the same path on every node.
        workers: processes of a cluster of its own; an existing cluster uses what it has.
        progress, fresh, partition_bytes: see `OverFolders`.

    Raises:
        BuilderError: no cluster answers, a node does not see `folder`, or a node runs other code than this process.
    """

    def __init__(
        self,
        folder: Path,
        workers: int = 1,
        progress: Progress | None = None,
        *,
        fresh: bool = False,
        partition_bytes: int = PARTITION_BYTES,
    ) -> None:
        super().__init__(progress, fresh=fresh, partition_bytes=partition_bytes)
        self.folder = folder
        self.workers = workers
        self._started = False

    def __enter__(self) -> Self:
        if not ray.is_initialized():
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing goes to the network unasked
            address = os.environ.get("RAY_ADDRESS")
            if address:
                _knock(address)
            own: dict[str, Any] = {} if address else {"address": "local", "num_cpus": self.workers}
            ray.init(log_to_driver=False, logging_level=logging.ERROR, **own)
            self._started = True
        try:
            self._check_nodes()
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Leave the cluster, which ends when it was our own."""
        if self._started:
            ray.shutdown()
            self._started = False

    def run(self, name: str, calls: Sequence[Call]) -> list[Shard]:
        """
        Run every call as a task; one that a lost node took along runs again elsewhere.

        A call that ended its worker each time runs once more as `builder.apart` says.
        """
        self.report(name, 0, len(calls))
        places = {_run.remote(call): place for place, call in enumerate(calls)}
        careful: set[int] = set()
        answers: dict[int, Shard] = {}
        try:
            while places:
                done, _ = ray.wait(list(places), num_returns=len(places), timeout=LOOK_EVERY)
                # None that is done may be among those that `finally` cancels: Ray would end this process.
                for task, place in [(task, places.pop(task)) for task in done]:
                    try:
                        answers[place] = ray.get(task)  # raises what the step raised
                    except ray.exceptions.WorkerCrashedError:
                        if place in careful:
                            raise
                        careful.add(place)
                        places[_run.remote(partial(carefully, calls[place]))] = place
                self.report(name, len(answers), len(calls))
        except ray.exceptions.RayTaskError as failed:
            raise failed.cause from failed
        except ray.exceptions.RayError as lost:
            raise BuilderError(
                f"step '{name}': Ray gave a task up: {str(lost).splitlines()[0]} Run the same command again; "
                "it goes on where it stopped."
            ) from lost
        finally:
            for task in places:
                ray.cancel(task, force=False)
            if places:
                ray.wait(list(places), num_returns=len(places))
        return [answers[place] for place in range(len(calls))]

    def _check_nodes(self) -> None:
        """Every node must see the folder and run our code; what is found later is half a build."""
        listed: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
        nodes = [node for node in listed if node["Alive"] and node["Resources"].get("CPU")]
        probes = [
            _probe.options(
                scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False), num_cpus=0
            ).remote(str(self.folder))
            for node in nodes
        ]
        for node, probe in zip(nodes, probes, strict=True):
            try:
                sees, code = ray.get(probe)
            except ray.exceptions.RayTaskError as failed:
                raise BuilderError(
                    f"Ray node {node['NodeManagerAddress']} cannot import zhnews-builder: {failed.cause}. "
                    "Install the same version on every node."
                ) from failed
            except (
                ray.exceptions.TaskUnschedulableError,
                ray.exceptions.NodeDiedError,
                ray.exceptions.WorkerCrashedError,
            ):
                continue  # lost since it was listed, or before and still listed: Ray gives it no task
            if not sees:
                raise BuilderError(
                    f"Ray node {node['NodeManagerAddress']} does not see {self.folder}: "
                    "write to a folder that every node has under the same path, with -o."
                )
            if code != code_digest():
                raise BuilderError(
                    f"Ray node {node['NodeManagerAddress']} has another zhnews-builder than this process: "
                    "install the same version on every node."
                )


def _knock(address: str) -> None:
    """Raise BuilderError when nobody listens at HOST:PORT; Ray itself tries for five minutes before it says so."""
    host, _, port = address.rpartition("/")[2].rpartition(":")
    if not port.isdecimal():
        return  # "auto" and the like
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except OSError as error:
        raise BuilderError(f"no Ray cluster answers at RAY_ADDRESS={address}: {error.strerror or error}") from error


@ray.remote(max_retries=3)
def _run(call: Call) -> Shard:
    return call()


@ray.remote
def _probe(folder: str) -> tuple[bool, str]:
    return Path(folder).is_dir(), code_digest()
