"""Ground to dig in: footpath sections by street and side, and the strips, crossings and boxes that works draw on them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from .lines import polygons
from .model import PavementSection, Street


class Sites:
    """The footpath sections of a town in the order they lie along their street, and the streets by name."""

    def __init__(self, streets: Iterable[Street], pavements: Iterable[PavementSection]) -> None:
        self.streets = {street.name: street for street in streets}
        self.carriageways: dict[str, list[PavementSection]] = {}
        self.rows: dict[tuple[str, str], list[PavementSection]] = {}
        for section in pavements:
            if section.kind == "carriageway":
                self.carriageways.setdefault(section.street, []).append(section)
            elif (
                section.kind == "footpath" and section.axis is not None and section.side and _regular(section)
            ):
                self.rows.setdefault((section.street, section.side), []).append(section)
        for (street, _), row in self.rows.items():
            line = self.streets[street].centreline
            row.sort(key=lambda s: float(line.project(s.geometry.centroid)))

    def all(self) -> list[PavementSection]:
        return [section for row in self.rows.values() for section in row]

    def stretch(self, first: PavementSection, count: int) -> list[PavementSection]:
        """Up to `count` sections in a row from `first` on, none further than a crossing apart."""
        row = self.rows[first.street, str(first.side)]
        start = row.index(first)
        taken = [first]
        for section in row[start + 1 : start + count]:
            if section.geometry.distance(taken[-1].geometry) > 14:
                break
            taken.append(section)
        return taken

    def across(self, section: PavementSection, along_m: float, width_m: float = 1.0) -> MultiPolygon:
        """A trench from façade to façade, square to the street, along_m from the start of the section."""
        axis, street = _axis(section), self.streets[section.street]
        start = axis.interpolate(along_m)
        centre = street.centreline.interpolate(street.centreline.project(start))
        a, b = shapely.get_coordinates([start, centre])
        way = (b - a) / max(float(np.hypot(*(b - a))), 1e-9)
        first = a - way * section.width_m / 2
        return multi(LineString([first, first + way * street.width_m]).buffer(width_m / 2, cap_style="flat"))


def _regular(section: PavementSection) -> bool:
    """Fit to lay a strip on: its axis runs inside it."""
    axis = _axis(section)
    return axis.length > 14 and float(axis.intersection(section.geometry).length) > 0.9 * axis.length


def _axis(section: PavementSection) -> LineString:
    if section.axis is None:
        raise LookupError(f"{section.code} has no axis")
    return section.axis


def multi(*shapes: BaseGeometry) -> MultiPolygon:
    return MultiPolygon(polygons(shapely.union_all(list(shapes)), 0.01))


def strip(
    sections: Sequence[PavementSection], width_m: float = 1.0, part: tuple[float, float] = (0.0, 1.0)
) -> MultiPolygon:
    """A trench along the middle of the footpath, over a share of each section, within the sections."""
    shapes = []
    for section in sections:
        axis = _axis(section)
        piece = substring(axis, part[0], part[1], normalized=True)
        shapes.append(piece.buffer(width_m / 2, cap_style="flat").intersection(section.geometry))
    return multi(*shapes)


def connection(section: PavementSection, along_m: float, width_m: float = 1.0) -> MultiPolygon:
    """A house connection: square across the footpath."""
    axis = _axis(section)
    piece = substring(axis, along_m - width_m / 2, along_m + width_m / 2)
    return multi(piece.buffer(section.width_m, cap_style="flat").intersection(section.geometry))


def box_at(
    section: PavementSection, along_m: float, long_m: float, wide_m: float, shift_m: float
) -> MultiPolygon:
    """A rectangle along the street, its middle shift_m off the footpath's axis towards the carriageway."""
    axis = _axis(section)
    a, b = shapely.get_coordinates([axis.interpolate(along_m - 0.5), axis.interpolate(along_m + 0.5)])
    way = (b - a) / max(float(np.hypot(*(b - a))), 1e-9)
    outward = np.array([way[1], -way[0]])
    middle = (a + b) / 2 + outward * shift_m
    half = way * long_m / 2
    return multi(LineString([middle - half, middle + half]).buffer(wide_m / 2, cap_style="flat"))


def spot(section: PavementSection, along_m: float) -> Point:
    """A point on the middle of the footpath, to the millimetre."""
    place = _axis(section).interpolate(along_m)
    return Point(round(place.x, 3), round(place.y, 3))


def quarter(centre: Point, radius_m: float) -> Polygon:
    """An irregular area, as somebody would draw around a neighbourhood."""
    turns = np.linspace(0, 2 * math.pi, 11, endpoint=False)
    reach = radius_m * (1 + 0.1 * np.sin(3 * turns))
    return Polygon(np.column_stack([centre.x + reach * np.cos(turns), centre.y + reach * np.sin(turns)]))


def apart(
    candidates: Sequence[PavementSection],
    count: int,
    least_m: float,
    taken: Sequence[Point],
    rng: random.Random,
) -> list[PavementSection]:
    """`count` sections, each in a street of its own and at least least_m from the others and from `taken`."""
    order = sorted(candidates, key=lambda section: section.code)
    rng.shuffle(order)
    chosen: list[PavementSection] = []
    places = list(taken)
    for section in order:
        here = section.geometry.centroid
        if any(section.street == other.street for other in chosen):
            continue
        if all(here.distance(place) >= least_m for place in places):
            chosen.append(section)
            places.append(here)
            if len(chosen) == count:
                return chosen
    raise LookupError(f"only {len(chosen)} of {count} places lie {least_m} m apart")
