"""Ground that comes in is checked before it is stored, and every refusal says what to do about it."""

from typing import Any

import pytest
import shapely

from geo_service.domain import geometry
from geo_service.domain.errors import FieldError, InvalidInput

REGION = (2.5, 50.6, 6.0, 51.6)
LON, LAT = 3.2135, 50.9169
X, Y = 68_765.10, 179_139.95


def polygon(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


def square(size: float = 0.0001, lon: float = LON, lat: float = LAT) -> dict[str, Any]:
    return polygon((lon, lat), (lon + size, lat), (lon + size, lat + size), (lon, lat + size))


BOW_TIE = polygon((LON, LAT), (LON + 0.001, LAT + 0.001), (LON + 0.001, LAT), (LON, LAT + 0.001))
# A square of 7 × 11 m whose corner was drawn with a loop of a few centimetres.
LOOP = polygon(
    (LON, LAT), (LON + 0.0001, LAT), (LON + 0.0001, LAT + 0.0001), (LON - 1e-6, LAT + 0.0001), (LON - 1e-6, LAT + 0.0001 + 1e-7),
    (LON, LAT + 0.0001 - 1e-7),
)  # fmt: skip


def point(x: float, y: float, **more: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [x, y], **more}


def named_crs(name: str) -> dict[str, Any]:
    return {"crs": {"type": "name", "properties": {"name": name}}}


def read(value: Any, **how: Any) -> shapely.geometry.base.BaseGeometry:
    return geometry.read_geojson(value, field="geometry", region=REGION, **how)


def refusal(value: Any, **how: Any) -> FieldError:
    with pytest.raises(InvalidInput) as refused:
        read(value, **how)
    [error] = refused.value.errors
    assert error.field == "geometry"
    return error


def nested(depth: int) -> dict[str, Any]:
    value = point(LON, LAT)
    for _ in range(depth):
        value = {"type": "GeometryCollection", "geometries": [value]}
    return value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "geometry_missing"),
        ({}, "geometry_missing"),
        ("POINT (3 50)", "geometry_type_unknown"),
        ({"type": "Circle", "coordinates": [LON, LAT]}, "geometry_type_unknown"),
        ({"type": "Feature", "geometry": point(LON, LAT)}, "geometry_type_unknown"),
        ({"type": ["Point"]}, "geometry_type_unknown"),
        ({"type": "Polygon", "coordinates": []}, "geometry_empty"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry_empty"),
        ({"type": "Polygon"}, "geometry_malformed"),
        ({"type": "Polygon", "coordinates": "abc"}, "geometry_malformed"),
        ({"type": "Polygon", "coordinates": [[[LON, LAT], [LON, 51]]]}, "geometry_malformed"),
        ({"type": "GeometryCollection", "geometries": [1]}, "geometry_malformed"),
        (nested(5000), "geometry_malformed"),
        ({"type": "LineString", "coordinates": [[LON, LAT], [LON, LAT]]}, "geometry_malformed"),
        (polygon((LON, LAT), (LON + 0.001, LAT), (LON, LAT)), "geometry_empty"),
        (point(float("nan"), LAT), "geometry_not_finite"),
        (point(float("inf"), LAT), "geometry_not_finite"),
        (point(2.35, 48.86), "geometry_outside_region"),
        (point(200, 95), "geometry_outside_region"),
        (point(LAT, LON), "geometry_axes_swapped"),
        (BOW_TIE, "geometry_self_crossing"),
        (point(LON, LAT, **named_crs("urn:ogc:def:crs:EPSG::3857")), "crs_not_supported"),
        (point(LON, LAT, crs={"type": "link"}), "crs_not_supported"),
    ],
)  # fmt: skip
def test_it_is_refused_for_the_right_reason(value: Any, code: str) -> None:
    assert refusal(value).code == code


def test_a_self_crossing_outline_is_refused_with_its_place_in_the_coordinates_that_came_in() -> None:
    assert refusal(BOW_TIE).params["at"] == pytest.approx([LON + 0.0005, LAT + 0.0005], abs=1e-5)


def test_what_would_have_been_meant_is_said() -> None:
    assert "say crs=31370" in refusal(point(X, Y)).message
    assert refusal(point(567_000, 679_000)).params["looks_like"] == 3812
    assert "say crs=4326" in refusal(point(LON, LAT), crs=31370).message
    assert refusal(point(Y, X), crs=31370).code == "geometry_axes_swapped"


def test_too_many_points_are_refused_with_the_limit() -> None:
    line = {
        "type": "LineString",
        "coordinates": [[LON + n * 1e-7, LAT] for n in range(geometry.MAX_VERTICES + 1)],
    }
    assert refusal(line).params == {"vertices": 50_001, "limit": 50_000}
    line["coordinates"].pop()  # type: ignore[attr-defined]
    assert not read(line).is_empty


