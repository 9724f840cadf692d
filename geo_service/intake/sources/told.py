"""What a record of a mapped file says: its properties by our names, its days, its place."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from geo_service.domain import geometry
from geo_service.domain.crs import NAMES, WGS84
from geo_service.domain.errors import InvalidInput
from geo_service.domain.period import Period
from geo_service.intake.formats import shapes
from geo_service.intake.formats.given import Given, epsg_of, tidy
from geo_service.intake.privacy import without_contacts
from geo_service.intake.sources import days
from geo_service.intake.sources.days import Written
from geo_service.intake.sources.mapping import FieldRule, Mapping, Place
from geo_service.settings import Bbox

GEOJSON_FORMS = ("features", "lines", "records")
NOWHERE = 1e-9
# "Gentsestraat 12A bus 3, 8870 Izegem": the last number before the postal code and the town, without the box
_BOX = re.compile(r"(?<=\d|\w)\s+(?:bus|bte|box|b)\b\.?\s*\w+", re.IGNORECASE)
_ADDRESS = re.compile(
    r"^(?P<street>.*\D)[\s,]+(?P<number>\d+\s?[A-Za-z]?(?:[/_-]\d+)?)(?:[\s,]+\d{4}\s+\D+)?$"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a record says of each of our fields."""

    mapping: Mapping
    properties: Dict[str, Any]

    def text(self, name: str) -> str | None:
        """The first value that is not empty, or the mapping's constant."""
        rule = self.mapping.fields.get(name)
        found = self._found(rule) if rule else None
        return self.mapping.constants.get(name) if found is None else found

    def several(self, name: str) -> tuple[str, ...]:
        """A list, split where the mapping says."""
        rule = self.mapping.fields.get(name)
        parts = (self.text(name) or "").split(rule.separator if rule and rule.separator else ";")
        return tuple(part.strip() for part in parts if part.strip())

    def days(self, zone: ZoneInfo) -> Period:
        """The days that `starts_on` and `ends_on` take. Raises InvalidInput."""
        dates = self.mapping.dates
        starts = self._written("starts_on", zone, beside="ends_on").first
        written = self._written("ends_on", zone, beside="starts_on")
        ends = written.last
        if ends.date() >= dates.open_from:
            message = f"the end {ends:%Y-%m-%d} means that nobody knows the end: no period to plan with"
            raise InvalidInput.one("ends_on", "end_open", message, end=f"{ends:%Y-%m-%d}")
        if ends < starts:
            message = f"ends ({ends:%Y-%m-%d %H:%M}) before it starts ({starts:%Y-%m-%d %H:%M})"
            shown = {"starts": f"{starts:%Y-%m-%d %H:%M}", "ends": f"{ends:%Y-%m-%d %H:%M}"}
            raise InvalidInput.one("ends_on", "ends_before_start", message, **shown)
        last_is_free = written.exact and (
            dates.end == "excluded" or (dates.end == "instant" and ends.time() == time.min)
        )
        free = ends.date() + timedelta(days=0 if last_is_free else 1)
        return Period(starts.date(), max(free, starts.date() + timedelta(days=1)))

    def moment(self, name: str, zone: ZoneInfo) -> Written | None:
        """What is said of the day `name`; None when nothing is. Raises InvalidInput about it."""
        return self._written(name, zone) if self._is_told(name) else None

    def _is_told(self, name: str) -> bool:
        rule = self.mapping.fields.get(name)
        return self.text(name) is not None or (rule is not None and self._raw(rule) is not None)

    def _written(self, name: str, zone: ZoneInfo, beside: str | None = None) -> Written:
        """A day; one without a year is of the year of the day `beside` it."""
        dates, given = self.mapping.dates, self.text(name)
        if given is None and (rule := self.mapping.fields.get(name)) and (raw := self._raw(rule)):
            message = f"{name} {raw!r} is not written as the mapping's pattern says"
            raise InvalidInput.one(name, "date_invalid", message, given=raw)
        if given and beside and dates.year is None and days.lacks_year(given):
            return self._in_year_of(beside, name, given, zone)
        return days.read(name, given, dates, zone)

    def _in_year_of(self, beside: str, name: str, given: str, zone: ZoneInfo) -> Written:
        """`8 maart` beside `19 maart 2027`. Over new year the beginning is of the year before, the end of the year after."""
        dates, other_text = self.mapping.dates, self.text(beside)
        if other_text is None or days.lacks_year(other_text):
            return days.read(name, given, dates, zone)
        other = days.read(beside, other_text, dates, zone)
        found = days.read(name, given, dates.model_copy(update={"year": other.last.year}), zone)
        step = -1 if name == "starts_on" and found.first > other.last else 0
        step = 1 if name == "ends_on" and found.last < other.first else step
        return (
            days.read(name, given, dates.model_copy(update={"year": other.last.year + step}), zone)
            if step
            else found
        )

    def _raw(self, rule: FieldRule) -> str | None:
        """The first value that is there, whether or not it has the pattern."""
        values = (plain(self.properties.get(name)) for name in rule.from_)
        return next((value for value in values if value not in self.mapping.dates.empty), None)

    def _found(self, rule: FieldRule) -> str | None:
        for name in rule.from_:
            value = plain(self.properties.get(name))
            if value in self.mapping.dates.empty:
                continue
            if rule.pattern is None:
                return value
            if match := re.search(rule.pattern, value):
                return match[1]
        return None


