"""Buildings and pavement sections, as stored."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shapely.geometry import Point

from geo_service import db
from geo_service.domain.errors import NotFound
from geo_service.domain.geometry import hex_ewkb
from geo_service.store import conditions, listing
from geo_service.store.listing import Row
from geo_service.store.tables import buildings, pavement_sections

PACKAGE = "geo_service.store"
NEARLY, LONG_ENOUGH = 0.85, 5
"""How much of a word must be right (difflib) that is taken for another, and how many letters it must have."""
NEAR_M = 5.0
"""A click this near a section means that section."""


def find_buildings(
    conn: sa.Connection,
    window: listing.Window,
    *,
    q: str | None = None,
    function: str | None = None,
    street: str | None = None,
) -> listing.Page:
    """Buildings, by id; `q` looks for all its words in the name or in the address, in any order (`spelling`)."""
    select = _columns(buildings).where(*_among(window, function, street))
    meant = spelling(conn, window, q, function=function, street=street)
    return listing.page(conn, select.where(conditions.buildings_named(meant)), buildings.c.id, window)


def spelling(
    conn: sa.Connection,
    window: listing.Window,
    q: str | None,
    *,
    function: str | None = None,
    street: str | None = None,
) -> str | None:
    """Return `q` as it is, or as it is meant when no building is called so: a street that is spelt nearly so, and number 108 by 108a."""
    words = (q or "").replace(",", " ").split()
    among = _among(window, function, street)

    def exist(called: Sequence[str]) -> bool:
        named = conditions.buildings_named(" ".join(called))
        return conn.scalar(sa.select(sa.select(buildings.c.id).where(*among, named).exists())) is True

    if not words or exist(words):
        return q
    respelt = _respelt(conn, words)
    without_letter = [re.sub(r"^(\d+)[A-Za-z]$", r"\1", word) for word in respelt]
    return next((" ".join(one) for one in (respelt, without_letter) if one != words and exist(one)), q)


def _among(window: listing.Window, function: str | None, street: str | None) -> list[sa.ColumnElement[bool]]:
    called = [] if street is None else [listing.same_name(buildings.c.street, street)]
    used = [] if function is None else [buildings.c.function == function]
    return [*listing.in_bbox(buildings.c.geom, window.bbox), *used, *called]


def _respelt(conn: sa.Connection, words: Sequence[str]) -> list[str]:
    """The words, those that are long enough to be recognised as our streets spell them."""
    streets = conn.scalars(sa.select(sa.func.lower(buildings.c.street)).distinct())
    names = {part for street in streets if street for part in (street, *street.split())}
    meant = []
    for word in words:
        near = difflib.get_close_matches(word.lower(), names, 1, NEARLY) if len(word) >= LONG_ENOUGH else []
        meant.append(near[0] if near else word)
    return meant


def houses(conn: sa.Connection, street: str, number: str) -> Sequence[Row]:
    """The buildings at an address, whatever its capitals: mostly one."""
    same = (
        sa.func.lower(buildings.c.street) == street.lower(),
        sa.func.lower(buildings.c.house_number) == number.lower(),
    )
    return conn.execute(_columns(buildings).where(*same).order_by(buildings.c.id).limit(10)).mappings().all()


def get_building(conn: sa.Connection, building_id: UUID) -> Row:
    """One building. Raises NotFound."""
    row = conn.execute(_columns(buildings).where(buildings.c.id == building_id)).mappings().one_or_none()
    if row is None:
        raise NotFound("no_building", given=str(building_id))
    return row


def find_sections(
    conn: sa.Connection,
    window: listing.Window,
    *,
    code: str | None = None,
    street: str | None = None,
    kind: str | None = None,
) -> listing.Page:
    """Pavement sections, by id."""
    select = _columns(pavement_sections).where(*listing.in_bbox(pavement_sections.c.geom, window.bbox))
    for column, value in ((pavement_sections.c.code, code), (pavement_sections.c.street, street)):
        if value is not None:
            select = select.where(listing.same_name(column, value))
    if kind is not None:
        select = select.where(pavement_sections.c.kind == kind)
    return listing.page(conn, select, pavement_sections.c.id, window)


def sections_at(
    conn: sa.Connection, place: Point, limit: int = 3, *, within_m: float = NEAR_M
) -> Sequence[Row]:
    """Footpath and cycle path sections within some metres of a place (storage CRS), nearest first, with `distance_m`.
    A place in a house means the house's own street: on a corner the other street may lie nearer."""
    at = listing.geometry_param(place)
    distance = sa.func.ST_Distance(pavement_sections.c.geom, at).label("distance_m")
    street = (
        sa.select(buildings.c.street)
        .where(sa.func.ST_Covers(buildings.c.geom, at))
        .limit(1)
        .scalar_subquery()
    )
    elsewhere = sa.case((pavement_sections.c.street == street, 0), else_=1)
    select = (
        _columns(pavement_sections)
        .add_columns(distance)
        .where(
            sa.func.ST_DWithin(pavement_sections.c.geom, at, within_m),
            pavement_sections.c.kind != "carriageway",
        )
        .order_by(elsewhere, distance)
        .limit(limit)
    )
    return conn.execute(select).mappings().all()


def unknown_places(conn: sa.Connection, places: Sequence[Point]) -> set[int]:
    """The numbers of those places (storage CRS) near which no footpath or cycle path section lies."""
    hexes = [hex_ewkb(place) for place in places]
    rows = db.fetch(conn, PACKAGE, "ground_unknown", prepare=True, places=hexes, within_m=NEAR_M)
    return {row["n"] for row in rows}


def _columns(table: sa.Table) -> sa.Select[Any]:
    area = sa.func.round(sa.cast(sa.func.ST_Area(table.c.geom), sa.Numeric), 1).label("area_m2")
    return sa.select(*(c for c in table.c if c.name != "geom"), area, listing.geometry_column(table.c.geom))
