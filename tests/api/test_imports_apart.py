"""An import has a process of its own: it may be cancelled, take too much memory, or lose its worker, and all others go on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api import test_imports_stopped as stopped
from tests.api.test_imports_stopped import once, open_to_all
from tests.intake.slow import silent, slow
from tests.serving import Service

database, service = stopped.database, stopped.service

SOON_S = 25  # the silent server alone would take 30


@contextmanager
def working(database: str, home: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    os.environ.update(environment)
    process = stopped.working(database, home)
    for name in environment:
        del os.environ[name]
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def features(path: Path, properties: str = "{}") -> Path:
    place = '{"type":"Point","coordinates":[3.2,50.9]}'
    one = f'{{"type":"Feature","properties":{properties},"geometry":{place}}}'
    path.write_text(f'{{"type":"FeatureCollection","features":[{one}]}}')
    return path


def hand_in(client: httpx.Client, path: Path, source: str = "works") -> dict[str, Any]:
    with path.open("rb") as file:
        answer = client.post(
            "/api/v1/imports", data={"source": source, "mapping": "osiris"}, files={"file": file}
        )
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def processes_of(worker: int) -> list[int]:
    """The processes that one started, from any of its threads."""
    found: list[int] = []
    for task in Path(f"/proc/{worker}/task").glob("*/children"):
        found += map(int, task.read_text().split())
    return found


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_import_that_runs_is_cancelled_and_the_next_one_goes_on(
    service: Service, database: str, tmp_path: Path
) -> None:
    with slow(silent) as url, service.as_("utilities_desk") as client, working(database, tmp_path):
        body = {"source": "gipod", "url": open_to_all(url)}
        first, second = (client.post("/api/v1/imports", json=body).json() for _ in range(2))
        once(client, first["id"], "running")
        began = time.monotonic()
        answer = client.delete(f"/api/v1/imports/{first['id']}")
        told = once(client, first["id"], "failed")
        once(client, second["id"], "running")
        assert time.monotonic() - began < SOON_S

    assert (answer.status_code, answer.json()["cancelled_by"]) == (200, "test utilities_desk")
    assert told["error"] == {
        "code": "cancelled",
        "message": "geannuleerd door test utilities_desk; wat al bewaard was, blijft",
    }


def test_one_that_waits_is_cancelled_at_once_and_never_begins(
    service: Service, database: str, tmp_path: Path
) -> None:
    with slow(silent) as url, service.as_("admin") as client:
        body = {"source": "gipod", "url": open_to_all(url)}
        first, second = (client.post("/api/v1/imports", json=body).json() for _ in range(2))
        told = client.delete(f"/api/v1/imports/{first['id']}").json()
        again = client.delete(f"/api/v1/imports/{first['id']}")
        with working(database, tmp_path):
            once(client, second["id"], "running")
            later = client.get(f"/api/v1/imports/{first['id']}").json()

    assert (told["status"], told["error"]["code"]) == ("failed", "cancelled")
    assert (later["status"], later["error"]) == (told["status"], told["error"])
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    assert again.json()["detail"] == "deze import is al afgelopen"


@pytest.mark.parametrize(
    ("role", "status"),
    [("viewer", 403), ("partner", 403), ("reporter", 403), ("workshop", 403), ("coordinator", 200), ("utilities_desk", 200), ("admin", 200)],
)  # fmt: skip
def test_who_may_cancel(service: Service, role: str, status: int) -> None:
    with slow(silent) as url, service.as_("coordinator") as client, service.as_(role) as other:
        asked = client.post("/api/v1/imports", json={"source": "gipod", "url": open_to_all(url)}).json()
        assert other.delete(f"/api/v1/imports/{asked['id']}").status_code == status


def test_one_that_takes_too_much_memory_fails_and_the_worker_goes_on(
    service: Service, database: str, tmp_path: Path
) -> None:
    hog = features(
        tmp_path / "hog.geojson", json.dumps({"a": 0}).replace("0", "[" + "[]," * 15_000_000 + "0]")
    )
    small = features(tmp_path / "small.geojson")
    with (
        service.as_("admin") as client,
        working(database, tmp_path, GEO_IMPORT_MEMORY_BYTES=str(1 << 29)) as worker,
    ):
        asked = hand_in(client, hog)
        told = once(client, asked["id"], "failed")
        next_ = once(client, hand_in(client, small)["id"], "failed")
        assert worker.poll() is None

    assert told["error"]["code"] == "out_of_memory"
    assert told["error"]["message"].startswith("dit vraagt meer geheugen dan een import heeft")
    assert next_["error"]["code"] != "out_of_memory"
    assert not (tmp_path / "uploads" / asked["id"]).exists()


def test_a_worker_that_is_killed_leaves_no_process_behind(
    service: Service, database: str, tmp_path: Path
) -> None:
    with slow(silent) as url, service.as_("admin") as client, working(database, tmp_path) as worker:
        asked = client.post("/api/v1/imports", json={"source": "gipod", "url": open_to_all(url)}).json()
        once(client, asked["id"], "running")
        left = processes_of(worker.pid)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        deadline = time.monotonic() + 5
        while any(map(alive, left)) and time.monotonic() < deadline:
            time.sleep(0.05)

    assert len(left) == 1
    assert not any(map(alive, left))


def test_it_runs_when_the_worker_is_the_first_process_as_in_a_container(
    service: Service, database: str, tmp_path: Path
) -> None:
    with service.as_("admin") as client:
        asked = hand_in(client, features(tmp_path / "small.geojson"))
        worker = stopped.working(database, tmp_path, "unshare", "--pid", "--fork", "--kill-child")
        try:
            told = once(client, asked["id"], "failed")
        finally:
            worker.kill()
            worker.wait()

    assert told["error"]["code"] == "invalid_input"  # it was read: its columns are not those of the mapping
