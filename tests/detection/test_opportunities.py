"""Two rules say that claims should meet: open the street once, and let a utility take the repair along."""

import pytest

from tests.scenes import CITY, FLUVIUS, PROXIMUS, Found, Scene

# shared_trench: open the street once instead of twice


def test_two_owners_ten_weeks_apart_could_open_the_footpath_once(scene: Scene) -> None:
    scene.works(PROXIMUS, days=(30, 44), certainty="confirmed")
    scene.works(FLUVIUS, days=(114, 128), certainty="confirmed")
    assert scene.conflicts() == [Found("shared_trench", "high", False, "open")]
    facts = scene.conflict("shared_trench")["facts"]
    # 40 m² that are relaid once instead of twice, if both come: 40 × 120 × 0.95 × 0.95
    assert (facts["saving_eur"], facts["cost_at_risk_eur"], facts["gap_days"]) == (4332.0, 0, 70)
    assert facts["inputs"]["shared_m2"] == 40


@pytest.mark.parametrize(("y", "hits"), [(4.0, 1), (5.1, 0)], ids=["2 m beside it", "too far"])
def test_a_trench_beside_it_could_be_the_same_one(scene: Scene, y: float, hits: int) -> None:
    scene.works(PROXIMUS, days=(30, 44), certainty="confirmed")
    scene.works(FLUVIUS, at=(0, y), days=(114, 128), certainty="confirmed")
    assert len(scene.conflicts("shared_trench")) == hits


@pytest.mark.parametrize(
    ("days", "hits"), [((44 + 182, 300), 1), ((44 + 183, 300), 0), ((44, 60), 1)],
    ids=["half a year", "later", "right after it"],
)  # fmt: skip
def test_half_a_year_apart_is_still_near(scene: Scene, days: tuple[int, int], hits: int) -> None:
    scene.works(PROXIMUS, days=(30, 44), certainty="confirmed")
    scene.works(FLUVIUS, days=days, certainty="confirmed")
    assert len(scene.conflicts("shared_trench")) == hits


def test_on_the_same_days_and_ground_it_is_a_clash_and_told_once(scene: Scene) -> None:
    scene.works(PROXIMUS, days=(30, 44))
    other = scene.works(FLUVIUS, days=(40, 60))
    assert scene.rules_hit() == ["works_clash"]
    scene.move_works(other, days=(60, 80))
    assert scene.rules_hit() == ["shared_trench"]


def test_a_clash_in_the_shadow_silences_no_opportunity(scene: Scene) -> None:
    scene.change_rule("works_clash", state="shadow")
    scene.works(PROXIMUS)
    scene.works(FLUVIUS)
    assert scene.rules_hit() == ["shared_trench"]


def test_trenches_that_only_cross_share_nothing(scene: Scene) -> None:
    scene.works(PROXIMUS, at=(0, 0), length_m=60, width_m=1.5, days=(30, 44))
    scene.works(FLUVIUS, at=(30, -20), length_m=1.5, width_m=40, days=(60, 74))
    assert scene.conflicts() == []


@pytest.mark.parametrize("owner", [PROXIMUS, "Proximus Area 3.4"])
def test_an_owner_does_not_share_with_itself(scene: Scene, owner: str) -> None:
    scene.works(PROXIMUS, days=(30, 44))
    scene.works(owner, days=(60, 74))
    assert scene.conflicts() == []


def test_cancelled_works_share_nothing(scene: Scene) -> None:
    scene.works(PROXIMUS, days=(30, 44))
    scene.cancel(scene.works(FLUVIUS, days=(60, 74)))
    assert scene.conflicts() == []


# repair_in_wake: let the utility's final reinstatement include the repair


def test_a_repair_beside_works_that_end_soon_could_be_taken_along(scene: Scene) -> None:
    scene.works(days=(-10, 12), certainty="in_progress")
    repair = scene.repair(at=(5, 4.7), scope="spot")
    assert scene.conflicts() == [Found("repair_in_wake", "info", False, "open")]
    assert scene.conflict("repair_in_wake")["facts"]["saving_eur"] == 150
    advice = scene.advice(repair)
    assert (advice.verdict, advice.blocked) == ("repair", False)
    assert "combine" in [option.code for option in advice.alternatives]


