"""A service whose database is behind a proxy, and a cluster that may be broken."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.detection.prepare import prepare_database
from tests.alerts.conftest import receiver as receiver  # a fixture
from tests.faults.proxy import FaultProxy
from tests.races.clients import Client, confirmed, lost, writing
from tests.races.machine import PATIENCE_S
from tests.serving import Service, running

CLIENTS = 2
WRITES = 4
"""Confirmed writes before a fault, and after it."""
Note = Callable[[str, object], None]


@dataclass(frozen=True)
class Town:
    """A service, the proxy between it and its database, and a way around the proxy."""

    service: Service
    proxy: FaultProxy
    direct: sa.Engine

    def status(self, path: str = "/api/v1/status", timeout: float = 30) -> tuple[int, str]:
        """What a person sees: the status of an answer, and its code or `ok`."""
        answer = httpx.get(f"{self.service.url}{path}", timeout=timeout)
        return answer.status_code, "ok" if answer.is_success else answer.json()["code"]


@contextmanager
def town_on(cluster: Cluster, url: str, **overrides: object) -> Iterator[Town]:
    """A service on the database at `url` of a cluster, behind a proxy."""
    address = sa.make_url(url).set(drivername="postgresql")
    direct = db.create_engine_for(url)
    with FaultProxy((str(address.host), address.port or 5432)).running() as proxy:
        behind = address.set(port=proxy.port).render_as_string(hide_password=False)
        with running(behind, pool_timeout_s=1, **overrides) as service:
            yield Town(service, proxy, direct)
    direct.dispose()


@pytest.fixture
def town(cluster: Cluster, fresh_database: str) -> Iterator[Town]:
    with town_on(cluster, fresh_database) as found:
        yield found


@pytest.fixture(scope="session")
def own_cluster() -> Iterator[Cluster]:
    """A durable cluster with a prepared database, for tests that break it."""
    with tempfile.TemporaryDirectory(prefix="geo-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "home")
        cluster.start()
        prepare_database(url_of(cluster))
        yield cluster
        cluster.destroy()


@pytest.fixture
def own_town(own_cluster: Cluster) -> Iterator[Town]:
    with town_on(own_cluster, url_of(own_cluster)) as found:
        yield found


def url_of(cluster: Cluster) -> str:
    return sa.make_url(cluster.url).set(drivername=db.DRIVER).render_as_string(hide_password=False)


def until(true: Callable[[], bool], what: str, wait_s: float = PATIENCE_S) -> float:
    """Wait, and return for how long."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < wait_s, f"not in time: {what}"
        time.sleep(0.02)
    return time.monotonic() - began


def write_on(clients: list[Client]) -> float:
    """Wait until some more writes were confirmed; how long the first of them took."""
    before = confirmed(clients)
    first = until(lambda: confirmed(clients) > before, "a write is confirmed")
    until(lambda: confirmed(clients) >= before + WRITES, "writes are confirmed")
    return first


@contextmanager
def survived(town: Town, note: Note) -> Iterator[list[Client]]:
    """Clients write while the block breaks things. Afterwards all that was confirmed is there, and nobody saw a 500."""
    with writing(
        town.service.url, town.service.keys["coordinator"], CLIENTS, random.randrange(2**32)
    ) as clients:
        write_on(clients)
        yield clients
        town.proxy.heal()
        note("recovery_s", round(write_on(clients), 1))
    answers = {answer for client in clients for answer in client.answers}
    assert "500" not in answers
    with town.direct.connect() as conn:
        missing = list(lost(conn, clients))
    note("lost", len(missing))
    assert missing == []
