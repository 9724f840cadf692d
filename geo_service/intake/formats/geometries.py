"""Read many geometries at once, with the same results as `geometry.read_geojson` at a tenth of its cost per geometry.

Shapely and pyproj process all plainly valid geometries as one array. Each of the others (about one in a thousand of real records) is
read alone, so its error and its repair are the same as for a single geometry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo_service.domain import crs as crs_codes
from geo_service.domain import geometry, outlines
from geo_service.domain.errors import InvalidInput
from geo_service.domain.geometry import Bbox
from geo_service.intake.records import Remarks

Flags: TypeAlias = NDArray[np.bool_]

STORABLE_M = (-100_000.0, -100_000.0, 400_000.0, 400_000.0)
"""The extent of the database (storage CRS): where Lambert 72 is valid, with a margin that reaches Paris."""
DEEPEST = 4
MOST_NUMBERS = 3
"""Of one place in GeoJSON (RFC 7946 §3.1.1)."""
SIMPLE = tuple(name for name in geometry.TYPES if name != "GeometryCollection")


def check_storable(region: Bbox) -> None:
    """Refuse, with InvalidInput, a region outside the extent of the database: all its rows would fail
    without a reason.
    """
    edge = shapely.segmentize(shapely.box(*region), max(region[2] - region[0], region[3] - region[1]) / 20)
    west, south, east, north = geometry.transform(edge, crs_codes.WGS84, crs_codes.STORAGE).bounds
    if STORABLE_M[0] <= west and STORABLE_M[1] <= south and east <= STORABLE_M[2] and north <= STORABLE_M[3]:
        return
    bounds = ",".join(f"{degrees:g}" for degrees in region)
    raise InvalidInput.one("GEO_REGION_BBOX", "region_not_storable", region=list(region), bounds=bounds)


def read_many(
    values: Sequence[Any],
    *,
    field: str,
    crs: int = crs_codes.WGS84,
    region: Bbox,
    repair: bool = False,
    largest_m2: float = geometry.MAX_GROUND_M2,
    notes: Remarks | None = None,
) -> list[BaseGeometry | InvalidInput]:
    """For each value the geometry or the error that `geometry.read_geojson` would give; nothing is raised.

    `notes` counts repaired (`geometry_repaired`), closed (`geometry_closed`) and simplified
    (`geometry_simplified`) geometries.
    """
    geometries = shapely.from_geojson(
        np.array([_text(value) for value in values], object), on_invalid="ignore"
    )
    geometries = shapely.force_2d(geometries)
    plain = _plain(geometries, crs, region)
    ground = np.full(len(values), None, object)
    ground[plain] = _to_storage(geometries[plain], crs)
    plain &= shapely.is_valid(ground) & (shapely.area(ground) <= largest_m2)

    def alone(value: Any) -> BaseGeometry | InvalidInput:
        texts: list[str] = []
        try:
            return geometry.read_geojson(
                _flat(value),
                field=field,
                crs=crs,
                region=region,
                repair=repair,
                largest_m2=largest_m2,
                notes=texts,
            )
        except InvalidInput as refused:
            return refused
        finally:
            for note in texts:
                if notes is not None:
                    notes.add(note)

    return [
        one if is_plain else alone(value) for one, is_plain, value in zip(ground, plain, values, strict=True)
    ]


def _flat(value: Any) -> Any:
    """A geometry with at most three numbers per place, as GeoJSON has; others have measures too."""
    if isinstance(value, Mapping) and isinstance(value.get("coordinates"), list | tuple):
        return {**value, "coordinates": _flat_places(value["coordinates"], 0)}
    return value


def _flat_places(places: Sequence[Any], depth: int) -> Sequence[Any]:
    if depth > DEEPEST or not places:
        return places
    if all(isinstance(one, list | tuple) for one in places):
        return [_flat_places(one, depth + 1) for one in places]
    return places[:2] if len(places) > MOST_NUMBERS else places


def geometry_or_raise(ground: BaseGeometry | InvalidInput) -> BaseGeometry:
    """The geometry. Raises the error that stands in its place."""
    if isinstance(ground, InvalidInput):
        raise ground
    return ground


def _text(value: Any) -> str | None:
    """The value as text for shapely's reader; None for one that `read_geojson` must read."""
    if not isinstance(value, Mapping) or value.get("type") not in SIMPLE or "crs" in value:
        return None
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError, RecursionError):
        return None


def _plain(geometries: NDArray[np.object_], crs: int, region: Bbox) -> Flags:
    """Which geometries are present, small enough, finite and inside the region."""
    vertices = shapely.get_num_coordinates(geometries)
    flags: Flags = (vertices > 0) & (vertices <= outlines.DETAILED) & ~shapely.is_empty(geometries)
    west, south, east, north = shapely.bounds(geometries).T
    x, y = np.stack([west, east, west, east]), np.stack([south, south, north, north])
    flags &= np.isfinite(x).all(axis=0) & np.isfinite(y).all(axis=0)
    if crs != crs_codes.WGS84 and flags.any():
        corners = geometry.transform_points(
            np.column_stack([x[:, flags].ravel(), y[:, flags].ravel()]), crs, crs_codes.WGS84
        )
        x[:, flags], y[:, flags] = corners[:, 0].reshape(4, -1), corners[:, 1].reshape(4, -1)
    with np.errstate(invalid="ignore"):
        inside: Flags = (x >= region[0]) & (x <= region[2]) & (y >= region[1]) & (y <= region[3])
    return flags & inside.all(axis=0)


def _to_storage(geometries: NDArray[np.object_], crs: int) -> NDArray[np.object_]:
    if crs == crs_codes.STORAGE:
        return geometries
    moved: NDArray[np.object_] = shapely.transform(
        geometries, lambda points: geometry.transform_points(points, crs, crs_codes.STORAGE)
    )
    return moved
