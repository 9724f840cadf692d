"""Who wants an e-mail when something changes in a street. The address is sealed; a row is there only as long as it is wanted."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.i18n import Language
from geo_service.store.listing import Row
from geo_service.store.tables import street_letters as table
from geo_service.vault import Vault

MOST_WAITING = 1000
"""Requests that nobody has confirmed yet: more are those of a program."""
MOST_OF_ADDRESS = 3
"""Of those, of one address: nobody's mailbox is filled by another."""
WAIT = timedelta(days=2)
"""So long may a request wait for its confirmation."""
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class StreetReader:
    """A reader of letters about a street. `token` is what its links hold, `heard` what it knows of the street."""

    id: UUID
    address: str
    token: str
    street: str
    language: Language
    is_confirmed: bool
    heard: Mapping[str, Any]


def ask(conn: sa.Connection, vault: Vault, street: str, address: str, language: Language) -> UUID | None:
    """Keep a request until it is confirmed; its id, or None when this address asked for this street before, or for many, or too many wait.

    Raises PersonalKeyMissing.
    """
    waiting = table.c.confirmed_at.is_(None)
    rows = conn.execute(sa.select(table).where(sa.or_(waiting, table.c.street == street))).mappings().all()
    own = [row for row in rows if vault.open_json(row["sealed"])["address"].casefold() == address.casefold()]
    if any(row["street"] == street for row in own) or len(own) >= MOST_OF_ADDRESS:
        return None
    if sum(row["confirmed_at"] is None for row in rows) >= MOST_WAITING:
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {
        "street": street,
        "language": language,
        "sealed": vault.seal_json({"address": address, "token": token}),
        "token_hash": _hash(token),
    }
    letter_id: UUID = conn.scalars(sa.insert(table).values(values).returning(table.c.id)).one()
    return letter_id


def by_token(conn: sa.Connection, token: str) -> Row | None:
    """Return the row to which a link leads."""
    return conn.execute(sa.select(table).where(table.c.token_hash == _hash(token))).mappings().one_or_none()


def get(conn: sa.Connection, vault: Vault, letter_id: UUID) -> StreetReader | None:
    """Return a reader; None when it wants no letters any more. Raises PersonalKeyMissing, PersonalKeyWrong."""
    row = conn.execute(sa.select(table).where(table.c.id == letter_id)).mappings().one_or_none()
    if row is None:
        return None
    person = vault.open_json(row["sealed"])
    return StreetReader(
        row["id"],
        person["address"],
        person["token"],
        row["street"],
        row["language"],
        row["confirmed_at"] is not None,
        row["heard"],
    )


def confirm(conn: sa.Connection, letter_id: UUID, heard: Mapping[str, Any]) -> None:
    """Keep that the reader wants letters; `heard` is what the street's page says now."""
    waits = sa.and_(table.c.id == letter_id, table.c.confirmed_at.is_(None))
    conn.execute(sa.update(table).where(waits).values(confirmed_at=sa.func.now(), heard=heard))


def keep_heard(conn: sa.Connection, letter_id: UUID, heard: Mapping[str, Any]) -> None:
    """Keep what a reader knows of its street now."""
    conn.execute(sa.update(table).where(table.c.id == letter_id).values(heard=heard))


def end(conn: sa.Connection, letter_id: UUID) -> None:
    """Erase a reader."""
    conn.execute(sa.delete(table).where(table.c.id == letter_id))


def take_due(conn: sa.Connection, day: date) -> list[UUID]:
    """Return the readers for whom nobody looked for news on this day yet; now somebody does."""
    due = sa.and_(table.c.confirmed_at.is_not(None), sa.func.coalesce(table.c.looked_on, date.min) < day)
    return [*conn.scalars(sa.update(table).where(due).values(looked_on=day).returning(table.c.id))]


def forget_unconfirmed(conn: sa.Connection) -> int:
    """Erase requests that nobody confirmed in time; return how many."""
    late = sa.and_(table.c.confirmed_at.is_(None), table.c.created_at < sa.func.now() - WAIT)
    return conn.execute(sa.delete(table).where(late)).rowcount


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
