"""A worker that has to stop while a server says nothing: it stops, and its imports wait to go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from geo_service.cluster import Cluster
from tests.intake.slow import silent, slow
from tests.serving import TODAY, Service, running

WAIT_S = 60
SOON_S = 5
WORK = "from geo_service import settings, worker; worker.run(settings.load())"


@pytest.fixture
def database(cluster: Cluster, template: str) -> Iterator[str]:
    name = f"api_{uuid.uuid4().hex[:12]}"
    yield cluster.create_database(name, template)
    cluster.drop_database(name)


@pytest.fixture
def service(database: str, tmp_path: Path) -> Iterator[Service]:
    with running(database, home=tmp_path, allow_private_sources=True) as found:
        yield found


def working(database: str, home: Path, *before: str) -> subprocess.Popen[bytes]:
    """A worker; `before` are the words of a command that starts it."""
    known = {"GEO_DATABASE_URL": database, "GEO_HOME": str(home), "GEO_ALLOW_PRIVATE_SOURCES": "true"}
    return subprocess.Popen(
        [*before, sys.executable, "-c", WORK], env={**os.environ, **known, "GEO_TODAY": f"{TODAY}"}
    )


def open_to_all(url: str) -> str:
    """Without the account that is refused in an address asked for over HTTP."""
    return url.replace("me:hush@", "")


def once(client: httpx.Client, import_id: str, status: str) -> dict[str, Any]:
    """The import as soon as it has this status."""
    deadline = time.monotonic() + WAIT_S
    while True:
        told: dict[str, Any] = client.get(f"/api/v1/imports/{import_id}").json()
        if told["status"] == status:
            return told
        assert time.monotonic() < deadline, told
        time.sleep(0.05)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_seconds_and_the_import_waits_to_go_on(
    service: Service, database: str, tmp_path: Path, sign: signal.Signals
) -> None:
    with slow(silent) as url, service.as_("coordinator") as client:
        asked = client.post("/api/v1/imports", json={"source": "gipod", "url": open_to_all(url)}).json()
        process = working(database, tmp_path)
        try:
            once(client, asked["id"], "running")
            process.send_signal(sign)
            assert process.wait(SOON_S) == 0
        finally:
            process.kill()
            process.wait()
        told = once(client, asked["id"], "queued")
    assert (told["error"], told["created"], told["finished_at"]) == (None, 0, None)
    with service.engine.connect() as conn:
        jobs = conn.exec_driver_sql("SELECT status FROM procrastinate_jobs WHERE task_name = 'import'").all()
    assert [status for (status,) in jobs] == ["todo"]


def test_an_import_that_is_queued_says_for_which_one_it_waits(
    service: Service, database: str, tmp_path: Path
) -> None:
    with slow(silent) as url, service.as_("coordinator") as client:
        body = {"source": "gipod", "url": open_to_all(url)}
        first, second = (client.post("/api/v1/imports", json=body).json() for _ in range(2))
        assert first["waits_for"] is None
        process = working(database, tmp_path)
        try:
            started = once(client, first["id"], "running")
            ahead = client.get(f"/api/v1/imports/{second['id']}").json()["waits_for"]
            listed = client.get("/api/v1/imports").json()["items"]
        finally:
            process.terminate()
            process.wait(WAIT_S)
    assert ahead == {"id": first["id"], "source": "gipod", "started_at": started["started_at"]}
    assert [row["waits_for"] for row in listed] == [ahead, None]
