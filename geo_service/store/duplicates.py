"""Links between reports of one defect, as stored."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from geo_service.store.listing import Row
from geo_service.store.tables import duplicates, repairs

_FACTS = [duplicates.c[name] for name in ("status", "distance_m", "days_apart", "decided_at", "decided_by")]


def live(conn: sa.Connection, repair_id: UUID) -> Row | None:
    """What this repair is, or may be, the double of: `of_id`, its `number`, `status` and how far apart they are."""
    select = (
        sa.select(duplicates.c.of_id, repairs.c.number, *_FACTS)
        .join(repairs, repairs.c.id == duplicates.c.of_id)
        .where(duplicates.c.repair_id == repair_id, duplicates.c.status != "refused")
    )
    return conn.execute(select).mappings().one_or_none()


def doubles(conn: sa.Connection, repair_id: UUID) -> Sequence[Row]:
    """Which reports are, or may be, doubles of this repair, oldest first."""
    select = (
        sa.select(repairs.c.id, repairs.c.number, repairs.c.reported_at, *_FACTS)
        .join(repairs, repairs.c.id == duplicates.c.repair_id)
        .where(duplicates.c.of_id == repair_id, duplicates.c.status != "refused")
        .order_by(repairs.c.reported_at, repairs.c.id)
    )
    return conn.execute(select).mappings().all()


def confirmed_doubles(conn: sa.Connection, repair_id: UUID) -> Sequence[UUID]:
    """Which reports are doubles of this repair."""
    confirmed = sa.and_(duplicates.c.of_id == repair_id, duplicates.c.status == "confirmed")
    return conn.scalars(sa.select(duplicates.c.repair_id).where(confirmed)).all()


def note_urgency(conn: sa.Connection, repair_id: UUID, of_id: UUID, urgency: str) -> None:
    """Keep how urgent the other repair was when this report was filed as one more of it."""
    link = sa.and_(duplicates.c.repair_id == repair_id, duplicates.c.of_id == of_id)
    conn.execute(sa.update(duplicates).where(link).values(urgency_before=urgency))


def forget_urgency(conn: sa.Connection, of_id: UUID) -> None:
    """A person says how urgent this repair is: what it was before reports were filed as one more of it counts no more."""
    conn.execute(sa.update(duplicates).where(duplicates.c.of_id == of_id).values(urgency_before=None))


def further_reports(conn: sa.Connection, main_id: UUID) -> Sequence[Row]:
    """Return the reports filed as one more of this repair since a person said how urgent it is: `repair_id`, `urgency`, `status` of the link, `urgency_before`."""
    select = (
        sa.select(duplicates.c.repair_id, duplicates.c.status, duplicates.c.urgency_before, repairs.c.urgency)
        .join(repairs, repairs.c.id == duplicates.c.repair_id)
        .where(duplicates.c.of_id == main_id, duplicates.c.urgency_before.is_not(None))
    )
    return conn.execute(select).mappings().all()


def unlink(conn: sa.Connection, repair_ids: Sequence[UUID], *, but: UUID) -> None:
    """These repairs are the doubles of nothing, except of `but`; what was refused stays refused."""
    link = sa.and_(duplicates.c.repair_id.in_(repair_ids), duplicates.c.status != "refused")
    conn.execute(sa.delete(duplicates).where(link, duplicates.c.of_id != but))


def linked_as(status: str | None) -> sa.ColumnElement[bool]:
    """Condition on `repairs`: it is the double of another, in this status; None: any repair."""
    if status is None:
        return sa.true()
    link = sa.select(duplicates.c.repair_id).where(
        duplicates.c.repair_id == repairs.c.id, duplicates.c.status == status
    )
    return link.exists()


def refuse(conn: sa.Connection, repair_id: UUID, of_id: UUID, actor: str) -> None:
    """Note that these two are not one."""
    link = sa.and_(duplicates.c.repair_id == repair_id, duplicates.c.of_id == of_id)
    values = {"status": "refused", "decided_at": sa.func.now(), "decided_by": actor}
    conn.execute(sa.update(duplicates).where(link).values(values))
