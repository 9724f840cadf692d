"""The order of works around a stored repair: from what the store holds, and as the API tells it."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from geo_service.coordination import sequencing
from geo_service.domain.sequence import Order
from tests.scenes import PROXIMUS, Scene

WHOLE = {"at": (0, 0), "length_m": 20, "width_m": 2}


def order(scene: Scene, repair: UUID) -> Order:
    [(_, found)] = sequencing.of_repairs(scene.conn, [repair], scene.today).values()
    return found


def test_sewer_works_on_the_footpath_come_before_the_cable_and_the_footpath(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.street()
    cable = scene.works(PROXIMUS, days=(30, 44), **WHOLE)
    sewer = scene.works("Aquafin", days=(60, 90), **WHOLE)
    repair = scene.repair(planned=(20, 25))

    found = order(scene, repair)

    assert [step.job.works_id for step in found.first] == [sewer, cable]
    assert found.first[1].too_soon_for == (sewer,)
    assert (found.footpath_from, found.moves) == (scene._day(95), True)


def test_works_on_the_other_side_do_not_come_first(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.street()
    scene.works(at=(0, 10))
    repair = scene.repair()

    assert order(scene, repair) == Order((), None, (), False, 0)


def test_works_beside_the_footpath_are_named_and_share_nothing(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.section(length_m=20)
    scene.works(at=(0, 2.5), width_m=1.5)
    repair = scene.repair()

    [step] = order(scene, repair).later

    assert (step.role, step.job.shared_m2) == ("aside", 0)


def test_each_repair_has_its_own_order(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.street()
    scene.works("Aquafin", days=(30, 44), name="S1", **WHOLE)
    repairs = [scene.repair(), scene.repair(at=(60, 11))]

    found = sequencing.of_repairs(scene.conn, repairs, scene.today)

    assert [len(each.first) for _, each in (found[one] for one in repairs)] == [1, 0]
    [step] = found[repairs[0]][1].first
    assert (step.job.starts_on, step.job.ends_on) == (scene._day(30), scene._day(44))
    assert step.job.shared_m2 == 40


def test_a_finished_repair_has_no_order(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.street()
    repair = scene.repair(planned=(0, 2))
    scene.complete(repair)

    assert sequencing.of_repairs(scene.conn, [repair], scene.today) == {}
