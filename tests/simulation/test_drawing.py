"""What is drawn for a year: the same for a seed, as the assumptions say, and never what the service would claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from geo_service.demo.model import City
from geo_service.domain.errors import InvalidInput
from geo_service.simulation import drawing
from geo_service.simulation.assumptions import (
    LEAD_DAYS,
    MAIN,
    NAMES,
    Assumptions,
    changed,
    scaled,
)
from geo_service.simulation.chance import quantile, throw
from geo_service.simulation.town import Dig, Year
from geo_service.simulation.year import FIRST_DAY

BASE = Assumptions()


@pytest.fixture(scope="module")
def drawn(demo_city: City) -> Year:
    return drawing.year(demo_city, BASE, 1, FIRST_DAY, 365)


def digs(year: Year) -> list[Dig]:
    return [one for one in year.digs if one.kind == "groundworks"]


def test_the_same_seed_draws_the_same_year_and_another_one_another(demo_city: City, drawn: Year) -> None:
    assert drawing.year(demo_city, BASE, 1, FIRST_DAY, 365) == drawn
    assert drawing.year(demo_city, BASE, 2, FIRST_DAY, 365).defects != drawn.defects


def test_as_many_works_come_as_is_assumed(drawn: Year) -> None:
    announced = [one for one in digs(drawn) if one.category != "Dringend"]
    come = sum(one.opens_on is not None for one in announced) / len(announced)
    assert come == pytest.approx(BASE.begin_share, abs=0.04)
    urgent = 1 - len(announced) / len(digs(drawn))
    assert urgent == pytest.approx(BASE.urgent_share, abs=0.03)


def test_works_that_nobody_announces_are_those_that_are_assumed(demo_city: City) -> None:
    secret = replace(BASE, silent_share=1.0, urgent_share=0.0)
    for dig in digs(drawing.year(demo_city, secret, 1, FIRST_DAY, 60)):
        assert dig.statements == () or dig.opens_on is None
    late = replace(BASE, silent_share=0.0, late_entry_share=1.0, urgent_share=0.0)
    for dig in digs(drawing.year(demo_city, late, 1, FIRST_DAY, 60)):
        assert dig.opens_on is None or dig.notice_on == dig.opens_on


def test_urgent_works_are_told_the_day_after_they_began(drawn: Year) -> None:
    for dig in digs(drawn):
        if dig.category == "Dringend":
            assert dig.opens_on is not None
            assert dig.notice_on == dig.opens_on + timedelta(days=1)


def test_the_source_tells_things_in_order_and_ground_is_opened_within_what_is_said_last(drawn: Year) -> None:
    for dig in digs(drawn):
        days = [one.day for one in dig.statements]
        assert days == sorted(days), dig
        if dig.opens_on is not None and dig.statements:
            assert dig.closes_on is not None
            assert dig.statements[-1].starts_on <= dig.opens_on < dig.closes_on <= dig.statements[-1].ends_on


def test_ground_is_dug_beside_where_it_is_drawn(drawn: Year, demo_city: City) -> None:
    off = [one.ground.centroid.distance(one.drawn.centroid) for one in digs(drawn)]
    assert 0.4 < sum(off) / len(off) < 0.9
    exact = drawing.year(demo_city, replace(BASE, drawn_off_m=0), 1, FIRST_DAY, 30)
    assert all(one.ground.equals(one.drawn) for one in digs(exact))


def test_reports_lie_where_works_are_as_often_as_is_assumed(demo_city: City) -> None:
    for share in (0.0, 1.0):
        year = drawing.year(demo_city, replace(BASE, near_works_share=share), 1, FIRST_DAY, 365)
        met = sum(
            any(one.drawn.intersects(defect.section.geometry) for one in digs(year))
            for defect in year.defects
        )
        assert met / len(year.defects) > 0.95 if share else met / len(year.defects) < 0.5


def test_a_quantile_lies_between_its_deciles() -> None:
    draws = sorted(quantile(LEAD_DAYS, throw(1, number)) for number in range(2000))
    assert draws[0] >= LEAD_DAYS[0] and draws[-1] <= LEAD_DAYS[-1]
    assert draws[1000] == pytest.approx(LEAD_DAYS[5], abs=1)
    assert draws[1800] == pytest.approx(LEAD_DAYS[9], abs=6)


def test_an_assumption_is_changed_halved_and_doubled_by_name() -> None:
    assert changed(BASE, {"plan_days": 7}).plan_days == 7
    assert scaled(BASE, "slip_share", 0.5).slip_share == BASE.slip_share / 2
    assert scaled(BASE, "begin_share", 2).begin_share == 1.0
    assert set(MAIN) <= set(NAMES)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("luck", 1, "no_such_assumption"),
        ("begin_share", 1.1, "out_of_range"),
        ("plan_days", -1, "out_of_range"),
        ("plan_days", float("nan"), "out_of_range"),
    ],
)
def test_what_makes_no_sense_is_refused(name: str, value: float, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        changed(BASE, {name: value})
    assert refused.value.errors[0].reason == reason


def test_days_of_one_week_are_working_days() -> None:
    assert date(2027, 1, 4) == FIRST_DAY and FIRST_DAY.weekday() == 0
