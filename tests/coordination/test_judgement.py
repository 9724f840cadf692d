"""Cases that a coordinator of the public domain would judge at a glance: the advice, its sum and its sentence say the same."""

from __future__ import annotations

import pytest
from shapely import box

from geo_service.i18n import Translator
from geo_service.presentation.advice import describe_advice
from tests.scenes import CITY, FLUVIUS, PROXIMUS, Days, Scene

FOOTPATH = box(0, 0, 20, 2)


def sentence(scene: Scene, repair: object) -> str:
    return str(describe_advice(scene.advice(repair), Translator("nl", scene.today))["sentence"])  # type: ignore[arg-type]


def codes(scene: Scene, repair: object) -> list[str]:
    return [reason.code for reason in scene.advice(repair).reasons]  # type: ignore[arg-type]


def test_a_wish_that_nobody_took_up_lapses_with_its_slack(scene: Scene) -> None:
    """On the night on which it does, and in a full run alike."""
    scene.section(length_m=20)
    scene.works(FLUVIUS, shape=FOOTPATH, days=(-40, -20), certainty="indicative")
    repair = scene.repair()
    scene.a_day_passes(39)
    assert scene.advice(repair).verdict == "coordinate"
    scene.a_day_passes()
    assert (scene.advice(repair).verdict, {*codes(scene, repair)}) == ("repair", {"overdue"})
    assert "geen teken sindsdien. Er staat €\xa034 op het spel." in sentence(scene, repair)
    assert {found.severity for found in scene.conflicts()} == {"low"}
    full = scene.recompute()
    assert (full.opened, full.closed, full.alerts) == (0, 0, 0)


@pytest.mark.parametrize(("certainty", "severity"), [("indicative", "medium"), ("planned", "high")])
def test_a_wish_keeps_no_crew_away(scene: Scene, certainty: str, severity: str) -> None:
    scene.section(length_m=3)
    scene.works(shape=FOOTPATH, days=(0, 20), certainty=certainty)  # type: ignore[arg-type]
    scene.repair(at=(1, 1), planned=(5, 6))
    assert [found.severity for found in scene.conflicts("repair_during_works")] == [severity]


def test_too_little_to_wait_for_is_said_where_waiting_would_cost_less(scene: Scene) -> None:
    scene.section(length_m=2.5)
    scene.works(shape=FOOTPATH, days=(220, 230))
    repair = scene.repair(at=(1, 1))
    given = scene.advice(repair)
    assert given.verdict == "repair" and (given.order.wait_eur or 0) < given.order.now_eur
    assert codes(scene, repair) == ["beyond_lookahead", "too_little"]
    assert sentence(scene, repair).endswith("Onder €\xa01.000 is dat te weinig om op te wachten.")


def test_the_sum_in_the_sentence_is_that_of_the_advice(scene: Scene) -> None:
    """Whoever is asked first, the surface is lost to the dearest."""
    scene.section(length_m=60)
    ground = box(0, 0, 60, 2)
    scene.works("Aquafin", shape=ground, days=(300, 400), certainty="indicative")
    scene.works(FLUVIUS, shape=ground, days=(120, 140), certainty="indicative")
    repair = scene.repair(scope="area", shape=ground, planned=(60, 80))
    given = scene.advice(repair)
    assert given.leading and given.leading.cost_at_risk_eur < given.cost_at_risk_eur == 5_040
    assert "Aquafin komt" in sentence(scene, repair) and "zet €\xa05.040 op het spel" in sentence(
        scene, repair
    )


