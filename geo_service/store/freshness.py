"""How old the truth is: per source, the last import that went well."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from geo_service.store.tables import imports

EXPECTED_SECONDS = {"gipod": 6 * 3600}
"""How often a feed should come in; a file that somebody imports has no rhythm."""
LATE_FACTOR = 1.0
SILENT_FACTOR = 4.0


def sources(conn: sa.Connection) -> list[sa.RowMapping]:
    """Each source with its last good import and what that reported."""
    good = sa.select(imports).where(imports.c.status == "done").ext(distinct_on(imports.c.source))
    newest = good.order_by(imports.c.source, imports.c.finished_at.desc()).subquery()
    columns = (newest.c.source, newest.c.finished_at, newest.c.report)
    return list(conn.execute(sa.select(*columns).order_by(newest.c.source)).mappings())


def oldest_success(conn: sa.Connection) -> datetime | None:
    """The last good import of the feed that is most behind; None before any feed came in."""
    last = sa.select(sa.func.max(imports.c.finished_at).label("at")).where(imports.c.status == "done")
    feeds = last.where(imports.c.source.in_(EXPECTED_SECONDS)).group_by(imports.c.source).subquery()
    found: datetime | None = conn.scalar(sa.select(sa.func.min(feeds.c.at)))
    return found


def state(source: str, age_seconds: float) -> str:
    """`fresh`, `late` or `silent`, by how often this source should come in."""
    expected = EXPECTED_SECONDS.get(source)
    if expected is None or age_seconds <= expected * LATE_FACTOR:
        return "fresh"
    return "late" if age_seconds <= expected * SILENT_FACTOR else "silent"
