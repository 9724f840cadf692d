"""Works of two owners that are, or are not, one project: what people said."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo_service.domain.conflicts import JointStatus
from geo_service.store import listing
from geo_service.store.listing import Row
from geo_service.store.tables import conflicts, joint_projects


def decide(conn: sa.Connection, conflict: Row, status: JointStatus, actor: str) -> None:
    """Keep what `actor` says of the two digs of a conflict."""
    first, second = sorted((conflict["a_origin_id"], conflict["b_origin_id"]))
    row = {
        "a_origin_id": first,
        "b_origin_id": second,
        "conflict_id": conflict["id"],
        "status": status,
        "decided_by": actor,
    }
    added = insert(joint_projects).values(row)
    news = {**{name: added.excluded[name] for name in row}, "decided_at": sa.func.now()}
    conn.execute(added.on_conflict_do_update(index_elements=["a_origin_id", "b_origin_id"], set_=news))


def decision(conn: sa.Connection, conflict: Row) -> JointStatus | None:
    """Return what was said of the two digs of a conflict."""
    pair = sorted((conflict["a_origin_id"], conflict["b_origin_id"]))
    same_pair = sa.tuple_(joint_projects.c.a_origin_id, joint_projects.c.b_origin_id) == pair
    status: JointStatus | None = conn.scalar(sa.select(joint_projects.c.status).where(same_pair))
    return status


def find(conn: sa.Connection, window: listing.Window, status: JointStatus | None = None) -> listing.Page:
    """Return decisions in the order in which they were first made, each with the works and the number of its conflict."""
    columns = (joint_projects.c[name] for name in ("id", "status", "decided_by", "decided_at", "conflict_id"))
    select = sa.select(*columns, conflicts.c.number, conflicts.c.works_ids).join(conflicts)
    if status is not None:
        select = select.where(joint_projects.c.status == status)
    return listing.page(conn, select, joint_projects.c.id, window)
