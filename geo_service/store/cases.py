"""Cases: conflicts that are one matter, ranked."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.errors import NotFound
from geo_service.domain.ranking import Weights
from geo_service.store.listing import Page, Row

PACKAGE = "geo_service.store"
Order = Literal["score", "money", "day", "street"]


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose work a list is: what this department or this person follows up, what nobody does (`decides`), and what the coordinator is asked
    to decide (`escalations`).
    """

    department: str | None
    person: str
    decides: bool
    escalations: bool


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases: those with conflicts in this status, followed up by this department or person; `party` is what a partner is confined to,
    `undecided` leaves out those in which nothing is left to decide, `escalated` all but those that the coordinator is asked to decide, `waits`
    all but those about which a utility was asked and has not answered. `owner` is as in `owners`, `last_day` the latest last day to decide;
    `opened_from` and `opened_until` bound the day on which the first of its conflicts was opened.
    """

    status: str | None = None
    department: str | None = None
    person: str | None = None
    party: str | None = None
    undecided: bool = False
    escalated: bool = False
    waits: bool = False
    opportunity: bool | None = None
    rule: str | None = None
    owner: str | None = None
    street: str | None = None
    last_day: date | None = None
    opened_from: date | None = None
    opened_until: date | None = None
    desk: Desk | None = None


def find(
    conn: sa.Connection,
    only: CaseFilter,
    today: date,
    limit: int = 100,
    after: UUID | None = None,
    sort: Order = "score",
) -> Page:
    """Return at most `limit` cases in this order (by default the most pressing first), behind the case `after`."""
    rows = _ranking(conn, only, today, limit + 1, after=after, sort=sort)
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, rows[-1]["id"] if more else None, rows[0]["total"] if rows else 0)


def totals(conn: sa.Connection, only: CaseFilter, today: date) -> Row:
    """Return what the cases of a list add up to: `cases`, `at_risk_eur`, `saving_eur`, and since when the `oldest_on` is open."""
    [row] = db.fetch(conn, PACKAGE, "cases_totals", **filter_params(only, today), case_id=None)
    return row


def get(conn: sa.Connection, case_id: UUID, today: date, party: str | None = None) -> Row:
    """Return one case, with all its live conflicts and its `version`. Raises NotFound."""
    rows = _ranking(conn, CaseFilter(party=party), today, 1, case_id=case_id)
    if not rows:
        raise NotFound("no_case", given=str(case_id))
    [version] = db.fetch(conn, PACKAGE, "case_version", case_id=case_id, party=party)
    return {**rows[0], **version}


def _ranking(
    conn: sa.Connection,
    only: CaseFilter,
    today: date,
    most: int,
    *,
    after: UUID | None = None,
    case_id: UUID | None = None,
    sort: Order = "score",
) -> list[dict[str, Any]]:
    params = filter_params(only, today)
    return db.fetch(conn, PACKAGE, "cases", **params, after=after, case_id=case_id, most=most, sort=sort)


def filter_params(only: CaseFilter, today: date) -> dict[str, Any]:
    """Return the parameters of `cases_scored.sql`, without the `case_id`."""
    values = asdict(only)
    desk = None if only.desk is None else json.dumps(values["desk"])
    return {**Weights().params(), **values, "desk": desk, "today": today}
