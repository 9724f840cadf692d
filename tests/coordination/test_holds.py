"""A repair is held, its hold moves and goes as the works do, and each of these is told once."""

import pytest
import sqlalchemy as sa

from geo_service.coordination import day_change
from geo_service.store.tables import holds
from tests.scenes import CITY, Scene

OPEN_HOLDS = sa.select(holds.c.repair_id, holds.c.until).where(holds.c.released_on.is_(None))


def test_a_repair_under_works_is_held_until_they_end(scene: Scene) -> None:
    scene.works(days=(30, 44), certainty="confirmed")
    repair = scene.repair()
    assert scene.hold(repair) == (True, "wait", 44)
    assert scene.alerts() == ["conflict.opened", "repair.held"]


def test_works_that_slip_four_months_move_the_hold(scene: Scene) -> None:
    works = scene.works(days=(30, 44), certainty="confirmed")
    repair = scene.repair()
    scene.move_works(works, days=(150, 164))
    assert scene.hold(repair) == (True, "wait", 164)
    assert scene.alerts(after=2) == ["conflict.changed", "repair.hold_moved"]


def test_works_that_slip_beyond_the_look_ahead_release_with_the_cost_of_going_ahead(scene: Scene) -> None:
    works = scene.works(days=(30, 44))
    repair = scene.repair()
    scene.move_works(works, days=(400, 414))
    advice = scene.advice(repair)
    assert (advice.blocked, advice.cost_at_risk_eur > 0) == (False, True)
    assert scene.alerts(after=2) == ["conflict.changed", "repair.released"]


def test_cancelled_works_release_the_repair(scene: Scene) -> None:
    works = scene.works()
    repair = scene.repair()
    scene.cancel(works)
    assert scene.hold(repair) == (False, "repair", None)
    assert scene.alerts(after=2) == ["conflict.withdrawn", "repair.released"]


def test_of_two_works_the_last_to_end_decides(scene: Scene) -> None:
    scene.works(days=(30, 44), certainty="confirmed")
    last = scene.works(days=(60, 70), certainty="confirmed")
    repair = scene.repair()
    assert scene.hold(repair)[2] == 70
    scene.cancel(last)
    assert scene.hold(repair)[2] == 44


def test_works_that_become_the_citys_own_are_combined_with(scene: Scene) -> None:
    works = scene.works(days=(30, 44))
    repair = scene.repair()
    scene.move_works(works, owner=CITY)
    assert scene.hold(repair)[:2] == (True, "combine")


@pytest.mark.parametrize("end", ["cancel", "complete"])
def test_a_repair_that_is_over_is_no_longer_held(scene: Scene, end: str) -> None:
    scene.works()
    repair = scene.repair()
    if end == "cancel":
        scene.cancel_repair(repair)
    else:
        scene.complete(repair)
    assert scene.hold(repair) == (False, None, None)


def test_late_works_hold_on_without_an_alert_each_night(scene: Scene) -> None:
    scene.works(days=(30, 44))
    repair = scene.repair()
    scene.a_day_passes(31)
    told = len(scene.alerts())
    for _ in range(3):
        scene.a_day_passes()
    assert scene.alerts(after=told) == []
    assert scene.hold(repair) == (True, "coordinate", 34 + 14 + 5)


def test_works_that_overrun_hold_on_without_an_alert_each_night(scene: Scene) -> None:
    scene.works(days=(-10, 3), certainty="in_progress")
    repair = scene.repair()
    scene.a_day_passes(3)
    told = len(scene.alerts())
    for _ in range(3):
        scene.a_day_passes()
    assert scene.alerts(after=told) == []
    assert scene.hold(repair) == (True, "wait", 7)


@pytest.mark.parametrize("certainty", ["planned", "in_progress"])
def test_late_works_that_vanish_from_the_feed_do_not_release(scene: Scene, certainty: str) -> None:
    works = scene.works(days=(-30, -16), certainty=certainty)  # type: ignore[arg-type]
    repair = scene.repair()
    scene.vanish(works)
    assert scene.hold(repair)[0]
    assert "repair.released" not in scene.alerts()


