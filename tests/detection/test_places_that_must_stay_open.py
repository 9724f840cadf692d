"""Two rules about places: who can no longer get in, and the street that never gets a rest."""

import pytest

from geo_service.domain.works import WorksKind
from tests.scenes import CITY, FLUVIUS, PROXIMUS, Found, Scene

# access_blocked: a fire station, school, care home or building site cut off. The building stands at y 14–24.


@pytest.mark.parametrize("opens", [True, False], ids=["trench", "crane"])
def test_a_site_in_front_of_the_fire_station_blocks_it(scene: Scene, opens: bool) -> None:
    station = scene.building()
    scene.works(CITY, at=(2, 8), length_m=6, width_m=4, days=(7, 12), opens=opens)
    assert scene.conflicts() == [Found("access_blocked", "high", False, "open")]
    assert scene.conflict("access_blocked")["building_id"] == station


@pytest.mark.parametrize(
    ("function", "y", "hits"),
    [
        ("fire_station", 2.1, 1),
        ("fire_station", 1.9, 0),
        ("school", 9.1, 1),
        ("school", 8.9, 0),
        ("house", 11, 0),
    ],
)
def test_engines_need_the_carriageway_and_people_the_footpath(
    scene: Scene, function: str, y: float, hits: int
) -> None:
    scene.building(function=function)
    scene.works(at=(2, y), width_m=2, days=(0, 5))
    assert len(scene.conflicts("access_blocked")) == hits


def test_a_school_must_stay_open_in_term_only(scene: Scene) -> None:
    scene.building(function="school")
    scene.calendar("school", (0, 60), (75, 120))
    scene.works(at=(2, 10), days=(61, 70), certainty="confirmed")
    assert scene.conflicts() == []
    other = scene.works(at=(2, 10), days=(60, 76), certainty="confirmed")
    assert scene.conflicts() == [Found("access_blocked", "medium", False, "open")]
    scene.move_works(other, days=(60, 75))
    assert scene.conflicts() == []


def test_works_over_a_holiday_block_a_school_once(scene: Scene) -> None:
    scene.building(function="school")
    scene.calendar("school", (0, 60), (75, 120))
    scene.works(at=(2, 10), days=(50, 80), certainty="confirmed")
    assert len(scene.conflicts()) == 1


def test_an_ongoing_building_project_of_the_city_must_stay_reachable(scene: Scene) -> None:
    pool: WorksKind = "building_project"
    scene.works(CITY, at=(0, 4), width_m=20, days=(-60, 240), opens=False, kind=pool, certainty="in_progress")
    scene.works(PROXIMUS, at=(0, 1.5), width_m=1.5, days=(10, 20))
    assert scene.rules_hit() == ["access_blocked"]


def test_a_building_project_that_runs_past_its_end_must_stay_reachable_today(scene: Scene) -> None:
    pool: WorksKind = "building_project"
    scene.works(CITY, at=(0, 4), width_m=20, days=(-60, -2), opens=False, kind=pool, certainty="in_progress")
    scene.works(PROXIMUS, at=(0, 1.5), width_m=1.5, days=(0, 5), certainty="confirmed")
    assert scene.rules_hit() == ["access_blocked"]


def test_a_building_project_of_somebody_else_is_its_own_affair(scene: Scene) -> None:
    scene.works(FLUVIUS, at=(0, 4), width_m=20, days=(-60, 240), opens=False, kind="building_project")
    scene.works(PROXIMUS, at=(0, 1.5), width_m=1.5, days=(10, 20))
    assert scene.conflicts() == []


def test_a_station_that_stands_back_needs_its_forecourt(scene: Scene) -> None:
    scene.street()
    scene.works(CITY, at=(2, 4), length_m=6, width_m=4, days=(7, 12), opens=False)
    scene.building(at=(0, 35.1))
    assert scene.conflicts() == [], "25 m from the carriageway it has a way of its own"
    scene.building(at=(0, 34.9))
    assert scene.rules_hit() == ["access_blocked"]


def test_a_station_at_a_carriageway_claims_nothing_beyond_one_further_on(scene: Scene) -> None:
    scene.street()
    scene.section((0, 40), 100, 4, kind="carriageway")
    scene.building(at=(0, 14))
    scene.works(FLUVIUS, at=(2, 41), length_m=6, width_m=2, days=(7, 12))
    assert scene.conflicts("access_blocked") == []


