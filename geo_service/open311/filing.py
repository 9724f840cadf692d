"""Store a report: the defect becomes a repair, and the reporter's data are kept apart."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from shapely import Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from geo_service.coordination import changes
from geo_service.detection.run import Subject
from geo_service.domain import geometry
from geo_service.domain.addresses import house_in
from geo_service.domain.errors import FieldError, InvalidInput, NotFound, TooManyReports
from geo_service.domain.repairs import REPAIR_CATEGORIES, RepairCategory, RepairDraft
from geo_service.domain.reports import SOURCE
from geo_service.open311 import forms, media, services
from geo_service.open311.forms import Form, one
from geo_service.settings import Settings
from geo_service.store import ground, listing, photos, repairs
from geo_service.store.photos import Picture
from geo_service.store.tables import repairs as repairs_table
from geo_service.vault import Vault

STREET_WIDTH_M = 15.0
"""The largest distance of a footpath from the house of its address (m)."""

EXTERNAL_ID = "fixmystreet_id"
"""FixMyStreet's own number, by which a repeated report is recognised."""

_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,100})\](\[\d*\])?")


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A stored report: the id of its repair, and the dropped fields."""

    repair_id: UUID
    left_out: tuple[FieldError, ...]


def file(
    conn: sa.Connection,
    form: Form,
    settings: Settings,
    vault: Vault,
    filed_by: str,
    day: date,
    pictures: Sequence[Picture] = (),
) -> StoredReport:
    """Store a report with its photos and its consequences. `filed_by` is the name of the key.

    The caller holds the writers' lock. Raises InvalidInput about the defect or its place, NotFound about the
    service, TooManyReports.
    """
    draft, left_out = _draft(conn, form, settings)
    source_id = f"{filed_by}/{draft.source_id or uuid.uuid4()}"
    existing: UUID | None = conn.scalar(
        sa.select(repairs_table.c.id).where(
            repairs_table.c.source == SOURCE, repairs_table.c.source_id == source_id
        )
    )
    if existing is not None:
        return StoredReport(existing, tuple(left_out))
    _check_rate(conn, filed_by, settings.open311_max_per_hour)
    repair_id = repairs.create(conn, replace(draft, source_id=source_id), vault)
    photos.add(conn, vault, repair_id, pictures)
    media.queue(conn, media.Report(repair_id), draft.reporter)
    changes.record(conn, Subject(repair_ids=[repair_id]), day)
    return StoredReport(repair_id, tuple(left_out))


def _draft(conn: sa.Connection, form: Form, settings: Settings) -> tuple[RepairDraft, list[FieldError]]:
    """The report, and remarks on dropped fields. Raises NotFound about an unknown service, InvalidInput
    about the place.
    """
    code = one(form, "service_code")
    if code is None:
        raise InvalidInput.one("service_code", "missing")
    if code not in REPAIR_CATEGORIES:
        raise NotFound("no_service", given=code[:60])
    attributes = _attributes(form)
    urgency, scope, unknown = services.answer_meanings(attributes)
    description = forms.joint_text(form, "description", between="\n\n")
    external = attributes.get(EXTERNAL_ID, [""])[0]
    reporter, left_out = _reporter(form, attributes, unknown)
    draft = RepairDraft(
        category=cast(RepairCategory, code),
        scope=scope,
        urgency=urgency,
        geometry=_place(conn, form, settings),
        owner=settings.city_organisation,
        description=description,
        reporter=reporter,
        source=SOURCE,
        source_id=external or None,
    )
    return draft, [*unknown, *left_out]


def _reporter(
    form: Form, attributes: Form, unknown: Sequence[FieldError]
) -> tuple[dict[str, Any] | None, list[FieldError]]:
    """All fields except the defect, as they came, and remarks on dropped ones.

    Open311 shows none of them.
    """
    odd = {remark.field for remark in unknown}
    codes = {one.code for one in services.ATTRIBUTES if f"attribute[{one.code}]" not in odd}
    others, left_out = forms.others(form, but=_of_the_defect(form))
    answers = {code: forms.plain(values) for code, values in attributes.items() if code not in codes}
    reporter = {"name": forms.reporter_name(form), **others, "attributes": answers}
    return {field: value for field, value in reporter.items() if value} or None, left_out


def _of_the_defect(form: Form) -> set[str]:
    return {"service_code", "description", "lat", "long", *filter(_ATTRIBUTE.fullmatch, form)}


def _attributes(form: Form) -> dict[str, list[str]]:
    """The values of `attribute[code]` and `attribute[code][]`."""
    by_code: dict[str, list[str]] = {}
    for field, values in form.items():
        if match := _ATTRIBUTE.fullmatch(field):
            by_code.setdefault(match[1], []).extend(value.strip() for value in values)
    return by_code


def _place(conn: sa.Connection, form: Form, settings: Settings) -> BaseGeometry:
    lat, long = one(form, "lat"), one(form, "long")
    if lat is not None or long is not None:
        at = [_degrees("long", long), _degrees("lat", lat)]
        where = {"type": "Point", "coordinates": at}
        return geometry.read_geojson(where, field="lat, long", region=settings.region_bbox)
    address, address_id = one(form, "address_string"), one(form, "address_id")
    if address is None and address_id is None:
        raise InvalidInput.one("lat", "place_missing")
    return _at_house(conn, address, address_id)


def _at_house(conn: sa.Connection, address: str | None, address_id: str | None) -> BaseGeometry:
    """The footpath at the one house of an address; the house itself without a known footpath."""
    if address_id is not None:
        try:
            house = ground.get_building(conn, UUID(address_id))
        except (ValueError, NotFound):
            raise InvalidInput.one("address_id", "address_unknown.id") from None
    else:
        address_house = house_in(address or "")
        houses = ground.houses(conn, *address_house) if address_house else []
        if len(houses) != 1:
            raise InvalidInput.one("address_string", "address_unknown")
        [house] = houses
    shape = listing.read_geometry(house["geom"])
    paths = ground.sections_at(conn, shape.representative_point(), limit=1, within_m=STREET_WIDTH_M)
    if not paths:
        return shape.representative_point()
    on_path: Point = nearest_points(listing.read_geometry(paths[0]["geom"]), shape)[0]
    return on_path


def _degrees(name: str, text: str | None) -> float:
    if text is None:
        raise InvalidInput.one(name, "missing.pair")
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidInput.one(name, "not_a_number")
    return number


def _check_rate(conn: sa.Connection, filed_by: str, most: int) -> None:
    """Refuse too many reports in an hour. Ids begin with the milliseconds since 1970, so the last hour is
    one range of the index.
    """
    hour_ago = int((datetime.now(UTC) - timedelta(hours=1)).timestamp() * 1000)
    since = UUID(int=hour_ago << 80)
    own = repairs_table.c.source_id.startswith(f"{filed_by}/", autoescape=True)
    recent = sa.and_(repairs_table.c.id > since, repairs_table.c.source == SOURCE, own)
    filed = conn.scalar(sa.select(sa.func.count()).select_from(repairs_table).where(recent)) or 0
    if filed >= most:
        raise TooManyReports("too_many_reports", limit=most)
