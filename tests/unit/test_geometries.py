"""Many geometries at once are read exactly as each alone, whatever is wrong with some of them."""

from typing import Any

import pytest
import shapely

from geo_service.domain import geometry
from geo_service.domain.errors import InvalidInput
from geo_service.intake.formats.geometries import read_many
from geo_service.intake.records import Remarks
from tests.unit import test_geometry as one

X, Y = one.X, one.Y
ODD: list[Any] = [
    one.square(),
    one.BOW_TIE,
    one.LOOP,
    one.polygon((one.LON, one.LAT), (one.LAT, one.LON), (one.LON, one.LON)),
    {"type": "Polygon", "coordinates": [[[one.LON, one.LAT], [one.LON + 0.001, one.LAT], [one.LON, one.LAT + 0.001]]]},  # open ring
    {"type": "Polygon", "coordinates": []},
    {"type": "Polygon", "coordinates": [[[one.LON, one.LAT, 7], [one.LON + 0.001, one.LAT, 7], [one.LON, one.LAT + 0.001, 7], [one.LON, one.LAT, 7]]]},
    {"type": "Polygon", "coordinates": [one.square()["coordinates"][0]] * 2},  # a hole as large as its ring
    {"type": "MultiPolygon", "coordinates": [one.square()["coordinates"], one.square(size=0.0002)["coordinates"]]},
    {"type": "LineString", "coordinates": [[one.LON, one.LAT], [one.LON, one.LAT]]},
    {"type": "LineString", "coordinates": [[one.LON, one.LAT]]},
    {"type": "MultiLineString", "coordinates": [[[one.LON, one.LAT], [one.LON + 0.001, one.LAT]]]},
    {"type": "GeometryCollection", "geometries": [one.point(one.LON, one.LAT), one.square()]},
    {"type": "Feature", "geometry": one.square()},
    {"type": ["Point"], "coordinates": [one.LON, one.LAT]},
    {**one.square(), **one.named_crs("urn:ogc:def:crs:EPSG::31370")},
    {**one.square(), **one.named_crs("urn:ogc:def:crs:OGC:1.3:CRS84")},
    one.point(one.LON, one.LAT),
    one.point(one.LAT, one.LON),
    one.point(X, Y),
    one.point(float("nan"), one.LAT),
    one.point(float("inf"), one.LAT),
    one.point(2**70, one.LAT),
    {"type": "Point", "coordinates": ["3.2", 50.9]},
    {"type": "Point", "coordinates": [one.LON]},
    {"type": "MultiPoint", "coordinates": [[one.LON, one.LAT], [one.LON, one.LAT]]},
    None, {}, 7, "POINT(3 50)", [],
]  # fmt: skip


def alone(value: Any, crs: int, notes: list[str]) -> Any:
    try:
        return geometry.read_geojson(
            value, field="geometry", crs=crs, region=one.REGION, repair=True, notes=notes
        )
    except InvalidInput as refused:
        return refused.errors


@pytest.mark.parametrize("crs", [4326, 31370, 3812])
def test_a_set_is_read_as_each_of_it_alone(crs: int) -> None:
    noted: list[str] = []
    expected = [alone(value, crs, noted) for value in ODD]
    notes = Remarks()
    found = read_many(ODD, field="geometry", crs=crs, region=one.REGION, repair=True, notes=notes)
    for value, mine, theirs in zip(ODD, found, expected, strict=True):
        if isinstance(mine, InvalidInput):
            assert mine.errors == theirs, value
        else:
            assert shapely.equals_exact(mine, theirs, 0), value
            assert mine.has_z == theirs.has_z, value
    assert notes.counts == {note: noted.count(note) for note in noted}


def test_no_geometries_are_no_error() -> None:
    assert read_many([], field="geometry", region=one.REGION) == []


def test_a_measure_beside_a_place_is_left_out_of_what_a_file_says() -> None:
    value = {"type": "Point", "coordinates": [one.LON, one.LAT, 3, 4]}
    [found] = read_many([value], field="geometry", crs=4326, region=one.REGION, repair=True, notes=Remarks())
    assert found == alone(one.point(one.LON, one.LAT), 4326, [])
