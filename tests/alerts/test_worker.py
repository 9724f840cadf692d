"""The worker as it runs: jobs from a real queue, in a thread or as a process that gets a signal."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import db, settings, worker
from geo_service.alerts.feed import AlertDraft
from geo_service.store.tables import deliveries
from tests.alerts.conftest import Receiver

WAIT_S = 20


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@contextmanager
def working(database_url: str, **overrides: Any) -> Iterator[None]:
    stop = threading.Event()
    known = settings.load(
        database_url=database_url, allow_private_webhooks=True, today=date(2027, 3, 1), **overrides
    )
    thread = threading.Thread(target=worker.run, args=(known, stop))
    thread.start()
    yield
    stop.set()
    thread.join(WAIT_S)
    assert not thread.is_alive()


def delivered(engine: sa.Engine) -> int:
    with db.read(engine) as conn:
        done = sa.select(sa.func.count()).where(deliveries.c.delivered_at.is_not(None))
        return conn.scalar(done) or 0


def test_an_alert_reaches_its_subscriber_when_the_transaction_commits(
    fresh_database: str, database: sa.Engine, receiver: Receiver, subscribe: Any, tell: Any
) -> None:
    subscribe(receiver.url)
    with working(fresh_database):
        tell(AlertDraft("repair.held"), AlertDraft("repair.released"))
        wait_until(lambda: delivered(database) == 2)
    assert len(receiver.requests) == 2


def test_what_was_queued_while_no_worker_ran_is_delivered_later(
    fresh_database: str, database: sa.Engine, receiver: Receiver, subscribe: Any, tell: Any
) -> None:
    subscribe(receiver.url)
    tell(AlertDraft("repair.held"))
    with working(fresh_database):
        wait_until(lambda: delivered(database) == 1)


def test_a_failed_delivery_is_queued_again_for_later(
    fresh_database: str, database: sa.Engine, receiver: Receiver, subscribe: Any, tell: Any
) -> None:
    receiver.statuses = [500, 204]
    subscribe(receiver.url)
    tell(AlertDraft("repair.held"))
    with working(fresh_database):
        wait_until(lambda: delivered(database) == 1)  # 5 s later
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    with db.read(database) as conn:
        assert conn.scalar(sa.select(deliveries.c.attempts)) == 2


def test_a_job_of_a_killed_worker_is_done_by_the_next_one(
    fresh_database: str, database: sa.Engine, receiver: Receiver, subscribe: Any, tell: Any
) -> None:
    subscribe(receiver.url)
    tell(AlertDraft("repair.held"))
    with db.write(database) as conn:  # as a worker leaves it that was killed an hour ago
        conn.execute(
            sa.text(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) "
                "VALUES (now() - interval '1 hour') RETURNING id) "
                "UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
            )
        )
    with working(fresh_database):
        wait_until(lambda: delivered(database) == 1)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(fresh_database: str, how: signal.Signals) -> None:
    command = "from geo_service import settings, worker; worker.run(settings.load())"
    environment = {**os.environ, "GEO_DATABASE_URL": fresh_database}
    process = subprocess.Popen([sys.executable, "-c", command], env=environment)

    def listening() -> bool:
        """It has its own way with SIGTERM, the last thing that it sets up (SigCgt of proc(5): the signals that are caught)."""
        told = Path(f"/proc/{process.pid}/status").read_text()
        caught = int(told.partition("SigCgt:")[2].split()[0], 16)
        return bool(caught >> (signal.SIGTERM - 1) & 1)

    try:
        wait_until(listening)
        process.send_signal(how)
        assert process.wait(WAIT_S) == 0
    finally:
        process.kill()
        process.wait()
