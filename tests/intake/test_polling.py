"""The worker takes feeds in by itself, each when its turn has come."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from procrastinate import App, SyncPsycopgConnector

from geo_service import settings, worker
from geo_service.intake import jobs, polling, process
from geo_service.intake.sources import gipod_transports
from geo_service.settings import InvalidSettings
from tests.intake.conftest import TODAY
from tests.intake.innames import inname
from tests.intake.test_gipod_transports import host, page
from tests.intake.test_pages import server

Rows = Callable[[str], list[Any]]


@pytest.fixture
def gipod(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A GIPOD in place of the public one."""
    with server(lambda _path, _asked: page([inname(1)])) as (url, asked):
        monkeypatch.setattr(gipod_transports, "ADDRESS", f"{host(url)}/ogc/features/v1")
        monkeypatch.setattr(process, "run", here)  # a process of its own would know the public one
        yield asked


def here(engine: sa.Engine, asked: process.QueuedImport, stopping: Callable[[], bool]) -> None:
    """An import in this process."""
    jobs.run(engine, asked.settings, asked.import_id, asked.source, asked.url, today=TODAY, stopping=stopping)


def test_a_feed_is_due_when_its_minutes_are_over(city: sa.Engine) -> None:
    now = datetime.now(UTC)
    with city.begin() as conn:
        for source, minutes_ago in (("gipod", 61), ("gipod", 500), ("gipod-ldes", 59)):
            row = {"source": source, "at": now - timedelta(minutes=minutes_ago)}
            conn.execute(
                sa.text("INSERT INTO imports (source, status, started_at) VALUES (:source, 'failed', :at)"),
                row,
            )
        minutes = {"gipod": 60.0, "gipod-ldes": 60.0, "never": 60.0}

        assert polling.due(conn, minutes, now) == ["gipod", "never"]


def test_a_feed_is_queued_at_its_turn_and_not_before(city: sa.Engine, rows: Rows) -> None:
    known = settings.load(poll_minutes={"gipod": 60, "gipod-ldes": 60})
    assert polling.queue_due(city, known) == ["gipod", "gipod-ldes"]
    assert polling.queue_due(city, known) == []
    assert rows("SELECT source, status, asked_by FROM imports ORDER BY source") == [
        ("gipod", "queued", "poll"),
        ("gipod-ldes", "queued", "poll"),
    ]
    assert rows("SELECT count(*) FROM procrastinate_jobs") == [2]


def test_a_feed_that_waits_for_its_turn_is_not_queued_again(city: sa.Engine, rows: Rows) -> None:
    known = settings.load(poll_minutes={"gipod": 60})
    polling.queue_due(city, known)
    with city.begin() as conn:
        conn.execute(sa.text("UPDATE imports SET started_at = now() - interval '2 hours'"))
    assert polling.queue_due(city, known) == []


def test_the_worker_polls(fresh_database: str, gipod: list[str]) -> None:
    known = settings.load(
        database_url=fresh_database, today=TODAY, poll_minutes={"gipod": 60}, allow_private_sources=True
    )
    with App(connector=SyncPsycopgConnector(conninfo=fresh_database.replace("+psycopg", ""))).open() as queue:
        queue.configure_task(polling.POLL).defer(timestamp=0)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(known, stop))
    thread.start()
    deadline = time.monotonic() + 30
    while not gipod and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    thread.join(30)

    assert gipod and not thread.is_alive()


@pytest.mark.parametrize("given", ["gipod", "gipod=1", "gipod=often", "=60"])
def test_a_rhythm_that_makes_no_sense_stops_the_start(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_POLL_MINUTES", given)
    with pytest.raises(InvalidSettings, match="GEO_POLL_MINUTES"):
        settings.load()
