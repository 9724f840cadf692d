"""What becomes of the conflicts that a person follows up when that person leaves."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from geo_service.alerts import feed
from geo_service.coordination import changes
from geo_service.domain.users import User
from geo_service.store import locks, steps, users


def hand_back(conn: sa.Connection, user: User, actor: str, actor_id: str | None) -> int:
    """Give the live conflicts of somebody who leaves back to their department, on record and told; return how many.

    They name the person by name or e-mail address. A namesake who can still sign in keeps what bears the name.
    """
    locks.claims_writer(conn)
    namesake = any(
        one.name.casefold() == user.name.casefold() for one in users.find(conn) if _stays(one, user)
    )
    name = user.email if namesake else user.name
    events: list[tuple[Any, feed.AlertType, dict[str, Any]]] = []
    for row in steps.hand_back(conn, name, user.email, user.department):
        details = {
            "person": [row["person"], None],
            "department": [row["department_before"], row["department"]],
        }
        steps.record(conn, row["id"], "handed_back", actor, details, actor_id=actor_id)
        events.append((row["id"], "conflict.assigned", {"department": row["department"], "person": None}))
    feed.append(conn, changes.step_alerts(conn, events))
    return len(events)


def _stays(one: User, leaver: User) -> bool:
    return one.id != leaver.id and one.disabled_at is None
