"""Buildings along the façade lines: closed terraces, detached houses with front gardens, halls."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from .fronts import Front, Run
from .lines import Floats, largest
from .network import CORE, INDUSTRY, INNER, RIBBON, SOCIAL, VILLAGE

PRIVATE = "particulier"


@dataclass
class Plot:
    """A building with its place along a run: between s0 and s1 on the walk around the block."""

    run: Run
    s0: float
    s1: float
    geometry: Polygon
    function: str = "residential"
    name: str | None = None
    owner: str = PRIVATE
    annex: Polygon | None = None
    number: int = 0

    @property
    def middle(self) -> float:
        return (self.s0 + self.s1) / 2


def build_plots(front: Front, rng: random.Random) -> list[Plot]:
    """All ordinary buildings of a block; they never overlap each other nor what is reserved."""
    plots: list[Plot] = []
    roomy = 0.92 * shapely.maximum_inscribed_circle(front.inner, 1.0).length
    for number, run in enumerate(front.runs):
        if run.road is None or run.length < 5:
            continue
        if front.zone in (CORE, INNER, SOCIAL):
            plots += _terrace(front, run, number, rng, roomy)
        elif front.zone is INDUSTRY:
            plots += _halls(front, run, rng)
        else:
            plots += _houses(front, run, rng)
    return _without_overlaps(front, plots, 0.0 if front.zone in (CORE, INNER, SOCIAL) else 1.0)


def frame(front: Front, s: float) -> tuple[Floats, Floats, Floats]:
    """Origin on the façade line, direction along it, direction inward."""
    tangent = front.walk.tangent(s, 4.0)
    return front.walk.point(s), tangent, np.array([-tangent[1], tangent[0]])


def placed(front: Front, s: float, corners: list[tuple[float, float]]) -> Polygon:
    """A polygon given in metres along and inward from the façade line at s."""
    origin, along, inward = frame(front, s)
    return Polygon([origin + along * x + inward * y for x, y in corners])


def _terrace(front: Front, run: Run, number: int, rng: random.Random, roomy: float) -> list[Plot]:
    zone, walk = front.zone, front.walk
    usual = min(sum(zone.depth_m) / 2, roomy)
    before = front.runs[number - 1]
    s = run.s0 + zone.setback_m
    if before.road is not None and run.start_turn > 0.6 and before.length > 12:
        s = run.s0 + (usual + zone.setback_m) / max(np.sin(run.start_turn), 0.6)
    end = run.s1 - (zone.setback_m if run.end_turn > 0.6 else 0)
    cuts = [s]
    while end - cuts[-1] > 1.5 * zone.plot_m[1]:
        gap = 3.2 if zone is SOCIAL and len(cuts) % 8 == 0 else 0.0
        cuts.append(cuts[-1] + rng.uniform(*zone.plot_m) + gap)
    if end - s < 4.5:
        return []
    cuts.append(end)
    walls = [walk.normal(min(max(c, run.s0 + 1), run.s1 - 1), 3.0) for c in cuts]
    if run.end_turn > 0.6 and end - s > 6:
        walls[-1] = (
            walk.tangent(min(run.s1 + 3, walk.length), 2.5) if run.s1 < walk.length else walk.tangent(3.0)
        )
    plots = []
    for i, (a, b) in enumerate(itertools.pairwise(cuts)):
        depth = usual if i == len(cuts) - 2 else min(rng.uniform(*zone.depth_m), roomy)
        plots.append(_row_house(front, run, (a, b), (walls[i], walls[i + 1]), depth, rng))
    return plots


def _row_house(
    front: Front,
    run: Run,
    span: tuple[float, float],
    walls: tuple[Floats, Floats],
    depth: float,
    rng: random.Random,
) -> Plot:
    """Main body over the full width, and often a narrower annex behind it along one of the side walls."""
    a, b = span
    wide = b - a
    b_wall = b - 3.2 if front.zone is SOCIAL and wide > front.zone.plot_m[1] + 2 else b
    face = front.walk.piece(a, b_wall)
    setback = front.zone.setback_m
    base = face + np.linspace(walls[0], walls[1], len(face)) * setback
    left, right = base[0] + walls[0] * depth, base[-1] + walls[1] * depth
    body = Polygon(np.vstack([base, right, left]))
    annex = None
    if rng.random() < 0.8:
        long, share = rng.uniform(2.5, 9.0), rng.uniform(0.45, 0.8)
        inner = left + (right - left) * share if rng.random() < 0.5 else None
        corner, other, wall = (
            (left, inner, walls[0])
            if inner is not None
            else (right, right + (left - right) * share, walls[1])
        )
        annex = Polygon([corner, other, other + wall * long, corner + wall * long])
    plot = Plot(run, a, b, body, annex=annex)
    shops = {"core": 0.42, "inner": 0.07}.get(front.zone.name, 0.0)
    if rng.random() < shops:
        plot.function = "shop"
    if front.zone is SOCIAL:
        plot.owner = "Sociale woonmaatschappij De Mandelstreek"
    return plot


def _houses(front: Front, run: Run, rng: random.Random) -> list[Plot]:
    """Detached houses, now and then a pair that shares a wall."""
    zone = front.zone
    plots: list[Plot] = []
    s = run.s0 + (zone.setback_m if run.start_turn > 0.6 else 2.0)
    while s < run.s1 - 9:
        wide = rng.uniform(*zone.plot_m)
        if zone is RIBBON and rng.random() < 0.28:
            s += wide
            continue
        wide = min(wide, run.s1 - s - 1)
        if wide < 8:
            break
        plots += _pair(front, run, s, rng) if rng.random() < 0.25 else [_villa(front, run, s, wide, rng)]
        s = plots[-1].s1
    return plots


def _villa(front: Front, run: Run, s: float, wide: float, rng: random.Random) -> Plot:
    zone = front.zone
    house = min(wide - (1.0 if zone is VILLAGE else 5.0), rng.uniform(8.0, 13.5))
    house = max(house, 7.0)
    deep, back = (
        rng.uniform(*zone.depth_m),
        zone.setback_m * rng.uniform(0.8, 1.4) * (rng.random() > 0.25 or zone is not VILLAGE),
    )
    left = -house / 2 + rng.uniform(-1, 1)
    corners = [(left, back), (left + house, back), (left + house, back + deep), (left, back + deep)]
    if rng.random() < 0.55:
        wing, step = rng.uniform(3.2, 4.5), rng.uniform(1.5, 4.0)
        corners = [
            *corners[:1],
            (left + house - wing, back),
            (left + house - wing, back + step),
            (left + house, back + step),
            *corners[2:],
        ]
        if rng.random() < 0.5:
            corners = [(-x, y) for x, y in reversed(corners)]
    plot = Plot(run, s, s + wide, placed(front, s + wide / 2, corners))
    plot.function = "shop" if zone is RIBBON and rng.random() < 0.06 else "residential"
    return plot


def _pair(front: Front, run: Run, s: float, rng: random.Random) -> list[Plot]:
    half, deep, back = rng.uniform(6.5, 8.5), rng.uniform(9, 11), front.zone.setback_m
    side = rng.uniform(2.5, 4)
    middle = s + half + side
    if middle + half + side > run.s1:
        return [_villa(front, run, s, run.s1 - s, rng)]
    shapes = [
        placed(front, middle, [(x, back), (x + half, back), (x + half, back + deep), (x, back + deep)])
        for x in (-half, 0.0)
    ]
    return [Plot(run, s, middle, shapes[0]), Plot(run, middle, middle + half + side, shapes[1])]


def _halls(front: Front, run: Run, rng: random.Random) -> list[Plot]:
    plots: list[Plot] = []
    s = run.s0 + front.zone.setback_m
    while s < run.s1 - 30:
        wide = min(rng.uniform(*front.zone.plot_m), run.s1 - s - 6)
        if wide < 24:
            break
        hall, deep, back = wide - 12, rng.uniform(*front.zone.depth_m), front.zone.setback_m
        corners = [(-hall / 2, back), (hall / 2, back), (hall / 2, back + deep), (-hall / 2, back + deep)]
        if rng.random() < 0.6:
            office = hall * rng.uniform(0.2, 0.4)
            corners = [
                (-hall / 2, back - 5),
                (-hall / 2 + office, back - 5),
                (-hall / 2 + office, back),
                *corners[1:],
            ]
        plot = Plot(run, s, s + wide, placed(front, s + wide / 2, corners), "industry", None, "bedrijf")
        plots.append(plot)
        s += wide
    return plots


def _without_overlaps(front: Front, plots: list[Plot], margin_m: float) -> list[Plot]:
    """First come, first served: what overlaps an earlier building is cut back, or left out if it stands free."""
    inner = front.inner.buffer(-margin_m) if margin_m else front.inner
    bodies: list[Polygon] = list(front.reserved)
    kept = [plot for plot in plots if not any(plot.geometry.intersects(other) for other in front.reserved)]
    tree = STRtree([plot.geometry for plot in kept])
    shapes: dict[int, Polygon] = {}
    for i, plot in enumerate(kept):
        others = [shapes[int(j)] for j in sorted(tree.query(plot.geometry)) if int(j) in shapes]
        shape = plot.geometry.buffer(0) if not plot.geometry.is_valid else plot.geometry
        if margin_m:
            free = inner.contains(shape) and not any(shape.intersection(o).area > 0.02 for o in others)
            shape = shape if free else Polygon()
        else:
            rest: BaseGeometry = shape.intersection(inner)
            for other in others:
                rest = rest.difference(other)
            shape = largest(rest)
        is_uncut = shape.area > 0.97 * plot.geometry.area
        if shape.area > 26 and (is_uncut or shape.buffer(-1.2).area > 4):
            shapes[i] = shape
    for i, shape in shapes.items():
        kept[i].geometry = shape
    return _with_annexes(inner, [kept[i] for i in shapes], bodies)


def _with_annexes(inner: Polygon, plots: list[Plot], reserved: list[Polygon]) -> list[Plot]:
    """Annexes grow into what is left of the yards; a later one yields to an earlier one."""
    tree = STRtree([plot.geometry for plot in plots])
    yard = inner.buffer(-2.0)
    grown: list[Polygon] = []
    for i, plot in enumerate(plots):
        if plot.annex is None or not plot.annex.is_valid:
            continue
        others = [plots[int(j)].geometry for j in sorted(tree.query(plot.annex)) if int(j) != i]
        x0, y0, x1, y1 = plot.annex.bounds
        others += [
            g
            for g in grown
            if g.bounds[0] < x1 and g.bounds[2] > x0 and g.bounds[1] < y1 and g.bounds[3] > y0
        ]
        free: BaseGeometry = plot.annex.intersection(yard)
        for other in [*others, *reserved]:
            free = free.difference(other)
        shape = largest(free)
        is_uncut = shape.area > 0.97 * plot.annex.area
        if shape.area < 5 or (not is_uncut and shape.buffer(-0.9).is_empty):
            continue
        joined = plot.geometry.union(shape.buffer(0.02, join_style="mitre"))
        for other in [*others, *reserved]:
            joined = joined.difference(other)
        if isinstance(joined, Polygon) and not joined.interiors:
            plot.geometry = joined
            grown.append(plot.geometry)
    return plots
