"""The Python client against the running service with the demo city."""

import subprocess
import sys

import folium
import geopandas as gpd
import pandas as pd
import pytest
import sqlalchemy as sa
from shapely.geometry import Point, box, mapping

from geo_service import db
from geo_service.client import Client, ClientError
from geo_service.store.tables import buildings, conflicts, pavement_sections, phases, repairs
from tests.serving import TODAY, Service

TABLES = {
    "works": phases,
    "repairs": repairs,
    "conflicts": conflicts,
    "buildings": buildings,
    "pavements": pavement_sections,
}


def count(server: Service, table: sa.Table) -> int:
    query = sa.select(sa.func.count()).select_from(table)
    if table is conflicts:
        gone = table.c.status.in_(("expired", "withdrawn"))
        query = query.where(sa.not_(table.c.shadow), sa.not_(gone))
    with db.read(server.engine) as conn:
        return conn.scalar(query) or 0


@pytest.mark.parametrize("name", TABLES)
def test_every_row_arrives_as_a_geodataframe_in_degrees(
    demo_server: Service, client: Client, name: str
) -> None:
    frame = getattr(client, name)()
    assert isinstance(frame, gpd.GeoDataFrame)
    assert len(frame) == count(demo_server, TABLES[name]) > 0
    assert frame.crs.to_epsg() == 4326
    west, south, east, north = frame.total_bounds
    assert 2.5 < west < east < 6.5
    assert 49 < south < north < 52


def test_days_and_instants_are_typed(client: Client) -> None:
    works, repairs = client.works(), client.repairs()
    for column in (works.starts_on, works.ends_on, works.updated_at, repairs.reported_at, repairs.until):
        assert pd.api.types.is_datetime64_any_dtype(column)
    assert (works.ends_on > works.starts_on).all()


def test_metres_are_those_of_the_store(demo_server: Service, client: Client) -> None:
    """To degrees and back costs less than a millimetre: the same transformation both ways."""
    frame = client.pavements().set_index("id").to_crs(31370)
    with db.read(demo_server.engine) as conn:
        areas = conn.execute(sa.text("SELECT CAST(id AS text), ST_Area(geom) FROM pavement_sections")).all()
    assert frame.area.loc[[id_ for id_, _ in areas]].tolist() == pytest.approx(
        [m2 for _, m2 in areas], rel=1e-5
    )


def test_a_box_and_days_narrow_what_comes(client: Client) -> None:
    everything = client.works()
    west, south, east, north = everything.total_bounds
    middle = (west, south, (west + east) / 2, north)
    half = client.works(bbox=middle)
    assert 0 < len(half) < len(everything)
    assert half.intersects(box(*middle).buffer(1e-6)).all()
    now = client.works(active_on=TODAY)
    day = pd.Timestamp(TODAY)
    expected = everything[(everything.starts_on <= day) & (everything.ends_on > day)]
    assert set(now.phase_id) == set(expected.phase_id)


def test_an_owner_is_found_by_name_and_by_group(client: Client) -> None:
    by_group = client.works(owner="proximus")
    assert len(by_group) > 0
    assert set(by_group.owner_group) == {"proximus"}
    assert set(client.conflicts(owner="Proximus").id) == set(client.conflicts(owner="proximus").id)


def test_nothing_found_is_an_empty_frame_with_its_columns(client: Client) -> None:
    nothing = client.works(owner="elia")
    assert nothing.empty
    assert nothing.crs.to_epsg() == 4326
    assert list(nothing.columns) == list(client.works().columns)


def test_an_owner_that_does_not_exist_is_an_error_and_no_empty_frame(client: Client) -> None:
    with pytest.raises(ClientError, match=r"owner: kies uit: .*proximus"):
        client.works(owner="nobody at all")


def test_a_partner_gets_its_own_works_and_conflicts_only(demo_server: Service) -> None:
    with Client(demo_server.url, demo_server.keys["partner"]) as partner:
        assert set(partner.works().owner_group) == {"proximus"}
        found = partner.conflicts()
    assert ((found.a_owner_group == "proximus") | (found.b_owner_group == "proximus")).all()


def test_no_column_tells_who_reported(client: Client) -> None:
    assert not [column for column in client.repairs().columns if "reporter" in column]


def test_advice_is_given_for_a_geometry(client: Client) -> None:
    place = client.pavements(kind="footpath").geometry.iloc[0]
    advice = client.advice(place, scope="section", category="subsidence")
    assert advice["verdict"] in {"repair", "make_safe", "wait", "combine", "recover", "coordinate"}
    assert (
        advice["verdict"] == client.advice(mapping(place), scope="section", category="subsidence")["verdict"]
    )


def test_the_map_has_a_layer_for_each_list(client: Client) -> None:
    drawn = client.map()
    assert isinstance(drawn, folium.Map)
    page = drawn.get_root().render()
    assert all(f'"{name}"' in page or f"{name} :" in page for name in ("works", "repairs", "conflicts"))


def test_a_wrong_key_is_said_clearly(demo_server: Service) -> None:
    with Client(demo_server.url, "gs_wrong") as stranger, pytest.raises(ClientError) as said:
        stranger.works()
    assert said.value.status == 401
    assert said.value.code == "unauthenticated"


def test_a_refused_filter_names_the_field(client: Client) -> None:
    with pytest.raises(ClientError, match="bbox"):
        client.works(bbox=(5, 51, 3, 50))


def test_a_place_outside_the_region_is_refused_with_the_reason(client: Client) -> None:
    with pytest.raises(ClientError) as said:
        client.advice(Point(0, 0))
    assert said.value.problem["errors"][0]["field"] == "geometry"


def test_a_service_that_is_not_there_is_said_clearly() -> None:
    with Client("http://127.0.0.1:9", "gs_any") as nobody, pytest.raises(ClientError) as said:
        nobody.works()
    assert said.value.code == "unreachable"


def test_the_client_needs_nothing_else_of_the_service() -> None:
    program = (
        "import sys, geo_service.client; "
        "own = [m for m in sys.modules if m.startswith('geo_service.') and not m.startswith('geo_service.client')]; "
        "foreign = [m for m in ('sqlalchemy', 'fastapi', 'psycopg') if m in sys.modules]; "
        "assert not own + foreign, own + foreign"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
