"""A Ray cluster for the engine suite."""

from collections.abc import Iterator

import pytest
import ray
from ray.cluster_utils import Cluster


@pytest.fixture(scope="session")
def two_ray_nodes() -> Iterator[Cluster]:
    """Two Ray nodes of one CPU, each with its own raylet and object store, as on two machines; connected."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        # A node that is gone is noticed after two seconds, not half a minute; one that is slow has time as ever.
        looks = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 500}
        head = {"num_cpus": 1, "include_dashboard": False, "_system_config": looks}
        cluster = Cluster(initialize_head=True, head_node_args=head)
        cluster.add_node(num_cpus=1)
        ray.init(address=cluster.address, log_to_driver=False)
        yield cluster
        ray.shutdown()
        cluster.shutdown()
