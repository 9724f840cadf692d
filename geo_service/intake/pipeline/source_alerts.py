"""Alerts about a source itself: it stopped, it shrank too much, a person confirmed that, or it works again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo_service import db
from geo_service.alerts import feed
from geo_service.settings import Settings
from geo_service.store import cities, freshness, locks
from geo_service.store.tables import feeds

EVENTS = {"works": "feed.works", "repairs": "feed.repairs"}
"""What a feed brings to what the city's routing calls it; any other target is a map."""


class AlertSource(Protocol):
    """A source that is imported regularly: works, repairs or a map."""

    @property
    def name(self) -> str: ...
    @property
    def target(self) -> str: ...


def report_shrinkage(conn: sa.Connection, source: AlertSource, vanished: int, open_before: int) -> None:
    """Store that so many open works or repairs are absent from a complete read, and send an alert the first
    time.
    """
    figures = {"vanished": vanished, "open": open_before}
    at = datetime.now(UTC).isoformat(timespec="seconds")
    locks.claims_writer(conn)
    earlier = conn.scalar(sa.select(feeds.c.shrunk).where(feeds.c.source == source.name))
    _keep(conn, source.name, shrunk={**figures, "at": (earlier or {}).get("at", at)})
    if earlier is None:
        _tell_shrunk(conn, source, **figures, confirmed=False)


def report_confirmation(
    conn: sa.Connection, source: AlertSource, vanished: int, open_before: int, import_id: UUID | None
) -> None:
    """Store that a person confirmed the absence, and send an alert; the import names the person."""
    locks.claims_writer(conn)
    conn.execute(sa.update(feeds).where(*_is_shrunk(source.name)).values(shrunk=sa.null()))
    figures = {"vanished": vanished, "open": open_before}
    _tell_shrunk(conn, source, **figures, confirmed=True, import_id=import_id)


def report_recovery(conn: sa.Connection, source: AlertSource) -> None:
    """End the doubt about a source that shrank, and send an alert that it works again."""
    if conn.scalar(sa.select(feeds.c.source).where(*_is_shrunk(source.name))) is None:
        return
    locks.claims_writer(conn)
    conn.execute(sa.update(feeds).where(*_is_shrunk(source.name)).values(shrunk=sa.null()))
    data = {"source": source.name, "after": "shrank"}
    feed.append(conn, [feed.AlertDraft("feed.resumed", _departments(conn, source), data)])


def report_success(conn: sa.Connection, source: str) -> None:
    """After a successful import, send an alert that the source works again if one said that it had stopped."""
    stopped = (feeds.c.source == source, feeds.c.stopped_told_at.is_not(None))
    if conn.scalar(sa.select(feeds.c.source).where(*stopped)) is None:
        return
    locks.claims_writer(conn)
    conn.execute(sa.update(feeds).where(*stopped).values(stopped_told_at=None))
    departments = cities.in_force(conn).routing["feed.stopped"]
    feed.append(conn, [feed.AlertDraft("feed.resumed", departments, {"source": source, "after": "stopped"})])


def watch(engine: sa.Engine, settings: Settings) -> list[str]:
    """Send one alert for each source that has been silent for too long; return their names."""
    with db.write(engine) as conn:
        now = datetime.now(UTC)
        silent = [row for row in freshness.sources(conn, settings.feed_hours, now) if _is_silent(row, now)]
        reported = sa.select(feeds.c.source).where(feeds.c.stopped_told_at.is_not(None))
        if not {row["source"] for row in silent} - set(conn.scalars(reported)):
            return []
        locks.claims_writer(conn)
        new = [row for row in silent if row["source"] not in set(conn.scalars(reported))]
        for row in new:
            _keep(conn, row["source"], stopped_told_at=sa.func.now())
        departments = cities.in_force(conn).routing["feed.stopped"]
        feed.append(conn, [feed.AlertDraft("feed.stopped", departments, _silence(row)) for row in new])
        return [row["source"] for row in new]


def _is_silent(row: dict[str, Any], now: datetime) -> bool:
    """Whether the source stopped, or never came in although imports were tried for as long."""
    if row["state"] != "never" or row["expected_seconds"] is None:
        return bool(row["state"] == "silent")
    patience = timedelta(seconds=row["expected_seconds"] * freshness.SILENT_FACTOR)
    return bool(now - row["first_tried_at"] > patience)


def _is_shrunk(source: str) -> tuple[sa.ColumnElement[bool], ...]:
    return feeds.c.source == source, feeds.c.shrunk.is_not(None)


def _tell_shrunk(conn: sa.Connection, source: AlertSource, **facts: Any) -> None:
    data = {"source": source.name, **facts}
    feed.append(conn, [feed.AlertDraft("feed.shrank", _departments(conn, source), data)])


def _departments(conn: sa.Connection, source: AlertSource) -> tuple[str, ...]:
    return cities.in_force(conn).routing[EVENTS.get(source.target, "feed.map")]


def _silence(row: dict[str, Any]) -> dict[str, Any]:
    names = ("source", "last_success_at", "expected_seconds", "last_failure")
    return {name: row[name] for name in names}


def _keep(conn: sa.Connection, source: str, **values: Any) -> None:
    row = insert(feeds).values(source=source, **values)
    conn.execute(row.on_conflict_do_update(index_elements=[feeds.c.source], set_=values))
