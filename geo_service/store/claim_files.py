"""Claims on the guarantee of a utility, as stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.claim_files import ClaimState
from geo_service.domain.errors import NotFound
from geo_service.store import listing, owners
from geo_service.store.listing import Row
from geo_service.store.tables import claim_files, conflicts, owner_groups

PACKAGE = "geo_service.store"


def facts(conn: sa.Connection, conflict_id: UUID) -> Row | None:
    """Return what a claim for this conflict leans on; None when no guarantee applies."""
    rows = db.fetch(conn, PACKAGE, "claim_files_facts", conflict_id=conflict_id)
    return rows[0] if rows else None


def last_of_repair(conn: sa.Connection, repair_id: UUID, owner_group: str) -> Row | None:
    """Return the last claim for a repair on this owner group, in whichever of its trenches the hole lies."""
    select = _select().join(conflicts, conflicts.c.id == claim_files.c.conflict_id)
    same = sa.and_(conflicts.c.repair_id == repair_id, claim_files.c.owner_group_id == owner_group)
    newest = select.where(same).order_by(claim_files.c.number.desc()).limit(1)
    return conn.execute(newest).mappings().one_or_none()


def create(conn: sa.Connection, row: Mapping[str, Any]) -> UUID:
    """Store a claim; return its id."""
    made: UUID = conn.execute(sa.insert(claim_files).values(row).returning(claim_files.c.id)).scalar_one()
    return made


def get(conn: sa.Connection, claim_id: UUID) -> Row:
    """Return one claim. Raises NotFound."""
    row = conn.execute(_select().where(claim_files.c.id == claim_id)).mappings().one_or_none()
    if row is None:
        raise NotFound("no_claim_file", given=str(claim_id))
    return row


def find(
    conn: sa.Connection,
    window: listing.Window,
    state: ClaimState | None = None,
    owner: str | None = None,
    conflict_id: UUID | None = None,
) -> listing.Page:
    """Return claims in the order in which they were sent; `owner` as in `owners`."""
    select = _select().where(owners.of_group(claim_files.c.owner_group_id, owner))
    for column, value in ((claim_files.c.state, state), (claim_files.c.conflict_id, conflict_id)):
        if value is not None:
            select = select.where(column == value)
    return listing.page(conn, select, claim_files.c.id, window)


def sums(conn: sa.Connection) -> Sequence[Row]:
    """Return for each utility and state how many claims there are, and what they add up to."""
    total = sa.func.round(sa.cast(sa.func.sum(claim_files.c.amount_eur), sa.Numeric), 2)
    select = (
        sa.select(
            owner_groups.c.name.label("owner"),
            claim_files.c.owner_group_id.label("owner_group"),
            claim_files.c.state,
            sa.func.count().label("claims"),
            sa.cast(total, sa.Double).label("amount_eur"),
        )
        .join(owner_groups, owner_groups.c.id == claim_files.c.owner_group_id)
        .group_by(owner_groups.c.name, claim_files.c.owner_group_id, claim_files.c.state)
        .order_by(owner_groups.c.name, claim_files.c.state)
    )
    return conn.execute(select).mappings().all()


def save(conn: sa.Connection, claim_id: UUID, news: Mapping[str, Any]) -> None:
    """Store what became of a claim."""
    values = {**news, "version": claim_files.c.version + 1, "updated_at": sa.func.now()}
    conn.execute(sa.update(claim_files).where(claim_files.c.id == claim_id).values(values))


def _select() -> sa.Select[Any]:
    before, after = claim_files.alias("before"), claim_files.alias("after")
    return (
        sa.select(
            claim_files,
            owner_groups.c.name.label("owner"),
            before.c.number.label("follows_number"),
            after.c.number.label("follower_number"),
        )
        .join(owner_groups, owner_groups.c.id == claim_files.c.owner_group_id)
        .outerjoin(before, before.c.id == claim_files.c.follows_id)
        .outerjoin(after, after.c.follows_id == claim_files.c.id)
    )
