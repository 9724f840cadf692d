"""The sentences of an advice fit its facts: days, prices, who comes, and who owes what."""

from dataclasses import replace
from typing import Any

import pytest

from geo_service.domain.advice import advise
from geo_service.domain.agreements import Agreement
from geo_service.domain.repairs import RepairCase
from geo_service.i18n import Translator
from geo_service.presentation.advice import describe_advice
from tests.unit.advice_scenes import (
    PARAMETERS,
    RANKS,
    SECTION,
    TODAY,
    advice,
    conflict,
    day,
    late,
    options,
    sentences,
    uncertain,
    works,
)

HURRIED = replace(SECTION, latest_on=day(10))
FAR = (1_400, 1_490)


def plain(text: str) -> str:
    """Without the spaces that keep a figure and its unit on one line."""
    return text.replace("\xa0", " ")


def guarantee(**more: Any) -> Any:
    owed = works((-180, -150), certainty="done", claimed_until=day(580))
    return conflict(owed, rule="guarantee_applies", blocking=False, cost_at_risk_eur=0.0, **more)


def test_what_is_made_safe_without_a_day_owes_nobody_a_guarantee() -> None:
    said = sentences(advice(conflict(), repair=replace(HURRIED, urgency="high")))
    assert (said["verdict"], said["until"]) == ("make_safe", None)
    assert "garantie" not in said["sentence"] and "De coördinator beslist" in said["sentence"]
    assert (
        said["citizen_text"]
        == "Wij maken de plek die u meldde nu veilig. Wanneer wij ze herstellen, bekijken wij met Proximus."
    )


def test_danger_in_a_trench_under_guarantee_is_told_so_whatever_comes_later() -> None:
    later = uncertain(2_400.0, starts_on=day(100), ends_on=day(120), owner="Aquafin", claimed_until=day(180))
    said = sentences(advice(guarantee(), later, repair=replace(SECTION, urgency="danger")))
    assert (said["verdict"], said["until"]) == ("make_safe", None)
    assert said["sentence"].startswith("De put ligt in de sleuf van Proximus, garantie tot ma 3 apr 2028.")
    assert said["citizen_text"] == "Wij vragen Proximus om het gebrek te herstellen dat u meldde."


def test_danger_beside_works_long_past_their_end_gets_no_day_either() -> None:
    said = sentences(advice(conflict(late()), repair=replace(SECTION, urgency="danger")))
    assert (said["verdict"], said["until"], said["order"]["repair_from"]) == ("make_safe", None, None)
    assert "geen teken sindsdien" in said["sentence"]


def test_waiting_has_the_price_of_waiting() -> None:
    given = advice(uncertain(1_005.0, starts_on=day(FAR[0]), ends_on=day(FAR[1])))
    wait = options(given)["wait"]
    assert given.order.now_eur == 1_005 and given.order.wait_eur == wait["expected_eur"] == pytest.approx(
        979.06, abs=1
    )
    assert "Vrij vanaf" in wait["consequence"] and given.order.wait_on == day(FAR[1])


def test_two_ways_that_cost_the_same_are_told_with_the_price_of_each() -> None:
    far = uncertain(1_000.0, starts_on=day(1_500), ends_on=day(1_560))
    said = sentences(advice(far))
    assert "kost ongeveer evenveel: € 1.000 tegen € 1.025." in plain(said["sentence"])


def test_works_that_are_too_small_to_wait_for_have_their_price_too() -> None:
    ways = options(advice(uncertain(300.0)))
    assert ways["repair_now"]["expected_eur"] == ways["repair_now"]["cost_eur"] == 300
    assert 0 < ways["wait"]["expected_eur"] < 300


def test_what_holds_a_repair_beyond_its_latest_day_is_said_to_hold_it() -> None:
    given = advice(conflict(), repair=HURRIED)
    said = sentences(given)
    assert (given.blocked, [step["role"] for step in said["order"]["later"]]) == (True, ["holds"])
    assert (
        said["order"]["sentence"]
        == "Pas klaar na de uiterste dag van dit voetpad: werken (Proximus). De coördinator beslist."
    )
    assert options(given)["wait"]["expected_eur"] == given.order.wait_eur < given.order.now_eur


def test_people_are_asked_about_the_dearest_of_what_holds_it() -> None:
    dear, last = conflict(cost_at_risk_eur=5_000.0), conflict(works((60, 70), source_id="2"))
    assert advice(dear, last, repair=HURRIED).leading == dear


