"""What lies around a place or behind a conflict: houses in front of it, works nearby, where a record comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service import db
from geo_service.domain.geometry import hex_ewkb
from geo_service.domain.parameters import Parameters
from geo_service.store import listing
from geo_service.store.listing import Row
from geo_service.store.tables import claims

PACKAGE = "geo_service.store"
SAME_JOB_M = 25.0
"""Defects of one section within this reach may be one, or one job (m)."""
BESIDE_M = 1.0
"""A report so near to a section lies on it (m)."""


def claimed_ground(conn: sa.Connection, repair_id: UUID) -> BaseGeometry:
    """The ground (storage CRS) that an unfinished repair takes: the hole, its section or the drawn area."""
    return claimed_grounds(conn, [repair_id])[repair_id]


def claimed_grounds(conn: sa.Connection, repair_ids: Sequence[UUID]) -> dict[UUID, BaseGeometry]:
    """The same for several repairs, by id; finished ones claim none."""
    mine = sa.and_(claims.c.repair_id.in_(repair_ids), claims.c.kind == "repair")
    rows = conn.execute(sa.select(claims.c.repair_id, listing.geometry_column(claims.c.geom)).where(mine))
    return {row.repair_id: listing.read_geometry(row.geom) for row in rows}


def frontages(
    conn: sa.Connection, grounds: Sequence[BaseGeometry], parameters: Parameters
) -> list[list[Row]]:
    """For each piece of ground (storage CRS) the houses it lies in front of: `street`, `side`, `number_from`, `number_to`, `houses`."""
    fronts: list[list[Row]] = [[] for _ in grounds]
    if grounds:
        areas, reach_m = [hex_ewkb(one) for one in grounds], parameters.frontage_reach_m
        for row in db.fetch(
            conn, PACKAGE, "frontages", prepare=True, grounds=areas, frontage_reach_m=reach_m
        ):
            fronts[row["n"]].append(row)
    return fronts


def pavement_kinds(conn: sa.Connection, grounds: Sequence[BaseGeometry]) -> list[list[str]]:
    """For each piece of ground (storage CRS) the kinds of pavement that it lies on, the largest part first."""
    kinds: list[list[str]] = [[] for _ in grounds]
    if grounds:
        for row in db.fetch(conn, PACKAGE, "pavement_kinds", grounds=[hex_ewkb(one) for one in grounds]):
            kinds[row["n"]].append(row["kind"])
    return kinds


def nearby(
    conn: sa.Connection,
    ground: BaseGeometry,
    today: date,
    parameters: Parameters,
    but_not: Iterable[UUID] = (),
) -> Sequence[Row]:
    """The ten nearest works within `ring_m` of a place (storage CRS) in the coming months, but those in `but_not`."""
    params = {**asdict(parameters), "ground": hex_ewkb(ground), "today": today, "but_not": list(but_not)}
    return db.fetch(conn, PACKAGE, "nearby", prepare=True, **params)


def reported(conn: sa.Connection, ground: BaseGeometry, section: Sequence[Row]) -> Sequence[Row]:
    """The five nearest defects that are reported and not repaired on this ground (storage CRS), or near it on its section."""
    return db.fetch(
        conn,
        PACKAGE,
        "reported",
        prepare=True,
        ground=hex_ewkb(ground),
        section_id=section[0]["id"] if section else None,
        reach_m=SAME_JOB_M,
        beside_m=BESIDE_M,
    )


def provenance(conn: sa.Connection, works_ids: Iterable[UUID]) -> list[Row]:
    """The source's record of each of these works, with its first and last sight and the last change observed."""
    return [*db.fetch(conn, PACKAGE, "provenance", works_ids=sorted(set(works_ids)))]
