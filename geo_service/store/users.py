"""Users: people who sign in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain.errors import NotFound
from geo_service.domain.users import User
from geo_service.store.listing import Row
from geo_service.store.tables import users

NAMES = ("id", "name", "email", "role", "department", "language", "preferences", "issuer", "disabled_at")
COLUMNS = (*(users.c[name] for name in NAMES), users.c.owner_group_id.label("owner_group"))


def from_row(row: Row) -> User:
    """A user of a row with `COLUMNS`."""
    return User(**{name: row[name] for name in (*NAMES, "owner_group")})


def find(conn: sa.Connection) -> list[User]:
    """All users, oldest first."""
    rows = conn.execute(sa.select(*COLUMNS).order_by(users.c.id)).mappings()
    return [from_row(row) for row in rows]


def get(conn: sa.Connection, user_id: UUID) -> User:
    """One user. Raises NotFound."""
    return _one(conn, users.c.id == user_id)


def of_login(conn: sa.Connection, email: str) -> User:
    """The local account with this login, whatever its capitals. Raises NotFound."""
    return _one(conn, _is_login(email))


def of_subject(conn: sa.Connection, issuer: str, subject: str) -> User | None:
    """The user whom this issuer calls `subject`."""
    return _first(conn, sa.and_(users.c.issuer == issuer, users.c.subject == subject))


def password_hash(conn: sa.Connection, email: str) -> tuple[UUID, str] | None:
    """Id and hash of the local account with this login, if it is in use and has a password."""
    usable = sa.and_(_is_login(email), users.c.disabled_at.is_(None), users.c.password_hash.is_not(None))
    row = conn.execute(sa.select(users.c.id, users.c.password_hash).where(usable)).one_or_none()
    return None if row is None else (row.id, row.password_hash)


def create(conn: sa.Connection, **values: Any) -> User:
    """Store a user; `values` are columns of the table."""
    row = conn.execute(sa.insert(users).values(values).returning(*COLUMNS)).mappings().one()
    return from_row(row)


def change(conn: sa.Connection, user_id: UUID, **values: Any) -> User:
    """Change columns of a user. Raises NotFound."""
    update = sa.update(users).where(users.c.id == user_id).values(updated_at=sa.func.now(), **values)
    row = conn.execute(update.returning(*COLUMNS)).mappings().one_or_none()
    if row is None:
        raise NotFound("no_such_user")
    return from_row(row)


def change_own(conn: sa.Connection, user_id: UUID, **values: Any) -> User:
    """Change the language, or some preferences: those that are null are removed, those that are not named stay. Raises NotFound."""
    if "preferences" in values:
        changed: dict[str, Any] = values["preferences"]
        removed = sa.cast([name for name, value in changed.items() if value is None], pg.ARRAY(sa.Text))
        merged = users.c.preferences.op("||")(sa.cast(changed, pg.JSONB))
        values["preferences"] = merged.op("-", return_type=pg.JSONB)(removed)
    return change(conn, user_id, **values)


def is_any(conn: sa.Connection, *, role: str | None = None) -> bool:
    """Whether anybody can sign in with a local account; with `role`, anybody of that role."""
    of_role = sa.true() if role is None else users.c.role == role
    return bool(conn.scalar(sa.select(sa.exists().where(_is_ready(), of_role))))


def admins_ready(conn: sa.Connection) -> list[UUID]:
    """The administrators who can sign in with a local account, kept from others until the transaction ends."""
    ready = sa.select(users.c.id).where(_is_ready(), users.c.role == "admin").order_by(users.c.id)
    return list(conn.scalars(ready.with_for_update()))


def _is_ready() -> sa.ColumnElement[bool]:
    return sa.and_(users.c.disabled_at.is_(None), users.c.password_hash.is_not(None))


def _is_login(email: str) -> sa.ColumnElement[bool]:
    return sa.and_(sa.func.lower(users.c.email) == email.strip().lower(), users.c.issuer.is_(None))


def _one(conn: sa.Connection, condition: sa.ColumnElement[bool]) -> User:
    user = _first(conn, condition)
    if user is None:
        raise NotFound("no_such_user")
    return user


def _first(conn: sa.Connection, condition: sa.ColumnElement[bool]) -> User | None:
    row = conn.execute(sa.select(*COLUMNS).where(condition)).mappings().one_or_none()
    return None if row is None else from_row(row)
