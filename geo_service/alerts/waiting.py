"""What waits to be delivered, over any channel."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from geo_service.store.tables import deliveries, mails


def give_up(conn: sa.Connection, subscription_id: UUID, why: str) -> None:
    """Store that all that waits for a subscription is dropped, of a webhook or of e-mail."""
    for table, done in ((deliveries, deliveries.c.delivered_at), (mails, mails.c.sent_at)):
        pending = sa.and_(
            table.c.subscription_id == subscription_id, done.is_(None), table.c.failed_at.is_(None)
        )
        conn.execute(sa.update(table).where(pending).values(failed_at=sa.func.now(), last_error=why))
