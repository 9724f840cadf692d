"""What the reporter of a defect is told: kept whenever it changes, so that the site on which it was reported can ask for it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.coordination.advising import RepairAdvice
from geo_service.domain.reports import SOURCE
from geo_service.presentation.citizen import message_of

PACKAGE = "geo_service.coordination"


def record_updates(
    conn: sa.Connection, repair_ids: Collection[UUID], advised: Iterable[RepairAdvice]
) -> None:
    """Add an update for each report among these repairs, and each double of one, of which something else is to be told than last time.

    `advised` holds the advice on those that are not over.
    """
    if not repair_ids:
        return
    rows = db.fetch(conn, PACKAGE, "citizen_reported", repair_ids=list(repair_ids), source=SOURCE)
    reported = {row["id"] for row in rows}
    if not reported:
        return
    updates = []
    for one in advised:
        if one.repair_id in reported:
            code, params = message_of(one.advice)
            updates.append({"repair_id": str(one.repair_id), "code": code, "params": params})
    sentences = json.dumps(updates, default=date.isoformat)
    db.execute(conn, PACKAGE, "citizen_tell", repair_ids=list(reported), source=SOURCE, updates=sentences)
