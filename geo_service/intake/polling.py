"""Queue an import of each polled source, so many minutes after its last one (`GEO_POLL_MINUTES`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from geo_service import db
from geo_service.intake import jobs
from geo_service.settings import Settings
from geo_service.store import freshness
from geo_service.store.imports import Asked
from geo_service.store.tables import imports

POLL = "poll_feeds"
ASKED_BY = "poll"


def due(conn: sa.Connection, minutes: Mapping[str, float], now: datetime) -> list[str]:
    """The feeds whose turn it is: none of their imports waits, and the last one, whichever way it ended, began long enough ago.

    One that began in the future, while a clock was ahead, keeps no feed from its turn.
    """
    past = imports.c.started_at <= now + freshness.CLOCKS_DIFFER
    newest, waits = (
        sa.func.max(imports.c.started_at).filter(past),
        sa.func.bool_or(imports.c.status == "queued"),
    )
    begun = sa.select(imports.c.source, newest, waits).group_by(imports.c.source)
    last = {source: (at, waiting) for source, at, waiting in conn.execute(begun)}
    return [
        source
        for source, every in minutes.items()
        if source not in last or (not last[source][1] and _long_ago(last[source][0], now, every))
    ]


def _long_ago(began: datetime | None, now: datetime, minutes: float) -> bool:
    return began is None or now - began >= timedelta(minutes=minutes)


def queue_due(engine: sa.Engine, settings: Settings) -> list[str]:
    """Queue an import of each feed whose turn it is. One that does not answer is noted and asked again at its next turn."""
    with db.write(engine) as conn:
        sources = due(conn, settings.poll_minutes, datetime.now(UTC))
        for source in sources:
            jobs.queue_import(conn, Asked(source, None, asked_by=ASKED_BY), source)
    return sources
