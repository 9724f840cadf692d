"""Whom to call: personal data, sealed, apart from the works or the building project, so that no list, tile, feed or export can pick it up by accident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo_service.domain.contacts import Contact
from geo_service.store.listing import Row
from geo_service.store.tables import project_contacts, works_contacts
from geo_service.vault import Vault


@dataclass(frozen=True, slots=True)
class AddressBook:
    """The people of one kind of thing: their table, and its key, the id of the thing."""

    table: sa.Table
    key: str

    @property
    def thing_id(self) -> sa.ColumnElement[Any]:
        """The column of the key."""
        return self.table.c[self.key]


OF_WORKS = AddressBook(works_contacts, "works_id")
OF_PROJECTS = AddressBook(project_contacts, "project_id")


def find(conn: sa.Connection, book: AddressBook, thing_id: UUID) -> Row | None:
    """Return the contacts of a thing, sealed, with `version`, `changed_by` and `updated_at`; None when nobody gave any."""
    select = sa.select(book.table).where(book.thing_id == thing_id)
    return conn.execute(select).mappings().one_or_none()


def opened(vault: Vault, row: Row | None) -> list[Contact]:
    """Return the contacts of a row of `find`. Raises PersonalKeyMissing, PersonalKeyWrong."""
    return [] if row is None else [Contact(**one) for one in vault.open_json(row["sealed"])]


def keep(
    conn: sa.Connection,
    vault: Vault,
    book: AddressBook,
    thing_id: UUID,
    contacts: Sequence[Contact],
    actor: str,
) -> None:
    """Store the contacts of a thing in the place of those that were there. Raises PersonalKeyMissing."""
    sealed = vault.seal_json([asdict(one) for one in contacts])
    row = insert(book.table).values({book.key: thing_id, "sealed": sealed, "changed_by": actor})
    news = {
        "sealed": row.excluded.sealed,
        "changed_by": row.excluded.changed_by,
        "version": book.table.c.version + 1,
        "updated_at": sa.func.now(),
    }
    conn.execute(row.on_conflict_do_update(index_elements=[book.key], set_=news))
