"""Curves and walks along them: the few geometry helpers that shapely does not have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

Floats = NDArray[np.float64]
PRECISION_M = 0.001


def polygons(geometry: BaseGeometry, least_m2: float = 0.0) -> list[Polygon]:
    """The polygons inside any geometry, the largest first."""
    parts = [part for part in shapely.get_parts(geometry, return_index=False) if isinstance(part, Polygon)]
    return sorted((part for part in parts if part.area > least_m2), key=lambda part: -part.area)


def largest(geometry: BaseGeometry) -> Polygon:
    if isinstance(geometry, Polygon):
        return geometry
    parts = polygons(geometry)
    return parts[0] if parts else Polygon()


def millimetres(geometry: Polygon) -> Polygon:
    """Rounded to whole millimetres and still valid; slivers thinner than that disappear."""
    try:
        return largest(shapely.set_precision(geometry, PRECISION_M))
    except shapely.errors.GEOSException:  # a hole that touches its shell: close the touching point first
        closed = largest(geometry.buffer(0.003, join_style="mitre").buffer(-0.003, join_style="mitre"))
        rounded = shapely.set_precision(closed, PRECISION_M, mode="pointwise")
        return largest(shapely.make_valid(rounded))


def curve(points: Sequence[tuple[float, float]], step_m: float = 14.0, closed: bool = False) -> LineString:
    """A smooth line through all points (Catmull-Rom)."""
    p = np.asarray(points, dtype=float)
    before, after = (p[-1], p[:2]) if closed else (2 * p[0] - p[1], (2 * p[-1] - p[-2])[None])
    p = np.vstack([before, p, after])
    out: list[Floats] = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        n = max(2, int(np.hypot(*(c - b)) / step_m))
        t = np.linspace(0, 1, n, endpoint=False)[:, None]
        out.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return LineString(np.vstack([*out, p[-2]]))


def bow(start: Floats, end: Floats, bend_m: float, step_m: float = 14.0) -> Floats:
    """Points of a gentle arc from start to end, bend_m off the straight line in the middle."""
    n = max(2, int(np.hypot(*(end - start)) / step_m)) + 1
    t = np.linspace(0, 1, n)[:, None]
    along = end - start
    across = np.array([-along[1], along[0]]) / max(np.hypot(*along), 1e-9)
    return np.asarray(start + along * t + across * bend_m * 4 * t * (1 - t))


class Walk:
    """A walk along a line or ring with distances in metres from its start. The left hand is `normal`."""

    def __init__(self, points: Floats) -> None:
        self.points = points
        self.at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        self.length = float(self.at[-1])

    def point(self, s: float) -> Floats:
        return np.array([np.interp(s, self.at, self.points[:, 0]), np.interp(s, self.at, self.points[:, 1])])

    def tangent(self, s: float, reach_m: float = 1.5) -> Floats:
        d = self.point(min(s + reach_m, self.length)) - self.point(max(s - reach_m, 0.0))
        return np.asarray(d / max(np.hypot(*d), 1e-9))

    def normal(self, s: float, reach_m: float = 1.5) -> Floats:
        t = self.tangent(s, reach_m)
        return np.array([-t[1], t[0]])

    def piece(self, a: float, b: float) -> Floats:
        inside = (self.at > a + 0.05) & (self.at < b - 0.05)
        return np.vstack([self.point(a), self.points[inside], self.point(b)])


def ring_walk(polygon: Polygon) -> Walk:
    """Counter-clockwise along the outside of a polygon: its inside is on the left."""
    return Walk(shapely.get_coordinates(orient(polygon, 1.0).exterior))
