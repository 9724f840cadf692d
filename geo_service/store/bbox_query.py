"""The `?bbox=` parameter: a rectangle of the map, with a hint when its numbers seem to be in another order."""

from __future__ import annotations

import math

from shapely import box
from shapely.geometry.base import BaseGeometry

from geo_service.domain import crs as crs_codes
from geo_service.domain import geometry
from geo_service.domain.errors import InvalidInput

THE_COUNTRY_ITSELF = (2.5, 49.4, 6.5, 51.6)
"""The box for hints: a wider one would hold the origins of both Lamberts, where degrees read as metres would
lie.
"""


def read(text: str, crs: int) -> BaseGeometry:
    """The part of `west,south,east,north` (in `crs`) inside Belgium, in the storage CRS; empty elsewhere.

    Raises InvalidInput about `bbox`: not four numbers, a side beyond its opposite, or a box outside Belgium
    that lies inside it in another order or CRS.
    """
    west, south, east, north = _numbers(text)
    for low, lower, high, higher in (("west", west, "east", east), ("south", south, "north", north)):
        if lower > higher:
            raise InvalidInput.one(
                "bbox", "bbox_turned", low=low, lower=f"{lower:g}", high=high, higher=f"{higher:g}"
            )
    area, country = box(west, south, east, north), _in(crs, THE_COUNTRY_ITSELF)
    if not country.contains(area):
        _check_order((west, south, east, north), country)
    if not country.intersects(area):
        _check_crs(area, crs)
    return geometry.to_storage(area.intersection(_in(crs, crs_codes.BELGIUM)), crs)


def _in(crs: int, sides: geometry.Bbox) -> BaseGeometry:
    return box(*geometry.transform(box(*sides), crs_codes.WGS84, crs).bounds)


def _numbers(text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise InvalidInput.one("bbox", "bbox_malformed") from error
    if len(numbers) not in (4, 6) or not all(math.isfinite(number) for number in numbers):
        raise InvalidInput.one("bbox", "bbox_malformed.finite")
    # RFC 7946 §5: six are with heights, which do not matter here.
    return numbers if len(numbers) == 4 else [*numbers[:2], *numbers[3:5]]


def _check_order(numbers: tuple[float, float, float, float], country: BaseGeometry) -> None:
    first, second, third, fourth = numbers
    orders = {
        "south,west,north,east": (second, first, fourth, third),
        "west,east,south,north": (first, third, second, fourth),
        "south,north,west,east": (third, first, fourth, second),
    }
    for order, (west, south, east, north) in orders.items():
        if west < east and south < north and country.contains(box(west, south, east, north)):
            raise InvalidInput.one("bbox", "bbox_order", given=order)


def _check_crs(area: BaseGeometry, crs: int) -> None:
    for other in crs_codes.EXCHANGE:
        if other != crs and _in(other, THE_COUNTRY_ITSELF).contains(area):
            raise InvalidInput.one("bbox", "bbox_other_crs", looks_like=other)
