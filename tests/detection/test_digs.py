"""Records of one owner on the same ground in the same days are one dig: one conflict, all ids named, and it comes apart again."""

from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa
from shapely import box

from geo_service.coordination import steps
from geo_service.coordination.steps import Actor, StepInput
from geo_service.detection import digs
from geo_service.detection.digs import components
from geo_service.domain.agreements import Agreement
from geo_service.domain.conflicts import GONE
from geo_service.store import rules
from geo_service.store.tables import conflict_events, works
from tests.scenes import FLUVIUS, PROXIMUS, Scene

GAS, POWER = "Fluvius Gas Kortrijk", "Fluvius Elektriciteit Kortrijk"
DESK = Actor("user:An", "An", "utilities_desk")


def named(scene: Scene, rule: str = "wasted_repair") -> set[UUID]:
    return set(scene.conflict(rule)["works_ids"])


def test_gas_and_electricity_in_one_trench_are_one_conflict_with_both_ids(scene: Scene) -> None:
    gas = scene.works(GAS, days=(30, 44))
    power = scene.works(POWER, days=(30, 44))
    scene.repair(planned=(3, 4))
    assert len(scene.conflicts()) == 1
    assert named(scene) == {gas, power}
    assert scene.conflict("wasted_repair")["b"]["works_ids"] == sorted(map(str, (gas, power)))


def test_a_second_record_joins_the_conflict_that_is_there(scene: Scene) -> None:
    scene.repair(planned=(3, 4))
    scene.works(GAS, days=(30, 44))
    scene.works(POWER, days=(30, 44))
    assert scene.news("wasted_repair") == ["opened"]


def test_a_record_that_moves_away_is_a_dig_by_itself_again(scene: Scene) -> None:
    scene.repair(planned=(3, 4))
    gas = scene.works(GAS, days=(30, 44))
    power = scene.works(POWER, days=(30, 44))
    scene.move_works(power, days=(200, 214))
    assert len(scene.conflicts("wasted_repair")) == 2
    scene.move_works(power, days=(30, 44))
    assert len(scene.conflicts("wasted_repair")) == 1
    scene.cancel(gas)
    [live] = [row for row in scene.stored("wasted_repair") if row["status"] == "open"]
    assert live["works_ids"] == [power]


def test_connections_of_a_row_of_houses_are_one_dig(scene: Scene) -> None:
    ids = {scene.works(at=(x, 0), length_m=1, width_m=1, days=(30, 44)) for x in (0, 8, 16)}
    scene.section(length_m=20)
    scene.repair(planned=(3, 4))
    assert len(scene.conflicts("wasted_repair")) == 1
    assert named(scene) == ids


def test_a_hole_at_one_connection_meets_that_one_only(scene: Scene) -> None:
    scene.works(at=(0, 0), length_m=1, width_m=1, days=(30, 44))
    near = scene.works(at=(8, 0), length_m=1, width_m=1, days=(30, 44))
    scene.repair(at=(8.5, 0.5), scope="spot", planned=(3, 4))
    assert named(scene) == {near}


@pytest.mark.parametrize(
    ("owner", "at", "days", "conflicts"),
    [
        (POWER, (0, 0), (32, 44), 1), (POWER, (0, 0), (37, 51), 2), (POWER, (30.1, 0), (30, 44), 1), (PROXIMUS, (0, 0), (30, 44), 2),
    ],
    ids=["most of the same days", "half of them", "too far, and out of reach", "another owner"],
)  # fmt: skip
def test_same_ground_same_days_same_owner(
    scene: Scene, owner: str, at: tuple[float, float], days: tuple[int, int], conflicts: int
) -> None:
    scene.works(GAS, days=(30, 44))
    scene.works(owner, at=at, days=days)
    scene.repair(planned=(3, 4))
    assert len(scene.conflicts("wasted_repair")) == conflicts


def test_a_person_may_say_that_works_are_apart(scene: Scene) -> None:
    scene.works(GAS, days=(30, 44))
    power = scene.works(POWER, days=(30, 44))
    scene.repair(planned=(3, 4))
    scene.set_works(power, exclude_from_dig=True)
    assert len(scene.conflicts("wasted_repair")) == 2
    scene.set_works(power, exclude_from_dig=False)
    assert len(scene.conflicts("wasted_repair")) == 1


def test_a_contract_under_many_ids_is_umbrella_works(scene: Scene) -> None:
    lots = [
        scene.works(FLUVIUS, at=(x, -20), length_m=50, width_m=60, days=(-100, 900), certainty="in_progress")
        for x in (0, 50, 100, 150)
    ]
    scene.repair(at=(60, 1), scope="spot")
    [found] = scene.conflicts("repair_during_works")
    assert (found.severity, found.blocking) == ("low", False)
    scene.cancel(lots[3])
    [found] = scene.conflicts("repair_during_works")
    assert (found.severity, found.blocking) == ("high", True), "three of 3,000 m² are less than a hectare"


