"""Convert curves to lines: a line stays within a tolerance of the arc through three points."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

NEAR = 0.02
"""The largest distance of a line from its arc (m)."""
WIDEST = math.radians(4)
"""The largest angle between two points of a line, as in GDAL; it decides where coordinates are degrees."""
MOST_POINTS = 5000
STRAIGHT = 1e-12

Point = tuple[float, float]


class Tree(NamedTuple):
    """A parsed geometry: its points, or its parts."""

    kind: str
    parts: Sequence[Any]


def linear(tree: Tree) -> BaseGeometry:
    """The same geometry without curves. Raises ValueError and ShapelyError for an invalid one."""
    return _MAKERS[tree.kind](tree.parts)


def line_of_arcs(points: Sequence[Point]) -> list[Point]:
    """The line along consecutive arcs, each through three points. Raises ValueError."""
    if not points:
        return []
    if len(points) < 3 or len(points) % 2 == 0:
        raise ValueError(f"an arc has three points, not {len(points)}")
    line = [points[0]]
    for start, middle, end in zip(points[:-2:2], points[1::2], points[2::2], strict=True):
        line += _arc(complex(*start), complex(*middle), complex(*end))
    return line


def _arc(start: complex, middle: complex, end: complex) -> list[Point]:
    """The points after the start, the end included. An arc that ends at its start is a circle, and its
    middle point is opposite.
    """
    a, b = middle - start, end - start
    across = a.real * b.imag - a.imag * b.real
    if start == end:
        centre, sweep = (start + middle) / 2, math.tau
    elif abs(across) <= STRAIGHT * (abs(a) + abs(b)) ** 2:
        return [_point(middle), _point(end)]
    else:
        centre = start + 1j * (b * abs(a) ** 2 - a * abs(b) ** 2) / (-2 * across)
        turn = math.atan2(*reversed(_point((end - centre) / (start - centre)))) % math.tau
        sweep = turn if across > 0 else turn - math.tau
    radius = abs(start - centre)
    step = min(WIDEST, 2 * math.acos(1 - NEAR / radius)) if radius > NEAR else WIDEST
    count = min(MOST_POINTS, max(2, math.ceil(abs(sweep) / step)))
    turns = (complex(math.cos(sweep * n / count), math.sin(sweep * n / count)) for n in range(1, count))
    return [*(_point(centre + (start - centre) * turn) for turn in turns), _point(end)]


def _point(at: complex) -> Point:
    return at.real, at.imag


def _line(tree: Tree) -> list[Point]:
    """The points of a line, an arc, or several consecutive ones."""
    if tree.kind == "CIRCULARSTRING":
        return line_of_arcs(tree.parts)
    if tree.kind == "COMPOUNDCURVE":
        lines = [_line(part) for part in tree.parts]
        for before, after in pairwise(lines):
            if before and after and math.dist(before[-1], after[0]) > NEAR:
                raise ValueError("the parts of a curve do not meet")
        return list(chain.from_iterable(line[bool(place) :] for place, line in enumerate(lines)))
    if tree.kind != "LINESTRING":
        raise ValueError(f"{tree.kind} is no line")
    return list(tree.parts)


def _ring(tree: Tree) -> list[Point]:
    points = _line(tree)
    return points if not points or points[0] == points[-1] else [*points, points[0]]


def _polygon(rings: Sequence[Tree]) -> BaseGeometry:
    shells = [ring for one in rings if (ring := _ring(one))]
    return shapely.Polygon(shells[0], shells[1:]) if shells else shapely.Polygon()


def _each(parts: Sequence[Tree]) -> list[Any]:
    return [linear(part) for part in parts]


def _surfaces(parts: Sequence[Tree]) -> BaseGeometry:
    return shapely.MultiPolygon([one for one in _each(parts) if not one.is_empty])


_MAKERS: dict[str, Callable[[Sequence[Any]], BaseGeometry]] = {
    "POINT": lambda parts: shapely.Point(*parts),
    "LINESTRING": lambda parts: shapely.LineString(parts),
    "CIRCULARSTRING": lambda parts: shapely.LineString(line_of_arcs(parts)),
    "COMPOUNDCURVE": lambda parts: shapely.LineString(_line(Tree("COMPOUNDCURVE", parts))),
    "POLYGON": _polygon,
    "TRIANGLE": _polygon,
    "CURVEPOLYGON": _polygon,
    "MULTIPOINT": lambda parts: shapely.MultiPoint(_each(parts)),
    "MULTILINESTRING": lambda parts: shapely.MultiLineString(_each(parts)),
    "MULTICURVE": lambda parts: shapely.MultiLineString(_each(parts)),
    "MULTIPOLYGON": _surfaces,
    "MULTISURFACE": _surfaces,
    "POLYHEDRALSURFACE": _surfaces,
    "TIN": _surfaces,
    "GEOMETRYCOLLECTION": lambda parts: shapely.GeometryCollection(_each(parts)),
}
