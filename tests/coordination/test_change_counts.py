"""What a change is said to have done: how many conflicts it opened and closed, and how many alerts went out."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from geo_service.coordination import changes
from geo_service.coordination.changes import ChangeCounts
from geo_service.detection import run
from geo_service.store import locks
from geo_service.store.tables import works
from tests.scenes import Scene


def test_conflicts_are_counted_as_they_open_close_and_open_again(scene: Scene) -> None:
    moved = scene.works(days=(30, 44), certainty="confirmed")
    scene.repair()

    def change_to(certainty: str, days: int = 0) -> ChangeCounts:
        locks.claims_writer(scene.conn)
        scene.conn.execute(sa.update(works).where(works.c.id == moved).values(certainty=certainty))
        return changes.record(scene.conn, run.Subject(works_ids=[moved]), scene.today + timedelta(days=days))

    assert change_to("confirmed") == ChangeCounts(opened=0, closed=0, alerts=0)
    assert change_to("cancelled") == ChangeCounts(opened=0, closed=1, alerts=2), (
        "withdrawn, and the repair is released"
    )
    assert change_to("confirmed") == ChangeCounts(opened=1, closed=0, alerts=2), (
        "reopened, and the repair is held"
    )
    assert change_to("done", days=60).closed == 1, "expired"
