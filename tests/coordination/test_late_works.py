"""Works long past their end: a question with no day in the answer, never "wait until tomorrow" day after day."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa
from shapely import box

from geo_service.domain.works import Certainty
from geo_service.store import stats
from geo_service.store.tables import imports
from tests.scenes import Scene


@pytest.fixture
def scene(conn: sa.Connection) -> Scene:
    return Scene(conn)


def running(scene: Scene, ends: int = 3) -> None:
    scene.section(length_m=20)
    scene.works(days=(-60, ends), certainty="in_progress", length_m=20)


def test_within_the_days_that_dates_are_off_the_repair_waits_and_then_it_becomes_a_question(
    scene: Scene,
) -> None:
    running(scene)
    repair = scene.repair(at=(5, 1))
    assert scene.hold(repair) == (True, "combine", 3)
    said = []
    for _ in range(14):
        scene.a_day_passes()
        said.append(scene.hold(repair))
    assert {one[1] for one in said[:6]} <= {"wait", "combine"}
    assert said[10:] == [(True, "coordinate", None)] * 4
    assert scene.alerts().count("repair.hold_moved") <= 2, "when it ran on, and when it became a question"


def test_a_hole_in_the_trench_of_works_that_should_be_over_is_theirs_though_nobody_says_that_they_are(
    scene: Scene,
) -> None:
    running(scene, ends=-30)
    repair = scene.repair(at=(5, 1), scope="spot")
    advice = scene.advice(repair)
    assert advice.verdict == "recover"
    assert {reason.code for reason in advice.reasons} >= {"guarantee_applies", "overrun"}


def test_works_that_vanished_while_they_ran_answer_for_their_trench_once_their_end_is_long_past(
    scene: Scene,
) -> None:
    scene.section(length_m=20)
    works = scene.works(days=(-20, 2), certainty="in_progress", length_m=20)
    scene.vanish(works)
    repair = scene.repair(at=(5, 1), scope="spot")
    for _ in range(12):
        scene.a_day_passes()
    assert scene.advice(repair).verdict == "recover"
    full = scene.recompute()
    assert (full.opened, full.closed, full.alerts) == (0, 0, 0)


def test_works_that_vanish_after_their_end_hold_on_until_their_trench_is_taken_to_be_closed(
    scene: Scene,
) -> None:
    scene.section(length_m=20)
    works = scene.works(days=(-20, -1), certainty="in_progress", length_m=20)
    repair = scene.repair(at=(5, 1), scope="spot")
    scene.vanish(works)
    said = []
    for _ in range(6):
        scene.a_day_passes()
        said.append(scene.hold(repair)[:2])
    assert said == [(True, "coordinate")] * 5 + [(False, "recover")]
    full = scene.recompute()
    assert (full.opened, full.closed, full.alerts) == (0, 0, 0)


def in_two_phases(scene: Scene, *said: Certainty) -> UUID:
    """Works with a trench that should be closed for a month and another one to come; what their source says of them in turn."""
    scene.section(length_m=20)
    works = scene.works(days=(-60, -30), certainty=said[0], length_m=20)
    scene.add_phase(works, box(60, 0, 80, 2), days=(60, 90))
    for certainty in said[1:]:
        scene.set_certainty(works, certainty)
    return works


@pytest.mark.parametrize("said", [("in_progress",), ("in_progress", "planned")], ids=["run", "wait"])
def test_a_phase_is_over_while_its_works_go_on_to_a_later_one(
    scene: Scene, said: tuple[Certainty, ...]
) -> None:
    in_two_phases(scene, *said)
    repair = scene.repair(at=(5, 1), scope="spot")
    assert scene.hold(repair)[:2] == (False, "recover")
    assert stats.silent_works(scene.conn, scene.today, 10) == []
    assert scene.hold(scene.repair(at=(65, 1), scope="spot"))[0], "the later phase is still to come"


def test_a_phase_that_its_source_calls_done_answers_for_its_ground_while_a_later_one_is_planned(
    scene: Scene,
) -> None:
    """Also where nobody ever saw it run."""
    works = in_two_phases(scene, "planned")
    scene.end_phase(works)
    assert scene.hold(scene.repair(at=(5, 1), scope="spot"))[:2] == (False, "recover")
    assert scene.hold(scene.repair(at=(65, 1), scope="spot"))[0], "the later phase is still to come"
    assert stats.silent_works(scene.conn, scene.today, 10) == []
    full = scene.recompute()
    assert (full.opened, full.closed, full.alerts) == (0, 0, 0)


def test_a_phase_of_works_that_never_began_is_overdue_whatever_comes_later(scene: Scene) -> None:
    in_two_phases(scene, "planned")
    repair = scene.repair(at=(5, 1), scope="spot")
    assert scene.hold(repair)[:2] == (True, "coordinate")
    assert [row["days"] for row in stats.silent_works(scene.conn, scene.today, 10)] == [60]


def test_what_ran_before_a_phase_says_nothing_of_that_phase(scene: Scene) -> None:
    scene.section(length_m=20)
    works = scene.works(days=(10, 20), certainty="in_progress", length_m=20)
    scene.add_phase(works, box(60, 0, 80, 2), days=(60, 90))
    scene.set_certainty(works, "planned")
    repair = scene.repair(at=(5, 1), scope="spot")
    scene.a_day_passes(30)
    assert scene.hold(repair)[:2] == (True, "coordinate")


def test_a_phase_that_ends_holds_on_for_as_long_as_its_days_may_be_off(scene: Scene) -> None:
    scene.section(length_m=20)
    works = scene.works(days=(-20, 1), certainty="in_progress", length_m=20)
    scene.add_phase(works, box(60, 0, 80, 2), days=(1, 90))
    repair = scene.repair(at=(5, 1), scope="spot")
    held = []
    for _ in range(9):
        scene.a_day_passes()
        held.append(scene.hold(repair)[0])
    assert held == [True] * 7 + [False] * 2
    full = scene.recompute()
    assert (full.opened, full.closed, full.alerts) == (0, 0, 0)


def test_a_source_that_nobody_read_for_long_is_said(scene: Scene) -> None:
    running(scene, ends=20)
    repair = scene.repair(at=(5, 1))
    row = {"source": "scene", "status": "done", "started_at": "2026-07-01", "finished_at": "2026-07-01"}
    scene.conn.execute(sa.insert(imports).values({**row, "report": {}}))
    reasons = {reason.code: reason.params for reason in scene.advice(repair).reasons}
    assert reasons["stale_source"]["days"] == 62
