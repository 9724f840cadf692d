"""For which day claims, conflicts and advice stand, and with what they were made."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

import sqlalchemy as sa

from geo_service.store.listing import Row
from geo_service.store.tables import recomputations

Kind = Literal["night", "full", "check"]


@dataclass(frozen=True, slots=True)
class Recomputation:
    """One row. `works`, `repairs` and `buildings` were looked at anew (None: all); `differences` only of a check."""

    kind: Kind
    day: date
    made_with: str
    opened: int
    closed: int
    alerts: int
    seconds: float
    works: int | None = None
    repairs: int | None = None
    buildings: int | None = None
    differences: int | None = None


def add(conn: sa.Connection, done: Recomputation) -> None:
    """From now on everything stands at the day of `done`."""
    conn.execute(sa.insert(recomputations).values(asdict(done)))


def last(conn: sa.Connection, kind: Kind | None = None) -> Row | None:
    """The newest one (of this kind); None when there is none yet."""
    newest = sa.select(recomputations).order_by(recomputations.c.id.desc()).limit(1)
    wanted = newest if kind is None else newest.where(recomputations.c.kind == kind)
    return conn.execute(wanted).mappings().one_or_none()
