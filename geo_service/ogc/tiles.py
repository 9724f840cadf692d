"""Vector tiles (OGC API – Tiles, Mapbox Vector Tile 2.1, WebMercatorQuad): PostGIS builds the bytes, Python passes them on."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from geo_service import db

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
MIN_ZOOM, MAX_ZOOM = 10, 18


def tile(conn: sa.Connection, z: int, x: int, y: int, today: date, *, party: str | None = None) -> bytes:
    """The bytes of one tile; empty where there is nothing to draw. `party` is the owner group that a partner is confined to."""
    [row] = db.fetch(conn, "geo_service.ogc", "tile", z=z, x=x, y=y, today=today, party=party)
    return bytes(row["tile"] or b"")
