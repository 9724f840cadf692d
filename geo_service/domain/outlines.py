"""Outlines of ground: which kinds of geometry become ground, and how large and how detailed it may be. Storage CRS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo_service.domain.errors import InvalidInput

MAX_CORNERS = 5_000
"""Of the outline, once bends finer than `DETAIL_M` are left out; the most detailed real zone keeps 3,015."""
DETAILED = 1_000
"""Outlines of fewer corners stay as they were drawn."""
DETAIL_M = 0.02

# An edge of an outline meets two others. Mending takes the square of what crosses: where edges meet so many, nobody drew ground.
TANGLED = 50
EDGES_LOOKED_AT = 200
# GIPOD draws lines and points as strips: buffered by this much (m).
STRIP_M = 0.25


def refuse(field: str, reason: str, /, **params: Any) -> NoReturn:
    """Raise InvalidInput about ground in `field`."""
    raise InvalidInput.one(field, reason, **params)


def one_kind(ground: BaseGeometry) -> BaseGeometry:
    """A collection as one kind of geometry: areas if there are any, with its lines and points as the strips they stand for."""
    if not isinstance(ground, shapely.GeometryCollection):
        return ground
    parts = list(simple_parts(ground))
    areas = [part for part in parts if isinstance(part, shapely.Polygon)]
    thin = [part for part in parts if not isinstance(part, shapely.Polygon)]
    if not areas and len({part.geom_type for part in thin}) == 1:
        return shapely.union_all(thin)
    strips = simple_parts(shapely.union_all(shapely.buffer(np.array(thin), STRIP_M)))
    return shapely.MultiPolygon([*areas, *(part for part in strips if isinstance(part, shapely.Polygon))])


def simple_parts(ground: BaseGeometry) -> Iterator[BaseGeometry]:
    """The points, lines and polygons of which the ground consists, at any depth of collections."""
    for part in shapely.get_parts(ground):
        if part.is_empty:
            continue
        if shapely.get_type_id(part) >= shapely.GeometryType.MULTIPOINT:
            yield from simple_parts(part)
        else:
            yield part


def bounded(ground: BaseGeometry, field: str, largest_m2: float, notes: list[str] | None) -> BaseGeometry:
    """The ground with at most `MAX_CORNERS` corners; `notes` get `geometry_simplified`. Raises InvalidInput when it is larger than
    `largest_m2` or keeps more corners."""
    if ground.area > largest_m2:
        km2, most = ground.area / 1e6, largest_m2 / 1e6
        refuse(field, "geometry_area_too_large", km2=round(km2, 1), limit_km2=most)
    if shapely.get_num_coordinates(ground) <= DETAILED:
        return ground
    plainer = shapely.simplify(ground, DETAIL_M)
    corners = int(shapely.get_num_coordinates(plainer))
    if corners > MAX_CORNERS:
        refuse(field, "geometry_too_detailed", corners=corners, limit=MAX_CORNERS, detail_m=DETAIL_M)
    if notes is not None and corners < shapely.get_num_coordinates(ground):
        notes.append("geometry_simplified")
    return plainer


def is_tangled(part: BaseGeometry) -> bool:
    """Whether the edges cross so often that mending would take minutes: by the boxes that some of them share with all others."""
    points = shapely.get_coordinates(part)
    edges = np.asarray(shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)), object)
    some = edges[:: max(1, len(edges) // EDGES_LOOKED_AT)]
    meetings = len(shapely.STRtree(edges).query(some)[0])
    return meetings > TANGLED * len(some)
