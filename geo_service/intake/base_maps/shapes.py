"""The data types of the derivation: shapes of the base maps as input, sections as output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

GRID_M = 0.001
"""Cuts are made on a grid of a millimetre, so that what was one ground stays one ground."""
LONGEST_M = 40.0
"""A section is about as long as a crew relays in a few days and a façade row reads: no longer than this."""
SNAP_M = 10.0
"""A cut moves to the nearest limit between two façades within this distance."""
REACH_M = 25.0
"""Pavement further than this from an axis belongs to no street that we know."""
LEAST_M2 = 1.0
"""Slivers smaller than this stay with their neighbour."""
STRIP_M = 2.5
"""Width at most of a footpath that is derived between a carriageway and façades."""
LEAST_STRIP_M = 0.8
"""What is left between a kerb and a façade must be this wide to be a footpath."""
FACADE_M = 10.0
"""A house this near the carriageway stands along it; where none does, no footpath is derived."""


def areas(ground: BaseGeometry) -> list[BaseGeometry]:
    """Its polygons; what an overlay leaves of lines and points is no ground."""
    parts = shapely.get_parts(shapely.get_parts(ground))
    return [part for part in parts if part.geom_type == "Polygon" and part.area > 1e-6]


@dataclass(frozen=True, slots=True)
class Surface:
    """Pavement as surveyed, or a road as a whole (`corridor`)."""

    id: int
    source: str
    source_id: str
    kind: str
    geom: BaseGeometry
    street: str | None = None
    side: str | None = None
    number_from: str | None = None
    number_to: str | None = None
    material: str | None = None
    laid_on: date | None = None
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """A street's centre line, and the names on its left and right in the direction in which it is drawn."""

    id: int
    left: str | None
    right: str | None
    geom: LineString


@dataclass(frozen=True, slots=True)
class House:
    """A building's outline with its address, as far as it has one."""

    geom: BaseGeometry
    street: str | None
    number: int | None


@dataclass(frozen=True, slots=True)
class Section:
    """A workable length of pavement."""

    base_id: int
    source: str
    code: str
    kind: str
    geom: BaseGeometry
    street: str | None
    side: str | None
    number_from: str | None
    number_to: str | None
    material: str | None
    laid_on: date | None
    derived: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """All that lies near the surfaces: axes and houses along the whole of each street that they are on, and what limits them."""

    axes: Sequence[Axis]
    houses: Sequence[House] = ()
    kerbs: Sequence[BaseGeometry] = ()
    parcels: Sequence[BaseGeometry] = ()
    footpaths: Sequence[BaseGeometry] = ()
