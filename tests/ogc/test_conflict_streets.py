"""From afar a street says what is to be decided in it, and only it: works along several streets meet each repair in its own."""

from __future__ import annotations

from typing import Any

import mapbox_vector_tile
import pytest
import sqlalchemy as sa

from geo_service.ogc import tiles
from geo_service.ogc.tile_documents import tile_at
from geo_service.store import cases, stats
from geo_service.store.tables import conflicts
from tests.scenes import TODAY, Scene
from tests.serving import STREET, TO_WGS84

ZOOM = 13


def streets_of_the_tile(conn: sa.Connection) -> dict[str, Any]:
    lon, lat = TO_WGS84.transform(STREET[0] + 20, STREET[1] + 1)
    layers = mapbox_vector_tile.decode(tiles.tile(conn, ZOOM, *tile_at(lon, lat, ZOOM), TODAY))
    features = layers.get("conflict_streets", {"features": []})["features"]
    return {one["properties"]["id"]: one["properties"] for one in features}


@pytest.fixture
def scene(conn: sa.Connection) -> Scene:
    """Works along Abelestraat and Zuidstraat, and two repairs in the latter."""
    scene = Scene(conn)
    scene.section((0, 0), 40, 2, street="Abelestraat", side="even")
    scene.section((40, 0), 40, 2, street="Zuidstraat", side="even")
    scene.works(at=(0, 0), length_m=80, days=(30, 44))
    scene.repair(at=(45, 1))
    scene.repair(at=(60, 1), scope="spot")
    return scene


def test_works_along_two_streets_meet_a_repair_in_the_street_of_the_repair(scene: Scene) -> None:
    found = streets_of_the_tile(scene.conn)
    assert found.keys() == {"Zuidstraat"}
    totals = cases.totals(scene.conn, stats.AT_STAKE, TODAY)
    assert found["Zuidstraat"]["conflicts"] >= 2
    assert totals["at_risk_eur"] > 0
    assert found["Zuidstraat"]["eur"] == pytest.approx(totals["at_risk_eur"])


def test_what_is_decided_is_no_longer_said_from_afar(scene: Scene) -> None:
    scene.conn.execute(sa.update(conflicts).values(status="settled"))
    assert streets_of_the_tile(scene.conn) == {}
