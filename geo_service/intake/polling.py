"""Feeds that are asked by themselves, each so many minutes after the last time (`GEO_POLL_MINUTES`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
import structlog

from geo_service import db
from geo_service.domain.errors import GeoServiceError
from geo_service.intake.load import run_import
from geo_service.intake.underway import Interrupted
from geo_service.settings import Settings
from geo_service.store.tables import imports

POLL = "poll_feeds"

log = structlog.get_logger(__name__)


def due(conn: sa.Connection, minutes: Mapping[str, float], now: datetime) -> list[str]:
    """The feeds whose turn it is: the last import, whichever way it ended, began long enough ago."""
    newest = sa.func.max(imports.c.started_at).label("at")
    begun = sa.select(imports.c.source, newest).group_by(imports.c.source)
    last: dict[str, datetime | None] = {row.source: row.at for row in conn.execute(begun)}
    return [
        source
        for source, every in minutes.items()
        if (at := last.get(source)) is None or now - at >= timedelta(minutes=every)
    ]


def poll(
    engine: sa.Engine, settings: Settings, today: date, stopping: Callable[[], bool] | None = None
) -> None:
    """Import the feeds whose turn it is, one after the other. A feed that does not answer is noted and asked again at its next turn."""
    with db.read(engine) as conn:
        sources = due(conn, settings.poll_minutes, datetime.now(UTC))
    for source in sources:
        try:
            run_import(engine, settings, source, today=today, stopping=stopping)
        except Interrupted:
            return
        except GeoServiceError as error:
            log.warning("a feed was not taken in", source=source, code=error.code, error=str(error))
