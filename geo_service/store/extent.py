"""Where the data lies."""

from __future__ import annotations

import sqlalchemy as sa

from geo_service import sql


def bounds_lonlat(conn: sa.Connection) -> tuple[float, float, float, float] | None:
    """West, south, east, north (WGS84) of pavement and buildings; None when there are none."""
    row = conn.execute(sql.load("geo_service.store", "extent")).one_or_none()
    return None if row is None else (row[0], row[1], row[2], row[3])
