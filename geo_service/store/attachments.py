"""Files beside remarks on conflicts: sealed, as whoever is on a photo or named in a letter is a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.domain.attachments import AttachmentKind
from geo_service.domain.errors import NotFound
from geo_service.store.listing import Row
from geo_service.store.tables import attachments
from geo_service.vault import Vault


def add(
    conn: sa.Connection, vault: Vault, conflict_id: UUID, kind: AttachmentKind, content: bytes, sender: str
) -> Row:
    """Keep a file of a conflict that exists; return its `id`, `number`, `kind` and `bytes`. Raises PersonalKeyMissing."""
    row: dict[str, Any] = {
        "conflict_id": conflict_id,
        "kind": kind,
        "bytes": len(content),
        "sealed": vault.seal(content),
        "sent_by": sender,
    }
    columns = (attachments.c[name] for name in ("id", "number", "kind", "bytes"))
    return conn.execute(sa.insert(attachments).values(row).returning(*columns)).mappings().one()


def count(conn: sa.Connection, conflict_id: UUID) -> int:
    """Return how many files there are of a conflict. The caller holds the writers' lock."""
    select = sa.select(sa.func.count()).where(attachments.c.conflict_id == conflict_id)
    return conn.scalar(select) or 0


def get(conn: sa.Connection, attachment_id: UUID) -> Row:
    """Return one file, sealed. Raises NotFound, also when its time is over."""
    select = sa.select(attachments).where(attachments.c.id == attachment_id)
    row = conn.execute(select).mappings().one_or_none()
    if row is None:
        raise NotFound("no_attachment", given=str(attachment_id))
    return row
