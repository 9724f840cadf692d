"""kill -9 in the middle of a storm of writes: of the service, of an import, of PostgreSQL. Afterwards everything that was confirmed
is there, nothing is half there, and a full recomputation finds what is stored."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.detection.prepare import prepare_database
from geo_service.domain import geometry
from geo_service.postgres import free_port
from geo_service.store import keys
from tests.intake.innames import inname
from tests.races.clients import Client, confirmed, lost, writing
from tests.races.truth import problems
from tests.scenes import strip
from tests.serving import PERSONAL_KEY, TODAY

CLIENTS = 6
WRITES = 25  # confirmed ones before, between and after the kills
IMPORTED = 1_500
WAIT_S = 120

# Works of the import that are there without all that belongs to them.
HALF = """
    SELECT w.source_id FROM works w
    WHERE w.source = 'gipod' AND (
        NOT EXISTS (SELECT FROM phases p WHERE p.works_id = w.id)
        OR NOT EXISTS (SELECT FROM source_records r WHERE r.works_id = w.id)
        OR NOT EXISTS (SELECT FROM claims c WHERE c.works_id = w.id))"""


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


@pytest.fixture
def innames(tmp_path: Path) -> Path:
    """A file of GIPOD, large enough to be in the middle of; some of its works lie on the clients' ground."""
    features = [
        inname(40_000_000 + n, shape=geometry.to_geojson(strip((n % 600 * 30, n // 600 * 50), 10, 1)),
               start="2026-12-01T05:00:00Z", end="2026-12-09T15:00:00Z")
        for n in range(IMPORTED)
    ]  # fmt: skip
    file = tmp_path / "innames.json"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return file


class Machine:
    """The service and an import as processes on one database."""

    def __init__(self, database_url: str, innames: Path) -> None:
        self.engine = db.create_engine_for(database_url)
        self.innames, self.folder, self.port = innames, innames.parent, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings = {
            "GEO_DATABASE_URL": database_url, "GEO_TODAY": str(TODAY), "GEO_PORT": str(self.port), "GEO_LOG_LEVEL": "error",
            "GEO_PERSONAL_KEY": PERSONAL_KEY,
        }  # fmt: skip
        self._started: list[subprocess.Popen[bytes]] = []

    def serve(self) -> subprocess.Popen[bytes]:
        service = self.run("serve")
        until(self._ready, "the service answers")
        return service

    def run(self, *words: str) -> subprocess.Popen[bytes]:
        """Its answer and its complaints go to files: nobody empties a pipe while it runs."""
        number = len(self._started)
        with (
            (self.folder / f"{number}.out").open("wb") as out,
            (self.folder / f"{number}.err").open("wb") as err,
        ):
            command = [sys.executable, "-m", "geo_service", *words]
            process = subprocess.Popen(command, env={**os.environ, **self._settings}, stdout=out, stderr=err)
        self._started.append(process)
        return process

    def answer(self, process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
        """Exit code, answer and complaints of a process, once it ends."""
        number = self._started.index(process)
        code = process.wait(WAIT_S)
        return code, (self.folder / f"{number}.out").read_text(), (self.folder / f"{number}.err").read_text()

    def take_in(self) -> subprocess.Popen[bytes]:
        """Begin the import, and come back when it is in the middle."""
        before = self.imported()
        running = self.run("import", "gipod", str(self.innames), "--json")
        until(lambda: self.imported() > before or running.poll() is not None, "the import stores")
        assert self.imported() < IMPORTED, "too late to be in the middle"
        return running

    def imported(self) -> int:
        with self.engine.connect() as conn:
            return conn.scalar(sa.text("SELECT count(*) FROM works WHERE source = 'gipod'")) or 0

    def key(self) -> str:
        with db.write(self.engine) as conn:
            return keys.create(conn, "storm", "coordinator")

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", verify=False).is_success
        except httpx.TransportError:
            return False

    def end(self) -> None:
        for process in self._started:
            process.kill()
            process.wait()
        self.engine.dispose()


@contextmanager
def machine(database_url: str, innames: Path) -> Iterator[Machine]:
    made = Machine(database_url, innames)
    try:
        yield made
    finally:
        made.end()


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < deadline, f"not in time: {what}"
        time.sleep(0.02)


def write_on(clients: list[Client]) -> None:
    """Wait until some more writes were confirmed."""
    wanted = confirmed(clients) + WRITES
    until(lambda: confirmed(clients) >= wanted, "the clients' writes are confirmed")


def check(on: Machine, clients: list[Client]) -> None:
    """Nothing is lost or half there; the import, begun again, completes what it had not done."""
    print([dict(client.answers) for client in clients])
    assert not any(client.answers["500"] for client in clients)
    with on.engine.connect() as conn:
        assert conn.scalars(sa.text(HALF)).all() == []
        assert list(lost(conn, clients)) == []
    code, report, complaint = on.answer(on.run("import", "gipod", str(on.innames), "--json"))
    assert code == 0, complaint
    told = json.loads(report)
    assert (told["read"], told["created"] + told["unchanged"]) == (IMPORTED, IMPORTED)
    assert on.imported() == IMPORTED
    with on.engine.connect() as conn, conn.begin() as transaction:
        states = conn.scalars(sa.text("SELECT status FROM imports ORDER BY started_at")).all()
        assert (states[-1], set(states[:-1])) == ("done", {"failed"})
        assert problems(conn, TODAY) == []
        transaction.rollback()


def test_a_killed_service_and_a_killed_import_lose_nothing(
    fresh_database: str, innames: Path, seed: int
) -> None:
    with machine(fresh_database, innames) as on:
        service = on.serve()
        with writing(on.url, on.key(), CLIENTS, seed) as clients:
            write_on(clients)
            importing = on.take_in()
            for process in (importing, service):
                process.send_signal(signal.SIGKILL)
                process.wait()
            service = on.serve()
            write_on(clients)
            service.kill()
            service.wait()
            on.serve()
            write_on(clients)
        check(on, clients)


def test_a_killed_postgresql_loses_nothing_and_the_service_goes_on_by_itself(
    own_cluster: Cluster, innames: Path, seed: int
) -> None:
    url = sa.make_url(own_cluster.url).set(drivername=db.DRIVER).render_as_string(hide_password=False)
    prepare_database(url)
    with machine(url, innames) as on:
        on.serve()
        with writing(on.url, on.key(), CLIENTS, seed) as clients:
            write_on(clients)
            importing = on.take_in()
            kill_postgresql(own_cluster)
            own_cluster.start()
            code, _, complaint = on.answer(importing)
            assert code == 3 and "de databank antwoordt niet" in complaint
            write_on(clients)
        check(on, clients)


def kill_postgresql(cluster: Cluster) -> None:
    """All of it at once, the server first: nobody is left to clean up."""
    server = cluster.status().pid
    assert server is not None
    children = [int(pid) for pid in Path(f"/proc/{server}/task/{server}/children").read_text().split()]
    for pid in (server, *children):
        os.kill(pid, signal.SIGKILL)
