"""Read where a record lies: its own geometry, coordinates or WKT in columns, an address, or a building."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo_service.domain import geometry
from geo_service.domain.crs import NAMES, WGS84
from geo_service.domain.errors import InvalidInput
from geo_service.intake.formats import wkt_wkb
from geo_service.intake.formats.raw_record import RawRecord, epsg_of
from geo_service.intake.mapping.coordinates import coordinate_of, coordinate_pair
from geo_service.intake.mapping.definition import Mapping, Place
from geo_service.intake.mapping.record_fields import at, plain
from geo_service.settings import Bbox

GEOJSON_FORMS = ("features", "lines", "records")
NOWHERE = 1e-9
# "Gentsestraat 12A bus 3, 8870 Izegem": the last number before the postal code and the town, without the box
_BOX = re.compile(r"(?<=\d|\w)\s+(?:bus|bte|box|b)\b\.?\s*\w+", re.IGNORECASE)
_ADDRESS = re.compile(
    r"^(?P<street>.*\D)[\s,]+(?P<number>\d+\s?[A-Za-z]?(?:[/_-]\d+)?)(?:[\s,]+\d{4}\s+\D+)?$"
)
# "12, rue de la Gare, 1030 Schaerbeek": the number before a word that begins the name of a French street
_NUMBER_FIRST = re.compile(
    r"^(?P<number>\d+\s?(?:[A-Za-z]|bis|ter)?(?:[/_-]\d+)?)[\s,]+(?P<street>"
    r"(?:rue|avenue|av\.|chaussée|chaussee|ch\.|place|boulevard|bd\.?|allée|allee|chemin|clos|quai|square|impasse|sentier|route|drève|dreve|venelle|cité|cour|cours|passage|rond-point|esplanade|parvis|ruelle|faubourg)\s"
    r"\D+?)(?:[\s,]+\d{4}\s+\D+)?$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class GeometryReader:
    """Reads where the records of one file lie, and knows the CRS of its coordinates."""

    mapping: Mapping
    origin: str
    region: Bbox
    form: str | None = None
    crs: int | None = field(default=None, init=False)

    def read(self, raw: RawRecord, properties: Dict[str, Any]) -> dict[str, Any]:
        """`geometry` (GeoJSON or None) with its `crs`, or the `address` to look up: the first option of
        `[place]` with a value.

        Raises InvalidInput about a column of this record. For a file without a CRS it raises UnknownCrs, and
        no record is readable.
        """
        place = self.mapping.place
        own = at(raw.record, self.mapping.geometry) if place is None or place.geometry else None
        if place is None or own is not None:
            return self._geometry_fields(raw, own)
        by_address = bool(place.address or place.street)
        if place.wkt and (text := plain(properties.get(place.wkt))):
            return self._from_text(place.wkt, text, raw)
        if place.x and place.y and (point := _point(place, properties, or_else=by_address)):
            return self._geometry_fields(raw, point)
        if by_address:
            return {"geometry": None, "address": _address(place, properties)}
        if place.building:
            return {"geometry": None, "building": plain(properties.get(place.building))}
        return self._geometry_fields(raw, None)

    def _geometry_fields(self, raw: RawRecord, shape_json: Any) -> dict[str, Any]:
        if shape_json is None:
            return {"geometry": None, "crs": raw.crs or self.mapping.crs or WGS84}
        return {"geometry": shape_json, "crs": self._crs_of(raw, shape_json)}

    def _from_text(self, column: str, text: str, raw: RawRecord) -> dict[str, Any]:
        """A geometry in a text, which may name its SRID. Raises InvalidInput about the column."""
        try:
            shape = wkt_wkb.from_text(text)
        except wkt_wkb.InvalidGeometry:
            pair = coordinate_pair(text)
            if pair is None:
                raise InvalidInput.one(column, "geometry_malformed.given", given=text[:40]) from None
            first, second = (float(one.replace(",", ".")) for one in pair.groups())
            return self._from_pair(first, second, raw)
        if shape.srid is None:
            return self._geometry_fields(raw, shape.geojson)
        epsg = epsg_of(shape.srid, Path(self.origin).name)
        if self.mapping.crs not in (None, epsg):
            raise InvalidInput.one(
                column, "crs_differs.text", given=epsg, wanted=self.mapping.crs, text=text[:40]
            )
        return {"geometry": shape.geojson, "crs": epsg}

    def _from_pair(self, first: float, second: float, raw: RawRecord) -> dict[str, Any]:
        """The point of two coordinates in a text: latitude and longitude where that lies in the region, else x
        and y.
        """
        if geometry.recognised_crs(second, first, self.region) == WGS84:
            return {"geometry": {"type": "Point", "coordinates": [second, first]}, "crs": WGS84}
        return self._geometry_fields(raw, {"type": "Point", "coordinates": [first, second]})

    def _crs_of(self, raw: RawRecord, shape_json: Any) -> int:
        epsg = self.mapping.crs
        if raw.crs is not None:
            if epsg is not None and epsg != raw.crs:
                raise UnknownCrs.one(
                    "crs", "crs_differs", given=raw.crs, wanted=epsg, file=Path(self.origin).name
                )
            return raw.crs
        if epsg is not None:
            return epsg
        if self.crs is None:
            if self.mapping.place is None and isinstance(raw.record, dict) and self._is_geojson():
                self.crs = WGS84
            else:
                raise _no_crs(Path(self.origin).name, shape_json, self.region)
        return self.crs

    def _is_geojson(self) -> bool:
        return (self.mapping.form or self.form or "features") in GEOJSON_FORMS


class UnknownCrs(InvalidInput):
    """The file names no CRS, or contradicts its mapping: none of its records is readable."""


# "Gentsestraat 10 en 12", "Gentsestraat 5 t/m 9": a street without a digit, and more than one number
_SEVERAL = re.compile(
    r"^(?P<street>\D+?)[\s,]+(?P<number>\d+\s?[A-Za-z]?(?:\s*(?:-|–|t/m|tot en met|tot|en|&|\+|,|/)\s*\d+\s?[A-Za-z]?)+)(?:[\s,]+\d{4}\s+\D+)?$"
)
_ABOUT = re.compile(r"[\s,]+(?:t\.?\s?h\.?\s?v\.?|ter hoogte van|nabij|huisnr\.?|nrs?\.?|nummers?|n°)(?:\s+(?:nrs?\.?|nummers?|huisnr\.?))?$", re.IGNORECASE)  # fmt: skip


def split_address(text: str) -> tuple[str, str] | None:
    """Street and house number of an address in one line; None without a number."""
    plain = _BOX.sub("", text).strip()
    match = _NUMBER_FIRST.match(plain) or _SEVERAL.match(plain) or _ADDRESS.match(plain)
    return (_ABOUT.sub("", match["street"]).rstrip(" ,"), match["number"]) if match else None


def _point(place: Place, properties: Dict[str, Any], *, or_else: bool) -> dict[str, Any] | None:
    """The point of two columns; None without values, also where `or_else` another option has one."""
    assert place.x and place.y
    x, y = _number(place.x, properties), _number(place.y, properties)
    if x is None or y is None:
        return None
    if any(abs(x - away) < NOWHERE and abs(y - down) < NOWHERE for away, down in place.nowhere):
        if or_else:
            return None
        raise InvalidInput.one(place.x, "place_unknown", x=f"{x:g}", y=f"{y:g}", place=f"{x}, {y}")
    return {"type": "Point", "coordinates": [x, y]}


def _number(column: str, properties: Dict[str, Any]) -> float | None:
    text = plain(properties.get(column))
    if not text:
        return None
    number = coordinate_of(text)
    if number is None:
        raise InvalidInput.one(column, "number_invalid", given=text[:40], column=column)
    return number


def _address(place: Place, properties: Dict[str, Any]) -> list[str]:
    if place.address:
        text = plain(properties.get(place.address))
        street_and_number = split_address(text)
        if street_and_number is None:
            raise InvalidInput.one(place.address, "address_invalid.address", address=text[:60])
        return list(street_and_number)
    assert place.street and place.house_number
    parts = [plain(properties.get(place.street)), plain(properties.get(place.house_number))]
    if not all(parts):
        raise InvalidInput.one(place.street, "address_missing")
    return parts


def _no_crs(name: str, shape_json: Any, region: Bbox) -> UnknownCrs:
    x, y = first_place(shape_json)
    crs = geometry.recognised_crs(x, y, region)
    figures = {"file": name, "x": f"{x:g}", "y": f"{y:g}"}
    if crs is None:
        return UnknownCrs.one("crs", "crs_missing", **figures)
    return UnknownCrs.one("crs", "crs_missing.looks_like", looks_like=crs, crs_name=NAMES[crs], **figures)


def first_place(shape_json: Any) -> tuple[float, float]:
    """The first coordinates of a GeoJSON geometry, NaN where there are none."""
    while isinstance(shape_json, dict):
        shape_json = shape_json.get("coordinates") or next(iter(shape_json.get("geometries") or ()), None)
    while isinstance(shape_json, list | tuple) and shape_json and isinstance(shape_json[0], list | tuple):
        shape_json = shape_json[0]
    if not isinstance(shape_json, list | tuple) or len(shape_json) < 2:
        return math.nan, math.nan
    x, y = shape_json[:2]
    return (
        (float(x), float(y))
        if isinstance(x, int | float) and isinstance(y, int | float)
        else (math.nan, math.nan)
    )
