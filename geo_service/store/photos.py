"""Photos of reports: personal data, as the reporter is. They lie in the database, so that a backup holds them and one transaction keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from uuid_utils.compat import uuid7

from geo_service.domain.errors import NotFound
from geo_service.store import duplicates, visibility
from geo_service.store.listing import Row
from geo_service.store.tables import photos, repairs
from geo_service.vault import Vault

MOST_OF_A_REPAIR = 30
"""Of one repair, however they come: 30 of them are 12 MB."""


class Picture(Protocol):
    """A JPEG with its size in pixels."""

    @property
    def content(self) -> bytes: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


def add(
    conn: sa.Connection,
    vault: Vault,
    repair_id: UUID,
    pictures: Sequence[Picture],
    message_id: UUID | None = None,
) -> list[UUID]:
    """Keep the photos of a report, or of a message on it; return their ids. Raises PersonalKeyMissing."""
    rows = [
        {
            "id": uuid7(),  # in the order in which they come, also within a millisecond
            "repair_id": repair_id,
            "message_id": message_id,
            "sealed": vault.seal(one.content),
            "width": one.width,
            "height": one.height,
        }
        for one in pictures
    ]
    return [conn.scalars(sa.insert(photos).returning(photos.c.id), row).one() for row in rows]


def room(conn: sa.Connection, repair_id: UUID) -> int:
    """Return how many more photos of this repair are kept. The caller holds the writers' lock."""
    select = sa.select(sa.func.count()).where(photos.c.repair_id == repair_id)
    return max(0, MOST_OF_A_REPAIR - (conn.scalar(select) or 0))


def find(conn: sa.Connection, repair_id: UUID) -> Sequence[Row]:
    """What photos there are of a repair and of its doubles, oldest first, without their content."""
    about = [repair_id, *duplicates.confirmed_doubles(conn, repair_id)]
    plain = [column for column in photos.c if column.name not in ("content", "sealed")]
    select = sa.select(*plain, repairs.c.number).join(repairs, repairs.c.id == photos.c.repair_id)
    return conn.execute(select.where(photos.c.repair_id.in_(about)).order_by(photos.c.id)).mappings().all()


def content(conn: sa.Connection, vault: Vault, repair_id: UUID, photo_id: UUID) -> bytes:
    """One photo of a repair. Raises NotFound, PersonalKeyMissing, PersonalKeyWrong."""
    wanted = sa.and_(photos.c.id == photo_id, photos.c.repair_id == repair_id, visibility.of_repairs(None))
    select = sa.select(photos.c.sealed).join(repairs, repairs.c.id == photos.c.repair_id).where(wanted)
    content: bytes | None = conn.scalar(select)
    if content is None:
        raise NotFound("no_photo", given=str(photo_id))
    return vault.open(content)
