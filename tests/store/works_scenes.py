"""Works to store, and what is written down about them."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from shapely import box
from shapely.geometry.base import BaseGeometry

from geo_service.domain.period import Period
from geo_service.domain.works import Phase, Works
from geo_service.store import works_batch
from geo_service.store.tables import source_changes

TODAY = date(2026, 9, 1)


def ground(x: float, length_m: float = 20) -> BaseGeometry:
    return box(67_000 + x, 179_000, 67_000 + x + length_m, 179_002)


def phase(
    start: int = 30,
    days: int = 10,
    *,
    key: str = "1",
    at: float = 0,
    opens: bool = True,
    surfaces: tuple[str, ...] = (),
) -> Phase:
    starts_on = TODAY + timedelta(days=start)
    return Phase(key, ground(at), Period(starts_on, starts_on + timedelta(days=days)), opens, surfaces)


def trench(source_id: str = "1", *of: Phase, **more: Any) -> Works:
    fields: dict[str, Any] = {
        "source": "gipod",
        "source_id": source_id,
        "owner": "Proximus Area 2.1",
        "title": "Nationalestraat - plaatsen leidingen",
        "kind": "groundworks",
        "certainty": "planned",
        "phases": of or (phase(),),
        "utilities": ("Telecom",),
        "source_status": "Concreet gepland",
    }
    return Works(**{**fields, **more})


def save(conn: sa.Connection, *batch: Works, on: date = TODAY, **how: Any) -> list[works_batch.WorksResult]:
    return works_batch.save(conn, batch, observed_on=on, **how)


def changes(conn: sa.Connection) -> list[tuple[str | None, str, str | None, str | None]]:
    c = source_changes.c
    return [
        tuple(row)
        for row in conn.execute(sa.select(c.phase_key, c.field, c.old_value, c.new_value).order_by(c.id))
    ]


def state(conn: sa.Connection) -> list[Any]:
    """Every works and phase with the place where PostgreSQL keeps the row: a write, even of the same values, moves it."""
    rows: list[Any] = list(conn.execute(sa.text("SELECT ctid::text, works.* FROM works ORDER BY id")))
    return rows + list(conn.execute(sa.text("SELECT ctid::text, phases.* FROM phases ORDER BY id")))
