"""The order of works around a stored repair: from what the store holds, and as the API tells it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from uuid import UUID

import pytest
import sqlalchemy as sa
from shapely import box

from geo_service.coordination import sequencing
from geo_service.domain.advice import Advice
from geo_service.domain.conflicts import WorksParty
from geo_service.domain.holds import SURFACE_RULES
from geo_service.domain.order import Order
from geo_service.domain.parameters import Parameters
from geo_service.domain.repairs import Scope
from geo_service.i18n import Translator
from geo_service.presentation import conflicts as worded
from geo_service.presentation.advice import describe_advice
from geo_service.store import cities, conflicts, surroundings
from tests.scenes import CITY, PROXIMUS, Scene

WHOLE = {"at": (0, 0), "length_m": 20, "width_m": 2}


def order(scene: Scene, repair: UUID) -> Order:
    [advice] = sequencing.of_repairs(scene.conn, [repair], scene.today).values()
    return advice.order


def test_sewer_works_on_the_footpath_come_before_the_cable_and_the_footpath(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.street()
    cable = scene.works(PROXIMUS, days=(30, 44), **WHOLE)
    sewer = scene.works("Aquafin", days=(60, 90), **WHOLE)
    repair = scene.repair(planned=(20, 25))

    found = order(scene, repair)

    assert [step.works.works_id for step in found.first] == [sewer, cable]
    assert found.first[1].too_soon_for == (sewer,)
    assert (found.repair_from, found.moves) == (scene._day(95), True)


def test_works_on_the_other_side_do_not_come_first(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.street()
    scene.works(at=(0, 10))
    repair = scene.repair()

    found = order(scene, repair)
    assert (found.first, found.later, found.repair_from, found.waits) == ((), (), None, False)


def test_works_beside_the_footpath_are_named_and_share_nothing(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.section(length_m=20)
    scene.works(at=(0, 2.5), width_m=1.5)
    repair = scene.repair()

    [step] = order(scene, repair).first

    assert (step.role, step.shared_m2) == ("wait", 0), "it holds the repair: its edge is taken along"


def test_works_in_two_phases_that_are_over_before_the_repair_have_the_days_of_both(
    conn: sa.Connection,
) -> None:
    scene = Scene(conn)
    scene.street()
    works = scene.works(days=(10, 12), **WHOLE)
    scene.add_phase(works, box(0, 0, 20, 2), days=(20, 25))
    repair = scene.repair(planned=(300, 305))

    found = order(scene, repair)

    [step] = (*found.first, *found.later)
    assert (step.works.starts_on, step.works.ends_on) == (scene._day(10), scene._day(25))


def test_works_that_their_source_lost_are_named_until_they_are_taken_to_be_over(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.street()
    works = scene.works(days=(0, 10), certainty="in_progress", **WHOLE)
    repair = scene.repair()

    scene.a_day_passes(5)
    scene.vanish(works)
    scene.a_day_passes(11)
    assert len(order(scene, repair).first) == 1
    scene.a_day_passes()
    assert order(scene, repair).first == ()


def test_each_repair_has_its_own_order(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.street()
    scene.works("Aquafin", days=(30, 44), name="S1", **WHOLE)
    repairs = [scene.repair(), scene.repair(at=(60, 11))]

    found = sequencing.of_repairs(scene.conn, repairs, scene.today)

    assert [len(found[one].order.first) for one in repairs] == [1, 0]
    [step] = found[repairs[0]].order.first
    assert (step.works.starts_on, step.works.ends_on) == (scene._day(30), scene._day(44))
    assert step.shared_m2 == 40


def test_works_that_are_over_before_the_repair_begins_are_named_as_in_order(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.street()
    sewer = scene.works("Aquafin", days=(30, 60), **WHOLE)
    repair = scene.repair(planned=(100, 105))

    [step] = order(scene, repair).first

    assert (step.role, step.works.works_id, step.works.layer) == ("before", sewer, "sewer")
    assert scene.advice(repair).verdict == "repair"


def test_asphalt_over_a_footpath_is_told_and_neither_costs_nor_holds(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.section(length_m=20)
    scene.works("Stad Izegem", utilities=["Asfalt"], days=(30, 40), certainty="confirmed", **WHOLE)
    repair = scene.repair(planned=(3, 5))

    facts = scene.conflict("wasted_repair")["facts"]
    assert (facts["after"], facts["cost_at_risk_eur"]) == (True, 0)
    assert [(found.severity, found.blocking) for found in scene.conflicts()] == [("low", False)]
    advice = scene.advice(repair)
    assert (advice.verdict, [step.role for step in advice.order.later]) == ("repair", ["after"])


def outlines(scene: Scene, days: tuple[int, int] = (30, 60)) -> tuple[UUID, UUID]:
    """A street of 100 × 12 m that is renewed as a whole, and the sewer of the street that crosses it."""
    across = box(40, -60, 52, 72)
    sewer = scene.works("Aquafin", shape=across, days=days, name="Rue des Ailes")
    return sewer, scene.repair(shape=box(0, 0, 100, 12), scope="area", planned=(10, 200))


def test_works_of_another_street_move_the_crossing_and_not_the_street(conn: sa.Connection) -> None:
    scene = Scene(conn)
    _, repair = outlines(scene)

    found = (
        scene.conflict("wasted_repair")
        if scene.stored("wasted_repair")
        else scene.conflict("repair_during_works")
    )
    assert (found["facts"]["crossing"], found["blocking"]) == (True, False)
    advice = scene.advice(repair)
    assert (advice.verdict, [step.role for step in advice.order.later]) == ("repair", ["crossing"])


def test_the_axes_say_in_which_street_works_lie(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.named_street("Kerkstraat", 100)
    scene.works(
        "Aquafin", shape=box(40, 0, 95, 12), days=(30, 60), name="S1"
    )  # half of the street, in the street
    repair = scene.repair(shape=box(0, 0, 100, 12), scope="area", planned=(10, 20))

    assert scene.conflict("wasted_repair")["facts"].get("crossing") is None
    assert scene.advice(repair).blocked


def test_a_trench_that_crosses_a_footpath_is_in_it(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.street()
    scene.works(shape=box(20, 0, 21, 12), days=(30, 32))
    repair = scene.repair(at=(20.5, 1))

    assert scene.advice(repair).blocked


def test_a_finished_repair_has_no_order(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.street()
    repair = scene.repair(planned=(0, 2))
    scene.complete(repair)

    assert sequencing.of_repairs(scene.conn, [repair], scene.today) == {}


def parties(advice: Advice) -> Iterator[WorksParty]:
    """The works that open the ground, of the reasons and of the order; not those of a guarantee."""
    met = [one.conflict.works for one in advice.reasons if one.conflict is not None]
    steps = [step.works for step in (*advice.order.first, *advice.order.later)]
    return (party for party in (*met, *steps) if party.opens_surface)


def test_advice_and_order_see_the_same_in_the_same_works(conn: sa.Connection) -> None:
    """Certain or not, late or not, shown or vanished, with a layer or without: one works is one party."""
    scene = Scene(conn)
    scene.street()
    spans = ((-70, -50), (-20, -2), (-5, 10), (30, 44))
    kinds = product(("indicative", "planned", "confirmed", "in_progress"), spans)
    works = [  # owners of their own: those of one owner would be one dig
        scene.works(
            f"Owner {number}",
            certainty=certainty,
            days=days,
            utilities=("Gas", "Riolering")[: number % 3],
            **WHOLE,
        )
        for number, (certainty, days) in enumerate(kinds)
    ]
    repair = scene.repair(planned=(3, 5))
    for one in works[1::2]:
        scene.vanish(one)

    [advice] = sequencing.of_repairs(conn, [repair], scene.today).values()
    ground = surroundings.claimed_grounds(conn, [repair])[repair]
    [jobs] = sequencing._jobs(conn, [ground], cities.in_force(conn).layers, scene.today).values()

    by_works = {job.works_id: job.party for job in jobs}
    told = {party.works_id: party for party in parties(advice)}
    assert len(told) >= len(works) / 2
    assert any(party.probably_finished for party in told.values())
    assert told == {key: by_works[key] for key in told}


@pytest.mark.parametrize(("scope", "role"), [("section", "early"), ("spot", None)])
def test_asphalt_that_is_laid_before_the_footpath_is_told_to_be_early(
    conn: sa.Connection, scope: Scope, role: str | None
) -> None:
    scene = Scene(conn)
    scene.section(length_m=20)
    scene.works(CITY, utilities=["Asfalt"], days=(30, 40), certainty="confirmed", **WHOLE)
    found = order(scene, scene.repair(scope=scope, planned=(50, 55)))

    assert [step.role for step in found.later] == ([role] if role else [])
    assert [step.role for step in found.first] == ([] if role else ["before"])


def test_a_conflict_says_of_works_what_the_advice_says_of_them(conn: sa.Connection) -> None:
    """A list that says "the ground opens in 20 days" of a framework contract or a wish contradicts the advice beside it."""
    scene = Scene(conn)
    scene.street()
    scene.works("Umbrella", shape=box(-200, -200, 200, 200), days=(-100, 1400), certainty="in_progress")
    scene.works("Wish", days=(200, 230), certainty="indicative", **WHOLE)
    scene.works("Overdue", days=(-20, -2), **WHOLE)
    scene.works("Late", days=(-60, -30), certainty="in_progress", **WHOLE)
    scene.works("Running on", days=(-20, -2), certainty="in_progress", **WHOLE)
    scene.works("Slack", days=(0, 9), **WHOLE)
    vanished = scene.works("Vanished", days=(60, 70), **WHOLE)
    repairs = [scene.repair(planned=(10, 12)), scene.repair()]
    scene.vanish(vanished)

    dutch, codes = Translator("nl", scene.today), set()
    for repair in repairs:
        rows = [row for rule in SURFACE_RULES for row in scene.stored(rule) if row["repair_id"] == repair]
        briefs = conflicts.briefs(conn, rows)
        reasons = [
            one
            for one in describe_advice(scene.advice(repair), dutch)["reasons"]
            if one["rule"] in SURFACE_RULES
        ]
        lines = [worded.sentence(row, briefs, dutch, Parameters()) for row in rows]
        assert {line.split("): ")[-1] for line in lines} == {one["text"].split("): ")[-1] for one in reasons}
        codes |= {one["code"] for one in reasons}

    assert codes >= {"umbrella", "indicative", "overdue", "overrun", "running_on", "within_slack", "vanished"}
