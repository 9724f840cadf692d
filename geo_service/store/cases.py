"""Cases: conflicts that are one matter, ranked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.errors import NotFound
from geo_service.domain.ranking import Weights
from geo_service.store.listing import Page, Row

PACKAGE = "geo_service.store"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases: those with conflicts in this status, followed up by this department or person; `party` is what a partner is confined to,
    `undecided` leaves out those in which nothing is left to decide, `escalated` all but those that the coordinator is asked to decide.
    """

    status: str | None = None
    department: str | None = None
    person: str | None = None
    party: str | None = None
    undecided: bool = False
    escalated: bool = False


def find(
    conn: sa.Connection, only: CaseFilter, today: date, limit: int = 100, after: UUID | None = None
) -> Page:
    """Return at most `limit` cases, the most pressing first, behind the case `after`."""
    rows = _ranked(conn, only, today, limit + 1, after=after)
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, rows[-1]["id"] if more else None, rows[0]["total"] if rows else 0)


def get(conn: sa.Connection, case_id: UUID, today: date, party: str | None = None) -> Row:
    """Return one case, with all its live conflicts and its `version`. Raises NotFound."""
    rows = _ranked(conn, CaseFilter(party=party), today, 1, case_id=case_id)
    if not rows:
        raise NotFound("no_case", given=str(case_id))
    [version] = db.fetch(conn, PACKAGE, "case_version", case_id=case_id, party=party)
    return {**rows[0], **version}


def _ranked(
    conn: sa.Connection,
    only: CaseFilter,
    today: date,
    most: int,
    *,
    after: UUID | None = None,
    case_id: UUID | None = None,
) -> list[dict[str, Any]]:
    weights = Weights().params()
    return db.fetch(
        conn,
        PACKAGE,
        "cases",
        **weights,
        **asdict(only),
        today=today,
        after=after,
        case_id=case_id,
        most=most,
    )
