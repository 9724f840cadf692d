"""May I repair this? Each verdict from the smallest facts that lead to it."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from geo_service.domain.agreements import Agreement
from geo_service.domain.alternatives import FITTING
from geo_service.domain.conflicts import RepairConflict, WorksParty
from geo_service.domain.repairs import RepairCase
from tests.unit.advice_scenes import (
    SECTION,
    TODAY,
    advice,
    conflict,
    day,
    late,
    uncertain,
    works,
)


def test_nothing_in_the_way_is_repaired_now() -> None:
    given_ = advice()
    assert (given_.verdict, given_.until, given_.blocked, given_.leading) == ("repair", None, False, None)
    assert [reason.code for reason in given_.reasons] == ["nothing_planned"]


def test_works_that_come_soon_are_waited_for_until_they_are_surely_over() -> None:
    given_ = advice(conflict())
    assert (given_.verdict, given_.until, given_.blocked) == ("wait", day(49), True)
    reason = given_.reasons[0]
    assert reason.conflict is not None
    assert (reason.params["owner"], reason.params["source_id"], reason.params["from"]) == (
        "Proximus",
        "20717586",
        day(30),
    )


@pytest.mark.parametrize("urgency", ["danger", "high"])
def test_what_cannot_wait_is_made_safe(urgency: Any) -> None:
    given_ = advice(conflict(), repair=replace(SECTION, urgency=urgency))
    assert (given_.verdict, given_.until, given_.blocked) == ("make_safe", day(49), True)


def test_a_guarantee_is_recovered_from_whoever_owes_it() -> None:
    owed = conflict(works((-40, -30)), rule="guarantee_applies", blocking=False, cost_at_risk_eur=0.0)
    given_ = advice(owed)
    assert (given_.verdict, given_.blocked, given_.leading) == ("recover", False, owed)


def test_a_dangerous_hole_under_guarantee_is_made_safe_first() -> None:
    owed = conflict(works((-40, -30)), rule="guarantee_applies", blocking=False)
    assert advice(owed, repair=replace(SECTION, urgency="danger")).verdict == "make_safe"


def test_works_long_past_their_end_become_a_question_without_a_day() -> None:
    given_ = advice(conflict(late(), rule="repair_during_works"))
    assert (given_.verdict, given_.until, given_.blocked) == ("coordinate", None, True)
    assert (given_.reasons[0].code, given_.order.repair_from) == ("overrun", None)
    assert "wait" not in [option.code for option in given_.alternatives]


def test_works_long_past_their_end_yield_to_the_guarantee_on_their_trench() -> None:
    owed = conflict(late(), rule="guarantee_applies", blocking=False)
    given_ = advice(conflict(late(), rule="repair_during_works"), owed)
    assert (given_.verdict, given_.leading) == ("recover", owed)


@pytest.mark.parametrize(
    ("party", "verdict"), [(late(), "combine"), (works((-21, -7), overdue=True), "coordinate")]
)
def test_a_repair_goes_along_with_works_that_began(party: WorksParty, verdict: str) -> None:
    joined = conflict(party, agreement=Agreement("combine"), status="agreed")
    assert advice(joined).verdict == verdict


def test_what_comes_after_a_footpath_and_what_only_meets_its_crossing_is_no_reason_to_wait() -> None:
    asphalt = conflict(
        works(owner_kind="city", layer="carriageway"), blocking=False, after=True, cost_at_risk_eur=0.0
    )
    crossing = conflict(
        works((60, 90), source_id="2"), blocking=False, crossing=True, cost_at_risk_eur=9_000.0
    )
    given_ = advice(asphalt, crossing)
    assert (given_.verdict, given_.until, given_.order.waits) == ("repair", None, False)
    assert [reason.code for reason in given_.reasons] == ["crossing", "after_layer"]


def test_a_plan_for_later_waits_for_a_plan_that_would_break_it() -> None:
    ahead = replace(SECTION, planned_from=day(300), planned_until=day(400))
    given_ = advice(uncertain(1_600.0, starts_on=day(380), ends_on=day(500)), repair=ahead)
    assert (given_.verdict, given_.until, given_.blocked) == ("wait", day(500), False)


def agreed(kind: Any, **more: Any) -> Agreement:
    return Agreement(kind, **more)


@pytest.mark.parametrize(
    ("scope", "conflicts", "says"),
    [
        ("section", [conflict(agreement=agreed("full_width"))], ("wait", True)),
        ("section", [conflict(agreement=agreed("patch_only"))], ("make_safe", True)),
        ("spot", [conflict(agreement=agreed("patch_only"))], ("repair", False)),
        ("section", [conflict(agreement=agreed("works_move"))], ("repair", False)),
        ("section", [conflict(agreement=agreed("hold_until", until=day(1)))], ("wait", True)),
        ("section", [conflict(agreement=agreed("hold_until", until=TODAY))], ("repair", False)),
        ("section", [conflict(works((1, 44)), agreement=agreed("combine"))], ("combine", True)),
        ("section", [conflict(works((0, 44)), agreement=agreed("combine"))], ("combine", False)),
        ("section", [conflict(works((-9, 44), overdue=True), agreement=agreed("combine"))], ("coordinate", True)),
    ],
)  # fmt: skip
def test_what_was_agreed_decides(scope: Any, conflicts: list[RepairConflict], says: tuple[str, bool]) -> None:
    given_ = advice(*conflicts, repair=replace(SECTION, scope=scope))
    assert (given_.verdict, given_.blocked) == says


@pytest.mark.parametrize(("second", "verdict"), [(None, "coordinate"), (agreed("full_width"), "wait")])
def test_a_better_day_beyond_those_who_hold_is_for_people_until_all_of_them_agreed(
    second: Agreement | None, verdict: str
) -> None:
    far = works(certainty="indicative", starts_on=day(100), ends_on=day(160), claimed_until=day(160))
    given_ = advice(
        conflict(agreement=agreed("full_width")),
        conflict(works((60, 70), source_id="2"), agreement=second),
        conflict(far, blocking=False, cost_at_risk_eur=3_000.0),
    )
    assert (given_.order.best_on, given_.verdict) == (day(160), verdict)


def test_two_ways_that_cost_the_same_are_for_people() -> None:
    far = uncertain(1_005.0, starts_on=day(1_400), ends_on=day(1_490))
    given_ = advice(far)
    assert given_.order.margin_eur is not None and given_.order.margin_eur < 0.02 * 4_800
    assert given_.verdict == "coordinate"


def test_a_latest_day_and_a_source_that_nobody_reads_are_said() -> None:
    hurried = replace(SECTION, latest_on=day(10))
    given_ = advice(conflict(works(source_age_days=40)), repair=hurried)
    assert given_.verdict == "coordinate"
    assert [reason.code for reason in given_.reasons][-2:] == ["latest_on_passed", "stale_source"]


@pytest.mark.parametrize("verdict", FITTING)
def test_the_ways_on_stand_in_their_order(verdict: str) -> None:
    """The table itself: what a verdict recommends comes first, what it overrules last."""
    assert FITTING[verdict][0] == ("repair_now" if verdict == "repair" else verdict)
    assert FITTING[verdict][-1] == ("wait" if verdict == "repair" else "repair_anyway")


@pytest.mark.parametrize(
    ("conflicts", "urgency", "codes"),
    [
        ((conflict(),), "normal", ["wait", "make_safe", "combine", "advance", "repair_anyway"]),
        ((conflict(),), "danger", ["make_safe", "combine", "repair_anyway"]),
        ((conflict(works(owner_kind="city")),), "normal", ["combine", "wait", "make_safe", "repair_anyway"]),
        (
            (uncertain(9_000.0),),
            "normal",
            ["coordinate", "make_safe", "spot_only", "wait", "advance", "repair_anyway"],
        ),
        ((uncertain(10.0),), "normal", ["repair_now", "spot_only", "wait"]),
        ((), "normal", ["repair_now", "make_safe"]),
    ],
)
def test_each_verdict_offers_its_ways_on_the_recommended_first(
    conflicts: tuple[RepairConflict, ...], urgency: Any, codes: list[str]
) -> None:
    given_ = advice(*conflicts, repair=replace(SECTION, urgency=urgency))
    assert [option.code for option in given_.alternatives] == codes


def test_danger_under_two_holders_names_the_first() -> None:
    first, last = conflict(works((10, 20))), conflict(works((40, 60), source_id="2"), gap_days=39)
    given_ = advice(last, first, repair=replace(SECTION, urgency="danger"))
    assert (given_.leading, given_.until) == (first, day(65))


def test_works_to_come_go_before_a_guarantee() -> None:
    owed = conflict(works((-40, -30)), rule="guarantee_applies", blocking=False)
    assert advice(owed, conflict()).verdict == "wait"


def test_overdue_works_are_for_the_coordinator() -> None:
    late = conflict(works((-21, -7), overdue=True))
    given_ = advice(conflict(), late)
    assert (given_.verdict, given_.leading) == ("coordinate", late)
    assert given_.reasons[0].code == "overdue"


@pytest.mark.parametrize(("cost", "verdict"), [(999.99, "repair"), (1_000.0, "coordinate")])
def test_uncertain_works_go_to_the_coordinator_from_a_cost_on(cost: float, verdict: str) -> None:
    given_ = advice(uncertain(cost))
    assert (given_.verdict, given_.blocked, given_.cost_at_risk_eur) == (verdict, False, cost)


@pytest.mark.parametrize("urgency", ["danger", "high"])
def test_uncertain_works_never_postpone_safety(urgency: Any) -> None:
    given_ = advice(uncertain(9_000.0), repair=replace(SECTION, urgency=urgency))
    assert (given_.verdict, given_.until, given_.blocked) == ("make_safe", day(44), False)


def test_an_umbrella_contract_is_a_note_and_no_obstacle() -> None:
    given_ = advice(uncertain(9_000.0, umbrella=True))
    assert (given_.verdict, [reason.code for reason in given_.reasons]) == ("repair", ["umbrella"])
    assert "wait" not in {option.code for option in given_.alternatives}  # nobody waits until 2030


def test_what_weighs_the_same_is_told_in_one_order_however_it_was_found() -> None:
    """One question, many questions and the stored conflicts come in orders of their own."""
    facts = [
        conflict(works(source_id=id_), rule=rule)
        for id_ in ("2", "1")
        for rule in ("repair_during_works", "wasted_repair")
    ]
    answers = [advice(*order) for order in permutations(facts)]
    assert all(one == answers[0] for one in answers)
    first = answers[0].reasons[0].conflict
    assert first is not None and (first.rule, first.works.source_id) == ("wasted_repair", "1")


def test_an_accepted_risk_no_longer_counts() -> None:
    given_ = advice(conflict(status="accepted_risk"))
    assert (given_.verdict, given_.blocked, given_.cost_at_risk_eur) == ("repair", False, 0)


@pytest.mark.parametrize("status", ["acknowledged", "agreed", "settled"])
def test_what_is_only_talked_about_still_holds(status: str) -> None:
    assert advice(conflict(status=status)).blocked


def test_the_surface_is_lost_once() -> None:
    assert advice(conflict(cost_at_risk_eur=900.0), conflict(cost_at_risk_eur=700.0)).cost_at_risk_eur == 900


@pytest.mark.parametrize(
    ("party", "code"),
    [
        (works(), "wasted_repair"),
        (works(certainty="indicative"), "indicative"),
        (works((200, 210)), "beyond_lookahead"),
        (works((-21, -7), overdue=True), "overdue"),
        (works(vanished_on=TODAY), "vanished"),
        (works((-21, -7), overdue=True, vanished_on=TODAY), "overdue"),
        (works((-100, 1_700), umbrella=True, overdue=True), "umbrella"),
    ],
)
def test_the_reason_says_what_is_special_about_the_works(party: WorksParty, code: str) -> None:
    assert advice(conflict(party, blocking=False)).reasons[0].code == code


def test_a_platform_on_the_day_is_a_reason_and_no_obstacle() -> None:
    there = conflict(
        works((0, 3), opens_surface=False),
        rule="occupancy_during_repair",
        blocking=False,
        cost_at_risk_eur=0.0,
    )
    given_ = advice(there)
    assert (given_.verdict, [reason.code for reason in given_.reasons]) == (
        "repair",
        ["occupancy_during_repair"],
    )


def test_going_ahead_against_works_takes_a_coordinator_and_says_what_it_costs() -> None:
    [anyway] = [option for option in advice(conflict()).alternatives if option.code == "repair_anyway"]
    assert (anyway.needs_role, anyway.cost_eur) == ("coordinator", 1_500)


def test_a_spot_is_not_offered_as_a_smaller_spot() -> None:
    options = advice(uncertain(9_000.0), repair=RepairCase("spot", "normal")).alternatives
    assert "spot_only" not in [option.code for option in options]


def test_the_patch_of_an_urgent_place_is_paid_once() -> None:
    given_ = advice(conflict(), repair=replace(SECTION, urgency="danger"))
    [patch] = [option for option in given_.alternatives if option.code == "make_safe"]
    assert patch.expected_eur == given_.order.best_eur > patch.cost_eur == 180


def test_who_owes_the_hole_stands_beside_waiting_for_others() -> None:
    owed = conflict(works((-40, -30), owner="Fluvius"), rule="guarantee_applies", blocking=False)
    [recover] = [option for option in advice(owed, conflict()).alternatives if option.code == "recover"]
    assert recover.params == {"owner": "Fluvius"}
