"""From faces to blocks: kerb line, façade line, and the stretches of it along one side of one street."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LinearRing, Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from .lines import Floats, Walk, polygons, ring_walk
from .model import Side
from .network import Block, Network, Zone
from .skeleton import Road

FILLET_M = 3.0
CORNER_DEG = 35.0


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of façade line along one side of one street (`road` is None along water, rail and fields).

    `start_turn` and `end_turn` are the turns, in radians and positive to the left, at both ends of the run.
    """

    road: int | None
    side: Side
    s0: float
    s1: float
    start_turn: float
    end_turn: float

    @property
    def length(self) -> float:
        return self.s1 - self.s0


@dataclass
class Front:
    """One block inside its footpaths (`inner`), the walk around it and the band of footpath around that."""

    inner: Polygon
    band: BaseGeometry
    zone: Zone
    walk: Walk
    runs: list[Run]
    reserved: list[Polygon] = field(default_factory=list)


def road_area(road: Road, half_m: float) -> BaseGeometry:
    """A street's surface out to half_m from its centreline; a cul-de-sac ends in a turning circle."""
    coords = shapely.get_coordinates(road.line)
    closed = bool(np.allclose(coords[0], coords[-1]))
    line = LinearRing(coords) if closed else road.line
    area: BaseGeometry = line.buffer(
        half_m, cap_style="flat", join_style="mitre" if closed else "round", quad_segs=4
    )
    if road.dead_end:
        area = area.union(Point(coords[-1]).buffer(half_m + 3.5, quad_segs=4))
    return area


def carriageways(roads: list[Road]) -> BaseGeometry:
    """All carriageways together, with rounded kerbs at the crossings."""
    joined = shapely.union_all([road_area(road, road.kerb_m) for road in roads])
    return joined.buffer(FILLET_M, quad_segs=4).buffer(-FILLET_M, quad_segs=4)


def build_fronts(net: Network, carriageway: BaseGeometry) -> list[Front]:
    roads = net.roads
    areas = [road_area(road, road.half_m) for road in roads]
    walls: list[BaseGeometry] = [wall.line.buffer(wall.half_m, cap_style="flat") for wall in net.barriers]
    tree = STRtree(areas + walls)
    fronts: list[Front] = []
    for block in net.blocks:
        near = sorted(int(i) for i in tree.query(block.face))
        wet = [walls[i - len(areas)] for i in near if i >= len(areas)]
        close = [i for i in near if i < len(areas)]
        x0, y0, x1, y1 = block.face.bounds
        kerb = shapely.clip_by_rect(carriageway, x0 - 1, y0 - 1, x1 + 1, y1 + 1)
        taken = shapely.union_all([kerb, *((areas + walls)[i] for i in near)])
        fronts += _block_fronts(block, taken, shapely.union_all([kerb, *wet]), roads, close)
    return fronts


def _block_fronts(
    block: Block, taken: BaseGeometry, kerb: BaseGeometry, roads: list[Road], close: list[int]
) -> list[Front]:
    """Usually one; a face pinched by a cul-de-sac gives more. The whole band belongs to the largest."""
    inners = [Polygon(part.exterior) for part in polygons(block.face.difference(taken), 60.0)]
    outer = block.face.difference(kerb)
    band = outer.difference(shapely.union_all(inners)) if inners else outer
    fronts = []
    for number, inner in enumerate(inners):
        walk, runs = _runs(inner, roads, close)
        fronts.append(Front(inner, band if number == 0 else Polygon(), block.zone, walk, runs))
    return fronts


def _runs(inner: Polygon, roads: list[Road], close: list[int]) -> tuple[Walk, list[Run]]:
    ring = ring_walk(inner).points[:-1]
    keys = _keys(ring, roads, close)
    step = np.roll(ring, -1, axis=0) - ring
    heading = np.arctan2(step[:, 1], step[:, 0])
    turns = (heading - np.roll(heading, 1) + np.pi) % (2 * np.pi) - np.pi
    breaks = [i for i in range(len(ring)) if keys[i] != keys[i - 1] or abs(turns[i]) > np.radians(CORNER_DEG)]
    first = breaks[0] if breaks else 0
    ring, turns, keys = np.roll(ring, -first, axis=0), np.roll(turns, -first), keys[first:] + keys[:first]
    walk = Walk(np.vstack([ring, ring[:1]]))
    starts = [i - first for i in breaks] or [0]
    runs = []
    for start, end in zip(starts, [*starts[1:], len(ring)], strict=True):
        road, side = keys[start]
        end_turn = float(turns[end % len(ring)])
        runs.append(
            Run(road, side, float(walk.at[start]), float(walk.at[end]), float(turns[start]), end_turn)
        )
    return walk, runs


def _keys(ring: Floats, roads: list[Road], close: list[int]) -> list[tuple[int | None, Side]]:
    """For every ring segment the street it faces, and the side: even is right of the outward centreline."""
    middle = (ring + np.roll(ring, -1, axis=0)) / 2
    spots = np.array([Point(place) for place in middle])
    none: tuple[int | None, Side] = (None, "even")
    if not close:
        return [none] * len(ring)
    lines = np.array([roads[i].line for i in close])
    half = np.array([roads[i].half_m for i in close])
    away = np.abs(shapely.distance(spots[:, None], lines[None, :]) - half[None, :])
    best = away.argmin(axis=1)
    keys: list[tuple[int | None, Side]] = []
    for i, b in enumerate(best):
        limit = 4.2 if roads[close[b]].dead_end else 1.2
        keys.append((close[b], side_of(roads[close[b]], middle[i])) if away[i, b] < limit else none)
    return keys


def side_of(road: Road, place: Floats) -> Side:
    s = road.line.project(Point(place))
    a = shapely.get_coordinates(road.line.interpolate(max(s - 1.0, 0.0)))[0]
    b = shapely.get_coordinates(road.line.interpolate(min(s + 1.0, road.line.length)))[0]
    cross = (b - a)[0] * (place - a)[1] - (b - a)[1] * (place - a)[0]
    return "even" if cross < 0 else "odd"
