"""The footpath along a piece of a street, as people name it: "Gentsestraat 30-36"."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.errors import InvalidInput
from geo_service.domain.queries import Stretch
from geo_service.store import rules
from geo_service.store.listing import Row

PACKAGE = "geo_service.store"


def find(conn: sa.Connection, stretch: Stretch) -> Sequence[Row]:
    """A row per side on which houses with these numbers and a footpath are; none where there are none. Its ground is a polygon in the storage CRS."""
    return [row for row in _sides(conn, stretch) if row["geom"] is not None]


def get(conn: sa.Connection, stretch: Stretch) -> Sequence[Row]:
    """The same, at least one. Raises InvalidInput about `q`: no such street, no house between the numbers, or no footpath there."""
    sides = _sides(conn, stretch)
    rows = [row for row in sides if row["geom"] is not None]
    if rows:
        return rows
    if not sides:
        raise InvalidInput.one("q", "stretch_unknown.street", street=stretch.street)
    numbers = {"first": stretch.first, "last": stretch.last, "street": sides[0]["street"]}
    if all(row["number_from"] is None for row in sides):
        lowest, highest = min(row["lowest"] for row in sides), max(row["highest"] for row in sides)
        raise InvalidInput.one("q", "stretch_unknown.house", lowest=lowest, highest=highest, **numbers)
    raise InvalidInput.one("q", "stretch_unknown.footpath", **numbers)


def _sides(conn: sa.Connection, stretch: Stretch) -> Sequence[Row]:
    reach_m = rules.load_parameters(conn).frontage_reach_m
    return db.fetch(
        conn,
        PACKAGE,
        "stretches",
        street=stretch.street,
        first=stretch.first,
        last=stretch.last,
        sides=list(stretch.sides),
        frontage_reach_m=reach_m,
    )
