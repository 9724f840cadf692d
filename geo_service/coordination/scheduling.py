"""The guard of repairs: where works will open the surface none is scheduled, except on record; and what waiting spared goes on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast
from uuid import UUID

import sqlalchemy as sa

from geo_service.coordination import advising, changes
from geo_service.detection import run
from geo_service.domain.advice import Advice
from geo_service.domain.errors import BlockedByWorks, InvalidTransition, NotAllowed
from geo_service.domain.lifecycle import check_reason
from geo_service.domain.period import Period
from geo_service.domain.permissions import may
from geo_service.domain.repairs import OVER, RepairCategory, Scope, Urgency
from geo_service.domain.roles import Role
from geo_service.store import conflicts, listing, repairs


def schedule(
    conn: sa.Connection,
    repair_id: UUID,
    days: Period,
    today: date,
    *,
    role: Role,
    actor: str,
    override_reason: str | None = None,
    team: str | None = None,
) -> None:
    """Give a repair its days, and its crew where one is named, unless works would waste it (BlockedByWorks) and nobody with the right to do so overrides.

    The caller holds the writers' lock: whoever comes second sees what the first has registered.
    """
    advice = allot(conn, repair_id, days, today, role=role, override_reason=override_reason, team=team)
    subject = run.Subject(repair_ids=[repair_id])
    events = run.refresh(conn, subject, today)
    if advice.blocked and override_reason is not None:
        conflicts.accept_risk(conn, repair_id, actor, override_reason)
    changes.announce(conn, subject, events, today)


def allot(
    conn: sa.Connection,
    repair_id: UUID,
    days: Period,
    today: date,
    *,
    role: Role,
    override_reason: str | None = None,
    team: str | None = None,
) -> Advice:
    """Store the days of a repair, as `schedule` does, and return the advice of the guard; what follows from them is still to be recorded."""
    repair = repairs.get(conn, repair_id)
    if repair["status"] in OVER:
        raise InvalidTransition("repair_not_scheduled", status=repair["status"], id=str(repair_id))
    question = question_of(repair, days)
    advice, conflict_rows, *_ = advising.of_what_if(conn, question, cast(Urgency, repair["urgency"]), today)
    if advice.blocked:
        if override_reason is None:
            raise BlockedByWorks(_in_the_way(advice, conflict_rows), advice)
        _check_override(role, override_reason)
    repairs.schedule(conn, repair_id, days, team)
    return advice


def question_of(repair: listing.Row, days: Period) -> run.WhatIfRepair:
    """Return what the guard asks before it gives a stored repair these days."""
    return run.WhatIfRepair(
        geometry=listing.read_geometry(repair["geom"]),
        scope=cast(Scope, repair["scope"]),
        category=cast(RepairCategory, repair["category"]),
        latest_on=repair["latest_on"],
        owner_group=repair["owner_group"],
        starts_on=days.starts_on,
        ends_on=days.ends_on,
        stored=True,
        id=repair["id"],
    )


def check_start(conn: sa.Connection, repair_id: UUID, today: date) -> None:
    """Raises BlockedByWorks when a crew would begin where works will open the surface: what was free when it was planned may be so no longer.
    Danger is made safe all the same. Before its planned days a crew is asked about from today on.
    """
    repair = repairs.get(conn, repair_id)
    planned = repair["planned"]
    rows: Sequence[listing.Row]
    if planned is not None and planned.lower > today:
        question = question_of(repair, Period(today, planned.upper))
        advice, rows, *_ = advising.of_what_if(conn, question, cast(Urgency, repair["urgency"]), today)
    else:
        [stored] = advising.of_repairs(conn, [repair_id], today)
        advice = stored.advice
        rows = conflicts.find(conn, listing.Window(limit=1000), repair=repair_id).rows
    if advice.blocked and advice.verdict != "make_safe":
        raise BlockedByWorks(_in_the_way(advice, rows), advice)


def _in_the_way(advice: Advice, rows: Iterable[listing.Row]) -> list[listing.Row]:
    """The conflicts that hold the repair: by their rules, or by what was agreed on."""
    holding = [one.conflict for one in advice.reasons if one.conflict and one.conflict.blocking]
    held = {(one.rule, one.dig_id) for one in holding}
    return [
        row
        for row in rows
        if (row["rule_id"], row["b_origin_id"]) in held and row["status"] != "accepted_risk"
    ]


def complete(
    conn: sa.Connection,
    repair_id: UUID,
    finished_on: date,
    scope: Scope,
    area_m2: float | None = None,
    cost_eur: float | None = None,
    *,
    today: date,
) -> None:
    """Finish a repair: its surface is protected from now on, and what waiting for works, or joining them, has spared goes on record.

    The caller holds the writers' lock.
    """
    repairs.complete(conn, repair_id, finished_on, scope, area_m2, cost_eur)
    subject = run.Subject(repair_ids=[repair_id])
    changes.record(conn, subject, today)
    changes.record_savings(conn, subject)


def _check_override(role: Role, reason: str) -> None:
    if not may(role, "override"):
        raise NotAllowed("only_coordinator")
    check_reason(reason, "override_reason")
