"""The day list: crew by crew, danger first, then the shortest way; what works block stands last and has no number."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from geo_service.coordination import dispatch
from geo_service.domain.dispatch import DayList
from geo_service.domain.errors import InvalidInput
from geo_service.store import repairs as repair_store
from geo_service.store.tables import repairs
from tests.scenes import Scene

DAY = 3


def list_of(scene: Scene, team: str | None = None) -> DayList:
    return dispatch.day_list(scene.conn, scene.today + timedelta(days=DAY), scene.today, {}, team)


def list_of_today(scene: Scene, team: str | None = None) -> DayList:
    return dispatch.day_list(scene.conn, scene.today, scene.today, {}, team)


def planned(scene: Scene, x: float, team: str | None = "ploeg-1", **fields: Any) -> UUID:
    repair = scene.repair(at=(x, 1), planned=(DAY, DAY + 1), **fields)
    scene.conn.execute(sa.update(repairs).where(repairs.c.id == repair).values(team=team))
    return repair


def stops(days: DayList) -> list[tuple[UUID, int | None, str]]:
    return [(stop.repair["id"], stop.number, stop.instruction) for stop in days.stops]


def test_a_crew_passes_its_repairs_along_the_street(scene: Scene) -> None:
    middle, far, near = (planned(scene, x) for x in (500, 900, 100))
    [tour] = list_of(scene).tours
    ids = [stop.repair["id"] for stop in tour.stops]
    assert ids in ([near, middle, far], [far, middle, near])
    assert [stop.number for stop in tour.stops] == [1, 2, 3]
    assert [stop.drive_m for stop in tour.stops] == [0, 560, 560], "400 m, × 1.4"
    assert tour.drive_m == 1120


def test_danger_comes_first_however_far_it_is(scene: Scene) -> None:
    planned(scene, 100), planned(scene, 200)
    danger = planned(scene, 900, urgency="danger")
    assert stops(list_of(scene))[0] == (danger, 1, "go")


def test_what_works_block_is_last_and_has_no_number(scene: Scene) -> None:
    blocked, free = planned(scene, 10), planned(scene, 800)
    scene.works(at=(0, 0), days=(DAY, DAY + 10), certainty="confirmed")
    assert stops(list_of(scene)) == [(free, 1, "go"), (blocked, None, "not")]


def test_danger_under_works_is_made_safe_and_driven_to(scene: Scene) -> None:
    danger = planned(scene, 10, urgency="danger")
    scene.works(at=(0, 0), days=(DAY, DAY + 10), certainty="confirmed")
    assert stops(list_of(scene)) == [(danger, 1, "make_safe")]


def test_danger_to_which_nobody_may_give_a_day_is_made_safe_today(scene: Scene) -> None:
    danger = scene.repair(at=(10, 1), urgency="danger")
    scene.repair(at=(12, 1), urgency="high"), scene.repair(at=(60, 1), urgency="danger")
    scene.works(at=(0, 0), days=(DAY, DAY + 10), certainty="confirmed")
    today = list_of_today(scene)
    assert stops(today) == [(danger, None, "make_safe")] and today.tours == ()
    assert stops(list_of(scene)) == [] == stops(list_of_today(scene, "ploeg-1"))


def test_danger_without_a_day_takes_no_number_of_a_tour(scene: Scene) -> None:
    repair = scene.repair(at=(400, 1), planned=(0, 1))
    danger = scene.repair(at=(10, 1), urgency="danger")
    scene.works(at=(0, 0), days=(DAY, DAY + 10), certainty="confirmed")
    today = list_of_today(scene)
    assert stops(today) == [(danger, None, "make_safe"), (repair, 1, "go")]
    assert dispatch.numbers_on(scene.conn, today.stops, scene.today) == {repair: 1}


def test_its_crew_and_its_organisation_see_a_danger_without_a_day(scene: Scene) -> None:
    danger = scene.repair(at=(10, 1), urgency="danger")
    scene.works(at=(0, 0), days=(DAY, DAY + 10), certainty="confirmed")
    scene.conn.execute(sa.update(repairs).values(team="ploeg-2"))
    for team in ("ploeg-2", "city"):
        assert stops(list_of_today(scene, team)) == [(danger, None, "make_safe")], team
    assert stops(list_of_today(scene, "ploeg-1")) == []


def test_danger_that_was_made_safe_leaves_the_list(scene: Scene) -> None:
    danger = scene.repair(at=(10, 1), urgency="danger")
    scene.works(at=(0, 0), days=(DAY, DAY + 10), certainty="confirmed")
    repair_store.update(scene.conn, danger, {"urgency": "normal"})
    assert stops(list_of_today(scene)) == []


def test_each_crew_has_a_way_of_its_own_and_what_has_none_comes_last(scene: Scene) -> None:
    nobody, second, first = (planned(scene, 100, team) for team in (None, "ploeg-2", "ploeg-1"))
    gone = planned(scene, 100, "ploeg-9")
    tours = list_of(scene).tours
    assert [(tour.team and tour.team.id, tour.stops[0].repair["id"]) for tour in tours] == [
        ("ploeg-1", first),
        ("ploeg-2", second),
        ("ploeg-9", gone),
        (None, nobody),
    ]
    assert [stop.repair["id"] for stop in list_of(scene, "ploeg-2").stops] == [second]
    assert len(list_of(scene, "city").stops) == 4


def test_what_changed_since_yesterday_is_on_the_stop(scene: Scene) -> None:
    repair = planned(scene, 10)
    scene.conn.execute(sa.update(repairs).values(created_at=sa.func.now() - timedelta(hours=2)))
    scene.works(at=(0, 0), days=(DAY, DAY + 10), certainty="confirmed")
    [stop] = list_of(scene).stops
    assert stop.repair["id"] == repair
    assert stop.change is not None
    assert stop.change["type"] == "repair.held"


def test_an_unknown_crew_is_refused_with_those_there_are(scene: Scene) -> None:
    with pytest.raises(InvalidInput) as refused:
        list_of(scene, "ploeg-77")
    assert "ploeg-1" in str(refused.value)
