"""The claims of past years: as they would have been on their first day, had all that came since been known."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from geo_service import db, sql
from geo_service.analysis.dataset import PACKAGE
from geo_service.detection import run
from geo_service.domain.parameters import Parameters
from geo_service.store import cities
from geo_service.store.tables.findings import CLAIM_COLUMNS


def put_claims(conn: sa.Connection, since: date, parameters: Parameters) -> None:
    """Let `conn` see, instead of the stored claims, those of everything from `since` on, until its transaction is rolled back (`db.scratch`).

    Works and repairs that are over claim as they did while they were not: an opening or occupancy, a defect and a repair; and what
    they left behind as well, a guarantee, an investment.
    """
    params = run.params_of(run.EVERYTHING, since, parameters, cities.in_force(conn))
    db.execute(conn, run.PACKAGE, "scratch")
    _claim(conn, params, "claims_works", "claims_buildings", "claims_streets")
    db.execute(conn, PACKAGE, "history_works", since=since)
    db.execute(conn, PACKAGE, "history_over")
    _claim(conn, params, "claims_works")
    db.execute(conn, PACKAGE, "history_repairs", since=since)
    _claim(conn, params, "claims_repairs")
    db.execute(conn, run.PACKAGE, "claims_silent")
    db.execute(conn, PACKAGE, "history_claims")


def _claim(conn: sa.Connection, params: dict[str, object], *names: str) -> None:
    """Add what these statements claim to `fresh_claims`."""
    with db.pipeline(conn) as pipeline:
        for name in names:
            statement = sql.statement(run.PACKAGE, name, what_if="NULL", everything="true")
            pipeline.send(statement.into("fresh_claims", CLAIM_COLUMNS), params)
