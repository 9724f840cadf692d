"""The service in the simulated year: its nights, and the crews' adviser. Everything is done by the functions that API and worker use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.coordination import advising, changes, night, scheduling
from geo_service.detection.run import Subject
from geo_service.domain.advice import Advice
from geo_service.domain.errors import BlockedByWorks
from geo_service.domain.period import Period
from geo_service.domain.repairs import RepairCategory, RepairDraft
from geo_service.simulation.assumptions import Assumptions
from geo_service.simulation.feed import Feed
from geo_service.simulation.town import Defect
from geo_service.store import locks, repairs

PACKAGE = "geo_service.simulation"
SOURCE = "simulation"
CITY = "Stad Izegem"
ACTOR = "simulation"
NINE = time(9)
OVERRIDE = "Half a year has passed and nobody knows when the works come."
FREE = ("repair", "recover")


class Service:
    """A database with the town, and what crews and desk ask of it."""

    def __init__(self, engine: sa.Engine, feed: Feed, assumptions: Assumptions) -> None:
        self.engine, self.feed, self.assumptions = engine, feed, assumptions
        self.ids: dict[str, UUID] = {}
        self.unclear: dict[str, Advice] = {}
        """By the key of a defect: today's advice where it leaves the decision to people."""

    def night(self, day: date) -> None:
        """Begin a day as the worker does, and take in what the source says."""
        with self.writing() as conn:
            night.begin_day(conn, day)
        with self.writing() as conn:
            self.feed.take_in(conn, day)

    def enter(self, day: date, reports: Sequence[Defect]) -> None:
        """Store what was reported."""
        if not reports:
            return
        with self.writing() as conn:
            for one in reports:
                self.ids[one.key] = repairs.create(conn, _draft(one))
            changes.record(conn, Subject(repair_ids=[self.ids[one.key] for one in reports]), day)

    def advise(self, day: date, waiting: Sequence[Defect]) -> set[str]:
        """Return what the service lets be repaired, and what people decide where it leaves that to them."""
        rows = self._rows()
        unclear = {one.key: one for one in waiting if rows[one.key]["verdict"] == "coordinate"}
        with db.read(self.engine) as conn:
            advised = advising.of_repairs(conn, [self.ids[key] for key in sorted(unclear)], day)
        keys = {self.ids[key]: key for key in unclear}
        self.unclear = {keys[one.repair_id]: one.advice for one in advised}
        free = {one.key for one in waiting if _is_free(rows[one.key], day)}
        return free | {
            key for key, advice in self.unclear.items() if self._goes_ahead(unclear[key], advice, day)
        }

    def may_begin(self, defect: Defect, day: date) -> bool:
        """Return whether the guard lets a crew begin, as it does when somebody puts the repair under way."""
        try:
            with self.writing() as conn:
                scheduling.check_start(conn, self.ids[defect.key], day)
        except BlockedByWorks:
            return False
        return True

    def may_repair_now(self, defect: Defect, day: date) -> bool:
        """Return whether the service lets a danger be repaired for good."""
        return _is_free(self._rows()[defect.key], day)

    def plan(self, defect: Defect, day: date, on: date) -> bool:
        """Give the repair a day, through the guard; a coordinator overrides it when nobody has known for half a year."""
        overdue = defect.key in self.unclear and self._waits_too_long(defect, day)
        try:
            with self.writing() as conn:
                scheduling.schedule(
                    conn,
                    self.ids[defect.key],
                    Period(on, on + timedelta(days=1)),
                    day,
                    role="coordinator" if overdue else "workshop",
                    actor=ACTOR,
                    override_reason=OVERRIDE if overdue else None,
                )
        except BlockedByWorks:
            return False
        return True

    def start(self, defect: Defect, day: date) -> bool:
        """Ask once more on the morning; what is blocked loses its day."""
        if self.may_begin(defect, day):
            return True
        self._change(self.ids[defect.key], {"planned": None, "status": "requested"}, day)
        return False

    def finish(self, defect: Defect, day: date) -> str | None:
        """Report a repair finished; return the verdict that stood."""
        verdict: str | None = self._rows()[defect.key]["verdict"]
        with self.writing() as conn:
            area_m2 = round(defect.ground.area, 1)
            scheduling.complete(conn, self.ids[defect.key], day, defect.scope, area_m2, today=day)
        return verdict

    def make_safe(self, defect: Defect, day: date) -> None:
        """Report a danger patched: what is left is a repair like any other."""
        self._change(self.ids[defect.key], {"urgency": "normal"}, day)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction with the writers' lock."""
        with db.write(self.engine) as conn:
            locks.claims_writer(conn)
            yield conn

    def _change(self, repair_id: UUID, news: Mapping[str, Any], day: date) -> None:
        with self.writing() as conn:
            repairs.update(conn, repair_id, news)
            changes.record(conn, Subject(repair_ids=[repair_id]), day)

    def _rows(self) -> dict[str, Mapping[str, Any]]:
        with db.read(self.engine) as conn:
            return {row["key"]: row for row in db.fetch(conn, PACKAGE, "waiting")}

    def _goes_ahead(self, defect: Defect, advice: Advice, day: date) -> bool:
        """What the coordinator decides: wait for the day that costs least when that is near, else go ahead; what is held waits half a year."""
        if advice.blocked:
            return self._waits_too_long(defect, day)
        best = advice.order.best_on
        return best is None or best <= day or (best - day).days > self.assumptions.most_wait_days

    def _waits_too_long(self, defect: Defect, day: date) -> bool:
        return (day - defect.entered_on).days > self.assumptions.most_wait_days


def _is_free(row: Mapping[str, Any], day: date) -> bool:
    if row["held"] or row["verdict"] == "coordinate":
        return False
    return row["verdict"] in FREE or row["until"] is None or row["until"] <= day


def _draft(defect: Defect) -> RepairDraft:
    return RepairDraft(
        category=cast(RepairCategory, defect.category),
        scope=defect.scope,
        urgency=defect.urgency,
        geometry=defect.place,
        owner=CITY,
        reported_at=datetime.combine(defect.reported_on, NINE, UTC),
        source=SOURCE,
        source_id=defect.key,
    )
