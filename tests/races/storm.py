"""Many writers at once, each a process with a connection of its own, doing through the real services what people, imports and
the night do, on a few metres of street that all of them want.

The writers share works and repairs as well as ground: two may move, schedule or finish the same one in the same second.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count, takewhile
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db, settings
from geo_service.coordination import day_change, rule_lifecycle
from geo_service.domain import geometry
from geo_service.domain.errors import BlockedByWorks, InvalidTransition, NotFound
from geo_service.intake import importer
from geo_service.intake.pipeline import store
from geo_service.store import locks, repairs, works
from geo_service.store.tables import conflict_events
from geo_service.store.tables import repairs as repairs_table
from geo_service.store.tables import works as works_table
from tests.scenes import CITY, FLUVIUS, PROXIMUS, TODAY, Scene, strip

WRITERS = 8
SPOTS, SPOTS_WITHOUT_LOCK = 20, 2
SPOT_M, BETWEEN_M = 20, 100
NAMES = 50  # works that are registered, moved, cancelled and registered again
OPEN_REPAIRS = 40
IMPORTED, PER_IMPORT, PER_BATCH = 30, 8, 4
REASON = "The mayor wants it done before the fair"


@dataclass(frozen=True)
class Scheduled:
    """A repair got its days: which version of it, in spite of works or not, and the newest entry in any audit trail by then."""

    repair_id: UUID
    version: int
    overridden: bool
    mark: int


@dataclass
class Tally:
    """What one writer or all of them did."""

    transactions: int = 0
    done: Counter[str] = field(default_factory=Counter)
    scheduled: list[Scheduled] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.transactions += other.transactions
        self.done += other.done
        self.scheduled += other.scheduled


def storm(url: str, transactions: int, seed: int, *, locked: bool = True, writers: int = WRITERS) -> Tally:
    """At least `transactions` that take the writers' lock, from `writers` processes. `locked=False` takes the lock out, and what would
    mend its lack: full runs."""
    together = Tally()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.races.storm"])
    share = -(-transactions // writers)
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(writers, mp_context=context) as many,
    ):
        jobs = [
            many.submit(_write, url, share, seed + number, number, locked, folder)
            for number in range(writers)
        ]
        for job in jobs:
            together.add(job.result())
    return together


def _write(url: str, transactions: int, seed: int, number: int, locked: bool, folder: str) -> Tally:
    """One process: its own connection, until it has had its share of turns."""
    engine = db.create_engine_for(url, pool_size=2)
    writer = _Writer(engine, number, random.Random(seed), Path(folder), locked)
    real, store.BatchSizer = locks.claims_writer, partial(store.BatchSizer, PER_BATCH)

    def turn(conn: sa.Connection) -> None:
        writer.tally.transactions += 1
        if locked:
            real(conn)

    locks.claims_writer = turn
    for _ in takewhile(lambda _: writer.tally.transactions < transactions, count()):
        writer.step()
    engine.dispose()
    return writer.tally


class _Writer:
    def __init__(
        self, engine: sa.Engine, number: int, chance: random.Random, folder: Path, locked: bool
    ) -> None:
        self.engine, self.number, self.chance, self.folder, self.locked = (
            engine,
            number,
            chance,
            folder,
            locked,
        )
        self.spots = SPOTS if locked else SPOTS_WITHOUT_LOCK
        self.tally = Tally()

    def step(self) -> None:
        """One thing that somebody does. Only without the lock may the database refuse a write that collides with another."""
        doing, often = zip(*self._doings(), strict=True)
        [do] = self.chance.choices(doing, often)
        try:
            outcome = do()
        except (BlockedByWorks, InvalidTransition, NotFound) as refused:
            outcome = type(refused).__name__
        except sa.exc.DBAPIError as collided:
            if self.locked:
                raise
            outcome = type(collided.orig).__name__
        self.tally.done[f"{do.__name__.strip('_')} {outcome or 'done'}"] += 1

    def _doings(self) -> Sequence[tuple[Callable[[], str | None], int]]:
        return (
            (self._register, 260),
            (self._cancel, 60),
            (self._delete, 60),
            (self._report, 160),
            (self._schedule, 240),
            (self._complete, 30),
            (self._cancel_repair, 100),
            (self._import, 15),
            (self._change_rule, 10 * self.locked),
            (self._midnight, 4 * self.locked),
        )

    def _register(self) -> None:
        """New works, or known ones on other ground and days."""
        name = self.chance.randrange(NAMES)
        certainty = self.chance.choice(("indicative", "planned", "confirmed", "in_progress"))
        with self._scene() as scene:
            scene.works(
                (PROXIMUS, FLUVIUS, CITY)[name % 3],
                at=self._place(),
                length_m=self.chance.choice((3, 10, 25)),
                days=self._days(),
                certainty=certainty,
                opens=name % 5 > 0,
                name=str(name),
            )

    def _cancel(self) -> None:
        name = self.chance.randrange(NAMES)
        with self._scene() as scene:
            scene.works((PROXIMUS, FLUVIUS, CITY)[name % 3], name=str(name), certainty="cancelled")

    def _delete(self) -> str | None:
        works_id = self._any(works_table.c.id, works_table.c.deleted_at.is_(None))
        if works_id is None:
            return "nothing"
        with self._scene() as scene:
            works.get(scene.conn, works_id)
            scene.delete_works(works_id)
        return None

    def _report(self) -> str | None:
        if len(self._open()) >= OPEN_REPAIRS:
            return "enough"
        with self._scene() as scene:
            planned = self._days() if self.chance.random() < 0.2 else None
            scope = self.chance.choice(("spot", "section"))
            scene.repair(self._place(), scope=scope, planned=planned)
        return None

    def _schedule(self) -> str | None:
        repair_id = self._some_open()
        if repair_id is None:
            return "nothing"
        reason = REASON if self.chance.random() < 0.3 else None
        with self._scene() as scene:
            scene.schedule(repair_id, self._days(), "coordinator", reason)
            version = int(repairs.get(scene.conn, repair_id)["version"])
            mark = scene.conn.scalar(sa.select(sa.func.max(conflict_events.c.id))) or 0
        self.tally.scheduled.append(Scheduled(repair_id, version, reason is not None, mark))
        return "in spite" if reason else None

    def _complete(self) -> str | None:
        return self._end(lambda scene, repair_id: scene.complete(repair_id))

    def _cancel_repair(self) -> str | None:
        return self._end(lambda scene, repair_id: scene.cancel_repair(repair_id))

    def _end(self, do: Callable[[Scene, UUID], None]) -> str | None:
        repair_id = self._some_open()
        if repair_id is None:
            return "nothing"
        with self._scene() as scene:
            locks.claims_writer(scene.conn)
            self.tally.transactions -= 1  # the same turn as in the scene
            if repairs.get(scene.conn, repair_id)["status"] in ("done", "cancelled"):
                return "over"
            do(scene, repair_id)
        return None

    def _import(self) -> str:
        """A file of GIPOD with news of a few works, in batches of `PER_BATCH`."""
        chosen = self.chance.sample(range(IMPORTED), PER_IMPORT)
        file = self.folder / f"{self.number}.json"
        file.write_text(json.dumps({"type": "FeatureCollection", "features": [*map(self._inname, chosen)]}))
        report = importer.run_import(self.engine, settings.load(), "gipod", str(file), today=TODAY)
        assert report.rejected == 0, report.rejections
        return "done"

    def _inname(self, number: int) -> dict[str, Any]:
        start, end = (TODAY.toordinal() + day for day in self._days())
        properties = {
            "GipodId": 30_000_000 + number,
            "Description": "Plaatsen leidingen",
            "Type": "Grondwerk",
            "Status": self.chance.choice(("Concreet gepland", "In uitvoering", "Niet uitgevoerd")),
            "Start": f"{TODAY.fromordinal(start)}T05:00:00Z",
            "End": f"{TODAY.fromordinal(end)}T05:00:00Z",
            "Owner": (PROXIMUS, FLUVIUS)[number % 2],
        }
        ground = geometry.to_geojson(strip(self._place(), 10, 2))
        return {
            "type": "Feature",
            "id": f"INNAME.{30_000_000 + number}-1",
            "geometry": ground,
            "properties": properties,
        }

    def _change_rule(self) -> None:
        clearance_m = self.chance.choice((2, 2.5, 3))
        with db.write(self.engine) as conn:
            locks.claims_writer(conn)
            rule_lifecycle.change(
                conn, "wasted_repair", {"clearance_m": clearance_m}, TODAY, by="coordinator", reason=REASON
            )

    def _midnight(self) -> None:
        with db.write(self.engine) as conn:
            locks.claims_writer(conn)
            day_change.recompute(conn, TODAY)

    def _scene(self) -> _Committed:
        return _Committed(self.engine)

    def _place(self) -> tuple[float, float]:
        spot = self.chance.randrange(self.spots) * BETWEEN_M
        return spot + self.chance.randrange(0, SPOT_M, 3), self.chance.choice((0, 1, 11))

    def _days(self) -> tuple[int, int]:
        start = self.chance.randrange(0, 100, 5)
        return start, start + self.chance.choice((1, 10))

    def _open(self) -> Sequence[UUID]:
        going = repairs_table.c.status.in_(("requested", "scheduled", "in_progress"))
        with db.read(self.engine) as conn:
            return conn.scalars(sa.select(repairs_table.c.id).where(going).order_by(repairs_table.c.id)).all()

    def _some_open(self) -> UUID | None:
        going = self._open()
        return self.chance.choice(going) if going else None

    def _any(self, column: sa.Column[UUID], wanted: sa.ColumnElement[bool]) -> UUID | None:
        with db.read(self.engine) as conn:
            found = conn.scalars(sa.select(column).where(wanted).order_by(column)).all()
        return self.chance.choice(found) if found else None


class _Committed:
    """A scene that is one transaction, as a request is."""

    def __init__(self, engine: sa.Engine) -> None:
        self._transaction = db.write(engine)

    def __enter__(self) -> Scene:
        return Scene(self._transaction.__enter__())

    def __exit__(self, *error: Any) -> bool | None:
        return self._transaction.__exit__(*error)
