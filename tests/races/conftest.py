"""A seed that says how to play a test again, and a cluster that may be killed."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo_service.cluster import Cluster


@pytest.fixture
def seed() -> int:
    chosen = random.randrange(2**32)
    print(f"seed {chosen}")
    return chosen


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A durable one: what is confirmed is on disk."""
    with tempfile.TemporaryDirectory(prefix="geo-test-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "home")
        cluster.start()
        yield cluster
        cluster.destroy()