def test_rows_of_a_year_each_are_no_contract_however_much_ground_they_cover(scene: Scene) -> None:
    for x, first in ((0, -100), (50, 0), (100, 100), (150, 200)):
        scene.works(
            FLUVIUS, at=(x, -20), length_m=50, width_m=60, days=(first, first + 600), certainty="in_progress"
        )
    scene.repair(at=(10, 1), scope="spot")
    [found] = scene.conflicts("repair_during_works")
    assert (found.severity, found.blocking) == ("high", True)


@pytest.mark.parametrize(("side_m", "holds"), [(700, True), (710, False)])
def test_one_zone_over_half_a_town_holds_nothing_however_short(
    scene: Scene, side_m: float, holds: bool
) -> None:
    scene.works(at=(-100, -100), length_m=side_m, width_m=side_m, days=(-5, 60), certainty="in_progress")
    scene.repair(scope="spot")
    [found] = scene.conflicts("repair_during_works")
    assert (found.severity, found.blocking) == (("high", True) if holds else ("low", False))


@pytest.mark.parametrize("said", [True, False])
def test_a_person_knows_better_whether_works_are_an_umbrella(scene: Scene, said: bool) -> None:
    size = 20.0 if said else 120.0
    site = scene.works(at=(0, -50), length_m=size, width_m=100, days=(-10, 800), certainty="in_progress")
    scene.repair(scope="spot")
    scene.set_works(site, umbrella=said)
    [found] = scene.conflicts("repair_during_works")
    assert found.blocking is not said


@pytest.mark.parametrize("end", [Scene.cancel, Scene.delete_works], ids=["cancelled", "deleted"])
def test_what_was_decided_on_a_dig_stands_when_one_of_its_records_ends(
    scene: Scene, end: Callable[[Scene, UUID], None]
) -> None:
    scene.street()
    older = scene.works(GAS, days=(30, 44), certainty="confirmed")
    scene.works(POWER, days=(30, 44), certainty="confirmed")
    agreed, accepted = scene.repair(at=(5, 1), scope="spot"), scene.repair(at=(12, 1), scope="spot")
    row = next(one for one in scene.stored("wasted_repair") if one["repair_id"] == agreed)
    move = StepInput(Agreement("works_move"))
    desk = Actor("user:An", "An", "utilities_desk")
    steps.take(scene.conn, row["id"], "agree", move, desk, row["version"], scene.today)
    scene.schedule(accepted, (3, 4), "coordinator", "the fair is before the works")
    told = len(scene.alerts())
    end(scene, older)
    live = [one for one in scene.stored("wasted_repair") if one["status"] not in GONE]
    assert {one["repair_id"]: one["status"] for one in live} == {agreed: "agreed", accepted: "accepted_risk"}
    assert row["id"] not in {one["id"] for one in live}
    assert (scene.hold(agreed)[0], scene.hold(accepted)[0]) == (False, False)
    assert "repair.held" not in scene.alerts(after=told)
    assert scene.recompute().opened == 0


LATER = pytest.mark.parametrize(
    "later", [(POWER, PROXIMUS), (PROXIMUS, POWER)], ids=["same side", "other side"]
)
"""In which order the others come: the dig without its first record may stand on the other side of the clash."""


def settled_clash(scene: Scene, later: tuple[str, str]) -> sa.RowMapping:
    """A clash of a dig of two records with works of another owner, on which people decided and which a person follows up."""
    scene.works(GAS, days=(30, 44))
    for owner in later:
        scene.works(owner, days=(35, 50) if owner == PROXIMUS else (30, 44))
    row = scene.conflict("works_clash")
    who = StepInput(assignment={"person": "Els", "due_on": scene.today})
    steps.take(scene.conn, row["id"], "assign", who, DESK, row["version"], scene.today)
    steps.take(scene.conn, row["id"], "settle", StepInput(), DESK, row["version"] + 1, scene.today)
    return row


@LATER
def test_what_was_decided_on_a_clash_stands_under_the_other_name_of_its_dig(
    scene: Scene, later: tuple[str, str]
) -> None:
    row = settled_clash(scene, later)
    scene.cancel(min(UUID(one) for side in "ab" for one in row[side]["works_ids"]))
    [live] = [one for one in scene.stored("works_clash") if one["status"] not in GONE]
    assert live["id"] != row["id"]
    assert (live["status"], live["person"], live["due_on"]) == ("settled", "Els", scene.today)


def test_a_clash_on_other_days_under_the_other_name_is_open_and_still_followed_up(scene: Scene) -> None:
    row = settled_clash(scene, (POWER, PROXIMUS))
    first, second = sorted(UUID(one) for side in "ab" for one in row[side]["works_ids"])[:2]
    scene.move_works(second, days=(31, 44))
    scene.cancel(first)
    live = [one for one in scene.stored("works_clash") if one["status"] not in GONE]
    assert [(one["status"], one["person"]) for one in live] == [("open", "Els")]


