"""The bench itself runs, on little data: what it says about speed is read by people, not by this test."""

import pytest

from geo_service.cluster import Cluster
from tests.bench.engine import NAMES, lines


@pytest.mark.parametrize("name", NAMES)
def test_each_measurement_runs_and_ours_finds_what_the_peer_finds(cluster: Cluster, name: str) -> None:
    measured = list(lines(cluster, 500, (name,), times=5, rows=20))
    assert measured
    assert all(line.measured.ours.wall_s > 0 and line.measured.peer.cpu_s > 0 for line in measured)
