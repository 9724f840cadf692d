"""Where the data lies."""

from __future__ import annotations

import sqlalchemy as sa

from geo_service import db


def bounds_lonlat(conn: sa.Connection) -> tuple[float, float, float, float] | None:
    """West, south, east, north (WGS84) of pavement and buildings; None when there are none."""
    rows = db.fetch(conn, "geo_service.store", "extent")
    return (rows[0]["west"], rows[0]["south"], rows[0]["east"], rows[0]["north"]) if rows else None
