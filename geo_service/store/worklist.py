"""The repairs that are not finished, in pages: those with days first."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from geo_service.domain.repairs import UNFINISHED
from geo_service.store import listing
from geo_service.store import repairs as repairs_store
from geo_service.store.listing import Row
from geo_service.store.tables import repairs


class Place(NamedTuple):
    """Where a repair stands in the worklist: the first day of its plan (null: it has none), when it was reported, its id."""

    begins_on: date | None
    reported_at: datetime
    id: UUID


def place_of(row: Row) -> Place:
    """Return where a repair stands in `page`."""
    return Place(row["planned"] and row["planned"].lower, row["reported_at"], row["id"])


def page(conn: sa.Connection, team: str | None, limit: int, after: Place | None = None) -> listing.Page:
    """At most `limit` repairs that are not finished, of one crew or organisation (as in `repairs.planned_on`) or of all.

    `after` is where the page before ended, whatever became of the repair that stood there.
    """
    select = repairs_store.of_team(team, UNFINISHED)
    total = conn.scalar(select.with_only_columns(sa.func.count(), maintain_column_froms=True)) or 0
    begin = sa.func.coalesce(sa.func.lower(repairs.c.planned), sa.cast("infinity", sa.Date))
    order = sa.tuple_(begin, repairs.c.reported_at, repairs.c.id)
    if after is not None:
        select = select.where(
            order
            > sa.tuple_(sa.cast(str(after.begins_on or "infinity"), sa.Date), after.reported_at, after.id)
        )
    rows = conn.execute(select.order_by(*order).limit(limit + 1)).mappings().all()
    return listing.Page(rows[:limit], rows[limit - 1]["id"] if len(rows) > limit else None, total)
