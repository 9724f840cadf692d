"""The worker without its database: few lines, no tracebacks, and afterwards it works on; it ends when it is told to, and says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import jobs, subscriptions
from geo_service.alerts.feed import AlertDraft, append
from geo_service.cluster import Cluster
from geo_service.store import locks
from tests.alerts.conftest import Receiver
from tests.faults.conftest import Note, until
from tests.faults.proxy import FaultProxy

AWAY_S = 90 if os.environ.get("FAULTS") == "all" else 12
MOST_LINES = 40


@contextmanager
def process(url: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that reaches its database at `url`."""
    environment = {
        **os.environ,
        "GEO_DATABASE_URL": url,
        "GEO_LOG_FORMAT": "json",
        "GEO_ALLOW_PRIVATE_WEBHOOKS": "true",
    }
    with log.open("wb") as err:
        running = subprocess.Popen(
            [sys.executable, "-m", "geo_service", "worker"], env=environment, stderr=err
        )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


@pytest.fixture
def direct(fresh_database: str) -> Iterator[sa.Engine]:
    engine = db.create_engine_for(fresh_database)
    yield engine
    engine.dispose()


@pytest.fixture
def proxy(cluster: Cluster, direct: sa.Engine) -> Iterator[FaultProxy]:
    with FaultProxy((str(direct.url.host), direct.url.port or 5432)).running() as found:
        yield found


def tell(engine: sa.Engine) -> None:
    with db.write(engine) as conn:
        locks.claims_writer(conn)
        append(conn, [AlertDraft("repair.held")])


def undelivered(direct: sa.Engine) -> int:
    """The jobs of deliveries that are not done."""
    with db.read(direct) as conn:
        return int(
            conn.scalar(
                sa.text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name"),
                {"name": jobs.DELIVER},
            )
        )


def test_a_worker_without_its_database_waits_in_few_words_and_goes_on(
    direct: sa.Engine, proxy: FaultProxy, receiver: Receiver, tmp_path: Path, record_property: Note,
) -> None:  # fmt: skip
    with db.write(direct) as conn:
        subscriptions.create(conn, subscriptions.CITY, subscriptions.SubscriptionDraft(receiver.url, {}))
    url = direct.url.set(drivername="postgresql", port=proxy.port).render_as_string(hide_password=False)
    log = tmp_path / "worker.log"
    with process(url, log) as worker:
        tell(direct)
        until(lambda: len(receiver.requests) == 1, "the first alert goes out")
        until(lambda: undelivered(direct) == 0, "and is on record: else its job waits for its worker's death")
        proxy.cut()
        tell(direct)
        time.sleep(AWAY_S)
        assert worker.poll() is None and len(receiver.requests) == 1
        proxy.heal()
        record_property(
            "recovery_s", round(until(lambda: len(receiver.requests) == 2, "the second one too"), 1)
        )
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
    text = log.read_text()
    lines = text.splitlines()
    assert "Traceback" not in text
    assert len(lines) <= MOST_LINES, text
    assert "the worker has stopped" in lines[-1]
    record_property("lost", 0)
