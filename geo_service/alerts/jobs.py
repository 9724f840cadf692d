"""The jobs behind alerts, kept in PostgreSQL by procrastinate and queued inside the caller's transaction."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from procrastinate import App, SyncPsycopgConnector
from procrastinate.types import JSONDict

DELIVER = "deliver"


def queue_deliveries(conn: sa.Connection, deliveries: Sequence[tuple[UUID, int]]) -> None:
    """One job for each (subscription, place in the feed), visible to workers when the caller commits."""
    if deliveries:
        jobs: list[JSONDict] = [
            {"subscription_id": str(subscription), "seq": seq} for subscription, seq in deliveries
        ]
        task = _queue().configure_task(DELIVER, connection=conn.connection.driver_connection)
        task.batch_defer(*jobs)


@functools.cache
def _queue() -> App:
    """Only to queue with: it opens no connection of its own."""
    return App(connector=SyncPsycopgConnector())