def test_a_repair_under_running_works_that_end_soon_is_combined_with_them(scene: Scene) -> None:
    scene.works(days=(-10, 12), certainty="in_progress")
    repair = scene.repair(at=(5, 1))
    advice = scene.advice(repair)
    assert (advice.verdict, advice.blocked, (advice.until - scene.today).days) == ("combine", True, 12)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("y", "hits"), [(4.9, 1), (5.6, 0), (11, 0)], ids=["within three metres", "too far", "other side"]
)
def test_the_crew_goes_three_metres_for_it(scene: Scene, y: float, hits: int) -> None:
    scene.works(days=(-10, 12), certainty="in_progress")
    scene.repair(at=(5, y), scope="spot")
    assert len(scene.conflicts("repair_in_wake")) == hits


@pytest.mark.parametrize(("ends", "hits"), [(21, 1), (22, 0)], ids=["three weeks", "longer"])
def test_it_must_end_within_three_weeks(scene: Scene, ends: int, hits: int) -> None:
    scene.works(days=(-10, ends), certainty="in_progress")
    scene.repair(at=(5, 3.5), scope="spot")
    assert len(scene.conflicts("repair_in_wake")) == hits


def test_a_pit_takes_no_section_along(scene: Scene) -> None:
    scene.section(length_m=30)
    scene.works(at=(10, 0), length_m=1, width_m=1, days=(2, 10))
    scene.repair()
    assert scene.conflicts("repair_in_wake") == []


def test_works_that_are_over_when_the_repair_comes_take_nothing_along(scene: Scene) -> None:
    scene.works(days=(1, 10), certainty="confirmed")
    scene.repair(at=(5, 3.5), scope="spot", planned=(10, 11))
    assert scene.conflicts() == []


def test_cancelled_works_take_nothing_along(scene: Scene) -> None:
    scene.cancel(scene.works(days=(2, 10)))
    scene.repair(at=(5, 3.5), scope="spot")
    assert scene.conflicts() == []


def test_works_of_the_city_take_its_repair_along_too(scene: Scene) -> None:
    scene.works(CITY, days=(-10, 12), certainty="in_progress")
    scene.repair(at=(5, 4.7), scope="spot")
    assert scene.rules_hit() == ["repair_in_wake"]


@pytest.mark.parametrize(("asphalt", "hits"), [((60, 65), 0), ((10, 15), 1)], ids=["closes it", "is opened"])
def test_asphalt_over_a_closed_trench_stands_in_its_place(
    scene: Scene, asphalt: tuple[int, int], hits: int
) -> None:
    scene.works("Aquafin", days=(20, 50), certainty="confirmed")
    scene.works(CITY, utilities=["Asfalt"], days=asphalt, certainty="confirmed")
    assert len(scene.conflicts("shared_trench")) == hits


@pytest.mark.parametrize("asphalt_first", [True, False])
def test_of_two_that_start_on_one_day_the_order_of_their_records_says_nothing(
    scene: Scene, asphalt_first: bool
) -> None:
    scene.change_rule("works_clash", state="shadow")  # a clash on the same days is told once

    def asphalt() -> None:
        scene.works(CITY, utilities=["Asfalt"], days=(20, 30), certainty="confirmed")

    if asphalt_first:
        asphalt()
    scene.works("Aquafin", days=(20, 50), certainty="confirmed")
    if not asphalt_first:
        asphalt()
    assert len(scene.conflicts("shared_trench")) == 1


def test_works_of_which_nobody_knows_the_end_take_nothing_along(scene: Scene) -> None:
    scene.works(PROXIMUS, days=(-90, -40), certainty="in_progress")
    scene.repair(scope="spot")
    assert scene.conflicts("repair_in_wake") == []
