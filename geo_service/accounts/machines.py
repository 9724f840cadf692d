"""API keys are made for machines, rotated and revoked. Each act is in the audit trail, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from geo_service.domain import scopes as scope_words
from geo_service.domain.errors import InvalidInput, NotFound
from geo_service.domain.roles import ROLES
from geo_service.settings import Settings
from geo_service.store import audit, keys
from geo_service.store.listing import Row

KeyState = Literal["in_use", "expires_soon", "expired", "revoked"]
MOST_DAYS = 3650
MOST_OVERLAP_DAYS = 90


def create(
    conn: sa.Connection,
    actor: audit.Actor,
    settings: Settings,
    *,
    name: str,
    role: str,
    owner_group: str | None = None,
    scopes: Iterable[str] = (scope_words.EVERYTHING,),
    days: int | None = None,
) -> str:
    """A new key, shown once; it expires after `days`, or those of the settings. Raises InvalidInput."""
    if role not in ROLES:
        raise InvalidInput.one("role", "unknown.role", known=ROLES)
    if not name.strip():
        raise InvalidInput.one("name", "no_name")
    if (role == "partner") != (owner_group is not None):
        raise InvalidInput.one("owner_group", "owner_group_of_partner")
    checked = scope_words.check(scopes)
    try:
        with conn.begin_nested():
            return keys.create(
                conn,
                name.strip(),
                role,
                owner_group=owner_group,
                scopes=checked,
                expires_at=_end(days or settings.key_days),
                actor=actor,
            )
    except IntegrityError:
        raise InvalidInput.one("owner_group", "owner_group_unknown", given=owner_group) from None


def rotate(
    conn: sa.Connection, actor: audit.Actor, settings: Settings, key_id: UUID, overlap_days: int | None = None
) -> str:
    """A key that replaces this one, shown once. The old one lives on for the overlap, so that nothing stops while the new one is put in
    place. Raises NotFound when the old one is revoked or expired.
    """
    row = keys.in_use(conn, key_id)
    if row is None:
        raise NotFound("not_found", given=str(key_id))
    overlap = settings.key_overlap_days if overlap_days is None else overlap_days
    key = keys.create(
        conn,
        row["name"],
        row["role"],
        owner_group=row["owner_group_id"],
        scopes=row["scopes"],
        expires_at=_end(settings.key_days),
        machine_id=row["machine_id"] or row["id"],
        actor=actor,
    )
    keys.end_at(conn, key_id, _end(overlap), actor=actor, by=str(keys.of_secret(conn, key)["id"]))
    return key


def revoke(conn: sa.Connection, actor: audit.Actor, key_id: UUID) -> None:
    """End a key now. Raises NotFound when there is no such key that was not revoked before."""
    if not keys.revoke(conn, key_id, actor=actor):
        raise NotFound("not_found", given=str(key_id))


def state(row: Row, settings: Settings, now: datetime) -> KeyState:
    """What has become of a key, and whether it is time to rotate it."""
    if row["revoked_at"] is not None:
        return "revoked"
    if row["expires_at"] is None:
        return "in_use"
    if row["expires_at"] <= now:
        return "expired"
    return "expires_soon" if row["expires_at"] < warn_before(settings, now) else "in_use"


def warn_before(settings: Settings, now: datetime) -> datetime:
    """Keys that expire before this instant are to be rotated."""
    return now + timedelta(days=settings.key_warn_days)


def _end(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)