def test_what_comes_first_is_told_with_what_comes_too_late() -> None:
    later = conflict(works((60, 70), source_id="2", owner="Aquafin"), cost_at_risk_eur=400.0, lost_share=0.1)
    said = sentences(advice(conflict(), later, repair=replace(SECTION, latest_on=day(55))))["order"][
        "sentence"
    ]
    assert said.startswith("Eerst werken (Proximus), dan dit voetpad: vanaf di 20 okt.")
    assert "Pas klaar na de uiterste dag van dit voetpad: werken (Aquafin)." in said


def test_a_day_that_was_agreed_stands_whatever_the_works_do() -> None:
    agreed = conflict(late(), status="agreed", agreement=Agreement("hold_until", day(5)))
    assert advice(agreed).until == day(5)


def test_the_last_day_of_a_repair_counts_for_its_latest_day_and_not_its_first() -> None:
    ten_days = RepairCase("section", "normal", day(3), day(13), latest_on=day(57))
    given = advice(conflict(), repair=ten_days)  # free on day 49, so that it would end on day 58
    assert (given.verdict, given.order.contradiction) == ("coordinate", "latest_on")
    assert advice(conflict(), repair=replace(ten_days, latest_on=day(58))).until == day(49)


def test_crews_that_meet_are_told_for_how_many_days() -> None:
    said = sentences(advice(conflict(rule="repair_during_works", gap_days=0, overlap_days=3)))
    assert plain(said["reasons"][0]["text"]).endswith("Uw ploeg en Proximus staan 3 dagen op dezelfde plek.")


def test_what_is_recovered_while_it_is_held_needs_a_release() -> None:
    owed = conflict(late(), rule="guarantee_applies", blocking=False)
    given = advice(conflict(late(), rule="repair_during_works"), owed)
    anyway = options(given)["repair_anyway"]
    assert (given.verdict, given.blocked, anyway["needs_role"]) == ("recover", True, "coordinator")
    assert anyway["consequence"] == "Enkel de coördinator geeft dit vrij, met reden."
    assert (given.order.repair_from, sentences(given)["order"]["repair_from"]) == (None, None)
    assert "wacht hierop" not in str(sentences(given)["order"])
    assert "hier hoeft deze herstelling niet op te wachten." in str(sentences(given)["order"]["first"])


@pytest.mark.parametrize(
    ("rule", "more", "start"),
    [
        ("repair_in_wake", {}, "Deze werken eindigen binnen drie weken"),
        ("wasted_repair", {"after": True}, "Dit komt na het voetpad"),
        ("wasted_repair", {"crossing": True}, "Ligt in een andere straat"),
    ],
)
def test_a_free_repair_is_told_the_reason_and_no_euros_of_works_that_do_not_open_it(
    rule: str, more: dict[str, Any], start: str
) -> None:
    running = works((-20, 9), certainty="in_progress", claimed_until=day(9))
    given = advice(conflict(running, rule=rule, blocking=False, cost_at_risk_eur=0.0, **more))
    assert given.verdict == "repair" and sentences(given)["sentence"].startswith(start)


def test_nobody_is_asked_to_answer_in_the_past() -> None:
    running = works((-20, 9), certainty="in_progress", claimed_until=day(9))
    wake = advice(conflict(running, rule="repair_in_wake", blocking=False, cost_at_risk_eur=0.0))
    assert options(wake)["combine"]["consequence"] == "Vraag via dienst nutsen, antwoord voor do 10 sep."
    assert "do 1 okt" in options(advice(conflict()))["combine"]["consequence"]


@pytest.mark.parametrize(
    ("agreement", "text"),
    [
        (Agreement("combine"), "Proximus herstelt het gebrek dat u meldde samen met zijn werken, voor do 15 okt."),
        (Agreement("hold_until", day(5)), "Het gebrek dat u meldde, wordt hersteld vanaf zo 6 sep. Dat spraken wij af met Proximus."),
        (None, "Het gebrek dat u meldde, wordt hersteld na de werken van Proximus, verwacht vanaf di 20 okt."),
    ],
)  # fmt: skip
def test_the_citizen_is_told_the_day_on_which_the_footpath_is_good(
    agreement: Agreement | None, text: str
) -> None:
    assert (
        sentences(advice(conflict(status="agreed" if agreement else "open", agreement=agreement)))[
            "citizen_text"
        ]
        == text
    )


def test_a_relay_that_later_works_open_again_is_not_joined() -> None:
    relay = conflict(works((20, 60), owner_kind="city", source_id="1", layer="street"))
    sewer = conflict(works((90, 120), source_id="2", layer="sewer"))
    steps = {step.works.layer: step.role for step in advice(relay, sewer).order.first}
    assert steps == {"street": "wait", "sewer": "wait"}
    deep = conflict(works((10, 20), source_id="2", layer="sewer"))
    assert {step.works.layer: step.role for step in advice(relay, deep).order.first} == {
        "street": "join",
        "sewer": "wait",
    }


