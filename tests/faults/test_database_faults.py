"""The database on bad days: what a person sees meanwhile, that the service goes on by itself, and that nothing confirmed is lost."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import psycopg
import pytest
import sqlalchemy as sa

from geo_service.cluster import Cluster
from geo_service.exports import reader
from geo_service.postgres import Account
from tests.faults.conftest import Note, Town, survived, town_on, until, write_on
from tests.races.clients import confirmed
from tests.races.test_killed import kill_postgresql

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")


def test_the_network_to_the_database_is_cut(town: Town, record_property: Note) -> None:
    with survived(town, record_property):
        town.proxy.cut()
        began = time.monotonic()
        assert town.status() == (503, "database_unreachable")
        assert time.monotonic() - began < 9, "nobody waits for a database that is gone"
        assert town.status("/health/live") == (200, "ok")
        answer = httpx.get(f"{town.service.url}/health/ready", timeout=60)
        assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0


def test_the_database_hangs(town: Town, record_property: Note) -> None:
    with survived(town, record_property) as clients:
        town.proxy.hang()
        before = confirmed(clients)
        with pytest.raises(httpx.ReadTimeout):
            town.status(timeout=0.5)
        assert town.status("/health/live") == (200, "ok")
        assert confirmed(clients) == before


def test_a_hung_database_takes_its_places_and_no_more(town: Town) -> None:
    """Ten readers wait for it; who comes then is told to come back, at once."""
    town.proxy.hang()
    waiting = [threading.Thread(target=_patient, args=(town,)) for _ in range(12)]
    for one in waiting:
        one.start()
    _until_busy(town)
    town.proxy.heal()
    for one in waiting:
        one.join(20)
    assert not any(one.is_alive() for one in waiting)
    assert town.status() == (200, "ok")


def test_more_requests_than_a_process_can_do_are_told_at_once_to_come_back(
    cluster: Cluster, fresh_database: str
) -> None:
    with town_on(cluster, fresh_database, requests_at_once=3) as town:
        town.proxy.hang()
        waiting = [threading.Thread(target=_patient, args=(town,)) for _ in range(3)]
        for one in waiting:
            one.start()
        assert int(_until_busy(town).headers["Retry-After"]) > 0
        assert town.status("/health/live") == (200, "ok")
        town.proxy.heal()
        for one in waiting:
            one.join(20)
        assert town.status() == (200, "ok"), "whoever came is counted until the answer, and no longer"


def _until_busy(town: Town) -> httpx.Response:
    """The answer to who comes once all places are taken; who comes before that takes one."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        with contextlib.suppress(httpx.ReadTimeout):
            answer = httpx.get(f"{town.service.url}/api/v1/status", timeout=3)
            assert (answer.status_code, answer.json()["code"]) == (503, "busy")
            return answer
    raise AssertionError("nobody was told to come back")


def _patient(town: Town) -> None:
    town.status(timeout=30)


def test_the_database_is_slow(town: Town, record_property: Note) -> None:
    with survived(town, record_property) as clients:
        town.proxy.slow(0.03)
        assert town.status() == (200, "ok")
        write_on(clients)


def test_every_session_is_ended_by_the_server(town: Town, record_property: Note) -> None:
    with survived(town, record_property), town.direct.connect() as conn:
        conn.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        assert town.status() == (200, "ok"), "a connection that is gone costs a reader nothing"


def test_postgresql_is_killed(own_town: Town, own_cluster: Cluster, record_property: Note) -> None:
    with survived(own_town, record_property):
        kill_postgresql(own_cluster)
        assert own_town.status() == (503, "database_unreachable")
        own_cluster.start()


def test_postgresql_is_restarted(own_town: Town, own_cluster: Cluster, record_property: Note) -> None:
    with survived(own_town, record_property):
        own_cluster.stop()
        assert own_town.status() == (503, "database_unreachable")
        own_cluster.start()


def test_others_take_every_connection(own_town: Town, own_cluster: Cluster, record_property: Note) -> None:
    with survived(own_town, record_property), ExitStack() as others:
        with own_town.direct.connect() as conn:
            conn.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
            )
        own_town.direct.dispose()
        with pytest.raises(psycopg.OperationalError, match="too many clients"):
            while True:
                others.enter_context(psycopg.connect(own_cluster.url))
        status, code = own_town.status()
        assert (status, code) in {
            (200, "ok"),
            (503, "database_unreachable"),
        }  # 200 with a connection from before


@pytest.fixture
def small_disk(cluster: Cluster, template: str) -> Iterator[tuple[Path, str]]:
    """A database on a disk of its own, and that disk."""
    with tempfile.TemporaryDirectory(prefix="geo-test-") as folder:
        disk = Path(folder)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", disk], check=True)
        try:
            Account.choose().own(disk)
            with psycopg.connect(cluster.url_of("postgres"), autocommit=True) as admin:
                admin.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
                admin.execute(f"CREATE DATABASE small TEMPLATE {template} TABLESPACE small")
                yield disk, cluster.url_of("small")
                admin.execute("DROP DATABASE small WITH (FORCE)")
                admin.execute("DROP TABLESPACE small")
        finally:
            subprocess.run(["umount", "--lazy", disk], check=True)


@as_root
def test_the_disk_is_full(cluster: Cluster, small_disk: tuple[Path, str], record_property: Note) -> None:
    disk, url = small_disk
    with (
        town_on(cluster, url) as town,
        survived(town, record_property) as clients,
    ):
        filler = disk / "filler"
        fill = subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=64k"], capture_output=True)
        assert b"No space left" in fill.stderr
        until(lambda: any(client.answers["503"] for client in clients), "a write meets the full disk")
        assert town.status() == (200, "ok"), "reads go on"
        filler.unlink()


def test_a_long_query_of_an_analyst_keeps_no_write_waiting(own_town: Town, record_property: Note) -> None:
    with own_town.direct.begin() as conn:
        reader.open_(conn, "analyst")
    as_analyst = own_town.direct.url.set(drivername="postgresql", username=reader.ROLE, password="analyst")
    with (
        survived(own_town, record_property) as clients,
        psycopg.connect(as_analyst.render_as_string(hide_password=False)) as analyst,
    ):
        limits = {
            name: analyst.execute(f"SHOW {name}").fetchone()
            for name in ("statement_timeout", "idle_in_transaction_session_timeout")
        }
        assert limits == {"statement_timeout": ("1min",), "idle_in_transaction_session_timeout": ("2min",)}
        query = threading.Thread(target=_query, args=(analyst,))
        query.start()
        write_on(clients)
        assert query.is_alive(), "writes went on while it ran"
        analyst.cancel_safe()
        query.join()
    with own_town.direct.begin() as conn:
        reader.close(conn)


def _query(analyst: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.QueryCanceled, match="canceling statement"):
        analyst.execute("SELECT count(*), pg_sleep(60) FROM gis.works")
