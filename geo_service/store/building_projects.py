"""The register of the city's own building projects, and what happens around its buildings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.errors import InvalidInput, NotFound, VersionMismatch
from geo_service.store.listing import Row
from geo_service.store.tables import building_projects, buildings, project_files, works

PACKAGE = "geo_service.store"
MOST = 500
"""Projects of a city."""


def find(conn: sa.Connection) -> list[Row]:
    """Return all projects with the name of their `building`, the title of their `works` and how many `files` they have, by name."""
    return list(conn.execute(_projects().order_by(building_projects.c.name)).mappings())


def get(conn: sa.Connection, project_id: UUID) -> Row:
    """Return one project. Raises NotFound."""
    row = conn.execute(_projects().where(building_projects.c.id == project_id)).mappings().one_or_none()
    if row is None:
        raise NotFound("no_project", given=str(project_id))
    return row


def create(conn: sa.Connection, values: Mapping[str, Any]) -> Row:
    """Store a project. Raises InvalidInput for a building or works that are not there, and when there are too many."""
    _check(conn, values)
    if (conn.scalar(sa.select(sa.func.count()).select_from(building_projects)) or 0) >= MOST:
        raise InvalidInput.one("name", "too_many_projects", limit=MOST)
    added = sa.insert(building_projects).values(dict(values)).returning(building_projects.c.id)
    return get(conn, conn.execute(added).scalar_one())


def replace(conn: sa.Connection, project_id: UUID, version: int, values: Mapping[str, Any]) -> Row:
    """Store a project in the place of what it was at this version. Raises VersionMismatch, NotFound, InvalidInput."""
    _hold(conn, project_id, version)
    _check(conn, values)
    table = building_projects
    news = {**values, "version": table.c.version + 1, "updated_at": sa.func.now()}
    conn.execute(sa.update(table).where(table.c.id == project_id).values(news))
    return get(conn, project_id)


def delete(conn: sa.Connection, project_id: UUID, version: int) -> None:
    """Delete a project at this version. Raises VersionMismatch, NotFound."""
    _hold(conn, project_id, version)
    conn.execute(sa.delete(building_projects).where(building_projects.c.id == project_id))


def surroundings(conn: sa.Connection, within_m: float, today: date, most: int) -> Sequence[Row]:
    """Return works and undecided conflicts within so many metres of the city's buildings, building by building, the nearest first.

    At most `most` of them; each row says how many there are in `total`.
    """
    return db.fetch(conn, PACKAGE, "building_surroundings", within_m=within_m, today=today, most=most)


def _hold(conn: sa.Connection, project_id: UUID, version: int) -> None:
    """Lock a project until the transaction ends. Raises NotFound, and VersionMismatch when it is at another version."""
    table = building_projects
    locked = sa.select(table.c.version).where(table.c.id == project_id).with_for_update()
    stored = conn.scalar(locked)
    if stored is None:
        raise NotFound("no_project", given=str(project_id))
    if stored != version:
        raise VersionMismatch


def _projects() -> sa.Select[Any]:
    table, building = building_projects, buildings.c
    address = sa.func.concat_ws(" ", building.street, building.house_number)
    name = sa.func.coalesce(building.name, sa.func.nullif(address, ""), building.source_id)
    files = sa.select(sa.func.count()).where(project_files.c.project_id == table.c.id).scalar_subquery()
    title = sa.func.coalesce(sa.func.nullif(works.c.title, ""), works.c.source_id)
    joined = sa.outerjoin(table, buildings, table.c.building_id == building.id).outerjoin(
        works, sa.and_(table.c.works_id == works.c.id, works.c.deleted_at.is_(None))
    )
    names = (name.label("building"), title.label("works"), files.label("files"))
    return sa.select(*table.c, *names).select_from(joined)


def _check(conn: sa.Connection, values: Mapping[str, Any]) -> None:
    for name, table in (("building_id", buildings), ("works_id", works)):
        wanted = values[name]
        if wanted is not None and not conn.scalar(sa.select(sa.exists().where(table.c.id == wanted))):
            raise InvalidInput.one(name, "unknown_reference")