def test_a_point_of_izegem_lands_in_izegem() -> None:
    """A transform with axes or CRS mixed up lands elsewhere; PROJ is good to about a metre without the national grid."""
    place = read(point(LON, LAT))
    assert place.distance(shapely.Point(X, Y)) < 1
    assert read(point(X, Y), crs=31370).equals(shapely.Point(X, Y))


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_a_named_crs_that_says_what_it_is_read_in_is_fine(name: str) -> None:
    assert not read(point(LON, LAT, **named_crs(name))).is_empty


def test_heights_are_dropped() -> None:
    assert not read({"type": "Point", "coordinates": [LON, LAT, 12.5]}).has_z


def test_parts_that_overlap_are_the_same_ground_drawn_twice() -> None:
    parts = [square()["coordinates"], square(lon=LON + 0.00005)["coordinates"]]
    both = read({"type": "MultiPolygon", "coordinates": parts})
    assert both.is_valid
    assert both.area == pytest.approx(1.5 * read(square()).area, rel=0.01)


def test_a_collection_of_areas_and_lines_keeps_both_as_ground() -> None:
    line = {"type": "LineString", "coordinates": [[LON + 0.001, LAT], [LON + 0.002, LAT]]}
    both = read({"type": "GeometryCollection", "geometries": [square(), line]})
    assert both.geom_type == "MultiPolygon"
    strip = both.area - read(square()).area
    assert strip == pytest.approx(read(line).length * 0.5, rel=0.02)


def test_a_collection_of_lines_stays_lines() -> None:
    line = {"type": "LineString", "coordinates": [[LON, LAT], [LON + 0.001, LAT]]}
    assert read({"type": "GeometryCollection", "geometries": [line]}).geom_type == "LineString"


def test_an_import_mends_a_loop_of_centimetres_and_notes_it() -> None:
    assert refusal(LOOP).code == "geometry_self_crossing"
    notes: list[str] = []
    mended = read(LOOP, repair=True, notes=notes)
    assert mended.is_valid
    assert notes == ["geometry_repaired"]
    assert mended.area == pytest.approx(read(square()).area, rel=0.02)


OPEN = {"type": "Polygon", "coordinates": [square()["coordinates"][0][:-1]]}
INSIDE = {
    "type": "GeometryCollection",
    "geometries": [{"type": "MultiPolygon", "coordinates": [OPEN["coordinates"]]}],
}


@pytest.mark.parametrize("drawn", [OPEN, INSIDE], ids=["polygon", "inside a collection"])
def test_a_ring_that_is_not_closed_is_refused_and_in_an_import_closed_with_a_note(
    drawn: dict[str, Any],
) -> None:
    refused = refusal(drawn)
    assert refused.code == "geometry_ring_open"
    assert str(LON) in refused.message
    notes: list[str] = []
    assert read(drawn, repair=True, notes=notes).area == pytest.approx(read(square()).area)
    assert notes == ["geometry_closed"]


def test_an_import_leaves_out_a_part_that_encloses_no_ground() -> None:
    sliver = polygon((LON, LAT), (LON + 0.001, LAT), (LON, LAT))
    both = {"type": "MultiPolygon", "coordinates": [square()["coordinates"], sliver["coordinates"]]}
    assert read(both, repair=True).area == pytest.approx(read(square()).area)
    assert refusal(sliver, repair=True).code == "geometry_empty"


def test_an_import_refuses_an_outline_that_could_mean_two_things() -> None:
    assert refusal(BOW_TIE, repair=True).code == "geometry_self_crossing"


@pytest.mark.parametrize("crs", [4326, 31370, 3812])
def test_what_goes_out_comes_back_within_a_centimetre(crs: int) -> None:
    ground = read(square())
    again = read(geometry.to_geojson(ground, crs), crs=crs)
    assert shapely.hausdorff_distance(ground, again) < 0.01


def test_outer_rings_go_out_counter_clockwise() -> None:
    clockwise = polygon((LON, LAT), (LON, LAT + 0.0001), (LON + 0.0001, LAT + 0.0001), (LON + 0.0001, LAT))
    ring = geometry.to_geojson(read(clockwise))["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw


@pytest.mark.parametrize("corner", [(0, 1), (0, 3), (2, 1), (2, 3)])
@pytest.mark.parametrize(("lon_off", "lat_off"), [(0, 0), (1e-4, 0), (0, 1e-4)])
def test_the_edge_of_the_region_belongs_to_it_and_nothing_beyond(
    corner: tuple[int, int], lon_off: float, lat_off: float
) -> None:
    lon, lat = (REGION[side] for side in corner)
    outward = (-1 if corner[0] == 0 else 1, -1 if corner[1] == 1 else 1)
    place = {"type": "Point", "coordinates": [lon + outward[0] * lon_off, lat + outward[1] * lat_off]}
    if lon_off == lat_off == 0:
        assert not read(place).is_empty
    else:
        assert refusal(place).code == "geometry_outside_region"
