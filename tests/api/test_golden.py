"""The golden scenarios of the domain, by API. Repairs have scope `section` on the even footpath unless said otherwise."""

from __future__ import annotations

import httpx
import pytest

from tests.api.scenario import Street, as_day, day, plain
from tests.serving import point


def test_1_a_repair_under_coming_works_is_blocked_and_told_to_wait(street: Street) -> None:
    works = street.works((30, 44))
    repair = street.repair()

    refused = street.schedule(repair, (3, 4))

    assert refused.status_code == 409
    problem = refused.json()
    assert problem["code"] == "blocked_by_works"
    assert problem["title"] == "Inplannen kan niet: hier komen werken."
    assert [c["rule"] for c in problem["conflicts"]] == ["wasted_repair"]
    advice = problem["advice"]
    assert (advice["verdict"], advice["until"]) == ("wait", day(44))
    assert advice["title"] == "Wacht tot wo 6 jan 2027"
    assert plain(advice["sentence"]) == (
        "Proximus breekt 45 van de 60 m² open van wo 23 dec t/m di 5 jan 2027. Uw nieuwe voetpad zou maar 26 dagen blijven liggen."
    )
    assert plain(advice["reasons"][0]["text"]) == (
        f"Proximus ({works['source_id']}, wo 23 dec t/m di 5 jan 2027): Deze herstelling hoort 20 jaar mee te gaan. De grond gaat weer open na 26 dagen."
    )
    assert len(advice["alternatives"]) >= 2
    assert (
        advice["citizen_text"]
        == "Het gebrek dat u meldde, wordt hersteld na de werken van Proximus, verwacht vanaf wo 6 jan 2027."
    )
    assert advice["contacts"] == [
        {"organisation": "Proximus", "works_source_id": works["source_id"], "source": "gipod"}
    ]


def test_1_nothing_is_stored_by_a_refused_planning(street: Street) -> None:
    street.works((30, 44))
    repair = street.repair()
    alerts = street.alerts(repair)

    street.schedule(repair, (3, 4))

    with street.service.as_("viewer") as viewer:
        found = viewer.get(f"/api/v1/repairs/{repair['id']}").json()
    assert (found["planned"], found["status"], found["version"]) == (None, "requested", repair["version"])
    assert street.alerts(repair) == alerts


def test_1_the_coordinator_may_go_ahead_with_a_reason_on_record(street: Street) -> None:
    street.works((30, 44))
    repair = street.repair()
    reason = "School gaat maandag open, het kan niet wachten"

    assert street.schedule(repair, (3, 4), "workshop", override_reason=reason).status_code == 403
    assert street.schedule(repair, (3, 4), "coordinator", override_reason="moet").status_code == 422
    assert street.schedule(repair, (3, 4), "coordinator", override_reason=reason).status_code == 200

    (conflict,) = street.conflicts(repair=repair["id"])
    assert conflict["status"] == "accepted_risk"
    with street.service.as_("coordinator") as coordinator:
        events = coordinator.get(f"/api/v1/conflicts/{conflict['id']}").json()["events"]
    assert (events[-1]["kind"], events[-1]["details"]["reason"]) == ("accepted_risk", reason)


def test_2_works_that_arrive_after_the_planning_alert_both_departments(street: Street) -> None:
    repair = street.repair()
    assert street.schedule(repair, (3, 4)).status_code == 200

    street.works((30, 44))

    opened = [alert for alert in street.alerts(repair) if alert["type"] == "conflict.opened"]
    assert len(opened) == 1
    assert set(opened[0]["departments"]) == {"werkplaatsen", "nutsen"}
    assert opened[0]["data"]["works"][0]["owner"] == "Proximus"


def test_3_danger_is_made_safe_now_and_repaired_after_the_works(street: Street) -> None:
    street.works((30, 44))
    repair = street.repair(urgency="danger")

    advice = street.schedule(repair, (3, 4)).json()["advice"]

    assert (advice["verdict"], advice["until"]) == ("make_safe", day(44))
    assert plain(advice["sentence"]) == (
        "Proximus breekt dit voetpad open van wo 23 dec t/m di 5 jan 2027. Definitief herstellen kan vanaf wo 6 jan 2027."
    )


