"""A client that may read the demo city."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geo_service.client import Client
from tests.serving import Service


@pytest.fixture
def client(demo_server: Service) -> Iterator[Client]:
    """With the key of a viewer."""
    with Client(demo_server.url, demo_server.keys["viewer"]) as client:
        yield client
