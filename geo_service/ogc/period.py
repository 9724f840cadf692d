"""The `datetime` parameter (RFC 3339 instants, days, intervals) as days of the city's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from geo_service.domain.errors import InvalidInput

OPEN = ("", "..")


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day, both included; None where it is open."""

    first: date | None
    last: date | None


def read(text: str, timezone: str) -> Days:
    """The days that `2026-11-23`, `2026-11-23T10:00:00Z`, `a/b`, `a/..` or `../b` touches. Raises InvalidInput about `datetime`."""
    first, slash, last = text.partition("/")
    if not slash:
        day = _day(first, timezone)
        return Days(day, day)
    starts = None if first in OPEN else _day(first, timezone)
    ends = None if last in OPEN else _day(last, timezone)
    if starts is not None and ends is not None and ends < starts:
        raise InvalidInput.one("datetime", "ends_before_start.from")
    return Days(starts, ends)


def _day(text: str, timezone: str) -> date:
    try:
        if len(text) == len("2026-11-23"):
            return date.fromisoformat(text)
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise ValueError(text)
        return instant.astimezone(ZoneInfo(timezone)).date()
    except (ValueError, OverflowError) as error:
        raise InvalidInput.one("datetime", "datetime_malformed") from error
