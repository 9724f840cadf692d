"""Deliveries that wait, over any channel."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from geo_service.store.tables import deliveries, mails


def drop(conn: sa.Connection, subscription_id: UUID, reason: str) -> None:
    """Store that the pending deliveries and e-mails of a subscription are dropped, with the reason."""
    for table, done in ((deliveries, deliveries.c.delivered_at), (mails, mails.c.sent_at)):
        pending = sa.and_(
            table.c.subscription_id == subscription_id, done.is_(None), table.c.failed_at.is_(None)
        )
        conn.execute(sa.update(table).where(pending).values(failed_at=sa.func.now(), last_error=reason))
