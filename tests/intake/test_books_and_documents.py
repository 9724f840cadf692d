"""Workbooks and documents as their programs write them: what is hidden, struck through, empty, twice, or in a list of another name."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
from openpyxl.styles import Font
from shapely import Point, Polygon

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.i18n import Translator
from geo_service.intake import remarks
from geo_service.intake.assistant.proposal import propose
from geo_service.intake.mapping.definition import Mapping, parse_mapping
from geo_service.settings import Settings
from tests.intake.reading import IZEGEM, POINT, Came, came, feature, simple

HEAD = ["nr", "straat", "van", "tot", "x", "y"]
MAPPING = simple("crs = 31370", tables='[place]\nx = "x"\ny = "y"')
ENGLISH = Translator("en", datetime.date(2026, 11, 30))


def row(nr: str, *more: str) -> list[Any]:
    return [nr, "Gentsestraat", "2027-03-01", "2027-03-10", 68_587.16, 179_100.5, *more]


def book(*rows: list[Any], head: list[str] = HEAD) -> Any:
    made = openpyxl.Workbook()
    for cells in (head, *rows):
        made.active.append(cells)  # type: ignore[union-attr]
    return made


def read(folder: Path, made: Any, mapping: str = MAPPING) -> Came:
    made.save(folder / "a.xlsx")
    return came(folder / "a.xlsx", mapping)


def test_rows_that_are_hidden_or_struck_through_are_read_and_named(tmp_path: Path) -> None:
    made = book(row("A1"), row("A2"), row("A3"), row("A4"))
    made.active.row_dimensions[3].hidden = True
    for cell in (*made.active[4], made.active["A5"]):
        cell.font = Font(strike=True)
    found = read(tmp_path, made)
    assert len(found.works) == 4
    assert (found.remarks.hidden_rows, found.remarks.struck_rows) == ([3], [4])
    assert [text.partition(":")[2] for text in remarks.sentences(found.remarks.as_json(), ENGLISH)] == [
        " row 3.", " row 4. Are they cancelled? Say so in their status.",
    ]  # fmt: skip


def test_empty_sheets_are_none_and_hidden_ones_are_named(tmp_path: Path) -> None:
    made = book(row("A1"))
    made.create_sheet("Blad2")
    hidden = made.create_sheet("Oud")
    hidden.append(HEAD)
    hidden.sheet_state = "hidden"
    found = read(tmp_path, made)
    assert (len(found.works), list(found.remarks.left_behind)) == (1, ["Oud"])


def test_columns_of_one_name_are_numbered_and_none_is_taken_for_the_other(tmp_path: Path) -> None:
    notes = [*HEAD, "nota", "nota"]
    again = [cell.upper() for cell in notes]
    found = read(tmp_path, book(row("A1", "a", "b"), again, row("A2", "c", "d"), head=notes))
    assert (len(found.works), found.remarks.unused_columns) == (2, ["nota (1)", "nota (2)"])
    days = [*HEAD, "van"]
    with pytest.raises(InvalidInput, match=r"van → van \("):
        read(tmp_path, book(row("A1", "2027-04-01"), head=days))


@pytest.mark.parametrize(
    ("document", "items"),
    [
        ({"total_count": 1, "facets": [], "results": [0]}, "results"),
        ({"success": True, "result": {"fields": ["nr"], "records": [0]}}, "result.records"),
        ({"data": {"type": "FeatureCollection", "features": [0]}}, "data.features"),
    ],
)
def test_the_assistant_finds_the_list_in_a_document(
    tmp_path: Path, document: dict[str, Any], items: str
) -> None:
    (tmp_path / "a.json").write_text(
        json.dumps(document).replace("[0]", json.dumps([feature()])), encoding="utf-8"
    )
    mapping, proposal = proposed(tmp_path / "a.json")
    assert (mapping.form, mapping.items) == ("records", items)
    assert len(proposal.rows) == 1
    with pytest.raises(SourceUnreachable, match=items):
        came(tmp_path / "a.json")


def proposed(file: Path) -> tuple[Mapping, Any]:
    proposal = propose(str(file), "works", Settings(region_bbox=IZEGEM), None, ENGLISH)
    return parse_mapping(proposal.text, "test"), proposal


def test_topojson_and_json_fg_are_read_where_they_lie(tmp_path: Path) -> None:
    properties = feature()["properties"]
    line = {"type": "LineString", "arcs": [0], "properties": properties}
    topology = {
        "type": "Topology", "transform": {"scale": [1e-5, 1e-5], "translate": [3.21, 50.91]}, "arcs": [[[97, 652], [10, 0]]],
        "objects": {"werken": {"type": "GeometryCollection", "geometries": [line]}},
    }  # fmt: skip
    in_metres = feature(None) | {"place": {"type": "Point", "coordinates": [68_587.16, 179_100.5]}}
    fg = {"type": "FeatureCollection", "conformsTo": ["[ogc-json-fg-1-0.2:core]"], "coordRefSys": "[EPSG:31370]", "features": [in_metres]}  # fmt: skip
    for name, document in (("a.json", topology), ("b.json", fg)):
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
        (works,) = came(tmp_path / name).works
        assert works.phases[0].geometry.distance(Point(68_587.16, 179_100.5)) < 1


def test_a_sequence_of_texts_is_read_as_lines(tmp_path: Path) -> None:
    (tmp_path / "a.geojsons").write_text(f"\x1e{json.dumps(feature())}\n", encoding="utf-8")
    assert len(came(tmp_path / "a.geojsons").works) == 1


def test_a_track_of_a_receiver_is_a_line_and_not_its_points(tmp_path: Path) -> None:
    lon, lat = POINT["coordinates"]
    points = "".join(f'<trkpt lat="{lat + step / 1e4}" lon="{lon}"/>' for step in range(3))
    (tmp_path / "a.gpx").write_text(
        f'<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>A1</name><trkseg>{points}</trkseg></trk></gpx>'
    )
    mapping = simple("constants = { owner = 'Fluvius', starts_on = '2027-03-01', ends_on = '2027-03-10' }")
    mapping = mapping.replace('[constants]\nowner = "Fluvius"\n', "").replace('"nr"', '"name"')
    mapping = "\n".join(
        line for line in mapping.splitlines() if not line.startswith(("starts_on", "ends_on"))
    )
    (works,) = came(tmp_path / "a.gpx", mapping).works
    assert works.phases[0].geometry.length == pytest.approx(22.2, abs=0.2)


@pytest.mark.parametrize("nothing", [None, Polygon()])
def test_a_flatgeobuf_may_hold_a_record_without_a_place(tmp_path: Path, nothing: Any) -> None:
    frame = geopandas.GeoDataFrame(
        [feature()["properties"] | {"nr": nr} for nr in ("A1", "A2")],
        geometry=[Point(68_587, 179_100), nothing],
        crs=31370,
    )
    frame.to_file(tmp_path / "a.fgb", driver="FlatGeobuf", SPATIAL_INDEX="NO")
    found = came(tmp_path / "a.fgb", simple())
    assert (len(found.works), found.refused) == (1, {"A2": "geometry_missing"})


def test_a_text_or_a_page_called_xls_is_what_it_is(tmp_path: Path) -> None:
    cells = ["\t".join(map(str, one)) for one in (HEAD, row("A1"))]
    (tmp_path / "a.xls").write_text("\n".join(cells), encoding="utf-8")
    assert len(came(tmp_path / "a.xls", MAPPING).works) == 1
    (tmp_path / "a.xls").write_text("<html><table><tr><td>nr</td></tr></table></html>", encoding="utf-8")
    with pytest.raises(SourceUnreachable, match=r"save it as \.xlsx"):
        came(tmp_path / "a.xls", MAPPING)


def test_the_assistant_says_why_no_row_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("nr,x,y\nA1,68587,16,179100,5\n", encoding="utf-8")
    with pytest.raises(SourceUnreachable, match=r"row 2.*5 cells"):
        proposed(tmp_path / "a.csv")
