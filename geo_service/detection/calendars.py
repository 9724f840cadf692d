"""When a school must stay reachable: the terms of Flemish schools, by the rules of the Flemish government for school holidays.

Source: besluit van de Vlaamse Regering of 17 April 1991 (schoolvakanties). A city that knows better adds its own rows to `calendars`.
NOTE: single days off (11 November, Easter Monday, Ascension) are no gap in a term.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

import sqlalchemy as sa
from dateutil.easter import easter
from sqlalchemy.dialects.postgresql import insert

from geo_service.domain.city import Term
from geo_service.domain.period import Period
from geo_service.store import listing
from geo_service.store.tables import calendars

YEARS_AHEAD = 3
WEEK = timedelta(days=7)


def school_terms(year: int) -> list[Period]:
    """The terms of the school year that begins in September of `year`."""
    holidays = [_autumn(year), _christmas(year), _carnival(year + 1), _easter(year + 1)]
    starts = [date(year, 9, 1), *(until for _, until in holidays)]
    ends = [*(begins for begins, _ in holidays), date(year + 1, 7, 1)]
    return [Period(*term) for term in zip(starts, ends, strict=True)]


def add_missing(conn: sa.Connection, today: date, terms: str | tuple[Term, ...] = "flanders") -> None:
    """Add the terms of this school year and the next three, by the rule `terms` or those that stand in it. A year that it does not list is one
    term. Years of which some terms are there stay as they are."""
    now = today.year if today.month >= 8 else today.year - 1
    for year in range(now, now + YEARS_AHEAD + 1):
        span = sa.func.daterange(date(year, 9, 1), date(year + 1, 7, 1))
        own = sa.select(calendars.c.name).where(
            calendars.c.function == "school", calendars.c.during.op("&&")(span)
        )
        if conn.scalar(own.limit(1)) is None:
            rows = [
                {
                    "function": "school",
                    "during": listing.period_param(term.starts_on, term.ends_on),
                    "name": term.name,
                }
                for term in _terms_of(year, terms)
            ]
            conn.execute(insert(calendars).values(rows))


def _terms_of(year: int, terms: str | tuple[Term, ...]) -> list[Term]:
    """The terms that begin between August of `year` and July of the next."""
    if isinstance(terms, str):
        return [
            Term(f"schooljaar {year}-{year + 1}", term.starts_on, term.ends_on or date.max)
            for term in SCHOOL_YEARS[terms](year)
        ]
    listed = [term for term in terms if date(year, 8, 1) <= term.starts_on < date(year + 1, 8, 1)]
    return listed or [Term(f"{year}-{year + 1}", date(year, 9, 1), date(year + 1, 7, 1))]


SCHOOL_YEARS: Mapping[str, Callable[[int], list[Period]]] = {"flanders": school_terms}
"""The rules that a city's file may name."""

Break = tuple[date, date]


def _autumn(year: int) -> Break:
    """The week of 1 November; when that is a Sunday, the week after it."""
    all_saints = date(year, 11, 1)
    begins = _monday(all_saints) if all_saints.weekday() < 6 else all_saints + timedelta(days=1)
    return begins, begins + WEEK


def _christmas(year: int) -> Break:
    """Two weeks from the Monday of Christmas; when that is in a weekend, from the Monday after."""
    christmas = date(year, 12, 25)
    begins = _monday(christmas) + (WEEK if christmas.weekday() >= 5 else timedelta())
    return begins, begins + 2 * WEEK


def _carnival(year: int) -> Break:
    """From the seventh Monday before Easter."""
    begins = _monday(easter(year)) - 6 * WEEK
    return begins, begins + WEEK


def _easter(year: int) -> Break:
    """Two weeks from the first Monday of April; but after an Easter in March from the Monday after it, and before an Easter after 15 April
    from the second Monday before it."""
    sunday = easter(year)
    if sunday.month == 3:
        begins = sunday + timedelta(days=1)
    elif sunday > date(year, 4, 15):
        begins = _monday(sunday) - WEEK
    else:
        begins = next(day for day in _days_from(date(year, 4, 1)) if day.weekday() == 0)
    return begins, begins + 2 * WEEK


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += timedelta(days=1)
