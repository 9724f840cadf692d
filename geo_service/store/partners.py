"""Partners are confined by the database too: a statement that forgets its WHERE shows nothing of others (row-level security)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from geo_service import db

PACKAGE = "geo_service.store"


def ensure_role(conn: sa.Connection) -> None:
    """Make the role of partners where it is missing, and give it what it may read."""
    db.execute(conn, PACKAGE, "partner_role")


@contextmanager
def read(engine: sa.Engine, party: str | None) -> Iterator[sa.Connection]:
    """A read-only transaction that sees the rows of one owner group only; None: the city, which sees every row."""
    with db.read(engine) as conn:
        if party is not None:
            db.fetch(conn, PACKAGE, "partner_confine", party=party)
        yield conn
