"""A request is withdrawn when its works are cancelled, gone or done, and asked again when they are back."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import feed
from geo_service.detection.run import Subject
from geo_service.store import requests
from geo_service.store.listing import Row

PACKAGE = "geo_service.coordination"
DEPARTMENTS = ("nutsen",)


def review(conn: sa.Connection, subject: Subject) -> list[feed.Alert]:
    """Withdraw and ask again the requests whose works changed, and return an alert for each. The caller holds the writers' lock."""
    if not (subject.everything or subject.works_ids):
        return []
    named = {name: value for name, value in subject.params().items() if name in ("everything", "works_ids")}
    changed = db.fetch(conn, PACKAGE, "withdrawals", prepare=subject.few, **named)
    rows = [requests.get(conn, one["id"]) for one in changed]
    gone = [row for row in rows if row["state"] == "withdrawn"]
    back = [row for row in rows if row["state"] != "withdrawn"]
    return [*request_alerts(conn, gone, "request.withdrawn"), *request_alerts(conn, back, "request.asked")]


def request_alerts(conn: sa.Connection, rows: Sequence[Row], kind: feed.AlertType) -> list[feed.Alert]:
    """Return an alert for each request; a partner reads those about its own works, by the first of their conflicts."""
    names = (
        "state",
        "owner",
        "source_id",
        "works_id",
        "starts_on",
        "ends_on",
        "due_on",
        "late",
        "withdrawal",
    )
    alerts = []
    for row in rows:
        data = {"number": f"R-{row['number']}", **{name: row[name] for name in names}}
        alerts.append(feed.Alert(kind, DEPARTMENTS, data, requests.first_conflict_id(conn, row)))
    return alerts
