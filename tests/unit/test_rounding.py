"""Ground that goes out is rounded, and is still ground."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo_service.domain.rounding import rounded, rounded_one


def doubled_area(ring: shapely.LinearRing) -> Fraction:
    """Twice the signed area, exactly: with floats a ring of centimetres in degrees may come out either way."""
    points = [(Fraction(str(x)), Fraction(str(y))) for x, y in ring.coords]
    return sum((x * b - a * y for (x, y), (a, b) in pairwise(points)), Fraction())


def check_right(shape: shapely.Geometry, digits: int) -> None:
    """Valid, counter-clockwise, without repeated points, with no more digits than asked for."""
    assert shape.is_valid, shapely.is_valid_reason(shape)
    for part in shapely.get_parts(shape):
        assert doubled_area(part.exterior) > 0
        assert all(doubled_area(hole) < 0 for hole in part.interiors)
    for ring in shapely.get_rings(shape):
        assert all(one != other for one, other in pairwise(ring.coords))
    points = shapely.get_coordinates(shape)
    assert (points == np.round(points, digits)).all()


@pytest.mark.parametrize(
    "wkt",
    [
        pytest.param("POLYGON ((0 0, 0 10, 10 10, 10 0.4, 0.2 0.3, 0 0))", id="sides that fall on each other"),
        pytest.param("POLYGON ((0 0, 10 0, 10 10, 5.1 0.3, 0 10, 0 0))", id="a corner that comes to touch a side"),
        pytest.param("MULTIPOLYGON (((0 0, 4.9 0, 4.9 9, 0 9, 0 0)), ((5.1 0, 9 0, 9 9, 5.1 9, 5.1 0)))", id="parts that grow together"),
        pytest.param("MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0)), ((20 20, 20.1 20, 20 20.1, 20 20)))", id="a part that vanishes"),
        pytest.param("POLYGON ((0 0, 0 9, 0.2 9.1, 9 9, 9 0, 0.1 0.1, 0 0))", id="points that fall on each other"),
    ],
)  # fmt: skip
def test_rounding_spoils_no_outline(wkt: str) -> None:
    drawn = shapely.from_wkt(wkt)
    out = rounded_one(drawn, 0)
    check_right(out, 0)
    assert out.area == pytest.approx(drawn.area, rel=0.15)


def test_what_is_smaller_than_the_grid_keeps_more_digits_and_does_not_vanish() -> None:
    pin = shapely.from_wkt("POLYGON ((3.5 50.5, 3.5001 50.5, 3.5 50.5001, 3.5 50.5))")
    out = rounded_one(pin, 2)
    check_right(out, 4)
    assert out.area == pytest.approx(pin.area)


def test_points_and_lines_pass_and_lines_lose_their_repeated_points() -> None:
    shapes = shapely.from_wkt(
        ["POINT (1.26 2)", "LINESTRING (0 0, 0.01 0, 5 5)", "MULTIPOINT ((0 0), (1 1))"]
    )
    assert [shape.wkt for shape in rounded(shapes, 1)] == [
        "POINT (1.3 2)", "LINESTRING (0 0, 5 5)", "MULTIPOINT ((0 0), (1 1))",
    ]  # fmt: skip


@given(arrays(float, (7, 2), elements=st.floats(0, 12, width=32)))
def test_any_ground_stays_ground(points: np.ndarray) -> None:
    """Narrow shapes on a coarse grid: the hull of some points, cut by a thin slit between two of them."""
    hull = shapely.MultiPoint(points).convex_hull
    ground = hull.difference(shapely.LineString(points[:2]).buffer(0.2))
    if shapely.get_dimensions(ground) == 2 and ground.area > 4:
        check_right(rounded_one(ground, 0), 0)
