"""API keys: shown once, stored hashed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.roles import Role
from geo_service.store import audit
from geo_service.store.tables import api_keys

PREFIX = "gs_"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a name for the audit trail, a role, and for a partner the owner group that it may see. A person has a user id as well,
    and may have a department; a key has neither.
    """

    name: str
    role: Role
    owner_group: str | None = None
    user_id: UUID | None = None
    department: str | None = None


def create(
    conn: sa.Connection,
    name: str,
    role: Role,
    *,
    owner_group: str | None = None,
    expires_at: datetime | None = None,
    by: str = audit.COMMAND_LINE,
) -> str:
    """A new key, which nobody can read again. `by` stands in the audit trail."""
    key = PREFIX + secrets.token_urlsafe(32)
    row = {
        "name": name,
        "role": role,
        "owner_group_id": owner_group,
        "expires_at": expires_at,
        "key_hash": _hash(key),
    }
    key_id = conn.execute(sa.insert(api_keys).values(row).returning(api_keys.c.id)).scalar_one()
    facts = {"name": name, "role": role, "owner_group": owner_group}
    audit.record(conn, audit.Actor(by), "key_created", f"key:{key_id}", **facts)
    return key


def principal(conn: sa.Connection, key: str) -> Principal | None:
    """Whose key this is; None when it is unknown, revoked or expired."""
    found = db.fetch(conn, "geo_service.store", "key_holder", prepare=True, key_hash=_hash(key))
    return Principal(found[0]["name"], found[0]["role"], found[0]["owner_group_id"]) if found else None


def listed(conn: sa.Connection) -> list[sa.RowMapping]:
    """All keys without anything secret, oldest first."""
    columns = [column for column in api_keys.c if column.name != "key_hash"]
    return list(conn.execute(sa.select(*columns).order_by(api_keys.c.id)).mappings())


def revoke(conn: sa.Connection, key_id: UUID, *, by: str = audit.COMMAND_LINE) -> bool:
    """End a key now; False when there is no such key in use. `by` stands in the audit trail."""
    live = sa.and_(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
    if conn.execute(sa.update(api_keys).where(live).values(revoked_at=sa.func.now())).rowcount == 0:
        return False
    audit.record(conn, audit.Actor(by), "key_revoked", f"key:{key_id}")
    return True


def _hash(key: str) -> bytes:
    """SHA-256 is enough for a key of 256 random bits: there is nothing to guess."""
    return hashlib.sha256(key.encode()).digest()
