"""How many requests each person, machine and address sent in a minute, over all processes."""

from __future__ import annotations

import sqlalchemy as sa

from geo_service import db

PACKAGE = "geo_service.store"
MINUTES_KEPT = 2


def add(engine: sa.Engine, subject: str, minute: int, requests: int) -> int:
    """Add what this process counted; return the sum of all processes. `minute` is that of the Unix clock."""
    with db.glance(engine) as conn:
        [row] = db.fetch(
            conn, PACKAGE, "rate_add", prepare=True, subject=subject, minute=minute, requests=requests
        )
    return int(row["requests"])


def forget(engine: sa.Engine, minute: int) -> None:
    """Remove what is over at this minute."""
    with db.glance(engine) as conn:
        db.execute(conn, PACKAGE, "rate_forget", minute=minute - MINUTES_KEPT)
