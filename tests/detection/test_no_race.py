"""Two people acting in the same second do not slip through, and many at once leave behind what one after the other would have."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.detection import run
from geo_service.domain.conflicts import GONE
from geo_service.domain.errors import BlockedByWorks
from geo_service.store import repairs
from geo_service.store.tables import alerts, claims, conflicts
from tests.scenes import TODAY, Scene

TIMES = 200
WRITERS = 8
WRITING_S = 8.0
REASON = "The mayor wants it done before the fair"


@pytest.fixture
def together(fresh_database: str) -> Iterator[sa.Engine]:
    """A database that several connections write to at once."""
    engine = db.create_engine_for(fresh_database, pool_size=WRITERS)
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


def test_eight_writers_at_once_leave_what_a_full_run_finds(together: sa.Engine) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    until = time.monotonic() + WRITING_S

    def write(writer: int) -> int:
        chance, steps = random.Random(seed + writer), 0
        own = _Writer(together, writer, chance)
        while time.monotonic() < until:
            own.step()
            steps += 1
        return steps

    with ThreadPoolExecutor(WRITERS) as many:
        steps = sum(many.map(write, range(WRITERS)))
    with db.write(together) as conn:
        places = list(conn.scalars(sa.select(alerts.c.seq).order_by(alerts.c.seq)))
        assert places == list(range(1, len(places) + 1))
        stored = _findings(conn)
        assert run.refresh(conn, run.EVERYTHING, TODAY) == []
        assert _findings(conn) == stored
    assert len(stored[1]) > WRITERS, f"too few conflicts after {steps} steps"


class _Writer:
    """One of many: makes, moves and ends its own works and repairs, on ground that all share."""

    def __init__(self, engine: sa.Engine, number: int, chance: random.Random) -> None:
        self.engine, self.number, self.chance = engine, number, chance
        self.works: list[tuple[str, tuple[float, float]]] = []
        self.repairs: list[UUID] = []

    def step(self) -> None:
        doings: list[Callable[[Scene], None]] = [
            self._register,
            self._report,
            self._move,
            self._schedule,
            self._cancel,
        ]
        with db.write(self.engine) as conn:
            self.chance.choice(doings)(Scene(conn))

    def _place(self) -> tuple[float, float]:
        return self.chance.randrange(0, 200, 5), self.chance.choice((0, 1))

    def _days(self) -> tuple[int, int]:
        start = self.chance.randrange(0, 100, 5)
        return start, start + self.chance.choice((1, 10))

    def _register(self, scene: Scene) -> None:
        known = f"{self.number}-{len(self.works)}", self._place()
        scene.works(("Proximus", "Fluvius")[self.number % 2], at=known[1], days=self._days(), name=known[0])
        self.works.append(known)

    def _report(self, scene: Scene) -> None:
        self.repairs.append(scene.repair(at=self._place(), planned=self.chance.choice((None, self._days()))))

    def _move(self, scene: Scene) -> None:
        if self.works:
            name, at = self.chance.choice(self.works)
            certainty = self.chance.choice(("planned", "confirmed", "cancelled"))
            scene.works("Proximus", at=at, days=self._days(), name=name, certainty=certainty)  # type: ignore[arg-type]

    def _schedule(self, scene: Scene) -> None:
        if self.repairs:
            scene.schedule(self.chance.choice(self.repairs), self._days(), "coordinator", REASON)

    def _cancel(self, scene: Scene) -> None:
        if len(self.repairs) > 3:
            scene.cancel_repair(self.repairs.pop(0))


def _findings(conn: sa.Connection) -> tuple[list[sa.Row[object]], list[sa.Row[object]]]:
    """Claims and live conflicts as they stand."""
    claimed = sa.select(
        *(c for c in claims.c if c.name not in ("id", "geom")), sa.cast(claims.c.geom, sa.Text)
    )
    live = sa.select(*(c for c in conflicts.c if c.name != "geom"), sa.cast(conflicts.c.geom, sa.Text)).where(
        conflicts.c.status.not_in(GONE)
    )
    return list(conn.execute(claimed.order_by(claims.c.id))), list(
        conn.execute(live.order_by(conflicts.c.id))
    )
