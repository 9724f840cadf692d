"""The estimate lies between what was seen and what it leans on, and nearer to what was seen with each further work."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_service.domain.errors import InvalidInput
from geo_service.domain.reliability import (
    MOST_SLACK_DAYS,
    Reliability,
    Seen,
    estimate_reliability,
    fixed,
    shrunk,
)

DAY_ONE = Reliability(0, 5, 0.85)
NOTHING = Seen(0, None)

figures = st.floats(0, 1000, allow_nan=False)
weights = st.floats(1, 1000)
works = st.integers(1, 10_000)


def seen(before: Seen = NOTHING, after: Seen = NOTHING, probability: Seen = NOTHING) -> dict[str, Seen]:
    return {"slack_before_days": before, "slack_after_days": after, "probability": probability}


@given(figures, figures, weights, works)
def test_an_estimate_lies_between_what_was_seen_and_what_it_leans_on(
    own: float, towards: float, weight: float, number: int
) -> None:
    low, high = sorted((own, towards))
    assert low - 1e-9 <= shrunk(Seen(number, own), towards, weight) <= high + 1e-9


@given(figures, figures, weights, works, works)
def test_more_works_that_show_the_same_bring_it_nearer_to_what_was_seen(
    own: float, towards: float, weight: float, one: int, more: int
) -> None:
    near = abs(shrunk(Seen(one + more, own), towards, weight) - own)
    assert near <= abs(shrunk(Seen(one, own), towards, weight) - own) + 1e-9


@given(figures, figures, weights, works, st.floats(0, 1000))
def test_an_owner_that_slips_more_never_gets_less(
    own: float, towards: float, weight: float, number: int, worse: float
) -> None:
    after = shrunk(Seen(number, own + worse), towards, weight)
    assert after >= shrunk(Seen(number, own), towards, weight) - 1e-9


@given(st.integers(0, 400), st.integers(0, 400), st.integers(1, 200), st.integers(0, 365))
def test_days_are_those_of_exact_sums_rounded_half_up(
    own: int, number: int, weight: int, towards: int
) -> None:
    exact = Fraction(number * min(own, MOST_SLACK_DAYS) + weight * towards, number + weight)
    found = estimate_reliability(seen(after=Seen(number, own)), Reliability(0, towards, 1), weight)
    assert abs(found.slack_after_days - exact) <= Fraction(1, 2)
    assert 0 <= found.slack_after_days <= MOST_SLACK_DAYS


def test_without_works_it_is_what_it_leans_on() -> None:
    assert estimate_reliability(seen(), DAY_ONE, 20) == DAY_ONE


def test_as_many_works_as_the_weight_count_for_half() -> None:
    found = estimate_reliability(seen(after=Seen(20, 35), probability=Seen(20, 0.55)), DAY_ONE, 20)
    assert found == Reliability(0, 20, 0.7)


def test_dates_that_moved_by_years_count_as_one_year() -> None:
    assert (
        estimate_reliability(seen(after=Seen(10_000, 4000)), DAY_ONE, 1).slack_after_days == MOST_SLACK_DAYS
    )


def test_a_person_sets_only_what_is_believable() -> None:
    assert fixed(DAY_ONE, {"slack_after_days": 14}) == Reliability(0, 14, 0.85)
    with pytest.raises(InvalidInput) as refused:
        fixed(DAY_ONE, {"slack_before_days": -1, "slack_after_days": 366, "probability": 1.01})
    assert [error.field for error in refused.value.errors] == [
        "slack_before_days",
        "slack_after_days",
        "probability",
    ]
