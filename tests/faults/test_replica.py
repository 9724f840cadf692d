"""Reads on a real streaming replica: it answers, lags, is stopped and is promoted, and nobody reads what is too old or misses what they wrote."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import sqlalchemy as sa

from geo_service.cluster import CONFIGURATION, Cluster
from geo_service.postgres import Account, Server, find_binaries, free_port
from tests.faults.conftest import Note, Town, town_on, until, url_of
from tests.serving import point

LAG_S = 2.0
SHOWN_S = 15
TILE = "/ogc/tiles/WebMercatorQuad/14/8329/5480.mvt"


@dataclass(frozen=True)
class Replica:
    """A copy of the own cluster that follows it."""

    server: Server
    url: str
    port: int

    def start(self) -> None:
        self.server.start(CONFIGURATION | {"port": str(self.port)})

    def run(self, statement: str) -> Any:
        with psycopg.connect(self.url, autocommit=True) as conn:
            return conn.execute(statement.encode()).fetchone()


@pytest.fixture
def replica(own_cluster: Cluster) -> Iterator[Replica]:
    account = Account.choose()
    with tempfile.TemporaryDirectory(prefix="geo-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        root = Path(folder) / "replica"
        assert account.make_folder(root)
        version = own_cluster.status().version
        copy = [
            find_binaries(version).program("pg_basebackup"),
            "--write-recovery-conf",
            "--checkpoint=fast",
            "--no-sync",
        ]
        made = account.run(
            [*copy, f"--pgdata={root / 'data'}", f"--dbname={own_cluster.url_of('postgres')}"], cwd=root
        )
        assert made.returncode == 0, made.stderr
        server, port = Server(root, durable=False), free_port()
        url = sa.make_url(own_cluster.url).set(port=port).render_as_string(hide_password=False)
        found = Replica(server, url, port)
        found.start()
        yield found
        server.stop()


@pytest.fixture
def town(own_cluster: Cluster, replica: Replica) -> Iterator[Town]:
    with town_on(
        own_cluster, url_of(own_cluster), read_database_url=replica.url, replica_lag_s=LAG_S
    ) as found:
        until(lambda: state(found) == "current", "the replica is seen", SHOWN_S)
        yield found


def ready(town: Town) -> dict[str, Any]:
    answer: dict[str, Any] = (
        httpx.get(f"{town.service.url}/health/ready", timeout=60).raise_for_status().json()
    )
    return answer["replica"] or {}


def state(town: Town) -> str:
    return str(ready(town).get("state"))


def figure(town: Town, name: str) -> float | None:
    lines = httpx.get(f"{town.service.url}/metrics", timeout=60).text.splitlines()
    return next((float(line.split()[1]) for line in lines if line.startswith(f"{name} ")), None)


def report(town: Town, x: float, word: str) -> str:
    body = {"category": "pothole", "scope": "spot", "geometry": point(x, 1), "description": word}
    with town.service.as_("workshop") as client:
        return str(client.post("/api/v1/repairs", json=body).raise_for_status().json()["id"])


def seen(town: Town, repair: str, role: str) -> bool:
    """In an export and as a feature, which both may come from the replica."""
    with town.service.as_(role) as client:
        for _ in range(4):  # the replica may have become too old, or caught up, between the two
            in_file = repair in client.get("/api/v1/repairs.geojson").raise_for_status().text
            as_feature = client.get(f"/ogc/collections/repairs/items/{repair}").status_code == 200
            if in_file == as_feature:
                return in_file
    raise AssertionError("a file and a feature disagree")


def served(replica: Replica) -> int:
    """Transactions that the replica has answered."""
    replica.run("SELECT pg_stat_clear_snapshot()")
    row = replica.run(
        "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
    )
    return int(row[0])


def sessions(replica: Replica) -> int:
    row = replica.run("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'geo_service%'")
    return int(row[0])


def test_reads_go_to_the_replica_and_who_wrote_reads_what_it_wrote(town: Town, replica: Replica) -> None:
    with town.service.as_("viewer") as client:
        for path in ("/api/v1/stats/overview", "/ogc/collections/works/items", "/api/v1/works.geojson", TILE):
            assert client.get(path).status_code == 200
    assert sessions(replica) >= 2, "tiles and files have connections there"
    replica.run("SELECT pg_wal_replay_pause()")
    repair = report(town, 0, "just written")
    assert seen(town, repair, "workshop"), "who wrote it sees it at once"
    if state(town) == "current":
        by_another = seen(town, repair, "coordinator")
        if state(town) == "current":
            assert not by_another, "others read the replica, which does not have it yet"
    replica.run("SELECT pg_wal_replay_resume()")
    until(lambda: seen(town, repair, "coordinator"), "it arrives", SHOWN_S)


def test_a_replica_that_is_too_far_behind_answers_nothing(
    town: Town, replica: Replica, record_property: Note
) -> None:
    replica.run("SELECT pg_wal_replay_pause()")
    repair = report(town, 50, "written while it was paused")
    until(lambda: state(town) == "behind", "that is said", SHOWN_S)
    assert seen(town, repair, "coordinator"), "the database itself answers"
    lag = figure(town, "geo_service_replica_lag_seconds")
    assert lag is not None and lag > LAG_S and ready(town)["lag_s"] > LAG_S
    assert figure(town, "geo_service_replica_current") == 0
    replica.run("SELECT pg_wal_replay_resume()")
    record_property(
        "recovery_s", round(until(lambda: state(town) == "current", "it has caught up", SHOWN_S), 1)
    )
    assert figure(town, "geo_service_replica_current") == 1
    record_property("lost", 0)


def test_a_quiet_database_is_not_taken_for_a_replica_that_is_behind(town: Town) -> None:
    time.sleep(LAG_S + 2)
    until(lambda: state(town) == "current", "nothing was written, so nothing is missing", SHOWN_S)


def test_a_replica_that_is_stopped_costs_no_answer(
    town: Town, replica: Replica, record_property: Note
) -> None:
    with town.service.as_("viewer") as client:
        assert client.get(TILE).status_code == 200
        replica.server.stop()
        statuses = {
            client.get(path).status_code
            for _ in range(5)
            for path in (TILE, "/api/v1/stats/overview", "/api/v1/works.geojson")
        }
        assert statuses == {200}
        until(lambda: state(town) == "silent", "that is said", SHOWN_S)
        replica.start()
        record_property(
            "recovery_s", round(until(lambda: state(town) == "current", "it is back", SHOWN_S), 1)
        )
        assert client.get(TILE).status_code == 200
    record_property("lost", 0)


def test_a_replica_that_was_promoted_is_no_replica_any_more(
    town: Town, replica: Replica, record_property: Note
) -> None:
    replica.run("SELECT pg_promote()")
    until(lambda: state(town) == "promoted", "that is said", SHOWN_S)
    repair = report(town, 100, "after the promotion")
    assert seen(town, repair, "coordinator")
    record_property("lost", 0)
