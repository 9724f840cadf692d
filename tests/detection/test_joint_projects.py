"""One project of two owners is no clash of two sites: the same days, over weeks, on the same ground."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.scenes import FLUVIUS, PROXIMUS, TODAY, Days, Scene

DAYS = (3, 60)


def day(year: int, month: int) -> int:
    """The first of a month as scenes count days."""
    return (date(year, month, 1) - TODAY).days


def clash(scene: Scene, both: Days = DAYS, **other: Any) -> tuple[str, bool]:
    """Severity of the clash of two works of 40 m, and whether it is told as one project."""
    scene.works(owner=FLUVIUS, days=both, length_m=40)
    scene.works(owner=PROXIMUS, **{"days": both, "length_m": 40, **other})
    row = scene.conflict("works_clash")
    return row["severity"], row["facts"].get("joint", False)


def test_two_owners_on_the_same_days_and_ground_are_likely_one_project(scene: Scene) -> None:
    assert clash(scene) == ("low", True)


@pytest.mark.parametrize(
    "other",
    [
        {"days": (3, 61)},  # another last day
        {"days": (4, 60)},  # another first day
        {"at": (21, 0)},  # less than half of the ground
    ],
)
def test_works_that_differ_in_days_or_ground_are_two_sites(scene: Scene, other: dict[str, Any]) -> None:
    assert clash(scene, **other) == ("medium", False)


def test_half_of_the_smaller_ground_is_enough(scene: Scene) -> None:
    assert clash(scene, at=(19, 0))[1] is True


@pytest.mark.parametrize(("length", "joint"), [(28, True), (27, False)])
def test_four_weeks_are_no_coincidence(scene: Scene, length: int, joint: bool) -> None:
    assert clash(scene, both=(3, 3 + length))[1] is joint


def test_whole_months_are_what_programmes_write_who_know_no_days(scene: Scene) -> None:
    assert clash(scene, both=(day(2027, 1), day(2027, 4))) == ("medium", False)


def test_two_owners_that_could_share_a_trench_are_no_clash_to_begin_with(scene: Scene) -> None:
    scene.works(owner=FLUVIUS, days=DAYS, at=(0, 0), length_m=40)
    scene.works(owner=PROXIMUS, days=DAYS, at=(0, 2.5), length_m=40)
    assert scene.rules_hit() == ["shared_trench"]
    assert "joint" not in scene.conflict("shared_trench")["facts"]


def test_days_that_part_make_it_a_clash_again(scene: Scene) -> None:
    scene.works(owner=FLUVIUS, days=DAYS)
    works = scene.works(owner=PROXIMUS, days=DAYS)
    assert scene.conflict("works_clash")["severity"] == "low"
    scene.move_works(works, days=(10, 67))
    assert scene.conflict("works_clash")["severity"] == "medium"
