"""`geo-service db migrate` on a database that cannot be had: one line that says what is wrong, exit code 3, no traceback."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from geo_service import settings, worker
from geo_service.cluster import Cluster
from geo_service.domain.errors import DatabaseUnreachable
from geo_service.store.migrate import check
from tests.ops.test_cli import Shell

WAIT_S = 60


@pytest.fixture
def small_role(cluster: Cluster) -> Iterator[sa.URL]:
    """An empty database whose owner may not add extensions."""
    name = f"small_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(cluster.url_of("postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'small'")
        admin.execute(f"CREATE DATABASE {name} OWNER {name}")
        yield sa.make_url(cluster.url_of(name)).set(username=name, password="small")
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        admin.execute(f"DROP ROLE {name}")


def migrate(url: sa.URL, folder: Path) -> str:
    done = Shell(url.render_as_string(hide_password=False), folder).run("db", "migrate", code=3)
    [line] = done.stderr.splitlines()
    return line


def test_a_wrong_password_is_said(small_role: sa.URL, tmp_path: Path) -> None:
    line = migrate(small_role.set(password="wrong"), tmp_path)
    assert line.startswith("geo-service: de databank antwoordt niet (")
    assert "password authentication failed" in line


def test_an_extension_that_may_not_be_added_is_named(small_role: sa.URL, tmp_path: Path) -> None:
    line = migrate(small_role, tmp_path)
    assert line.startswith(
        'geo-service: de databank mist een extensie, en deze gebruiker mag ze niet toevoegen (permission denied to create extension "postgis")'
    )


def test_a_server_that_takes_a_connection_and_says_nothing_is_waited_for_ten_seconds(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        line = migrate(sa.make_url(f"postgresql://geo:x@127.0.0.1:{port}/geo"), tmp_path)
    assert line.startswith("geo-service: de databank antwoordt niet (")


def test_a_database_without_the_schema_says_what_to_run(small_role: sa.URL, tmp_path: Path) -> None:
    shell = Shell(small_role.render_as_string(hide_password=False), tmp_path)
    (line,) = shell.run("users", "list", code=3).stderr.splitlines()
    assert line.startswith("geo-service: de databank staat op schema -") and "geo-service db migrate" in line


def test_an_empty_table_of_versions_is_no_schema_and_one_that_may_not_be_read_is_another_fault(
    small_role: sa.URL,
) -> None:
    engine = sa.create_engine(small_role.set(drivername="postgresql+psycopg"))
    with engine.begin() as conn:
        conn.execute(sa.text("CREATE TABLE alembic_version (version_num text)"))
        with pytest.raises(DatabaseUnreachable, match="schema -"):
            check(conn)
        conn.execute(sa.text(f"REVOKE ALL ON alembic_version FROM {small_role.username}"))
        with pytest.raises(ProgrammingError, match="permission denied"):
            check(conn)
    engine.dispose()


def test_a_worker_waits_for_the_schema_and_says_so_in_one_line(
    small_role: sa.URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[dict[str, object]] = []
    log = SimpleNamespace(warning=lambda _, **facts: lines.append(facts), info=lambda *_, **__: None)
    monkeypatch.setattr(worker, "log", log)  # another test may have bound the real one, or set its level
    stop = threading.Event()
    config = settings.load(database_url=small_role.render_as_string(hide_password=False))
    thread = threading.Thread(target=worker.run, args=(config, stop))
    thread.start()
    until = time.monotonic() + WAIT_S
    while not lines and time.monotonic() < until:
        thread.join(0.05)
    stop.set()
    thread.join()
    assert isinstance(lines[0]["exc_info"], DatabaseUnreachable) and "db migrate" in str(lines[0]["exc_info"])
