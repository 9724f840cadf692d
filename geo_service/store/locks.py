"""One writer of claims at a time.

Each write that changes claims takes this lock first and keeps it until it commits. So two people acting in the same second see each
other's facts, whichever comes second, and the alert feed has one order without gaps.
"""

from __future__ import annotations

import sqlalchemy as sa

from geo_service import db
from geo_service.store.tables import fact_clock

CLAIMS_WRITER = 0x67656F  # "geo"
PUBLISHER = 0x6C646573  # "ldes"
IDLE_S = 60
"""A writer that asks nothing for so long is gone, though its connection stands: its machine lost power, or is suspended. PostgreSQL
rolls it back, and the others go on."""


def claims_writer(conn: sa.Connection) -> None:
    """Wait for our turn; the database gives the lock back at the end of the transaction, also after a crash."""
    db.execute(conn, "geo_service.store", "lock_claims", key=CLAIMS_WRITER, idle=f"{IDLE_S}s")


def tick(conn: sa.Connection) -> None:
    """Let readers know that something changed which needs no turn, such as a map. Last in its transaction: writers of claims wait for it."""
    conn.execute(sa.update(fact_clock).values(ticks=fact_clock.c.ticks + 1))


def publisher(conn: sa.Connection) -> None:
    """Wait for our turn to publish members of the event streams: two at once would take one place. Writers of facts do not wait for it."""
    db.execute(conn, "geo_service.store", "lock_publisher", key=PUBLISHER)
