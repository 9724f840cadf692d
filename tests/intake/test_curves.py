"""Arcs become lines, in every format and beside any other row; a geometry that is none is the fault of its row."""

import json
import math
from pathlib import Path

import pytest
import shapely
from shapely.geometry import shape

from geo_service.intake.formats import wkt_wkb
from tests.intake import papers
from tests.intake.reading import came, simple

X, Y = 69_053.07, 179_569.38
"""In Izegem (Lambert 72)."""
AT_WKT = simple('crs = 31370\nplace = { wkt = "wkt" }')
HALF = f"CIRCULARSTRING({X} {Y},{X + 5} {Y + 5},{X + 10} {Y})"
BACK = f"({X + 10} {Y},{X} {Y})"
DISC = f"CIRCULARSTRING({X} {Y},{X + 10} {Y},{X} {Y})"
HALF_DISC_M2, DISC_M2 = math.pi * 25 / 2, math.pi * 25


def read(text: str) -> shapely.Geometry:
    return shape(wkt_wkb.from_text(text).geojson)


@pytest.mark.parametrize(
    ("text", "kind", "area"),
    [
        (f"CURVEPOLYGON(COMPOUNDCURVE({HALF},{BACK}))", "Polygon", HALF_DISC_M2), (f"CURVEPOLYGON({DISC})", "Polygon", DISC_M2),
        (f"MULTISURFACE(CURVEPOLYGON({DISC}),(({X + 20} {Y},{X + 21} {Y},{X + 21} {Y + 1},{X + 20} {Y})))", "MultiPolygon", DISC_M2 + 0.5),
        (f"CURVEPOLYGON Z (CIRCULARSTRING Z ({X} {Y} 1,{X + 10} {Y} 2,{X} {Y} 3))", "Polygon", DISC_M2),
        (f"curvepolygonzm(circularstringzm({X} {Y} 1 9,{X + 10} {Y} 2 9,{X} {Y} 3 9))", "Polygon", DISC_M2),
        (f"CURVEPOLYGON(COMPOUNDCURVE({BACK.replace(BACK, f'({X} {Y},{X + 10} {Y})')},CIRCULARSTRING({X + 10} {Y},{X + 5} {Y + 5},{X} {Y})))", "Polygon", HALF_DISC_M2),
        (f"TIN ((({X} {Y},{X + 10} {Y},{X + 10} {Y + 5},{X} {Y})))", "MultiPolygon", 25), (f"TRIANGLE (({X} {Y},{X + 10} {Y},{X + 10} {Y + 5},{X} {Y}))", "Polygon", 25),
        (f"POLYHEDRALSURFACE Z ((({X} {Y} 1,{X + 10} {Y} 1,{X + 10} {Y + 5} 1,{X} {Y} 1)))", "MultiPolygon", 25),
        (f"SRID=31370;POLYGONZ(({X} {Y} 1,{X + 10} {Y} 1,{X + 10} {Y + 5} 1,{X} {Y} 1))", "Polygon", 25),
        (f"GEOMETRYCOLLECTION(CURVEPOLYGON({DISC}),POINT({X} {Y}))", "GeometryCollection", DISC_M2),
    ],
)  # fmt: skip
def test_surfaces_of_arcs_keep_their_area(text: str, kind: str, area: float) -> None:
    found = read(text)
    assert (found.geom_type, found.is_valid) == (kind, True)
    assert found.area == pytest.approx(area, rel=0.005)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        (HALF, math.pi * 5), (f"MULTICURVE({HALF},({X + 20} {Y},{X + 21} {Y}))", math.pi * 5 + 1), (f"COMPOUNDCURVE({HALF},{BACK})", math.pi * 5 + 10),
        (f"CIRCULARSTRING({X} {Y},{X + 5} {Y},{X + 10} {Y})", 10), (f"CIRCULARSTRING({X} {Y},{X + 5} {Y - 5},{X + 10} {Y})", math.pi * 5),
        (f"LINESTRING M ({X} {Y} 1,{X + 10} {Y} 2)", 10), (f"LINESTRINGZM({X} {Y} 1 1,{X + 10} {Y} 2 2)", 10),
        (f"{HALF[:-1]},{X + 15} {Y - 5},{X + 20} {Y})", math.pi * 10),
    ],
)  # fmt: skip
def test_lines_of_arcs_keep_their_length(text: str, length: float) -> None:
    assert read(text).length == pytest.approx(length, rel=0.005)


def test_an_arc_ends_where_it_says_and_a_wide_one_stays_near() -> None:
    found = read(f"CIRCULARSTRING({X} {Y},{X + 2000} {Y + 2000},{X + 4000} {Y})")
    assert (found.coords[0], found.coords[-1]) == ((X, Y), (X + 4000, Y))
    assert max(abs(math.dist(at, (X + 2000, Y)) - 2000) for at in found.segmentize(1).coords) < 0.05


