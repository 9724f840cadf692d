"""What people hand in comes in whole, whatever its format; what cannot be read is named and changes nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geo_service.domain.errors import InvalidInput
from geo_service.intake.formats import signature
from tests.intake import papers
from tests.intake.conftest import Import, counts
from tests.intake.file_scenes import DRAWN, STORED, WITH_XY, Rows, mapping, rows_of

__all__ = ["mapping"]  # fixtures


@pytest.mark.parametrize(
    "write",
    [
        papers.geopackage, papers.lambert_2008, papers.kml, papers.kmz, papers.gml, papers.geoparquet, papers.geojson_of_qgis, papers.shapefile,
        lambda path: papers.shapefile(path, "utf-8"), lambda path: papers.shapefile(path, "utf-8", says=False),
    ],
    ids=["gpkg", "lambert 2008", "kml", "kmz", "gml", "parquet", "geojson", "shp", "shp utf-8", "shp utf-8 unsaid"],
)  # fmt: skip
def test_a_file_with_geometry_says_its_crs_itself(
    take_in: Import, rows: Rows, mapping: Any, tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    file = write(tmp_path)
    assert counts(take_in("works", file, mapping=mapping())) == {"read": 3, "created": 3}
    assert rows(STORED) == rows_of("4.0")
    assert counts(take_in("works", file, mapping=mapping())) == {"read": 3, "unchanged": 3}


@pytest.mark.parametrize("crs", [4326, 31370, 3812])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_has_its_place_in_columns(
    take_in: Import, rows: Rows, mapping: Any, tmp_path: Path, crs: int, form: str
) -> None:
    lines = papers.table(crs=crs)
    file = papers.csv_file(tmp_path, lines) if form == "csv" else papers.workbook(tmp_path, lines)
    with pytest.raises(InvalidInput, match=f"say `crs = {crs}`"):
        take_in("works", file, mapping=mapping(WITH_XY))
    report = take_in("works", file, mapping=mapping(WITH_XY, f"crs = {crs}"))
    assert counts(report) == {"read": 3, "created": 3}
    assert rows(STORED) == rows_of("0.0")


def test_a_wkt_column_is_a_place_too(take_in: Import, rows: Rows, mapping: Any, tmp_path: Path) -> None:
    lines = [{**row, "Vorm": papers.ground(place).wkt} for place, row in enumerate(papers.ROWS)]
    told = mapping(papers.MAPPING, 'crs = 31370\nplace = { wkt = "Vorm" }')
    assert counts(take_in("works", papers.csv_file(tmp_path, lines), mapping=told)) == {
        "read": 3,
        "created": 3,
    }
    assert rows(STORED) == rows_of("4.0")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"X": "links"}, "number_invalid", "X"),
        ({"X": ""}, "geometry_missing", "geometry"),
        ({"X": "0", "Y": "0"}, "place_unknown", "X"),
        ({"X": "3,2", "Y": "50,9"}, "geometry_outside_region", "geometry"),
        ({"Nr": ""}, "id_missing", "id"),
        ({"Tot": "31/02/2026"}, "date_invalid", "ends_on"),
    ],
)
def test_a_row_of_a_table_is_refused_by_its_column(
    take_in: Import, mapping: Any, tmp_path: Path, change: dict[str, str], code: str, field: str
) -> None:
    lines = papers.table()
    lines[1] |= change
    told = mapping(WITH_XY.replace('y = "Y"', 'y = "Y", nowhere = [[0, 0]]'), "crs = 31370")
    report = take_in("works", papers.csv_file(tmp_path, lines), mapping=told)
    assert counts(report) == {"read": 3, "created": 2, "rejected": 1}
    assert [(one.row, one.code, one.field) for one in report.rejections] == [(2, code, field)]


def test_bytes_in_another_encoding_are_named_by_line_and_column_until_the_mapping_says_it(
    take_in: Import, rows: Rows, mapping: Any, tmp_path: Path
) -> None:
    file = papers.csv_file(tmp_path, papers.table(), encoding="cp1252")
    with pytest.raises(InvalidInput, match=r"works.csv, line 2, column 'Eigenaar': byte 0xe9"):
        take_in("works", file, mapping=mapping(WITH_XY, "crs = 31370"))
    assert rows("SELECT count(*) FROM works") == [0]
    take_in("works", file, mapping=mapping(WITH_XY, 'crs = 31370\nencoding = "cp1252"'))
    assert rows(STORED) == rows_of("0.0")


def test_a_shapefile_that_hides_its_encoding_is_not_guessed(
    take_in: Import, rows: Rows, mapping: Any, tmp_path: Path
) -> None:
    file = papers.shapefile(tmp_path, says=False)
    with pytest.raises(InvalidInput, match=r"werken.dbf names no encoding"):
        take_in("works", file, mapping=mapping())
    take_in("works", file, mapping=mapping(papers.MAPPING, 'encoding = "cp1252"'))
    assert rows(STORED) == rows_of("4.0")


def test_a_title_above_the_table_is_skipped_when_the_mapping_says_so(
    take_in: Import, mapping: Any, tmp_path: Path
) -> None:
    file = papers.workbook(tmp_path, papers.table(), "Werken 2026", lambda sheet: sheet.merge_cells("A1:F1"))
    with pytest.raises(InvalidInput, match="A1:F1 is merged in row 1"):
        take_in("works", file, mapping=mapping(WITH_XY, "crs = 31370"))
    told = mapping(WITH_XY, "crs = 31370\nheader_row = 2")
    assert counts(take_in("works", file, mapping=told)) == {"read": 3, "created": 3}


def test_cells_merged_over_columns_and_broken_ones_are_refused_by_row(
    take_in: Import, mapping: Any, tmp_path: Path
) -> None:
    def spoil(sheet: Any) -> None:
        sheet.merge_cells("B2:C3")
        sheet["C4"] = "#REF!"

    file = papers.workbook(tmp_path, papers.table(), None, spoil)
    report = take_in("works", file, mapping=mapping(WITH_XY, "crs = 31370"))
    assert counts(report) == {"read": 3, "rejected": 3}
    assert [(one.row, one.code) for one in report.rejections] == [
        (1, "merged_cells"),
        (2, "merged_cells"),
        (3, "cell_error"),
    ]
    assert [one.line for one in report.rejections] == [2, 3, 4]
    assert report.rejections.first(1)[0].message.startswith("B2:C3 is merged")


def test_a_drawing_becomes_works_by_its_layers(
    take_in: Import, rows: Rows, mapping: Any, tmp_path: Path
) -> None:
    told = mapping(DRAWN, "crs = 31370")
    report = take_in("works", papers.drawing(tmp_path), mapping=told)
    assert counts(report) == {"read": 5, "created": 4, "rejected": 1}
    assert [(one.code, one.field) for one in report.rejections] == [("dxf_without_ground", "layer")]
    found = rows(
        "SELECT w.title, p.opens_surface, GeometryType(p.geom), round(ST_Area(p.geom))::int, round(ST_Length(p.geom))::int "
        "FROM works w JOIN phases p ON p.works_id = w.id ORDER BY 1, 3, 4, 5"
    )
    assert found == [
        ("RIOOL", True, "LINESTRING", 0, 20), ("RIOOL", True, "LINESTRING", 0, 20), ("WERFZONE", False, "POLYGON", 8, 0),
        ("WERFZONE", False, "POLYGON", 12, 0),
    ]  # fmt: skip
    assert counts(take_in("works", papers.drawing(tmp_path), mapping=told))["read"] == 5


@pytest.mark.parametrize(("x", "y", "crs"), [(68_700, 179_100, 31370), (568_700, 679_100, 3812)])
def test_the_crs_of_a_drawing_is_recognised_but_never_taken_for_granted(
    take_in: Import, rows: Rows, mapping: Any, tmp_path: Path, x: float, y: float, crs: int
) -> None:
    told = mapping(DRAWN)
    with pytest.raises(InvalidInput, match=f"say `crs = {crs}` in the mapping") as refused:
        take_in("works", papers.drawing(tmp_path, x, y), mapping=told)
    assert refused.value.errors[0].params["looks_like"] == crs
    assert rows("SELECT count(*) FROM works") == [0]


def test_a_file_that_contradicts_its_mapping_is_refused(
    take_in: Import, mapping: Any, tmp_path: Path
) -> None:
    told = mapping(papers.MAPPING, "crs = 3812")
    with pytest.raises(InvalidInput, match=r"works.gpkg says EPSG:31370, the mapping EPSG:3812"):
        take_in("works", papers.geopackage(tmp_path), mapping=told)


def test_a_zone_of_ten_thousand_corners_that_crosses_itself_is_refused_with_its_place(
    take_in: Import, mapping: Any, tmp_path: Path
) -> None:
    turns = np.linspace(
        0, 8 * np.pi * 1250.3, 10_000
    )  # round and round: every edge crosses hundreds of others
    star = shapely.Polygon(np.column_stack([68_700 + 50 * np.cos(turns), 179_100 + 50 * np.sin(turns)]))
    rows = [{**papers.ROWS[0], "Vorm": star.wkt}, {**papers.ROWS[1], "Vorm": papers.ground(1).wkt}]
    told = mapping(papers.MAPPING, 'crs = 31370\nplace = { wkt = "Vorm" }')
    report = take_in("works", papers.csv_file(tmp_path, rows), mapping=told)
    assert counts(report) == {"read": 2, "created": 1, "rejected": 1}
    assert [(one.id, one.code, one.field) for one in report.rejections] == [
        ("w1", "geometry_self_crossing", "geometry")
    ]


def test_a_crs_without_a_code_counts_as_what_the_mapping_says(
    take_in: Import, rows: Rows, mapping: Any, tmp_path: Path
) -> None:
    local = "+proj=lcc +lat_1=51.1 +lat_2=49.8 +lat_0=90 +lon_0=4.36 +x_0=150000 +y_0=5400088 +ellps=intl +units=m"
    papers.frame().set_crs(local, allow_override=True).to_file(tmp_path / "works.gpkg", driver="GPKG")
    with pytest.raises(InvalidInput, match="no EPSG code that we know: say `crs`"):
        take_in("works", tmp_path / "works.gpkg", mapping=mapping())
    take_in("works", tmp_path / "works.gpkg", mapping=mapping(papers.MAPPING, "crs = 31370"))
    assert rows(STORED) == rows_of("4.0")


@pytest.mark.parametrize(
    ("start", "ending"),
    [
        (b'\xef\xbb\xbf{"type": "FeatureCollection"', ".json"), (b"  [1", ".json"), (b"<?xml version='1.0'?><kml xmlns='x'>", ".kml"),
        (b"<wfs:FeatureCollection xmlns:wfs='x'>", ".gml"), (b"SQLite format 3\x00", ".gpkg"), (b"PAR1", ".parquet"), (b"fgb\x03", ".fgb"),
        (b"PK\x03\x04...[Content_Types].xml", ".xlsx"), (b"PK\x03\x04...works.shp", ".zip"), (b"nr;titel\n", ".csv"), (b"", ".csv"),
    ],
)  # fmt: skip
def test_a_file_without_a_name_gets_the_ending_of_its_content(start: bytes, ending: str) -> None:
    assert signature.ending_of(start) == ending
