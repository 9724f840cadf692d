"""A service that takes files in, its worker, and the wait for an import."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from geo_service import settings, worker
from geo_service.cluster import Cluster
from tests.serving import TODAY, Service, running

WAIT_S = 60


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where uploads wait."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def database(cluster: Cluster, template: str) -> Iterator[str]:
    name = (
        f"imports_{uuid.uuid4().hex[:12]}"  # several files use these scenes, in processes beside each other
    )
    yield cluster.create_database(name, template)
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def service(database: str, home: Path) -> Iterator[Service]:
    """The service, with little room for uploads."""
    with running(database, home=home, max_import_bytes=200_000, allow_private_sources=True) as found:
        yield found


@pytest.fixture(scope="module")
def guarded(database: str, home: Path) -> Iterator[Service]:
    """The same, as it is set up for a city: no private addresses."""
    with running(database, home=home) as found:
        yield found


@contextmanager
def working(database: str, home: Path, *, allow_private: bool = True) -> Iterator[None]:
    stop = threading.Event()
    how = {"home": home, "database_url": database, "today": TODAY, "allow_private_sources": allow_private}
    thread = threading.Thread(target=worker.run, args=(settings.load(**how), stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(WAIT_S)
        assert not thread.is_alive()


def features(*some: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": some}).encode()


def upload(service: Service, content: bytes, *, role: str = "utilities_desk", **more: str) -> httpx.Response:
    with service.as_(role) as client:
        data = {"source": "gipod", **more}
        return client.post("/api/v1/imports", data=data, files={"file": ("page.json", content)})


def ended(service: Service, asked: httpx.Response) -> dict[str, Any]:
    assert asked.status_code == 202, asked.text
    deadline = time.monotonic() + WAIT_S
    with service.as_("coordinator") as client:
        while True:
            told: dict[str, Any] = client.get(asked.headers["location"]).json()
            if told["status"] in ("done", "failed"):
                return told
            assert time.monotonic() < deadline, told
            time.sleep(0.1)
