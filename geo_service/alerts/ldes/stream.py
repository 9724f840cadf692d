"""Publish what changed, and read what was published. A member has a place for good: 1, 2, 3 … without gaps."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from geo_service import db
from geo_service.alerts.ldes import members
from geo_service.alerts.ldes.members import STREAMS, Stream
from geo_service.store import locks
from geo_service.store.tables import ldes_members

PACKAGE = "geo_service.alerts.ldes"
BATCH = 2000


def publish(engine: sa.Engine, timezone: str) -> dict[Stream, int]:
    """Publish each thing whose state is another one than its newest member tells; return the number of new members of each stream.

    What changed twice since the last time is one member: the state it is in now. `timezone` is that of the city.
    """
    return {stream: _publish(engine, stream, timezone) for stream in STREAMS}


def _publish(engine: sa.Engine, stream: Stream, timezone: str) -> int:
    """In batches, each a transaction of its own: a first publication of a large city keeps nobody waiting."""
    added = 0
    rows: list[dict[str, Any]] = [{}] * BATCH
    while len(rows) == BATCH:
        with db.write(engine) as conn:
            locks.publisher(conn)
            rows = db.fetch(conn, PACKAGE, f"news_{stream}", most=BATCH, timezone=timezone)
            if rows:
                news = [
                    {"id": str(row["id"]), "stamp": row["stamp"], "body": members.body(stream, row)}
                    for row in rows
                ]
                added += db.fetch(conn, PACKAGE, "append", stream=stream, news=json.dumps(news))[0]["members"]
    return added


def slice_of(conn: sa.Connection, stream: Stream, after: int, limit: int) -> list[sa.RowMapping]:
    """The members behind place `after`, at most `limit`: `place`, `at`, `body`."""
    table = ldes_members.c
    select = sa.select(table.place, table.at, table.body).where(table.stream == stream, table.place > after)
    return list(conn.execute(select.order_by(table.place).limit(limit)).mappings())


def last(conn: sa.Connection, stream: Stream) -> int:
    """The place of the newest member; 0 while there is none."""
    newest = sa.select(sa.func.coalesce(sa.func.max(ldes_members.c.place), 0))
    return int(conn.scalar(newest.where(ldes_members.c.stream == stream)) or 0)