def test_late_works_that_vanished_move_along_no_more(scene: Scene) -> None:
    works = scene.works(days=(-30, -16))
    repair = scene.repair()
    scene.vanish(works)
    scene.a_day_passes(5)
    assert scene.hold(repair)[2] == 14 + 5
    scene.a_day_passes(14)
    assert scene.hold(repair)[0] is False


def test_planned_works_that_vanish_still_hold(scene: Scene) -> None:
    works = scene.works(days=(30, 44))
    repair = scene.repair()
    scene.vanish(works)
    assert scene.hold(repair) == (True, "wait", 49)


def test_overdue_works_are_for_the_coordinator(scene: Scene) -> None:
    repair = scene.repair()
    scene.works(days=(-21, -7))
    assert scene.hold(repair)[:2] == (True, "coordinate")
    assert scene.advice(repair).reasons[0].code == "overdue"


def test_a_blocking_rule_holds_whatever_its_name(scene: Scene) -> None:
    scene.works(days=(3, 9), opens=False)
    repair = scene.repair(planned=(3, 4))
    scene.change_rule("occupancy_during_repair", blocking=True)
    assert scene.hold(repair)[0]


def test_a_rule_that_leaves_the_shadow_tells_what_it_found(scene: Scene) -> None:
    scene.change_rule("occupancy_during_repair", state="shadow")
    scene.works(days=(3, 9), opens=False)
    scene.repair(planned=(3, 4))
    assert scene.alerts() == []
    scene.change_rule("occupancy_during_repair", state="active")
    assert scene.alerts() == ["conflict.opened"]


@pytest.mark.parametrize("which", [0, 1])
def test_whichever_of_two_clashing_works_slips_it_is_told(scene: Scene, which: int) -> None:
    both = [scene.works(days=(30, 44)), scene.works(owner="Fluvius", days=(30, 44))]
    told = len(scene.alerts())
    scene.move_works(both[which], days=(32, 46))
    assert scene.alerts(after=told) == ["conflict.changed"]


def test_works_that_ran_until_their_end_and_vanished_are_probably_finished_and_somebody_must_ask(
    scene: Scene,
) -> None:
    repair = scene.repair()
    works = scene.works(days=(1, 11))
    scene.a_day_passes(2)
    scene.set_certainty(works, "in_progress")
    scene.a_day_passes(10)
    scene.vanish(works)
    advice = scene.advice(repair)
    assert (advice.verdict, advice.blocked) == ("coordinate", True)
    assert advice.reasons[0].code == "probably_finished"
    scene.set_certainty(works, "done")
    assert not scene.hold(repair)[0]


def test_works_that_vanish_before_their_end_may_still_run(scene: Scene) -> None:
    repair = scene.repair()
    works = scene.works(days=(1, 11))
    scene.a_day_passes(2)
    scene.set_certainty(works, "in_progress")
    scene.a_day_passes(5)
    scene.vanish(works)
    assert "probably_finished" not in [reason.code for reason in scene.advice(repair).reasons]


def test_a_hold_that_another_version_of_the_server_did_not_keep_is_mended(scene: Scene) -> None:
    """That version writes the advice of the repair and not its row in `holds`."""
    scene.works(days=(30, 44), certainty="confirmed")
    scene.repair()
    scene.night()
    kept = [*scene.conn.execute(OPEN_HOLDS)]
    assert len(kept) == 1
    scene.conn.execute(sa.delete(holds))
    differences = day_change.check(scene.conn, scene.today).differences
    assert {what: row["number"] for what, row in differences.items()} == {"holds": 1}
    assert [*scene.conn.execute(OPEN_HOLDS)] == kept
    assert day_change.check(scene.conn, scene.today).differences == {}
