"""Each of the other rules: a hit, a near miss in space and in time, touching ends, cancelled works, and whose works they are."""

import pytest
import sqlalchemy as sa
from shapely import box

from geo_service.store.tables import conflicts
from tests.scenes import CITY, FLUVIUS, PROXIMUS, Found, Scene

# repair_during_works: crews in each other's way


def test_a_repair_on_the_days_of_works_is_in_their_way(scene: Scene) -> None:
    scene.works(days=(3, 9), certainty="confirmed")
    scene.repair(planned=(5, 6))
    assert scene.conflicts("repair_during_works") == [Found("repair_during_works", "high", True, "open")]


@pytest.mark.parametrize(
    ("y", "hits"), [(2.9, 1), (3.1, 0), (10.0, 0)], ids=["near", "just too far", "other side"]
)
def test_crews_need_a_metre_of_the_carriageway(scene: Scene, y: float, hits: int) -> None:
    scene.street()
    scene.works(at=(0, y), days=(3, 9))
    scene.repair(planned=(5, 6))
    assert len(scene.conflicts("repair_during_works")) == hits


@pytest.mark.parametrize(
    ("days", "hits"), [((8, 9), 1), ((9, 12), 0), ((1, 3), 0), ((1, 4), 1), ((0, 30), 1)],
    ids=["last day", "from its end", "until its start", "first day", "all around it"],
)  # fmt: skip
def test_crews_meet_only_on_shared_days(scene: Scene, days: tuple[int, int], hits: int) -> None:
    scene.works(days=(3, 9), certainty="confirmed")
    scene.repair(planned=days)
    assert len(scene.conflicts("repair_during_works")) == hits


def test_a_repair_without_days_would_be_done_today(scene: Scene) -> None:
    scene.works(days=(1, 9), certainty="confirmed")
    scene.repair()
    assert scene.conflicts("repair_during_works") == []
    scene.a_day_passes()
    assert len(scene.conflicts("repair_during_works")) == 1


def test_a_repair_whose_days_passed_undone_would_be_done_today(scene: Scene) -> None:
    scene.repair(planned=(0, 2))
    scene.works(days=(5, 9), certainty="confirmed")
    scene.a_day_passes(5)
    assert len(scene.conflicts("repair_during_works")) == 1


def test_works_that_overrun_are_still_in_the_way_today(scene: Scene) -> None:
    scene.works(days=(-9, 0), certainty="in_progress")
    scene.repair()
    assert [found.blocking for found in scene.conflicts("repair_during_works")] == [True]


# occupancy_during_repair: a scaffold or platform


def test_a_platform_on_the_same_days_informs_and_never_blocks(scene: Scene) -> None:
    scene.works(days=(3, 9), opens=False)
    scene.repair(planned=(5, 6))
    assert scene.conflicts() == [Found("occupancy_during_repair", "low", False, "open")]


@pytest.mark.parametrize(
    ("at", "planned"), [((0, 10), (5, 6)), ((0, 0), (9, 10)), ((0, 0), (2, 3))], ids=["other side", "from its end", "before"]
)  # fmt: skip
def test_a_platform_elsewhere_or_on_other_days_is_nothing(
    scene: Scene, at: tuple[float, float], planned: tuple[int, int]
) -> None:
    scene.works(at=at, days=(3, 9), opens=False, certainty="confirmed")
    scene.repair(planned=planned)
    assert scene.conflicts() == []


def test_a_cancelled_platform_is_nothing(scene: Scene) -> None:
    scene.repair(planned=(5, 6))
    scene.cancel(scene.works(days=(3, 9), opens=False))
    assert scene.conflicts() == []


# guarantee_applies: the hole lies in a trench that a utility reinstated


def trench(scene: Scene, owner: str = PROXIMUS, days: tuple[int, int] = (-40, -30)) -> None:
    """A finished trench, 1.5 m wide along the façades."""
    scene.works(owner, at=(0, 0), width_m=1.5, days=days, certainty="done")


def test_a_hole_in_a_finished_trench_is_the_utilitys(scene: Scene) -> None:
    trench(scene)
    repair = scene.repair(at=(5, 1))
    assert scene.conflicts() == [Found("guarantee_applies", "medium", False, "open")]
    advice = scene.advice(repair)
    assert advice.leading is not None
    assert (advice.verdict, advice.leading.works.owner) == ("recover", PROXIMUS)


