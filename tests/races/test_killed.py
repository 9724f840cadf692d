"""kill -9 in the middle of a storm of writes: of the service, of an import, of PostgreSQL. Afterwards everything that was confirmed
is there, nothing is half there, and a full recomputation finds what is stored."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.detection.prepare import prepare_database
from geo_service.domain import geometry
from tests.intake.innames import inname
from tests.races.clients import Client, confirmed, lost, writing
from tests.races.machine import Machine, kill_postgresql, machine, until
from tests.races.truth import problems
from tests.scenes import strip
from tests.serving import TODAY

CLIENTS = 6
WRITES = 25  # confirmed ones before, between and after the kills
IMPORTED = 1_500

# Works of the import that are there without all that belongs to them.
HALF = """
    SELECT w.source_id FROM works w
    WHERE w.source = 'gipod' AND (
        NOT EXISTS (SELECT FROM phases p WHERE p.works_id = w.id)
        OR NOT EXISTS (SELECT FROM source_records r WHERE r.works_id = w.id)
        OR NOT EXISTS (SELECT FROM claims c WHERE c.works_id = w.id))"""


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


def imported(on: Machine) -> int:
    with on.engine.connect() as conn:
        return conn.scalar(sa.text("SELECT count(*) FROM works WHERE source = 'gipod'")) or 0


def take_in(on: Machine, innames: Path) -> subprocess.Popen[bytes]:
    """Begin the import, and come back when it is in the middle."""
    before = imported(on)
    running = on.run("import", "gipod", str(innames), "--json")
    until(lambda: imported(on) > before or running.poll() is not None, "the import stores")
    assert imported(on) < IMPORTED, "too late to be in the middle"
    return running


def write_on(clients: list[Client]) -> None:
    """Wait until some more writes were confirmed."""
    wanted = confirmed(clients) + WRITES
    until(lambda: confirmed(clients) >= wanted, "the clients' writes are confirmed")


def check(on: Machine, clients: list[Client], innames: Path) -> None:
    """Nothing is lost or half there; the import, begun again, completes what it had not done."""
    print([dict(client.answers) for client in clients])
    assert not any(client.answers["500"] for client in clients)
    with on.engine.connect() as conn:
        assert conn.scalars(sa.text(HALF)).all() == []
        assert list(lost(conn, clients)) == []
    code, report, complaint = on.answer(on.run("import", "gipod", str(innames), "--json"))
    assert code == 0, complaint
    told = json.loads(report)
    assert (told["read"], told["created"] + told["unchanged"]) == (IMPORTED, IMPORTED)
    assert imported(on) == IMPORTED
    with on.engine.connect() as conn, conn.begin() as transaction:
        states = conn.scalars(sa.text("SELECT status FROM imports ORDER BY started_at")).all()
        assert (states[-1], set(states[:-1])) == ("done", {"failed"})
        assert problems(conn, TODAY) == []
        transaction.rollback()


def test_a_killed_service_and_a_killed_import_lose_nothing(
    fresh_database: str, innames: Path, seed: int
) -> None:
    with machine(fresh_database, innames.parent) as on:
        service = on.serve()
        with writing(on.url, on.key(), CLIENTS, seed) as clients:
            write_on(clients)
            importing = take_in(on, innames)
            for process in (importing, service):
                process.send_signal(signal.SIGKILL)
                process.wait()
            service = on.serve()
            write_on(clients)
            service.kill()
            service.wait()
            on.serve()
            write_on(clients)
        check(on, clients, innames)


def test_a_killed_postgresql_loses_nothing_and_the_service_goes_on_by_itself(
    own_cluster: Cluster, innames: Path, seed: int
) -> None:
    url = sa.make_url(own_cluster.url).set(drivername=db.DRIVER).render_as_string(hide_password=False)
    prepare_database(url)
    with machine(url, innames.parent) as on:
        on.serve()
        with writing(on.url, on.key(), CLIENTS, seed) as clients:
            write_on(clients)
            importing = take_in(on, innames)
            kill_postgresql(own_cluster)
            own_cluster.start()
            code, _, complaint = on.answer(importing)
            assert code == 3 and "de databank antwoordt niet" in complaint
            write_on(clients)
        check(on, clients, innames)
