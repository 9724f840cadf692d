"""Conflicts that nobody decides: the desk is reminded, then the coordinator is asked. Once for each time that they are open."""

from __future__ import annotations

import json
from datetime import date
from typing import Literal

import sqlalchemy as sa

from geo_service import db, working_days
from geo_service.alerts import feed
from geo_service.coordination import changes
from geo_service.domain import escalation
from geo_service.domain.parameters import Parameters
from geo_service.store import rules, steps

PACKAGE = "geo_service.coordination"
Mark = Literal["reminded", "escalated"]
ALERTS: dict[Mark, feed.AlertType] = {
    "reminded": "conflict.reminded",
    "escalated": "conflict.escalated",
}


def end_terms(conn: sa.Connection, today: date) -> dict[Mark, int]:
    """Tell of the conflicts whose term is over, or nearly; return how many of each. The caller holds the writers' lock."""
    parameters = rules.load_parameters(conn)
    early = int(parameters.remind_before_days)
    return {
        "escalated": _mark(conn, "escalated", today, 0, parameters),
        "reminded": _mark(conn, "reminded", today, early, parameters),
    }


def _mark(conn: sa.Connection, mark: Mark, today: date, early: int, parameters: Parameters) -> int:
    due_before = working_days.shift(today, early) if early else today
    terms = [
        {
            "rule": rule,
            "severity": severity,
            "open_before": working_days.shift(today, min(0, early - days)).isoformat(),
        }
        for rule, severity, days in escalation.table(parameters)
    ]
    rows = db.fetch(
        conn,
        PACKAGE,
        "escalation",
        terms=json.dumps(terms),
        due_before=due_before,
        today=today,
        mark=mark,
    )
    ids = sorted(row["id"] for row in rows)
    for conflict_id in ids:
        steps.record(conn, conflict_id, mark, "detection", {})
    feed.append(conn, changes.step_alerts(conn, [(one, ALERTS[mark], {}) for one in ids]))
    return len(ids)
