"""A publisher gives new ids to the records it had: they are recognised, told once, and made one again in one step."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from shapely import box

from geo_service.coordination import day_change
from geo_service.store import locks
from tests.intake.conftest import TODAY, counts
from tests.intake.publisher import (
    ALERTS,
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


def test_a_renewal_under_a_new_id_is_suggested_as_the_one_that_vanished(
    renewals: Publisher, rows: Rows
) -> None:
    renewals.shows(record("old"))
    report = renewals.shows(record("new"))
    assert counts(report) == {"read": 1, "created": 1, "vanished": 1}
    assert (report.renumbered, report.as_json()["renumbered"]) == (1, 1)
    assert report.as_json()["renumberings"] == [
        {"old": "old", "new": "new", "likeness": 1.0, "starts_moved": 0, "ends_moved": 0}
    ]
    assert rows(SUGGESTED) == [("old", "new", 0)]


def test_no_conflict_is_told_twice_and_nothing_is_told_of_a_mere_new_id(
    renewals: Publisher, jobs: Publisher, rows: Rows
) -> None:
    jobs.shows(record("sewer", (40, 50), owner="Aquafin"))
    renewals.shows(record("old"))
    before, told = rows(OPEN), rows(ALERTS)
    assert before
    renewals.shows(record("new"))
    assert (rows(OPEN), rows(ALERTS)) == (before, told)


def test_confirmed_the_old_repair_lives_on_under_the_new_id(
    renewals: Publisher, jobs: Publisher, rows: Rows, decide: Decide
) -> None:
    jobs.shows(record("sewer", (40, 50), owner="Aquafin"))
    renewals.shows(record("old"))
    [first] = rows("SELECT id FROM repairs")
    before, told = rows("SELECT id, status, repair_id FROM conflicts"), rows(ALERTS)
    renewals.shows(record("new"))
    decide()
    assert rows("SELECT id, source_id FROM repairs WHERE deleted_at IS NULL") == [(first, "new")]
    assert rows("SELECT id, status, repair_id FROM conflicts") == before
    assert rows(ALERTS) == told
    assert rows("SELECT status, decided_by FROM renumberings") == [("confirmed", "a person")]
    assert counts(renewals.shows(record("new"))) == {"read": 1, "unchanged": 1}


def test_a_slip_is_told_as_a_slip_when_it_is_confirmed(
    renewals: Publisher, jobs: Publisher, rows: Rows, decide: Decide
) -> None:
    jobs.shows(record("sewer", (40, 50), owner="Aquafin"))
    renewals.shows(record("old"))
    [first] = rows("SELECT id FROM repairs")
    renewals.shows(record("new", (120, 150)))
    assert rows(SUGGESTED) == [("old", "new", 90)]
    # the new days are looked at already, those that were left are not
    [speaking] = set(rows("SELECT repair_id FROM claims WHERE repair_id IS NOT NULL"))
    assert speaking != first
    decide()
    assert rows(LIVE) == [("new", day(120))]
    assert set(rows("SELECT repair_id FROM claims WHERE repair_id IS NOT NULL")) == {first}
    assert rows("SELECT starts_moved, ends_moved FROM renumberings") == [(90, 90)]


def test_of_a_held_repair_that_moves_under_a_new_id_no_release_is_told_before_a_person_decides(
    renewals: Publisher, jobs: Publisher, rows: Rows, decide: Decide
) -> None:
    jobs.shows(record("sewer", (40, 50), owner="Aquafin"))
    renewals.shows(record("old"))
    [first] = rows("SELECT id FROM repairs")
    assert rows("SELECT held FROM repairs") == [True]
    renewals.shows(record("new", (120, 150)))
    of_old = f"SELECT type FROM alerts WHERE repair_id = '{first}' AND type LIKE 'repair.%' ORDER BY seq"
    assert rows(of_old) == ["repair.held"]
    decide()
    assert rows(of_old) == ["repair.held", "repair.released"]


def test_works_that_slipped_hold_repairs_on_their_old_days_until_a_person_decides(
    renewals: Publisher, jobs: Publisher, rows: Rows, decide: Decide
) -> None:
    renewals.shows(record("renewal", (10, 20)))
    jobs.shows(record("sewer", (40, 50), owner="Aquafin"))
    [first] = rows("SELECT id FROM works")
    jobs.shows(record("sewer-2", (130, 140), owner="Aquafin"))
    assert len(set(rows("SELECT works_id FROM claims WHERE works_id IS NOT NULL"))) == 2
    decide()
    assert rows("SELECT id, source_id, vanished_at FROM works WHERE deleted_at IS NULL") == [
        (first, "sewer-2", None)
    ]
    assert rows(
        "SELECT field, old_value, new_value FROM source_changes WHERE field IN ('starts_on', 'ends_on') ORDER BY 1"
    ) == [("ends_on", day(51), day(141)), ("starts_on", day(40), day(130))]
    assert rows(
        "SELECT details ->> 'starts_on' FROM conflict_events e JOIN conflicts c ON c.id = e.conflict_id "
        "WHERE c.rule_id = 'wasted_repair' AND e.kind = 'changed'"
    ) == [f'["{day(40)}", "{day(130)}"]']
    assert set(rows("SELECT works_id FROM claims WHERE works_id IS NOT NULL")) == {first}


def test_works_under_a_new_id_have_no_second_conflict(
    renewals: Publisher, jobs: Publisher, rows: Rows, decide: Decide
) -> None:
    renewals.shows(record("renewal", (10, 20)))
    jobs.shows(record("sewer", owner="Aquafin"), record("cable", (30, 60), zone(10), owner="Proximus"))
    before, told = rows(OPEN), len(rows(ALERTS))
    jobs.shows(record("sewer-2", owner="Aquafin"), record("cable", (30, 60), zone(10), owner="Proximus"))
    assert rows(SUGGESTED) == [("sewer", "sewer-2", 0)]
    assert rows(OPEN) == before
    decide()
    assert rows(OPEN) == before
    assert rows(ALERTS)[told:] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(record("old"), [record("new", (30 + 730, 60 + 730))], id="two years later"),
        pytest.param(record("old"), [record("new", ground=zone(20))], id="half of its ground"),
        pytest.param(record("old"), [record("new", owner="Aquafin")], id="another owner"),
        pytest.param(
            record("old"),
            [record("new 1", ground=zone(0, 20)), record("new 2", ground=zone(20, 20))],
            id="split in two",
        ),
        pytest.param(
            record("old", (-60, -10)), [record("new", (30, 60))], id="the next job after one that is over"
        ),
        pytest.param(record("old"), [], id="merely vanished"),
    ],
)
@pytest.mark.parametrize("target", ["repairs", "works"])
def test_what_is_another_job_is_not_suggested(
    request: pytest.FixtureRequest, rows: Rows, target: str, old: dict[str, Any], new: list[dict[str, Any]]
) -> None:
    publisher = request.getfixturevalue(PUBLISHERS[target])
    far = record("far", ground=zone(1000))
    publisher.shows(old, far)
    report = publisher.shows(*new, far)
    assert (report.vanished, report.created, report.renumbered) == (1, len(new), 0)
    assert rows("SELECT count(*) FROM renumberings") == [0]


@pytest.mark.parametrize("target", ["repairs", "works"])
def test_days_may_move_by_a_year_and_a_day(request: pytest.FixtureRequest, rows: Rows, target: str) -> None:
    publisher = request.getfixturevalue(PUBLISHERS[target])
    publisher.shows(record("old"))
    publisher.shows(record("new", (30 + 366, 60 + 366)))
    assert rows(SUGGESTED) == [("old", "new", 366)]


def test_a_new_record_beside_one_that_stays_is_another_one(renewals: Publisher, rows: Rows) -> None:
    renewals.shows(record("old"))
    renewals.shows(record("old"), record("new"))
    assert rows(SUGGESTED) == []


def test_of_two_candidates_the_nearest_is_offered(renewals: Publisher, rows: Rows) -> None:
    renewals.shows(record("this year"), record("next year", (200, 230)))
    report = renewals.shows(record("a", (205, 235)), record("b", (31, 61)), record("c", ground=zone(4)))
    assert report.renumbered == 2
    assert rows(SUGGESTED) == [("next year", "a", 5), ("this year", "b", 1)]


def test_a_list_that_is_renumbered_as_a_whole_has_not_shrunk(renewals: Publisher, rows: Rows) -> None:
    def of(name: str) -> list[dict[str, Any]]:
        return [record(f"{name} {n}", ground=zone(100 * n)) for n in range(40)]

    renewals.shows(*of("old"))
    report = renewals.shows(*of("new"))
    assert (report.renumbered, report.vanished, report.withheld) == (40, 40, 0)
    assert len(rows(SUGGESTED)) == 40


def test_a_full_run_finds_the_same_while_nobody_has_decided(
    renewals: Publisher, jobs: Publisher, city: sa.Engine
) -> None:
    jobs.shows(record("sewer", (40, 50), owner="Aquafin"), record("cable", (90, 95), owner="Proximus"))
    renewals.shows(record("stays"), record("moves", ground=zone(30)))
    renewals.shows(record("stayed"), record("moved", (80, 100), zone(30)))
    jobs.shows(record("sewer 2", (40, 50), owner="Aquafin"), record("cable 2", (70, 75), owner="Proximus"))
    with city.begin() as conn:
        locks.claims_writer(conn)
        again = day_change.recompute(conn, TODAY)
    assert (again.opened, again.closed, again.alerts) == (0, 0, 0)


def test_a_site_that_is_there_under_two_ids_is_no_larger(jobs: Publisher, rows: Rows) -> None:
    """From two years and a hectare on works count as umbrella works, of which a clash says little: one of 6,000 m² is none, twice or not."""
    ground = box(67_000, 179_000, 67_100, 179_060)
    cable = record("cable", (30, 60), owner="Proximus")
    jobs.shows(record("site", (0, 800), ground, "Aquafin"), cable)
    clashes = "SELECT severity FROM conflicts WHERE rule_id = 'works_clash'"
    assert rows(clashes) == ["medium"]
    jobs.shows(record("site 2", (0, 800), ground, "Aquafin"), cable)
    assert rows(clashes) == ["medium"]
    assert rows("SELECT count(*) FROM phase_digs") == [0]


def test_a_dry_run_counts_them_and_keeps_nothing(renewals: Publisher, rows: Rows) -> None:
    renewals.shows(record("old"))
    assert renewals.shows(record("new"), dry_run=True).renumbered == 1
    assert rows("SELECT count(*) FROM renumberings") == [0]
