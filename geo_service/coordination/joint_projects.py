"""One project of two owners: detection thinks so by days and ground, and a person confirms or refuses it.

A confirmed one is silent for as long as its days stay the same; a refused one is a clash like any other.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from geo_service.coordination import changes, steps
from geo_service.detection.run import Subject
from geo_service.domain.conflicts import JointStatus
from geo_service.domain.errors import InvalidTransition, VersionMismatch
from geo_service.store import conflicts
from geo_service.store import joint_projects as store
from geo_service.store import steps as trail


def decide(
    conn: sa.Connection,
    conflict_id: UUID,
    status: JointStatus,
    actor: steps.Actor,
    version: int,
    today: date,
) -> None:
    """Keep what `actor` says of the works of a conflict, and detect anew around them.

    The caller holds the writers' lock. Raises NotFound, VersionMismatch, and InvalidTransition for works that nobody takes for one project.
    """
    row = conflicts.get(conn, conflict_id)
    if row["version"] != version:
        raise VersionMismatch("conflict_changed", version=row["version"], id=str(conflict_id))
    if not row["facts"].get("joint") and store.decision(conn, row) is None:
        raise InvalidTransition("not_joint")
    store.decide(conn, row, status, actor.name)
    trail.record(conn, conflict_id, f"joint_{status}", actor.name, {}, actor_id=actor.id)
    trail.save(conn, conflict_id, {})
    changes.record(conn, Subject(works_ids=row["works_ids"]), today)
