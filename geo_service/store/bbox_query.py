"""The `?bbox=` parameter: a rectangle of the map, with a hint when its numbers seem to be in another order."""

from __future__ import annotations

import math
from collections.abc import Mapping

from shapely import box
from shapely.geometry.base import BaseGeometry

from geo_service.domain import crs as crs_codes
from geo_service.domain import geometry
from geo_service.domain.errors import InvalidInput

THE_COUNTRY_ITSELF = (2.5, 49.4, 6.5, 51.6)
"""The box for hints: a wider one would hold the origins of both Lamberts, where degrees read as metres would
lie.
"""


LON_LAT, LAT_LON = "west,south,east,north", "south,west,north,east"
ORDERS: Mapping[str, tuple[int, int, int, int]] = {
    LON_LAT: (0, 1, 2, 3),
    LAT_LON: (1, 0, 3, 2),
    "west,east,south,north": (0, 2, 1, 3),
    "south,north,west,east": (2, 0, 3, 1),
}
"""Where west, south, east and north stand in four numbers of that order."""
AS_CODES: Mapping[int, str] = {code: f"?crs={code}" for code in crs_codes.EXCHANGE}


def read(text: str, crs: int, order: str = LON_LAT, parameters: Mapping[int, str] = AS_CODES) -> BaseGeometry:
    """The part of a box (in `crs`, its sides in `order`) inside Belgium, in the storage CRS; empty elsewhere.

    `parameters` say by code how a reader names another CRS. Raises InvalidInput about `bbox`: not four numbers, a side beyond its
    opposite, or a box outside Belgium that lies inside it in another order or CRS.
    """
    numbers = _numbers(text)
    west, south, east, north = (numbers[place] for place in ORDERS[order])
    for low, lower, high, higher in (("west", west, "east", east), ("south", south, "north", north)):
        if lower > higher:
            raise InvalidInput.one(
                "bbox",
                "bbox_turned",
                order=order,
                low=low,
                lower=f"{lower:g}",
                high=high,
                higher=f"{higher:g}",
            )
    area, country = box(west, south, east, north), _in(crs, THE_COUNTRY_ITSELF)
    if not country.contains(area):
        _check_order(numbers, order, country)
    if not country.intersects(area):
        _check_crs(area, crs, parameters)
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


def _check_order(numbers: list[float], order: str, country: BaseGeometry) -> None:
    for other, places in ORDERS.items():
        west, south, east, north = (numbers[place] for place in places)
        if (
            other != order
            and west < east
            and south < north
            and country.contains(box(west, south, east, north))
        ):
            raise InvalidInput.one("bbox", "bbox_order", given=other, order=order)


def _check_crs(area: BaseGeometry, crs: int, parameters: Mapping[int, str]) -> None:
    for other in crs_codes.EXCHANGE:
        if other != crs and _in(other, THE_COUNTRY_ITSELF).contains(area):
            raise InvalidInput.one("bbox", "bbox_other_crs", looks_like=other, parameter=parameters[other])
