"""Views of lists that a department shares: a name for filters, order and columns."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo_service.domain.errors import InvalidInput, NotFound
from geo_service.domain.views import View
from geo_service.store.listing import Row
from geo_service.store.tables import department_views

MOST = 50
"""Views of one department."""
NAMES = ("id", "department", "screen", "name", "search", "created_at")


def find(conn: sa.Connection, department: str | None) -> list[Row]:
    """Return the views of a department, those of every department without one, in the order of their names."""
    table = department_views.c
    select = sa.select(*(table[name] for name in NAMES)).order_by(table.department, table.screen, table.name)
    if department is not None:
        select = select.where(table.department == department)
    return list(conn.execute(select).mappings())


def keep(conn: sa.Connection, view: View) -> Row:
    """Store a view in the place of the one with its name, and return it. Raises InvalidInput when the department has too many."""
    table = department_views
    values = {
        "department": view.department,
        "screen": view.screen,
        "name": view.name,
        "search": view.search,
    }
    row = insert(table).values(values)
    stored = row.on_conflict_do_update(
        index_elements=["department", "screen", "name"], set_={"search": row.excluded.search}
    ).returning(*(table.c[name] for name in NAMES))
    answer = conn.execute(stored).mappings().one()
    count = sa.select(sa.func.count()).where(table.c.department == view.department)
    if (conn.scalar(count) or 0) > MOST:
        raise InvalidInput.one("name", "too_many_views", limit=MOST)
    return answer


def drop(conn: sa.Connection, view_id: UUID) -> None:
    """Delete a view. Raises NotFound."""
    deletion = sa.delete(department_views).where(department_views.c.id == view_id)
    if conn.execute(deletion).rowcount == 0:
        raise NotFound("no_view", given=str(view_id))
