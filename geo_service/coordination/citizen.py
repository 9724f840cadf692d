"""What the reporter of a defect is told: kept whenever it changes, so that the site on which it was reported can ask for it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.coordination.advising import RepairAdvice
from geo_service.domain.advice import Advice
from geo_service.domain.reports import SOURCE

PACKAGE = "geo_service.coordination"


def words_of(advice: Advice) -> tuple[str, dict[str, Any]]:
    """The sentence for the citizen (`citizen.<code>`) and what fills it: who comes, and from when the defect is repaired."""
    recovered = advice.verdict == "make_safe" and advice.until is None
    leading = advice.leading
    params = {
        "owner": leading.works.owner if leading else None,
        "until": advice.until or (leading and leading.works.ends_on),
    }
    return ("recover" if recovered else advice.verdict), params


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
    said = []
    for one in advised:
        if one.repair_id in reported:
            code, params = words_of(one.advice)
            said.append({"repair_id": str(one.repair_id), "code": code, "params": params})
    sentences = json.dumps(said, default=date.isoformat)
    db.execute(conn, PACKAGE, "citizen_tell", repair_ids=list(reported), source=SOURCE, said=sentences)
