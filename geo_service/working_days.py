"""Working days of a Belgian town hall: Monday to Friday, without the ten legal holidays (law of 4 January 1974)."""

from __future__ import annotations

import functools
from datetime import date

import holidays

from geo_service.domain.period import ONE_DAY

SATURDAY = 5


@functools.cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("BE", years=year))


def is_working_day(day: date) -> bool:
    """Whether the town hall works on this day."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def shift(day: date, count: int) -> date:
    """Return the working day that lies `count` working days after `day`; before it where `count` is below 0."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day
