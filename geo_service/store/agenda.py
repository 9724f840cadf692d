"""What happens in one street from a day on: its works and its planned repairs, as the lists have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service import db
from geo_service.domain.works import OVER
from geo_service.store import (
    cities,
    freshness,
    houses,
    listing,
    renumberings,
    repairs,
    rules,
    surroundings,
    works,
)
from geo_service.store.listing import Row
from geo_service.store.tables import claims

PACKAGE = "geo_service.store"
MOST = 1000
"""Works, and repairs, that are read of one street."""
DOOR_M = 25.0
"""What lies so near to a house is at its door (m)."""
PLANNED = ("scheduled", "in_progress")


@dataclass(frozen=True, slots=True)
class Entry:
    """Works or a repair in a street in the days from `starts_on` up to, not including, `ends_on`.

    `ground` (storage CRS) is the part of it inside the street; `at_door` says whether it lies near the house. `row` is that of the list.
    Umbrella works are somewhere in a large area on some of these days.
    """

    kind: Literal["works", "repair"]
    row: Row
    starts_on: date
    ends_on: date
    ground: BaseGeometry
    at_door: bool
    umbrella: bool = False
    opens_surface: bool = False
    surfaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """The entries of a street in the order of their days, how many works and repairs are not among them, and whether the house is there.

    By entry: `houses` along it (None: there are none) and the kinds of its `pavements`. `owners` are the names of the city's owner groups,
    `ages_days` says how old each source is.
    """

    street: str
    house: str
    has_house: bool
    entries: tuple[Entry, ...] = ()
    more: int = 0
    houses: Sequence[Mapping[str, str] | None] = ()
    pavements: Sequence[Sequence[str]] = ()
    owners: Mapping[str, str] = field(default_factory=dict)
    ages_days: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Area:
    ground: BaseGeometry
    house: BaseGeometry | None

    def part(self, footprint: BaseGeometry) -> BaseGeometry:
        return shapely.intersection(footprint, self.ground)

    def is_at_door(self, ground: BaseGeometry) -> bool:
        return self.house is not None and bool(shapely.dwithin(ground, self.house, DOOR_M))


def of_street(conn: sa.Connection, street: str, house: str, today: date, most: int = MOST) -> Agenda:
    """The agenda of the street of this name with at most so many entries, for house number `house` (empty: none)."""
    area = _area(conn, street, house)
    if area is None:
        return Agenda(street, house, has_house=False)
    planned = listing.Window(limit=MOST, bbox=area.ground, from_on=today)
    there = listing.Window(limit=MOST, bbox=area.ground)  # what is under way may be past its days
    pages = works.find(conn, planned), repairs.find(conn, planned)
    begun = works.find(conn, there, status="in_progress"), repairs.find(conn, there, status="in_progress")
    silent = renumberings.silent(conn, [row["id"] for page in (*pages, *begun) for row in page.rows])
    works_rows, repair_rows = (_each_once(some, silent) for some in zip(pages, begun, strict=True))
    umbrellas = _umbrellas(conn, [row["id"] for row in works_rows])
    entries = [
        *(entry for row in works_rows for entry in _of_works(row, area, today, row["id"] in umbrellas)),
        *(entry for row in repair_rows for entry in _of_repair(row, area)),
    ]
    entries.sort(key=lambda one: (one.starts_on, one.ends_on, one.kind, str(one.row["id"])))
    unread = sum(page.total - len(page.rows) for page in pages)
    grounds = [entry.ground for entry in entries[:most]]
    return Agenda(
        street,
        house,
        has_house=area.house is not None,
        entries=tuple(entries[:most]),
        more=len(entries[most:]) + unread,
        houses=houses.along(conn, grounds),
        pavements=surroundings.pavement_kinds(conn, grounds),
        owners={group.id: group.name for group in cities.in_force(conn).owner_groups},
        ages_days=freshness.ages_days(conn, {str(one.row["source"]) for one in entries[:most]}, today),
    )


def _area(conn: sa.Connection, street: str, house: str) -> _Area | None:
    parameters = asdict(rules.load_parameters(conn))
    [row] = db.fetch(conn, PACKAGE, "street_area", **parameters, street=street, house=house, door_m=DOOR_M)
    if row["ground"] is None:
        return None
    ground = listing.read_geometry(row["ground"])
    shapely.prepare(ground)
    return _Area(ground, row["house"] and listing.read_geometry(row["house"]))


def _each_once(pages: Iterable[listing.Page], silent: Set[UUID]) -> list[Row]:
    rows = {row["id"]: row for page in pages for row in page.rows}
    return [row for key, row in rows.items() if key not in silent]


def _umbrellas(conn: sa.Connection, works_ids: Sequence[UUID]) -> set[UUID]:
    mine = sa.and_(claims.c.works_id.in_(works_ids), claims.c.umbrella)
    return set(conn.scalars(sa.select(claims.c.works_id).where(mine)))


def _of_works(row: Row, area: _Area, today: date, umbrella: bool) -> Iterator[Entry]:
    """One entry for the phases of these days that lie in the street."""
    if row["certainty"] in OVER:
        return
    by_days: dict[tuple[date, date], list[Any]] = defaultdict(list)
    to_come = [phase for phase in row["phases"] if not phase["done"]]
    last = max((phase["ends_on"] for phase in to_come), default=today)
    for phase in to_come:
        is_late = row["certainty"] == "in_progress" and phase["ends_on"] == last
        if (phase["ends_on"] > today or is_late) and area.ground.intersects(phase["geometry"]):
            by_days[phase["starts_on"], phase["ends_on"]].append(phase)
    for (starts_on, ends_on), phases in by_days.items():
        ground = area.part(shapely.union_all([phase["geometry"] for phase in phases]))
        yield Entry(
            "works",
            row,
            starts_on,
            ends_on,
            ground,
            area.is_at_door(ground),
            umbrella,
            any(phase["opens_surface"] for phase in phases),
            tuple(dict.fromkeys(code for phase in phases for code in phase["surfaces"])),
        )


def _of_repair(row: Row, area: _Area) -> Iterator[Entry]:
    if row["status"] in PLANNED:
        ground = area.part(listing.read_geometry(row["geom"]))
        yield Entry(
            "repair", row, row["planned"].lower, row["planned"].upper, ground, area.is_at_door(ground)
        )
