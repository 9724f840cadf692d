"""What others make of `/ogc`: GDAL (so QGIS and GeoPandas), OWSLib, and the schemas of the standard."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import jsonschema
import pytest
import yaml
from openapi_spec_validator import validate
from owslib.ogcapi.features import Features

from tests.conftest import unavailable
from tests.serving import Service

PROJECT = Path(__file__).parents[2]
ITEMS = "/ogc/collections/works/items"
COLLECTIONS = [
    "works", "phases", "repairs", "conflicts", "holds", "requests", "protections", "buildings", "pavements", "streets",
]  # fmt: skip


READ = """
import json, sys
import pyogrio, shapely
address, questions, answers = sys.argv[1], json.loads(sys.argv[2]), []
for layer, options in questions:
    options = {name: tuple(value) if name == "bbox" else value for name, value in options.items()}
    meta, rows = pyogrio.read_arrow(address, layer=layer, **options)
    rows = rows.to_pylist()
    ground = [shapely.from_wkb(row.pop(meta["geometry_name"] or "wkb_geometry")) for row in rows]
    answers.append({"crs": meta["crs"], "bounds": list(shapely.total_bounds(ground)), "rows": rows,
                    "count": pyogrio.read_info(address, layer=layer)["features"] if not options else None})
print(json.dumps({"layers": [name for name, _ in pyogrio.list_layers(address)], "answers": answers}, default=str))
"""
FILTERS = [
    ("owner = 'Proximus'", "owner = 'Proximus'", ["Glasvezel"]),
    ("title LIKE 'G%' AND phases > 1", "title LIKE 'G%' AND phases > 1", ["Gas én stroom"]),
    ("owner = 'Proximus' OR title = 'Markt'", "OR title = 'Markt'", ["Glasvezel", "Markt"]),
    ("opens_surface = 0", "opens_surface = 0", ["Markt"]),
    ("starts_on >= '2027/01/01'", "starts_on >= '2027", ["Gas én stroom"]),
    ("title ILIKE 'mark_'", "ILIKE", ["Markt"]),
]
"""What a program asks, what it must send to us, and the titles of the works that are left."""
BOX = (80_060, 190_000, 80_090, 190_002)


def test_gdal_reads_every_collection_and_lets_the_server_filter(
    ogc: Service, scene: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """In a process of its own: GDAL would keep this one from answering it."""
    questions = [(name, {}) for name in COLLECTIONS]
    questions += [("works", {"where": where}) for where, _, _ in FILTERS] + [("works", {"bbox": BOX})]
    key = {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": ogc.keys["viewer"]}
    command = [sys.executable, "-c", READ, f"OAPIF:{ogc.url}/ogc", json.dumps(questions)]
    with caplog.at_level(logging.INFO, "uvicorn.access"):
        ran = subprocess.run(
            command, env={**os.environ, **key}, capture_output=True, text=True, timeout=120, check=False
        )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    asked = [re.sub("[()]", "", unquote_plus(line)) for line in caplog.messages]

    assert found["layers"] == COLLECTIONS
    for one in found["answers"][: len(COLLECTIONS)]:
        assert (one["crs"], one["count"]) == ("EPSG:31370", len(one["rows"]))
        west, south, east, north = one["bounds"]
        assert 79_990 < west < east < 80_110 and 189_990 < south <= north < 190_040
    *filtered, boxed = found["answers"][len(COLLECTIONS) :]
    for (where, sent, titles), one in zip(FILTERS, filtered, strict=True):
        assert sorted(row["title"] for row in one["rows"]) == titles, where
        assert any("filter=" in line and sent in line for line in asked), where
    assert [row["title"] for row in boxed["rows"]] == ["Markt"]
    assert any("bbox=80060" in line for line in asked)


def test_owslib_reads_collections_queryables_and_features(ogc: Service, scene: dict[str, Any]) -> None:
    client = Features(f"{ogc.url}/ogc", headers={"Authorization": f"Bearer {ogc.keys['viewer']}"})
    assert client.feature_collections() == COLLECTIONS
    assert "starts_on" in client.collection_queryables("works")["properties"]
    found = client.collection_items("works", filter="owner = 'Fluvius'", sortby="title", limit=5)
    assert [one["properties"]["title"] for one in found["features"]] == ["Gas én stroom"]
    assert client.collection_item("works", scene["market"]["id"])["properties"]["title"] == "Markt"
    assert (
        len(client.collection_items("works", bbox=[3, 50, 4, 52], datetime_="2027-01-20/..")["features"]) == 1
    )


@pytest.mark.shared
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/ogc", "landingPage"), ("/ogc/conformance", "confClasses"), ("/ogc/collections", "collections"), ("/ogc/collections/works", "collection"),
        (ITEMS, "featureCollectionGeoJSON"), ("/ogc/collections/buildings/items?limit=1", "featureCollectionGeoJSON"),
    ],
)  # fmt: skip
def test_documents_are_as_the_schemas_of_the_standard_say(
    ogc: Service, scene: dict[str, Any], shared: Path, path: str, name: str
) -> None:
    file = shared / "schemas" / "ogcapi-features" / "core-merged-oas30.yaml"
    components = yaml.safe_load(file.read_text())["components"]
    with ogc.as_("viewer") as client:
        document = client.get(path).json()
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    jsonschema.Draft4Validator(schema).validate(document)


def test_the_openapi_document_is_one(ogc: Service) -> None:
    with ogc.as_(None) as client:
        validate(client.get("/ogc/api").json())


def test_queryables_and_schemas_are_json_schema(ogc: Service, scene: dict[str, Any]) -> None:
    with ogc.as_("viewer") as client:
        for name in ("works", "conflicts", "pavements"):
            for part in ("queryables", "schema"):
                document = client.get(f"/ogc/collections/{name}/{part}").json()
                jsonschema.Draft202012Validator.check_schema(document)
            plain = {
                **document,
                "properties": {k: v for k, v in document["properties"].items() if k != "geometry"},
            }
            nullable = {k: {**v, "type": [v["type"], "null"]} for k, v in plain["properties"].items()}
            for one in client.get(f"/ogc/collections/{name}/items").json()["features"]:
                jsonschema.Draft202012Validator({**plain, "properties": nullable}).validate(one["properties"])


def test_the_client_of_camptocamp_reads_collections_features_and_tilesets(
    ogc: Service, scene: dict[str, Any]
) -> None:
    if not (PROJECT / "node_modules" / "@camptocamp" / "ogc-client").exists():
        unavailable("npm's @camptocamp/ogc-client")
    command = ["node", str(Path(__file__).with_name("read_ogc.mjs")), f"{ogc.url}/ogc", ogc.keys["viewer"]]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["title"] == "Kaartgegevens van Izegem"
    assert found["features"] == COLLECTIONS
    assert found["tiles"] == [name for name in COLLECTIONS if name != "phases"]
    assert found["matrixSets"] == ["WebMercatorQuad"]
    assert "starts_on" in found["queryables"] and len(found["crs"]) == 4
    assert found["items"] == ["Gas én stroom", "Glasvezel", "Markt"]
    with ogc.as_("viewer") as client:
        assert client.get(found["tileset"]).json()["dataType"] == "vector"
        [gas] = client.get(found["url"]).json()["features"]
    assert gas["properties"]["title"] == "Gas én stroom"
