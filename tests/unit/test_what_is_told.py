"""What is told of a repair, a conflict and an order fits the facts: days, prices, who comes, and who owes what."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from geo_service.api import serializers
from geo_service.domain.advice import Advice
from geo_service.domain.agreements import Agreement
from geo_service.domain.explain import disappears_if, free_from
from geo_service.domain.repairs import RepairCase
from geo_service.i18n import Translator
from geo_service.presentation import conflicts
from geo_service.presentation.advice import describe_advice
from geo_service.presentation.alerts import describe_alert
from tests.unit.advice_scenes import PARAMETERS, SECTION, TODAY, advice, conflict, day, late, uncertain, works

DUTCH = Translator("nl", TODAY)
WORKS, OTHERS = uuid4(), uuid4()
BRIEFS = {WORKS: {"owner": "Proximus"}, OTHERS: {"owner": "Stad Izegem"}}
HURRIED = replace(SECTION, latest_on=day(10))
FAR = (1_400, 1_490)


def told(given: Advice) -> dict[str, Any]:
    return describe_advice(given, DUTCH)


def plain(text: str) -> str:
    """Without the spaces that keep a figure and its unit on one line."""
    return text.replace("\xa0", " ")


def options(given: Advice) -> dict[str, Any]:
    return {option["code"]: option for option in told(given)["alternatives"]}


def guarantee(**more: Any) -> Any:
    owed = works((-180, -150), certainty="done", claimed_until=day(580))
    return conflict(owed, rule="guarantee_applies", blocking=False, cost_at_risk_eur=0.0, **more)


def side(kind: str, works_id: UUID | None, days: tuple[date, date], **more: Any) -> dict[str, Any]:
    first, last = (one.isoformat() for one in days)
    fields: dict[str, Any] = {
        "kind": kind, "works_id": works_id and str(works_id), "works_ids": [str(works_id)] if works_id else [], "repair_id": None,
        "building_id": None, "street_id": None, "owner_group": "x", "starts_on": first, "ends_on": last, "stated_starts_on": first,
        "stated_ends_on": last, "certainty": "planned", "overdue": False, "moratorium_until": None,
    }  # fmt: skip
    return {**fields, **more}


def answer(found: dict[str, Any]) -> dict[str, Any]:
    """The conflict as the API shows it."""
    return serializers.conflict(
        {**found, "rule_version": 1, "severity": "low", "opportunity": False}, {}, 4326
    )


def row(rule: str, a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    inputs = {"life_days": None, "clearance_m": 0}
    facts = {
        "overlap_days": 9,
        "gap_days": 0,
        "overlap_m2": 4,
        "distance_m": 0,
        "cost_at_risk_eur": 0,
        "inputs": inputs,
    }
    return {
        "rule_id": rule,
        "status": "open",
        "a": a,
        "b": b,
        "facts": facts,
        "geom": None,
        "number": 1,
        "id": None,
        "blocking": False,
    }


def test_what_is_made_safe_without_a_day_owes_nobody_a_guarantee() -> None:
    said = told(advice(conflict(), repair=replace(HURRIED, urgency="high")))
    assert (said["verdict"], said["until"]) == ("make_safe", None)
    assert "garantie" not in said["sentence"] and "De coördinator beslist" in said["sentence"]
    assert (
        said["citizen_text"]
        == "Wij maken uw stoep nu veilig. Wanneer wij ze herstellen, bekijken wij met Proximus."
    )


def test_danger_in_a_trench_under_guarantee_is_told_so_whatever_comes_later() -> None:
    later = uncertain(2_400.0, starts_on=day(100), ends_on=day(120), owner="Aquafin", claimed_until=day(180))
    said = told(advice(guarantee(), later, repair=replace(SECTION, urgency="danger")))
    assert (said["verdict"], said["until"]) == ("make_safe", None)
    assert said["sentence"].startswith("De put ligt in de sleuf van Proximus, garantie tot ma 3 apr 2028.")
    assert said["citizen_text"] == "Wij vragen Proximus om uw stoep te herstellen."


def test_danger_beside_works_long_past_their_end_gets_no_day_either() -> None:
    said = told(advice(conflict(late()), repair=replace(SECTION, urgency="danger")))
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
    said = told(advice(far))
    assert "kost ongeveer evenveel: € 1.000 tegen € 1.025." in plain(said["sentence"])


def test_works_that_are_too_small_to_wait_for_have_their_price_too() -> None:
    ways = options(advice(uncertain(300.0)))
    assert ways["repair_now"]["expected_eur"] == ways["repair_now"]["cost_eur"] == 300
    assert 0 < ways["wait"]["expected_eur"] < 300


def test_what_holds_a_repair_beyond_its_latest_day_is_said_to_hold_it() -> None:
    given = advice(conflict(), repair=HURRIED)
    said = told(given)
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
    said = told(advice(conflict(), later, repair=replace(SECTION, latest_on=day(55))))["order"]["sentence"]
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
    said = told(advice(conflict(rule="repair_during_works", gap_days=0, overlap_days=3)))
    assert plain(said["reasons"][0]["text"]).endswith("Uw ploeg en Proximus staan 3 dagen op dezelfde plek.")


def test_what_is_recovered_while_it_is_held_needs_a_release() -> None:
    owed = conflict(late(), rule="guarantee_applies", blocking=False)
    given = advice(conflict(late(), rule="repair_during_works"), owed)
    anyway = options(given)["repair_anyway"]
    assert (given.verdict, given.blocked, anyway["needs_role"]) == ("recover", True, "coordinator")
    assert anyway["consequence"] == "Enkel de coördinator geeft dit vrij, met reden."
    assert (given.order.repair_from, told(given)["order"]["repair_from"]) == (None, None)
    assert "wacht hierop" not in str(told(given)["order"])
    assert "hier hoeft deze herstelling niet op te wachten." in str(told(given)["order"]["first"])


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
    assert given.verdict == "repair" and told(given)["sentence"].startswith(start)


def test_nobody_is_asked_to_answer_in_the_past() -> None:
    running = works((-20, 9), certainty="in_progress", claimed_until=day(9))
    wake = advice(conflict(running, rule="repair_in_wake", blocking=False, cost_at_risk_eur=0.0))
    assert options(wake)["combine"]["consequence"] == "Vraag via dienst nutsen, antwoord voor do 10 sep."
    assert "do 1 okt" in options(advice(conflict()))["combine"]["consequence"]


@pytest.mark.parametrize(
    ("agreement", "text"),
    [
        (Agreement("combine"), "Proximus herstelt uw stoep samen met zijn werken, voor do 15 okt."),
        (Agreement("hold_until", day(5)), "Uw stoep wordt hersteld vanaf zo 6 sep. Dat spraken wij af met Proximus."),
        (None, "Uw stoep wordt hersteld na de werken van Proximus, verwacht vanaf di 20 okt."),
    ],
)  # fmt: skip
def test_the_citizen_is_told_the_day_on_which_the_footpath_is_good(
    agreement: Agreement | None, text: str
) -> None:
    assert (
        told(advice(conflict(status="agreed" if agreement else "open", agreement=agreement)))["citizen_text"]
        == text
    )


def test_a_wish_has_one_free_day() -> None:
    wish = uncertain(1_600.0)
    given = advice(wish)
    b = side("opening", WORKS, (day(30), day(44)), certainty="indicative", ends_on=day(49).isoformat())
    met = row("wasted_repair", side("investment", None, (day(0), day(900)), repair_id="r"), b)
    ends = {change.code: change.params for change in disappears_if(met, {})}
    assert given.order.wait_on == given.reasons[0].params["until"] == ends["repair_from"]["on"] == day(44)
    assert "do 15 okt" in options(given)["wait"]["consequence"]
    assert answer(met)["b"]["free_from"] == day(44)
    firm = {**b, "certainty": "planned"}
    assert free_from(firm, met["a"]) == free_from(b, b) == day(49)


def test_a_trench_was_closed_on_its_last_day() -> None:
    closed = side(
        "guarantee",
        WORKS,
        (day(-150), day(580)),
        stated_starts_on=day(-180).isoformat(),
        stated_ends_on=day(-150).isoformat(),
    )
    said = conflicts.sentence(
        row("guarantee_applies", side("defect", None, (day(0), day(1)), repair_id="r"), closed),
        BRIEFS,
        DUTCH,
        PARAMETERS,
    )
    assert said == "De put ligt in een sleuf die Proximus op vr 3 apr dichtlegde."


@pytest.mark.parametrize(
    ("days", "facts", "vanished_on", "words"),
    [
        (
            (-20, -2),
            {"certainty": "in_progress"},
            day(-1),
            "en staat niet meer in de bron: waarschijnlijk klaar.",
        ),
        ((200, 210), {}, None, "start pas op"),
    ],
    ids=["probably finished", "beyond the look-ahead"],
)
def test_a_list_says_of_works_what_advice_says(
    days: tuple[int, int], facts: dict[str, Any], vanished_on: date | None, words: str
) -> None:
    there = side("opening", WORKS, (day(days[0]), day(days[1])), umbrella=False, **facts)
    repair = side("investment", None, (day(1), day(900)), repair_id="r")
    briefs = {WORKS: {"owner": "Proximus", "vanished_on": vanished_on}}
    told_in_list = conflicts.sentence(row("wasted_repair", repair, there), briefs, DUTCH, PARAMETERS)
    party = works(days, claimed_until=day(days[1]), vanished_on=vanished_on, **facts)
    [reason, *_] = told(advice(conflict(party, blocking=False, cost_at_risk_eur=0.0)))["reasons"]
    assert told_in_list.split("): ")[-1] == reason["text"].split("): ")[-1]
    assert words in told_in_list


def test_an_occupancy_that_is_a_wish_frees_the_place_on_the_day_that_it_says() -> None:
    platform = side(
        "occupancy", WORKS, (day(-25), day(34)), certainty="indicative",
        stated_starts_on=day(5).isoformat(), stated_ends_on=day(9).isoformat(),
    )  # fmt: skip
    repair = side("repair", None, (day(6), day(8)), repair_id="r")
    said = conflicts.sentence(row("occupancy_during_repair", repair, platform), BRIEFS, DUTCH, PARAMETERS)
    assert said.endswith("kom vanaf do 10 sep.")


def test_a_building_cannot_be_reached_while_the_works_before_it_run() -> None:
    pool = side("access", OTHERS, (day(-240), day(120)), place="Zwembad")
    said = conflicts.sentence(
        row("access_blocked", side("opening", WORKS, (day(0), day(9))), pool), BRIEFS, DUTCH, PARAMETERS
    )
    assert said == "Zwembad is niet bereikbaar van di 1 sep t/m wo 9 sep."


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (("combine", "2026-09-20"), "Herstel nu. Eerder: Combineer."),
        (("recover", None), "Herstel nu. Eerder: Verhaal."),
        (("wait", "2026-09-20"), "Herstel nu. Eerder: Wacht tot zo 20 sep."),
        (("wait", None), "Herstel nu. Eerder: Wacht."),
        (("repair", "2026-09-20"), "Herstel nu."),
    ],
)
def test_a_release_names_the_verdict_before_it_without_an_owner_that_nobody_knows(
    before: tuple[str, str | None], text: str
) -> None:
    previous = dict(zip(("verdict", "until"), before, strict=True))
    data = {"verdict": "repair", "until": None, "previous": previous, "works": None, "cost_at_risk_eur": 0}
    assert describe_alert({"type": "repair.released", "data": data}, DUTCH).sentence == text


@pytest.mark.parametrize(
    ("until", "protected"), [(day(31), True), (day(30), False), (day(-600), False), (None, False)]
)
def test_a_sperperiode_counts_for_works_that_begin_in_it(until: date | None, protected: bool) -> None:
    laid = side("investment", None, (day(-900), day(900)), moratorium_until=until and until.isoformat())
    met = row("wasted_repair", {**laid, "certainty": "done"}, side("opening", WORKS, (day(30), day(44))))
    assert answer(met)["moratorium"] is protected
    closed = side("protection", WORKS, (day(-900), day(-600)), moratorium_until=until and until.isoformat())
    met = row("protected_ground", side("opening", OTHERS, (day(30), day(44))), closed)
    assert answer(met)["moratorium"] is protected


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
