"""Numbers that a city may set: the least and the most are accepted, what lies just outside is not."""

from __future__ import annotations

from typing import Any

import pytest

from geo_service.detection.rules import RULES
from geo_service.domain import parameter_ranges as parameters
from geo_service.domain import rules
from geo_service.domain.errors import InvalidInput
from geo_service.domain.parameters import PARAMETER_NAMES, Parameters

BEFORE = Parameters()
SEVERITIES = ("medium_from_eur", "high_from_eur", "critical_from_eur")
COUNTING = next(rule for rule in RULES if rule.least_count is not None)
WASTED = next(rule for rule in RULES if rule.id == "wasted_repair")
WAKE = next(rule for rule in RULES if rule.ends_within_days is not None)


def codes(refused: InvalidInput) -> list[str]:
    return [error.code for error in refused.errors]


def test_every_parameter_says_what_is_believable() -> None:
    assert set(parameters.RANGES) == set(PARAMETER_NAMES)


@pytest.mark.parametrize("name", [name for name in parameters.RANGES if name not in SEVERITIES])
@pytest.mark.parametrize("end", [0, 1], ids=["least", "most"])
def test_a_parameter_may_be_its_least_and_its_most_and_nothing_beyond(name: str, end: int) -> None:
    limit = parameters.RANGES[name][end]
    assert getattr(parameters.checked(BEFORE, name, limit), name) == limit
    with pytest.raises(InvalidInput) as refused:
        parameters.checked(BEFORE, name, limit + (1 if end else -1))
    assert codes(refused.value) == ["out_of_range"]


def test_every_price_may_be_nothing() -> None:
    assert {ends[0] for name, ends in parameters.RANGES.items() if "_eur" in name} == {0}


def test_a_crew_may_drive_as_the_crow_flies() -> None:
    assert parameters.RANGES["drive_factor"][0] == 1


MAY_BE_NONE = [
    "coordinate_from_eur", "dig_gap_m", "duplicate_within_days", "duplicate_within_m", "finished_after_days", "guarantee_months",
    "hold_look_ahead_days", "late_after_days", "learn_reliability", "make_safe_eur", "protection_years", "relay_margin_m",
    "renumbered_within_days", "ring_m", "thin_share", "umbrella_least_share", "unsure_clearance_m",
]  # fmt: skip


@pytest.mark.parametrize("name", MAY_BE_NONE)
def test_a_city_may_do_without(name: str) -> None:
    assert getattr(parameters.checked(BEFORE, name, 0), name) == 0


@pytest.mark.parametrize(
    ("name", "neighbour"),
    [
        (SEVERITIES[0], SEVERITIES[1]),
        (SEVERITIES[1], SEVERITIES[0]),
        (SEVERITIES[1], SEVERITIES[2]),
        (SEVERITIES[2], SEVERITIES[1]),
    ],
)
def test_a_severity_may_begin_where_the_next_one_does_and_not_beyond(name: str, neighbour: str) -> None:
    at = getattr(BEFORE, neighbour)
    assert getattr(parameters.checked(BEFORE, name, at), name) == at
    further = at + (1 if SEVERITIES.index(name) < SEVERITIES.index(neighbour) else -1)
    with pytest.raises(InvalidInput) as refused:
        parameters.checked(BEFORE, name, further)
    assert codes(refused.value) == ["out_of_order"]


@pytest.mark.parametrize(
    ("rule", "field", "least", "most", "step"),
    [
        (WASTED, "clearance_m", 0, rules.MAX_CLEARANCE_M, 0.1),
        (WASTED, "before_days", 0, rules.MAX_DAYS_AROUND, 1),
        (WASTED, "after_days", 0, rules.MAX_DAYS_AROUND, 1),
        (WASTED, "least_share", 0, 1, 0.01),
        (WAKE, "ends_within_days", 0, rules.MAX_DAYS_AROUND, 1),
        (COUNTING, "least_count", 2, 1000, 1),
        (COUNTING, "window_days", 1, rules.MAX_DAYS_AROUND, 1),
    ],
)
def test_a_number_of_a_rule_has_its_limits(
    rule: Any, field: str, least: float, most: float, step: float
) -> None:
    for limit, beyond in ((least, least - step), (most, most + step)):
        assert getattr(rules.changed(rule, {field: limit}), rules.FIELD_OF.get(field, field)) == limit
        with pytest.raises(InvalidInput) as refused:
            rules.changed(rule, {field: beyond})
        assert codes(refused.value) == ["out_of_range"]


def test_a_change_makes_the_next_version_and_no_change_none() -> None:
    assert rules.changed(WASTED, {"clearance_m": WASTED.clearance_m}) is WASTED
    assert rules.changed(WASTED, {"clearance_m": 1.5}).version == WASTED.version + 1


@pytest.mark.parametrize(("rule", "field"), [(WASTED, "least_count"), (WASTED, "window_days"), (WASTED, "ends_within_days")])  # fmt: skip
def test_what_a_rule_does_not_use_stays_without_a_number(rule: Any, field: str) -> None:
    assert rules.changed(rule, {field: None}) is rule
    with pytest.raises(InvalidInput):
        rules.changed(rule, {field: 5})


@pytest.mark.parametrize("field", ["least_count", "window_days"])
def test_a_rule_that_counts_keeps_its_numbers(field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.changed(COUNTING, {field: None})
    assert "not_counting" in codes(refused.value)
