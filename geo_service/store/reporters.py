"""Who reported a repair, what of its texts is not public, and what citizens said since: personal data, sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo_service.store import duplicates
from geo_service.store.tables import photos, repairs, report_messages, reporters
from geo_service.vault import Vault


def keep(conn: sa.Connection, vault: Vault, repair_id: UUID, details: Mapping[str, Any]) -> None:
    """Store details of a reporter; fields that are there already get their new value. Raises PersonalKeyMissing."""
    if not details:
        return
    before = find(conn, vault, repair_id)
    sealed = vault.seal_json({**(before or {}), **details})
    row = insert(reporters).values(repair_id=repair_id, sealed=sealed)
    conn.execute(
        row.on_conflict_do_update(
            index_elements=[reporters.c.repair_id], set_={"sealed": row.excluded.sealed}
        )
    )


def find(conn: sa.Connection, vault: Vault, repair_id: UUID) -> Mapping[str, Any] | None:
    """Return the details of the reporter; None when nothing is known. Raises PersonalKeyMissing, PersonalKeyWrong."""
    sealed = conn.scalar(sa.select(reporters.c.sealed).where(reporters.c.repair_id == repair_id))
    details: Mapping[str, Any] | None = None if sealed is None else vault.open_json(sealed)
    return details


def details(
    conn: sa.Connection, vault: Vault, repair_id: UUID, message_id: UUID | None
) -> Mapping[str, Any] | None:
    """Return the details of a report, or of a message on it; None when nothing is known. Raises PersonalKeyMissing, PersonalKeyWrong."""
    if message_id is None:
        return find(conn, vault, repair_id)
    of_message: Mapping[str, Any] | None = (_message(conn, vault, message_id) or {}).get("details")
    return of_message


def note(
    conn: sa.Connection,
    vault: Vault,
    repair_id: UUID,
    message_id: UUID | None,
    facts: Mapping[str, Any],
) -> None:
    """Add facts to the details of a report, or of a message on it. The caller holds the writers' lock. Raises PersonalKeyMissing."""
    if message_id is None:
        return keep(conn, vault, repair_id, facts)
    message = _message(conn, vault, message_id)
    if message is not None:
        sealed = vault.seal_json({**message, "details": {**message["details"], **facts}})
        conn.execute(
            sa.update(report_messages).where(report_messages.c.id == message_id).values(sealed=sealed)
        )


def exist(conn: sa.Connection, repair_id: UUID) -> bool:
    """Return whether there are personal data of this report or its doubles: a reporter, a message or a photo."""
    about = [repair_id, *duplicates.confirmed_doubles(conn, repair_id)]
    parts = (
        sa.exists().where(table.c.repair_id.in_(about)) for table in (reporters, report_messages, photos)
    )
    return bool(conn.scalar(sa.select(sa.or_(*parts))))


def add_message(
    conn: sa.Connection,
    vault: Vault,
    message: Mapping[str, Any],
    text: str | None,
    details: Mapping[str, Any],
) -> UUID:
    """Store a message of a citizen; `message` holds the columns that are not personal. Raises PersonalKeyMissing."""
    row = {**message, "sealed": vault.seal_json({"text": text, "details": details})}
    added: UUID = conn.scalars(sa.insert(report_messages).returning(report_messages.c.id), row).one()
    return added


def messages(conn: sa.Connection, vault: Vault, repair_id: UUID) -> Sequence[Mapping[str, Any]]:
    """Return what citizens added since, to this report and to its doubles, oldest first. Raises PersonalKeyMissing, PersonalKeyWrong."""
    message = report_messages.c
    about = [repair_id, *duplicates.confirmed_doubles(conn, repair_id)]
    select = (
        sa.select(
            repairs.c.number,
            message.id,
            message.said_at,
            message.received_at,
            message.status,
            message.sealed,
        )
        .join(repairs, repairs.c.id == message.repair_id)
        .where(message.repair_id.in_(about))
        .order_by(message.said_at, message.id)
    )
    rows = conn.execute(select).mappings().all()
    return [{**row, **vault.open_json(row["sealed"])} for row in rows]


def _message(conn: sa.Connection, vault: Vault, message_id: UUID) -> Mapping[str, Any] | None:
    """What is sealed of a message: its text and its details."""
    sealed = conn.scalar(sa.select(report_messages.c.sealed).where(report_messages.c.id == message_id))
    message: Mapping[str, Any] | None = None if sealed is None else vault.open_json(sealed)
    return message
