"""Requests to utilities, as stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service import db, sql
from geo_service.domain.agreements import AgreementKind
from geo_service.domain.conflicts import AGREED, GONE
from geo_service.domain.errors import NotFound
from geo_service.domain.requests import RequestState
from geo_service.store import listing, owners, visibility
from geo_service.store.listing import Row
from geo_service.store.tables import conflicts, organisations, repairs, requests, works

PACKAGE = "geo_service.store"


def requestable_works(conn: sa.Connection, works_id: UUID, repair_ids: Sequence[UUID] | None) -> Row:
    """Return the works with their days, and the repairs of these (None: all) that lie on their ground. Raises NotFound."""
    chosen = None if repair_ids is None else sql.uuids(repair_ids)
    rows = db.fetch(conn, PACKAGE, "requestable_works", works_id=works_id, repair_ids=chosen)
    if not rows:
        raise NotFound("no_works", given=str(works_id))
    return rows[0]


def create(conn: sa.Connection, row: Mapping[str, Any]) -> UUID:
    """Store a request that is asked today; return its id."""
    made: UUID = conn.execute(sa.insert(requests).values(row).returning(requests.c.id)).scalar_one()
    return made


def get(conn: sa.Connection, request_id: UUID, party: str | None = None) -> Row:
    """Return one request. Raises NotFound, also when `party` may not see it."""
    select = _select().where(requests.c.id == request_id, visibility.of_requests(party))
    row = conn.execute(select).mappings().one_or_none()
    if row is None:
        raise NotFound("no_request", given=str(request_id))
    return row


def find(
    conn: sa.Connection,
    window: listing.Window,
    *,
    state: RequestState | None = None,
    works_id: UUID | None = None,
    repair_id: UUID | None = None,
    owner: str | None = None,
    party: str | None = None,
) -> listing.Page:
    """Return requests in the order in which they were asked."""
    select = _select().where(visibility.of_requests(party), owners.of_group(requests.c.owner_group_id, owner))
    for column, value in (
        (requests.c.state, state),
        (requests.c.works_id, works_id),
    ):
        if value is not None:
            select = select.where(column == value)
    if repair_id is not None:
        select = select.where(requests.c.repair_ids.contains([repair_id]))
    return listing.page(conn, select, requests.c.id, window)


def save(conn: sa.Connection, request_id: UUID, news: Mapping[str, Any]) -> None:
    """Store what an answer changes."""
    values = {**news, "version": requests.c.version + 1, "updated_at": sa.func.now()}
    conn.execute(sa.update(requests).where(requests.c.id == request_id).values(values))


def overdue(conn: sa.Connection, today: date) -> Sequence[Row]:
    """Return the requests that nobody has answered within their term."""
    late = sa.and_(requests.c.state == "asked", requests.c.due_on < today)
    return conn.execute(_select().where(late).order_by(requests.c.id)).mappings().all()


def open_twin(conn: sa.Connection, about: Row) -> int | None:
    """Return the number of a request to the same works (as `requestable_works` returns them) for one of their repairs that still runs.

    A yes to other days than those of the works now runs no longer: they may be asked anew.
    """
    days = sa.and_(requests.c.starts_on == about["starts_on"], requests.c.ends_on == about["ends_on"])
    runs = sa.or_(requests.c.state == "asked", sa.and_(requests.c.state == "yes", days))
    same = sa.and_(requests.c.works_id == about["id"], requests.c.repair_ids.overlap(about["repair_ids"]))
    number: int | None = conn.scalar(sa.select(requests.c.number).where(same, runs).limit(1))
    return number


def has_successor(conn: sa.Connection, request: Row, repair_ids: Sequence[UUID]) -> bool:
    """Whether one of these repairs was asked of the same works after this request, whatever became of that."""
    later = sa.and_(requests.c.works_id == request["works_id"], requests.c.number > request["number"])
    same = requests.c.repair_ids.overlap(repair_ids)
    return conn.scalar(sa.select(sa.exists().where(later, same))) is True


def conflict_ids(conn: sa.Connection, request: Row) -> list[UUID]:
    """Return the live conflicts of the repairs of a request with its works."""
    mine = sa.and_(
        conflicts.c.works_ids.contains([request["works_id"]]),
        conflicts.c.repair_id.in_(request["repair_ids"]),
        conflicts.c.status.not_in(GONE),
        sa.not_(conflicts.c.shadow),
    )
    return list(conn.scalars(sa.select(conflicts.c.id).where(mine).order_by(conflicts.c.number)))


def first_conflict_id(conn: sa.Connection, request: Row) -> UUID | None:
    """Return the first conflict of the repairs of a request with its works: a live one, or else one that is gone."""
    mine = sa.and_(
        conflicts.c.works_ids.contains([request["works_id"]]),
        conflicts.c.repair_id.in_(request["repair_ids"]),
        sa.not_(conflicts.c.shadow),
    )
    order = (conflicts.c.status.in_(GONE), conflicts.c.number)
    first: UUID | None = conn.scalar(sa.select(conflicts.c.id).where(mine).order_by(*order).limit(1))
    return first


def agreed_ids(conn: sa.Connection, request: Row) -> list[UUID]:
    """Return those of its conflicts that a yes made an agreement of: what people decided otherwise is not for the utility to undo."""
    kind: AgreementKind = "full_width"
    agreed = sa.and_(conflicts.c.status.in_(AGREED), conflicts.c.agreement["kind"].astext == kind)
    of_request = conflicts.c.id.in_(conflict_ids(conn, request))
    return list(
        conn.scalars(sa.select(conflicts.c.id).where(of_request, agreed).order_by(conflicts.c.number))
    )


def _select() -> sa.Select[Any]:
    numbers = (
        sa.select(sa.func.array_agg(pg.aggregate_order_by(repairs.c.number, repairs.c.number)))
        .where(repairs.c.id == sa.any_(requests.c.repair_ids))
        .scalar_subquery()
        .label("repair_numbers")
    )
    names = (works.c.source, works.c.source_id, works.c.title, organisations.c.name.label("owner"), numbers)
    return (
        sa.select(requests, *names)
        .join(works, works.c.id == requests.c.works_id)
        .join(organisations, organisations.c.id == works.c.owner_id)
    )
