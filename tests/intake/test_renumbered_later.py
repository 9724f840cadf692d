"""What becomes of a record under two ids: decided, shown again, renumbered again, worked on meanwhile."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from geo_service.coordination import day_change, renumberings
from geo_service.domain.errors import InvalidTransition
from geo_service.store import locks
from tests.intake.conftest import TODAY, counts
from tests.intake.publisher import (
    LIVE,
    OPEN,
    PUBLISHERS,
    SUGGESTED,
    Decide,
    Publisher,
    Rows,
    day,
    record,
    zone,
)


def test_refused_they_are_two_and_are_not_suggested_again(
    renewals: Publisher, jobs: Publisher, rows: Rows, decide: Decide
) -> None:
    jobs.shows(record("sewer", (40, 50), owner="Aquafin"))
    renewals.shows(record("old"))
    once = rows(OPEN)
    renewals.shows(record("new"))
    decide("refuse")
    assert rows(LIVE) == [("new", day(30)), ("old", day(30))]
    assert rows(OPEN) == sorted([*once, *once])
    renewals.shows(record("new", (31, 60)))
    assert rows(SUGGESTED) == []


@pytest.mark.parametrize("target", ["repairs", "works"])
def test_a_pair_that_was_refused_keeps_no_other_from_being_suggested(
    request: pytest.FixtureRequest, rows: Rows, decide: Decide, target: str
) -> None:
    publisher = request.getfixturevalue(PUBLISHERS[target])
    publisher.shows(record("old"), record("other", ground=zone(500)))
    publisher.shows(record("new"), record("other", ground=zone(500)))
    decide("refuse")
    publisher.shows(record("new"), record("renamed", ground=zone(500)))
    assert rows(SUGGESTED) == [("other", "renamed", 0)]


@pytest.mark.parametrize("target", ["repairs", "works"])
def test_an_import_under_either_id_finds_the_record(
    request: pytest.FixtureRequest, rows: Rows, decide: Decide, target: str
) -> None:
    publisher = request.getfixturevalue(PUBLISHERS[target])
    live = f"SELECT id, source_id FROM {target} WHERE deleted_at IS NULL"
    publisher.shows(record("old"))
    [(first, _)] = rows(live)
    publisher.shows(record("new"))
    decide()
    for id_, outcome in (("old", "changed"), ("new", "changed"), ("new", "unchanged")):
        days = (31, 61) if id_ == "old" else (30, 60)
        assert counts(publisher.shows(record(id_, days))) == {"read": 1, outcome: 1}
        assert rows(live) == [(first, "new")]


@pytest.mark.parametrize("target", ["repairs", "works"])
def test_what_the_source_shows_under_both_ids_later_is_two_again(
    request: pytest.FixtureRequest, rows: Rows, decide: Decide, target: str
) -> None:
    publisher = request.getfixturevalue(PUBLISHERS[target])
    publisher.shows(record("old"))
    publisher.shows(record("new"))
    decide()
    report = publisher.shows(record("old"), record("new"))
    assert (report.read, report.rejected, report.renumbered) == (2, 0, 0)
    live = f"SELECT source_id FROM {target} WHERE deleted_at IS NULL ORDER BY 1"
    assert rows(live) == ["new", "old"]
    assert counts(publisher.shows(record("old"), record("new"))) == {"read": 2, "unchanged": 2}


def test_a_suggestion_about_what_is_shown_again_is_withdrawn(
    renewals: Publisher, jobs: Publisher, rows: Rows
) -> None:
    jobs.shows(record("sewer", (40, 50), owner="Aquafin"))
    renewals.shows(record("old"))
    once = rows(OPEN)
    renewals.shows(record("new"))
    renewals.shows(record("old"), record("new"))
    assert rows("SELECT status FROM renumberings") == ["withdrawn"]
    assert rows(OPEN) == sorted([*once, *once])


def test_two_new_ids_in_a_row_are_one_record_in_the_end(
    renewals: Publisher, rows: Rows, decide: Decide
) -> None:
    renewals.shows(record("first"))
    [only] = rows("SELECT id FROM repairs")
    renewals.shows(record("second"))
    renewals.shows(record("third", (40, 70)))
    assert rows(SUGGESTED) == [("first", "second", 0), ("second", "third", 10)]
    decide()
    assert rows("SELECT id, source_id FROM repairs WHERE deleted_at IS NULL") == [(only, "third")]
    assert rows(LIVE) == [("third", day(40))]
    for id_ in ("first", "second", "third"):
        renewals.shows(record(id_, (40, 70)))
        assert rows("SELECT id, source_id FROM repairs WHERE deleted_at IS NULL") == [(only, "third")]


def test_the_later_of_two_new_ids_may_be_confirmed_first(
    renewals: Publisher, city: sa.Engine, rows: Rows, decide: Decide
) -> None:
    renewals.shows(record("first"))
    [only] = rows("SELECT id FROM repairs")
    renewals.shows(record("second"))
    renewals.shows(record("third"))
    [later] = rows("SELECT id FROM renumberings WHERE new_source_id = 'third'")
    with city.begin() as conn:
        locks.claims_writer(conn)
        renumberings.confirm(conn, [later], "a person", TODAY)
    decide()
    assert rows("SELECT id, source_id FROM repairs WHERE deleted_at IS NULL") == [(only, "third")]
    for id_ in ("first", "second"):
        renewals.shows(record(id_))
        assert rows("SELECT id, source_id FROM repairs WHERE deleted_at IS NULL") == [(only, "third")]


def test_a_new_record_that_moves_while_nobody_decided_is_looked_at_as_it_is(
    renewals: Publisher, jobs: Publisher, rows: Rows
) -> None:
    jobs.shows(record("sewer", (40, 50), owner="Aquafin"))
    renewals.shows(record("old"))
    renewals.shows(record("new"))
    speaking = "SELECT DISTINCT r.source_id FROM claims c JOIN repairs r ON r.id = c.repair_id"
    assert rows(speaking) == ["old"]
    renewals.shows(record("new", (130, 160)))
    assert rows(speaking) == ["new"]
    assert rows(SUGGESTED) == [("old", "new", 100)]


def test_once_a_person_works_on_one_of_two_both_are_looked_at_whatever_the_source_says(
    renewals: Publisher, jobs: Publisher, city: sa.Engine, rows: Rows
) -> None:
    jobs.shows(record("sewer", (40, 50), owner="Aquafin"))
    renewals.shows(record("old"))
    renewals.shows(record("new"))
    [old_id] = rows("SELECT old_id FROM renumberings")
    with city.begin() as conn:
        locks.claims_writer(conn)
        renumberings.break_silence(conn, old_id, TODAY)
    both = "SELECT DISTINCT r.source_id FROM claims c JOIN repairs r ON r.id = c.repair_id ORDER BY 1"
    assert rows(both) == ["new", "old"]
    renewals.shows(record("new", (35, 60)))
    with city.begin() as conn:
        locks.claims_writer(conn)
        day_change.recompute(conn, TODAY)
    assert rows(both) == ["new", "old"]
    assert rows(SUGGESTED) == [("old", "new", 5)]


def test_what_is_decided_is_decided(renewals: Publisher, city: sa.Engine, rows: Rows) -> None:
    renewals.shows(record("old"))
    renewals.shows(record("new"))
    [id_] = rows("SELECT id FROM renumberings")
    with city.begin() as conn:
        locks.claims_writer(conn)
        renumberings.refuse(conn, [id_], "a person", TODAY)
        with pytest.raises(InvalidTransition):
            renumberings.confirm(conn, [id_], "another person", TODAY)


def test_a_repair_that_was_finished_here_stays_finished_under_its_new_id(
    renewals: Publisher, city: sa.Engine, rows: Rows, decide: Decide
) -> None:
    renewals.shows(record("old"))
    with city.begin() as conn:
        conn.execute(sa.text("UPDATE repairs SET status = 'done', finished_on = '2026-08-20', cost_eur = 12"))
    renewals.shows(record("new"))
    decide()
    state = "SELECT source_id, status, finished_on::text, cost_eur FROM repairs WHERE deleted_at IS NULL"
    assert rows(state) == [("new", "done", "2026-08-20", 12)]
