"""Conflicts, as stored, with the works, repair and owners that a person wants to see beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.conflicts import AGREED, GONE
from geo_service.domain.errors import NotFound
from geo_service.store import conditions, listing, owners, visibility
from geo_service.store.listing import Row
from geo_service.store.tables import conflict_events, conflicts

PACKAGE = "geo_service.store"
PAIR = ("rule_id", "a_kind", "a_origin_id", "b_kind", "b_origin_id")


def _days_of(side: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.daterange(*(side[day].astext.cast(sa.Date) for day in ("starts_on", "ends_on")))


_A, _B = (_days_of(conflicts.c[name]) for name in ("a", "b"))
DAYS = sa.case((_A.op("&&")(_B), _A.op("*")(_B)), else_=sa.func.range_merge(_A, _B))
"""The days of a conflict: those that both sides share; where they share none, from the first day of the one to the last of the other. As
`conflict_days.sql` says it to fixed statements."""


def get(conn: sa.Connection, conflict_id: UUID, *, party: str | None = None) -> Row:
    """One conflict. Raises NotFound, also when it is not for `party` to see."""
    select = _select().where(conflicts.c.id == conflict_id, visibility.of_one_conflict(party))
    row = conn.execute(select).mappings().one_or_none()
    if row is None:
        raise NotFound("no_conflict", given=str(conflict_id))
    return row


def by_ids(conn: sa.Connection, ids: Iterable[UUID]) -> list[Row]:
    """These conflicts, by number."""
    select = _select().where(conflicts.c.id.in_(list(ids))).order_by(conflicts.c.number)
    return [*conn.execute(select).mappings()]


def find(
    conn: sa.Connection,
    window: listing.Window,
    *,
    repair: UUID | None = None,
    works: UUID | None = None,
    building: UUID | None = None,
    rule: str | None = None,
    severity: str | None = None,
    status: str | None = None,
    opportunity: bool | None = None,
    owner: str | None = None,
    department: str | None = None,
    party: str | None = None,
    q: str | None = None,
    street: str | None = None,
) -> listing.Page:
    """Conflicts in the order they were found; in the days of `window` when DAYS are. Without `status`, those that are gone (expired, withdrawn) are left out.

    `owner` (as in `owners`) stands on either side; `department` follows it up or hears of it; `party` is the owner group that a partner is confined to; `q` is a number (C-83), and a side names
    `street`.
    """
    select = _select().where(visibility.of_conflicts(party), *listing.in_bbox(conflicts.c.geom, window.bbox))
    select = select.where(*listing.in_days(DAYS, window))
    equal = {
        "repair_id": repair,
        "building_id": building,
        "rule_id": rule,
        "severity": severity,
        "opportunity": opportunity,
    }
    for name, value in equal.items():
        if value is not None:
            select = select.where(conflicts.c[name] == value)
    select = select.where(
        conditions.conflicts_of_works(works),
        conditions.conflicts_numbered(q),
        conditions.conflicts_in_street(street),
        conditions.conflicts_of_department(department),
    )
    select = select.where(owners.on_either_side(owner), visibility.in_status(status))
    return listing.page(conn, select, conflicts.c.id, window)


def stored_pairs(conn: sa.Connection, rows: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    """Id, number and status, with what the status was decided on, of those pairs that are stored already, by pair."""
    pairs = [{name: row[name] for name in PAIR} for row in rows]
    if not pairs:
        return {}
    stored = db.fetch(conn, PACKAGE, "conflicts_of_pairs", prepare=True, pairs=json.dumps(pairs, default=str))
    return {tuple(row[name] for name in PAIR): row for row in stored}


def agreements(conn: sa.Connection, repair_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], Row]:
    """Return the agreement that holds for each of these repairs with each dig, by the ids of both, with the sides it was made on."""
    columns = (conflicts.c[name] for name in ("repair_id", "b_origin_id", "status", "agreement", "b"))
    held = sa.and_(conflicts.c.status.in_(AGREED), conflicts.c.agreement.is_not(None))
    of_these = conflicts.c.repair_id.in_(repair_ids)
    rows = conn.execute(sa.select(*columns).where(of_these, held).order_by(conflicts.c.updated_at))
    return {(row["repair_id"], row["b_origin_id"]): row for row in rows.mappings()}


def works_brief(conn: sa.Connection, ids: Iterable[UUID]) -> dict[UUID, Row]:
    """What a person needs to know of works to recognise them: owner, source id, title, certainty."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    rows = db.fetch(conn, PACKAGE, "works_brief", prepare=True, works_ids=wanted)
    return {row["id"]: row for row in rows}


def works_ids(rows: Iterable[Row]) -> set[UUID]:
    """The works on either side of these conflicts, stored or only computed."""
    return {UUID(str(one)) for row in rows for side in (row["a"], row["b"]) for one in side["works_ids"]}


def briefs(conn: sa.Connection, rows: Iterable[Row]) -> dict[UUID, Row]:
    """The works of these conflicts, as `works_brief` describes them."""
    return works_brief(conn, works_ids(rows))


def events(conn: sa.Connection, conflict_id: UUID) -> list[sa.RowMapping]:
    """The audit trail of one conflict, oldest first."""
    select = (
        sa.select(conflict_events)
        .where(conflict_events.c.conflict_id == conflict_id)
        .order_by(conflict_events.c.id)
    )
    return list(conn.execute(select).mappings())


def accept_risk(conn: sa.Connection, repair_id: UUID, actor: str, reason: str) -> None:
    """Record that somebody who may do so schedules this repair in spite of everything that holds it."""
    waits = conflicts.c.agreement["kind"].astext != "works_move"
    holding = sa.and_(
        conflicts.c.repair_id == repair_id,
        sa.or_(conflicts.c.blocking, sa.and_(conflicts.c.status.in_(AGREED), waits)),
        conflicts.c.status.not_in((*GONE, "accepted_risk")),
    )
    news = {"status": "accepted_risk", "version": conflicts.c.version + 1, "updated_at": sa.func.now()}
    accepted = sa.update(conflicts).where(holding).values(news).returning(conflicts.c.id).cte("accepted")
    details = sa.literal({"reason": reason}, type_=conflict_events.c.details.type)
    rows = sa.select(accepted.c.id, sa.literal("accepted_risk"), sa.literal(actor), details)
    conn.execute(sa.insert(conflict_events).from_select(["conflict_id", "kind", "actor", "details"], rows))


def _select() -> sa.Select[Any]:
    return sa.select(*(c for c in conflicts.c if c.name != "geom"), listing.geometry_column(conflicts.c.geom))
