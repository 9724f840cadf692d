"""An import that stops halfway, whichever way, goes on without loss and without doubles."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import settings
from geo_service.coordination import day_change
from geo_service.intake.importer import Interrupted, run_import
from geo_service.store import imports, locks
from tests.intake.conftest import TODAY, Import, counts, write_json
from tests.intake.innames import inname

Rows = Callable[[str], list[Any]]

WORKS = 1500
IMPORT = """
import sys, datetime
from uuid import UUID
from geo_service import db, settings
from geo_service.intake.importer import run_import
config = settings.load()
run_import(db.create_engine_from(config), config, "gipod", sys.argv[1], today=datetime.date(2026, 9, 1), import_id=UUID(sys.argv[2]))
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Works, one of them unreadable: several batches."""
    features = [
        inname(n, x=60 * n - (45 if n % 20 == 0 else 0), Owner=("Fluvius", "Wyre")[n % 2])
        for n in range(1, WORKS)
    ]
    features.append(inname(WORKS, Owner=" "))
    return write_json(tmp_path / "page.json", {"type": "FeatureCollection", "features": features})


@pytest.fixture
def queued(city: sa.Engine) -> Any:
    """The id of an import that was asked for."""
    with city.begin() as conn:
        return imports.queue(conn, imports.ImportRequest("gipod", "page.json"))


def test_killed_halfway_and_run_again_it_ends_as_if_nothing_had_happened(
    city: sa.Engine, rows: Rows, page: Path, queued: Any
) -> None:
    url = city.url.render_as_string(hide_password=False)
    environment = {**os.environ, "GEO_DATABASE_URL": url}
    process = subprocess.Popen([sys.executable, "-c", IMPORT, str(page), str(queued)], env=environment)
    try:
        deadline = time.monotonic() + 60
        while not rows("SELECT count(*) FROM works")[0] > 0:
            assert time.monotonic() < deadline and process.poll() is None, "it never stored a batch"
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    [stored] = rows("SELECT count(*) FROM works")
    assert stored < WORKS - 1, "it was killed too late to prove anything"
    report = run_import(city, settings.load(), "gipod", str(page), today=TODAY, import_id=queued)
    assert counts(report) == {"read": WORKS, "created": WORKS - 1, "rejected": 1}
    assert rows("SELECT status, (report ->> 'created')::int FROM imports") == [("done", WORKS - 1)]
    assert rows("SELECT count(*), count(DISTINCT source_id) FROM works") == [(WORKS - 1, WORKS - 1)]
    [found] = rows("SELECT count(*) FROM conflicts")
    assert report.conflicts_opened == found > 50
    assert rows("SELECT count(*) FROM alerts WHERE type = 'conflict.opened'") == [found]
    with city.begin() as conn:
        locks.claims_writer(conn)
        again = day_change.recompute(conn, TODAY)
    assert (again.opened, again.closed, again.alerts) == (0, 0, 0)


def test_an_import_that_is_told_to_stop_waits_to_go_on(
    city: sa.Engine, rows: Rows, page: Path, queued: Any
) -> None:
    def run(stopping: Callable[[], bool]) -> Any:
        how = {"today": TODAY, "import_id": queued, "stopping": stopping}
        return run_import(city, settings.load(), "gipod", str(page), **how)

    with pytest.raises(Interrupted):
        run(lambda: rows("SELECT count(*) FROM works")[0] > 0)
    assert rows("SELECT status, report FROM imports") == [("queued", None)]
    [committed] = rows("SELECT (progress ->> 'created')::int FROM imports")
    assert committed == rows("SELECT count(*) FROM works")[0]
    assert counts(run(lambda: False)) == {"read": WORKS, "created": WORKS - 1, "rejected": 1}


def test_an_import_that_nobody_takes_up_again_is_found_interrupted(
    city: sa.Engine, rows: Rows, tmp_path: Path, take_in: Import
) -> None:
    with city.begin() as conn:
        imports.start(conn, "gipod", "killed.json")
    take_in(
        "gipod", write_json(tmp_path / "page.json", {"type": "FeatureCollection", "features": [inname(1)]})
    )
    assert rows("SELECT status, report ->> 'error' FROM imports ORDER BY id") == [
        ("failed", "interrupted"),
        ("done", None),
    ]
