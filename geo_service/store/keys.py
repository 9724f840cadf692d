"""API keys: shown once, stored hashed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.roles import Role
from geo_service.domain.scopes import EVERYTHING
from geo_service.store import audit
from geo_service.store.listing import Row
from geo_service.store.tables import api_keys

PACKAGE = "geo_service.store"
PREFIX = "gs_"
CLERK = audit.Actor(audit.COMMAND_LINE)
COLUMNS = tuple(column for column in api_keys.c if column.name != "key_hash")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a name as others see it, a role, and for a partner the owner group that it may see. A person has a user id and may have a
    department; a machine has a key, with its scopes, and the id that stays the same when its key is rotated.
    """

    name: str
    role: Role
    owner_group: str | None = None
    user_id: UUID | None = None
    department: str | None = None
    machine_id: UUID | None = None
    key_id: UUID | None = None
    scopes: frozenset[str] = frozenset({EVERYTHING})
    is_due: bool = field(default=False, compare=False)
    """Whether the last use of the key is long enough ago to be written again."""

    @property
    def id(self) -> str:
        """One person or machine: two of the same name are two."""
        return f"user:{self.user_id}" if self.user_id else f"key:{self.machine_id}"

    @property
    def actor(self) -> audit.Actor:
        """The same for the audit trail."""
        return audit.Actor(self.name, self.user_id, self.key_id)


def create(
    conn: sa.Connection,
    name: str,
    role: Role,
    *,
    owner_group: str | None = None,
    scopes: Iterable[str] = (EVERYTHING,),
    expires_at: datetime | None = None,
    machine_id: UUID | None = None,
    actor: audit.Actor = CLERK,
) -> str:
    """A new key, which nobody can read again. `machine_id`: of the key that it is to replace."""
    key = PREFIX + secrets.token_urlsafe(32)
    facts = {"name": name, "role": role, "owner_group": owner_group, "scopes": sorted(scopes)}
    row = {
        "name": name,
        "role": role,
        "owner_group_id": owner_group,
        "scopes": facts["scopes"],
        "expires_at": expires_at,
        "machine_id": machine_id,
        "key_hash": _hash(key),
    }
    key_id = conn.execute(sa.insert(api_keys).values(row).returning(api_keys.c.id)).scalar_one()
    audit.record(conn, actor, "key_created", f"key:{key_id}", **facts)
    return key


def principal(conn: sa.Connection, key: str) -> Principal | None:
    """Whose key this is; None when it is unknown, revoked or expired."""
    rows = db.fetch(conn, PACKAGE, "key_holder", prepare=True, key_hash=_hash(key))
    return Principal(**{**rows[0], "scopes": frozenset(rows[0]["scopes"])}) if rows else None


def note_use(conn: sa.Connection, holder: Principal) -> None:
    """Note that the key of this machine is used now."""
    db.execute(conn, PACKAGE, "key_use", key_id=holder.key_id)


def find(conn: sa.Connection) -> list[Row]:
    """All keys without anything secret, oldest first."""
    return list(conn.execute(sa.select(*COLUMNS).order_by(api_keys.c.id)).mappings())


def in_use(conn: sa.Connection, key_id: UUID) -> Row | None:
    """A key that is neither revoked nor expired, kept from others until the transaction ends."""
    select = sa.select(*COLUMNS).where(api_keys.c.id == key_id, _is_in_use()).with_for_update()
    return conn.execute(select).mappings().one_or_none()


def of_secret(conn: sa.Connection, key: str) -> Row:
    """The stored key of this secret."""
    return conn.execute(sa.select(*COLUMNS).where(api_keys.c.key_hash == _hash(key))).mappings().one()


def end_at(conn: sa.Connection, key_id: UUID, at: datetime, *, actor: audit.Actor, **facts: Any) -> None:
    """Let a key that is replaced live until `at`, and not longer than it would have."""
    earlier = sa.func.least(api_keys.c.expires_at, at)
    conn.execute(sa.update(api_keys).where(api_keys.c.id == key_id).values(expires_at=earlier))
    audit.record(conn, actor, "key_rotated", f"key:{key_id}", ends_at=at.isoformat(), **facts)


def revoke(conn: sa.Connection, key_id: UUID, *, actor: audit.Actor = CLERK) -> bool:
    """End a key now; False when there is no such key that was not revoked before."""
    live = sa.and_(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
    if conn.execute(sa.update(api_keys).where(live).values(revoked_at=sa.func.now())).rowcount == 0:
        return False
    audit.record(conn, actor, "key_revoked", f"key:{key_id}")
    return True


def expiring(conn: sa.Connection, before: datetime) -> int:
    """How many keys in use expire before this instant."""
    soon = sa.and_(_is_in_use(), api_keys.c.expires_at < before)
    return conn.scalar(sa.select(sa.func.count()).select_from(api_keys).where(soon)) or 0


def _is_in_use() -> sa.ColumnElement[bool]:
    not_over = sa.or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > sa.func.now())
    return sa.and_(api_keys.c.revoked_at.is_(None), not_over)


def _hash(key: str) -> bytes:
    """SHA-256 is enough for a key of 256 random bits: there is nothing to guess."""
    return hashlib.sha256(key.encode()).digest()
