"""The Python client against the running service with the demo city."""

from datetime import date

import folium
import geopandas as gpd
import pandas as pd
import pytest
import sqlalchemy as sa
from geo_service_client import frames
from shapely.geometry import Point, box, mapping

from geo_service import db
from geo_service.client import Client, ClientError, InvalidInput, NotAllowed, NotSignedIn, Unreachable
from geo_service.store.tables import buildings, conflicts, pavement_sections, phases, repairs
from tests.serving import TODAY, Service

TABLES = {
    "works": phases,
    "repairs": repairs,
    "conflicts": conflicts,
    "buildings": buildings,
    "pavements": pavement_sections,
}

NOWHERE = (4.9, 51.1, 4.91, 51.11)


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
    assert str(frame.crs) == "EPSG:4326"
    west, south, east, north = frame.total_bounds
    assert 2.5 < west < east < 6.5
    assert 49 < south < north < 52


def test_days_and_instants_are_typed(client: Client) -> None:
    works, repairs = client.works(), client.repairs()
    for column in (works.starts_on, works.ends_on, works.updated_at, repairs.reported_at, repairs.until):
        assert pd.api.types.is_datetime64_any_dtype(column)
    assert (works.ends_on > works.starts_on).all()


def test_whole_numbers_and_truths_keep_their_type_whatever_comes(client: Client) -> None:
    for frame in (client.conflicts(), client.conflicts(bbox=NOWHERE)):
        assert (frame.gap_days.dtype, frame.b_umbrella.dtype) == ("Int64", "boolean")


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


def test_days_of_a_question_are_dates_of_any_kind(client: Client) -> None:
    place = client.pavements(kind="footpath").geometry.iloc[0]
    days = {"starts_on": pd.Timestamp("2026-12-01"), "ends_on": "2026-12-03"}
    assert client.advice(place, **days)["verdict"] == client.advice(place, **{**days, "starts_on": date(2026, 12, 1)})["verdict"]  # fmt: skip


def test_a_frame_of_places_gets_a_row_of_advice_each(client: Client) -> None:
    places = client.repairs().set_index("number").to_crs(31370)
    places = places[places.status != "done"][["scope", "category", "urgency", "geometry"]].head(30)
    places.iloc[3, places.columns.get_loc("urgency")] = None
    advice = client.advice(places, urgency="danger")

    assert list(advice.index) == list(places.index)
    assert advice.crs.to_epsg() == 31370
    assert advice.geometry.geom_equals(places.geometry).all()
    assert advice.error.isna().all()
    assert pd.api.types.is_datetime64_any_dtype(advice.until)
    for number in places.index[[0, 3, -1]]:
        place, row = places.loc[number], advice.loc[number]
        shape = places.geometry.to_crs(4326)[number]
        single = client.advice(shape, scope=place["scope"], category=place["category"], urgency="danger" if number == places.index[3] else place["urgency"])  # fmt: skip
        assert (row.verdict, row.title, row.cost_at_risk_eur) == tuple(single[name] for name in ("verdict", "title", "cost_at_risk_eur"))  # fmt: skip
        assert (None if pd.isna(row.until) else str(row.until.date())) == single["until"]
        assert row.reasons == single["reasons"]


def test_a_row_that_is_refused_names_its_field_and_loses_no_other(client: Client) -> None:
    places = gpd.GeoSeries([client.pavements().geometry.iloc[0], Point(0, 0), None], crs=4326)
    advice = client.advice(places, scope="section")
    assert advice.verdict.notna().tolist() == [True, False, False]
    assert [None if pd.isna(one) else one.partition(":")[0] for one in advice.error] == [
        None,
        "geometry",
        "geometry",
    ]


def test_a_line_ends_at_a_line_feed_only_wherever_it_is_cut() -> None:
    text = '{"title": "Gas\u2028water"}\n{"title": "Riool\x85"}\n'.encode()
    for cut in range(len(text)):
        assert list(frames.lines([text[:cut], text[cut:]])) == text.split(b"\n")[:-1]
    assert list(frames.lines([b'{"row": 0}\n{"row"'])) == [b'{"row": 0}']


def test_many_rows_and_long_rows_are_asked_in_several_questions() -> None:
    short = ["{}"] * (frames.MOST_ROWS + 1)
    assert [len(batch) for batch in frames.batches(short)] == [frames.MOST_ROWS, 1]
    long = "x" * (frames.MOST_BYTES // 2)
    assert [len(batch) for batch in frames.batches([long, long, long, "x" * frames.MOST_BYTES * 2, "{}"])] == [2, 1, 1, 1]  # fmt: skip


def test_no_places_need_no_question(client: Client) -> None:
    nothing = client.advice(gpd.GeoSeries([], crs=31370))
    assert nothing.empty
    assert {"verdict", "until", "error"} <= set(nothing.columns)


def test_a_frame_without_a_crs_is_not_guessed_at(client: Client) -> None:
    with pytest.raises(ValueError, match="CRS"):
        client.advice(gpd.GeoSeries([Point(3.2, 50.9)]))


def test_days_of_the_argument_hold_where_a_row_has_none(client: Client) -> None:
    place = client.pavements().geometry.iloc[0]
    places = gpd.GeoDataFrame(
        {"starts_on": pd.to_datetime([None, "2020-01-01"])}, geometry=[place, place], crs=4326
    )
    advice = client.advice(places, starts_on=TODAY)
    assert [None if pd.isna(one) else one.partition(":")[0] for one in advice.error] == [None, "starts_on"]


def test_rules_and_reliabilities_come_as_they_are(client: Client) -> None:
    assert {"wasted_repair", "shared_trench"} <= {rule["id"] for rule in client.rules()}
    assert {one["certainty"] for one in client.reliabilities()} >= {"planned", "confirmed"}
    assert client.status()["today"] == str(TODAY)


def test_a_rule_is_tried_out_by_a_coordinator_only(demo_server: Service, client: Client) -> None:
    with Client(demo_server.url, demo_server.keys["coordinator"]) as coordinator:
        wider = coordinator.preview("wasted_repair", clearance_m=10.0)
    assert wider["after"]["conflicts"] > wider["before"]["conflicts"]
    with pytest.raises(NotAllowed):
        client.preview("wasted_repair", clearance_m=10.0)


def test_the_map_has_a_layer_for_each_list(client: Client) -> None:
    drawn = client.map()
    assert isinstance(drawn, folium.Map)
    page = drawn.get_root().render()
    assert all(f'"{name}"' in page or f"{name} :" in page for name in ("works", "repairs", "conflicts"))


def test_a_wrong_key_is_said_clearly(demo_server: Service) -> None:
    with Client(demo_server.url, "gs_wrong") as stranger, pytest.raises(NotSignedIn) as said:
        stranger.works()
    assert said.value.status == 401
    assert said.value.code == "unauthenticated"


def test_a_refused_filter_names_the_field(client: Client) -> None:
    with pytest.raises(ClientError, match="bbox"):
        client.works(bbox=(5, 51, 3, 50))


def test_a_place_outside_the_region_is_refused_with_the_reason(client: Client) -> None:
    with pytest.raises(InvalidInput) as said:
        client.advice(Point(0, 0))
    assert [one["field"] for one in said.value.errors] == ["geometry"]


def test_a_service_that_is_not_there_is_said_clearly() -> None:
    with Client("http://127.0.0.1:9", "gs_any", retries=0) as nobody, pytest.raises(Unreachable) as said:
        nobody.works()
    assert said.value.code == "unreachable"