def test_4_works_across_the_street_are_no_conflict(street: Street) -> None:
    street.works((30, 44), odd=True)
    repair = street.repair()

    assert street.conflicts(repair=repair["id"]) == []
    assert street.schedule(repair, (3, 4)).status_code == 200
    advice = street.advice(repair)
    assert (advice["verdict"], advice["title"]) == ("repair", "Herstel nu")
    assert advice["reasons"][0]["code"] == "nothing_planned"


def test_5_works_that_slip_move_the_hold_and_tell_it(street: Street) -> None:
    works = street.works((30, 44))
    repair = street.repair()

    street.slip(works, (150, 164))

    assert street.advice(repair)["until"] == day(164)
    moved = street.alerts(repair)[-1]
    assert (moved["type"], moved["data"]["until"], moved["data"]["previous"]["until"]) == (
        "repair.hold_moved",
        day(164),
        day(44),
    )


def test_5_works_beyond_the_look_ahead_say_what_going_ahead_would_cost(street: Street) -> None:
    works = street.works((30, 44))
    repair = street.repair()

    street.slip(works, (250, 264))

    advice = street.advice(repair)
    assert (advice["verdict"], advice["blocked"]) == ("coordinate", False)
    assert plain(advice["sentence"]).startswith(
        "Proximus komt op za 31 jul 2027, bevestigd. Nu herstellen zet € 6."
    )
    assert advice["reasons"][0]["code"] == "beyond_lookahead"
    assert 6_000 < advice["cost_at_risk_eur"] < 7_000
    assert street.alerts(repair)[-1]["type"] == "repair.released"
    assert street.schedule(repair, (3, 4)).status_code == 200


def test_5_cancelled_works_release_the_repair_and_tell_it(street: Street) -> None:
    works = street.works((30, 44))
    repair = street.repair()

    street.change_works(works, certainty="cancelled")

    assert street.conflicts(repair=repair["id"]) == []
    assert [alert["type"] for alert in street.alerts(repair)][-2:] == [
        "conflict.withdrawn",
        "repair.released",
    ]
    assert street.schedule(repair, (3, 4)).status_code == 200


def test_6_a_hole_in_a_reinstated_trench_is_recovered_from_its_owner(street: Street) -> None:
    street.works((-60, -30), certainty="done")

    repair = street.repair(scope="spot", along=(10, 11), across=(0.5, 1.5))

    advice = street.advice(repair)
    assert (advice["verdict"], advice["title"]) == ("recover", "Verhaal op Proximus")
    assert plain(advice["sentence"]) == (
        "De put ligt in de sleuf van Proximus, gedicht op vr 23 okt, garantie tot di 24 okt 2028. Enkel afzetten en foto."
    )
    [reason] = advice["reasons"]
    assert plain(reason["text"]).endswith(
        "t/m vr 23 okt): De put ligt in een sleuf die Proximus op vr 23 okt dichtlegde."
    )
    assert "(works" not in reason["text"] and "do 24 sep t/m" in reason["text"], (
        "the days of the works themselves"
    )
    anyway = next(one for one in advice["alternatives"] if one["code"] == "repair_anyway")
    assert (anyway["needs_role"], anyway["consequence"]) == (
        None,
        "Dat mag zonder vrijgave, maar de kost is dan voor u.",
    )
    assert street.schedule(repair, (3, 4)).status_code == 200


def test_6_one_metre_beside_the_trench_there_is_no_guarantee(street: Street) -> None:
    street.works((-60, -30), certainty="done", across=(0, 0.6))

    repair = street.repair(scope="spot", along=(10, 10.4), across=(1.6, 2.0))

    assert street.advice(repair)["verdict"] == "repair"
    assert street.conflicts(repair=repair["id"]) == []


def test_6_danger_in_a_reinstated_trench_is_made_safe_and_recovered(street: Street) -> None:
    street.works((-60, -30), certainty="done")

    advice = street.advice(street.repair(scope="spot", along=(10, 11), across=(0.5, 1.5), urgency="danger"))

    assert (advice["verdict"], advice["until"]) == ("make_safe", None)
    assert plain(advice["sentence"]) == (
        "De put ligt in de sleuf van Proximus, garantie tot di 24 okt 2028. Maak veilig en verhaal de herstelling op Proximus."
    )
    assert advice["citizen_text"] == "Wij vragen Proximus om het gebrek te herstellen dat u meldde."


