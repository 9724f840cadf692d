"""Works that are called off take their requests along, and bring them back when they come back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from geo_service import working_days
from geo_service.alerts import feed
from geo_service.coordination import requests
from geo_service.domain.errors import InvalidTransition
from geo_service.store import requests as store
from geo_service.store import stats
from geo_service.store.listing import Row
from tests.coordination.test_requests import PROXIMUS, answer, ask, works
from tests.scenes import TODAY, Scene

__all__ = ["works"]  # a fixture

RULES = ("wasted_repair", "guarantee_applies")


def state(scene: Scene, row: Row) -> tuple[str, str | None]:
    now = store.get(scene.conn, row["id"])
    return now["state"], now["withdrawal"]


def call_off(scene: Scene, works: UUID, how: str) -> None:
    if how == "deleted":
        scene.delete_works(works)
    elif how == "vanished":
        scene.vanish(works)
    else:
        scene.set_certainty(works, "cancelled" if how == "cancelled" else "done")


@pytest.mark.parametrize("how", ["cancelled", "deleted", "done", "vanished"])
def test_a_request_is_withdrawn_with_its_works_and_asked_again_when_they_are_back(
    scene: Scene, works: UUID, how: str
) -> None:
    row = ask(scene, works)
    before = len(scene.alerts())
    call_off(scene, works, how)
    assert state(scene, row) == ("withdrawn", how)
    assert scene.alerts(after=before).count("request.withdrawn") == 1
    told = feed.after(scene.conn, before, 100)[-1]
    assert told["data"]["withdrawal"] == how
    assert told["conflict_id"] in {one["id"] for rule in RULES for one in scene.stored(rule)}
    assert requests.end_terms(scene.conn, row["due_on"] + timedelta(days=1)) == 0
    with pytest.raises(InvalidTransition):
        answer(scene, row, "yes")
    scene.recompute()
    assert scene.alerts(after=before).count("request.withdrawn") == 1
    scene.works(days=(100, 114), certainty="confirmed", name="P-1", category="2", length_m=30)
    assert state(scene, row) == ("asked", None)
    assert scene.alerts(after=before).count("request.asked") == 1


def test_it_is_asked_again_with_a_term_and_days_of_its_own(scene: Scene, works: UUID) -> None:
    row = ask(scene, works)
    answer(scene, row, "yes", PROXIMUS, "in week 52")
    scene.cancel(works)
    scene.today = row["due_on"] + timedelta(days=1)
    scene.works(days=(105, 119), certainty="confirmed", name="P-1", category="2", length_m=30)
    now, due_on = store.get(scene.conn, row["id"]), working_days.shift(TODAY + timedelta(days=77), -1)
    days = (now["starts_on"] - TODAY).days, (now["ends_on"] - TODAY).days
    assert (now["state"], now["due_on"], days) == ("asked", due_on, (105, 119))
    assert [now[name] for name in ("answered_by", "answered_at", "answer_note", "late")] == [None] * 3 + [
        False
    ]
    assert requests.end_terms(scene.conn, scene.today) == 0


def test_of_twins_the_newest_is_asked_again(scene: Scene, works: UUID) -> None:
    first = ask(scene, works)
    requests.end_terms(scene.conn, first["due_on"] + timedelta(days=1))
    second = ask(scene, works)
    scene.vanish(works)
    scene.returns(works)
    assert (state(scene, first), state(scene, second)) == (("withdrawn", "vanished"), ("asked", None))
    answer(scene, second, "no")
    scene.recompute()
    assert state(scene, first) == ("withdrawn", "vanished"), "a no is not asked again"


def test_what_was_promised_for_the_days_that_came_back_is_not_asked_again(scene: Scene, works: UUID) -> None:
    promise = answer(scene, ask(scene, works), "yes")
    scene.move_works(works, days=(105, 119))
    anew = ask(scene, works)
    scene.vanish(works)
    scene.works(days=(100, 114), certainty="confirmed", name="P-1", category="2", length_m=30)
    assert (state(scene, promise), state(scene, anew)) == (("yes", None), ("withdrawn", "vanished"))


def test_only_what_is_still_to_repair_is_asked_again(scene: Scene, works: UUID) -> None:
    first, second, kept = (scene.repair(at=(x, 1)) for x in (16, 21, 26))
    over, partly = ask(scene, works, repair_ids=[first]), ask(scene, works, repair_ids=[second, kept])
    scene.vanish(works)
    for repair in (first, second):
        scene.complete(repair, scope="spot")
    scene.returns(works)
    assert (state(scene, over), state(scene, partly)) == (("withdrawn", "vanished"), ("asked", None))
    assert store.get(scene.conn, partly["id"])["repair_ids"] == [kept]


def test_works_that_come_back_when_they_are_over_are_not_asked(scene: Scene, works: UUID) -> None:
    row = ask(scene, works)
    scene.vanish(works)
    scene.works(days=(-20, 0), certainty="confirmed", name="P-1", category="2", length_m=30)
    assert state(scene, row) == ("withdrawn", "vanished")


def test_nobody_is_called_late_for_works_that_are_called_off(scene: Scene, works: UUID) -> None:
    row = ask(scene, works)
    late = row["due_on"] + timedelta(days=1)
    requests.end_terms(scene.conn, late)
    assert stats.overview(scene.conn, late)["waiting"] == {"requests": 1, "late": 1}
    scene.cancel(works)
    assert state(scene, row) == ("withdrawn", "cancelled")
    assert stats.overview(scene.conn, late)["waiting"] == {"requests": 0, "late": 0}


@pytest.mark.parametrize(
    ("how", "expected"),
    [("cancelled", "withdrawn"), ("deleted", "withdrawn"), ("done", "yes"), ("vanished", "yes")],
)
def test_a_promise_ends_when_its_works_are_called_off(
    scene: Scene, works: UUID, how: str, expected: str
) -> None:
    row = ask(scene, works)
    [repair] = row["repair_ids"]
    answer(scene, row, "yes")
    call_off(scene, works, how)
    assert state(scene, row)[0] == expected
    assert scene.hold(repair)[0] is (how == "vanished")
    if how == "done":
        assert answer(scene, row, "done")["state"] == "done"


def test_works_that_vanished_are_not_asked(scene: Scene, works: UUID) -> None:
    scene.vanish(works)
    with pytest.raises(InvalidTransition) as refused:
        ask(scene, works)
    assert refused.value.reason == "works_vanished"


def test_other_works_keep_their_requests(scene: Scene, works: UUID) -> None:
    other = scene.works(owner="Fluvius", days=(100, 114), length_m=30)
    row = ask(scene, other)
    scene.cancel(works)
    assert state(scene, row) == ("asked", None)
