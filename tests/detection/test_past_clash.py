"""What is over is over between two sites, even when their source stopped showing them before it said so."""

import pytest

from tests.scenes import FLUVIUS, PROXIMUS, Scene


@pytest.mark.parametrize(("certainty", "over"), [("confirmed", 4), ("in_progress", 11)])
def test_a_clash_with_works_that_vanished_ends_when_they_are_taken_to_be_over(
    scene: Scene, certainty: str, over: int
) -> None:
    """With their days; works that ran by then may run on for a week."""
    gone = scene.works(owner=FLUVIUS, days=(0, 4), certainty=certainty)
    scene.works(owner=PROXIMUS, days=(1, 30), certainty="confirmed")
    scene.vanish(gone)
    scene.a_day_passes(over - 1)
    assert len(scene.conflicts("works_clash")) == 1
    scene.a_day_passes()
    assert scene.conflicts("works_clash") == []
    assert scene.conflict("works_clash")["status"] == "expired"


def test_a_repair_still_waits_for_works_that_vanished_before_their_end(scene: Scene) -> None:
    gone = scene.works(days=(0, 4), certainty="in_progress")
    scene.repair(planned=(2, 30))
    scene.vanish(gone)
    scene.a_day_passes(6)
    assert [found.blocking for found in scene.conflicts("repair_during_works")] == [True]