def test_7_works_on_a_new_section_meet_its_moratorium(street: Street) -> None:
    repair = street.repair()
    street.complete(repair, on=-30)

    street.works((30, 44))

    (conflict,) = street.conflicts(repair=repair["id"])
    assert (conflict["rule"], conflict["moratorium"]) == ("wasted_repair", True)
    assert conflict["a"]["claim"]["moratorium_until"] == "2031-10-24"
    told = [alert for alert in street.alerts(repair) if alert["type"] == "conflict.opened"]
    assert [alert["departments"] for alert in told] == [["nutsen"]]


def test_8_far_and_indicative_works_let_a_cheap_spot_be_repaired(street: Street) -> None:
    street.works((608, 622), certainty="indicative")

    advice = street.advice(street.repair(scope="spot", along=(10, 11), across=(0.5, 1.5)))

    assert advice["verdict"] == "repair"
    assert 0 < advice["cost_at_risk_eur"] < 20


def test_8_far_and_indicative_works_ask_coordination_for_a_dear_section(street: Street) -> None:
    street.works((608, 622), certainty="indicative", along=(0, 80))

    advice = street.advice(street.repair(along=(0, 75)))

    assert advice["verdict"] == "coordinate"
    assert advice["cost_at_risk_eur"] == pytest.approx(18_000 * 0.35 * (1 - 547 / 7305), rel=0.02)


def test_12_a_contract_over_the_whole_quarter_leaves_the_repair_free_with_a_note(street: Street) -> None:
    street.works((-400, 1400), along=(-60, 100), across=(-40, 60), owner="Aquafin", certainty="in_progress")

    repair = street.repair()

    advice = street.advice(repair)
    assert (advice["verdict"], advice["blocked"]) == ("repair", False)
    assert plain(advice["sentence"]).startswith(
        "Raamcontract t/m zo 22 sep 2030: dekt de hele wijk, kans op een gegeven dag 1 %"
    )
    assert {conflict["severity"] for conflict in street.conflicts(repair=repair["id"])} == {"low"}


def test_13_an_aerial_platform_wastes_no_repair(street: Street) -> None:
    street.works((30, 32), kind="works", utilities=["Hoogtewerker"])
    repair = street.repair()

    assert street.conflicts(repair=repair["id"]) == []
    assert street.schedule(repair, (3, 4)).status_code == 200


def test_13_an_aerial_platform_on_the_same_days_is_said_and_does_not_block(street: Street) -> None:
    street.works((30, 32), kind="works", utilities=["Hoogtewerker"])
    repair = street.repair()

    assert street.schedule(repair, (31, 33)).status_code == 200

    (conflict,) = street.conflicts(repair=repair["id"])
    assert (conflict["rule"], conflict["severity"], conflict["blocking"]) == (
        "occupancy_during_repair",
        "low",
        False,
    )


def test_17_a_trench_across_the_street_leaves_the_footpath_beside_it_free(street: Street) -> None:
    street.works((30, 32), along=(20, 21), across=(0, 12))

    beside = street.repair(scope="spot", along=(29, 30), across=(0.5, 1.5))
    crossing = street.repair(scope="spot", along=(20, 21), across=(0.5, 1.5))

    assert street.conflicts(repair=beside["id"]) == []
    assert [c["rule"] for c in street.conflicts(repair=crossing["id"])] == ["wasted_repair"]


def test_what_if_says_the_same_as_what_is_stored_and_stores_nothing(street: Street) -> None:
    street.works((30, 44))
    asked = {"geometry": point(street.x + 20, 1), "scope": "spot", "urgency": "normal"}

    with street.service.as_("viewer") as viewer:
        before = viewer.get("/api/v1/repairs").json()["total"]
        answer: httpx.Response = viewer.post("/api/v1/advice", json=asked)
        after = viewer.get("/api/v1/repairs").json()["total"]
    said = answer.json()
    with street.service.as_("workshop") as workshop:
        repair = workshop.post("/api/v1/repairs", json={**asked, "category": "other"}).json()

    assert before == after
    stored = street.advice(repair)
    for name in ("verdict", "until", "reasons", "cost_at_risk_eur", "sentence", "alternatives"):
        assert said[name] == stored[name]
    assert as_day(said["until"]) == as_day(day(44))
