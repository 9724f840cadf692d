"""The test language: works and repairs on a street, in metres and days.

The street runs along x, 12 m wide: the even footpath lies at y 0–2, the carriageway at 2–10, the odd footpath at 10–12. `at` is the
south-west corner of a strip, or the place of a hole; days count from `TODAY`, also after `a_day_passes`. Nothing is imitated:
a scene stores, detects and advises as the service does, in the transaction of the connection it is given.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from shapely import LineString, Point, box
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from geo_service.alerts import feed
from geo_service.coordination import advising, changes, day_change, scheduling
from geo_service.detection import run
from geo_service.detection.rules import RULES
from geo_service.domain.advice import Advice
from geo_service.domain.conflicts import GONE
from geo_service.domain.period import Period
from geo_service.domain.repairs import RepairCategory, RepairDraft, Scope, Urgency
from geo_service.domain.roles import Role
from geo_service.domain.rules import Rule
from geo_service.domain.works import Certainty, Phase, Works, WorksKind
from geo_service.store import listing, locks, recomputations, repairs, works_batch
from geo_service.store import works as works_store
from geo_service.store.recomputations import Recomputation
from geo_service.store.tables import (
    buildings,
    calendars,
    conflict_events,
    conflicts,
    pavement_sections,
    rules,
    streets,
)

TODAY = date(2026, 9, 1)
ORIGIN = (80_000.0, 190_000.0)
CITY = "Stad Izegem"
PROXIMUS = "Proximus Area 2.1"
FLUVIUS = "Fluvius Kortrijk"

Days = tuple[int, int]
Place = tuple[float, float]


class Found(NamedTuple):
    """A conflict, as short as a test can read it."""

    rule: str
    severity: str
    blocking: bool
    status: str


class Scene:
    """One street, seen from `conn`; each step commits nothing."""

    def __init__(self, conn: sa.Connection, today: date = TODAY) -> None:
        self.conn = conn
        self.day_zero = self.today = today
        self._names = itertools.count(1)
        self._works: dict[UUID, Works] = {}

    # The ground

    def street(self, length_m: float = 100) -> None:
        """Both footpaths and the carriageway between them, each one section of `length_m`."""
        self.section((0, 0), length_m, 2)
        self.section((0, 2), length_m, 8, kind="carriageway")
        self.section((0, 10), length_m, 2)

    def section(
        self,
        at: Place = (0, 0),
        length_m: float = 20,
        width_m: float = 2,
        kind: str = "footpath",
        street: str | None = None,
        side: str | None = None,
        material: str | None = None,
    ) -> UUID:
        row = {
            "source": "scene",
            "code": str(next(self._names)),
            "kind": kind,
            "street": street,
            "side": side,
            "material": material,
            "geom": listing.geometry_param(strip(at, length_m, width_m)),
        }
        return self._insert(pavement_sections, row)

    def named_street(self, name: str, length_m: float = 100) -> UUID:
        """A centre line along the street, 6 m from both façades."""
        line = listing.geometry_param(on_street(LineString([(0, 6), (length_m, 6)])))
        street_id = self._insert(streets, {"source": "scene", "name": name, "geom": line})
        self._record(run.Subject(street_ids=[street_id]))
        return street_id

    def calendar(self, function: str, *terms: Days) -> None:
        """When buildings of a function must stay reachable, instead of what every city starts from."""
        self.conn.execute(sa.delete(calendars).where(calendars.c.function == function))
        rows = [
            {"function": function, "during": listing.period_param(*self._span(days)), "name": str(days)}
            for days in terms
        ]
        self.conn.execute(sa.insert(calendars), rows)
        self.recompute()

    def building(
        self, at: Place = (0, 14), function: str = "fire_station", address: tuple[str, str] | None = None
    ) -> UUID:
        street, house_number = address or (None, None)
        row = {
            "source": "scene",
            "source_id": str(next(self._names)),
            "function": function,
            "street": street,
            "house_number": house_number,
            "geom": listing.geometry_param(strip(at, 10, 10)),
        }
        building_id = self._insert(buildings, row)
        self._record(run.Subject(building_ids=[building_id]))
        return building_id

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

        A `name` that is known already means those works again.
        """
        ground = strip(at, length_m, width_m) if shape is None else on_street(shape)
        phase = Phase("1", ground, self._period(days), opens, tuple(surfaces))
        source_id = name or str(next(self._names))
        told = Works(
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
        return self._save(told)

    def move_works(
        self, works_id: UUID, days: Days | None = None, by_m: float = 0, owner: str | None = None
    ) -> None:
        """The next import says other days, other ground (further along the street), or another owner."""
        known = self._works[works_id]
        [phase] = known.phases
        moved = replace(
            phase,
            period=phase.period if days is None else self._period(days),
            geometry=translate(phase.geometry, xoff=by_m),
        )
        self._save(replace(known, phases=(moved,), owner=owner or known.owner))

    def add_phase(self, works_id: UUID, shape: BaseGeometry) -> None:
        """The next import draws a second zone, for the same days."""
        known = self._works[works_id]
        more = replace(known.phases[0], source_key="2", geometry=on_street(shape))
        self._save(replace(known, phases=(*known.phases, more)))

    def set_certainty(self, works_id: UUID, certainty: Certainty) -> None:
        self._save(replace(self._works[works_id], certainty=certainty))

    def cancel(self, works_id: UUID) -> None:
        self.set_certainty(works_id, "cancelled")

    def set_works(self, works_id: UUID, **said: bool | None) -> None:
        """A person excludes works from any dig (`exclude_from_dig`), or says whether they are an `umbrella`."""
        locks.claims_writer(self.conn)
        works_store.set_statements(self.conn, works_id, said)
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

    def recompute(self) -> Recomputation:
        """Everything anew."""
        locks.claims_writer(self.conn)
        return day_change.recompute(self.conn, self.today)

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

    # What came of it

    def conflicts(self, *rule: str) -> list[Found]:
        """What a person sees: live conflicts (of these rules), by rule. Shadow rules are not seen."""
        seen = sa.select(conflicts).where(conflicts.c.status.not_in(GONE), sa.not_(conflicts.c.shadow))
        if rule:
            seen = seen.where(conflicts.c.rule_id.in_(rule))
        rows = self.conn.execute(seen.order_by(conflicts.c.rule_id, conflicts.c.number))
        return [Found(row.rule_id, row.severity, row.blocking, row.status) for row in rows]

    def rules_hit(self) -> list[str]:
        return [found.rule for found in self.conflicts()]

    def conflict(self, rule: str) -> sa.RowMapping:
        """The one stored conflict of `rule`, live or gone, seen or in the shadow."""
        return self.conn.execute(sa.select(conflicts).where(conflicts.c.rule_id == rule)).mappings().one()

    def stored(self, rule: str) -> list[sa.RowMapping]:
        """All stored conflicts of `rule`, live or gone."""
        select = sa.select(conflicts).where(conflicts.c.rule_id == rule).order_by(conflicts.c.number)
        return list(self.conn.execute(select).mappings())

    def advice(self, repair_id: UUID) -> Advice:
        [advised] = advising.of_repairs(self.conn, [repair_id], self.today)
        return advised.advice

    def hold(self, repair_id: UUID) -> tuple[bool, str | None, int | None]:
        """What is stored with the repair: held, verdict, and until which day (counted from day 0)."""
        row = repairs.get(self.conn, repair_id)
        until = row["verdict_until"]
        return row["held"], row["verdict"], until and (until - self.day_zero).days

    def alerts(self, after: int = 0) -> list[str]:
        return [row["type"] for row in feed.after(self.conn, after, 1000)]

    def news(self, rule: str) -> list[str]:
        """The audit trail of the one conflict of `rule`."""
        select = sa.select(conflict_events.c.kind).where(
            conflict_events.c.conflict_id == self.conflict(rule)["id"]
        )
        return list(self.conn.scalars(select.order_by(conflict_events.c.id)))

    def details(self, rule: str) -> dict[str, Any]:
        """What the newest entry of the trail of the one conflict of `rule` says."""
        newest = sa.select(conflict_events.c.details).where(
            conflict_events.c.conflict_id == self.conflict(rule)["id"]
        )
        said: dict[str, Any] = self.conn.scalars(newest.order_by(conflict_events.c.id.desc())).first() or {}
        return said

    def _save(self, works: Works) -> UUID:
        locks.claims_writer(self.conn)
        [saved] = works_batch.save(self.conn, [works], observed_on=self.today)
        self._works[saved.id] = works
        self._record(run.Subject(works_ids=[saved.id]))
        return saved.id

    def _record(self, subject: run.Subject) -> None:
        changes.record(self.conn, subject, self.today)

    def _insert(self, table: sa.Table, row: dict[str, Any]) -> UUID:
        made: UUID = self.conn.execute(sa.insert(table).values(row).returning(table.c.id)).scalar_one()
        return made

    def _day(self, number: int) -> date:
        """Day 0 stays where the scene began, whatever passes."""
        return self.day_zero + timedelta(days=number)

    def _span(self, days: Days) -> tuple[date, date]:
        return self._day(days[0]), self._day(days[1])

    def _period(self, days: Days) -> Period:
        return Period(*self._span(days))


def strip(at: Place, length_m: float, width_m: float) -> BaseGeometry:
    """A strip along the street, in the storage CRS."""
    return on_street(box(at[0], at[1], at[0] + length_m, at[1] + width_m))


def on_street(shape: BaseGeometry) -> BaseGeometry:
    """A shape in metres of the street, in the storage CRS."""
    return translate(shape, *ORIGIN)


def unguarded(conn: sa.Connection, *statements: str) -> None:
    """Run what the append-only trail of conflicts refuses: a test begins anew."""
    guard = "ALTER TABLE conflict_events {} TRIGGER USER"
    for statement in (guard.format("DISABLE"), *statements, guard.format("ENABLE")):
        conn.execute(sa.text(statement))
