"""Cut street axes into stretches at crossings and façade lines, and assign the ground left and right of each stretch to it.

The zone of a stretch is the ground that is nearer to it than to any other stretch (a Voronoi diagram of points along the axes), up to
REACH_M. A footpath around a block is therefore divided at its corners, and every piece lies along one street.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo_service.intake.base_maps.shapes import GRID_M, LONGEST_M, REACH_M, SNAP_M, Axis, House, areas

STEP_M = 3.0
"""The distance between points along an axis (m)."""
ASIDE_M = 0.5
"""Their distance left and right of the axis (m), so that the axis itself is the border."""
NOISE_M = 0.001
"""The size of a reproducible noise (m): for points on exact circles GEOS draws overlapping cells."""
FRONT_M = 30.0
"""The distance within which façades may limit the stretches of an axis (m)."""

Hand = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Zone:
    """The ground on one hand of a stretch."""

    axis: Axis
    number: int
    hand: Hand
    geom: BaseGeometry

    @property
    def street(self) -> str | None:
        return self.axis.left if self.hand == "left" else self.axis.right


def zones(axes: Sequence[Axis], houses: Sequence[House]) -> list[Zone]:
    """The zones of these axes, in their order. The houses along them limit their stretches."""
    if not axes:
        return []
    lines = [axis.geom for axis in axes]
    beside = _pairs([house.geom for house in houses], lines, FRONT_M)
    meeting = _pairs(lines, lines, 0)
    parts = []
    for place, axis in enumerate(axes):
        limits = _facade_limits(axis, [houses[n].geom for n in beside[place]])
        crossings = _crossings(axis, [lines[n] for n in meeting[place] if n != place])
        parts += [(axis, number, at) for number, at in enumerate(_stretches(axis, crossings, limits))]
    points, owners = _points(parts)
    if len(points) == 0:
        return []
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=_extent(axes)))
    cell_places, point_places = shapely.STRtree(np.asarray(shapely.points(points), object)).query(
        cells, predicate="contains"
    )
    by_owner: dict[tuple[int, Hand], list[BaseGeometry]] = {}
    for cell, point in zip(cell_places, point_places, strict=True):
        by_owner.setdefault(owners[point], []).append(cells[cell])
    near = {axis.id: axis.geom.buffer(REACH_M) for axis in axes}
    result = []
    for (place, hand), own in sorted(by_owner.items()):
        axis, number, _ = parts[place]
        ground = shapely.intersection(shapely.coverage_union_all(own), near[axis.id], grid_size=GRID_M)
        area = shapely.union_all(areas(ground))
        result.append(Zone(axis, number, hand, area))
    return result


def _pairs(shapes: Sequence[BaseGeometry], lines: Sequence[BaseGeometry], distance: float) -> list[list[int]]:
    """For each line the indices of the shapes within `distance` (m) of it."""
    pairs: list[list[int]] = [[] for _ in lines]
    if shapes:
        for line, shape in zip(
            *shapely.STRtree(shapes).query(lines, "dwithin", distance=distance), strict=True
        ):
            pairs[line].append(int(shape))
    return pairs


def _stretches(
    axis: Axis, crossings: Iterable[float], limits: NDArray[np.float64]
) -> Iterator[tuple[float, float]]:
    """Start and end of each stretch (m along the axis): at crossings, then in equal lengths moved to façade
    limits.
    """
    length = axis.geom.length
    for start, end in itertools.pairwise(sorted({0.0, length, *crossings})):
        if end - start < 1:
            continue
        count = max(1, math.ceil((end - start) / LONGEST_M))
        cuts = [_snap(start + (end - start) * n / count, limits, start, end) for n in range(1, count)]
        yield from itertools.pairwise([start, *sorted(set(cuts)), end])


def _crossings(axis: Axis, others: Iterable[BaseGeometry]) -> Iterator[float]:
    for other in others:
        for part in shapely.get_parts(other.intersection(axis.geom)):
            at = float(shapely.line_locate_point(axis.geom, shapely.Point(shapely.get_coordinates(part)[0])))
            if 1 < at < axis.geom.length - 1:
                yield at


def _facade_limits(axis: Axis, facades: Iterable[BaseGeometry]) -> NDArray[np.float64]:
    """The beginnings and ends of façades along the axis (m along the axis)."""
    limits: list[float] = []
    for facade in facades:
        corners = np.asarray(shapely.points(shapely.get_coordinates(facade)), object)
        along = shapely.line_locate_point(axis.geom, corners)
        limits += [float(np.min(along)), float(np.max(along))]
    return np.array(sorted(limits))


def _snap(place: float, limits: NDArray[np.float64], start: float, end: float) -> float:
    inside = limits[(limits > start + 2) & (limits < end - 2)]
    if len(inside) == 0:
        return place
    nearest = float(inside[np.argmin(np.abs(inside - place))])
    return nearest if abs(nearest - place) <= SNAP_M else place


def _points(
    parts: Sequence[tuple[Axis, int, tuple[float, float]]],
) -> tuple[NDArray[np.float64], list[tuple[int, Hand]]]:
    """Points left and right along each stretch, mirrored at its ends, so that neighbours meet exactly at the
    cut.
    """
    points: list[NDArray[np.float64]] = []
    owners: list[tuple[int, Hand]] = []
    for place, (axis, number, (start, end)) in enumerate(parts):
        count = max(2, round((end - start) / STEP_M))
        at = start + (end - start) * (np.arange(count) + 0.5) / count
        here = shapely.get_coordinates(shapely.line_interpolate_point(axis.geom, at))
        ahead = shapely.get_coordinates(
            shapely.line_interpolate_point(axis.geom, np.minimum(at + 0.2, axis.geom.length))
        )
        behind = shapely.get_coordinates(shapely.line_interpolate_point(axis.geom, np.maximum(at - 0.2, 0)))
        along = ahead - behind
        along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
        aside = np.column_stack([-along[:, 1], along[:, 0]]) * ASIDE_M
        noise = np.random.default_rng([axis.id, number]).uniform(-NOISE_M, NOISE_M, (2, *here.shape))
        points += [here + aside + noise[0], here - aside + noise[1]]
        hands: tuple[Hand, Hand] = ("left", "right")
        owners += [(place, hand) for hand in hands for _ in range(count)]
    return (np.concatenate(points) if points else np.empty((0, 2))), owners


def _extent(axes: Sequence[Axis]) -> BaseGeometry:
    return shapely.box(*shapely.total_bounds([axis.geom for axis in axes])).buffer(4 * REACH_M)
