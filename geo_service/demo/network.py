"""Street network: the drawn bones, and every face between them halved again and again by curved streets."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from .lines import Floats, bow, polygons
from .model import StreetKind
from .names import street_names
from .skeleton import SQUARES, Barrier, Road, barriers, built_up, main_roads

SNAP_M = 36.0


@dataclass(frozen=True, slots=True)
class Zone:
    """How a kind of quarter is laid out: block size, street and plot sizes in metres."""

    name: str
    block_m2: float
    carriageway_m: tuple[float, float]
    footpath_m: tuple[float, float]
    plot_m: tuple[float, float]
    depth_m: tuple[float, float]
    setback_m: float


CORE = Zone("core", 7000, (4.6, 5.6), (1.4, 1.9), (5.0, 7.5), (10, 14), 0)
INNER = Zone("inner", 13000, (5.6, 7.6), (1.6, 2.2), (5.4, 8.0), (9, 12), 0)
SUBURB = Zone("suburb", 34000, (5.2, 6.2), (1.5, 1.9), (14, 24), (9, 12), 6)
SOCIAL = Zone("social", 15000, (5.4, 6.0), (1.6, 2.0), (6.0, 7.0), (9, 10), 4)
INDUSTRY = Zone("industry", 75000, (7.0, 7.6), (1.5, 1.8), (45, 90), (40, 75), 12)
RIBBON = Zone("ribbon", 1e9, (6, 6), (1.5, 1.5), (14, 34), (9, 13), 8)
VILLAGE = Zone("village", 14000, (5.4, 6.2), (1.5, 1.9), (8, 16), (9, 11), 2)


@dataclass(frozen=True, slots=True)
class Block:
    """A face of the network, bounded by centrelines."""

    face: Polygon
    zone: Zone


@dataclass
class Network:
    roads: list[Road]
    barriers: list[Barrier]
    blocks: list[Block] = field(default_factory=list)


def zone_of(face: Polygon, rng: random.Random) -> Zone:
    """The kind of quarter by place: rings around the market, industry along the canal."""
    x, y = face.centroid.coords[0]
    distance = float(np.hypot(x, y))
    if distance > 1900 or y > 1560:
        return VILLAGE
    if -1380 < y < -860 and abs(x + 100) < 1400:
        return INDUSTRY
    if distance < 250:
        return CORE
    if distance < 600 or (abs(y) < 180 and distance < 760):
        return INNER
    return SOCIAL if rng.random() < 0.12 else SUBURB


def build_network(rng: random.Random) -> Network:
    """All streets and blocks, in metres from the market."""
    drawn, walls, towns = main_roads(), barriers(), built_up()
    net = Network(drawn, walls)
    older, newer = street_names(rng, {road.name for road in drawn})
    lines = [road.line for road in drawn] + [wall.line for wall in walls] + [town.exterior for town in towns]
    faces = shapely.get_parts(shapely.polygonize([shapely.node(shapely.union_all(lines))]))
    inside = shapely.union_all(towns)
    splitter = _Splitter(rng, net)
    for face in sorted(faces, key=_from_the_market):
        if not inside.contains(face.representative_point()):
            continue
        if any(face.contains(square.centroid) for square in SQUARES):
            net.blocks.append(Block(face, CORE))
        else:
            splitter.divide(face, older, newer)
    net.blocks += list(_ribbons(drawn, walls, inside))
    return net


def _from_the_market(face: Polygon) -> float:
    return float(face.centroid.distance(Point(0, 0)))


def _ribbons(drawn: list[Road], walls: list[Barrier], inside: BaseGeometry) -> Iterator[Block]:
    wet = shapely.union_all([wall.line.buffer(wall.half_m + 3) for wall in walls])
    taken: BaseGeometry = inside
    for road in drawn:
        if road.kind != "main":
            continue
        strip = road.line.buffer(48, cap_style="flat").difference(shapely.union(taken, wet))
        taken = shapely.union(taken, strip)
        for part in polygons(strip, 4000):
            for half in polygons(split(part, road.line), 1500):
                yield Block(half, RIBBON)


class _Splitter:
    """Halves faces; remembers where streets end, so that a new one goes on across the road."""

    def __init__(self, rng: random.Random, net: Network) -> None:
        self.rng, self.net = rng, net
        self.cells: dict[tuple[int, int], list[Floats]] = {}
        for road in net.roads:
            self._remember(road.line)
        walls = [wall.line for wall in net.barriers] + [town.exterior for town in built_up()[1:]]
        self.walls = shapely.union_all(walls)

    def _remember(self, line: LineString) -> None:
        for end in (np.array(line.coords[0]), np.array(line.coords[-1])):
            self.cells.setdefault((int(end[0] // 50), int(end[1] // 50)), []).append(end)

    def _ends_near(self, place: Floats, reach_m: float) -> list[tuple[float, Floats]]:
        """Street ends within reach (at most 50 m), with their distance."""
        i, j = int(place[0] // 50), int(place[1] // 50)
        close = [
            end for a in (i - 1, i, i + 1) for b in (j - 1, j, j + 1) for end in self.cells.get((a, b), ())
        ]
        far = [(float(np.hypot(*(end - place))), end) for end in close]
        return [(distance, end) for distance, end in far if distance < reach_m]

    def divide(self, face: Polygon, older: Iterator[str], newer: Iterator[str], depth: int = 0) -> None:
        zone = zone_of(face, self.rng) if depth == 0 or face.area < 60000 else zone_of(face, random.Random(0))  # nosec B311 # chance, never a secret
        box = face.minimum_rotated_rectangle
        if (
            face.area < zone.block_m2 * self.rng.uniform(0.85, 1.45)
            or depth > 9
            or not isinstance(box, Polygon)
        ):
            self._leaf(face, zone, newer)
            return
        best = self._best_cut(face, box, 9.0 if face.area < 2 * zone.block_m2 else 40.0)
        if best is None:
            self._leaf(face, zone, newer)
            return
        line, halves = best
        old = zone in (CORE, INNER)
        kind: StreetKind = "lane" if zone is CORE else "local" if old or zone is INDUSTRY else "residential"
        name = next(older if old else newer)
        carriageway, footpath = (
            round(self.rng.uniform(*span), 1) for span in (zone.carriageway_m, zone.footpath_m)
        )
        self.net.roads.append(Road(name, kind, _outward(line), carriageway, footpath))
        self._remember(line)
        for half in halves:
            self.divide(half, older, newer, depth + 1)

    def _best_cut(self, face: Polygon, box: Polygon, worst: float) -> tuple[LineString, list[Polygon]] | None:
        candidates: list[tuple[float, LineString, list[Polygon]]] = []
        for _ in range(10 if worst < 10 else 24):
            line = self._candidate(face, box)
            if line is None:
                continue
            p = shapely.get_coordinates(line)
            out = [
                p[0] + (p[0] - p[1]) / np.hypot(*(p[0] - p[1])),
                p[-1] + (p[-1] - p[-2]) / np.hypot(*(p[-1] - p[-2])),
            ]
            halves = polygons(split(face, LineString(np.vstack([out[0], p, out[1]]))), 1.0)
            if len(halves) != 2 or halves[1].area < 0.25 * halves[0].area:
                continue
            score = halves[0].area / halves[1].area + self._faults(face, p)
            candidates.append((score, line, halves))
        if not candidates:
            return None
        score, line, halves = min(candidates, key=lambda item: item[0])
        return (line, halves) if score < worst else None

    def _candidate(self, face: Polygon, box: Polygon) -> LineString | None:
        corners = shapely.get_coordinates(box)[:4]
        along, across = corners[1] - corners[0], corners[2] - corners[1]
        if np.hypot(*along) < np.hypot(*across):
            along, across = across, along
        middle = corners.mean(axis=0) + along * self.rng.uniform(-0.16, 0.16)
        turn = self.rng.gauss(0, 0.09)
        across = np.array(
            [
                across[0] * np.cos(turn) - across[1] * np.sin(turn),
                across[0] * np.sin(turn) + across[1] * np.cos(turn),
            ]
        )
        bend = float(np.hypot(*across)) * self.rng.gauss(0, 0.045)
        raw = LineString(bow(middle - across * 0.8, middle + across * 0.8, bend))
        parts = [part for part in shapely.get_parts(raw.intersection(face)) if part.geom_type == "LineString"]
        if not parts:
            return None
        points = shapely.get_coordinates(max(parts, key=lambda part: part.length))
        return LineString(self._snap(points, face)) if len(points) > 2 else None

    def _snap(self, points: Floats, face: Polygon) -> Floats:
        """Pull both ends to a street that already ends there, if one is near, bending the line along."""
        t = np.linspace(0, 1, len(points))[:, None]
        shift = []
        for end in (points[0], points[-1]):
            near = [(d, e) for d, e in self._ends_near(end, SNAP_M) if face.exterior.distance(Point(e)) < 0.2]
            best = min(near, key=lambda item: item[0], default=(0.0, end))[1]
            shift.append(best - end)
        return np.asarray(points + (1 - t) * shift[0] + t * shift[1])

    def _faults(self, face: Polygon, points: Floats) -> float:
        """Penalty for ends at water, at sharp corners, or just beside another junction."""
        total = 0.0
        for end, inner in ((points[0], points[1]), (points[-1], points[-2])):
            if self.walls.distance(Point(end)) < 4:
                total += 2.5
            total += 4.0 * sum(gap > 0.3 for gap, _ in self._ends_near(end, 34))
            s = face.exterior.project(Point(end))
            edge = np.array(face.exterior.interpolate(s + 2).coords[0]) - np.array(
                face.exterior.interpolate(max(s - 2, 0)).coords[0]
            )
            way = inner - end
            cosine = abs(float(edge @ way)) / max(float(np.hypot(*edge) * np.hypot(*way)), 1e-9)
            total += 11.0 * max(0.0, cosine - 0.3)
        return total

    def _leaf(self, face: Polygon, zone: Zone, newer: Iterator[str]) -> None:
        if zone is SUBURB and face.area > 19000 and self.rng.random() < 0.8:
            self._dead_end(face, newer)
        self.net.blocks.append(Block(face, zone))

    def _dead_end(self, face: Polygon, newer: Iterator[str]) -> None:
        """A cul-de-sac from the middle of the longest straight side towards the heart of the block."""
        heart = np.array(shapely.get_coordinates(shapely.maximum_inscribed_circle(face, 4.0))[0])
        ring = face.exterior
        stops = [np.array(ring.interpolate(s).coords[0]) for s in np.arange(0, ring.length, 9)]
        walls = [s for s in stops if self.walls.distance(Point(s)) > 20]
        good = [s for s in walls if not self._ends_near(s, 42)]
        if not good:
            return
        start = min(good, key=lambda s: float(np.hypot(*(s - heart))))
        line = LineString(bow(start, heart, float(np.hypot(*(heart - start))) * self.rng.gauss(0, 0.12), 8))
        if line.length < 38 or not face.buffer(0.1).contains(line):
            return
        self.net.roads.append(Road(next(newer), "residential", line, 5.2, 1.5, dead_end=True))
        self._remember(line)


def _outward(line: LineString) -> LineString:
    first, last = np.array(line.coords[0]), np.array(line.coords[-1])
    return line.reverse() if np.hypot(*last) < np.hypot(*first) else line
