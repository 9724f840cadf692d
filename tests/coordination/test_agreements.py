"""What people agree on counts: in the advice, in the guard, on other days of the repair; and it is over when the facts break it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from geo_service.coordination import advising, scheduling, steps
from geo_service.coordination.steps import Actor, StepInput
from geo_service.domain.advice import Advice
from geo_service.domain.agreements import Agreement, AgreementKind
from geo_service.domain.errors import BlockedByWorks
from geo_service.domain.permissions import StepName
from geo_service.i18n import Translator
from geo_service.presentation import verdicts
from tests.scenes import TODAY, Scene

DESK = Actor("user:An", "An", "utilities_desk")


@pytest.fixture
def repair(scene: Scene) -> UUID:
    """A repair without days that Proximus holds up: on days 30 to 44 it opens the footpath."""
    scene.street()
    scene.works(days=(30, 44), certainty="confirmed", name="P-1")
    return scene.repair()


def take(scene: Scene, step: StepName, **content: Any) -> None:
    row = scene.conflict("wasted_repair")
    steps.take(scene.conn, row["id"], step, StepInput(**content), DESK, row["version"], scene.today)


def agree(scene: Scene, kind: AgreementKind, until: int | None = None) -> None:
    day = None if until is None else TODAY + timedelta(days=until)
    take(scene, "agree", agreement=Agreement(kind, day))


def sentence(advice: Advice) -> str:
    return verdicts.sentence(advice, Translator("nl", TODAY)).replace("\u00a0", " ")


def answer(scene: Scene, repair: UUID) -> tuple[str, int | None, bool]:
    """The verdict, the first free day (counted from day 0) and whether it is blocked; the same as asked and as computed anew."""
    stored = scene.advice(repair)
    scene.recompute()
    assert scene.advice(repair) == stored
    row = scene.hold(repair)
    assert row == (stored.blocked, stored.verdict, stored.until and (stored.until - TODAY).days)
    return stored.verdict, row[2], stored.blocked


def asked(scene: Scene, repair: UUID, days: tuple[int, int]) -> bool:
    question = scene.asked(repair, days)
    return advising.of_what_if(scene.conn, question, "normal", scene.today).advice.blocked


def test_full_width_the_repair_is_not_to_be_done(scene: Scene, repair: UUID) -> None:
    agree(scene, "full_width")
    verdict, until, blocked = answer(scene, repair)
    assert (verdict, blocked) == ("wait", True)
    assert until is not None and until >= 44
    assert sentence(scene.advice(repair)).startswith(
        "Afgesproken: Proximus Area 2.1 herstelt de volle breedte"
    )
    ways = {option.code for option in scene.advice(repair).alternatives}
    assert ways.isdisjoint({"combine", "advance"}), "nobody asks again who said yes"
    with pytest.raises(BlockedByWorks) as refused:
        scene.schedule(repair, (3, 4))
    assert [row["agreement"]["kind"] for row in refused.value.conflicts] == ["full_width"]


def test_full_width_holds_a_repair_that_no_rule_would_hold(scene: Scene) -> None:
    scene.street()
    scene.works(days=(30, 44), certainty="indicative")
    repair = scene.repair()
    assert scene.hold(repair)[0] is False
    agree(scene, "full_width")
    verdict, until, blocked = answer(scene, repair)
    assert (verdict, blocked) == ("wait", True)
    assert until is not None and until >= 44


def test_combine_the_repair_goes_along_on_the_days_of_the_works(scene: Scene, repair: UUID) -> None:
    agree(scene, "combine")
    assert answer(scene, repair) == ("combine", 30, True)
    assert (asked(scene, repair, (3, 4)), asked(scene, repair, (33, 35))) == (True, False)
    with pytest.raises(BlockedByWorks):
        scene.schedule(repair, (3, 4))
    scene.schedule(repair, (33, 35))
    assert answer(scene, repair) == ("combine", None, False)
    assert "werken samen" in sentence(scene.advice(repair))


def test_a_patch_is_enough_until_the_works_are_over(scene: Scene, repair: UUID) -> None:
    agree(scene, "patch_only")
    verdict, until, blocked = answer(scene, repair)
    assert (verdict, blocked) == ("make_safe", True)
    assert until is not None and until >= 44
    assert "enkel een lap" in sentence(scene.advice(repair))


def test_a_patch_that_was_agreed_on_can_be_laid_at_once(scene: Scene) -> None:
    scene.street()
    scene.works(days=(30, 44), certainty="confirmed")
    spot = scene.repair(scope="spot")
    assert scene.hold(spot)[0] is True
    agree(scene, "patch_only")
    assert answer(scene, spot) == ("repair", None, False)
    scene.schedule(spot, (3, 4))
    assert scene.status(spot) == "scheduled"


def test_hold_until_its_day_and_no_longer(scene: Scene, repair: UUID) -> None:
    agree(scene, "hold_until", 20)
    assert answer(scene, repair) == ("wait", 20, True)
    assert "niet voor ma 21 sep" in sentence(scene.advice(repair))
    assert (asked(scene, repair, (19, 20)), asked(scene, repair, (20, 21))) == (True, False)
    scene.schedule(repair, (20, 22))
    assert answer(scene, repair) == ("repair", None, False)


def test_a_hold_that_was_kept_is_not_held_again_on_its_day(scene: Scene, repair: UUID) -> None:
    agree(scene, "hold_until", 20)
    scene.schedule(repair, (20, 22))
    told = len(scene.alerts())
    scene.a_day_passes(20)
    assert steps.end_agreements(scene.conn, scene.today) == 0
    assert answer(scene, repair) == ("repair", None, False)
    scheduling.check_start(scene.conn, repair, scene.today)
    assert "repair.held" not in scene.alerts(after=told)


@pytest.mark.parametrize("certainty", ["confirmed", "in_progress"])
def test_a_hold_whose_day_comes_before_the_works_were_done_is_held_again(
    scene: Scene, certainty: str
) -> None:
    scene.street()
    works = scene.works(days=(30, 44), certainty="confirmed", name="P-1")
    repair = scene.repair()
    agree(scene, "hold_until", 49)
    if certainty == "in_progress":
        scene.a_day_passes(30)
        scene.set_certainty(works, "in_progress")
        scene.a_day_passes(19)
    else:
        scene.a_day_passes(49)
    assert scene.hold(repair)[0] is True


def test_a_hold_ends_on_its_day_also_in_the_midst_of_the_days_of_the_repair(scene: Scene) -> None:
    scene.street()
    scene.works(days=(30, 44), certainty="confirmed")
    repair = scene.repair(planned=(3, 10))
    agree(scene, "hold_until", 5)
    assert scene.hold(repair)[0] is True
    scene.a_day_passes(5)
    assert scene.hold(repair)[0] is False


@pytest.mark.parametrize("kind", ["works_move", "combine", "patch_only", "full_width"])
def test_a_repair_for_a_day_after_an_agreement_is_not_covered_by_it(
    scene: Scene, repair: UUID, kind: AgreementKind
) -> None:
    agree(scene, kind, 33)
    question = scene.asked(repair, (33, 34))
    advice = advising.of_what_if(scene.conn, question, "normal", scene.today).advice
    assert (advice.verdict, advice.blocked) == ("wait", True)
    assert {reason.code for reason in advice.reasons} == {"wasted_repair", "repair_during_works"}


def test_nothing_goes_along_with_works_that_did_not_begin(scene: Scene, repair: UUID) -> None:
    agree(scene, "combine")
    scene.schedule(repair, (33, 45))
    scene.a_day_passes(35)
    assert scene.hold(repair)[:2] == (True, "coordinate")
    assert scene.advice(repair).reasons[0].code == "overdue"
    with pytest.raises(BlockedByWorks):
        scheduling.check_start(scene.conn, repair, scene.today)
    scene.works(days=(30, 44), certainty="in_progress", name="P-1")
    assert scene.hold(repair)[:2] == (False, "combine")


def test_works_that_move_by_agreement_hold_nothing(scene: Scene, repair: UUID) -> None:
    before = len(scene.alerts())
    agree(scene, "works_move")
    assert answer(scene, repair) == ("repair", None, False)
    assert scene.alerts(after=before) == ["conflict.status_changed", "repair.released"]
    scene.schedule(repair, (3, 4))
    assert scene.hold(repair)[0] is False
    assert scene.advice(repair).cost_at_risk_eur == 0


def test_danger_is_made_safe_whatever_was_agreed(scene: Scene) -> None:
    scene.street()
    scene.works(days=(30, 44), certainty="confirmed")
    repair = scene.repair(urgency="danger")
    agree(scene, "full_width")
    assert answer(scene, repair)[0] == "make_safe"


def test_what_is_settled_after_it_was_agreed_still_counts(scene: Scene, repair: UUID) -> None:
    agree(scene, "works_move")
    take(scene, "settle")
    assert answer(scene, repair) == ("repair", None, False)
    scene.schedule(repair, (3, 4))
    assert scene.conflict("wasted_repair")["status"] == "settled"


def test_what_was_agreed_before_binds_nobody_once_it_was_reopened(scene: Scene, repair: UUID) -> None:
    agree(scene, "works_move")
    take(scene, "reopen")
    assert answer(scene, repair)[2] is True
    take(scene, "settle")
    assert answer(scene, repair)[2] is True
    take(scene, "undo")
    assert scene.conflict("wasted_repair")["agreement"]["kind"] == "works_move"


def test_works_on_other_days_break_it_and_the_alert_says_from_what(scene: Scene, repair: UUID) -> None:
    agree(scene, "works_move")
    before = len(scene.alerts())
    scene.works(days=(35, 49), certainty="confirmed", name="P-1")
    assert answer(scene, repair)[2] is True
    assert scene.alerts(after=before) == ["conflict.reopened", "repair.held"]
    assert scene.details("wasted_repair")["agreement"] == ["works_move", None]
    assert scene.details("wasted_repair")["starts_on"] == ["2026-10-01", "2026-10-06"]


def test_works_that_grow_on_the_same_days_break_it(scene: Scene) -> None:
    scene.street()
    scene.works(days=(30, 44), certainty="confirmed", name="P-1", length_m=4)
    scene.repair()
    before = scene.conflict("wasted_repair")["severity"]
    agree(scene, "combine")
    scene.works(days=(30, 44), certainty="confirmed", name="P-1", length_m=60)
    row = scene.conflict("wasted_repair")
    assert (row["status"], scene.details("wasted_repair")["severity"]) == ("open", [before, row["severity"]])


def test_works_that_are_cancelled_end_it_and_release_the_repair(scene: Scene, repair: UUID) -> None:
    agree(scene, "full_width")
    before = len(scene.alerts())
    scene.works(days=(30, 44), certainty="cancelled", name="P-1")
    assert answer(scene, repair) == ("repair", None, False)
    assert scene.alerts(after=before) == ["conflict.withdrawn", "repair.released"]
    assert scene.details("wasted_repair")["agreement"] == ["full_width", None]


@pytest.mark.parametrize("settled", [False, True])
def test_its_day_ends_it_and_the_repair_is_held_by_the_works_again(
    scene: Scene, repair: UUID, settled: bool
) -> None:
    agree(scene, "works_move", 5)
    if settled:
        take(scene, "settle")
    scene.a_day_passes(5)
    steps.end_agreements(scene.conn, scene.today)
    assert scene.conflict("wasted_repair")["status"] == "open"
    assert scene.hold(repair)[0] is True


def test_a_question_about_another_repair_knows_of_no_agreement(scene: Scene, repair: UUID) -> None:
    agree(scene, "works_move")
    other = scene.repair(at=(12, 1))
    assert scene.hold(other)[0] is True


def test_an_agreement_goes_along_to_the_rule_of_the_new_days(scene: Scene, repair: UUID) -> None:
    agree(scene, "combine")
    scene.schedule(repair, (33, 35))
    [during] = scene.stored("repair_during_works")
    assert (during["status"], during["agreement"]["kind"]) == ("agreed", "combine")
    assert scene.details("repair_during_works")["agreement"] == [None, "combine"]
