"""Geometry at the edge: from and to GeoJSON, and every check before ground may be stored.

Inside the service all geometry is in the storage CRS (`domain/crs.py`). pyproj is the one library here besides shapely:
a CRS cannot be had without it.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from geo_service.domain import crs as crs_codes
from geo_service.domain import outlines, rings
from geo_service.domain.rounding import rounded_one

Bbox: TypeAlias = tuple[float, float, float, float]
"""west, south, east, north in WGS84 degrees."""

MAX_VERTICES = 50_000
# Limits to the work for one piece of ground: the number of pairs grows with its area, the work on each with its corners.
MAX_GROUND_M2 = 250e6
"""More than any municipality of Flanders; the largest of 4,025 real zones has 2.3 km². Larger ground is drawn in phases."""
MAX_REPAIR_M2 = 1e6
"""The largest of 474 real renewals of streets and footpaths has 0.14 km²."""
TYPES = (
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
)

# What a repair may add or take away before it means something else than what was drawn: per part, whichever is larger.
REPAIR_SHARE = 0.01
REPAIR_M2 = 0.5
DIGITS = {crs_codes.WGS84: 7}  # 1 cm
METRE_DIGITS = 2
EDGE_DEGREES = 0.05
"""The longest straight edge in degrees that is moved by its ends only: over Belgium, a parallel bends 600 m away from a straight line."""


def transform(geometry: BaseGeometry, source: int, target: int) -> BaseGeometry:
    """The geometry in another CRS (EPSG codes), x/longitude first in both."""
    if source == target:
        return geometry
    return shapely.transform(geometry, lambda points: transform_points(points, source, target))


def hex_ewkb(ground: BaseGeometry) -> str:
    """Return ground in the storage CRS as hexadecimal EWKB with its SRID, as PostGIS reads it."""
    return str(shapely.to_wkb(shapely.set_srid(ground, crs_codes.STORAGE), hex=True, include_srid=True))


def to_storage(drawn: BaseGeometry, crs: int) -> BaseGeometry:
    """A drawn area in the storage CRS; long edges in degrees bend as parallels and meridians do there."""
    fine = shapely.segmentize(drawn, EDGE_DEGREES) if crs == crs_codes.WGS84 else drawn
    return transform(fine, crs, crs_codes.STORAGE)


def transform_points(points: NDArray[np.float64], source: int, target: int) -> NDArray[np.float64]:
    """Rows of x, y in another CRS (EPSG codes), x/longitude first in both."""
    moved = _transformer(source, target).transform(points[:, 0], points[:, 1])
    return np.column_stack(moved)


def read_geojson(
    value: Any,
    *,
    field: str,
    crs: int = crs_codes.WGS84,
    region: Bbox,
    repair: bool = False,
    largest_m2: float = MAX_GROUND_M2,
    notes: list[str] | None = None,
) -> BaseGeometry:
    """A GeoJSON geometry (a parsed object, coordinates in `crs`) as valid, 2D ground in the storage CRS, inside `region`.

    Of outlines with more than `outlines.DETAILED` corners, bends finer than `outlines.DETAIL_M` are left out (`notes` then gets `geometry_simplified`).
    `repair`, for imports: rings that cross themselves are mended as long as the ground stays what was drawn, and those that are not
    closed are closed; `notes` then gets `geometry_repaired`, `geometry_closed`. Raises InvalidInput about `field`, with the reason and the place.
    """
    drawn = _parse(value, field, crs)
    _check_closed(value, field, repair, notes)
    if drawn.is_empty:
        outlines.refuse(field, "geometry_empty")
    vertices = int(shapely.get_num_coordinates(drawn))
    if vertices > MAX_VERTICES:
        outlines.refuse(field, "geometry_too_large", vertices=vertices, limit=MAX_VERTICES)
    if not np.isfinite(shapely.get_coordinates(drawn)).all():
        outlines.refuse(field, "geometry_not_finite")
    _check_region(drawn, field, crs, region)
    ground = outlines.one_kind(transform(shapely.force_2d(drawn), crs, crs_codes.STORAGE))
    sound = ground if ground.is_valid else _mend(ground, field, crs, repair, notes)
    return outlines.bounded(sound, field, largest_m2, notes)


def to_geojson(
    geometry: BaseGeometry, crs: int = crs_codes.WGS84, digits: int | None = None
) -> dict[str, Any]:
    """Ground of the storage CRS as a GeoJSON geometry in `crs`: rounded to about a centimetre, and valid and counter-clockwise then."""
    places = DIGITS.get(crs, METRE_DIGITS) if digits is None else digits
    return mapping(rounded_one(transform(geometry, crs_codes.STORAGE, crs), places))


def recognised_crs(x: float, y: float, region: Bbox) -> int | None:
    """The one CRS in which this place lies inside the region: a hint for people, never taken for granted. None without a place (NaN)."""
    if not (math.isfinite(x) and math.isfinite(y)):
        return None
    fits = [crs for crs in crs_codes.RECOGNISED if _inside(shapely.Point(x, y), crs, region)]
    return fits[0] if len(fits) == 1 else None


@functools.cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _parse(value: Any, field: str, crs: int) -> BaseGeometry:
    if value is None or value == {}:
        outlines.refuse(field, "geometry_missing")
    if not isinstance(value, Mapping) or value.get("type") not in TYPES:
        type_name = value.get("type") if isinstance(value, Mapping) else type(value).__name__
        outlines.refuse(
            field,
            "geometry_type_unknown",
            given=str(type_name)[:40],
            type=repr(type_name),
            known=", ".join(TYPES),
        )
    try:
        _check_crs_member(value, field, crs)
        return shape(dict(value))
    except (
        ValueError,
        TypeError,
        IndexError,
        KeyError,
        AttributeError,
        RecursionError,
        OverflowError,
        shapely.errors.ShapelyError,
    ):
        outlines.refuse(field, "geometry_malformed", type=value["type"])


def _check_closed(value: Mapping[str, Any], field: str, repair: bool, notes: list[str] | None) -> None:
    """A ring ends where it begins (RFC 7946 §3.1.6). One that does not was cut off, or written by a program that closes it in its own way."""
    opened = rings.open_at(value)
    if opened is None:
        return
    if not repair:
        place = ", ".join(str(number) for number in opened[:2])
        outlines.refuse(field, "geometry_ring_open", place=place)
    if notes is not None:
        notes.append("geometry_closed")


def _check_crs_member(value: Mapping[str, Any], field: str, crs: int) -> None:
    """GeoJSON of before RFC 7946 may name its CRS; it must be the one that the coordinates are read in."""
    for part in (value, *(value.get("geometries") or ())):
        member = part.get("crs")
        if member is None:
            continue
        name = str(member.get("properties", {}).get("name", ""))
        epsg = re.search(r"EPSG:(?:[\d.]*:)?(\d+)$", name)
        named = crs_codes.WGS84 if name.endswith("CRS84") else int(epsg[1]) if epsg else None
        if named != crs:
            reason = "crs_not_supported.given" if name else "crs_not_supported.unnamed"
            outlines.refuse(field, reason, given=name[:80], crs_name=name, crs=crs)


def _check_region(drawn: BaseGeometry, field: str, crs: int, region: Bbox) -> None:
    if _inside(drawn, crs, region):
        return
    swapped = shapely.transform(drawn, lambda points: points[:, ::-1])
    if _inside(swapped, crs, region):
        degrees = crs == crs_codes.WGS84
        outlines.refuse(field, "geometry_axes_swapped.degrees" if degrees else "geometry_axes_swapped")
    for other in crs_codes.RECOGNISED:
        if other != crs and _inside(drawn, other, region):
            is_exchange = other in crs_codes.EXCHANGE
            outlines.refuse(
                field,
                "geometry_outside_region.looks_like" if is_exchange else "geometry_outside_region.other_crs",
                region=list(region),
                bounds=",".join(map(str, region)),
                looks_like=other,
                known=list(crs_codes.EXCHANGE),
            )
    x, y = _first_outside(drawn, crs, region)
    outlines.refuse(
        field,
        "geometry_outside_region.x",
        region=list(region),
        bounds=",".join(map(str, region)),
        x=f"{x:g}",
        y=f"{y:g}",
    )


def _first_outside(drawn: BaseGeometry, crs: int, region: Bbox) -> tuple[float, float]:
    """The first corner outside the region."""
    corners = shapely.get_coordinates(drawn)
    west, south, east, north = region
    lon, lat = shapely.get_coordinates(transform(shapely.MultiPoint(corners), crs, crs_codes.WGS84)).T
    inside = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
    x, y = corners[int(inside.argmin())]
    return float(x), float(y)


def _inside(drawn: BaseGeometry, crs: int, region: Bbox) -> bool:
    corners = transform(shapely.box(*drawn.bounds), crs, crs_codes.WGS84)
    west, south, east, north = corners.bounds  # infinite where the CRS does not reach
    return region[0] <= west and region[1] <= south and east <= region[2] and north <= region[3]


def _mend(ground: BaseGeometry, field: str, crs: int, repair: bool, notes: list[str] | None) -> BaseGeometry:
    """Parts that overlap are the same ground drawn twice: joined. A ring that crosses itself is mended or refused."""
    if shapely.get_dimensions(ground) < 2:
        outlines.refuse(field, "geometry_malformed.line")
    parts = list(outlines.simple_parts(ground))
    crossed = [part for part in parts if not part.is_valid]
    for part in crossed:
        if outlines.is_tangled(part):
            _refuse_crossing(part, field, crs)
        valid = shapely.make_valid(part, method="structure", keep_collapsed=False)
        if valid.is_empty and not repair:
            outlines.refuse(field, "geometry_empty.polygon")
        if not repair or abs(valid.area - part.area) > max(REPAIR_M2, REPAIR_SHARE * part.area):
            _refuse_crossing(part, field, crs)
    sound = shapely.union_all(shapely.make_valid(np.array(parts), method="structure", keep_collapsed=False))
    if sound.is_empty:
        outlines.refuse(field, "geometry_empty.polygon")
    if crossed and notes is not None:
        notes.append("geometry_repaired")
    return sound


def _refuse_crossing(part: BaseGeometry, field: str, crs: int) -> NoReturn:
    """With the place in the coordinates that came in."""
    validity = shapely.is_valid_reason(part)
    match = re.fullmatch(r"(?P<reason>[^\[]*)\[(?P<x>\S+) (?P<y>\S+)\]", validity)
    if match is None:
        outlines.refuse(field, "geometry_self_crossing", reason=validity)
    place = transform(shapely.Point(float(match["x"]), float(match["y"])), crs_codes.STORAGE, crs)
    at = [round(number, DIGITS.get(crs, METRE_DIGITS)) for number in place.bounds[:2]]
    reason = match["reason"].lower()
    outlines.refuse(field, "geometry_self_crossing.at", reason=reason, at=at)
