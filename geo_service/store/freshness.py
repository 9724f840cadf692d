"""How old the truth is: per source, the last import that went well, the last that did not, and how often it should come in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from geo_service import db
from geo_service.store.listing import Row
from geo_service.store.tables import imports

State = Literal["fresh", "late", "silent", "never"]

SECONDS_PER_HOUR = 3600
LATE_FACTOR = 1.0
SILENT_FACTOR = 4.0
CLOCKS_DIFFER = timedelta(minutes=5)
"""What ended later than this from now ended while a clock was ahead."""

COUNTS = ("read", "created", "changed", "unchanged", "rejected", "vanished", "withheld")


def sources(
    conn: sa.Connection, feed_hours: Mapping[str, float], now: datetime | None = None
) -> list[dict[str, Any]]:
    """Each source that came in or was tried: `first_tried_at`, `last_success_at` and `age_seconds` (null: it never came in), `counts` of that
    import, `last_failure` (at, code; null when the newest import went well), the `failure` itself as its import keeps it, `shrunk` (what
    is not believed until confirmed), `expected_seconds` (null for a file that somebody imports) and `state`.
    """
    now = now or datetime.now(UTC)
    rows = db.fetch(conn, "geo_service.store", "freshness", soon=now + CLOCKS_DIFFER)
    return [_source(row, feed_hours.get(row["source"]), now) for row in rows]


def oldest_success(conn: sa.Connection, feed_hours: Mapping[str, float]) -> datetime | None:
    """The last good import of the feed that is most behind; None before any feed came in."""
    believed = (imports.c.status == "done", imports.c.finished_at <= datetime.now(UTC) + CLOCKS_DIFFER)
    last = sa.select(sa.func.max(imports.c.finished_at).label("at")).where(*believed)
    feeds = last.where(imports.c.source.in_(feed_hours)).group_by(imports.c.source).subquery()
    oldest: datetime | None = conn.scalar(sa.select(sa.func.min(feeds.c.at)))
    return oldest


def ages_days(conn: sa.Connection, sources: Iterable[str], today: date) -> dict[str, int]:
    """Days since each of these sources was last read well, by source; those that no import brings are left out."""
    wanted = sorted(set(sources))
    if not wanted:
        return {}
    last = sa.select(imports.c.source, sa.func.max(imports.c.finished_at).label("at")).where(
        imports.c.source.in_(wanted), imports.c.status == "done"
    )
    rows = conn.execute(last.group_by(imports.c.source))
    return {row.source: max(0, (today - row.at.date()).days) for row in rows}


def state(expected_seconds: float | None, age_seconds: float | None) -> State:
    """`fresh`, `late` or `silent`, by how often this source should come in; `never` when it has no age."""
    if age_seconds is None:
        return "never"
    if expected_seconds is None or age_seconds <= expected_seconds * LATE_FACTOR:
        return "fresh"
    return "late" if age_seconds <= expected_seconds * SILENT_FACTOR else "silent"


def _source(row: Row, hours: float | None, now: datetime) -> dict[str, Any]:
    age = row["finished_at"] and max(0, round((now - row["finished_at"]).total_seconds()))
    expected = None if hours is None else round(hours * SECONDS_PER_HOUR)
    report = row["report"] or {}
    failed = row["failed_at"] and {"at": row["failed_at"], "code": (row["failure"] or {}).get("error")}
    return {
        "source": row["source"],
        "first_tried_at": row["first_at"],
        "last_success_at": row["finished_at"],
        "age_seconds": age,
        "expected_seconds": expected,
        "state": state(expected, age),
        "counts": {name: report.get(name, 0) for name in COUNTS},
        "last_failure": failed,
        "failure": row["failure"],
        "shrunk": row["shrunk"],
    }
