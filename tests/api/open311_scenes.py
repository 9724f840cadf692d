"""A city that takes reports by Open311."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from geo_service.cluster import Cluster
from tests.api.open311 import Site
from tests.serving import Service, running

NOWHERE = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def site(service: Service) -> Site:
    """A site with a key of the role reporter."""
    return Site(service)


@pytest.fixture(scope="module")
def strict(cluster: Cluster, template: str) -> Iterator[Service]:
    """A city with a jurisdiction of its own, in which a key may file five reports an hour."""
    name = f"api_{uuid.uuid4().hex[:12]}"
    url = cluster.create_database(name, template=template)
    try:
        with running(url, open311_max_per_hour=5, open311_jurisdiction="izegem.be") as found:
            yield found
    finally:
        cluster.drop_database(name)
