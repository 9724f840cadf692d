"""What it costs to begin a day, beside computing everything anew for that day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa

from geo_service import db
from geo_service.bench.measure import Clock, Comparison, MeasurementFailed
from geo_service.bench.region import TODAY
from geo_service.coordination import changes, day_change
from geo_service.detection import recompute_scope
from geo_service.store import recomputations, rules
from geo_service.store.recomputations import Recomputation
from geo_service.store.tables import repairs

TOMORROW = TODAY + timedelta(days=1)


def night(url: str, times: int = 5) -> Comparison:
    """The night to tomorrow as the worker plays it, against a full run; both are undone. MeasurementFailed when they differ."""
    with _evening(url) as conn:
        compared = _clock(conn).compare(
            lambda _: _undone(conn, lambda c: day_change.begin(c, TOMORROW)),
            lambda _: _undone(conn, lambda c: day_change.recompute(c, TOMORROW)),
            times,
        )
        _undone(conn, _differing)
    return compared


def growth(small: str, large: str, times: int = 5) -> Comparison:
    """The night to tomorrow where much is stored (`ours`) against where little is (`peer`)."""
    with _evening(small) as few, _evening(large) as many:
        return _clock(few, many).compare(
            lambda _: _undone(many, lambda c: day_change.begin(c, TOMORROW)),
            lambda _: _undone(few, lambda c: day_change.begin(c, TOMORROW)),
            times,
        )


@contextmanager
def _evening(url: str) -> Iterator[sa.Connection]:
    """A connection to a region whose repairs have their advice, without which it comes."""
    engine = db.create_engine_for(url)
    with db.write(engine) as conn:
        changes.review_holds(conn, list(conn.scalars(sa.select(repairs.c.id))), TODAY)
    with engine.connect() as conn:
        yield conn
    engine.dispose()


def _clock(*conns: sa.Connection) -> Clock:
    clock = Clock(*(conn.connection.driver_connection.info.backend_pid for conn in conns))  # type: ignore[union-attr]
    for conn in conns:
        conn.rollback()
    return clock


def _undone(conn: sa.Connection, run: Callable[[sa.Connection], object]) -> None:
    with conn.begin() as transaction:
        made_with = recompute_scope.fingerprint(conn, rules.load_parameters(conn))
        recomputations.add(conn, Recomputation("full", TODAY, made_with, 0, 0, 0, 0))
        run(conn)
        transaction.rollback()


def _differing(conn: sa.Connection) -> None:
    checked = day_change.check(conn, TOMORROW)
    if checked.run.differences:
        raise MeasurementFailed(f"{checked.run.differences} rows are not as a full run has them")
