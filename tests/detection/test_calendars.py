"""School terms by the Flemish rules, held to the dates that were published."""

import itertools
from datetime import date

import pytest
import sqlalchemy as sa

from geo_service.detection import calendars
from geo_service.store.tables import calendars as table

# onderwijs.vlaanderen.be, schoolvakanties: first day of the holiday and first day back
PUBLISHED = {
    2023: [("2023-10-30", "2023-11-06"), ("2023-12-25", "2024-01-08"), ("2024-02-12", "2024-02-19"), ("2024-04-01", "2024-04-15")],
    2024: [("2024-10-28", "2024-11-04"), ("2024-12-23", "2025-01-06"), ("2025-03-03", "2025-03-10"), ("2025-04-07", "2025-04-21")],
    2025: [("2025-10-27", "2025-11-03"), ("2025-12-22", "2026-01-05"), ("2026-02-16", "2026-02-23"), ("2026-04-06", "2026-04-20")],
    2026: [("2026-11-02", "2026-11-09"), ("2026-12-21", "2027-01-04"), ("2027-02-08", "2027-02-15"), ("2027-03-29", "2027-04-12")],
}  # fmt: skip


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_holidays_are_those_published(year: int) -> None:
    terms = calendars.school_terms(year)
    assert (terms[0].starts_on, terms[-1].ends_on) == (date(year, 9, 1), date(year + 1, 7, 1))
    gaps = [(str(one.ends_on), str(other.starts_on)) for one, other in itertools.pairwise(terms)]
    assert gaps == PUBLISHED[year]


@pytest.mark.parametrize(
    ("today", "first"), [("2026-07-31", 2025), ("2026-08-01", 2026), ("2027-01-01", 2026)]
)
def test_the_terms_begin_with_the_school_year_that_runs_and_end_with_the_third_after_it(
    conn: sa.Connection, today: str, first: int
) -> None:
    conn.execute(sa.delete(table))
    calendars.add_missing(conn, date.fromisoformat(today))
    names = conn.scalars(sa.select(table.c.name).distinct().order_by(table.c.name)).all()
    assert names == [f"schooljaar {year}-{year + 1}" for year in range(first, first + 4)]


def test_a_citys_own_calendar_stays(conn: sa.Connection) -> None:
    conn.execute(sa.delete(table))
    own = {"function": "school", "during": "[2026-09-01,2027-07-01)", "name": "eigen kalender"}
    conn.execute(sa.insert(table).values(own))
    calendars.add_missing(conn, date(2026, 11, 25))
    calendars.add_missing(conn, date(2026, 11, 25))
    names = conn.execute(
        sa.select(table.c.name, sa.func.count()).group_by(table.c.name).order_by(table.c.name)
    ).all()
    assert [tuple(row) for row in names] == [
        ("eigen kalender", 1), ("schooljaar 2027-2028", 5), ("schooljaar 2028-2029", 5), ("schooljaar 2029-2030", 5),
    ]  # fmt: skip
