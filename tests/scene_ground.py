"""The street of a scene: its sections, buildings and calendars, in metres and days."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shapely import LineString, box
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from geo_service.coordination import changes, day_change
from geo_service.detection import run
from geo_service.domain.period import Period
from geo_service.store import listing, locks
from geo_service.store.recomputations import Recomputation
from geo_service.store.tables import buildings, calendars, pavement_sections, streets

TODAY = date(2026, 9, 1)
ORIGIN = (80_000.0, 190_000.0)
CITY = "Stad Izegem"
PROXIMUS = "Proximus Area 2.1"
FLUVIUS = "Fluvius Kortrijk"

Days = tuple[int, int]
Place = tuple[float, float]


class Ground:
    """One street, seen from `conn`; each step commits nothing."""

    def __init__(self, conn: sa.Connection, today: date = TODAY) -> None:
        self.conn = conn
        self.day_zero = self.today = today
        self._names = itertools.count(1)

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

    def recompute(self) -> Recomputation:
        """Everything anew."""
        locks.claims_writer(self.conn)
        return day_change.recompute(self.conn, self.today)

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
