"""The test language: works and repairs on a street, in metres and days.

The street runs along x, 12 m wide: the even footpath lies at y 0–2, the carriageway at 2–10, the odd footpath at 10–12. `at` is the
south-west corner of a strip, or the place of a hole; days count from `TODAY`, also after `a_day_passes`. Nothing is imitated:
a scene stores, detects and advises as the service does, in the transaction of the connection it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shapely import Point
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from geo_service.coordination import day_change, scheduling
from geo_service.detection import run
from geo_service.detection.rules import RULES
from geo_service.domain.repairs import RepairCategory, RepairDraft, Scope, Urgency
from geo_service.domain.roles import Role
from geo_service.domain.rules import Rule
from geo_service.domain.works import Certainty, Phase, Works, WorksKind
from geo_service.store import listing, locks, recomputations, repairs, works_batch
from geo_service.store import works as works_store
from geo_service.store.recomputations import Recomputation
from geo_service.store.tables import rules
from tests.scene_findings import Findings, Found
from tests.scene_ground import CITY, FLUVIUS, ORIGIN, PROXIMUS, TODAY, Days, Ground, Place, on_street, strip

__all__ = [
    "CITY",
    "FLUVIUS",
    "ORIGIN",
    "PROXIMUS",
    "TODAY",
    "Days",
    "Found",
    "Scene",
    "on_street",
    "strip",
    "unguarded",
]


class Scene(Ground, Findings):
    """Works and repairs on one street, seen from `conn`; each step commits nothing."""

    def __init__(self, conn: sa.Connection, today: date = TODAY) -> None:
        super().__init__(conn, today)
        self._works: dict[UUID, Works] = {}

    # Works

    def works(
        self,
        owner: str = PROXIMUS,
        at: Place = (0, 0),
        length_m: float = 20,
        width_m: float = 2,
        days: Days = (30, 44),
        certainty: Certainty = "planned",
        opens: bool = True,
        surfaces: Sequence[str] = (),
        shape: BaseGeometry | None = None,
        name: str | None = None,
        kind: WorksKind | None = None,
        category: str | None = None,
        utilities: Sequence[str] = (),
        working_days: int | None = None,
    ) -> UUID:
        """Works of one phase, as an import would bring them; `shape` (in metres of the street) instead of a strip.

        The same `name` again means the same works.
        """
        ground = strip(at, length_m, width_m) if shape is None else on_street(shape)
        phase = Phase("1", ground, self._period(days), opens, tuple(surfaces))
        source_id = name or str(next(self._names))
        record = Works(
            source="scene",
            source_id=source_id,
            owner=owner,
            title=f"Works {source_id}",
            kind=kind or ("groundworks" if opens else "works"),
            certainty=certainty,
            phases=(phase,),
            category=category,
            working_days=working_days,
            utilities=tuple(utilities),
        )
        return self._save(record)

    def move_works(
        self, works_id: UUID, days: Days | None = None, by_m: float = 0, owner: str | None = None
    ) -> None:
        """The next import says other days, other ground (further along the street), or another owner."""
        before = self._works[works_id]
        [phase] = before.phases
        moved = replace(
            phase,
            period=phase.period if days is None else self._period(days),
            geometry=translate(phase.geometry, xoff=by_m),
        )
        self._save(replace(before, phases=(moved,), owner=owner or before.owner))

    def add_phase(self, works_id: UUID, shape: BaseGeometry, days: Days | None = None) -> None:
        """The next import draws a second zone, for the same days or for others."""
        before = self._works[works_id]
        first = before.phases[0]
        period = first.period if days is None else self._period(days)
        more = replace(first, source_key="2", geometry=on_street(shape), period=period)
        self._save(replace(before, phases=(*before.phases, more)))

    def end_phase(self, works_id: UUID) -> None:
        """The next import calls the first phase done, whatever the works still plan."""
        first, *others = self._works[works_id].phases
        self._save(replace(self._works[works_id], phases=(replace(first, done=True), *others)))

    def set_certainty(self, works_id: UUID, certainty: Certainty) -> None:
        self._save(replace(self._works[works_id], certainty=certainty))

    def cancel(self, works_id: UUID) -> None:
        self.set_certainty(works_id, "cancelled")

    def set_works(self, works_id: UUID, **statements: bool | None) -> None:
        """A person excludes works from any dig (`exclude_from_dig`), or says whether they are an `umbrella`."""
        locks.claims_writer(self.conn)
        works_store.set_statements(self.conn, works_id, statements)
        self._record(run.Subject(works_ids=[works_id]))

    def delete_works(self, works_id: UUID) -> None:
        locks.claims_writer(self.conn)
        works_store.delete(self.conn, works_id)
        self._record(run.Subject(works_ids=[works_id]))

    def is_shown(self, works_id: UUID) -> bool:
        """Whether these works are stored and not deleted."""
        return works_store.find_source(self.conn, "scene", self._works[works_id].source_id) is not None

    def vanish(self, works_id: UUID) -> None:
        """The source no longer shows these works."""
        locks.claims_writer(self.conn)
        works_store.mark_vanished(self.conn, [works_id], observed_on=self.today)
        self._record(run.Subject(works_ids=[works_id]))

    def returns(self, works_id: UUID) -> None:
        """Vanished or deleted works are shown again, as they were."""
        self._save(self._works[works_id])

    # Repairs

    def repair(
        self,
        at: Place = (5, 1),
        scope: Scope = "section",
        urgency: Urgency = "normal",
        planned: Days | None = None,
        owner: str = CITY,
        shape: BaseGeometry | None = None,
        category: RepairCategory = "loose_slab",
        reported: int = 0,
    ) -> UUID:
        """A reported hole at `at`, or ground drawn as `shape`; with `planned`, its days come along unguarded, as from an import."""
        ground = on_street(Point(at) if shape is None else shape)
        days = None if planned is None else self._period(planned)
        locks.claims_writer(self.conn)
        at_nine = datetime.combine(self._day(reported), time(9), UTC)
        draft = RepairDraft(category, scope, urgency, ground, owner, reported_at=at_nine, planned=days)
        repair_id = repairs.create(self.conn, draft)
        self._record(run.Subject(repair_ids=[repair_id]))
        return repair_id

    def schedule(
        self, repair_id: UUID, days: Days, role: Role = "workshop", because: str | None = None
    ) -> None:
        """Through the guard: raises BlockedByWorks unless a role that may overrides it, with a reason."""
        locks.claims_writer(self.conn)
        scheduling.schedule(
            self.conn,
            repair_id,
            self._period(days),
            self.today,
            role=role,
            actor=role,
            override_reason=because,
        )

    def complete(self, repair_id: UUID, on: int = 0, scope: Scope = "section") -> None:
        locks.claims_writer(self.conn)
        scheduling.complete(self.conn, repair_id, self._day(on), scope, today=self.today)

    def cancel_repair(self, repair_id: UUID) -> None:
        locks.claims_writer(self.conn)
        repairs.update(self.conn, repair_id, {"status": "cancelled"})
        self._record(run.Subject(repair_ids=[repair_id]))

    def asked(self, repair_id: UUID, days: Days) -> run.WhatIfRepair:
        """The question that the guard asks before it schedules."""
        row, period = repairs.get(self.conn, repair_id), self._period(days)
        ground = listing.read_geometry(row["geom"])
        return run.WhatIfRepair(
            ground,
            row["scope"],
            row["owner_group"],
            period.starts_on,
            period.ends_on,
            category=row["category"],
            latest_on=row["latest_on"],
            stored=True,
            id=repair_id,
        )

    def status(self, repair_id: UUID) -> str:
        return str(repairs.get(self.conn, repair_id)["status"])

    # Time, rules and numbers

    def a_day_passes(self, days: int = 1) -> None:
        """It becomes `days` later; the night before the last of them is looked at as the worker does."""
        if recomputations.last(self.conn) is None:
            self.recompute()
        self.today += timedelta(days=days)
        self.night()

    def night(self) -> Recomputation | None:
        """Today begins: what the day can have changed is computed anew."""
        locks.claims_writer(self.conn)
        return day_change.begin(self.conn, self.today)

    def change_rule(self, rule_id: str, **values: Any) -> None:
        """A new version of a day-one rule; the full run follows."""
        [rule] = [rule for rule in RULES if rule.id == rule_id]
        newest = self.conn.scalar(sa.select(sa.func.max(rules.c.version)).where(rules.c.id == rule_id)) or 0
        self.conn.execute(sa.insert(rules).values({**asdict(rule), "version": newest + 1, **values}))
        self.recompute()

    def add_rule(self, rule: Rule) -> None:
        """A rule that does not come with the service, in force; the full run follows."""
        self.conn.execute(sa.insert(rules).values({**asdict(rule), "state": "active"}))
        self.recompute()

    def _save(self, works: Works) -> UUID:
        locks.claims_writer(self.conn)
        [saved] = works_batch.save(self.conn, [works], observed_on=self.today)
        self._works[saved.id] = works
        self._record(run.Subject(works_ids=[saved.id]))
        return saved.id


def unguarded(conn: sa.Connection, *statements: str) -> None:
    """Run what the append-only trail of conflicts refuses: a test begins anew."""
    guard = "ALTER TABLE conflict_events {} TRIGGER USER"
    for statement in (guard.format("DISABLE"), *statements, guard.format("ENABLE")):
        conn.execute(sa.text(statement))
