"""Repairs of another system: each row of a batch has an outcome of its own."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from shapely import Point

from geo_service.coordination import duplicates as same_defects
from geo_service.domain.repairs import RepairDraft
from geo_service.store import duplicates, locks, repairs
from tests.scenes import CITY, TODAY, on_street


@pytest.fixture
def drafts(conn: sa.Connection) -> list[RepairDraft]:
    locks.claims_writer(conn)
    return [
        RepairDraft(
            "kerb",
            "spot",
            "normal",
            on_street(Point(n, 1)),
            CITY,
            source="other",
            source_id=str(n),
            remark="losse steen",
        )
        for n in range(3)
    ]


def test_of_a_batch_only_the_changed_row_is_changed(conn: sa.Connection, drafts: list[RepairDraft]) -> None:
    first = repairs.save_imported(conn, drafts)
    drafts[1] = replace(drafts[1], remark="twee losse stenen")
    second = repairs.save_imported(conn, drafts)

    assert [one.outcome for one in first] == ["created"] * 3
    assert [one.outcome for one in second] == ["unchanged", "changed", "unchanged"]
    assert [one.id for one in first] == [one.id for one in second]


def test_what_a_source_says_now_of_the_urgency_stays(conn: sa.Connection, drafts: list[RepairDraft]) -> None:
    main, other, double = (one.id for one in repairs.save_imported(conn, drafts))
    same_defects.join(conn, double, main, "An", TODAY)
    assert len(duplicates.further_reports(conn, main)) == 1
    repairs.save_imported(conn, [replace(drafts[0], remark="nog los"), replace(drafts[1], urgency="high")])
    assert len(duplicates.further_reports(conn, main)) == 1, "no news of its urgency, and another repair"
    repairs.save_imported(conn, [replace(drafts[0], urgency="high")])
    assert duplicates.further_reports(conn, main) == []
    assert {one: repairs.get(conn, one)["urgency"] for one in (main, other)} == {main: "high", other: "high"}


def test_a_source_that_repeats_its_urgency_leaves_what_a_report_of_the_same_defect_raised(
    conn: sa.Connection, drafts: list[RepairDraft]
) -> None:
    drafts[2] = replace(drafts[2], urgency="danger")
    main, _, double = (one.id for one in repairs.save_imported(conn, drafts))
    same_defects.join(conn, double, main, "An", TODAY)
    outcomes = [one.outcome for one in repairs.save_imported(conn, drafts[:2])]
    assert (repairs.get(conn, main)["urgency"], outcomes) == ("danger", ["unchanged", "unchanged"])
    repairs.save_imported(conn, [replace(drafts[0], urgency="high")])
    assert repairs.get(conn, main)["urgency"] == "high", "what it says anew counts"
