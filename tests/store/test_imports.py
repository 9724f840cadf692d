"""Each import leaves a trace, whichever way it ended."""

import time
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from geo_service.domain.errors import NotFound
from geo_service.intake.records import Rejection
from geo_service.store import imports

REPORT = {"read": 2, "rejected": 1}


def start(conn: sa.Connection, source: str) -> UUID:
    time.sleep(0.002)  # ids are in order to the millisecond
    return imports.start(conn, source, None)[0]


def status(conn: sa.Connection, import_id: object) -> str:
    return str(conn.scalar(sa.text("SELECT status FROM imports WHERE id = :id"), {"id": import_id}))


def test_an_import_that_was_killed_is_found_failed_by_the_next_one(conn: sa.Connection) -> None:
    killed, other = start(conn, "gipod"), start(conn, "osiris")
    next_ = start(conn, "gipod")
    assert [status(conn, one) for one in (killed, other, next_)] == ["failed", "running", "running"]


def test_a_queued_import_waits_for_its_turn_and_then_runs_under_its_id(conn: sa.Connection) -> None:
    waiting = imports.queue(conn, imports.ImportRequest("gipod", "works.geojson", asked_by="nutsen"))
    start(conn, "gipod")
    assert status(conn, waiting) == "queued"
    assert imports.start(conn, "gipod", "works.geojson", waiting) == (waiting, {})
    assert status(conn, waiting) == "running"
    assert imports.get(conn, waiting)["asked_by"] == "nutsen"


def test_a_killed_import_knows_how_far_it_came(conn: sa.Connection) -> None:
    killed = start(conn, "gipod")
    imports.note_progress(conn, killed, {"created": 7})
    assert imports.start(conn, "gipod", None, killed) == (killed, {"created": 7})


def test_imports_are_listed_newest_first_page_by_page(conn: sa.Connection) -> None:
    first, other, second = start(conn, "gipod"), start(conn, "osiris"), start(conn, "gipod")
    found, total = imports.find(conn, limit=2)
    assert ([row["id"] for row in found], total) == ([second, other], 3)
    assert [row["id"] for row in imports.find(conn, before=other)[0]] == [first]
    assert [row["id"] for row in imports.find(conn, source="gipod", status="failed")[0]] == [first]


def test_rejected_rows_are_read_page_by_page(conn: sa.Connection) -> None:
    done = start(conn, "gipod")
    rows = [Rejection(n, str(n), "x", None, {"words": "why"}) for n in (1, 5, 9)]
    imports.finish(conn, done, "done", REPORT, rows)
    assert [row["row"] for row in imports.rejected(conn, done, limit=2)] == [1, 5]
    assert [row["row"] for row in imports.rejected(conn, done, after=5)] == [9]
    assert imports.get(conn, done)["report"] == REPORT


def test_the_age_of_the_truth_is_that_of_the_last_import_that_ended_well(conn: sa.Connection) -> None:
    assert imports.last_done(conn, "gipod") is None
    done = start(conn, "gipod")
    imports.finish(conn, done, "done", REPORT)
    imports.finish(conn, start(conn, "gipod"), "failed", {"error": "source_unreachable"})
    last = imports.last_done(conn, "gipod")
    assert last is not None
    assert last["id"] == done


def test_an_import_that_is_not_there_is_named(conn: sa.Connection) -> None:
    with pytest.raises(NotFound, match="no import"):
        imports.get(conn, uuid4())
