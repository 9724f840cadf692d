"""OGC API – Tiles: the documents that describe the tiles lead to them, keep a selection, and are pages for people."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import mapbox_vector_tile
import pytest

from tests.ogc.test_tiles import OF_WORKS, QUAD, read
from tests.serving import Service, street_tile

REL = "http://www.opengis.net/def/rel/ogc/1.0"


def href(document: dict[str, Any], rel: str) -> str:
    return next(link["href"] for link in document["links"] if link["rel"] == rel)


@pytest.mark.parametrize("start", ["/ogc", "/ogc/collections/works"])
def test_from_the_first_page_the_links_lead_to_a_tile(
    ogc: Service, scene: dict[str, Any], start: str
) -> None:
    tilesets = read(ogc, href(read(ogc, start), f"{REL}/tilesets-vector"))
    [one] = tilesets["tilesets"]
    tileset = read(ogc, href(one, "self"))
    assert (one["dataType"], tileset["dataType"]) == ("vector", "vector")
    matrix_set = read(ogc, href(tileset, f"{REL}/tiling-scheme"))
    assert matrix_set["uri"] == tileset["tileMatrixSetURI"] == one["tileMatrixSetURI"]

    limits = {one["tileMatrix"]: one for one in tileset["tileMatrixSetLimits"]}
    z, x, y = street_tile(0.0, 16)
    assert limits["16"]["minTileCol"] <= x <= limits["16"]["maxTileCol"]
    assert limits["16"]["minTileRow"] <= y <= limits["16"]["maxTileRow"]
    address = href(tileset, "item").format(tileMatrix=z, tileCol=x, tileRow=y)
    with ogc.as_("viewer") as client:
        found = mapbox_vector_tile.decode(client.get(address).content)
    described = {layer["id"]: layer for layer in tileset["layers"]}
    assert "works" in found and set(found) <= set(described)


def test_the_tile_matrix_set_is_that_of_the_register(ogc: Service) -> None:
    with ogc.as_(None) as nobody:
        [listed] = nobody.get("/ogc/tileMatrixSets").json()["tileMatrixSets"]
        assert nobody.get(listed["links"][0]["href"]).json()["id"] == "WebMercatorQuad"
        matrices = nobody.get("/ogc/tileMatrixSets/WebMercatorQuad").json()["tileMatrices"]
    assert [one["id"] for one in matrices] == [str(zoom) for zoom in range(25)]
    for one in matrices:
        assert one["scaleDenominator"] * 0.00028 == pytest.approx(one["cellSize"], rel=1e-9)
        assert one["cellSize"] * one["tileWidth"] * one["matrixWidth"] == pytest.approx(
            40075016.6856, abs=1e-3
        )
    assert matrices[18]["scaleDenominator"] == pytest.approx(2132.729583849784)


def test_tilejson_names_layers_ground_and_the_selection(ogc: Service, scene: dict[str, Any]) -> None:
    found = read(ogc, OF_WORKS, f="tilejson", owner="Proximus", datetime="2026-12-23")
    assert (found["tilejson"], found["minzoom"], found["maxzoom"]) == ("3.0.0", 10, 18)
    [layer] = found["vector_layers"]
    assert (layer["id"], layer["fields"]["owner"], layer["fields"]["opens_surface"]) == (
        "works",
        "String",
        "Boolean",
    )
    west, south, east, north = found["bounds"]
    assert west < found["center"][0] < east and south < found["center"][1] < north
    z, x, y = street_tile(0.0, 17)
    address = found["tiles"][0].format(z=z, x=x, y=y)
    assert parse_qs(urlsplit(address).query) == {"owner": ["Proximus"], "datetime": ["2026-12-23"]}
    with ogc.as_("viewer") as client:
        works = mapbox_vector_tile.decode(client.get(address).content)["works"]["features"]
    assert {one["properties"]["owner"] for one in works} == {"Proximus"}


def test_the_links_of_a_tileset_keep_its_selection(ogc: Service, scene: dict[str, Any]) -> None:
    query = {"collections": "works", "owner": "Proximus", "datetime": "2026-12-23"}
    found = read(ogc, QUAD, **query)
    assert [one["id"] for one in found["layers"]] == ["works"]
    own = [dict(parse_qsl(urlsplit(one["href"]).query)) for one in found["links"] if QUAD in one["href"] and "tileMatrixSets" not in one["href"]]  # fmt: skip
    assert own == [query, {**query, "f": "html"}, {**query, "f": "tilejson"}, query]


def test_each_document_is_a_page_for_people(ogc: Service, scene: dict[str, Any]) -> None:
    with ogc.as_("viewer") as client:
        for path in (
            "/ogc/tiles",
            QUAD,
            "/ogc/tileMatrixSets",
            "/ogc/tileMatrixSets/WebMercatorQuad",
            OF_WORKS,
        ):
            page = client.get(f"{path}?f=html")
            assert (page.status_code, "<h1>" in page.text, "{tileMatrix}</a>" in page.text) == (
                200,
                True,
                False,
            )
