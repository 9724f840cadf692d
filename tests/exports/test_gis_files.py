"""GeoParquet, GeoPackage and DXF, as the programs that read them see them."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import ezdxf
import geopandas as gpd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from geo_service.exports import drawing, formats
from geo_service.intake.formats import dxf
from geo_service.intake.formats.raw_record import RawRecord, ReadOptions, Remarks
from geo_service.store.collections import COLLECTIONS
from tests.serving import Service

NAMES = tuple(COLLECTIONS)
QUARTER = {"bbox": "3.209,50.914,3.221,50.922"}
"""A part of the demo city with some of everything."""
KEYS = {"works": "phase_id"}
"""The field that tells rows apart, where it is not `id`."""


def download(service: Service, name: str, **query: Any) -> bytes:
    with service.as_("coordinator") as client:
        answer = client.get(f"/api/v1/{name}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.content


def on_disk(service: Service, name: str, folder: Path, **query: Any) -> Path:
    path = folder / name
    path.write_bytes(download(service, name, **query))
    return path


def features(service: Service, name: str) -> dict[str, Any]:
    return {str(one["id"]): one for one in json.loads(download(service, f"{name}.geojson"))["features"]}


@pytest.mark.parametrize("name", NAMES)
def test_parquet_says_of_each_row_in_which_box_it_lies(demo_server: Service, name: str) -> None:
    content = download(demo_server, f"{name}.parquet", **QUARTER)
    geo = json.loads(pq.read_schema(io.BytesIO(content)).metadata[b"geo"])
    assert geo["columns"]["geometry"]["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    table = pq.read_table(io.BytesIO(content))
    for box, wkb in zip(table["bbox"].to_pylist(), table["geometry"].to_pylist(), strict=True):
        assert tuple(box.values()) == shapely.from_wkb(wkb).bounds


def test_parquet_is_read_by_window(demo_server: Service) -> None:
    content = download(demo_server, "buildings.parquet")
    everything = gpd.read_parquet(io.BytesIO(content))
    west, south, east, north = everything.total_bounds
    window = (west, south, (west + east) / 2, (south + north) / 2)
    part = gpd.read_parquet(io.BytesIO(content), bbox=window)
    inside = everything[everything.intersects(shapely.box(*window))]
    assert len(inside) <= len(part) < len(everything)
    assert set(inside.id) <= set(part.id)


def test_neighbours_stand_in_one_row_group_of_parquet(demo_server: Service) -> None:
    """The boxes of the groups together are hardly larger than the city; in the order of ids each would be the city."""
    content = download(demo_server, "buildings.parquet")
    file = pq.ParquetFile(io.BytesIO(content))
    boxes = []
    for number in range(file.num_row_groups):
        column = [box.as_py() for box in file.read_row_group(number, ["bbox"])["bbox"]]
        boxes.append(
            shapely.box(
                min(b["xmin"] for b in column), min(b["ymin"] for b in column),
                max(b["xmax"] for b in column), max(b["ymax"] for b in column),
            )
        )  # fmt: skip
    assert len(boxes) > 3
    assert sum(box.area for box in boxes) < 2 * shapely.union_all(boxes).envelope.area


@pytest.mark.parametrize("name", NAMES)
def test_a_geopackage_holds_each_row(demo_server: Service, name: str, tmp_path: Path) -> None:
    key = KEYS.get(name, "id")
    known = gpd.read_parquet(io.BytesIO(download(demo_server, f"{name}.parquet", **QUARTER))).set_index(key)
    path = on_disk(demo_server, f"{name}.gpkg", tmp_path, **QUARTER)
    frame = gpd.read_file(path, layer=name).set_index(key)
    assert frame.crs.to_epsg() == 4326
    assert sorted(frame.index) == sorted(known.index)
    assert {*COLLECTIONS[name].fields} <= {key, *frame.columns}
    assert len(known) > 0
    assert frame.geometry.loc[known.index].to_wkb().equals(known.geometry.to_wkb())


def test_a_geopackage_says_in_dutch_what_its_columns_mean(demo_server: Service, tmp_path: Path) -> None:
    path = on_disk(demo_server, "conflicts.gpkg", tmp_path)
    with sqlite3.connect(path) as conn:
        told = dict(conn.execute("SELECT column_name, title || ': ' || description FROM gpkg_data_columns"))
        styles = conn.execute("SELECT f_table_name, styleQML, useAsDefault FROM layer_styles").fetchall()
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
    assert set(told) == set(COLLECTIONS["conflicts"].fields)
    assert told["overlap_m2"] == "Overlapping (m²): Gedeelde grond in vierkante meter"
    assert told["b_starts_on"] == "B · Begint op: Eerste dag"
    [(layer, style, default)] = styles
    assert (layer, default) == ("conflicts", 1)
    labels = {one.get("value"): one.get("label") for one in ElementTree.fromstring(style).iter("category")}
    assert labels["critical"] == "Kritiek"
    meta = pyogrio.raw.read(path, layer="conflicts", max_features=1)[0]
    types = dict(zip(meta["fields"], meta["dtypes"], strict=True))
    assert (types["b_starts_on"], types["opportunity"]) == ("datetime64[D]", "bool")
    with sqlite3.connect(path) as conn:
        domains = dict(conn.execute("SELECT column_name, constraint_name FROM gpkg_data_columns"))
        codes = "SELECT constraint_type, description FROM gpkg_data_column_constraints WHERE constraint_name = ? AND value = ?"
        assert conn.execute(codes, (domains["severity"], "critical")).fetchall() == [("enum", "Kritiek")]
        assert conn.execute(codes, (domains["a_kind"], "opening")).fetchall() == [("enum", "Openbraak")]
    assert domains["overlap_m2"] is None


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_geopackage_still_has_its_layer(demo_server: Service, name: str, tmp_path: Path) -> None:
    path = on_disk(demo_server, f"{name}.gpkg", tmp_path, bbox="4.9,51.1,4.91,51.11")
    assert pyogrio.read_info(path, layer=name)["features"] == 0


def drawn(path: Path) -> list[RawRecord]:
    rows = dxf.read(path, ReadOptions(), Remarks())
    return [row for row in rows if isinstance(row, RawRecord)]


@pytest.mark.parametrize("name", ["works", "repairs", "conflicts", "protections"])
def test_a_drawing_is_read_again_by_our_own_importer(demo_server: Service, name: str, tmp_path: Path) -> None:
    """Ground, CRS and fields come back; each row is there."""
    known = gpd.read_parquet(io.BytesIO(download(demo_server, f"{name}.parquet", crs=31370)))
    records = drawn(on_disk(demo_server, f"{name}.dxf", tmp_path))
    assert {record.crs for record in records} == {31370}
    key = KEYS.get(name, "id")
    grounds: dict[str, list[Any]] = {}
    for record in records:
        properties = record.record["properties"]
        grounds.setdefault(properties[key], []).append(shapely.geometry.shape(record.record["geometry"]))
    assert len(known) > 0
    for row, ground in zip(known[key], known.geometry, strict=True):
        again = shapely.union_all(grounds.pop(row))
        assert again.symmetric_difference(ground).area < 0.02 * max(ground.length, 1)
        assert again.hausdorff_distance(ground) < 0.02
    assert grounds == {}


def test_a_drawing_is_in_metres_with_a_layer_for_each_owner_and_certainty(
    demo_server: Service, tmp_path: Path
) -> None:
    document = ezdxf.readfile(on_disk(demo_server, "works.dxf", tmp_path))
    assert document.audit().errors == []
    assert document.units == 6
    known = features(demo_server, "works").values()
    owners = {one["properties"]["owner"] for one in known}
    layers = {layer.dxf.name for layer in document.layers}
    assert all(any(f"Werken-{owner}-" in layer for layer in layers) for owner in owners)
    texts = [text.dxf.text for text in document.modelspace().query("TEXT")]
    days = {one["properties"]["starts_on"] for one in known}
    assert all(any(day in text for text in texts) for day in days)
    first = document.modelspace().query("LWPOLYLINE").first
    assert first is not None and first[0][0] > 50_000, "Lambert 72"


def test_gdal_reads_a_drawing(demo_server: Service, tmp_path: Path) -> None:
    path = on_disk(demo_server, "works.dxf", tmp_path)
    assert pyogrio.read_info(path, force_feature_count=True)["features"] >= len(
        features(demo_server, "works")
    )


def test_a_drawing_that_autocad_could_not_hold_is_refused_with_what_to_do(
    demo_server: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = formats.Format("image/vnd.dxf", drawing.write, most_rows=3, metric=True)
    monkeypatch.setitem(formats.FORMATS, "dxf", small)  # type: ignore[index]
    with demo_server.as_("coordinator") as client:
        answer = client.get("/api/v1/buildings.dxf")
    assert answer.status_code == 422
    [wrong] = answer.json()["errors"]
    assert (wrong["field"], wrong["code"]) == ("format", "export_too_large")
    assert "kies een kleiner gebied" in wrong["message"]


@pytest.mark.parametrize("format", ["csv", "xlsx", "gpkg", "dxf", "parquet"])
def test_a_partner_gets_its_own_works_in_each_format(
    demo_server: Service, format: str, tmp_path: Path
) -> None:
    with demo_server.as_("partner") as client:
        answer = client.get(f"/api/v1/works.{format}")
        refused = client.get(f"/api/v1/repairs.{format}")
    assert answer.status_code == 200
    assert refused.status_code == 403
    if format == "gpkg":
        (tmp_path / "works.gpkg").write_bytes(answer.content)
        frame = gpd.read_file(tmp_path / "works.gpkg", layer="works")
        assert set(frame.owner_group) == {"proximus"}


def test_no_file_of_an_export_is_left_behind(demo_server: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for format in ("xlsx", "gpkg", "dxf"):
        download(demo_server, f"works.{format}")
    assert list(tmp_path.iterdir()) == []
