"""A request is withdrawn when its works are cancelled, gone or done, and asked again when they are back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import feed
from geo_service.coordination import request_terms
from geo_service.detection.run import Subject
from geo_service.store import requests, rules
from geo_service.store.listing import Row

PACKAGE = "geo_service.coordination"
DEPARTMENTS = ("nutsen",)
UNANSWERED = {
    "state": "asked", "withdrawal": None, "answered_by": None, "answered_at": None, "answer_note": None, "late": False,
}  # fmt: skip


def review(conn: sa.Connection, subject: Subject, today: date) -> list[feed.AlertDraft]:
    """Withdraw and ask again the requests whose works changed, and return an alert for each. The caller holds the writers' lock."""
    if not (subject.everything or subject.works_ids):
        return []
    named = {name: value for name, value in subject.params().items() if name in ("everything", "works_ids")}
    rows = db.fetch(conn, PACKAGE, "withdrawals", prepare=subject.few, **named)
    gone = [requests.get(conn, row["id"]) for row in rows if row["gone"]]
    back = _ask_again(conn, [requests.get(conn, row["id"]) for row in rows if not row["gone"]], today)
    return [*request_alerts(conn, gone, "request.withdrawn"), *request_alerts(conn, back, "request.asked")]


def _ask_again(conn: sa.Connection, rows: Sequence[Row], today: date) -> list[Row]:
    """Ask again what may be asked today of these requests, for the repairs that are still to do; return them as they are then.

    The others stay withdrawn: their works or repairs are over, or one of these repairs was asked anew.
    """
    again = []
    for row in rows:
        works = requests.requestable_works(conn, row["works_id"], row["repair_ids"])
        repair_ids = works["repair_ids"]
        if not repair_ids or works["ends_on"] <= today:
            continue
        if requests.open_twin(conn, works) or requests.has_successor(conn, row, repair_ids):
            continue
        terms = request_terms.of_works(conn, works, today, rules.load_parameters(conn))
        requests.save(conn, row["id"], {**terms, **UNANSWERED})
        again.append(requests.get(conn, row["id"]))
    return again


def request_alerts(conn: sa.Connection, rows: Sequence[Row], kind: feed.AlertType) -> list[feed.AlertDraft]:
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
        alerts.append(feed.AlertDraft(kind, DEPARTMENTS, data, requests.first_conflict_id(conn, row)))
    return alerts