@dataclass(slots=True)
class Grounds:
    """Where the records of one file lie: which CRS its coordinates are in, and how a place is read out of columns."""

    mapping: Mapping
    origin: str
    region: Bbox
    form: str | None = None
    crs: int | None = field(default=None, init=False)

    def read(self, given: Given, properties: Dict[str, Any]) -> dict[str, Any]:
        """`geometry` (GeoJSON or None) with its `crs`, or the `address` to be looked up.

        Raises InvalidInput about a column of this record. A file without a CRS raises UnknownCrs: then no record can be read.
        """
        place = self.mapping.place
        if place and (place.address or place.street):
            return {"geometry": None, "address": _address(place, properties)}
        if place and place.building:
            return {"geometry": None, "building": plain(properties.get(place.building))}
        if place and place.wkt:
            return self._written(place.wkt, given, properties)
        drawn = _point(place, properties) if place else at(given.record, self.mapping.geometry)
        return self._placed(given, drawn)

    def _placed(self, given: Given, drawn: Any) -> dict[str, Any]:
        if drawn is None:
            return {"geometry": None, "crs": given.crs or self.mapping.crs or WGS84}
        return {"geometry": drawn, "crs": self._crs_of(given, drawn)}

    def _written(self, column: str, given: Given, properties: Dict[str, Any]) -> dict[str, Any]:
        """A geometry as a text, which may name its SRID. Raises InvalidInput about the column."""
        text = plain(properties.get(column))
        if not text:
            return self._placed(given, None)
        try:
            shape = shapes.from_text(text)
        except shapes.NoShape:
            message = f"{text[:40]!r} is no WKT"
            raise InvalidInput.one(column, "geometry_malformed", message, given=text[:40]) from None
        if shape.srid is None:
            return self._placed(given, shape.drawn)
        named = epsg_of(shape.srid, Path(self.origin).name)
        if self.mapping.crs not in (None, named):
            message = f"{text[:40]!r} says EPSG:{named}, the mapping EPSG:{self.mapping.crs}: one of them is wrong"
            raise InvalidInput.one(column, "crs_differs", message, given=named, wanted=self.mapping.crs)
        return {"geometry": shape.drawn, "crs": named}

    def _crs_of(self, given: Given, drawn: Any) -> int:
        wanted = self.mapping.crs
        if given.crs is not None:
            if wanted is not None and wanted != given.crs:
                message = f"{Path(self.origin).name} says EPSG:{given.crs}, the mapping EPSG:{wanted}: one of them is wrong"
                raise UnknownCrs.one("crs", "crs_differs", message, given=given.crs, wanted=wanted)
            return given.crs
        if wanted is not None:
            return wanted
        if self.crs is None:
            if self.mapping.place is None and isinstance(given.record, dict) and self._is_geojson():
                self.crs = WGS84
            else:
                raise _no_crs(Path(self.origin).name, drawn, self.region)
        return self.crs

    def _is_geojson(self) -> bool:
        return (self.mapping.form or self.form or "features") in GEOJSON_FORMS


