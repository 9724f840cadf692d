"""Sessions of people: the browser holds a random token, the database its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from geo_service.domain.users import User
from geo_service.store import users as user_store
from geo_service.store.tables import sessions, users

SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last activity is kept: not every request is a write."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session in use, and whose it is."""

    id: UUID
    user: User
    id_token: str | None
    is_due: bool
    """Whether its last activity is long enough ago to be written again."""


def new_token() -> str:
    """256 random bits, as text for a cookie or a link."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """SHA-256 is enough for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(token.encode()).digest()


def open_(conn: sa.Connection, user_id: UUID, lifetime: timedelta, id_token: str | None = None) -> str:
    """Begin a session; its token, which nobody can read again."""
    token = new_token()
    row = {
        "user_id": user_id,
        "token_hash": digest(token),
        "id_token": id_token,
        "expires_at": sa.func.now() + lifetime,
    }
    conn.execute(sa.insert(sessions).values(row))
    return token


def find(conn: sa.Connection, token: str, idle: timedelta) -> Session | None:
    """The session of a token; None when it has ended, expired, was idle for too long, or its user is disabled."""
    mine = sa.and_(sessions.c.token_hash == digest(token), _is_live(idle), users.c.disabled_at.is_(None))
    select = (
        sa.select(
            *user_store.COLUMNS,
            sessions.c.id.label("session_id"),
            sessions.c.id_token,
            (sessions.c.seen_at < sa.func.now() - SEEN_EVERY).label("is_due"),
        )
        .join(users, users.c.id == sessions.c.user_id)
        .where(mine)
    )
    row = conn.execute(select).mappings().one_or_none()
    if row is None:
        return None
    return Session(row["session_id"], user_store.from_row(row), row["id_token"], row["is_due"])


def last_seen(conn: sa.Connection) -> dict[UUID, datetime]:
    """When each person was last active, by the id of the user; who never signed in is left out."""
    latest = sa.select(sessions.c.user_id, sa.func.max(sessions.c.seen_at).label("at")).group_by(
        sessions.c.user_id
    )
    return {row.user_id: row.at for row in conn.execute(latest)}


def touch(conn: sa.Connection, session_id: UUID) -> None:
    """Note that its person was active now."""
    conn.execute(sa.update(sessions).where(sessions.c.id == session_id).values(seen_at=sa.func.now()))


def end(conn: sa.Connection, session_id: UUID) -> None:
    """End one session."""
    _end(conn, sessions.c.id == session_id)


def end_token(conn: sa.Connection, token: str) -> None:
    """End the session of a token, if there is one."""
    _end(conn, sessions.c.token_hash == digest(token))


def end_all(conn: sa.Connection, user_id: UUID) -> None:
    """End every session of a user."""
    _end(conn, sessions.c.user_id == user_id)


def end_others(conn: sa.Connection, user_id: UUID, kept: UUID) -> int:
    """End every session of a user but one; how many were not ended before."""
    return _end(conn, sa.and_(sessions.c.user_id == user_id, sessions.c.id != kept))


@dataclass(frozen=True, slots=True)
class InUse:
    """A session in use, as its person sees it: when it began and was last active."""

    id: UUID
    created_at: datetime
    seen_at: datetime


def in_use(conn: sa.Connection, user_id: UUID, idle: timedelta) -> list[InUse]:
    """The sessions of a user in which somebody is signed in, the last active one first."""
    select = sa.select(sessions.c.id, sessions.c.created_at, sessions.c.seen_at)
    rows = conn.execute(
        select.where(sessions.c.user_id == user_id, _is_live(idle)).order_by(sessions.c.seen_at.desc())
    )
    return [InUse(*row) for row in rows]


def _is_live(idle: timedelta) -> sa.ColumnElement[bool]:
    return sa.and_(
        sessions.c.ended_at.is_(None),
        sessions.c.expires_at > sa.func.now(),
        sessions.c.seen_at > sa.func.now() - idle,
    )


def _end(conn: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    live = sa.and_(which, sessions.c.ended_at.is_(None))
    return conn.execute(
        sa.update(sessions).where(live).values(ended_at=sa.func.now(), id_token=None)
    ).rowcount
