"""Nobody decides: the desk is reminded, then the coordinator is asked, in working days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from geo_service import working_days
from geo_service.coordination import escalation, steps
from geo_service.coordination.steps import Actor, StepInput
from geo_service.domain.parameters import Parameters
from geo_service.domain.permissions import StepName
from geo_service.store import cases
from tests.scenes import FLUVIUS, PROXIMUS, TODAY, Scene

DESK = Actor("user:An", "An", "utilities_desk")
HIGH = int(Parameters().term_high_days)


def take(scene: Scene, step: StepName, **content: Any) -> None:
    row = scene.conflict("wasted_repair")
    steps.take(scene.conn, row["id"], step, StepInput(**content), DESK, row["version"], scene.today)


@pytest.fixture
def waiting(scene: Scene) -> Scene:
    """A high conflict that opened on day 0, a Tuesday."""
    scene.street(15)
    scene.works(days=(60, 80), certainty="confirmed", length_m=15)
    scene.repair()
    assert scene.conflict("wasted_repair")["severity"] == "high"
    return scene


def told(scene: Scene, day: date) -> list[str]:
    """What the night before `day` tells."""
    before = len(scene.alerts())
    escalation.end_terms(scene.conn, day)
    return scene.alerts(after=before)


def after(count: int) -> date:
    return working_days.shift(TODAY, count)


def test_the_desk_is_reminded_and_then_the_coordinator_is_asked_once(waiting: Scene) -> None:
    assert told(waiting, after(HIGH - 1)) == []
    assert told(waiting, after(HIGH)) == ["conflict.reminded"]
    assert told(waiting, after(HIGH)) == []
    assert told(waiting, after(HIGH + 1)) == ["conflict.escalated"]
    assert told(waiting, after(HIGH + 9)) == []
    row = waiting.conflict("wasted_repair")
    assert (row["reminded_on"], row["escalated_on"]) == (after(HIGH), after(HIGH + 1))
    assert waiting.news("wasted_repair")[-2:] == ["reminded", "escalated"]


def test_a_rule_that_leaves_the_shadow_has_its_whole_term(scene: Scene) -> None:
    scene.change_rule("occupancy_during_repair", state="shadow")
    scene.works(days=(1, 90), opens=False)
    scene.repair(planned=(2, 80))
    scene.a_day_passes(60)
    scene.change_rule("occupancy_during_repair", state="active")
    assert scene.conflict("occupancy_during_repair")["open_since"] == scene.today
    assert told(scene, scene.today + timedelta(days=1)) == []


def test_a_chance_may_take_twice_as_long_as_a_clash(scene: Scene) -> None:
    scene.works(PROXIMUS, days=(30, 44), certainty="confirmed")
    scene.works(FLUVIUS, days=(114, 128), certainty="confirmed")
    assert scene.conflict("shared_trench")["severity"] == "high"
    assert told(scene, after(2 * HIGH - 1)) == []
    assert told(scene, after(2 * HIGH)) == ["conflict.reminded"]


def test_a_weekend_and_a_holiday_take_no_time() -> None:
    assert working_days.shift(date(2026, 10, 30), 1) == date(
        2026, 11, 2
    )  # Friday, Monday after All Saints on a Sunday
    assert working_days.shift(date(2026, 11, 10), 1) == date(2026, 11, 12)  # armistice
    assert working_days.shift(date(2026, 12, 28), -1) == date(2026, 12, 24)
    assert not working_days.is_working_day(date(2026, 7, 21))


def test_what_somebody_decided_is_not_told(waiting: Scene) -> None:
    take(waiting, "settle")
    assert told(waiting, after(HIGH + 5)) == []


def test_who_acknowledges_still_has_to_decide(waiting: Scene) -> None:
    take(waiting, "acknowledge")
    assert told(waiting, after(HIGH + 1)) == ["conflict.escalated"]


def test_a_day_that_a_person_set_comes_before_the_term(waiting: Scene) -> None:
    take(waiting, "assign", assignment={"due_on": after(12)})
    assert told(waiting, after(HIGH + 1)) == []
    assert told(waiting, after(12)) == ["conflict.reminded"]
    assert told(waiting, after(13)) == ["conflict.escalated"]


def test_what_is_opened_again_has_its_whole_term(waiting: Scene) -> None:
    told(waiting, after(HIGH + 1))
    take(waiting, "settle")
    waiting.today = after(HIGH + 3)
    take(waiting, "reopen")
    assert told(waiting, after(HIGH + 4)) == []
    assert told(waiting, working_days.shift(waiting.today, HIGH + 1)) == ["conflict.escalated"]


def test_what_is_low_may_stay_so(scene: Scene) -> None:
    scene.works(days=(3, 60), length_m=40)
    scene.works(owner="Fluvius", days=(3, 60), length_m=40)
    assert scene.conflict("works_clash")["severity"] == "low"
    assert told(scene, TODAY + timedelta(days=365)) == []


def test_the_list_of_the_coordinator_holds_what_was_escalated(waiting: Scene) -> None:
    only = cases.CaseFilter(escalated=True)
    assert cases.find(waiting.conn, only, TODAY).rows == []
    told(waiting, after(HIGH + 1))
    assert [case["escalated"] for case in cases.find(waiting.conn, only, TODAY).rows] == [True]
    take(waiting, "settle")
    assert cases.find(waiting.conn, only, TODAY).rows == []