@pytest.mark.parametrize("repaired", ["footpath", "cycle_path"])
def test_a_trench_in_another_pavement_beside_it_leaves_a_repair_alone(scene: Scene, repaired: str) -> None:
    footpath, cycle_path = ((0, 0), (0, 2))
    scene.section(footpath, 60)
    scene.section(cycle_path, 60, kind="cycle_path")
    scene.section((0, 4), 60, 6, kind="carriageway")
    trench, hole = (0.2, 3) if repaired == "cycle_path" else (3.2, 1)
    works = scene.works(at=(0, trench), length_m=60, width_m=0.6, days=(20, 25))
    repair = scene.repair(at=(5, hole))
    assert scene.advice(repair).verdict == "repair"
    scene.delete_works(works)
    scene.works(at=(0, 1.4), length_m=60, width_m=1, days=(20, 25))
    assert scene.advice(repair).verdict == "wait", "one that takes both"


def test_works_beside_the_ground_take_its_edge_and_no_square_metres(scene: Scene) -> None:
    scene.street(60)
    scene.works("Bouwheer", at=(0, -8), width_m=8, days=(10, 60))
    section, spot = scene.repair(), scene.repair(at=(5, 0.5), scope="spot")
    assert sentence(scene, section).startswith("Bouwheer breekt vlak langs dit voetpad open van")
    assert "vlak naast deze plek" in sentence(scene, spot)


@pytest.mark.parametrize(
    ("days", "working_days", "verdict"),
    [((-30, 500), 2, "coordinate"), ((-30, 500), 250, "wait"), ((-30, 500), None, "wait"), ((-30, 100), 2, "wait")],
)  # fmt: skip
def test_nobody_waits_half_a_year_for_some_days_of_work(
    scene: Scene, days: Days, working_days: int | None, verdict: str
) -> None:
    scene.section(length_m=20)
    scene.works(FLUVIUS, shape=FOOTPATH, days=days, certainty="in_progress", working_days=working_days)
    repair = scene.repair()
    assert scene.advice(repair).verdict == verdict
    assert ("voor 2 werkdagen: vraag welke" in sentence(scene, repair)) == (verdict == "coordinate")


@pytest.mark.parametrize(("reported", "code"), [(-30, True), (-10, False)])
def test_a_hole_older_than_the_trench_over_it_is_looked_at_first(
    scene: Scene, reported: int, code: bool
) -> None:
    scene.section(length_m=20)
    works = scene.works(shape=FOOTPATH, days=(-25, -15), certainty="in_progress")
    scene.set_certainty(works, "done")
    repair = scene.repair(scope="spot", reported=reported)
    assert scene.advice(repair).verdict == "recover"
    assert ("older_than_trench" in codes(scene, repair)) == code
    assert ("Kijk of de put er nog is" in sentence(scene, repair)) == code
    given = describe_advice(scene.advice(repair), Translator("nl", scene.today))
    assert ("legde de plek die u meldde intussen terug" in given["citizen_text"]) == code


@pytest.mark.parametrize(("owner", "verdict"), [("Gemeente Ingelmunster", "wait"), (CITY, "combine")])
def test_a_neighbouring_municipality_is_asked_as_any_other_owner(
    scene: Scene, owner: str, verdict: str
) -> None:
    scene.section(length_m=20)
    scene.works(owner, shape=FOOTPATH, days=(20, 60), utilities=["Riolering"], certainty="confirmed")
    assert scene.advice(scene.repair()).verdict == verdict


def test_works_that_are_sure_can_be_asked_to_come_earlier_and_late_ones_cannot(scene: Scene) -> None:
    scene.section(length_m=20)
    works = scene.works(PROXIMUS, shape=FOOTPATH, days=(300, 310))
    repair = scene.repair()
    ways = describe_advice(scene.advice(repair), Translator("nl", scene.today))["alternatives"]
    assert [way["code"] for way in ways][-2:] == ["advance", "repair_anyway"]
    assert ways[0]["consequence"] == "Zij spreken met Proximus Area 2.1 af wie eerst komt."
    scene.move_works(works, days=(-20, -10))
    ways = describe_advice(scene.advice(repair), Translator("nl", scene.today))["alternatives"]
    assert "advance" not in [way["code"] for way in ways]
    assert ways[0]["consequence"] == "Zij vragen Proximus Area 2.1 naar de echte datum."
