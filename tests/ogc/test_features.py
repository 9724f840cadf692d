"""OGC API – Features as a client sees it: pages, filters, reference systems, refusals and who may read what."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from typing import Any

import pytest
import shapely
import sqlalchemy as sa
from shapely.geometry import shape

from geo_service import db
from geo_service.api import ogc_pages
from geo_service.domain import geometry
from geo_service.ogc import crs
from geo_service.store import keys
from tests.serving import STREET, TO_WGS84, Service

EPSG = "http://www.opengis.net/def/crs/EPSG/0"
COLLECTIONS = [
    "works", "phases", "repairs", "conflicts", "holds", "requests", "protections", "buildings", "pavements", "streets",
]  # fmt: skip
ITEMS = "/ogc/collections/works/items"


def read(service: Service, path: str, role: str = "viewer", **query: Any) -> Any:
    with service.as_(role) as client:
        answer = client.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def titles(service: Service, **query: Any) -> list[str]:
    return [one["properties"]["title"] for one in read(service, ITEMS, **query)["features"]]


def refusal(service: Service, path: str, **query: Any) -> tuple[int, str]:
    with service.as_("viewer") as client:
        answer = client.get(path, params=query or None)
    errors = answer.json().get("errors", [{}])
    return answer.status_code, errors[0].get("field", "")


def test_every_link_of_every_document_leads_somewhere(ogc: Service, scene: dict[str, Any]) -> None:
    waiting, seen = [f"{ogc.url}/ogc"], set()
    with ogc.as_("viewer") as client:
        while waiting:
            address = waiting.pop()
            if address in seen:
                continue
            seen.add(address)
            answer = client.get(address)
            assert answer.status_code == 200, address
            if "json" in answer.headers["content-type"]:
                found = answer.json()
                groups = [found, *found.get("collections", ()), *found.get("tilesets", ())]
                links = [link for group in groups for link in group.get("links", ())]
                waiting += [link["href"] for link in links if not link.get("templated")]
    assert len(seen) > 40


def test_each_kind_of_thing_is_a_collection_with_ids_of_its_own(ogc: Service, scene: dict[str, Any]) -> None:
    found = read(ogc, "/ogc/collections")["collections"]
    assert [one["id"] for one in found] == COLLECTIONS
    for name in COLLECTIONS:
        features = read(ogc, f"/ogc/collections/{name}/items")["features"]
        assert len(features) > 0
        assert len({one["id"] for one in features}) == len(features)
        one = read(ogc, f"/ogc/collections/{name}/items/{features[0]['id']}")
        assert {key: one[key] for key in features[0]} == features[0]
        schema = read(ogc, f"/ogc/collections/{name}/schema")["properties"]
        assert schema.keys() - {"id", "geometry"} == one["properties"].keys()


def test_works_have_all_their_phases_in_one_feature(ogc: Service, scene: dict[str, Any]) -> None:
    gas = read(ogc, f"{ITEMS}/{scene['gas']['id']}")["properties"]
    assert (gas["phases"], gas["starts_on"], gas["ends_on"]) == (
        2,
        scene["gas"]["phases"][0]["starts_on"],
        "2027-06-10",
    )
    phases = read(ogc, "/ogc/collections/phases/items", works_id=scene["gas"]["id"])
    assert sorted(one["properties"]["ends_on"] for one in phases["features"])[1] == "2027-06-10"


def test_nobody_reads_who_reported(ogc: Service, scene: dict[str, Any]) -> None:
    for path in ("items", "items?f=html", "queryables", "schema", f"items/{scene['hole']['id']}"):
        with ogc.as_("admin") as client:
            text = client.get(f"/ogc/collections/repairs/{path}").text
        assert "Peeters" not in text and "reporter" not in text and "0470" not in text


def test_holds_requests_and_protected_ground_have_days_filters_and_readers(
    ogc: Service, scene: dict[str, Any]
) -> None:
    def found(name: str, role: str = "viewer", **query: Any) -> list[dict[str, Any]]:
        features = read(ogc, f"/ogc/collections/{name}/items", role, **query)["features"]
        return [one["properties"] for one in features]

    [hold] = found("holds", filter="urgency = 'normal' AND until > DATE('2026-12-01')")
    until = dt.date.fromisoformat(hold["until"])
    assert hold["number"] == scene["hole"]["number"]
    assert found("holds", datetime=f"{until - dt.timedelta(days=1)}/..") == [hold]
    assert found("holds", datetime=f"{until}/..") == found("holds", datetime="../2020-01-01") == []
    [request] = found("requests", state="asked", owner="Proximus")
    ends_on = scene["fibre"]["phases"][0]["ends_on"]
    assert (request["works_id"], request["ends_on"]) == (scene["fibre"]["id"], ends_on)
    assert found("requests", datetime=f"{ends_on}/..") == []
    assert "coordinator" not in str(request) and "asked_by" not in request
    [protection] = found("protections", filter="kind = 'repair'")
    assert found("protections", datetime=f"{protection['until']}/..") == []
    assert found("protections", datetime=protection["laid_on"]) == [protection]
    assert found("requests", "partner") == [request] and found("protections", "partner") == []
    give = sa.text("UPDATE requests SET owner_group_id = :group")
    try:
        with ogc.engine.begin() as conn:
            conn.execute(give, {"group": "fluvius"})
        assert found("requests", "partner") == []
    finally:
        with ogc.engine.begin() as conn:
            conn.execute(give, {"group": "proximus"})


def test_who_may_read_what_is_that_of_the_lists(ogc: Service, scene: dict[str, Any]) -> None:
    assert [one["id"] for one in read(ogc, "/ogc/collections", "partner")["collections"]] == [
        name for name in COLLECTIONS if name not in ("repairs", "holds")
    ]
    own = read(ogc, ITEMS, "partner")
    assert [one["properties"]["title"] for one in own["features"]] == ["Glasvezel"]
    assert own["numberMatched"] == 1
    with ogc.as_("partner") as partner:
        assert partner.get("/ogc/collections/repairs/items").status_code == 403
        assert partner.get(f"{ITEMS}/{scene['gas']['id']}").status_code == 404
        assert partner.get(ITEMS, params={"id": scene["gas"]["id"]}).json()["features"] == []
    with ogc.as_(None) as nobody:
        assert nobody.get("/ogc").status_code == nobody.get("/ogc/conformance").status_code == 200
        assert nobody.get(ITEMS).status_code == nobody.get("/ogc/collections").status_code == 401
        page = nobody.get(f"{ITEMS}?limit=1", headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["location"]) == (
            303,
            f"/login?next={ITEMS.replace('/', '%2F')}%3Flimit%3D1",
        )
    with ogc.as_("reporter") as reporter:
        assert reporter.get(ITEMS).status_code == 403


def test_a_key_reads_the_collections_of_its_scopes(ogc: Service, scene: dict[str, Any]) -> None:
    with db.write(ogc.engine) as conn:
        key = keys.create(conn, "only works", "viewer", scopes=["works:read"])
    with ogc.as_(None, Authorization=f"Bearer {key}") as client:
        assert [one["id"] for one in client.get("/ogc/collections").json()["collections"]] == [
            "works",
            "phases",
        ]
        statuses = {name: client.get(f"/ogc/collections/{name}/items").status_code for name in COLLECTIONS}
    assert statuses == {name: 200 if name in ("works", "phases") else 403 for name in COLLECTIONS}


def test_pages_follow_one_another_in_any_order_and_lose_nothing(ogc: Service, scene: dict[str, Any]) -> None:
    whole = [one["id"] for one in read(ogc, ITEMS)["features"]]
    assert len(whole) == 3
    for sortby in (
        "",
        "title",
        "-title",
        "reference,-starts_on",
        "-opens_surface,vanished_at,owner",
        "category",
        "-category",
    ):
        address, ids = f"{ITEMS}?limit=1" + (f"&sortby={sortby}" if sortby else ""), []
        while address:
            page = read(ogc, address)
            assert page["numberReturned"] == len(page["features"]) == 1
            ids += [one["id"] for one in page["features"]]
            address = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
        assert sorted(ids) == sorted(whole)
        in_one = [one["id"] for one in read(ogc, ITEMS, **({"sortby": sortby} if sortby else {}))["features"]]
        assert ids == in_one
    assert titles(ogc, sortby="-title") == ["Markt", "Glasvezel", "Gas én stroom"]


def test_properties_and_geometry_are_sent_when_asked_for(ogc: Service, scene: dict[str, Any]) -> None:
    [one, *_] = read(ogc, ITEMS, properties="owner,title")["features"]
    assert one["properties"].keys() == {"owner", "title"} and one["geometry"]
    [one, *_] = read(ogc, ITEMS, properties="", skipGeometry="true")["features"]
    assert (one["properties"], one["geometry"]) == ({}, None)
    hits = read(ogc, ITEMS, resultType="hits", owner="Proximus")
    assert (hits["numberMatched"], hits["features"]) == (1, [])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"owner": "Proximus"}, ["Glasvezel"]), ({"opens_surface": "false"}, ["Markt"]), ({"opens_surface": "0"}, ["Markt"]), ({"phases": "2"}, ["Gas én stroom"]),
        ({"utilities": "Gas"}, ["Gas én stroom"]), ({"starts_on": "2026-12-23"}, ["Glasvezel"]), ({"id": "nothing"}, []), ({"title": "Gas én stroom"}, ["Gas én stroom"]),
        ({"datetime": "2026-12-23"}, ["Glasvezel"]), ({"datetime": "2027-01-05"}, ["Glasvezel"]), ({"datetime": "2027-01-06"}, []),
        ({"datetime": "2026-12-22T23:30:00Z"}, ["Glasvezel"]), ({"datetime": "2026-12-22T22:30:00Z"}, []), ({"datetime": "../2026-11-30"}, ["Markt"]),
        ({"datetime": "2027-03-01/.."}, ["Gas én stroom"]), ({"datetime": "2027-03-01/2027-05-31"}, []), ({"datetime": "/2026-11-27"}, []), ({"datetime": "2027-06-09/"}, ["Gas én stroom"]),
        ({"filter": "title LIKE 'G%' AND phases = 1"}, ["Glasvezel"]), ({"filter": "CASEI(owner) = casei('FLUVIUS')"}, ["Gas én stroom"]),
        ({"filter": "ACCENTI(title) = accenti('Gas en stroom')"}, ["Gas én stroom"]), ({"filter": "A_CONTAINS(utilities,('Gas'))"}, ["Gas én stroom"]),
        ({"filter": "T_DURING(INTERVAL(starts_on,ends_on),INTERVAL('2026-12-01','2027-01-31'))"}, ["Glasvezel"]), ({"filter": "ends_on - 1 = 2"}, None),
        ({"filter": "starts_on >= '2027-01-01T00:00:00Z'"}, ["Gas én stroom"]), ({"filter": "NOT opens_surface"}, ["Markt"]), ({"filter": "title ILIKE 'mar%'", "filter-lang": "cql-text"}, ["Markt"]),
        ({"filter": '{"op":"=","args":[{"property":"owner"},"Proximus"]}', "filter-lang": "cql2-json"}, ["Glasvezel"]),
    ],
)  # fmt: skip
def test_filters_leave_what_was_asked_for(
    ogc: Service, scene: dict[str, Any], query: dict[str, str], expected: list[str] | None
) -> None:
    if expected is None:
        assert refusal(ogc, ITEMS, **query) == (400, "filter")
    else:
        assert titles(ogc, **query) == expected


def test_a_box_and_a_shape_find_the_same_in_every_reference_system(
    ogc: Service, scene: dict[str, Any]
) -> None:
    x, y = STREET[0] + 60, STREET[1]
    west, south = TO_WGS84.transform(x, y)
    east, north = TO_WGS84.transform(x + 30, y + 2)
    boxes = {
        crs.CRS84.uri: (west, south, east, north),
        f"{EPSG}/4326": (south, west, north, east),
        f"{EPSG}/31370": (x, y, x + 30, y + 2),
        f"{EPSG}/3812": geometry.transform(shapely.box(x, y, x + 30, y + 2), 31370, 3812).bounds,
    }
    for uri, box in boxes.items():
        numbers = ",".join(map(str, box))
        assert titles(ogc, bbox=numbers, **{"bbox-crs": uri}) == ["Markt"], uri
        six = ",".join(map(str, (*box[:2], -5, *box[2:], 99)))
        assert titles(ogc, bbox=six, **{"bbox-crs": uri}) == ["Markt"], uri
        inside = {"filter": f"S_INTERSECTS(geometry,BBOX({numbers}))", "filter-crs": uri}
        assert titles(ogc, **inside) == ["Markt"], uri
    assert titles(ogc, bbox="0,0,1,1") == []


def test_answers_come_in_the_reference_system_that_was_asked_for(ogc: Service, scene: dict[str, Any]) -> None:
    lambert = shape(scene["market"]["phases"][0]["geometry"])
    for uri, system in crs.CRSS.items():
        with ogc.as_("viewer") as client:
            answer = client.get(f"{ITEMS}/{scene['market']['id']}", params={"crs": uri})
            page = client.get(ITEMS, params={"crs": uri, "title": "Markt"})
        assert answer.headers["Content-Crs"] == page.headers["Content-Crs"] == f"<{uri}>"
        ground = shape(answer.json()["geometry"])
        assert ground.equals(shape(page.json()["features"][0]["geometry"]))
        back = crs.STORAGE.to_storage(ground) if system.code == 31370 else system.to_storage(ground)
        west, south, *_ = back.bounds
        assert (west - STREET[0], south - STREET[1]) == pytest.approx((60, 0.5), abs=0.05), uri
    assert lambert.bounds[0] == pytest.approx(TO_WGS84.transform(STREET[0] + 60, STREET[1])[0], abs=1e-6)


def test_a_long_edge_in_degrees_bends_as_the_parallel_does() -> None:
    """600 m over Belgium: a box to its south finds what lies in it."""
    wide = crs.CRS84.to_storage(shapely.box(2.6, 50.5, 6.4, 50.6))
    middle = crs.CRS84.to_storage(shapely.Point(4.5, 50.5005))
    assert wide.covers(middle)


@pytest.mark.parametrize(
    "ground", [shapely.box(0, 0, 30, 900), shapely.box(0, 0, 900, 30)], ids=["high", "wide"]
)
def test_a_drawing_stays_within_its_frame(ground: shapely.Polygon) -> None:
    [outline] = ogc_pages.paths([ground], flipped=False)
    places = [(float(x), float(y)) for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", outline)]
    assert len(places) >= 4
    assert all(0 <= x <= ogc_pages.WIDTH and 0 <= y <= ogc_pages.HEIGHT for x, y in places)


def test_a_person_gets_a_table_and_a_map_without_a_script(ogc: Service, scene: dict[str, Any]) -> None:
    with ogc.as_("viewer", Accept="text/html,application/xhtml+xml,*/*;q=0.8") as client:
        page = client.get(ITEMS, params={"limit": 2})
        assert page.headers["content-type"].startswith("text/html")
        assert "script" not in page.text and "style=" not in page.text
        assert "script-src" not in page.headers["content-security-policy"]
        assert (
            page.text.count("<tr>") == 3 and page.text.count("<path d=") == 2 and "Gas én stroom" in page.text
        )
        following = (
            page.text.partition(">next<")[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
        )
        assert client.get(following).text.count("<tr>") == 2
        hrefs = [html.unescape(one) for one in re.findall('href="([^"]+)"', page.text)]
        [as_json] = [one for one in hrefs if "f=json" in one]
        assert [one["id"] for one in client.get(as_json).json()["features"]] == [
            one.rpartition("/")[2].partition("?")[0] for one in hrefs if "/items/" in one
        ]
        [first, _] = [one for one in hrefs if "/items/" in one]
        assert client.get(first).headers["content-type"].startswith("text/html")
        assert json.loads(client.get(ITEMS, params={"f": "json"}).text)["numberReturned"] == 3
