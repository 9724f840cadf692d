"""PROJ in Python and PROJ in PostGIS put the same place at the same place."""

import pytest
import sqlalchemy as sa

from geo_service.domain import geometry


@pytest.mark.parametrize(
    ("lon", "lat"), [(3.2135, 50.9169), (4.4024, 51.2194), (5.6883, 50.8514), (2.55, 51.09)]
)
def test_a_place_is_the_same_to_the_centimetre(conn: sa.Connection, lon: float, lat: float) -> None:
    place = geometry.read_geojson(
        {"type": "Point", "coordinates": [lon, lat]}, field="geometry", region=(2.5, 50.6, 6.0, 51.6)
    )
    there = sa.text(
        "SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 31370) p"
    )
    x, y = conn.execute(there, {"lon": lon, "lat": lat}).one()
    assert place.bounds[:2] == pytest.approx((x, y), abs=0.01)
