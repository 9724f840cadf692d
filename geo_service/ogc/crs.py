"""The reference systems of OGC API – Features Part 2, by their URIs, with the order of their axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo_service.domain import crs as codes
from geo_service.domain import geometry
from geo_service.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Crs:
    """A reference system of the exchange. `flipped`: its first axis points north."""

    uri: str
    code: int
    flipped: bool = False

    @property
    def digits(self) -> int:
        """The decimals of a coordinate: about a centimetre."""
        return geometry.DIGITS.get(self.code, geometry.METRE_DIGITS)

    def upright(self, drawn: Mapping[str, Any]) -> dict[str, Any]:
        """A GeoJSON geometry with its first axis to the east."""
        return {name: _swap_axes(part) if self.flipped else part for name, part in drawn.items()}

    def to_storage(self, drawn: BaseGeometry) -> BaseGeometry:
        """The part of this geometry that lies in or around Belgium, in the storage CRS; empty when none does."""
        upright = _flip(drawn) if self.flipped else drawn
        area = shapely.box(*geometry.transform(shapely.box(*codes.BELGIUM), codes.WGS84, self.code).bounds)
        here = upright if area.covers(upright) else upright.intersection(area)
        return geometry.to_storage(here, self.code)


def _swap_axes(part: Any) -> Any:
    """Positions with their first two numbers exchanged, however deep; anything else as it is."""
    if isinstance(part, dict):
        return {name: _swap_axes(inner) for name, inner in part.items()}
    if not isinstance(part, list):
        return part
    if len(part) > 1 and not any(isinstance(one, list | dict) for one in part):
        return [part[1], part[0], *part[2:]]
    return [_swap_axes(one) for one in part]


def _flip(drawn: BaseGeometry) -> BaseGeometry:
    return shapely.transform(drawn, lambda points: points[:, ::-1])


EPSG = "http://www.opengis.net/def/crs/EPSG/0"
CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", codes.WGS84)
STORAGE = Crs(f"{EPSG}/{codes.STORAGE}", codes.STORAGE)
CRSS: Mapping[str, Crs] = {
    one.uri: one
    for one in (
        CRS84,
        Crs(f"{EPSG}/{codes.WGS84}", codes.WGS84, flipped=True),
        STORAGE,
        Crs(f"{EPSG}/{codes.LAMBERT_2008}", codes.LAMBERT_2008),
    )
}


def of_code(code: int) -> Crs:
    """The CRS of this EPSG code whose first axis points east, as in all our files. Raises KeyError."""
    return {one.code: one for one in CRSS.values() if not one.flipped}[code]


def of_uri(name: str, uri: str | None) -> Crs:
    """The CRS that the parameter `name` gives; CRS84 without one. Raises InvalidInput."""
    if uri is None:
        return CRS84
    if uri not in CRSS:
        raise InvalidInput.one(name, "crs_not_supported.codes", codes=list(CRSS))
    return CRSS[uri]
