"""Half-open periods of days; their PostgreSQL twin is in tests/store."""

from datetime import date

import pytest

from geo_service.domain.period import Period


def days(first: int, end: int | None) -> Period:
    return Period(date(2028, 2, first), None if end is None else date(2028, 2, end))


@pytest.mark.parametrize("end", [5, 4])
def test_a_period_ends_after_it_starts(end: int) -> None:
    with pytest.raises(ValueError, match="must end after it starts"):
        days(5, end)


def test_leap_day_counts() -> None:
    assert Period(date(2028, 2, 28), date(2028, 3, 1)).days == 2


def test_what_has_no_end_has_no_length() -> None:
    assert days(1, None).days is None


def test_touching_ends_share_no_day() -> None:
    assert not days(1, 5).overlaps(days(5, 9))
    assert days(1, 6).overlaps(days(5, 9))


def test_the_first_day_is_in_and_the_end_is_not() -> None:
    assert (days(1, 5).contains(date(2028, 2, 1)), days(1, 5).contains(date(2028, 2, 5))) == (True, False)


def test_slack_widens_both_sides() -> None:
    assert days(10, 12).widened(9, 3) == days(1, 15)
    assert days(10, None).widened(9, 3) == days(1, None)
