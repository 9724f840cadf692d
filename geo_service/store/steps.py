"""Steps that people take with a conflict: the state it is left in, and the trail of how it came there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.conflicts import AGREED, Status
from geo_service.domain.lifecycle import PastStep
from geo_service.domain.permissions import STEP_NAMES
from geo_service.store import visibility
from geo_service.store.listing import Row
from geo_service.store.tables import conflict_events, conflicts

STATE = ("status", "agreement", "department", "person", "due_on")
"""What a step changes, and undoing it brings back."""


def lock(conn: sa.Connection, conflict_id: UUID, party: str | None) -> Row | None:
    """Return the conflict, kept from others until the transaction ends; None when there is none that `party` may see."""
    columns = (
        conflicts.c.id,
        conflicts.c.version,
        conflicts.c.repair_id,
        *(conflicts.c[name] for name in STATE),
    )
    select = sa.select(*columns).where(conflicts.c.id == conflict_id, visibility.of_conflicts(party))
    return conn.execute(select.with_for_update()).mappings().one_or_none()


def is_protected(conn: sa.Connection, conflict_id: UUID) -> bool:
    """Return whether works of this conflict would open ground that was laid anew."""
    sides = (conflicts.c.a, conflicts.c.b)
    protected = sa.or_(
        *(
            sa.and_(
                other["kind"].astext == "opening",
                one["moratorium_until"].astext > other["stated_starts_on"].astext,  # ISO days sort as text
            )
            for one, other in (sides, sides[::-1])
        )
    )
    return conn.scalar(sa.select(conflicts.c.id).where(conflicts.c.id == conflict_id, protected)) is not None


def save(conn: sa.Connection, conflict_id: UUID, changes: Mapping[str, Any]) -> None:
    """Store what a step changes of `STATE`."""
    news = {**changes, "version": conflicts.c.version + 1, "updated_at": sa.func.now()}
    conn.execute(sa.update(conflicts).where(conflicts.c.id == conflict_id).values(news))


def hand_back(conn: sa.Connection, name: str, email: str, department: str | None) -> list[dict[str, Any]]:
    """Take this person off the live conflicts that name it; return them with their `department` now and before."""
    rows = db.fetch(
        conn, "geo_service.store", "conflicts_hand_back", name=name, email=email, department=department
    )
    return sorted(rows, key=lambda row: str(row["id"]))


def record(
    conn: sa.Connection,
    conflict_id: UUID,
    step: str,
    actor: str,
    details: Mapping[str, Any],
    *,
    actor_id: str | None = None,
) -> None:
    """Add a step to the trail of a conflict: the name of who took it, as others see it, and the id. Days in `details` are ISO text."""
    who = {"actor": actor, "actor_id": actor_id}
    row = {"conflict_id": conflict_id, "kind": step, **who, "details": dict(details)}
    conn.execute(sa.insert(conflict_events).values(row))


def last_step(conn: sa.Connection, conflict_id: UUID) -> tuple[PastStep, Mapping[str, Any]] | None:
    """Return the newest entry of the trail, if it is a step that changed something, and the state before it; comments are passed over."""
    events = conflict_events.c
    newest = (
        sa.select(conflict_events)
        .where(events.conflict_id == conflict_id, events.kind != "comment")
        .order_by(events.id.desc())
        .limit(1)
    )
    row = conn.execute(newest).one_or_none()
    if row is None or row.kind == "undo" or row.kind not in STEP_NAMES:
        return None
    before, after = row.details["status"]
    return PastStep(row.kind, row.actor_id, row.at, before, after), row.details["before"]


def reopen_after_agreement(conn: sa.Connection, today: date) -> Sequence[Row]:
    """Open the conflicts whose agreement is over on `today`; return their `id`, `repair_id`, `agreement` and earlier `status`.

    A hold that was kept until its day is no broken word: the repair stays free.
    """
    until = conflicts.c.agreement["until"].astext.cast(sa.Date)
    columns = (conflicts.c.id, conflicts.c.repair_id, conflicts.c.agreement, conflicts.c.status)
    ends = conflicts.c.agreement["kind"].astext != "hold_until"
    ended = sa.select(*columns).where(conflicts.c.status.in_(AGREED), ends, until <= today)
    rows = conn.execute(ended.order_by(conflicts.c.id)).mappings().all()
    status: Status = "open"
    values = {
        "status": status,
        "open_since": today,
        "version": conflicts.c.version + 1,
        "updated_at": sa.func.now(),
    }
    conn.execute(sa.update(conflicts).where(conflicts.c.id.in_([row["id"] for row in rows])).values(values))
    return rows
