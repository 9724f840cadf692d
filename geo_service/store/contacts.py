"""Whom to call about works: personal data, sealed, apart from the works, so that no list, tile, feed or export can pick it up by accident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo_service.domain.contacts import Contact
from geo_service.store.listing import Row
from geo_service.store.tables import works_contacts
from geo_service.vault import Vault


def find(conn: sa.Connection, works_id: UUID) -> Row | None:
    """Return the contacts of works, sealed, with `version`, `changed_by` and `updated_at`; None when nobody gave any."""
    select = sa.select(works_contacts).where(works_contacts.c.works_id == works_id)
    return conn.execute(select).mappings().one_or_none()


def opened(vault: Vault, row: Row | None) -> list[Contact]:
    """Return the contacts of a row of `find`. Raises PersonalKeyMissing, PersonalKeyWrong."""
    return [] if row is None else [Contact(**one) for one in vault.open_json(row["sealed"])]


def keep(conn: sa.Connection, vault: Vault, works_id: UUID, contacts: Sequence[Contact], actor: str) -> None:
    """Store the contacts of works in the place of those that were there. Raises PersonalKeyMissing."""
    sealed = vault.seal_json([asdict(one) for one in contacts])
    row = insert(works_contacts).values(works_id=works_id, sealed=sealed, changed_by=actor)
    news = {
        "sealed": row.excluded.sealed,
        "changed_by": row.excluded.changed_by,
        "version": works_contacts.c.version + 1,
        "updated_at": sa.func.now(),
    }
    conn.execute(row.on_conflict_do_update(index_elements=["works_id"], set_=news))
