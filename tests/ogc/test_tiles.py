"""OGC API – Tiles: what describes the tiles leads to them, and they hold what was asked for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import mapbox_vector_tile
import psycopg
import pytest
import sqlalchemy as sa

from geo_service import db, sql
from geo_service.ogc import tiles
from geo_service.ogc.period import Days
from geo_service.ogc.tiles import LAYERS, TileQuery
from tests.serving import TODAY, Service, street_tile

QUAD = "/ogc/tiles/WebMercatorQuad"
OF_WORKS = "/ogc/collections/works/tiles/WebMercatorQuad"
KINDS = {"string": str, "number": (int, float), "boolean": bool}


def read(ogc: Service, path: str, role: str = "viewer", **query: str) -> Any:
    with ogc.as_(role) as client:
        answer = client.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def layers(ogc: Service, path: str = QUAD, role: str = "viewer", zoom: int = 17, **query: str) -> Any:
    """The features of each layer of the tile where the street begins, by layer."""
    z, x, y = street_tile(0.0, zoom)
    with ogc.as_(role) as client:
        answer = client.get(f"{path}/{z}/{x}/{y}.mvt", params=query or None)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    found = mapbox_vector_tile.decode(answer.content)
    return {
        name: [one["properties"] for one in layer["features"]]
        for name, layer in found.items()
        if layer["features"]
    }


def owners(ogc: Service, layer: str = "works", **query: str) -> set[str]:
    return {one.get("owner", "") for one in layers(ogc, **query).get(layer, ())}


def test_a_tile_has_the_fields_that_its_layer_is_said_to_have(ogc: Service, scene: dict[str, Any]) -> None:
    described = {layer["id"]: layer for layer in read(ogc, QUAD)["layers"]}
    assert list(described) == [name for name, layer in LAYERS.items() if not layer.by_name]
    for zoom in (10, 14, 16, 18):
        for name, features in layers(ogc, zoom=zoom).items():
            layer = described[name]
            assert int(layer["minTileMatrix"]) <= zoom, name
            schema = layer["propertiesSchema"]["properties"]
            for feature in features:
                assert set(feature) <= set(schema), name
                for field, value in feature.items():
                    assert isinstance(value, KINDS[schema[field]["type"]]), (name, field)
    near = layers(ogc, zoom=18)
    assert set(near["works"][0]) >= {"id", "owner", "starts_on", "ends_on", "opens_surface", "certainty"}
    assert {"ground", "guarantees", "new_surfaces"}.isdisjoint(near)  # nothing of these lies here
    assert set(near) == {"pavements", "buildings", "streets", "works", "repairs", "conflicts"}


@pytest.mark.parametrize("zoom", [10, 14, 16, 18])
def test_the_tile_of_one_collection_is_its_part_of_the_whole_tile(
    ogc: Service, scene: dict[str, Any], zoom: int
) -> None:
    z, x, y = street_tile(0.0, zoom)
    with db.read(ogc.engine) as conn:

        def drawn(*names: str) -> dict[str, list[str]]:
            tile = tiles.tile(conn, z, x, y, TODAY, TileQuery(names))
            layers = mapbox_vector_tile.decode(tile).items()
            return {name: sorted(map(repr, layer["features"])) for name, layer in layers if layer["features"]}

        whole = drawn(*LAYERS)
        parts = [drawn(name) for name in LAYERS]
    assert {"works", "repairs", "requests"} <= set(whole)
    assert {name: features for part in parts for name, features in part.items()} == whole
    assert [list(part) for part in parts] == [[name] if name in whole else [] for name in LAYERS]


def test_postgresql_reads_no_table_of_a_layer_that_is_not_drawn(ogc: Service, scene: dict[str, Any]) -> None:
    z, x, y = street_tile(0.0, 17)
    query = TileQuery(["streets"])
    statement = sql.statement("geo_service.ogc", "tile", **query.constants())
    params = {"z": z, "x": x, "y": y, "today": TODAY, **query.params()}
    with db.read(ogc.engine) as conn, db.driver_of(conn) as driver:
        explain = f"EXPLAIN {statement.text}".encode()
        plan = psycopg.RawCursor(driver).execute(explain, statement.values(params)).fetchall()
    tables = set(re.findall(r" on (\w+) ", "\n".join(line for (line,) in plan)))
    assert tables & {"streets", "works", "phases", "buildings", "repairs", "claims"} == {"streets"}


def test_a_collection_has_tiles_of_its_own(ogc: Service, scene: dict[str, Any]) -> None:
    assert layers(ogc, OF_WORKS) == {"works": layers(ogc)["works"]}
    assert set(layers(ogc, collections="works,streets")) == {"works", "streets"}
    for name in (one for one, layer in LAYERS.items() if layer.by_name):
        path = f"/ogc/collections/{name}/tiles/WebMercatorQuad"
        [schema] = [one["propertiesSchema"]["properties"] for one in read(ogc, path)["layers"]]
        [feature] = layers(ogc, path)[name]
        assert set(feature) == set(schema)
        assert layers(ogc, path, datetime="2019-01-01") == layers(ogc, path, owner="Fluvius") == {}
        assert [feature] == layers(ogc, collections=name)[name]
    for_partner = "/ogc/collections/requests/tiles/WebMercatorQuad"
    assert layers(ogc, for_partner, "partner") == layers(ogc, for_partner)
    assert layers(ogc, "/ogc/collections/protections/tiles/WebMercatorQuad", "partner") == {}
    with ogc.as_("viewer") as client:
        assert client.get("/ogc/collections/phases/tiles").status_code == 404
        links = client.get("/ogc/collections/phases").json()["links"]
    assert not [one for one in links if "tiles" in one["rel"]]


def test_a_hold_that_ended_is_there_in_the_days_in_which_it_waited(
    ogc: Service, scene: dict[str, Any]
) -> None:
    z, x, y = street_tile(0.0, 17)
    ago = {n: TODAY - timedelta(days=n) for n in (5, 10, 20)}

    def found(first: date | None) -> list[str]:
        bytes_ = tiles.tile(conn, z, x, y, TODAY, TileQuery(["holds"], Days(first, None)))
        features = mapbox_vector_tile.decode(bytes_).get("holds", {}).get("features", ())
        return [one["properties"]["until"] for one in features]

    with ogc.engine.connect() as conn:  # rolled back at the end
        conn.execute(sa.text("UPDATE repairs SET reported_at = :on WHERE id = :id"), {"on": ago[20], "id": scene["hole"]["id"]})  # fmt: skip
        conn.execute(sa.text("UPDATE holds SET released_on = :on"), {"on": ago[10]})
        assert found(ago[20]) == [ago[10].isoformat()]
        assert found(None) == found(ago[10]) == found(ago[5]) == []


@pytest.mark.parametrize(
    ("datetime", "expected"),
    [
        ("2026-12-23", {"Proximus"}), ("2027-01-06", set()), ("2026-11-27/2026-11-28", {"Stad Izegem"}), ("2027-03-01/..", {"Fluvius"}),
        ("../2026-12-23", {"Proximus", "Stad Izegem"}), ("../..", {"Proximus", "Fluvius", "Stad Izegem"}),
    ],
)  # fmt: skip
def test_a_tile_shows_what_shares_a_day(
    ogc: Service, scene: dict[str, Any], datetime: str, expected: set[str]
) -> None:
    assert owners(ogc, datetime=datetime) == expected
    items = read(ogc, "/ogc/collections/works/items", datetime=datetime)["features"]
    assert {one["properties"]["owner"] for one in items} == expected
    assert {"pavements", "buildings", "streets"} <= set(layers(ogc, datetime=datetime))


def test_conflicts_and_repairs_keep_to_the_days_too(ogc: Service, scene: dict[str, Any]) -> None:
    assert {"repairs", "conflicts"} <= set(layers(ogc))
    long_ago = layers(ogc, datetime="2020-01-01")
    assert {"repairs", "conflicts"}.isdisjoint(long_ago)
    assert len(layers(ogc, datetime="2026-12-23")["conflicts"]) > 0


@pytest.mark.parametrize("owner", ["Proximus", "proximus", "PROXIMUS"])
def test_a_tile_shows_what_is_of_an_owner_and_what_touches_its_works(
    ogc: Service, scene: dict[str, Any], owner: str
) -> None:
    found = layers(ogc, owner=owner)
    assert {one["owner"] for one in found["works"]} == {"Proximus"}
    assert "repairs" not in found and {"pavements", "buildings"} <= set(found)
    sides = read(
        ogc, "/ogc/collections/conflicts/items", filter="a_owner = 'Proximus' OR b_owner = 'Proximus'"
    )
    assert {one["id"] for one in found["conflicts"]} == {one["id"] for one in sides["features"]} != set()
    assert "works" not in layers(ogc, owner="Proximus", datetime="2027-03-01/..")


@pytest.mark.parametrize(
    ("path", "query", "refused"),
    [
        (QUAD, {"f": "xml"}, (400, "f")), (QUAD, {"collections": "works,secrets"}, (400, "collections")), (QUAD, {"owner": "Nobody at all"}, (400, "owner")),
        (QUAD, {"datetime": "soon"}, (400, "datetime")), (QUAD, {"limit": "1"}, (400, "limit")), (OF_WORKS, {"collections": "works"}, (400, "collections")),
        (f"{QUAD}/16/1/1.mvt", {"datetime": "2027-01-02/2027-01-01"}, (400, "datetime")), (f"{QUAD}/16/1/1.mvt", {"f": "mvt"}, (400, "f")),
        (f"{QUAD}/16/1/1.mvt", {"owner": "x' OR 1=1 --"}, (400, "owner")), (f"{QUAD}/a/1/1.mvt", {}, (400, "z")), (f"{QUAD}/9/1/1.mvt", {}, (404, "")),
        ("/ogc/tiles/WorldCRS84Quad", {}, (404, "")), ("/ogc/tiles/WorldCRS84Quad/16/1/1.mvt", {}, (404, "")), ("/ogc/tileMatrixSets/nothing", {}, (404, "")),
        ("/ogc/collections/nothing/tiles", {}, (404, "")), ("/ogc/tiles", {"datetime": "2027-01-01"}, (400, "datetime")),
    ],
)  # fmt: skip
def test_what_is_not_known_is_refused(
    ogc: Service, scene: dict[str, Any], path: str, query: dict[str, str], refused: tuple[int, str]
) -> None:
    with ogc.as_("viewer") as client:
        answer = client.get(path, params=query or None)
    assert (answer.status_code, answer.json().get("errors", [{}])[0].get("field", "")) == refused


def test_who_may_see_which_layer_is_that_of_the_lists(ogc: Service, scene: dict[str, Any]) -> None:
    assert [one["id"] for one in read(ogc, QUAD, "partner")["layers"]] == [
        name for name, layer in LAYERS.items() if layer.action == "read" and not layer.by_name
    ]
    assert {one["owner"] for one in layers(ogc, OF_WORKS, "partner")["works"]} == {"Proximus"}
    assert layers(ogc, OF_WORKS, "partner", owner="Fluvius") == {}
    with ogc.as_("partner") as partner:
        z, x, y = street_tile(0.0, 17)
        for path in ("", "/WebMercatorQuad", f"/WebMercatorQuad/{z}/{x}/{y}.mvt"):
            assert partner.get(f"/ogc/collections/repairs/tiles{path}").status_code == 403
        assert partner.get(f"{QUAD}/{z}/{x}/{y}.mvt", params={"collections": "repairs"}).status_code == 400
    with ogc.as_(None) as nobody:
        for path in ("/ogc/tiles", QUAD, f"{QUAD}/{z}/{x}/{y}.mvt", f"{OF_WORKS}/{z}/{x}/{y}.mvt"):
            assert nobody.get(path).status_code == 401


def test_a_selection_that_did_not_change_is_not_sent_again(ogc: Service, scene: dict[str, Any]) -> None:
    z, x, y = street_tile(0.0, 17)
    with ogc.as_("viewer") as client:
        first = client.get(f"{OF_WORKS}/{z}/{x}/{y}.mvt", params={"owner": "Proximus"})
        seen = {"If-None-Match": first.headers["ETag"]}
        same = client.get(f"{OF_WORKS}/{z}/{x}/{y}.mvt", params={"owner": "Proximus"}, headers=seen)
        other = client.get(f"{OF_WORKS}/{z}/{x}/{y}.mvt", params={"owner": "Fluvius"}, headers=seen)
    assert (same.status_code, same.content, other.status_code) == (304, b"", 200)
