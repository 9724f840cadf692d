"""Works of two owners that are, or are not, one project: what people said."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from geo_service.domain.conflicts import JointStatus
from geo_service.store import listing
from geo_service.store.listing import Row
from geo_service.store.tables import conflicts, joint_projects


def decide(conn: sa.Connection, conflict: Row, status: JointStatus, actor: str) -> None:
    """Keep what `actor` says of the works on the two sides of a conflict, in the place of what was said of them before."""
    conn.execute(sa.delete(joint_projects).where(_about(conflict)))
    a_works_ids, b_works_ids = _sides(conflict)
    row = {
        "a_works_ids": a_works_ids,
        "b_works_ids": b_works_ids,
        "conflict_id": conflict["id"],
        "status": status,
        "decided_by": actor,
    }
    conn.execute(sa.insert(joint_projects).values(row))


def decision(conn: sa.Connection, conflict: Row) -> JointStatus | None:
    """Return what was said last of the works of a conflict."""
    select = sa.select(joint_projects.c.status).where(_about(conflict))
    newest = select.order_by(joint_projects.c.decided_at.desc(), joint_projects.c.id.desc()).limit(1)
    status: JointStatus | None = conn.scalar(newest)
    return status


def find(conn: sa.Connection, window: listing.Window, status: JointStatus | None = None) -> listing.Page:
    """Return decisions in the order in which they were made, each with the works and the number of its conflict."""
    columns = (joint_projects.c[name] for name in ("id", "status", "decided_by", "decided_at", "conflict_id"))
    select = sa.select(*columns, conflicts.c.number, conflicts.c.works_ids).join(conflicts)
    if status is not None:
        select = select.where(joint_projects.c.status == status)
    return listing.page(conn, select, joint_projects.c.id, window)


def _about(conflict: Row) -> sa.ColumnElement[bool]:
    """Decisions on works of the one side and works of the other, as `detect_joint.sql` takes them."""
    a, b = joint_projects.c.a_works_ids, joint_projects.c.b_works_ids
    first, second = _sides(conflict)
    return sa.or_(sa.and_(a.overlap(first), b.overlap(second)), sa.and_(a.overlap(second), b.overlap(first)))


def _sides(conflict: Row) -> tuple[list[UUID], list[UUID]]:
    """The works of a dig on the one side, and on the other."""
    a, b = ([UUID(one) for one in conflict[side]["works_ids"]] for side in ("a", "b"))
    return a, b
