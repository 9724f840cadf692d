"""The mission's case: what is relaid is not opened again within its service life."""

from datetime import date

import pytest
import sqlalchemy as sa
from shapely import LineString, MultiPoint, Point, box

from geo_service.store.tables import parameters
from tests.scenes import CITY, PROXIMUS, Found, Scene

HELD = Found("wasted_repair", "high", True, "open")


def test_works_on_the_ground_of_a_repair_block_it(scene: Scene) -> None:
    scene.section(length_m=20)
    scene.works(at=(8, 0), length_m=4, days=(30, 44))
    scene.repair(at=(2, 1), planned=(3, 4))
    assert scene.conflicts() == [HELD]


def test_works_that_come_after_the_repair_find_it_too(scene: Scene) -> None:
    scene.section(length_m=20)
    scene.repair(at=(2, 1), planned=(3, 4))
    scene.works(at=(8, 0), length_m=4, days=(30, 44))
    assert scene.conflicts() == [HELD]


@pytest.mark.parametrize(("y", "hits"), [(1.7, 1), (1.9, 0), (2.9, 0), (10.0, 0)])
def test_works_drawn_along_the_kerb_are_in_the_carriageway_unless_they_reach_into_the_footpath(
    scene: Scene, y: float, hits: int
) -> None:
    scene.street()
    scene.repair(at=(5, 1), planned=(3, 4))
    scene.works(at=(0, y), width_m=2)
    assert len(scene.conflicts("wasted_repair")) == hits


def test_a_crossing_trench_is_in_the_footpath_however_much_of_it_is_carriageway(scene: Scene) -> None:
    scene.street()
    scene.repair(at=(5, 1), planned=(3, 4))
    scene.works(at=(5, 0.9), length_m=1, width_m=12)
    assert len(scene.conflicts("wasted_repair")) == 1


@pytest.mark.parametrize(("y", "hits"), [(2.0, 1), (2.9, 1), (3.1, 0), (10.0, 0)])
def test_where_no_carriageway_is_known_works_reach_a_metre_beside_the_footpath(
    scene: Scene, y: float, hits: int
) -> None:
    scene.section(length_m=100)
    scene.section((0, 10), 100)
    scene.repair(at=(5, 1), planned=(3, 4))
    scene.works(at=(0, y), width_m=2)
    assert len(scene.conflicts("wasted_repair")) == hits


@pytest.mark.parametrize(
    ("days", "hits"), [((4, 10), 1), ((3, 5), 1), ((0, 4), 0), ((0, 3), 0)],
    ids=["from the day after", "running on after it", "touching its end", "over before it"],
)  # fmt: skip
def test_only_works_after_the_repair_waste_it(scene: Scene, days: tuple[int, int], hits: int) -> None:
    scene.repair(planned=(3, 4))
    scene.works(days=days, certainty="confirmed")
    assert len(scene.conflicts("wasted_repair")) == hits


def test_works_beyond_the_service_life_waste_nothing(scene: Scene) -> None:
    scene.repair(scope="spot", planned=(0, 1))
    two_years = 731  # from the day after: 365.25 × 2, rounded to even
    scene.works(days=(two_years, two_years + 5), certainty="confirmed")
    assert scene.conflicts() == []
    scene.works(days=(two_years - 1, two_years + 5), certainty="confirmed")
    assert scene.rules_hit() == ["wasted_repair"]


def test_a_planned_end_may_slip_five_days_and_a_confirmed_one_not(scene: Scene) -> None:
    scene.repair(planned=(34, 35))
    planned = scene.works(days=(20, 30))
    assert len(scene.conflicts("repair_during_works")) == 1
    scene.set_certainty(planned, "confirmed")
    assert scene.conflicts() == []


def test_indicative_works_are_given_two_months_either_way_and_never_block(scene: Scene) -> None:
    scene.repair(planned=(0, 1))
    scene.works(days=(61, 70), certainty="indicative")
    assert [found.blocking for found in scene.conflicts("wasted_repair")] == [False]
    claimed = scene.conflict("wasted_repair")["b"]
    assert (claimed["starts_on"], claimed["ends_on"]) == ("2026-09-02", "2027-01-09")


@pytest.mark.parametrize("gone", ["cancelled", "done"])
def test_cancelled_and_finished_works_waste_nothing(scene: Scene, gone: str) -> None:
    scene.repair(planned=(3, 4), owner=PROXIMUS)
    scene.works(certainty=gone)  # type: ignore[arg-type]
    assert scene.conflicts() == []


