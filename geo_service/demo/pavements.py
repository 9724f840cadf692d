"""Footpaths cut into workable sections at crossings and plot lines, cycle paths and carriageways."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from shapely import LineString, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from .fronts import Front, Run, road_area
from .lines import Floats, polygons
from .model import SectionKind, Side
from .plots import Plot
from .skeleton import Road

TILES = ("betontegels", "betonstraatstenen")


@dataclass
class Piece:
    """A section before it gets its code and its place in the real world."""

    kind: SectionKind
    road: int
    side: Side | None
    geometry: Polygon
    numbers: tuple[int, int] | None = None
    axis: LineString | None = None
    width_m: float = 0.0
    material: str = "asfalt"
    laid_on: date = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class _Span:
    run: Run
    a: float
    b: float


def footpath_pieces(front: Front, plots: list[Plot], roads: list[Road], rng: random.Random) -> list[Piece]:
    """The band around a block in sections of 20 to 45 m; cycle paths are split off along the kerb."""
    spans = [span for run in front.runs if run.road is not None for span in _spans(run, plots, rng)]
    if not spans or front.band.is_empty:
        return []
    cuts = [_cut(front, span.a, roads[span.run.road or 0]) for span in spans]
    cuts += [_cut(front, span.b, roads[span.run.road or 0]) for span in spans]
    edges = shapely.node(shapely.union_all([front.band.boundary, *cuts]))
    faces = shapely.get_parts(shapely.polygonize([edges]))
    inside = shapely.contains(front.band, shapely.point_on_surface(faces))
    axes = [_axis(front, span, roads) for span in spans]
    tree = STRtree(axes)
    groups: dict[int, list[Polygon]] = {}
    for face in faces[inside]:
        groups.setdefault(_owner(face, axes, tree), []).append(face)
    pieces: list[Piece] = []
    for i, parts in sorted(groups.items()):
        surface = shapely.union_all(parts)
        pieces += _layers(surface, spans[i], axes[i], plots, roads)
    return pieces


def _owner(face: Polygon, axes: list[LineString], tree: STRtree) -> int:
    """The span whose axis runs longest through this face; else the nearest one."""
    through = [(axes[int(i)].intersection(face).length, -int(i)) for i in sorted(tree.query(face))]
    if through and max(through)[0] > 0.3:
        return -max(through)[1]
    return int(tree.nearest(shapely.point_on_surface(face)))


def _spans(run: Run, plots: list[Plot], rng: random.Random) -> list[_Span]:
    """Cut a run at plot lines; a remainder too short for a section of its own joins its neighbour."""
    lines = sorted(
        {round(plot.s1, 3) for plot in plots if plot.run is run and run.s0 + 6 < plot.s1 < run.s1 - 14}
    )
    cuts, goal = [run.s0], rng.uniform(24, 38)
    for s in lines:
        if s - cuts[-1] >= goal:
            cuts.append(s)
            goal = rng.uniform(24, 38)
    cuts.append(run.s1)
    even: list[float] = [cuts[0]]
    for a, b in itertools.pairwise(cuts):
        parts = max(1, int(np.ceil((b - a) / 44)))
        even += [a + (b - a) * k / parts for k in range(1, parts + 1)]
    return [_Span(run, a, b) for a, b in itertools.pairwise(even)]


def _cut(front: Front, s: float, road: Road) -> LineString:
    """A line across the footpath at s, at a corner along the bisector."""
    walk = front.walk
    here = walk.point(s)
    before = walk.point((s - 1.0) % walk.length) if s < 1.0 else walk.point(s - 1.0)
    after = walk.point((s + 1.0) % walk.length) if s > walk.length - 1.0 else walk.point(s + 1.0)
    a, b = (here - before), (after - here)
    way = a / max(np.hypot(*a), 1e-9) + b / max(np.hypot(*b), 1e-9)
    outward = np.array([way[1], -way[0]]) / max(np.hypot(*way), 1e-9)
    reach = (road.half_m - road.kerb_m) * (2.0 / max(float(np.hypot(*way)), 0.7)) + 1.2
    return LineString([here - outward * 0.2, here + outward * reach])


def _axis(front: Front, span: _Span, roads: list[Road]) -> LineString:
    """The middle of the footpath, from the start to the end of the span."""
    road = roads[span.run.road or 0]
    points = front.walk.piece(span.a, span.b)
    way = np.gradient(points, axis=0)
    outward: Floats = np.column_stack([way[:, 1], -way[:, 0]]) / np.maximum(np.hypot(*way.T), 1e-9)[:, None]
    return LineString(points + outward * (road.footpath_m / 2))


def _layers(
    ground: BaseGeometry, span: _Span, axis: LineString, plots: list[Plot], roads: list[Road]
) -> list[Piece]:
    index = span.run.road or 0
    road = roads[index]
    mine = sorted(plot.number for plot in plots if plot.run is span.run and span.a <= plot.middle <= span.b)
    numbers = (mine[0], mine[-1]) if mine else None
    pieces: list[Piece] = []
    if road.cycle_m:
        lane = ground.intersection(road_area(road, road.kerb_m + road.cycle_m))
        ground = ground.difference(lane)
        pieces += [Piece("cycle_path", index, span.run.side, part, numbers) for part in polygons(lane, 1.0)]
    width = road.footpath_m
    for number, part in enumerate(polygons(ground, 0.6)):
        pieces.append(
            Piece("footpath", index, span.run.side, part, numbers, axis if number == 0 else None, width)
        )
    return pieces


def carriageway_pieces(roads: list[Road], carriageway: BaseGeometry) -> list[Piece]:
    """Every street's carriageway; a crossing belongs to the more important street, kerb returns too."""
    rank = {"main": 0, "local": 1, "residential": 2, "lane": 3}
    order = sorted(range(len(roads)), key=lambda i: (rank[roads[i].kind], i))
    areas = [road_area(road, road.kerb_m + (5.0 if not road.dead_end else 0.0)) for road in roads]
    tree = STRtree(areas)
    done: dict[int, BaseGeometry] = {}
    pieces: list[Piece] = []
    for i in order:
        x0, y0, x1, y1 = areas[i].bounds
        local = shapely.clip_by_rect(carriageway, x0, y0, x1, y1)
        taken = [done[int(j)] for j in sorted(tree.query(areas[i])) if int(j) in done]
        done[i] = areas[i].intersection(local).difference(shapely.union_all(taken))
        for part in polygons(done[i], 4.0):
            pieces += [Piece("carriageway", i, None, cut) for cut in _lengths(part, roads[i])]
    return pieces


