"""No repair is scheduled where works will open the surface, except by somebody who may, with a reason, on record."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from geo_service.coordination import scheduling
from geo_service.domain.errors import BlockedByWorks, InvalidInput, InvalidTransition, NotAllowed
from geo_service.store.tables import conflict_events
from tests.scenes import Found, Scene

REASON = "The mayor wants it done before the fair"


def test_a_repair_before_works_is_refused_with_the_works_and_the_advice(scene: Scene) -> None:
    scene.works(days=(30, 44), certainty="confirmed")
    repair = scene.repair()
    with pytest.raises(BlockedByWorks) as refused:
        scene.schedule(repair, (3, 4))
    assert [row["rule_id"] for row in refused.value.conflicts] == ["wasted_repair"]
    leading = refused.value.advice.leading
    assert (leading.works.owner, refused.value.advice.verdict) == ("Proximus Area 2.1", "wait")
    assert scene.status(repair) == "requested"


@pytest.mark.parametrize("day", [44, 60])
def test_from_the_day_the_works_end_it_may_be_done(scene: Scene, day: int) -> None:
    scene.works(days=(30, 44), certainty="confirmed")
    repair = scene.repair()
    scene.schedule(repair, (day, day + 1))
    assert (scene.status(repair), scene.hold(repair)) == ("scheduled", (False, "repair", None))


@pytest.mark.parametrize("days", [(29, 31), (35, 36), (43, 45)])
def test_it_is_refused_on_any_day_of_the_works(scene: Scene, days: tuple[int, int]) -> None:
    scene.works(days=(30, 44), certainty="confirmed")
    repair = scene.repair()
    with pytest.raises(BlockedByWorks):
        scene.schedule(repair, days)


def test_the_workshop_may_not_override(scene: Scene) -> None:
    scene.works()
    repair = scene.repair()
    with pytest.raises(NotAllowed):
        scene.schedule(repair, (3, 4), "workshop", REASON)


@pytest.mark.parametrize("reason", ["", "because", " " * 20])
def test_an_override_needs_a_reason(scene: Scene, reason: str) -> None:
    scene.works()
    repair = scene.repair()
    with pytest.raises(InvalidInput):
        scene.schedule(repair, (3, 4), "coordinator", reason)


def test_an_override_is_on_record_and_the_risk_no_longer_holds(scene: Scene) -> None:
    scene.works()
    repair = scene.repair()
    scene.schedule(repair, (3, 4), "coordinator", REASON)
    assert scene.conflicts() == [Found("wasted_repair", "high", True, "accepted_risk")]
    select = sa.select(conflict_events.c.actor, conflict_events.c.details)
    said = scene.conn.execute(select.where(conflict_events.c.kind == "accepted_risk")).one()
    assert (said.actor, said.details) == ("coordinator", {"reason": REASON})
    assert scene.hold(repair)[0] is False


def test_an_override_does_not_say_held_and_released_in_one_breath(scene: Scene) -> None:
    scene.works(days=(30, 44))
    repair = scene.repair(planned=(50, 51))
    told = len(scene.alerts())
    scene.schedule(repair, (3, 4), "coordinator", REASON)
    assert scene.alerts(after=told) == ["conflict.opened"]


def test_a_risk_that_grows_is_no_longer_accepted(scene: Scene) -> None:
    works = scene.works(days=(100, 114), certainty="confirmed")
    repair = scene.repair()
    scene.schedule(repair, (3, 4), "coordinator", REASON)
    scene.move_works(works, days=(10, 24))
    assert {found.status for found in scene.conflicts()} == {"open"}
    assert scene.hold(repair)[0]
    assert scene.news("wasted_repair")[-1] == "reopened"


def test_an_accepted_risk_stays_accepted_while_nothing_changes(scene: Scene) -> None:
    scene.works(days=(100, 114), certainty="confirmed")
    repair = scene.repair()
    scene.schedule(repair, (3, 4), "coordinator", REASON)
    scene.a_day_passes()
    assert {found.status for found in scene.conflicts()} == {"accepted_risk"}


def test_a_crew_that_would_begin_before_its_days_is_asked_about_today(scene: Scene) -> None:
    scene.works(days=(-2, 12), certainty="in_progress")
    repair, elsewhere = scene.repair(), scene.repair(at=(60, 1))
    for one in (repair, elsewhere):
        scene.schedule(one, (14, 16))
    with pytest.raises(BlockedByWorks) as refused:
        scheduling.check_start(scene.conn, repair, scene.today)
    assert [row["rule_id"] for row in refused.value.conflicts] == ["repair_during_works"]
    scheduling.check_start(scene.conn, elsewhere, scene.today)
    scene.today += timedelta(days=14)
    scheduling.check_start(scene.conn, repair, scene.today)


def test_a_risk_that_was_accepted_for_these_days_lets_the_crew_begin_on_any_of_them(scene: Scene) -> None:
    scene.works(days=(30, 44), certainty="confirmed")
    repair = scene.repair()
    scene.schedule(repair, (3, 6), "coordinator", REASON)
    scene.a_day_passes(4)
    scheduling.check_start(scene.conn, repair, scene.today)


@pytest.mark.parametrize("end", ["cancelled", "done"])
def test_what_is_over_is_not_scheduled(scene: Scene, end: str) -> None:
    repair = scene.repair()
    scene.cancel_repair(repair) if end == "cancelled" else scene.complete(repair)
    with pytest.raises(InvalidTransition):
        scene.schedule(repair, (3, 4))


def test_asking_stores_nothing(scene: Scene) -> None:
    scene.works()
    repair = scene.repair()
    before = scene.conflicts(), scene.alerts(), scene.hold(repair)
    with pytest.raises(BlockedByWorks):
        scene.schedule(repair, (3, 4))
    assert (scene.conflicts(), scene.alerts(), scene.hold(repair)) == before
