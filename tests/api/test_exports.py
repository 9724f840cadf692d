"""What leaves as a file says where it lies, is sound ground, and says all that the pages say."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely

from tests.api.scenario import Street, day
from tests.serving import STREET, Service

NAMES = ("works", "repairs", "conflicts", "buildings", "pavements")


def exported(service: Service, path: str, **query: Any) -> bytes:
    with service.as_("coordinator") as client:
        answer = client.get(f"/api/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.content


def rows(service: Service, name: str, **query: Any) -> gpd.GeoDataFrame:
    return gpd.read_parquet(io.BytesIO(exported(service, f"{name}.parquet", **query)))


@pytest.mark.parametrize("crs", [4326, 31370, 3812])
@pytest.mark.parametrize("name", NAMES)
def test_a_geojson_file_is_read_where_it_lies(demo_server: Service, name: str, crs: int) -> None:
    """By GDAL, as QGIS reads it."""
    content = exported(demo_server, f"{name}.geojson", crs=crs)
    assert pyogrio.read_info(io.BytesIO(content))["crs"] == f"EPSG:{crs}"
    assert (b'"crs"' in content[:100]) == (crs != 4326)  # RFC 7946 knows none


@pytest.mark.parametrize(
    ("crs", "uri"),
    [
        (
            4326,
            "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        ),  # EPSG/0/4326 would say that latitude is first
        (31370, "http://www.opengis.net/def/crs/EPSG/0/31370"),
    ],
)
def test_a_file_says_the_order_of_its_axes(demo_server: Service, crs: int, uri: str) -> None:
    with demo_server.as_("viewer") as client:
        answer = client.get("/api/v1/pavements.csv", params={"crs": crs, "street": "none"})
    assert answer.headers["Content-Crs"] == f"<{uri}>"


@pytest.mark.parametrize("crs", [4326, 31370, 3812])
@pytest.mark.parametrize("name", NAMES)
def test_ground_in_a_geojson_file_is_sound(demo_server: Service, name: str, crs: int) -> None:
    frame = gpd.read_file(io.BytesIO(exported(demo_server, f"{name}.geojson", crs=crs)), columns=[])
    assert len(frame) > 0
    assert frame.is_valid.all()
    rings = shapely.get_rings(frame.geometry.to_numpy())
    assert not [ring for ring in rings if any(one == other for one, other in pairwise(ring.coords))]
    outer = shapely.get_exterior_ring(shapely.get_parts(frame.geometry.to_numpy()))
    assert shapely.is_ccw(outer[outer != None]).all()  # noqa: E711 (points have none)


@pytest.mark.parametrize("name", NAMES)
def test_columns_stay_apart_when_a_shapefile_cuts_them_to_ten_letters(
    demo_server: Service, name: str
) -> None:
    cut = [column[:10].lower() for column in rows(demo_server, name).columns]
    assert sorted({column for column in cut if cut.count(column) > 1}) == []


def test_a_conflict_says_all_works_of_a_dig_its_days_with_and_without_slack_and_its_section(
    street: Street,
) -> None:
    x, y = STREET[0] + street.x, STREET[1]
    with street.service.engine.begin() as conn:
        conn.exec_driver_sql(
            "INSERT INTO pavement_sections (source, code, kind, street, geom) "
            f"VALUES ('test', 'V-{street.x:g}', 'footpath', 'Teststraat', ST_MakeEnvelope({x}, {y}, {x} + 40, {y} + 2, 31370))"
        )
    gas, power = street.works((30, 40), certainty="planned"), street.works((30, 40), certainty="planned")
    repair = street.repair(scope="section", along=(5, 6))
    frame = rows(street.service, "conflicts", rule="wasted_repair")
    found = frame[frame.repair_id == repair["id"]].iloc[0]

    assert set(found.works_ids) == set(found.b_dig) == {gas["id"], power["id"]}
    assert list(found.a_dig) == []
    assert (str(found.b_stated_starts_on), str(found.b_stated_ends_on)) == (day(30), day(40))
    assert found.b_starts_on <= found.b_stated_starts_on < found.b_stated_ends_on < found.b_ends_on
    assert (bool(found.b_umbrella), bool(found.b_overdue)) == (False, False)
    assert (found.section, found.street) == (f"V-{street.x:g}", "Teststraat")
    listed = rows(street.service, "repairs").set_index("id").loc[repair["id"]]
    assert (listed.section, listed.section_id) == (found.section, found.section_id)


def test_late_works_and_umbrella_works_are_marked(street: Street) -> None:
    late = street.works((-20, 5), certainty="planned")
    umbrella = street.change_works(
        street.works((-300, 1200), odd=True, certainty="in_progress"), umbrella=True
    )
    here = street.repair(scope="section")
    there = street.repair(scope="section", across=(10, 12))
    found = rows(street.service, "conflicts")
    late_row = found[(found.repair_id == here["id"]) & (found.b_works_id == late["id"])].iloc[0]
    umbrella_row = found[(found.repair_id == there["id"]) & (found.b_works_id == umbrella["id"])].iloc[0]
    assert (bool(late_row.b_overdue), bool(late_row.b_umbrella)) == (True, False)
    assert (bool(umbrella_row.b_overdue), bool(umbrella_row.b_umbrella)) == (False, True)


def test_an_opportunity_says_what_it_saves(demo_server: Service) -> None:
    found = rows(demo_server, "conflicts", opportunity="true")
    assert len(found) > 0
    assert (found.saving_eur > 0).all()


@pytest.mark.parametrize("path", ["buildings.parquet", "pavements.parquet", "pavements"])
def test_a_street_has_no_capitals(demo_server: Service, path: str) -> None:
    with demo_server.as_("viewer") as viewer:
        sizes = {
            given: len(viewer.get(f"/api/v1/{path}", params={"street": given}).content)
            for given in ("Gentsestraat", "gentsestraat", "GENTSESTRAAT ", "Nergensstraat")
        }
    assert sizes["Gentsestraat"] == sizes["gentsestraat"] == sizes["GENTSESTRAAT "]
    assert sizes["Nergensstraat"] < sizes["Gentsestraat"]


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("bbox=50.8,3.1,51.0,3.3", "bbox_order", "lijkt south,west,north,east"),
        ("bbox=3.1,3.3,50.8,51.0", "bbox_order", "lijkt west,east,south,north"),
        ("bbox=3.3,50.8,3.1,51.0", "bbox_turned", "west (3.3) is groter dan east (3.1)"),
        ("bbox=3.1,51.0,3.3,50.8", "bbox_turned", "south (51) is groter dan north (50.8)"),
        ("bbox=66000,177000,70000,182000", "bbox_other_crs", "zeg ?crs=31370"),
        ("bbox=566000,677000,570000,682000", "bbox_other_crs", "zeg ?crs=3812"),
        ("bbox=3.1,50.8,3.3,51.0&crs=31370", "bbox_other_crs", "zeg ?crs=4326"),
    ],
)
@pytest.mark.parametrize("path", ["works", "buildings.geojson"])
def test_a_box_in_another_order_is_named(service: Service, path: str, query: str, code: str, said: str) -> None:  # fmt: skip
    with service.as_("viewer") as viewer:
        answer = viewer.get(f"/api/v1/{path}?{query}")
    [wrong] = answer.json()["errors"]
    assert (answer.status_code, wrong["field"], wrong["code"]) == (422, "bbox", code)
    assert said in wrong["message"]


FILTERS: list[tuple[str, dict[str, str]]] = [
    ("works", {"q": "fluvius"}), ("works", {"street": "{street}"}), ("works", {"conflict": "open", "owner": "Proximus"}),
    ("works", {"kind": "event"}), ("repairs", {"held": "true"}), ("repairs", {"q": "{number}"}), ("repairs", {"street": "{street}"}),
    ("repairs", {"conflict": "open", "held": "false"}), ("repairs", {"urgency": "danger"}), ("conflicts", {"q": "C-1"}),
    ("conflicts", {"street": "{street}"}), ("conflicts", {"repair": "{id}"}), ("buildings", {"q": "{misspelt}"}),
    ("buildings", {"street": "{street}"}), ("pavements", {"code": "{code}"}), ("protections", {"kind": "repair"}),
]  # fmt: skip
"""What lists and files are narrowed by; in brackets, what the demo has to say first."""


def listed(service: Service, name: str, **query: str) -> set[str]:
    """The ids of a whole list."""
    ids, cursor = set(), None
    with service.as_("coordinator") as client:
        while True:
            page = {"limit": 1000, **({"cursor": cursor} if cursor else {})}
            answer = client.get(f"/api/v1/{name}", params={**query, **page})
            assert answer.status_code == 200, answer.text
            ids |= {one["id"] for one in answer.json()["items"]}
            cursor = answer.json()["next"]
            if cursor is None:
                return ids


@pytest.mark.parametrize(("name", "query"), FILTERS)
def test_what_a_list_hides_a_file_hides(demo_server: Service, name: str, query: dict[str, str]) -> None:
    with demo_server.as_("coordinator") as client:
        held = client.get("/api/v1/repairs", params={"held": True, "limit": 1}).json()["items"][0]
        section = client.get("/api/v1/pavements", params={"limit": 1}).json()["items"][0]
    street = next(filter(None, rows(demo_server, "repairs", held=True)["street"]))
    misspelt = street.replace("straat", "strat")
    facts = {"number": held["number"], "id": held["id"], "code": section["code"], "street": street.upper(), "misspelt": misspelt}  # fmt: skip
    asked = {key: value.format(**facts) for key, value in query.items()}
    expected = listed(demo_server, name, **asked)
    with demo_server.as_("coordinator") as client:
        whole = client.get(f"/api/v1/{name}", params={"limit": 1}).json()["total"]
    assert 0 < len(expected) < whole
    assert set(rows(demo_server, name, **asked)["id"]) == expected


def test_words_of_a_file_are_refused_as_in_its_list(demo_server: Service) -> None:
    with demo_server.as_("coordinator") as client:
        for path in ("conflicts", "conflicts.csv"):
            assert client.get(f"/api/v1/{path}", params={"q": "83"}).status_code == 422, path
        for path in ("works", "works.csv"):
            assert client.get(f"/api/v1/{path}", params={"conflict": "x"}).status_code == 422, path
