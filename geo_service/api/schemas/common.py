"""Words, days and geometries as clients may send them."""

from __future__ import annotations

import itertools
import math
import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema

from geo_service import i18n
from geo_service.domain.period import EARLIEST, LATEST, Period
from geo_service.privacy import without_contacts

MOST_NAMED = 50
"""So many wrong fields are named in one answer."""
MAX_NESTING = 32  # a MultiPolygon inside a collection needs 8
MAX_EXACT = 2**53  # above it a JSON number is another one for half of the world's readers

PLAIN_TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL, and UTF-8 no half of a surrogate pair."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise i18n.finding("not_storable")
    return text


def _visible(text: str) -> str:
    if not any(letter.isprintable() and not letter.isspace() for letter in text):
        raise i18n.finding("no_text")
    return text


def _name(text: str) -> str:
    """A name with at least one letter or digit, by which owners differ."""
    if not any(letter.isalnum() for letter in text):
        raise i18n.finding("no_name")
    return text


def _written_as_day(value: object) -> object:
    """A number or an instant could be read as a day too, but hardly ever is what was meant."""
    if (isinstance(value, str) and _DAY.fullmatch(value) is None) or not isinstance(value, str | date):
        raise i18n.finding("date_malformed")
    return value


def _written_as_instant(value: object) -> object:
    if not isinstance(value, str | datetime):
        raise i18n.finding("instant_malformed")
    return value


def _believable(day: date) -> date:
    if not EARLIEST <= day < LATEST:
        raise i18n.finding("date_out_of_range.earliest", earliest=str(EARLIEST), latest=str(LATEST))
    return day


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise i18n.finding("no_zone")
    _believable(at.date())
    return at.astimezone(UTC)


def plain_json(value: Any) -> Any:
    """JSON that can be stored and sent on: not nested without end, no NaN, no number that others read differently."""
    _walk(value, prefix="")
    return value


def _geometry(value: Any) -> dict[str, Any]:
    if value is None:
        raise i18n.finding("geometry_missing.body")
    if not isinstance(value, dict):
        raise i18n.finding("geometry_malformed.object")
    if value.get("type") in ("Feature", "FeatureCollection"):
        raise i18n.finding("geometry_type_unknown.feature", given=value["type"])
    if not isinstance(value.get("crs", {}), dict):
        raise i18n.finding("crs_not_supported")
    _walk(value, prefix="geometry_")
    return value


def _walk(value: Any, prefix: str) -> None:
    """Look at every part; below `coordinates` only numbers will do."""
    todo = [(value, 0, False)]
    while todo:
        part, depth, coordinates = todo.pop()
        if depth > MAX_NESTING:
            raise i18n.finding(f"{prefix}nested_too_deeply", limit=MAX_NESTING)
        if isinstance(part, dict) and not coordinates:
            for name, inner in part.items():
                _storable(name)
                todo.append((inner, depth + 1, prefix != "" and name == "coordinates"))
        elif isinstance(part, list):
            todo.extend((inner, depth + 1, coordinates) for inner in part)
        else:
            _check_leaf(part, coordinates, prefix)


def _check_leaf(part: Any, coordinates: bool, prefix: str) -> None:
    if coordinates and (isinstance(part, bool) or not isinstance(part, int | float)):
        raise i18n.finding("geometry_malformed.coordinate")
    if isinstance(part, str):
        _storable(part)
    elif isinstance(part, float) and not math.isfinite(part):
        raise i18n.finding(f"{prefix}not_finite.number")
    elif isinstance(part, int) and abs(part) > MAX_EXACT:
        raise i18n.finding(f"{prefix}number_too_large", limit=MAX_EXACT)


Text = Annotated[str, AfterValidator(_storable)]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
    AfterValidator(_storable),
    AfterValidator(_visible),
]
OwnerName = Annotated[Name, AfterValidator(_name)]
Words = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(_storable)]
Note = Annotated[
    str, StringConstraints(max_length=4_000), AfterValidator(_storable), AfterValidator(without_contacts)
]
"""What somebody of the city writes for others to read: without contacts and licence plates."""
CalendarDay = Annotated[date, BeforeValidator(_written_as_day)]
Day = Annotated[CalendarDay, AfterValidator(_believable)]
Instant = Annotated[datetime, BeforeValidator(_written_as_instant), AfterValidator(_in_utc)]
Label = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$"),
    AfterValidator(_visible),
    AfterValidator(without_contacts),
]
"""A name that somebody gives to a thing of the city: one line, without contacts and licence plates."""
GeoJson = Annotated[
    dict[str, Any],
    BeforeValidator(_geometry),
    WithJsonSchema(
        {
            "type": "object",
            "title": "GeoJSON geometry (RFC 7946)",
            "oneOf": [
                {
                    "required": ["type", "coordinates"],
                    "properties": {"type": {"enum": list(PLAIN_TYPES)}, "coordinates": {"type": "array"}},
                },
                {
                    "required": ["type", "geometries"],
                    "properties": {
                        "type": {"const": "GeometryCollection"},
                        "geometries": {"type": "array", "items": {"type": "object"}},
                    },
                },
            ],
            "example": {"type": "Point", "coordinates": [3.2131, 50.9152]},
        }
    ),
]


def after_start(ends_on: date | None, info: ValidationInfo) -> date | None:
    """For a field `ends_on` that comes after `starts_on`."""
    starts_on = info.data.get("starts_on")
    if ends_on is not None and starts_on is not None and ends_on <= starts_on:
        raise i18n.finding("ends_before_start")
    return ends_on


class Body(BaseModel):
    """Unknown fields are refused, so that a typing error is not silently ignored."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _few_unknown(cls, value: object) -> object:
        """Of unknown fields one more than are named is looked at: a body has room for a million."""
        if not isinstance(value, dict) or len(value) <= MOST_NAMED:
            return value
        own_fields = {name: value[name] for name in cls.model_fields if name in value}
        unknown = itertools.islice((name for name in value if name not in own_fields), MOST_NAMED + 1)
        return own_fields | {name: value[name] for name in unknown}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """What may be left out but not emptied (`not_null`) is not documented as nullable."""
        schema = handler(core)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        validator = cls.__pydantic_decorators__.field_validators.get("_not_null")
        for name in validator.info.fields if validator else ():
            member = properties.get(name, {})
            variants = [one for one in member.get("anyOf", ()) if one != {"type": "null"}]
            if len(variants) == 1:
                properties[name] = {
                    **{key: value for key, value in member.items() if key not in ("anyOf", "default")},
                    **variants[0],
                }
        return schema


class Days(Body):
    """A half-open period of days."""

    starts_on: Day
    ends_on: Day

    _forward = field_validator("ends_on")(after_start)

    def period(self) -> Period:
        """As the domain knows it."""
        return Period(self.starts_on, self.ends_on)


def not_null(value: object) -> object:
    """For fields of a change that may be left out, but not emptied."""
    if value is None:
        raise i18n.finding("null_not_allowed")
    return value
