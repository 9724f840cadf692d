"""The end of a conflict, as stored: when it was closed, what changed then, and which conflicts there are in its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.store import visibility
from geo_service.store.listing import Row
from geo_service.store.tables import conflict_events, conflicts

PACKAGE = "geo_service.store"
MOST_SUCCESSORS = 5


def causes(conn: sa.Connection, conflict_id: UUID) -> list[Row]:
    """What changed when a conflict that is gone was closed: `works_id` (None: its repair), `owner`, `source_id`, `field`, `old_value` and
    `new_value`. A `field` is a column of works that changed, `deleted`, `renumbered`, `double`, or the state of the repair."""
    return [*db.fetch(conn, PACKAGE, "closure_causes", conflict_id=conflict_id)]


def closed_at(conn: sa.Connection, row: Row) -> datetime | None:
    """The instant at which a conflict that is gone was closed last."""
    event = conflict_events.c
    at: datetime | None = conn.scalar(
        sa.select(sa.func.max(event.at)).where(event.conflict_id == row["id"], event.kind == row["status"])
    )
    return at


def successors(conn: sa.Connection, row: Row, *, party: str | None) -> Sequence[Row]:
    """The `id` and `number` of at most five conflicts of the same rule that are there now: of the same repair, else of one of its works."""
    same = (
        conflicts.c.repair_id == row["repair_id"]
        if row["repair_id"]
        else conflicts.c.works_ids.overlap(sa.cast(row["works_ids"], conflicts.c.works_ids.type))
    )
    select: sa.Select[Any] = (
        sa.select(conflicts.c.id, conflicts.c.number)
        .where(conflicts.c.rule_id == row["rule_id"], conflicts.c.id != row["id"], same)
        .where(visibility.in_status(None), visibility.of_conflicts(party))
        .order_by(conflicts.c.number.desc())
        .limit(MOST_SUCCESSORS)
    )
    return conn.execute(select).mappings().all()
