"""Requests and their updates as GeoReport shows them, without the reporter and without contact details in texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.errors import InvalidInput
from geo_service.domain.repairs import REPAIR_CATEGORIES
from geo_service.domain.reports import REPORT_STATUSES, SOURCE
from geo_service.i18n import Translator
from geo_service.presentation import citizen
from geo_service.privacy import without_contacts
from geo_service.store.listing import Row
from geo_service.store.tables import repairs

PACKAGE = "geo_service.open311"
WINDOW = timedelta(days=90)
"""The default and the largest period of a list."""
MOST = 1000
MAX_IDS = 1000

_ID = re.compile(r"H-([1-9]\d{0,17})", re.IGNORECASE | re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """A filter of requests: those with these `numbers`, or those that match all other fields."""

    starts_at: datetime
    ends_at: datetime
    numbers: Sequence[int] | None = None
    categories: Sequence[str] | None = None
    statuses: Sequence[str] | None = None
    updated_after: datetime | None = None
    limit: int = MOST
    skip: int = 0


def find(conn: sa.Connection, filters: RequestFilter, *, everyones: bool, timezone: str) -> Sequence[Row]:
    """The matching requests, newest first."""
    params = {
        **{name: getattr(filters, name) for name in RequestFilter.__slots__},
        "numbers": None if filters.numbers is None else list(filters.numbers),
        "everyones": everyones,
        "source": SOURCE,
        "timezone": timezone,
    }
    return db.fetch(conn, PACKAGE, "requests", **params)


def updates(
    conn: sa.Connection, starts_at: datetime, ends_at: datetime, *, limit: int, skip: int
) -> Sequence[Row]:
    """The updates of a period, oldest first."""
    return db.fetch(conn, PACKAGE, "updates", starts_at=starts_at, ends_at=ends_at, limit=limit, skip=skip)


def number_of(conn: sa.Connection, token: UUID) -> int | None:
    """The number of the report with this token."""
    number: int | None = conn.scalar(
        sa.select(repairs.c.number).where(repairs.c.id == token, repairs.c.source == SOURCE)
    )
    return number


def serialize(row: Row, translator: Translator) -> dict[str, Any]:
    """One request as GeoReport shows it."""
    notice = None if row["main_number"] == row["number"] else f"H-{row['main_number']}"
    return {
        "service_request_id": f"H-{row['number']}",
        "status": row["status"],
        "status_notes": sentence(row, translator) if row["code"] else None,
        "service_name": translator.text(f"category.{row['category']}"),
        "service_code": row["category"],
        "description": row["description"] and without_contacts(row["description"]),
        "agency_responsible": row["agency"],
        "service_notice": notice and translator.text("open311.same_as", number=notice),
        "requested_datetime": row["reported_at"],
        "updated_datetime": row["updated_at"],
        "expected_datetime": row["expected_at"],
        "address": row["address"],
        "address_id": None,
        "zipcode": None,
        "lat": round(row["lat"], 7),
        "long": round(row["lon"], 7),
        "media_url": None,
    }


def serialize_update(row: Row, translator: Translator) -> dict[str, Any]:
    """One update in FixMyStreet's form."""
    return {
        "update_id": str(row["id"]),
        "service_request_id": f"H-{row['number']}",
        "status": row["status"],
        "updated_datetime": row["at"],
        "description": sentence(row, translator),
        "media_url": None,
    }


def sentence(row: Row, translator: Translator) -> str:
    """The message to the reporter, in words."""
    return citizen.text(row["code"], row["params"], translator)


def numbers(text: str) -> list[int]:
    """`H-1000,H-1001` as numbers; other ids are dropped."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > MAX_IDS:
        raise InvalidInput.one("service_request_id", "too_many.ids", limit=MAX_IDS)
    return [int(match[1]) for part in parts if (match := _ID.fullmatch(part))]


def categories(text: str) -> list[str]:
    """Services by their codes. Raises InvalidInput about an unknown one."""
    return _words("service_code", text, REPAIR_CATEGORIES)


def statuses(text: str) -> list[str]:
    """`open`, `closed` or both. Raises InvalidInput."""
    return _words("status", text.lower(), REPORT_STATUSES)


def window(starts: datetime | None, ends: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The last 90 days, or the period of one or both ends. Raises InvalidInput for more than 90 days, or an
    empty one.
    """
    if starts is None and ends is None:
        return now - WINDOW, now
    if ends is None:
        assert starts is not None
        ends = _shift(starts, WINDOW)
    starts = starts or _shift(ends, -WINDOW)
    if ends < starts:
        raise InvalidInput.one("end_date", "ends_before_start.start_date")
    if ends - starts > WINDOW:
        raise InvalidInput.one("end_date", "too_long.days", days=WINDOW.days)
    return starts, ends


def instant(name: str, text: str) -> datetime:
    """A moment as in the W3C note on dates, with its zone. Raises InvalidInput."""
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidInput.one(name, "date_invalid.written")


def _shift(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return moment


def _words(name: str, text: str, words: Sequence[str]) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if wrong := [word for word in parts if word not in words]:
        raise InvalidInput.one(name, "not_in_list.given", known=words, given=wrong[0][:60])
    return parts