class UnknownCrs(InvalidInput):
    """The file does not say in which CRS it is, or contradicts its mapping: nothing of it can be read."""


class LeftOut(InvalidInput):
    """The mapping leaves this row out on purpose."""


def kept(mapping: Mapping, properties: Dict[str, Any]) -> dict[str, Any]:
    """The properties that the mapping reads or keeps; contacts in free texts are taken out."""
    found = {}
    for name in mapping.read_properties:
        value = at(properties, name)
        is_free = name in mapping.free_texts and isinstance(value, str)
        found[name] = without_contacts(value) if is_free else value
    return found


def skip(mapping: Mapping, properties: Dict[str, Any]) -> None:
    """Raise InvalidInput for a row that the mapping leaves out on purpose."""
    for rule in mapping.skip:
        if rule.matches(plain(properties.get(rule.field))):
            raise LeftOut.one(rule.field, rule.code, rule.message)


def at(value: Any, path: str) -> Any:
    """`location.geometry` of nested objects, or what is called that as a whole; None where there is nothing."""
    if isinstance(value, dict) and path in value:
        return value[path]
    for name in path.split(".") if path else ():
        value = value.get(name) if isinstance(value, dict) else None
    return value


def plain(value: Any) -> str:
    """Text as people would read it: lists joined, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(plain(one) for one in value)
    return tidy(str(value))


def split_address(text: str) -> tuple[str, str] | None:
    """Street and house number of an address in one line; None when there is no number in it."""
    found = _ADDRESS.match(_BOX.sub("", text).strip())
    return (found["street"].rstrip(" ,"), found["number"]) if found else None


def _point(place: Place, properties: Dict[str, Any]) -> dict[str, Any] | None:
    assert place.x and place.y
    x, y = _number(place.x, properties), _number(place.y, properties)
    if x is None or y is None:
        return None
    if any(abs(x - away) < NOWHERE and abs(y - down) < NOWHERE for away, down in place.nowhere):
        raise InvalidInput.one(
            place.x,
            "place_unknown",
            f"{x}, {y} is what the source writes when it knows no place",
            x=f"{x:g}",
            y=f"{y:g}",
        )
    return {"type": "Point", "coordinates": [x, y]}


def _number(column: str, properties: Dict[str, Any]) -> float | None:
    text = plain(properties.get(column)).replace("\u00a0", "").replace(" ", "")
    if not text:
        return None
    try:
        return float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        raise InvalidInput.one(
            column, "number_invalid", f"{column} {text[:40]!r} is no number", given=text[:40]
        ) from None


def _address(place: Place, properties: Dict[str, Any]) -> list[str]:
    if place.address:
        text = plain(properties.get(place.address))
        found = split_address(text)
        if found is None:
            raise InvalidInput.one(
                place.address,
                "address_invalid",
                f"{text[:60]!r} is no street with a house number",
                address=text[:60],
            )
        return list(found)
    assert place.street and place.house_number
    named = [plain(properties.get(place.street)), plain(properties.get(place.house_number))]
    if not all(named):
        raise InvalidInput.one(place.street, "address_missing", "there is no street with a house number")
    return named


def _no_crs(name: str, drawn: Any, region: Bbox) -> UnknownCrs:
    x, y = first_place(drawn)
    crs = geometry.recognised_crs(x, y, region)
    hint = f"they look like {NAMES[crs]}: say `crs = {crs}`" if crs else "say `crs`"
    message = f"{name} does not say in which CRS its coordinates are ({x:g}, {y:g}); {hint} in the mapping"
    return UnknownCrs.one("crs", "crs_missing", message, looks_like=crs, file=name, x=f"{x:g}", y=f"{y:g}")


def first_place(drawn: Any) -> tuple[float, float]:
    """The first coordinates of a GeoJSON geometry, NaN where there are none."""
    while isinstance(drawn, dict):
        drawn = drawn.get("coordinates") or next(iter(drawn.get("geometries") or ()), None)
    while isinstance(drawn, list | tuple) and drawn and isinstance(drawn[0], list | tuple):
        drawn = drawn[0]
    if not isinstance(drawn, list | tuple) or len(drawn) < 2:
        return float("nan"), float("nan")
    return float(drawn[0]), float(drawn[1])
