"""Which feed this is: a cursor is a place in one feed, and a backup that is put back gives the places after it anew."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from geo_service.store.tables import feed_epoch

COLUMN = sa.select(feed_epoch.c.id).scalar_subquery().label("epoch")
"""Beside an alert: which feed its place is of."""


def current(conn: sa.Connection) -> UUID:
    """Return the epoch of the feed."""
    epoch: UUID = conn.execute(sa.select(feed_epoch.c.id)).scalar_one()
    return epoch


def renew(conn: sa.Connection) -> UUID:
    """Begin another epoch, when a backup was put back; return it."""
    begun = sa.update(feed_epoch).values(id=sa.func.gen_random_uuid())
    epoch: UUID = conn.execute(begun.returning(feed_epoch.c.id)).scalar_one()
    return epoch
