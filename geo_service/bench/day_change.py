"""What it costs to begin a day, beside computing everything anew for that day."""

from __future__ import annotations

from collections.abc import Callable
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
    engine = db.create_engine_for(url)
    with db.write(engine) as conn:  # the region comes without advice
        changes.review_holds(conn, list(conn.scalars(sa.select(repairs.c.id))), TODAY)
    with engine.connect() as conn:
        clock = Clock(conn.connection.driver_connection.info.backend_pid)  # type: ignore[union-attr]
        conn.rollback()

        def undone(run: Callable[[sa.Connection], object]) -> None:
            with conn.begin() as transaction:
                made_with = recompute_scope.fingerprint(conn, rules.load_parameters(conn))
                recomputations.add(conn, Recomputation("full", TODAY, made_with, 0, 0, 0, 0))
                run(conn)
                transaction.rollback()

        compared = clock.compare(
            lambda _: undone(lambda c: day_change.begin(c, TOMORROW)),
            lambda _: undone(lambda c: day_change.recompute(c, TOMORROW)),
            times,
        )
        undone(_differing)
    engine.dispose()
    return compared


def _differing(conn: sa.Connection) -> None:
    checked = day_change.check(conn, TOMORROW)
    if checked.run.differences:
        raise MeasurementFailed(f"{checked.run.differences} rows are not as a full run has them")