@pytest.mark.parametrize(
    "text",
    [
        "", "POINT", "POINT (1)", "CIRCULARSTRING(0 0,1 1)", "CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(0 0,1 1,2 0),(9 9,0 0)))", "CURVEPOLYGON((0 0,1 1",
        "ELLIPSE(1 2)", "POLYGON((0 0,1 1,2 2)) x", "0103000020", "01FF00000000000000", "{", "[]", "GEOMETRYCOLLECTION(" * 2000, "TIN(((0 0)))", "zie plan", "POINT (a b)",
        "SRID=31370;", "CURVEPOLYGON(" * 300 + "(0 0,1 1,1 0,0 0)" + ")" * 300,
    ],
)  # fmt: skip
def test_what_is_no_geometry_is_said_without_a_traceback(text: str) -> None:
    with pytest.raises(wkt_wkb.InvalidGeometry):
        wkt_wkb.from_text(text)


@pytest.mark.parametrize("hexed", [True, False])
@pytest.mark.parametrize("dimensions", ["2d", "z", "zm"])
def test_wkb_of_any_dialect_is_read(dimensions: str, hexed: bool) -> None:
    drawn = shapely.from_wkt(
        {
            "2d": f"POLYGON(({X} {Y},{X + 10} {Y},{X + 10} {Y + 5},{X} {Y}))",
            "z": f"POLYGON Z(({X} {Y} 1,{X + 10} {Y} 1,{X + 10} {Y + 5} 1,{X} {Y} 1))",
            "zm": f"POLYGON ZM(({X} {Y} 1 2,{X + 10} {Y} 1 2,{X + 10} {Y + 5} 1 2,{X} {Y} 1 2))",
        }[dimensions]
    )
    for flavor, srid in (("iso", None), ("extended", 31370)):
        wkb = shapely.to_wkb(shapely.set_srid(drawn, srid or 0), flavor=flavor, include_srid=srid is not None)
        found = wkt_wkb.from_text(wkb.hex()) if hexed else wkt_wkb.from_wkb(wkb)
        assert (shape(found.geojson).area, found.srid) == (25, srid)


def test_a_wkt_cell_is_the_fault_of_its_row_and_of_no_other(tmp_path: Path) -> None:
    cells = {
        "A1": f"POINT Z ({X} {Y} 3)", "A2": "zie plan", "A3": f"CURVEPOLYGON({DISC})", "A4": "POLYGON EMPTY", "A5": f"SRID=31370;POINTM({X} {Y} 3)",
        "A6": "CIRCULARSTRING(0 0,1 1)", "A7": "SRID=4326;POINT(3.2176 50.9208)", "A8": "SRID=999999;POINT(1 2)", "A9": "",
        "A10": json.dumps({"type": "Point", "coordinates": [X, Y]}),
    }  # fmt: skip
    rows = [
        {"nr": nr, "straat": "Kerkstraat", "van": "2027-03-01", "tot": "2027-03-10", "wkt": cell}
        for nr, cell in cells.items()
    ]
    found = came(papers.csv_file(tmp_path, rows), AT_WKT)
    assert [one.source_id for one in found.works] == ["A1", "A3", "A5", "A10"]
    assert found.refused == {
        "A2": "geometry_malformed",
        "A4": "geometry_empty",
        "A6": "geometry_malformed",
        "A7": "crs_differs",
        "A8": "crs_unknown",
        "A9": "geometry_missing",
    }


def test_a_row_may_say_its_srid_where_the_mapping_says_none(tmp_path: Path) -> None:
    rows = [
        {"nr": str(place), "straat": "x", "van": "2027-03-01", "tot": "2027-03-10", "wkt": cell}
        for place, cell in enumerate(
            [
                "SRID=31370;POINT(69053 179569)",
                "SRID=4326;POINT(3.2176 50.9208)",
                "SRID=3812;POINT(569053 679569)",
            ]
        )
    ]
    found = came(papers.csv_file(tmp_path, rows), simple('place = { wkt = "wkt" }'))
    assert (len(found.works), found.rejections) == (3, [])
    x = [one.phases[0].geometry.centroid.x for one in found.works]
    assert max(x) - min(x) < 200


@pytest.mark.parametrize(
    ("name", "mapping", "areas"),
    [
        ("03-curves/curve.gml", "03-curves/t-desk.toml", [39.3]), ("03-curves/curve.gpkg", "03-curves/t-desk.toml", [39.3, 78.5]),
        ("desk-01-curves-refused-as-damaged/curves.gpkg", "desk-01-curves-refused-as-damaged/ana-gpkg.toml", None),
    ],
)  # fmt: skip
def test_files_with_a_single_arc_are_no_longer_called_damaged(
    shared: Path, name: str, mapping: str, areas: list[float] | None
) -> None:
    folder = shared / "findings" / "2026-11" / "files"
    found = came(folder / name, str(folder / mapping))
    assert found.rejections == []
    if areas is not None:
        sizes = sorted(one.phases[0].geometry.area for one in found.works)
        assert sizes == pytest.approx(areas, rel=0.01)
    else:
        assert len(found.works) == 4


def test_every_row_of_the_table_of_dialects_is_read_or_left_out_by_itself(shared: Path) -> None:
    folder = shared / "findings" / "2026-11" / "files" / "03-curves"
    found = came(folder / "ewkt.csv", str(folder / "t-wkt72.toml"))
    assert (len(found.works), found.refused) == (9, {"E9": "geometry_empty"})
