"""A hole in a trench under guarantee is claimed once from its utility, and is owed also when the crew has filled it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from geo_service.coordination import claim_files, steps
from geo_service.coordination.claim_files import Demand
from geo_service.coordination.steps import Actor, StepInput
from geo_service.domain.claim_files import ClaimState
from geo_service.domain.errors import InvalidInput, InvalidTransition
from geo_service.domain.permissions import StepName
from geo_service.store import claim_files as store
from geo_service.store import stats
from tests.scenes import FLUVIUS, PROXIMUS, Scene

WORKSHOP = Actor("user:Wim", "Wim", "workshop")
DESK = Actor("user:An", "An", "utilities_desk")


@pytest.fixture
def hole(scene: Scene) -> UUID:
    """A hole where Fluvius dug twice."""
    scene.works(owner=FLUVIUS, days=(-60, -30), certainty="done", width_m=2)
    scene.works(owner=FLUVIUS, days=(-29, -10), certainty="done", width_m=2)
    return scene.repair(at=(5, 1), scope="spot")


def claim(scene: Scene, place: int, **demand: Any) -> UUID:
    row = scene.stored("guarantee_applies")[place]
    return claim_files.send(scene.conn, row["id"], Demand(**demand), WORKSHOP)


def answer(scene: Scene, claim_id: UUID, state: ClaimState) -> None:
    version = store.get(scene.conn, claim_id)["version"]
    claim_files.answer(scene.conn, claim_id, state, DESK, version)


def take(scene: Scene, step: StepName) -> None:
    for row in scene.stored("guarantee_applies"):
        steps.take(scene.conn, row["id"], step, StepInput(), DESK, row["version"], scene.today)


def test_one_hole_in_two_trenches_of_one_utility_is_claimed_once(scene: Scene, hole: UUID) -> None:
    assert (len(scene.stored("guarantee_applies")), len(stats.to_claim(scene.conn))) == (2, 1)
    claim(scene, 0)
    with pytest.raises(InvalidTransition):
        claim(scene, 1)
    assert len(stats.to_claim(scene.conn)) == 0


def test_another_utility_and_another_hole_are_claims_of_their_own(scene: Scene, hole: UUID) -> None:
    scene.works(owner=PROXIMUS, days=(-60, -30), certainty="done")
    scene.repair(at=(15, 1), scope="spot")
    assert len(stats.to_claim(scene.conn)) == 4
    assert len(stats.to_claim(scene.conn, at_most=3)) == 3
    for place in (0, 2, 3, 5):
        claim(scene, place)
    assert len(stats.to_claim(scene.conn)) == 0


def test_a_hole_that_was_filled_is_still_owed_until_it_is_claimed(scene: Scene, hole: UUID) -> None:
    scene.complete(hole, scope="spot")
    assert len(stats.to_claim(scene.conn)) == 1
    claim(scene, 1)
    assert len(stats.to_claim(scene.conn)) == 0


@pytest.mark.parametrize(("taken", "owed"), [(["settle"], 0), (["settle", "reopen"], 1)])
def test_what_people_settled_before_it_was_filled_is_not_owed(
    scene: Scene, hole: UUID, taken: list[StepName], owed: int
) -> None:
    for step in taken:
        take(scene, step)
    scene.complete(hole, scope="spot")
    assert len(stats.to_claim(scene.conn)) == owed


def test_a_trench_that_was_never_dug_owes_nothing(scene: Scene) -> None:
    works = scene.works(days=(-60, -30), certainty="done")
    hole = scene.repair(at=(5, 1), scope="spot")
    scene.delete_works(works)
    scene.complete(hole, scope="spot")
    assert len(stats.to_claim(scene.conn)) == 0


def test_after_a_refusal_another_trench_of_the_utility_is_claimed_by_naming_the_refused_claim(
    scene: Scene, hole: UUID
) -> None:
    first = claim(scene, 0)
    with pytest.raises(InvalidTransition) as running:
        claim(scene, 1, follows_id=first)
    assert running.value.reason == "claim_state"
    answer(scene, first, "refused")
    for follows in (None, uuid4()):
        with pytest.raises((InvalidTransition, InvalidInput)):
            claim(scene, 1, follows_id=follows)
    second = claim(scene, 1, follows_id=first)
    numbers = {one: store.get(scene.conn, one)["number"] for one in (first, second)}
    assert store.get(scene.conn, second)["follows_number"] == numbers[first]
    with pytest.raises(InvalidTransition) as followed:
        answer(scene, first, "accepted")
    assert (followed.value.reason, followed.value.params["number"]) == (
        "claim_followed",
        f"V-{numbers[second]}",
    )
    with pytest.raises(InvalidInput):
        claim(scene, 0, follows_id=first)
    answer(scene, second, "paid")
    assert [one["state"] for one in store.sums(scene.conn)] == ["paid", "refused"]


def test_the_same_claim_is_not_made_again_but_for_another_amount(scene: Scene, hole: UUID) -> None:
    first = claim(scene, 0)
    answer(scene, first, "refused")
    with pytest.raises(InvalidTransition) as same:
        claim(scene, 0, follows_id=first)
    assert same.value.reason == "claim_unchanged"
    second = claim(scene, 0, follows_id=first, amount_eur=90)
    assert store.get(scene.conn, second)["amount_eur"] == 90


def test_what_nobody_claimed_yet_follows_nothing(scene: Scene, hole: UUID) -> None:
    with pytest.raises(InvalidInput):
        claim(scene, 0, follows_id=uuid4())
