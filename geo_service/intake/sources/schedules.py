"""Recurring works: the occurrences of a schema.org schedule, computed as an RFC 5545 rule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any, Literal

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from geo_service.domain.errors import InvalidInput

MOST = 400
"""The most occurrences of one schedule: a weekly market for more than seven years."""
DAY = len("2027-03-01")
HORIZON = timedelta(days=36_525)
"""The years to search for a rule without occurrences (each 30 February)."""
FREQUENCIES: Mapping[str, Literal[0, 1, 2, 3]] = {"D": DAILY, "W": WEEKLY, "M": MONTHLY, "Y": YEARLY}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_EVERY = re.compile(r"P(\d+)([DWMY])")
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def occurrences(schedule: Mapping[str, Any], zone: tzinfo = UTC) -> list[tuple[datetime, datetime]]:
    """Start and end (UTC) of each occurrence. Raises InvalidInput about `timeSchedule`.

    `startTime`, `endTime` and `until` are in UTC, with or without a zone. `exceptDate` and an `until` without a time are days in `zone`.
    """
    if not isinstance(schedule, Mapping):
        raise _invalid("none", given=str(schedule)[:40])
    try:
        return _occurrences(schedule, zone)
    except (OverflowError, ValueError):  # years, days or numbers beyond what a calendar has
        raise _invalid("calendar") from None


def _occurrences(schedule: Mapping[str, Any], zone: tzinfo) -> list[tuple[datetime, datetime]]:
    first = _at(schedule, "startDate", _time(schedule, "startTime", time.min))
    every = schedule.get("repeatFrequency")
    is_series = bool(every) and not schedule.get("until") and _count(schedule) is None
    lasts = _duration(schedule.get("duration")) or _length(schedule, first, is_series=is_series)
    if not every:
        return [(first, first + lasts)]
    match = _EVERY.fullmatch(str(every))
    if match is None or not 0 < int(match[1]) <= 366:
        raise _invalid("every", given=str(every)[:40])
    rule = rrule(
        FREQUENCIES[match[2]],
        dtstart=first,
        interval=int(match[1]),
        until=min(_until(schedule, zone, is_series=is_series), first + HORIZON),
        byweekday=_weekdays(schedule.get("byDay")),
        bymonth=_numbers(schedule.get("byMonth"), 1, 12),
        bymonthday=_numbers(schedule.get("byMonthDay"), -31, 31),
        bysetpos=_numbers(schedule.get("bySetPos"), -366, 366),
    )
    left_out = {str(day)[:10] for day in _as_list(schedule.get("exceptDate"))}
    occurrences: list[tuple[datetime, datetime]] = []
    for starts in islice(rule, _count(schedule)):
        if starts.astimezone(zone).date().isoformat() in left_out:
            continue
        if len(occurrences) == MOST:
            raise _invalid("limit", limit=MOST)
        occurrences.append((starts, starts + lasts))
    return occurrences


def _count(schedule: Mapping[str, Any]) -> int | None:
    """The count of a schedule, at least 0 and at most one above the limit."""
    count = _number(schedule.get("repeatCount"))
    return None if count is None else min(max(count, 0), 2 * MOST)


def _length(schedule: Mapping[str, Any], first: datetime, *, is_series: bool) -> timedelta:
    """The length of an occurrence without a duration: to its `endDate` and `endTime`. The `endDate` of a series is none of those."""
    ends = _time(schedule, "endTime", time.min)
    if schedule.get("endDate") and not is_series:
        last = _at(schedule, "endDate", ends)
        return last - first if last > first else timedelta(days=1)
    if not schedule.get("endTime"):
        return timedelta(days=1)
    last = datetime.combine(first.date(), ends, UTC)
    return last - first if last > first else last + timedelta(days=1) - first


def _until(schedule: Mapping[str, Any], zone: tzinfo, *, is_series: bool) -> datetime:
    """The end of a schedule, with its last day; schema.org also names it `endDate`. Without an end and a count, `occurrences` finds too many."""
    value = schedule.get("until")
    ends, starts = (str(schedule.get(name) or "")[:10] for name in ("endDate", "startDate"))
    if is_series and ends > starts:
        value = ends
    if not value:
        return datetime.max.replace(tzinfo=UTC)
    moment = _moment("until", value)
    return (
        datetime.combine(moment.date(), time.max, zone).astimezone(UTC) if len(str(value)) == DAY else moment
    )


def _at(schedule: Mapping[str, Any], name: str, at: time, default: datetime | None = None) -> datetime:
    value = schedule.get(name)
    if not value and default is not None:
        return default
    try:
        return datetime.combine(date.fromisoformat(str(value)[:10]), at, UTC)
    except ValueError:
        raise _invalid("day", name=name, given=str(value)[:40]) from None


def _time(schedule: Mapping[str, Any], name: str, default: time) -> time:
    value = schedule.get(name)
    if not value:
        return default
    try:
        return time.fromisoformat(str(value).removesuffix("Z")).replace(tzinfo=None)
    except ValueError:
        raise _invalid("time", name=name, given=str(value)[:40]) from None


def _moment(name: str, value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise _invalid("instant", name=name, given=str(value)[:40]) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _duration(value: Any) -> timedelta | None:
    if not value:
        return None
    match = _DURATION.fullmatch(str(value))
    if match is None:  # months and years have no fixed length
        raise _invalid("duration", given=str(value)[:40])
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds) or None


def _weekdays(value: Any) -> list[weekday] | None:
    """Weekdays such as `http://schema.org/Thursday`."""
    if not value:
        return None
    names = [str(one).rpartition("/")[2].lower() for one in _as_list(value)]
    if wrong := [name for name in names if name not in WEEKDAYS]:
        raise _invalid("weekday", given=wrong[0][:40])
    return [weekday(WEEKDAYS.index(name)) for name in names]


def _numbers(value: Any, low: int, high: int) -> list[int] | None:
    if value in (None, []):
        return None
    numbers = [_number(one) for one in _as_list(value)]
    if any(number is None or number == 0 or not low <= number <= high for number in numbers):
        raise _invalid("range", given=str(value)[:40], least=low, most=high)
    return [number for number in numbers if number is not None]


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).lstrip("-").isdecimal() else None


def _as_list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _invalid(variant: str, **params: Any) -> InvalidInput:
    return InvalidInput.one("timeSchedule", f"schedule_invalid.{variant}", **params)
