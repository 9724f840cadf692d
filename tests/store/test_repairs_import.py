"""Repairs of another system: each row of a batch has an outcome of its own."""

from dataclasses import replace

import sqlalchemy as sa
from shapely import Point

from geo_service.domain.repairs import RepairDraft
from geo_service.store import locks, repairs
from tests.scenes import CITY, on_street


def test_of_a_batch_only_the_changed_row_is_changed(conn: sa.Connection) -> None:
    locks.claims_writer(conn)
    drafts = [
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
    first = repairs.save_imported(conn, drafts)
    drafts[1] = replace(drafts[1], remark="twee losse stenen")
    second = repairs.save_imported(conn, drafts)

    assert [one.outcome for one in first] == ["created"] * 3
    assert [one.outcome for one in second] == ["unchanged", "changed", "unchanged"]
    assert [one.id for one in first] == [one.id for one in second]
