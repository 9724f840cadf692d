"""The sentences of a conflict, in a list and in an alert, fit its facts and what an advice says of the same works."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from geo_service.api import serializers
from geo_service.domain.explain import disappears_if, free_from
from geo_service.presentation import conflicts
from geo_service.presentation.alerts import describe_alert
from tests.unit.advice_scenes import (
    DUTCH,
    PARAMETERS,
    advice,
    conflict,
    day,
    options,
    sentences,
    uncertain,
    works,
)

WORKS, OTHERS = uuid4(), uuid4()
BRIEFS = {WORKS: {"owner": "Proximus"}, OTHERS: {"owner": "Stad Izegem"}}


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
    in_list = conflicts.sentence(row("wasted_repair", repair, there), briefs, DUTCH, PARAMETERS)
    party = works(days, claimed_until=day(days[1]), vanished_on=vanished_on, **facts)
    [reason, *_] = sentences(advice(conflict(party, blocking=False, cost_at_risk_eur=0.0)))["reasons"]
    assert in_list.split("): ")[-1] == reason["text"].split("): ")[-1]
    assert words in in_list


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
