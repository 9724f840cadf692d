"""Two people acting in the same second do not slip through. Many at once: `tests/races`."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.domain.errors import BlockedByWorks, DatabaseUnreachable
from geo_service.store import locks, repairs
from geo_service.store.tables import conflicts
from tests.scenes import Scene

TIMES = 200


@pytest.fixture
def together(fresh_database: str) -> Iterator[sa.Engine]:
    """A database that several connections write to at once."""
    engine = db.create_engine_for(fresh_database, pool_size=3)
    yield engine
    engine.dispose()


def test_scheduling_and_registering_at_the_same_instant_never_both_pass_unseen(together: sa.Engine) -> None:
    places = [(n % 20 * 60.0, n // 20 * 60.0) for n in range(TIMES)]
    with db.write(together) as conn:
        # after the works: only the new days meet them, so neither finds the other in what is stored
        reported = [Scene(conn).repair(at=(x + 5, y + 1), planned=(60, 61)) for x, y in places]
    start = threading.Barrier(2, timeout=30)

    def schedule(repair_id: UUID, later_s: float) -> bool:
        start.wait()
        time.sleep(later_s)
        try:
            with db.write(together) as conn:
                Scene(conn).schedule(repair_id, (3, 4))
        except BlockedByWorks:
            return False
        return True

    def register(at: tuple[float, float]) -> UUID:
        start.wait()
        with db.write(together) as conn:
            return Scene(conn).works(at=at, name=f"{at}")

    passed = 0
    with ThreadPoolExecutor(2) as two:
        for number, (repair_id, at) in enumerate(zip(reported, places, strict=True)):
            # by turns at once and a little later, so that each comes first now and then
            scheduled, works_id = two.submit(schedule, repair_id, number % 4 * 0.01), two.submit(register, at)
            was_scheduled, there = scheduled.result(), conflicts.c.works_ids.contains([works_id.result()])
            with db.read(together) as conn:
                found = conn.scalars(
                    sa.select(conflicts.c.repair_id).where(there, conflicts.c.status == "open")
                ).all()
                held = repairs.get(conn, repair_id)["held"]
            assert (found, held) == (([repair_id], True) if was_scheduled else ([], False))
            passed += was_scheduled
    assert 0 < passed < TIMES, "one of the two always came first: nothing was proved"


def test_a_writer_whose_machine_is_gone_keeps_nobody_waiting(
    together: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "IDLE_S", 1)

    with pytest.raises(DatabaseUnreachable), db.write(together) as gone:
        works_id = Scene(gone).works()  # and from here on nothing more is heard of it
        with db.write(together) as conn:
            Scene(conn).repair()
        Scene(gone).cancel(works_id)

    with db.read(together) as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM works")) == 0
        assert conn.scalar(sa.text("SELECT count(*) FROM repairs")) == 1
