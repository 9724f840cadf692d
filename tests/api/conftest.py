"""A running service per module: tests in one module keep apart by place."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator

import pytest

from geo_service.cluster import Cluster
from tests.api.scenario import Street
from tests.serving import Service, running


@pytest.fixture(scope="module")
def service(cluster: Cluster, template: str) -> Iterator[Service]:
    """The service on a database of its own, on 23 November 2026."""

    name = f"api_{uuid.uuid4().hex[:12]}"
    url = cluster.create_database(name, template=template)
    try:
        with running(url) as found:
            yield found
    finally:
        cluster.drop_database(name)


@pytest.fixture(scope="module")
def _places() -> Iterator[int]:
    """Begins anew with each service: else the last ones of a long run stand outside of Flanders."""
    return itertools.count()


@pytest.fixture
def x(_places: Iterator[int]) -> float:
    """Where this test's piece of street begins, in metres: 200 m from any other test's in its module."""
    return 200.0 * next(_places)


@pytest.fixture
def street(service: Service, x: float) -> Street:
    """An empty piece of street."""
    return Street(service, x)
