"""Private addresses of the calendar and the Atom feed. Who knows a token reads what its maker may see, as long as the maker may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.errors import InvalidInput, NotFound
from geo_service.store.keys import Principal
from geo_service.store.sessions import digest, new_token
from geo_service.store.tables import feed_links

PACKAGE = "geo_service.store"
MOST = 50
"""Links in use of one maker."""
COLUMNS = (feed_links.c.id, feed_links.c.name, feed_links.c.filter, feed_links.c.created_at)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose link it is: the owner group that it is confined to (None: the city), its filter and the language of a person."""

    id: UUID
    name: str
    party: str | None
    filter: Mapping[str, Any]
    language: str | None


def create(
    conn: sa.Connection, maker: Principal, name: str, filter_: Mapping[str, Any]
) -> tuple[sa.RowMapping, str]:
    """Store a link; return it and its token, which nobody can read again. Raises InvalidInput when there are too many."""
    if len(of_maker(conn, maker)) >= MOST:
        raise InvalidInput.one("name", "too_many_feed_links", limit=MOST)
    token = new_token()
    row = {
        "user_id": maker.user_id,
        "machine_id": None if maker.user_id else maker.machine_id,
        "name": name,
        "token_hash": digest(token),
        "filter": dict(filter_),
    }
    stored = conn.execute(sa.insert(feed_links).values(row).returning(*COLUMNS)).mappings().one()
    return stored, token


def of_maker(conn: sa.Connection, maker: Principal) -> list[sa.RowMapping]:
    """The links in use of a person or a key, oldest first."""
    select = sa.select(*COLUMNS).where(_made_by(maker)).order_by(feed_links.c.id)
    return list(conn.execute(select).mappings())


def revoke(conn: sa.Connection, maker: Principal, link_id: UUID) -> None:
    """End a link now. Raises NotFound when its maker has no such link in use."""
    mine = sa.and_(feed_links.c.id == link_id, _made_by(maker))
    if conn.execute(sa.update(feed_links).where(mine).values(revoked_at=sa.func.now())).rowcount == 0:
        raise NotFound


def reader(conn: sa.Connection, token: str) -> Reader | None:
    """Whose link this is; None when it is unknown or revoked, or its maker is disabled or revoked."""
    rows = db.fetch(conn, PACKAGE, "feed_link_reader", token_hash=digest(token))
    return Reader(**rows[0]) if rows else None


def _made_by(maker: Principal) -> sa.ColumnElement[bool]:
    table = feed_links.c
    mine = table.user_id == maker.user_id if maker.user_id else table.machine_id == maker.machine_id
    return sa.and_(mine, table.revoked_at.is_(None))
