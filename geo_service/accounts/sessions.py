"""A session from sign-in to its end, and what it says about who asks."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.users import User
from geo_service.settings import Settings
from geo_service.store import audit, sessions
from geo_service.store.keys import Principal


def begin(
    conn: sa.Connection,
    settings: Settings,
    user: User,
    *,
    before: str | None,
    way: str,
    id_token: str | None = None,
) -> str:
    """Sign a user in; the token for the cookie. `before` is the token that the browser held: it ends, so that nobody who knows it is
    signed in with this user (session fixation). `way` goes into the audit trail: password, oidc or demo.
    """
    if before:
        sessions.end_token(conn, before)
    audit.record(conn, audit.Actor(user.name, user.id), "signed_in", f"user:{user.id}", way=way)
    return sessions.open_(conn, user.id, timedelta(hours=settings.session_hours), id_token)


def find(engine: sa.Engine, settings: Settings, token: str, *, active: bool) -> sessions.Session | None:
    """The session of a token, if it is in use. `active`: its person did something now, so that it is not idle."""
    idle = timedelta(minutes=settings.session_idle_minutes)
    with db.glance(engine) as conn:
        session = sessions.find(conn, token, idle)
        if session is not None and active and session.is_due:
            sessions.touch(conn, session.id)
    return session


def end(engine: sa.Engine, settings: Settings, token: str) -> sessions.Session | None:
    """Sign out; the session as it was, or None when there was none in use."""
    with db.write(engine) as conn:
        session = sessions.find(conn, token, timedelta(minutes=settings.session_idle_minutes))
        if session is not None:
            sessions.end(conn, session.id)
            user: UUID = session.user.id
            audit.record(conn, audit.Actor(session.user.name, user), "signed_out", f"user:{user}")
    return session


def principal(user: User) -> Principal:
    """Who asks, as routes know it."""
    return Principal(user.name, user.role, user.owner_group, user.id, user.department)