def test_a_cancelled_repair_meets_nothing(scene: Scene) -> None:
    repair = scene.repair()
    scene.works(days=(30, 40))
    assert scene.conflicts("wasted_repair")
    scene.cancel_repair(repair)
    assert scene.conflicts() == []
    assert scene.recompute().opened == 0


def test_deleted_works_release_the_repair(scene: Scene) -> None:
    scene.repair(planned=(3, 4))
    works = scene.works()
    scene.delete_works(works)
    assert scene.conflict("wasted_repair")["status"] == "withdrawn"


@pytest.mark.parametrize("owner", [CITY, PROXIMUS])
def test_whoever_owns_the_works_the_surface_is_lost(scene: Scene, owner: str) -> None:
    scene.repair(planned=(3, 4))
    scene.works(owner=owner)
    assert scene.rules_hit() == ["wasted_repair"]


def test_an_aerial_platform_wastes_nothing(scene: Scene) -> None:
    scene.repair(planned=(3, 4))
    scene.works(opens=False)
    assert scene.conflicts() == []


def test_a_finished_repair_is_a_moratorium_that_blocks_nothing(scene: Scene) -> None:
    scene.section()
    repair = scene.repair(planned=(0, 1))
    scene.complete(repair, on=0)
    scene.works(days=(30, 44))
    assert [found.blocking for found in scene.conflicts()] == [False]
    assert scene.conflict("wasted_repair")["a"]["moratorium_until"] == "2031-09-01"
    assert "repair.held" not in scene.alerts()


def test_a_patch_has_no_moratorium(scene: Scene) -> None:
    repair = scene.repair(scope="spot")
    scene.complete(repair, on=0, scope="spot")
    scene.works(days=(30, 44))
    assert scene.conflict("wasted_repair")["a"]["moratorium_until"] is None


def test_a_moratorium_from_leap_day_ends_on_the_last_of_february(conn: sa.Connection) -> None:
    scene = Scene(conn, today=date(2028, 2, 29))
    repair = scene.repair()
    scene.complete(repair, on=0)
    scene.works(days=(30, 44))
    assert scene.conflict("wasted_repair")["a"]["moratorium_until"] == "2033-02-28"


@pytest.mark.parametrize(
    "today", [date(2028, 2, 28), date(2026, 3, 28), date(2026, 10, 24), date(2026, 12, 31)]
)
def test_days_are_days_around_leap_day_and_when_clocks_change(conn: sa.Connection, today: date) -> None:
    scene = Scene(conn, today)
    scene.repair(planned=(1, 2))
    scene.works(days=(2, 3), certainty="confirmed")
    assert len(scene.conflicts("wasted_repair")) == 1
    assert scene.conflict("wasted_repair")["facts"]["gap_days"] == 0


def test_a_section_is_relaid_as_a_whole_and_a_spot_is_not(scene: Scene) -> None:
    scene.section(length_m=40)
    scene.works(at=(30, 0), length_m=5)
    scene.repair(at=(5, 1), scope="spot", planned=(3, 4))
    assert scene.conflicts() == []
    scene.repair(at=(5, 1), scope="section", planned=(3, 4))
    assert scene.rules_hit() == ["wasted_repair"]


def test_a_hole_eight_metres_from_a_trench_across_the_street_is_free(scene: Scene) -> None:
    scene.street()
    scene.works(at=(20, 0), length_m=1, width_m=12)
    scene.repair(at=(29, 1), scope="spot", planned=(3, 4))
    assert scene.conflicts() == []
    scene.repair(at=(20.5, 5), scope="spot", planned=(3, 4))
    assert scene.rules_hit() == ["wasted_repair"]


def test_works_in_the_carriageway_leave_the_footpath_alone_when_both_say_so(scene: Scene) -> None:
    scene.street()
    scene.repair(at=(5, 1), planned=(3, 4))
    scene.works(at=(0, 2), width_m=1, surfaces=["carriageway"])
    assert scene.conflicts() == []
    scene.works(at=(0, 2), width_m=1)
    assert scene.rules_hit() == ["wasted_repair"]


def test_an_area_over_footpath_and_carriageway_is_on_both(scene: Scene) -> None:
    scene.street(length_m=20)
    scene.repair(shape=box(0, 0, 20, 10), scope="area", planned=(3, 4))
    scene.works(at=(0, 6), width_m=1, surfaces=["carriageway"])
    assert scene.rules_hit() == ["wasted_repair"]


