"""Each import leaves a trace, whichever way it ended."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from geo_service.domain.errors import NotFound
from geo_service.store import imports

REPORT = {"read": 2, "rejected": 1}


def status(conn: sa.Connection, import_id: object) -> str:
    return str(conn.scalar(sa.text("SELECT status FROM imports WHERE id = :id"), {"id": import_id}))


def test_an_import_that_was_killed_is_found_failed_by_the_next_one(conn: sa.Connection) -> None:
    killed, other = imports.start(conn, "gipod", None), imports.start(conn, "osiris", None)
    next_ = imports.start(conn, "gipod", None)
    assert [status(conn, one) for one in (killed, other, next_)] == ["failed", "running", "running"]


def test_an_announced_import_waits_for_its_turn_and_then_runs_under_its_id(conn: sa.Connection) -> None:
    waiting = imports.announce(conn, "gipod", "works.geojson")
    imports.start(conn, "gipod", None)
    assert status(conn, waiting) == "running"
    assert imports.start(conn, "gipod", "works.geojson", waiting) == waiting
    assert imports.get(conn, waiting)["report"] is None


def test_rejected_rows_are_read_page_by_page(conn: sa.Connection) -> None:
    done = imports.start(conn, "gipod", None)
    rows = [{"row": n, "record_id": str(n), "code": "x", "field": None, "message": "why"} for n in (1, 5, 9)]
    imports.finish(conn, done, "done", REPORT, rows)
    assert [row["row"] for row in imports.rejected(conn, done, limit=2)] == [1, 5]
    assert [row["row"] for row in imports.rejected(conn, done, after=5)] == [9]
    assert imports.get(conn, done)["report"] == REPORT


def test_the_age_of_the_truth_is_that_of_the_last_import_that_ended_well(conn: sa.Connection) -> None:
    assert imports.last_done(conn, "gipod") is None
    done = imports.start(conn, "gipod", None)
    imports.finish(conn, done, "done", REPORT)
    imports.finish(conn, imports.start(conn, "gipod", None), "failed", {"error": "source_unreachable"})
    last = imports.last_done(conn, "gipod")
    assert last is not None
    assert last["id"] == done


def test_an_import_that_is_not_there_is_named(conn: sa.Connection) -> None:
    with pytest.raises(NotFound, match="no import"):
        imports.get(conn, uuid4())
