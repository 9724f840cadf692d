"""Reports of one defect: near in metres and days and of one category; suggested, and then what a person says counts."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa

from geo_service.coordination import duplicates as deciding
from geo_service.domain.errors import InvalidInput, InvalidTransition
from geo_service.store import duplicates, locks
from geo_service.store.tables import claims
from tests.scenes import Scene

NAME = "workshop"


@pytest.fixture
def scene(conn: sa.Connection) -> Scene:
    scene = Scene(conn)
    scene.street()
    return scene


def link(scene: Scene, repair_id: UUID) -> tuple[UUID, str] | None:
    found = duplicates.live(scene.conn, repair_id)
    return found and (found["of_id"], found["status"])


def confirm(scene: Scene, repair_id: UUID, of: UUID | None = None) -> None:
    locks.claims_writer(scene.conn)
    deciding.confirm(scene.conn, repair_id, of, NAME, scene.today)


def refuse(scene: Scene, repair_id: UUID, of: UUID | None = None) -> None:
    locks.claims_writer(scene.conn)
    deciding.refuse(scene.conn, repair_id, of, NAME, scene.today)


def claimed(scene: Scene) -> set[UUID]:
    return set(scene.conn.scalars(sa.select(claims.c.repair_id).where(claims.c.repair_id.is_not(None))))


def test_a_later_report_of_the_same_hole_is_suggested_as_its_double(scene: Scene) -> None:
    first = scene.repair(at=(5, 1), reported=-10)
    second = scene.repair(at=(8, 1), reported=0)

    assert (link(scene, first), link(scene, second)) == (None, (first, "suggested"))
    found = duplicates.live(scene.conn, second)
    assert found is not None and (found["distance_m"], found["days_apart"]) == (3.0, 10)


@pytest.mark.parametrize(
    "other",
    [{"at": (10.1, 1)}, {"reported": 29}, {"category": "kerb"}],
    ids=["too far", "too late", "another category"],
)
def test_what_is_too_far_too_late_or_another_thing_is_not_suggested(
    scene: Scene, other: dict[str, object]
) -> None:
    scene.repair(at=(5, 1), reported=0)

    assert link(scene, scene.repair(**{"at": (5, 1), "reported": 1, **other})) is None  # type: ignore[arg-type]


def test_at_the_limits_it_is_suggested(scene: Scene) -> None:
    first = scene.repair(at=(5, 1), reported=0)

    assert link(scene, scene.repair(at=(10, 1), reported=28)) == (first, "suggested")


def test_an_older_report_that_comes_in_later_becomes_the_main_one(scene: Scene) -> None:
    second = scene.repair(reported=0)
    first = scene.repair(reported=-3)

    assert (link(scene, first), link(scene, second)) == (None, (first, "suggested"))


def test_a_third_report_is_the_double_of_the_first(scene: Scene) -> None:
    first, second, third = (scene.repair(at=(5 + n, 1), reported=n) for n in range(3))

    assert [link(scene, one) for one in (second, third)] == [(first, "suggested")] * 2
    assert [row["id"] for row in duplicates.doubles(scene.conn, first)] == [second, third]


def test_a_report_that_is_finished_is_nobodys_double(scene: Scene) -> None:
    first = scene.repair(reported=-3)
    second = scene.repair(reported=0)
    scene.complete(first)

    assert link(scene, second) is None
    assert link(scene, scene.repair(reported=1)) == (second, "suggested")


def test_a_confirmed_double_claims_nothing_of_its_own(scene: Scene) -> None:
    scene.works(days=(30, 44))
    first, second = scene.repair(reported=-3), scene.repair(reported=0)
    assert len(scene.conflicts("wasted_repair")) == 2

    confirm(scene, second)

    assert link(scene, second) == (first, "confirmed")
    assert scene.status(second) == "cancelled"
    assert claimed(scene) == {first}
    assert len(scene.conflicts("wasted_repair")) == 1
    assert scene.hold(second) == (False, None, None)
    scene.recompute()
    assert claimed(scene) == {first}


def test_a_confirmed_double_that_is_none_after_all_is_open_again(scene: Scene) -> None:
    first, second = scene.repair(reported=-3), scene.repair(reported=0)
    confirm(scene, second)

    refuse(scene, second)

    assert link(scene, second) is None
    assert scene.status(second) == "requested"
    assert claimed(scene) == {first, second}


def test_a_refused_pair_is_not_suggested_again(scene: Scene) -> None:
    first, second = scene.repair(reported=-3), scene.repair(reported=0)

    refuse(scene, second, first)
    third = scene.repair(reported=1)
    scene.recompute()

    assert link(scene, second) is None
    assert link(scene, third) == (first, "suggested")


def test_of_a_double_it_is_the_double_of_the_main_one(scene: Scene) -> None:
    first, second, third = (scene.repair(reported=n) for n in range(3))
    confirm(scene, second, first)

    confirm(scene, third, second)

    assert link(scene, third) == (first, "confirmed")


def test_doubles_of_a_double_follow_it(scene: Scene) -> None:
    first = scene.repair(at=(5, 1), reported=0)
    second = scene.repair(at=(30, 1), reported=1)
    third = scene.repair(at=(31, 1), reported=2)
    confirm(scene, third, second)

    confirm(scene, second, first)

    assert [link(scene, one) for one in (second, third)] == [(first, "confirmed")] * 2


def test_what_makes_no_sense_is_refused(scene: Scene) -> None:
    first, alone = scene.repair(reported=0), scene.repair(at=(50, 1))
    planned = scene.repair(at=(70, 1), planned=(3, 4))

    with pytest.raises(InvalidInput, match="nothing is suggested"):
        confirm(scene, alone)
    with pytest.raises(InvalidInput, match="itself"):
        confirm(scene, alone, alone)
    with pytest.raises(InvalidInput, match="neither suggested nor confirmed"):
        refuse(scene, alone, first)
    with pytest.raises(InvalidTransition, match="scheduled"):
        confirm(scene, planned, first)
    confirm(scene, alone, first)
    with pytest.raises(InvalidInput, match="itself"):
        confirm(scene, first, alone)
    scene.cancel_repair(first)
    with pytest.raises(InvalidTransition, match="nothing will be done"):
        confirm(scene, scene.repair(at=(90, 1)), first)


def test_how_far_a_person_says_two_reports_lie_apart_is_told_in_tenths_of_a_metre(scene: Scene) -> None:
    first, second = scene.repair(at=(5, 1)), scene.repair(at=(30.26, 1))
    confirm(scene, second, first)
    found = duplicates.live(scene.conn, second)
    assert found is not None and found["distance_m"] == 25.3
