"""Queue an import of each polled source, so many minutes after its last one (`GEO_POLL_MINUTES`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from geo_service import db
from geo_service.intake import jobs
from geo_service.settings import Settings
from geo_service.store import freshness
from geo_service.store.imports import ImportRequest
from geo_service.store.tables import imports

POLL = "poll_feeds"
REQUESTER = "poll"


def due(conn: sa.Connection, minutes: Mapping[str, float], now: datetime) -> list[str]:
    """The sources to import now: none of their imports is queued, and the last one began long enough ago,
    whatever its outcome.

    An import that began in the future, under a wrong clock, delays no source.
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
    """Queue an import of each source that is due. A failed one is tried again at its next time."""
    with db.write(engine) as conn:
        sources = due(conn, settings.poll_minutes, datetime.now(UTC))
        for source in sources:
            jobs.queue_import(conn, ImportRequest(source, None, asked_by=REQUESTER), source)
    return sources
