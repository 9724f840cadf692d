"""A report as a form, read and stored: the defect becomes a repair, whoever reported it stays apart."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from urllib.parse import parse_qs
from uuid import UUID

import sqlalchemy as sa
from shapely import Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from geo_service.coordination import changes
from geo_service.detection.run import Subject
from geo_service.domain import geometry
from geo_service.domain.addresses import house_in
from geo_service.domain.errors import InvalidInput, NotFound, TooManyReports
from geo_service.domain.repairs import REPAIR_CATEGORIES, RepairCategory, RepairDraft
from geo_service.domain.reports import SOURCE
from geo_service.intake.privacy import without_contacts
from geo_service.open311 import services
from geo_service.settings import Settings
from geo_service.store import ground, listing, repairs
from geo_service.store.tables import repairs as repairs_table

Form = Mapping[str, Sequence[str]]

MAX_BYTES = 64 * 1024
MAX_FIELDS = 100
MAX_DESCRIPTION = 4_000
MAX_WORDS = 1_000
"""Of any other field."""
STREET_WIDTH_M = 15.0
"""How far from its house the footpath of an address may lie."""

EXTERNAL_ID = "fixmystreet_id"
"""The attribute under which FixMyStreet sends its own number: the same report sent again is the same report."""

_WEB_ADDRESS = re.compile(r"https?://[\w.-]+(:\d{1,5})?([/?#]\S*)?", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,100})\](\[\d*\])?")


def read(body: bytes) -> dict[str, list[str]]:
    """The fields of a form in UTF-8; empty ones count as absent. Raises InvalidInput."""
    try:
        found = parse_qs(body.decode("ascii"), max_num_fields=MAX_FIELDS, errors="strict")
    except UnicodeDecodeError:
        raise InvalidInput.one("body", "not_readable", "must be a form, URL-encoded in UTF-8") from None
    except ValueError:
        raise InvalidInput.one("body", "too_many", f"at most {MAX_FIELDS} fields", limit=MAX_FIELDS) from None
    fields = {
        name: kept for name, values in found.items() if (kept := [value for value in values if value.strip()])
    }
    for name, values in fields.items():
        _check_length(name, values)
    return fields


def one(form: Form, name: str) -> str | None:
    """The value of a field that is given once. Raises InvalidInput."""
    values = form.get(name, ())
    if len(values) > 1:
        raise InvalidInput.one(name, "repeated_parameter", "is given more than once")
    return values[0].strip() if values else None


def file(conn: sa.Connection, form: Form, settings: Settings, filed_by: str, day: date) -> UUID:
    """Store a report and what follows from it; the id of its repair. `filed_by` is the name of the key.

    The caller holds the writers' lock. Raises InvalidInput, NotFound about the service, TooManyReports.
    """
    draft = _draft(conn, form, settings)
    source_id = f"{filed_by}/{draft.source_id or uuid.uuid4()}"
    known: UUID | None = conn.scalar(
        sa.select(repairs_table.c.id).where(
            repairs_table.c.source == SOURCE, repairs_table.c.source_id == source_id
        )
    )
    if known is not None:
        return known
    _check_rate(conn, filed_by, settings.open311_max_per_hour)
    repair_id = repairs.create(conn, replace(draft, source_id=source_id))
    changes.record(conn, Subject(repair_ids=[repair_id]), day)
    return repair_id


def _draft(conn: sa.Connection, form: Form, settings: Settings) -> RepairDraft:
    """Raises NotFound about a service that is not offered, InvalidInput about everything else."""
    code = one(form, "service_code")
    if code is None:
        raise InvalidInput.one("service_code", "missing", "is required")
    if code not in REPAIR_CATEGORIES:
        raise NotFound(f"service_code: there is no service {code[:60]}")
    attributes = _attributes(form)
    urgency, scope = services.answered(attributes)
    description = one(form, "description")
    shown = description and without_contacts(description)
    external = attributes.get(EXTERNAL_ID, [""])[0]
    return RepairDraft(
        category=cast(RepairCategory, code),
        scope=scope,
        urgency=urgency,
        geometry=_place(conn, form, settings),
        owner=settings.city_organisation,
        description=shown,
        reporter=_reporter(form, attributes, description if shown != description else None),
        source=SOURCE,
        source_id=external or None,
    )


def _reporter(form: Form, attributes: Form, said: str | None) -> dict[str, Any] | None:
    """Everything that is not the defect itself, as it came; nothing of it is shown over Open311."""
    _check_media(one(form, "media_url"))
    name = " ".join(part for part in (one(form, "first_name"), one(form, "last_name")) if part)
    told: dict[str, Any] = {"name": name or None, "description": said}
    asked = {question.code for question in services.ATTRIBUTES}
    others = {code: _plain(values) for code, values in attributes.items() if code not in asked}
    aside = {
        "service_code",
        "description",
        "first_name",
        "last_name",
        "api_key",
        "jurisdiction_id",
        "lat",
        "long",
    }
    for field in form:
        if field not in aside and not _ATTRIBUTE.fullmatch(field):
            told[field] = _plain(form[field])
    kept: dict[str, Any] = {field: value for field, value in told.items() if value}
    return {**kept, **({"attributes": others} if others else {})} or None


def _attributes(form: Form) -> dict[str, list[str]]:
    """`attribute[code]` and, of several answers, `attribute[code][]`."""
    found: dict[str, list[str]] = {}
    for field, values in form.items():
        if match := _ATTRIBUTE.fullmatch(field):
            found.setdefault(match[1], []).extend(value.strip() for value in values)
    return found


def _place(conn: sa.Connection, form: Form, settings: Settings) -> BaseGeometry:
    lat, long = one(form, "lat"), one(form, "long")
    if lat is not None or long is not None:
        at = [_degrees("long", long), _degrees("lat", lat)]
        where = {"type": "Point", "coordinates": at}
        return geometry.read_geojson(where, field="lat, long", region=settings.region_bbox)
    address, address_id = one(form, "address_string"), one(form, "address_id")
    if address is None and address_id is None:
        raise InvalidInput.one(
            "lat", "place_missing", "say where: lat and long, address_string or address_id"
        )
    return _at_house(conn, address, address_id)


def _at_house(conn: sa.Connection, address: str | None, address_id: str | None) -> BaseGeometry:
    """The footpath before the one house of an address; the house itself where no footpath is known."""
    if address_id is not None:
        try:
            house = ground.get_building(conn, UUID(address_id))
        except (ValueError, NotFound):
            raise InvalidInput.one("address_id", "address_unknown", "is no building of ours") from None
    else:
        named = house_in(address or "")
        houses = ground.houses(conn, *named) if named else []
        if len(houses) != 1:
            message = "is not one house that we know; send lat and long"
            raise InvalidInput.one("address_string", "address_unknown", message)
        [house] = houses
    shape = listing.read_geometry(house["geom"])
    paths = ground.sections_at(conn, shape.representative_point(), limit=1, within_m=STREET_WIDTH_M)
    if not paths:
        return shape.representative_point()
    on_path: Point = nearest_points(listing.read_geometry(paths[0]["geom"]), shape)[0]
    return on_path


def _degrees(name: str, text: str | None) -> float:
    if text is None:
        raise InvalidInput.one(name, "missing", "is required beside the other one")
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidInput.one(name, "not_a_number", "must be a number of degrees (WGS84)")
    return number


def _check_rate(conn: sa.Connection, filed_by: str, most: int) -> None:
    """Ids begin with the milliseconds since 1970, so that those of the last hour lie together in the index."""
    hour_ago = int((datetime.now(UTC) - timedelta(hours=1)).timestamp() * 1000)
    since = UUID(int=hour_ago << 80)
    mine = repairs_table.c.source_id.startswith(f"{filed_by}/", autoescape=True)
    recent = sa.and_(repairs_table.c.id > since, repairs_table.c.source == SOURCE, mine)
    filed = conn.scalar(sa.select(sa.func.count()).select_from(repairs_table).where(recent)) or 0
    if filed >= most:
        raise TooManyReports(f"this key may file {most} reports an hour")


def _check_media(address: str | None) -> None:
    if address is not None and not _WEB_ADDRESS.fullmatch(address):
        raise InvalidInput.one("media_url", "address_invalid", "must be an http or https address")


def _check_length(name: str, values: Sequence[str]) -> None:
    most = MAX_DESCRIPTION if name == "description" else MAX_WORDS
    if len(name) > MAX_WORDS or any(len(value) > most for value in values):
        raise InvalidInput.one(name[:60], "too_long", f"at most {most} characters", limit=most)
    if any("\x00" in text for text in (name, *values)):
        raise InvalidInput.one(name[:60].replace("\x00", ""), "not_storable", "contains a NUL character")


def _plain(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
