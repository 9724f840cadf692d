"""Works and repairs that are in no list any more: since when, and which record they turned out to be."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.domain.errors import Deleted, NotFound
from geo_service.store.tables import organisations, renumberings, repairs, works

_NEVER = {works.name: "no_works", repairs.name: "no_repair"}


def absence(conn: sa.Connection, table: sa.Table, record_id: UUID, party: str | None = None) -> NotFound:
    """The error about works or a repair (`table`) that no list shows: `Deleted`, or for those that were never there and those that are
    not for `party` to see, NotFound."""
    confirmed = sa.and_(renumberings.c.new_id == table.c.id, renumberings.c.status == "confirmed")
    select: sa.Select[Any] = (
        sa.select(table.c.deleted_at, renumberings.c.old_id, renumberings.c.new_source_id)
        .join(organisations, organisations.c.id == table.c.owner_id)
        .outerjoin(renumberings, confirmed)
        .where(table.c.id == record_id, table.c.deleted_at.is_not(None))
        .order_by(
            renumberings.c.decided_at.desc().nulls_last(), renumberings.c.id.desc()
        )  # the last word counts
    )
    if party is not None:
        select = select.where(organisations.c.owner_group_id == party)
    row = conn.execute(select).mappings().first()
    if row is None:
        return NotFound(_NEVER[table.name], given=str(record_id))
    renumbered = "works_renumbered" if table is works else "repair_renumbered"
    reason = renumbered if row["old_id"] else "works_deleted"  # a repair is cancelled, never deleted
    return Deleted(reason, row["deleted_at"], row["old_id"], source_id=row["new_source_id"])
