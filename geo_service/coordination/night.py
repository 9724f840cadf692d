"""The change of day in full: recompute for the new day, then end agreements, requests and terms that were due."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from geo_service.coordination import day_change, escalation, requests, steps


def begin_day(conn: sa.Connection, day: date, *, fixed: bool = False) -> None:
    """Bring claims, conflicts and advice to `day`, then end agreements, requests and terms whose time is over.

    The caller holds the writers' lock and commits. `fixed` as for `day_change.begin`.
    """
    day_change.begin(conn, day, fixed=fixed)
    steps.end_agreements(conn, day)
    requests.end_terms(conn, day)
    escalation.end_terms(conn, day)