def test_works_on_the_building_itself_are_its_own(scene: Scene) -> None:
    scene.building()
    scene.works(CITY, at=(-1, 13), length_m=12, width_m=22, days=(7, 90), opens=False)
    assert scene.conflicts() == []


def test_cancelled_works_block_nobody(scene: Scene) -> None:
    scene.building()
    scene.cancel(scene.works(at=(2, 11)))
    assert scene.conflicts() == []


# accumulated_hindrance: many in one street in a short time


def dig(scene: Scene, number: int, owner: str = PROXIMUS, **values: object) -> None:
    begins = 10 + 60 * number
    scene.works(
        owner, **{"at": (number * 30, 0), "days": (begins, begins + 5), "certainty": "confirmed", **values}
    )  # type: ignore[arg-type]


def test_the_fourth_dig_in_a_year_is_told_as_one(scene: Scene) -> None:
    scene.named_street("Gentsestraat", 400)
    for number in range(3):
        dig(scene, number)
    assert scene.conflicts() == []
    dig(scene, 3)
    assert scene.conflicts() == [Found("accumulated_hindrance", "medium", False, "open")]
    stored = scene.conflict("accumulated_hindrance")
    assert (stored["facts"]["digs"], len(stored["works_ids"])) == (4, 4)
    dig(scene, 4, certainty="indicative")
    assert [found.rule for found in scene.conflicts()] == ["accumulated_hindrance"]
    facts = scene.conflict("accumulated_hindrance")["facts"]
    assert (facts["digs"], facts["probability"]) == (5, stored["facts"]["probability"])  # that of the surest


def test_digs_of_another_street_or_another_year_do_not_count(scene: Scene) -> None:
    scene.named_street("Gentsestraat", 400)
    for number in range(3):
        dig(scene, number)
    dig(scene, 3, at=(90, 30))
    dig(scene, 4, days=(10 + 365, 400))
    assert scene.conflicts() == []
    dig(scene, 5, days=(10 + 364, 400))
    assert scene.rules_hit() == ["accumulated_hindrance"]


def test_a_dig_that_leaves_takes_the_count_along(scene: Scene) -> None:
    scene.named_street("Gentsestraat", 400)
    for number in range(3):
        dig(scene, number)
    last = scene.works(FLUVIUS, at=(200, 0), days=(30, 40))
    assert scene.rules_hit() == ["accumulated_hindrance"]
    scene.cancel(last)
    assert scene.news("accumulated_hindrance") == ["opened", "withdrawn"]


def test_finished_digs_count_and_alone_they_are_history(scene: Scene) -> None:
    scene.named_street("Gentsestraat", 400)
    for number in range(4):
        scene.works(at=(number * 30, 0), days=(-200 + 20 * number, -195 + 20 * number), certainty="done")
    assert scene.conflicts() == []
    scene.works(at=(150, 0), days=(20, 30))
    assert scene.conflict("accumulated_hindrance")["facts"]["digs"] == 5


def test_two_records_of_one_dig_count_once(scene: Scene) -> None:
    scene.named_street("Gentsestraat", 400)
    for number in range(3):
        dig(scene, number)
        dig(scene, number)
    assert scene.conflicts() == []


@pytest.mark.parametrize("late_is", ["first", "last"])
def test_late_works_count_as_works_that_run_not_as_finished_ones(scene: Scene, late_is: str) -> None:
    """They claim their ground twice, as an opening and as a guarantee: the dig counts by its opening."""
    scene.named_street("Gentsestraat")
    scene.change_rule("accumulated_hindrance", least_count=2)
    both = [(PROXIMUS, "in_progress"), (FLUVIUS, "done")]
    for owner, certainty in both if late_is == "first" else reversed(both):
        scene.works(owner, days=(-40, -26), certainty=certainty, width_m=8)
    found = scene.conflict("accumulated_hindrance")
    assert found["status"] == "open"
    scene.recompute()
    assert scene.conflict("accumulated_hindrance")["facts"] == found["facts"]
    assert scene.conflict("accumulated_hindrance")["status"] == "open"