def _lengths(part: Polygon, road: Road) -> list[Polygon]:
    """Long carriageways in stretches of about 120 m."""
    count = round(road.line.length / 120)
    if count < 2:
        return [part]
    blades = []
    for k in range(1, count):
        s = road.line.length * k / count
        a, b = (shapely.get_coordinates(road.line.interpolate(s + d))[0] for d in (-0.5, 0.5))
        across = np.array([-(b - a)[1], (b - a)[0]]) * (road.half_m + 6)
        middle = (a + b) / 2
        blades.append(LineString([middle - across, middle + across]))
    edges = shapely.node(shapely.union_all([part.boundary, *blades]))
    faces = shapely.get_parts(shapely.polygonize([edges]))
    return list(faces[shapely.contains(part, shapely.point_on_surface(faces))])


def surface(pieces: list[Piece], roads: list[Road], today: date, rng: random.Random) -> None:
    """Materials and laying dates: a street was laid at once, and here and there a section anew since."""
    first = {i: today.year - rng.randint(4, 48) for i in range(len(roads))}
    tiles = {i: "natuursteen" if _is_square(road) else rng.choice(TILES) for i, road in enumerate(roads)}
    road_bed = {i: "beton" if rng.random() < 0.18 else "asfalt" for i in range(len(roads))}
    for piece in pieces:
        year = first[piece.road]
        if piece.kind == "footpath" and rng.random() < 0.1:
            year = rng.randint(year, today.year - 2)
        piece.laid_on = date(max(year, 1976), rng.randint(3, 11), rng.randint(1, 28))
        piece.material = tiles[piece.road] if piece.kind == "footpath" else road_bed[piece.road]
        if piece.kind == "cycle_path":
            piece.material = "asfalt" if rng.random() < 0.5 else "betonstraatstenen"


def _is_square(road: Road) -> bool:
    return road.name in ("Grote Markt", "Kerkplein", "Sint-Tillostraat")
