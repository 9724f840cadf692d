"""The numbers behind the helicopter view, each by the same statement as the list behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from geo_service import db
from geo_service.store import claim_files, rules
from geo_service.store.cases import CaseFilter, filter_params, totals
from geo_service.store.listing import Row
from geo_service.store.owners import group_ids

PACKAGE = "geo_service.store"
WEEK = timedelta(days=7)
AT_STAKE = CaseFilter(undecided=True, opportunity=False)
CHANCES = CaseFilter(undecided=True, opportunity=True)


@dataclass(frozen=True, slots=True)
class Weeks:
    """Whole weeks from `from_on`."""

    from_on: date
    count: int

    @property
    def until_on(self) -> date:
        """The first day after them."""
        return self.from_on + self.count * WEEK


def overview(conn: sa.Connection, today: date) -> dict[str, Any]:
    """Return what is at stake, what was avoided this year, what waits for an answer or for works, what can be combined and recovered."""
    year = next((one for one in avoided(conn) if one["year"] == today.year), None)
    utilities = owners(conn, today)
    return {
        "on": today,
        "at_stake": at_stake(conn, today),
        "chances": chances(conn, today),
        "avoided_eur": year["avoided_cost_eur"] if year else 0,
        "avoided": year["repairs"] + year["combinations"] if year else 0,
        "waiting": {
            "requests": sum(one["waiting"] for one in utilities),
            "late": sum(one["late"] for one in utilities),
        },
        "held": held(conn),
        "to_recover": to_recover(conn),
        "ageing": ageing(conn, today),
    }


def at_stake(conn: sa.Connection, today: date) -> dict[str, Any]:
    """Return the totals of the cases to be decided, and in `week` of those of them that were opened in the last seven days."""
    of_week = CaseFilter(undecided=True, opportunity=False, opened_from=today - WEEK)
    return {**totals(conn, AT_STAKE, today), "week": totals(conn, of_week, today), "week_from": today - WEEK}


def chances(conn: sa.Connection, today: date) -> Row:
    """Return the totals of the opportunities to be decided."""
    return totals(conn, CHANCES, today)


def ageing(conn: sa.Connection, today: date) -> list[Row]:
    """Return how long the cases to be decided have been open."""
    only = CaseFilter(undecided=True)
    return [*db.fetch(conn, PACKAGE, "stats_ageing", **filter_params(only, today), case_id=None)]


def held(conn: sa.Connection) -> Row:
    """Return how many repairs wait for works, and since when the oldest was reported."""
    [row] = db.fetch(conn, PACKAGE, "stats_held")
    return row


def silent_works(conn: sa.Connection, today: date, at_most: int) -> Sequence[Row]:
    """Return works whose start passed without any sign, the longest silent first; each says in `total` how many there are."""
    late = _late_after_days(conn)
    return db.fetch(conn, PACKAGE, "silent_works", today=today, late_after_days=late, at_most=at_most)


def _late_after_days(conn: sa.Connection) -> int:
    return round(rules.load_parameters(conn).late_after_days)


def to_claim(conn: sa.Connection, owner: str | None = None, at_most: int | None = None) -> list[Row]:
    """Return the repairs that nobody claimed yet from the utility (`owner` as in `store.owners`) whose guarantee applies, finished ones too."""
    groups = None if owner is None else group_ids(conn, owner)
    return [*db.fetch(conn, PACKAGE, "stats_to_claim", owner_groups=groups, at_most=at_most)]


def to_recover(conn: sa.Connection) -> dict[str, Any]:
    """Return the claims that are sent or accepted and not paid, and how many repairs nobody claimed yet."""
    sums = claim_files.sums(conn)
    pending = [one for one in sums if one["state"] in ("sent", "accepted")]
    return {
        "claims": sum(one["claims"] for one in pending),
        "amount_eur": round(sum(one["amount_eur"] for one in pending), 2),
        "sent": sum(one["claims"] for one in pending if one["state"] == "sent"),
        "unclaimed": len(to_claim(conn)),
        "sums": [dict(one) for one in sums],
    }


def avoided(conn: sa.Connection) -> list[Row]:
    """Return what coordination has spared, per year."""
    return [*db.fetch(conn, PACKAGE, "stats_avoided")]


def avoided_items(conn: sa.Connection, year: int) -> list[Row]:
    """Return the conflicts behind one year of `avoided`."""
    return [*db.fetch(conn, PACKAGE, "stats_avoided_items", year=year)]


def owners(conn: sa.Connection, today: date) -> list[Row]:
    """Return how each utility keeps its days and answers; `silent` counts its works of `silent_works`."""
    params = {**filter_params(CaseFilter(undecided=True), today), "late_after_days": _late_after_days(conn)}
    return [*db.fetch(conn, PACKAGE, "stats_owners", **params, case_id=None)]


def lanes(conn: sa.Connection, weeks: Weeks, today: date, *, by_owner: bool) -> list[Row]:
    """Return what happens in each street, or by each owner, in these weeks."""
    params = {
        **filter_params(CaseFilter(undecided=True), today),
        "from_on": weeks.from_on,
        "until_on": weeks.until_on,
        "by_owner": by_owner,
    }
    return [*db.fetch(conn, PACKAGE, "stats_lanes", **params, case_id=None)]


def open_streets(conn: sa.Connection, weeks: Weeks) -> Sequence[Row]:
    """Return the streets whose surface is open in each of these weeks."""
    return db.fetch(conn, PACKAGE, "stats_open_streets", from_on=weeks.from_on, until_on=weeks.until_on)
