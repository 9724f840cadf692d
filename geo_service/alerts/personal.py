"""A person's own choice: which alerts come by e-mail, and when."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo_service.alerts import feed, pending_deliveries
from geo_service.alerts.subscriptions import SECRET_BYTES, SWITCHED_OFF
from geo_service.domain.mail import Notification
from geo_service.domain.quiet import Quiet
from geo_service.store import locks
from geo_service.store.tables import subscriptions


@dataclass(frozen=True, slots=True)
class Choice:
    """The choice, what went wrong with the last e-mail, if it came back, and when its person wants none."""

    notification: Notification = "off"
    problem: str | None = None
    problem_at: datetime | None = None
    quiet: Quiet = field(default_factory=Quiet)


def read(conn: sa.Connection, user_id: UUID) -> Choice:
    """Return a person's choice; who never chose gets no e-mail."""
    table = subscriptions.c
    rest = (table.snoozed_until, table.quiet_from, table.quiet_until)
    select = sa.select(table.rhythm, table.active, table.problem, table.problem_at, *rest).where(
        _own(user_id)
    )
    row = conn.execute(select).one_or_none()
    if row is None:
        return Choice()
    notification = cast(Notification, row.rhythm if row.active else "off")
    quiet = Quiet(row.snoozed_until, row.quiet_from, row.quiet_until)
    return Choice(notification, row.problem, row.problem_at, quiet)


def choose(conn: sa.Connection, user_id: UUID, notification: Notification) -> None:
    """Store a person's choice: of alerts to its department, or to all where it has none. To choose again what one has mends an address
    to which e-mails came back.
    """
    locks.claims_writer(conn)  # each alert comes either before this choice or follows it
    if notification == "off":
        switch = sa.update(subscriptions).where(_own(user_id)).values(active=False)
        off = conn.scalar(switch.returning(subscriptions.c.id))
        if off is not None:
            pending_deliveries.drop(conn, off, SWITCHED_OFF)
        return
    row = {
        "channel": "email",
        "secret": secrets.token_urlsafe(SECRET_BYTES),
        "user_id": user_id,
        "follows_person": True,
        "rhythm": notification,
        "after_seq": feed.last(conn),
    }
    added = insert(subscriptions).values(row)
    begin = sa.case((subscriptions.c.active, subscriptions.c.after_seq), else_=added.excluded.after_seq)
    conn.execute(
        added.on_conflict_do_update(
            index_elements=["user_id"],
            index_where=subscriptions.c.follows_person,
            set_={
                "rhythm": notification,
                "active": True,
                "after_seq": begin,
                "bounces": 0,
                "problem": None,
                "problem_at": None,
            },
        )
    )


def rest(conn: sa.Connection, user_id: UUID, quiet: Quiet) -> None:
    """Store when a person wants no e-mail, of its own choice and of its subscriptions. What comes then waits, critical or not."""
    row = {
        "channel": "email",
        "secret": secrets.token_urlsafe(SECRET_BYTES),
        "user_id": user_id,
        "follows_person": True,
        "rhythm": "critical",
        "active": False,
        "after_seq": feed.last(conn),
        "snoozed_until": quiet.snoozed_until,
        "quiet_from": quiet.begin,
        "quiet_until": quiet.end,
    }
    added = insert(subscriptions).values(row)
    conn.execute(
        added.on_conflict_do_update(
            index_elements=["user_id"],
            index_where=subscriptions.c.follows_person,
            set_={name: added.excluded[name] for name in ("snoozed_until", "quiet_from", "quiet_until")},
        )
    )


def problems(conn: sa.Connection) -> dict[UUID, str]:
    """Why the last e-mail to a person came back, by the person's id."""
    table = subscriptions.c
    back = sa.select(table.user_id, table.problem).where(
        table.user_id.is_not(None), table.problem.is_not(None)
    )
    return {row.user_id: row.problem for row in conn.execute(back.order_by(table.problem_at))}


def _own(user_id: UUID) -> sa.ColumnElement[bool]:
    return sa.and_(subscriptions.c.user_id == user_id, subscriptions.c.follows_person)