@pytest.mark.parametrize(
    ("pit_m2", "hits"), [(1, 0), (4.6, 0), (5, 1)], ids=["a pit", "too little", "a fifth"]
)
def test_the_utility_pays_when_a_fifth_of_what_was_reported_is_its_trench(
    scene: Scene, pit_m2: float, hits: int
) -> None:
    scene.works(PROXIMUS, at=(0, 0), length_m=pit_m2 / 2, width_m=2, days=(-40, -30), certainty="done")
    scene.repair(shape=box(0, 0, 12, 2), scope="area")
    assert len(scene.conflicts("guarantee_applies")) == hits


def test_a_renewal_is_no_defect_of_the_trench_under_it(scene: Scene) -> None:
    scene.works(PROXIMUS, at=(0, 0), length_m=30, width_m=2, days=(-40, -30), certainty="done")
    scene.repair(shape=box(0, 0, 30, 2), scope="area")
    assert scene.conflicts("guarantee_applies") == []


def test_a_hole_one_metre_beside_the_trench_is_not_though_its_section_is(scene: Scene) -> None:
    scene.section(width_m=4)
    trench(scene)
    scene.repair(at=(5, 3.01), scope="section")
    assert scene.conflicts() == []


@pytest.mark.parametrize(("ended", "hits"), [(-729, 1), (-730, 0)], ids=["last day", "over"])
def test_the_guarantee_lasts_twenty_four_months(scene: Scene, ended: int, hits: int) -> None:
    trench(scene, days=(ended - 10, ended))  # 730 days before 1 September 2026 is 1 September 2024
    scene.repair(at=(5, 1))
    assert len(scene.conflicts("guarantee_applies")) == hits


def test_the_guarantee_begins_when_the_works_are_reported_finished(scene: Scene) -> None:
    scene.works(days=(-10, 20), certainty="done")
    assert scene.conn.scalar(sa.text("SELECT starts FROM claims WHERE kind = 'guarantee'")) == scene.today


def test_nobody_recovers_from_himself(scene: Scene) -> None:
    trench(scene, owner=CITY)
    scene.repair(at=(5, 1))
    assert scene.conflicts() == []


def test_a_platform_leaves_no_guarantee(scene: Scene) -> None:
    scene.works(days=(-40, -30), certainty="done", opens=False)
    scene.repair(at=(5, 1))
    assert scene.conflicts() == []


def test_cancelled_works_leave_no_guarantee(scene: Scene) -> None:
    scene.works(days=(-40, -30), certainty="cancelled")
    scene.repair(at=(5, 1))
    assert scene.conflicts() == []


def test_works_that_vanish_after_they_finished_still_answer_for_the_trench(scene: Scene) -> None:
    works = scene.works(days=(-40, -30), certainty="done")
    scene.vanish(works)
    scene.repair(at=(5, 1))
    assert scene.rules_hit() == ["guarantee_applies"]


# works_clash: two sites on one spot


@pytest.mark.parametrize(("one", "other"), [(True, True), (True, False), (False, False)])
def test_two_owners_on_one_spot_in_the_same_days_clash_once(scene: Scene, one: bool, other: bool) -> None:
    scene.works(PROXIMUS, days=(30, 44), opens=one)
    scene.works(FLUVIUS, days=(40, 50), opens=other)
    assert scene.conflicts() == [Found("works_clash", "medium", False, "open")]


@pytest.mark.parametrize(
    ("at", "days"), [((20.8, 0), (30, 44)), ((0, 10), (30, 44)), ((0, 0), (44, 50)), ((0, 0), (20, 30))],
    ids=["next to it", "other side", "from its end", "until its start"],
)  # fmt: skip
def test_sites_apart_or_after_each_other_do_not(
    scene: Scene, at: tuple[float, float], days: tuple[int, int]
) -> None:
    scene.works(PROXIMUS, days=(30, 44), certainty="confirmed")
    scene.works(FLUVIUS, at=at, days=days, certainty="confirmed")
    assert scene.conflicts("works_clash") == []


@pytest.mark.parametrize(("wide", "severity"), [(0.09, "low"), (0.11, "medium")])
def test_sites_that_share_less_than_a_square_metre_clash_little(
    scene: Scene, wide: float, severity: str
) -> None:
    scene.works(PROXIMUS, length_m=10, days=(30, 44), opens=False)
    scene.works(FLUVIUS, at=(0, 2 - wide), length_m=10, days=(30, 44), opens=False)
    assert [found.severity for found in scene.conflicts("works_clash")] == [severity]


