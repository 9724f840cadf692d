"""A phase that is done before its stated end, while its works go on: nobody hears that it is still to come, and its guarantee has begun."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import mapbox_vector_tile
import pytest
import sqlalchemy as sa
from shapely import box

from geo_service.alerts import calendar
from geo_service.ogc import tiles
from geo_service.ogc.period import Days
from geo_service.ogc.tile_documents import tile_at
from geo_service.store import agenda, requests
from geo_service.store.features import FEATURES
from geo_service.store.feed_links import Reader
from geo_service.store.tables import works as works_table
from tests.scenes import Scene
from tests.serving import STREET, TO_WGS84

ZOOM = 16


@pytest.fixture
def scene(conn: sa.Connection) -> Scene:
    return Scene(conn)


@pytest.fixture
def works(scene: Scene) -> UUID:
    """Works of which the first trench is closed two months early, and the second is still to come."""
    scene.section(length_m=20, street="Putstraat")
    one = scene.works(days=(-5, 60), certainty="planned", length_m=20)
    scene.add_phase(one, box(60, 0, 80, 2), days=(90, 120))
    scene.end_phase(one)
    return one


def test_its_owner_answers_for_it_from_the_day_on_which_it_was_seen_to_be_done(
    scene: Scene, works: UUID
) -> None:
    done_on = scene.today
    scene.a_day_passes()
    assert scene.hold(scene.repair(at=(5, 1), scope="spot"))[:2] == (False, "recover")
    begins = "SELECT DISTINCT starts FROM claims WHERE works_id = :id AND kind IN ('guarantee', 'protection')"
    assert scene.conn.scalars(sa.text(begins), {"id": works}).all() == [done_on]
    scene.end_phase(works)  # the next import says so again
    assert scene.conn.scalars(sa.text(begins), {"id": works}).all() == [done_on]


def test_days_of_the_works_are_those_of_the_phase_to_come(scene: Scene, works: UUID) -> None:
    first = scene.today + timedelta(90)
    assert agenda.of_street(scene.conn, "Putstraat", "", scene.today).entries == ()
    assert requests.requestable_works(scene.conn, works, None)["starts_on"] == first
    [event] = calendar.events(scene.conn, Reader(uuid4(), "", None, {}, None), scene.today, 9)
    [feature] = scene.conn.execute(FEATURES["works"].select.where(works_table.c.id == works)).mappings()
    assert (event["starts_on"], feature["starts_on"]) == (first, first)


def test_the_map_draws_it_as_done_in_days_that_are_over_only(scene: Scene, works: UUID) -> None:
    lon, lat = TO_WGS84.transform(STREET[0] + 20, STREET[1] + 1)

    def drawn(days: Days) -> set[tuple[str, str]]:
        query = tiles.TileQuery(["works"], days)
        tile = tiles.tile(scene.conn, ZOOM, *tile_at(lon, lat, ZOOM), scene.today, query)
        features = mapbox_vector_tile.decode(tile).get("works", {"features": []})["features"]
        return {(one["properties"]["certainty"], one["properties"]["starts_on"]) for one in features}

    planned, done = ((what, str(scene.today + timedelta(n))) for what, n in (("planned", 90), ("done", -5)))
    assert drawn(Days(None, None)) == {planned}
    assert drawn(Days(scene.today - timedelta(9), None)) == {planned, done}
