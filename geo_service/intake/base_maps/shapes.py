"""The data types of the derivation: shapes of the base maps as input, sections as output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

GRID_M = 0.001
"""The grid of all cuts (m), so that neighbouring pieces share their border exactly."""
LONGEST_M = 40.0
"""The longest section (m): about what a crew relays in a few days."""
SNAP_M = 10.0
"""The distance within which a cut moves to the nearest limit between two façades (m)."""
REACH_M = 25.0
"""The distance from an axis beyond which pavement belongs to no street (m)."""
LEAST_M2 = 1.0
"""The smallest section (m²); a smaller sliver stays with its neighbour."""
STRIP_M = 2.5
"""The largest width of a footpath derived between a carriageway and façades (m)."""
LEAST_STRIP_M = 0.8
"""The smallest width between a kerb and a façade of a footpath (m)."""
FACADE_M = 10.0
"""The distance within which a house stands along a carriageway (m); without a house no footpath is derived."""


def areas(ground: BaseGeometry) -> list[BaseGeometry]:
    """The polygons of a geometry, without the lines and points that an overlay leaves."""
    parts = shapely.get_parts(shapely.get_parts(ground))
    return [part for part in parts if part.geom_type == "Polygon" and part.area > 1e-6]


@dataclass(frozen=True, slots=True)
class Surface:
    """Surveyed pavement, or a road as a whole (`corridor`)."""

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
    """The centre line of a street, with the names on its left and right in the direction of the line."""

    id: int
    left: str | None
    right: str | None
    geom: LineString


@dataclass(frozen=True, slots=True)
class House:
    """The outline of a building with its address, if it has one."""

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
    """All shapes near the surfaces: axes and houses along the whole of their streets, and what limits them."""

    axes: Sequence[Axis]
    houses: Sequence[House] = ()
    kerbs: Sequence[BaseGeometry] = ()
    parcels: Sequence[BaseGeometry] = ()
    footpaths: Sequence[BaseGeometry] = ()