def test_two_conflicts_of_digs_that_become_one_are_one_and_say_so(scene: Scene) -> None:
    scene.street()
    gas = scene.works(GAS, days=(60, 74), certainty="confirmed")
    scene.works(POWER, days=(30, 44), certainty="confirmed")
    scene.repair(at=(5, 1), planned=(3, 4))
    stays, goes = sorted(scene.stored("wasted_repair"), key=lambda one: one["b"]["works_id"] != str(gas))
    agreed = StepInput(Agreement("full_width", note="beide zijden"))
    steps.take(scene.conn, goes["id"], "agree", agreed, DESK, goes["version"], scene.today)
    scene.move_works(gas, days=(30, 44))
    now = {one["id"]: one["status"] for one in scene.stored("wasted_repair")}
    assert now == {stays["id"]: "open", goes["id"]: "withdrawn"}
    trail = sa.select(conflict_events.c.kind, conflict_events.c.details).order_by(conflict_events.c.id.desc())
    gone = scene.conn.execute(trail.where(conflict_events.c.conflict_id == goes["id"])).first()
    assert gone and gone.details == {"into": f"C-{stays['number']}", "agreement": ["full_width", None]}
    events = scene.conn.execute(trail.where(conflict_events.c.conflict_id == stays["id"])).all()
    [merger] = [event.details for event in events if event.kind == "merger"]
    assert merger["of"] == f"C-{goes['number']}"
    assert (merger["was"]["status"], merger["was"]["agreement"]["kind"]) == ("agreed", "full_width")
    scene.recompute()
    assert {one["id"]: one["status"] for one in scene.stored("wasted_repair")} == now


def test_a_dig_that_takes_in_another_keeps_what_was_decided_on_it(scene: Scene) -> None:
    scene.street()
    gas = scene.works(GAS, days=(30, 44), certainty="confirmed")
    power = scene.works(POWER, days=(60, 74), certainty="confirmed")
    scene.repair(at=(5, 1), planned=(3, 4))
    stays, goes = sorted(scene.stored("wasted_repair"), key=lambda one: one["b"]["works_id"] != str(gas))
    steps.take(
        scene.conn,
        stays["id"],
        "agree",
        StepInput(Agreement("works_move")),
        DESK,
        stays["version"],
        scene.today,
    )
    scene.move_works(power, days=(30, 44))
    now = {one["id"]: one["status"] for one in scene.stored("wasted_repair")}
    assert now == {stays["id"]: "agreed", goes["id"]: "withdrawn"}


def test_a_decision_on_one_zone_says_nothing_of_a_zone_that_comes_later(scene: Scene) -> None:
    scene.street()
    works = scene.works(POWER, length_m=2, days=(30, 44), certainty="confirmed")
    repair = scene.repair(shape=box(0, 0, 30, 2), scope="area")
    scene.schedule(repair, (3, 4), "coordinator", "the fair is before the works")
    scene.add_phase(works, box(26, 0, 28, 2))
    assert len({one["severity"] for one in scene.stored("wasted_repair")}) == 1
    assert sorted(one["status"] for one in scene.stored("wasted_repair")) == ["accepted_risk", "open"]
    assert scene.hold(repair)[0] is True


def test_a_decision_on_a_dig_says_nothing_of_the_other_days_of_a_record(scene: Scene) -> None:
    scene.street()
    older = scene.works(GAS, days=(30, 44), certainty="confirmed")
    other = scene.works(POWER, days=(30, 44), certainty="confirmed")
    repair = scene.repair(at=(5, 1), scope="spot")
    scene.schedule(repair, (3, 4), "coordinator", "the fair is before the works")
    scene.move_works(other, days=(10, 24))
    scene.cancel(older)
    assert scene.hold(repair)[0] is True


def test_a_deleted_record_leaves_its_dig(scene: Scene) -> None:
    scene.repair(planned=(3, 4))
    gas = scene.works(GAS, days=(30, 44))
    power = scene.works(POWER, days=(30, 44))
    scene.delete_works(power)
    assert named(scene) == {gas}


def test_a_change_looks_at_the_records_of_its_own_dig_only(scene: Scene) -> None:
    near = [scene.works(owner, days=(30, 44)) for owner in (GAS, POWER)]
    for owner in (GAS, POWER):
        scene.works(owner, at=(200, 0), days=(30, 44))
    assert digs.merge(scene.conn, near[:1], rules.load_parameters(scene.conn)) == sorted(near)


def test_components_are_named_by_their_oldest_member() -> None:
    a, b, c, d, e = (UUID(int=number) for number in range(1, 6))
    assert components({d: [c], c: [b, d], b: [c], a: [], e: []}) == {b: b, c: b, d: b}


def test_a_dig_is_a_pure_function_of_the_records(scene: Scene) -> None:
    scene.works(GAS, days=(30, 44))
    scene.works(POWER, at=(25, 0), days=(30, 44))
    scene.works(GAS, at=(50, 0), days=(30, 44))
    digs = sa.text("SELECT phase_id, dig_id FROM phase_digs ORDER BY 1")
    stepwise = scene.conn.execute(digs).all()
    scene.conn.execute(sa.text("DELETE FROM phase_digs"))
    scene.recompute()
    assert scene.conn.execute(digs).all() == stepwise
    assert len(stepwise) == 3
    assert scene.conn.scalar(sa.select(sa.func.count()).select_from(works)) == 3
