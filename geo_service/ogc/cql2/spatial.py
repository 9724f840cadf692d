"""The spatial predicates of CQL2 in PostGIS, and geometries as a filter draws them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import shapely
import sqlalchemy as sa
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo_service.domain import geometry
from geo_service.domain.errors import InvalidInput
from geo_service.ogc.cql2 import limits

Sql = sa.ColumnElement[Any]

RELATIONS: Mapping[str, Callable[[Any, Any], Sql]] = {
    "s_contains": sa.func.ST_Contains,
    "s_crosses": sa.func.ST_Crosses,
    "s_disjoint": sa.func.ST_Disjoint,
    "s_equals": sa.func.ST_Equals,
    "s_intersects": sa.func.ST_Intersects,
    "s_overlaps": sa.func.ST_Overlaps,
    "s_touches": sa.func.ST_Touches,
    "s_within": sa.func.ST_Within,
}


def drawn(tree: Mapping[str, Any]) -> BaseGeometry:
    """A geometry of GeoJSON or a `bbox`, sound and flat, in the CRS of the filter. Raises InvalidInput."""
    try:
        literal = _box(tree["bbox"]) if "bbox" in tree else shapely.force_2d(_shape(tree))
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError,
            OverflowError, shapely.errors.ShapelyError) as error:  # fmt: skip
        raise InvalidInput.one(limits.FIELD, "cql_geometry") from error
    if shapely.get_num_coordinates(literal) > limits.MAX_CORNERS:
        raise InvalidInput.one(limits.FIELD, "cql_too_large.corners", limit=limits.MAX_CORNERS)
    if literal.is_empty or not _is_finite(literal) or not literal.is_valid:
        raise InvalidInput.one(limits.FIELD, "cql_geometry")
    return literal


def _shape(tree: Mapping[str, Any]) -> BaseGeometry:
    if tree.get("type") not in geometry.TYPES:
        raise ValueError(tree.get("type"))
    return shape(dict(tree))


def _box(numbers: Any) -> BaseGeometry:
    sides = [float(number) for number in numbers]
    if len(sides) == 6:  # with heights, which do not matter here
        sides = [*sides[:2], *sides[3:5]]
    west, south, east, north = sides
    if not all(map(math.isfinite, sides)) or south > north:
        raise ValueError(numbers)
    if west <= east:
        return shapely.box(west, south, east, north)
    if max(map(abs, sides)) > 180:
        raise ValueError(numbers)
    # Over the antimeridian: OGC 21-065r2, 6.5.
    over: BaseGeometry = shapely.union(
        shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)
    )
    return over


def _is_finite(literal: BaseGeometry) -> bool:
    return bool(all(map(math.isfinite, shapely.get_coordinates(literal).ravel())))