@pytest.mark.parametrize(
    ("language", "days", "words"),
    [
        ("nl", (3, 4), "breekt 8 van de 40 m² open op vr 4 sep."),
        ("nl", (3, 5), "breekt 8 van de 40 m² open van vr 4 sep t/m za 5 sep."),
        ("en", (3, 4), "opens 8 of the 40 m² on Fri 4 Sep."),
    ],
)
def test_works_of_one_day_are_on_that_day(language: Any, days: tuple[int, int], words: str) -> None:
    said = describe_advice(advice(conflict(works(days))), Translator(language, TODAY))
    assert words in plain(said["sentence"])
    assert "t/m" not in said["reasons"][0]["text"] + said["order"]["first"][0]["text"] or days == (3, 5)


def test_two_phases_that_say_the_same_are_told_once() -> None:
    given_ = advice(conflict(), conflict())
    assert len(given_.reasons) == 2
    assert len(sentences(given_)["reasons"]) == 1


@pytest.mark.parametrize("eur", [150, 180])
def test_a_hole_is_filled_where_that_is_no_dearer_than_a_patch(eur: float) -> None:
    hole = conflict(value_eur=150.0, life_days=730, lost_share=1.0)
    prices = replace(PARAMETERS, spot_repair_eur=eur)
    given_ = advise(RepairCase("spot", "danger"), [hole], prices, TODAY, RANKS)
    [patch] = [one for one in sentences(given_)["alternatives"] if one["code"] == "make_safe"]
    assert (given_.verdict, patch["cost_eur"]) == ("make_safe", eur)
    assert (
        patch["consequence"] == "De put vullen kost niet meer dan een lap: doe dat nu, als tijdelijk herstel."
    )


def test_a_repair_goes_along_with_the_last_works_when_those_lay_the_footpath_themselves() -> None:
    street = conflict(works((60, 90), owner="Stad", layer="street", source_id="2"), lost_share=1.0)
    given_ = advice(conflict(), street)
    assert (given_.verdict, given_.leading, given_.until) == ("combine", street, day(95))
    said = sentences(given_)["order"]["sentence"]
    assert said.startswith(
        "Eerst werken (Proximus). Herstel dit voetpad daarna samen met heraanleg van de straat (Stad):"
    )


def test_days_that_only_slack_shares_are_said_as_that() -> None:
    """They end before the repair begins: nobody stands in anybody's way by what they state."""
    planned = replace(SECTION, planned_from=day(46), planned_until=day(50))
    given_ = advice(conflict(), repair=planned)
    said = sentences(given_)
    assert (given_.verdict, given_.until, given_.reasons[0].code) == ("wait", day(49), "within_slack")
    assert said["sentence"] == (
        "Proximus werkt hier tot wo 14 okt, maar kan 5 dagen uitlopen. Begin pas op di 20 okt."
    )


def test_works_that_did_not_begin_have_no_slack_but_a_day_if_they_begin_now() -> None:
    party = works((-21, -7), overdue=True, claimed_until=day(19))
    said = sentences(advice(conflict(party)))
    assert "speling" not in said["sentence"] + said["order"]["first"][0]["text"]
    assert said["sentence"].endswith("Begint het vandaag, dan is de grond vrij vanaf zo 20 sep.")


def test_danger_under_a_wish_is_told_that_it_is_one() -> None:
    given_ = advice(uncertain(9_000.0), repair=replace(SECTION, urgency="danger"))
    assert "(indicatief). Maak nu veilig" in sentences(given_)["sentence"]


def test_a_programme_of_a_year_comes_on_one_of_its_days() -> None:
    said = sentences(advice(uncertain(9_000.0, ends_on=day(395))))
    assert said["sentence"].startswith("Proximus komt ergens van do 1 okt t/m do 30 sep 2027, indicatief.")


def test_a_spot_is_no_footpath() -> None:
    """A hole may lie in the carriageway, where nobody lays a footpath."""
    given_ = advice(conflict(works(owner_kind="city"), lost_share=1.0), repair=RepairCase("spot", "normal"))
    said = sentences(given_)
    assert said["sentence"].startswith(
        "Proximus legt deze plek terug voor di 20 okt. Wijs ze aan op de werf."
    )
    assert said["order"]["sentence"].startswith(
        "Eerst werken (Proximus), dan deze plek: vanaf di 20 okt. Ze eerst herstellen zet"
    )
