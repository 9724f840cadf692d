"""protected_ground: ground that works closed, and that another owner opens before its protection ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from geo_service.coordination import steps
from geo_service.domain.explain import disappears_if
from geo_service.store import steps as stored
from tests.scenes import FLUVIUS, PROXIMUS, Found, Scene

RULE = "protected_ground"
FINISHED = {"at": (0, 0), "length_m": 20, "width_m": 2, "certainty": "done"}
LAST_DAY = 720
"""The works ended ten days ago: two years later, to the day, the ground is free again."""


@pytest.fixture
def scene(conn: sa.Connection) -> Scene:
    """A trench of Proximus along the even footpath, closed ten days ago."""
    scene = Scene(conn)
    scene.street()
    scene.works(PROXIMUS, days=(-20, -10), **FINISHED)
    return scene


def test_another_owner_who_opens_ground_that_works_closed_is_a_case(scene: Scene) -> None:
    scene.works(FLUVIUS, at=(5, 0))
    assert scene.conflicts() == [Found(RULE, "low", False, "open")]
    assert scene.conflict(RULE)["b"]["moratorium_until"] == "2028-08-22"


def test_its_own_owner_may_open_its_trench_again(scene: Scene) -> None:
    scene.works(PROXIMUS, at=(5, 0))
    assert scene.conflicts(RULE) == []


@pytest.mark.parametrize("place", [(0, 10), (30, 0), (17, 0)], ids=["across", "further", "a tenth of it"])
def test_other_ground_is_free(scene: Scene, place: tuple[float, float]) -> None:
    scene.works(FLUVIUS, at=place, length_m=30)
    assert scene.conflicts(RULE) == []


@pytest.mark.parametrize(("begin", "cases"), [(LAST_DAY, 1), (LAST_DAY + 1, 0)], ids=["last day", "over"])
def test_it_is_protected_for_two_years(scene: Scene, begin: int, cases: int) -> None:
    scene.works(FLUVIUS, at=(5, 0), days=(begin, begin + 10), certainty="confirmed")
    assert len(scene.conflicts(RULE)) == cases


def test_cancelled_works_open_nothing(scene: Scene) -> None:
    scene.cancel(scene.works(FLUVIUS, at=(5, 0)))
    assert scene.conflicts(RULE) == []


@pytest.mark.parametrize("opens", [True, False])
def test_works_that_run_or_open_nothing_protect_nothing(conn: sa.Connection, opens: bool) -> None:
    scene = Scene(conn)
    scene.street()
    scene.works(
        PROXIMUS,
        at=(0, 0),
        length_m=20,
        width_m=2,
        days=(-20, -10),
        opens=opens,
        certainty="in_progress" if opens else "done",
    )
    scene.works(FLUVIUS, at=(5, 0))
    assert scene.conflicts(RULE) == []


def test_an_umbrella_contract_says_too_little_of_where_it_dug(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.street()
    contract = scene.works(PROXIMUS, days=(-20, -10), **FINISHED)
    scene.set_works(contract, umbrella=True)
    scene.works(FLUVIUS, at=(5, 0))
    assert scene.conflicts(RULE) == []


def test_it_is_gone_when_the_works_begin_on_the_day_that_is_said(scene: Scene) -> None:
    works = scene.works(FLUVIUS, at=(5, 0), certainty="confirmed")
    conflict = scene.conflict(RULE)
    [begin] = [
        one.params["on"] for one in disappears_if(conflict, {"after_days": 0}) if one.code == "works_from"
    ]
    number = (begin - scene.today).days
    scene.move_works(works, days=(number - 1, number + 9))
    assert len(scene.conflicts(RULE)) == 1
    scene.move_works(works, days=(number, number + 9))
    assert scene.conflicts(RULE) == []


def test_the_desk_lets_it_be_opened_for_a_reason_of_the_register(scene: Scene) -> None:
    scene.works(FLUVIUS, at=(5, 0))
    conflict = scene.conflict(RULE)
    desk = steps.Actor("0", "Desk", "utilities_desk")

    assert stored.is_protected(scene.conn, conflict["id"])
    steps.exempt(scene.conn, conflict["id"], "new_connection", None, desk, conflict["version"], scene.today)

    assert scene.conflicts(RULE) == [Found(RULE, "low", False, "accepted_risk")]


def test_the_night_frees_the_ground(scene: Scene) -> None:
    until = date(2028, 8, 22)
    scene.a_day_passes((until - timedelta(days=1) - scene.today).days)
    count = sa.text("SELECT count(*) FROM claims WHERE kind = 'protection'")
    assert scene.conn.scalar(count) == 1
    scene.a_day_passes()
    assert scene.conn.scalar(count) == 0


@pytest.mark.parametrize(("begin", "cases"), [(-15, 0), (-5, 1)], ids=["before it was closed", "after"])
def test_who_was_digging_when_it_was_closed_opens_nothing_anew(scene: Scene, begin: int, cases: int) -> None:
    scene.works(FLUVIUS, at=(5, 0), days=(begin, 30), certainty="in_progress")
    assert len(scene.conflicts(RULE)) == cases
    scene.recompute()
    assert len(scene.conflicts(RULE)) == cases
