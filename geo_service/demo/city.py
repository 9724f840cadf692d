"""The demo city from one seed and one day: the same seed and day give the same bytes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TypeVar

import shapely
from shapely import Point
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from .facilities import place_facilities
from .fronts import Front, build_fronts, carriageways
from .lines import millimetres, polygons
from .model import Building, City, Ground, PavementSection, Street
from .network import Network, build_network
from .pavements import Piece, carriageway_pieces, footpath_pieces, surface
from .plots import Plot, build_plots
from .skeleton import BOUNDS, CENTRE, SQUARES, Road

SEED = 36008
G = TypeVar("G", bound=BaseGeometry)


def build_town(seed: int, today: date) -> City:
    """Streets, pavements, buildings and ground of one town, without works or repairs."""
    rng = random.Random(seed)  # nosec B311 # chance, never a secret
    net = build_network(rng)
    kerbs = carriageways(net.roads)
    fronts = build_fronts(net, kerbs)
    facilities = place_facilities(fronts, net.roads)
    per_front = [[] if i in facilities.closed else build_plots(front, rng) for i, front in enumerate(fronts)]
    for i, plot in facilities.plots:
        per_front[i].append(plot)
    homes = [(fronts[i].walk, plot) for i, plots in enumerate(per_front) for plot in plots]
    _number(
        [
            (plot, net.roads[plot.run.road or 0].line.project(Point(walk.point(plot.middle))))
            for walk, plot in homes
        ],
        rng,
    )
    pieces = [
        piece
        for i, front in enumerate(fronts)
        for piece in footpath_pieces(front, per_front[i], net.roads, rng)
    ]
    pieces += _market_square(net, fronts)
    pieces += carriageway_pieces(net.roads, kerbs)
    surface(pieces, net.roads, today, rng)
    return City(
        name="Izegem",
        seed=seed,
        bounds=(CENTRE[0] + BOUNDS[0], CENTRE[1] + BOUNDS[1], CENTRE[0] + BOUNDS[2], CENTRE[1] + BOUNDS[3]),
        streets=tuple(_street(road) for road in net.roads),
        pavements=tuple(_section(piece, net.roads, i) for i, piece in enumerate(pieces, 1)),
        buildings=tuple(_building(plot, net.roads, i) for i, (_, plot) in enumerate(homes, 1)),
        grounds=tuple(
            replace(ground, geometry=_to_centre(ground.geometry))
            for ground in [*_wet(net), *facilities.grounds]
        ),
        works=(),
        repairs=(),
        golden=(),
    )


def _number(plots: list[tuple[Plot, float]], rng: random.Random) -> None:
    """House numbers rise outward, even against odd, with a jump at gaps and now and then a skip."""
    sides: dict[tuple[int | None, str], list[tuple[float, Plot]]] = {}
    for plot, at in plots:
        sides.setdefault((plot.run.road, plot.run.side), []).append((at, plot))
    for (_, side), row in sorted(sides.items(), key=lambda item: (item[0][0] or 0, item[0][1])):
        number, last = (0 if side == "even" else -1), 0.0
        for at, plot in sorted(row, key=lambda item: item[0]):
            gap = int((at - last) / 24)
            number += 2 * (1 + min(gap, 6) + (rng.random() < 0.04))
            plot.number, last = number, at


def _market_square(net: Network, fronts: list[Front]) -> list[Piece]:
    """The market square itself, paved from wall to wall, in four parts."""
    index = next(i for i, road in enumerate(net.roads) if road.name == "Grote Markt")
    market = next(front.inner for front in fronts if front.inner.contains(SQUARES[0].centroid))
    x, y = market.centroid.coords[0]
    quarters = [
        shapely.box(x - 200 * (1 - i), y - 200 * (1 - j), x + 200 * i, y + 200 * j)
        for i in (0, 1)
        for j in (0, 1)
    ]
    parts = [part for quarter in quarters for part in polygons(market.intersection(quarter), 4.0)]
    return [Piece("footpath", index, None, part) for part in parts]


def _wet(net: Network) -> Iterator[Ground]:
    area = shapely.box(*BOUNDS)
    for wall in net.barriers:
        kind = "rail" if wall.kind == "rail" else "water"
        for part in polygons(wall.line.buffer(wall.half_m - 1, quad_segs=2).intersection(area)):
            yield Ground("rail" if kind == "rail" else "water", part, wall.name)


def _to_centre(geometry: G) -> G:
    moved: G = translate(geometry, *CENTRE)
    return moved


def _street(road: Road) -> Street:
    return Street(
        road.name,
        _to_centre(road.line),
        round(2 * road.half_m, 2),
        road.kind,
        road.carriageway_m,
        road.cycle_m,
        road.footpath_m,
    )


def _section(piece: Piece, roads: list[Road], number: int) -> PavementSection:
    first, last = piece.numbers or (None, None)
    return PavementSection(
        code=f"V-{number:04d}",
        kind=piece.kind,
        street=roads[piece.road].name,
        side=piece.side,
        number_from=first,
        number_to=last,
        material=piece.material,
        laid_on=piece.laid_on,
        geometry=millimetres(_to_centre(piece.geometry)),
        axis=_to_centre(piece.axis) if piece.axis is not None else None,
        width_m=piece.width_m,
    )


def _building(plot: Plot, roads: list[Road], number: int) -> Building:
    return Building(
        source_id=f"GRB-{3600800000 + number}",
        geometry=millimetres(_to_centre(plot.geometry)),
        street=roads[plot.run.road or 0].name,
        house_number=str(plot.number),
        function=plot.function,
        name=plot.name,
        owner=plot.owner,
    )
