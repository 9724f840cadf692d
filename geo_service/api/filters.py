"""Filters that several resources share."""

from __future__ import annotations

import json
import math
from typing import Any

from shapely.geometry.base import BaseGeometry

from geo_service.domain import crs, geometry
from geo_service.domain.errors import InvalidInput
from geo_service.settings import Settings


def area(drawn: dict[str, Any], field: str, settings: Settings) -> BaseGeometry:
    """A GeoJSON polygon in the storage CRS; a province may be listened to. Raises InvalidInput."""
    if drawn.get("type") not in ("Polygon", "MultiPolygon"):  # no set: a list has no hash
        raise InvalidInput.one(field, "not_a_polygon")
    return geometry.read_geojson(
        drawn, field=field, crs=crs.WGS84, region=settings.region_bbox, largest_m2=math.inf
    )


def area_of_text(text: str, field: str, settings: Settings) -> BaseGeometry:
    """The same for GeoJSON in an address. Raises InvalidInput."""
    try:
        drawn = json.loads(text)
    except (ValueError, RecursionError):
        drawn = None
    if not isinstance(drawn, dict):
        raise InvalidInput.one(field, "not_a_polygon")
    return area(drawn, field, settings)