@pytest.mark.parametrize(
    "shape",
    [Point(5, 1), MultiPoint([(5, 1), (6, 1)]), LineString([(0, 1), (10, 1)])],
    ids=lambda s: s.geom_type,
)
def test_works_drawn_as_points_and_lines_take_their_working_width(
    scene: Scene, shape: Point | MultiPoint | LineString
) -> None:
    scene.works(shape=shape)
    scene.repair(at=(5, 1), scope="spot", planned=(3, 4))
    assert scene.rules_hit() == ["wasted_repair"]
    scene.repair(at=(5, 4.5), scope="spot", planned=(3, 4))  # 1.5 m / 2 + 2 m + the hole's own 0.5 m
    assert len(scene.conflicts()) == 1


def test_an_umbrella_contract_says_little_and_blocks_nothing(scene: Scene) -> None:
    scene.repair(at=(50, 1), scope="spot", planned=(3, 4))
    scene.works(length_m=200, width_m=60, days=(-100, 1700), certainty="in_progress")
    assert {(found.severity, found.blocking) for found in scene.conflicts()} == {("low", False)}
    assert scene.conflict("wasted_repair")["facts"]["probability"] == pytest.approx(20 / 1800, abs=1e-4)


def test_works_beyond_the_look_ahead_do_not_block_yet(scene: Scene) -> None:
    scene.repair(planned=(0, 1))
    scene.works(days=(184, 190))
    assert [found.blocking for found in scene.conflicts()] == [False]
    scene.a_day_passes()
    assert [found.blocking for found in scene.conflicts("wasted_repair")] == [True]


def test_the_cost_at_risk_can_be_checked_by_hand(scene: Scene) -> None:
    scene.section(length_m=20, width_m=2)
    scene.repair(at=(5, 1), planned=(0, 1))
    scene.works(days=(366, 380), certainty="planned")
    facts = scene.conflict("wasted_repair")["facts"]
    value, life = 40 * 120, round(365.25 * 20)
    assert facts["inputs"]["value_eur"] == value
    assert facts["cost_at_risk_eur"] == pytest.approx(value * (1 - 365 / life) * 0.85, abs=0.005)
    for beyond, severity in ((0, "critical"), (0.01, "high")):
        from_eur = facts["cost_at_risk_eur"] + beyond
        scene.conn.execute(sa.delete(parameters))
        scene.conn.execute(sa.insert(parameters).values(name="critical_from_eur", value=from_eur))
        scene.recompute()
        assert scene.conflict("wasted_repair")["severity"] == severity


def test_overdue_works_stay_and_say_so(scene: Scene) -> None:
    scene.repair()
    scene.works(days=(30, 44))
    scene.a_day_passes(51)
    assert HELD in scene.conflicts("wasted_repair")
    claimed = scene.conflict("wasted_repair")["b"]
    assert (claimed["overdue"], claimed["ends_on"]) == (True, "2026-11-10")  # today, two weeks and the slack


@pytest.mark.parametrize(
    ("working_days", "ends_on"),
    [(4, "2028-01-05"), (10, "2028-01-05"), (260, "2028-07-09"), (900, "2028-10-09")],
    ids=["a short job in a long window", "two weeks", "a year's work", "longer than its window"],
)
def test_overdue_works_last_as_long_as_they_expect_to_not_as_their_window(
    scene: Scene, working_days: int, ends_on: str
) -> None:
    """A window of 456 days, asked on 6 July 2027, when 178 of them are left: those count anyhow, and five days of slack."""
    scene.repair()
    scene.works(days=(30, 486), working_days=working_days)
    scene.a_day_passes(308)
    assert scene.conflict("wasted_repair")["b"]["ends_on"] == ends_on


def test_overdue_works_whose_window_is_past_take_their_working_days_from_today(scene: Scene) -> None:
    scene.repair()
    works = scene.works(days=(30, 44), working_days=3)
    scene.a_day_passes(51)
    claimed = scene.conflict("wasted_repair")["b"]
    assert claimed["ends_on"] == "2026-11-01"  # today, five days for three working days, and the slack
    scene.cancel(works)
    assert scene.conflict("wasted_repair")["status"] == "withdrawn"


def test_moved_ground_moves_the_conflict_on_the_map(scene: Scene) -> None:
    scene.section(length_m=40)
    scene.repair(at=(5, 1), planned=(3, 4))
    works = scene.works(at=(10, 0), length_m=5)
    before = scene.conflict("wasted_repair")["geom"]
    scene.move_works(works, by_m=10)
    assert scene.conflict("wasted_repair")["geom"] != before
