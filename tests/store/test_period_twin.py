"""`domain.Period` answers as PostgreSQL's daterange does."""

from datetime import date, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo_service.domain.period import Period

PAIR = sa.text(
    "SELECT a && b, a @> CAST(:day AS date), greatest(0, lower(b) - upper(a), lower(a) - upper(b)), upper(a) - lower(a)"
    " FROM (SELECT daterange(:a1, :a2) AS a, daterange(:b1, :b2) AS b) pair"
)

# Around leap day, the turn of a year and the days on which clocks change; the ends of time that a date column holds.
starts = st.one_of(
    st.dates(date(2028, 2, 20), date(2028, 3, 31)),
    st.dates(date(2026, 12, 20), date(2027, 1, 10)),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
lengths = st.none() | st.integers(1, 40)
periods = st.builds(
    lambda start, length: Period(start, length and start + timedelta(days=length)), starts, lengths
)
near = st.builds(
    lambda one, off, length: (
        one,
        Period(one.starts_on + timedelta(days=off), length and one.starts_on + timedelta(days=off + length)),
    ),
    periods,
    st.integers(-45, 45),
    lengths,
)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(near, st.integers(-45, 45))
def test_overlap_containment_gap_and_length_are_postgresqls(
    conn: sa.Connection, pair: tuple[Period, Period], off: int
) -> None:
    one, other = pair
    day = one.starts_on + timedelta(days=off)
    ends = {"a1": one.starts_on, "a2": one.ends_on, "b1": other.starts_on, "b2": other.ends_on}
    overlaps, contains, gap, length = conn.execute(PAIR, {**ends, "day": day}).one()
    assert (one.overlaps(other), other.overlaps(one)) == (overlaps, overlaps)
    assert one.contains(day) == contains
    assert (one.gap_days(other), other.gap_days(one)) == (gap, gap)
    assert one.days == length