@pytest.mark.parametrize("name", ["Proximus Area 3.4", "PROXIMUS", "Belgacom NV"])
def test_one_company_under_several_names_does_not_clash_with_itself(scene: Scene, name: str) -> None:
    scene.works(PROXIMUS)
    scene.works(name)
    assert scene.conflicts() == []


@pytest.mark.parametrize("first", ["indicative", "confirmed"])
def test_a_clash_is_as_likely_as_both_works_together_whichever_came_first(scene: Scene, first: str) -> None:
    second = "confirmed" if first == "indicative" else "indicative"
    scene.works(owner=PROXIMUS, days=(10, 40), certainty=first)
    scene.works(owner=FLUVIUS, days=(10, 40), certainty=second)
    assert scene.conflict("works_clash")["facts"]["probability"] == pytest.approx(0.35 * 0.95, abs=1e-4)


def test_a_clash_goes_with_either_of_the_works(scene: Scene) -> None:
    scene.works(PROXIMUS)
    scene.cancel(scene.works(FLUVIUS))
    assert scene.conflict("works_clash")["status"] == "withdrawn"


def test_a_clash_comes_back_as_the_same_conflict(scene: Scene) -> None:
    scene.works(PROXIMUS)
    other = scene.works(FLUVIUS)
    scene.move_works(other, days=(100, 110))
    scene.move_works(other, days=(30, 44))
    assert scene.news("works_clash") == ["opened", "withdrawn", "reopened"]


def test_works_drawn_on_different_surfaces_do_not_clash(scene: Scene) -> None:
    scene.works(PROXIMUS, surfaces=["footpath"])
    scene.works(FLUVIUS, surfaces=["carriageway", "cycle_path"])
    assert scene.conflicts() == []


# the life of a rule, and of a conflict


def test_a_shadow_rule_finds_but_alerts_nobody_and_blocks_nothing(scene: Scene) -> None:
    scene.change_rule("wasted_repair", state="shadow")
    scene.works()
    repair = scene.repair()
    assert (scene.conflicts(), scene.alerts(), scene.hold(repair)[0]) == ([], [], False)
    stored = scene.conflict("wasted_repair")
    assert (stored["shadow"], stored["blocking"], stored["status"]) == (True, False, "open")


def test_a_retired_rule_finds_nothing(scene: Scene) -> None:
    scene.works()
    repair = scene.repair()
    scene.change_rule("wasted_repair", state="retired")
    assert (scene.conflicts(), scene.hold(repair)[0]) == ([], False)
    assert scene.conflict("wasted_repair")["status"] == "withdrawn"


def test_a_conflict_says_which_version_of_its_rule_spoke(scene: Scene) -> None:
    scene.works()
    scene.repair(planned=(3, 4))
    version = scene.conflict("wasted_repair")["rule_version"]
    scene.change_rule("wasted_repair", clearance_m=3)
    assert scene.conflict("wasted_repair")["rule_version"] == version + 1


def test_a_rule_that_reaches_less_far_lets_go(scene: Scene) -> None:
    scene.works(at=(0, 2.4))
    scene.repair(planned=(3, 4), scope="spot")
    assert scene.rules_hit() == ["wasted_repair"]
    scene.change_rule("wasted_repair", clearance_m=0.5)
    assert scene.conflicts() == []


@pytest.mark.parametrize("works_first", [True, False])
def test_a_rule_may_look_days_around_from_either_side(scene: Scene, works_first: bool) -> None:
    scene.change_rule("repair_during_works", before_days=7, after_days=2)
    steps = [
        lambda: scene.works(days=(20, 30), certainty="confirmed"),
        lambda: scene.works(at=(40, 0), days=(20, 30), certainty="confirmed"),
        lambda: scene.repair(at=(5, 1), planned=(36, 37)),
        lambda: scene.repair(at=(45, 1), planned=(37, 38)),
        lambda: scene.repair(at=(55, 1), planned=(19, 20)),
        lambda: scene.repair(at=(15, 1), planned=(17, 18)),
    ]
    for place in steps if works_first else reversed(steps):
        place()
    rows = scene.conn.scalars(
        sa.select(conflicts.c.facts).where(conflicts.c.rule_id == "repair_during_works")
    )
    assert sorted(facts["gap_days"] for facts in rows) == [0, 6]


def test_a_conflict_whose_days_are_over_expires(scene: Scene) -> None:
    trench(scene, days=(-739, -729))
    scene.repair(at=(5, 1))
    scene.a_day_passes()
    assert scene.news("guarantee_applies") == ["opened", "expired"]
