"""The golden scenarios of the utilities desk and of the morning, by API: 9, 11, 14, 15, 16, 18; what is shown beside an advice, and of a conflict."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from shapely.geometry import box as rectangle

from geo_service import db
from geo_service.coordination import changes
from geo_service.detection.run import Subject
from geo_service.store import listing, locks
from geo_service.store import works as works_store
from geo_service.store.tables import buildings, pavement_sections
from tests.api.scenario import Street, day, plain
from tests.scenes import ORIGIN
from tests.serving import TODAY, point


def build(
    street: Street, at: tuple[float, float], function: str, number: str, name: str = "Gentsestraat"
) -> None:
    """A house or fire station of 10 × 10 m beside the street."""
    x, y = ORIGIN[0] + street.x + at[0], ORIGIN[1] + at[1]
    row = {
        "source": "golden", "source_id": f"{street.x}-{number}", "function": function, "street": name, "house_number": number,
        "name": "Brandweerpost" if function == "fire_station" else None, "geom": listing.geometry_param(rectangle(x, y, x + 10, y + 10)),
    }  # fmt: skip
    with db.write(street.service.engine) as conn:
        locks.claims_writer(conn)
        made = conn.execute(sa.insert(buildings).values(row).returning(buildings.c.id)).scalar_one()
        changes.record(conn, Subject(building_ids=[made]), TODAY)


def pave(street: Street, length_m: float, known: dict[str, str] | None = None) -> None:
    """A section of the even footpath, with what is known of its street and houses."""
    x, y = ORIGIN[0] + street.x, ORIGIN[1]
    row = {
        "source": "golden",
        "code": str(street.x),
        "kind": "footpath",
        "geom": listing.geometry_param(rectangle(x, y, x + length_m, y + 2)),
        **(known or {}),
    }
    with db.write(street.service.engine) as conn:
        conn.execute(sa.insert(pavement_sections).values(row))


def ask(street: Street, body: dict[str, Any]) -> Any:
    with street.service.as_("viewer") as viewer:
        answer = viewer.post("/api/v1/advice", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def read(street: Street, path: str, **query: Any) -> Any:
    with street.service.as_("viewer") as viewer:
        answer = viewer.get(f"/api/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_9_two_owners_ten_weeks_apart_are_offered_one_trench(street: Street) -> None:
    proximus = street.works((30, 44))
    street.works((114, 128), owner="Fluvius")

    [found] = street.conflicts(works=proximus["id"], opportunity=True)

    assert (found["rule"], found["severity"], found["blocking"]) == ("shared_trench", "critical", False)
    assert found["facts"]["gap_days"] == 70
    # about 40 × 1.5 m, relaid once instead of twice, if both come
    assert found["facts"]["saving_eur"] == pytest.approx(40 * 1.5 * 120 * 0.95**2, rel=0.05)
    alerts = read(street, "alerts", after=0, limit=1000)["items"]
    [told] = [alert for alert in alerts if alert["conflict_id"] == found["id"]]
    assert (told["type"], told["departments"]) == ("conflict.opened", ["nutsen"])
    sentence = read(street, f"conflicts/{found['id']}")["explanation"]["sentence"]
    assert plain(sentence).startswith("Proximus opent 10 weken voor Fluvius. Samen openen spaart € 6.")


def test_11_a_crane_in_front_of_the_fire_station_is_told_to_whoever_minds_the_building(
    street: Street,
) -> None:
    build(street, (5, -12), "fire_station", "2")
    crane = street.works((7, 12), kind="building_project", owner="Stad Izegem", along=(2, 12), across=(0, 4))

    [found] = street.conflicts(works=crane["id"])

    assert (found["rule"], found["severity"]) == ("access_blocked", "high")
    assert found["b"]["building"]["name"] == "Brandweerpost"
    assert street.conflicts(building=found["b"]["building"]["id"])[0]["id"] == found["id"]
    sentence = read(street, f"conflicts/{found['id']}")["explanation"]["sentence"]
    assert sentence == "Brandweerpost is niet bereikbaar van ma 30 nov t/m vr 4 dec."


def test_14_gas_and_electricity_under_two_ids_are_one_conflict_that_names_both(street: Street) -> None:
    gas = street.works((30, 44), owner="Fluvius Gas")
    power = street.works((30, 44), owner="Fluvius Elektriciteit")
    repair = street.repair()

    [found] = street.conflicts(repair=repair["id"])

    assert {one["source_id"] for one in found["b"]["dig"]} == {gas["source_id"], power["source_id"]}
    assert read(street, f"works/{gas['id']}")["dig_with"] == [power["id"]]

    street.change_works(power, apart=True)
    assert len(street.conflicts(repair=repair["id"])) == 2
    street.change_works(power, apart=False, umbrella=None)
    assert len(street.conflicts(repair=repair["id"])) == 1


def test_16_works_that_leave_the_feed_release_nothing_until_it_is_confirmed(street: Street) -> None:
    works = street.works((30, 44))
    repair = street.repair()

    with db.write(street.service.engine) as conn:
        locks.claims_writer(conn)
        works_store.mark_vanished(conn, [UUID(works["id"])], observed_on=TODAY)
        changes.record(conn, Subject(works_ids=[UUID(works["id"])]), TODAY)

    assert street.advice(repair)["verdict"] == "wait"
    assert read(street, f"works/{works['id']}")["vanished_at"] is not None
    street.change_works(works, certainty="cancelled")
    assert street.advice(repair)["verdict"] == "repair"
    assert street.alerts(repair)[-1]["type"] == "repair.released"


def test_18_a_category_3_of_last_night_takes_the_repair_off_the_morning_list(street: Street) -> None:
    planned, other = street.repair(along=(0, 5)), street.repair(along=(30, 35))
    for repair in (planned, other):
        assert street.schedule(repair, (3, 4)).status_code == 200
    street.works((3, 4), along=(1, 2), category="Categorie 3", certainty="confirmed")

    today = read(street, "dispatch", on=day(3))

    mine = {
        item["repair"]["id"]: item
        for item in today["items"]
        if item["repair"]["id"] in (planned["id"], other["id"])
    }
    assert {id_: (item["execute"], item["label"]) for id_, item in mine.items()} == {
        planned["id"]: (False, "Niet uitvoeren"),
        other["id"]: (True, "Uitvoeren"),
    }
    assert mine[planned["id"]]["advice"]["reasons"][0]["owner"] == "Proximus"
    assert read(street, "dispatch", on=day(4), team="aquafin")["items"] == []


def test_the_utility_is_asked_for_the_street_of_the_footpath_not_of_the_house_on_the_corner(
    street: Street,
) -> None:
    pave(street, 20, {"street": "Gentsestraat", "side": "even", "number_from": "12", "number_to": "16"})
    build(street, (0, 2), "house", "58", name="Zandkouterstraat")
    street.works((30, 44), along=(2, 18))
    advice = street.advice(street.repair(along=(2, 18)))
    assert [front["street"] for front in advice["frontage"]] == ["Zandkouterstraat"]
    assert "herstellen: Gentsestraat voor huisnummer 12 tot 16?" in advice["request_text"]


def test_danger_stays_on_the_morning_list_and_a_guarantee_is_not_repaired(street: Street) -> None:
    danger, hole = street.repair(along=(0, 5), urgency="danger"), street.repair(along=(30, 35))
    for repair in (danger, hole):
        assert street.schedule(repair, (3, 4)).status_code == 200
    street.works((3, 4), along=(1, 2), certainty="confirmed")
    street.works((-60, -30), along=(28, 38), certainty="done")

    labels = {item["repair"]["id"]: item["label"] for item in read(street, "dispatch", on=day(3))["items"]}

    assert labels[danger["id"]] == "Enkel veilig maken"
    assert labels[hole["id"]] == "Enkel afzetten en foto"


def test_an_advice_names_the_houses_what_to_ask_and_what_lies_in_the_ring(street: Street) -> None:
    for place in range(4):
        build(street, (place * 10, -10), "house", str(12 + 2 * place))
        build(street, (place * 10, 12), "house", str(13 + 2 * place))
    works = street.works((30, 44))
    street.works((50, 60), odd=True, owner="Fluvius")
    advice = street.advice(street.repair(along=(2, 28)))

    assert [front["text"] for front in advice["frontage"]] == ["voor huisnummer 12 tot 16"]
    asked = f"Proximus, wilt u bij {works['source_id']} de volle breedte herstellen: Gentsestraat voor huisnummer 12 tot 16?"
    assert advice["request_text"] == asked
    assert [(one["owner"], round(one["distance_m"])) for one in advice["nearby"]] == [("Fluvius", 8)]
    assert advice["reasons"][0]["facts"]["overlap_m2"] > 0


def test_a_hole_whose_section_is_relaid_names_the_houses_and_the_works_around_the_section(
    street: Street,
) -> None:
    pave(street, 30)
    for place in range(3):
        build(street, (place * 10, -10), "house", str(12 + 2 * place))
    street.works((50, 60), along=(41, 49), owner="Fluvius")
    hole = {"scope": "section", "geometry": point(street.x + 1, 1)}
    stored = street.advice(street.repair(along=(0.5, 1.5), across=(0.5, 1.5)))
    for answer in (ask(street, hole), stored):
        assert [front["text"] for front in answer["frontage"]] == ["voor huisnummer 12 tot 16"]
        assert [one["distance_m"] for one in answer["nearby"]] == [pytest.approx(11, abs=0.5)]
    assert ask(street, hole)["warning"] is None
    assert "gekend voetpad" in ask(street, {**hole, "geometry": point(street.x + 90, 1)})["warning"]


def test_a_conflict_explains_itself_in_both_languages(street: Street) -> None:
    works = street.works((30, 44))
    repair = street.repair()
    street.slip(works, (33, 47))
    [found] = street.conflicts(repair=repair["id"])

    explained = read(street, f"conflicts/{found['id']}")["explanation"]

    assert (explained["rule"]["id"], explained["rule"]["version"], explained["rule"]["clearance_m"]) == (
        "wasted_repair",
        found["rule_version"],
        2,
    )
    assert explained["lead_days"] == 33
    [source] = explained["sources"]
    assert (source["source_id"], source["last_change"]["field"]) == (works["source_id"], "ends_on")
    assert source["last_change"]["to"] == day(47)
    assert {one["code"]: one["text"] for one in explained["disappears_if"]}["repair_from"] == (
        "Als de herstelling op za 9 jan 2027 begint, of later."
    )
    with street.service.as_("viewer") as viewer:
        english = viewer.get(f"/api/v1/conflicts/{found['id']}", headers={"Accept-Language": "en"})
    assert english.headers["Content-Language"] == "en"
    texts = [one["text"] for one in english.json()["explanation"]["disappears_if"]]
    assert "If the works do not go ahead." in texts


def test_what_is_gone_says_so_in_the_past_tense(street: Street) -> None:
    works = street.works((30, 44))
    repair = street.repair()
    [found] = street.conflicts(repair=repair["id"])

    street.change_works(works, certainty="cancelled")

    told = read(street, f"conflicts/{found['id']}")
    assert told["status"] == "withdrawn"
    assert plain(told["explanation"]["sentence"]).startswith(
        "Niet meer: de feiten zijn veranderd. Eerder gold: "
    )


def test_a_repair_is_not_planned_on_days_that_have_passed(street: Street) -> None:
    refused = street.schedule(street.repair(), (-9, -8))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "ends_on")


def test_of_two_works_that_hold_the_first_says_how_long_it_would_lie(street: Street) -> None:
    street.works((114, 128))
    street.works((30, 44), owner="Fluvius")
    advice = street.advice(street.repair())
    assert (advice["verdict"], advice["until"]) == ("wait", day(128))
    assert plain(advice["sentence"]).startswith(
        "Fluvius breekt het nieuwe voetpad na 29 dagen al open. Daarna volgt Proximus"
    )


def test_15_works_three_weeks_late_hold_on_marked_overdue_and_the_desk_is_asked(street: Street) -> None:
    works = street.works((-21, -7), certainty="planned")
    repair = street.repair()

    [found] = street.conflicts(repair=repair["id"], rule="repair_during_works")

    assert (found["blocking"], found["b"]["claim"]["overdue"]) == (True, True)
    assert street.schedule(repair, (0, 1)).status_code == 409
    advice = street.advice(repair)
    assert (advice["verdict"], advice["blocked"]) == ("coordinate", True)
    assert advice["reasons"][0]["code"] == "overdue"
    asked = {"organisation": "Proximus", "works_source_id": works["source_id"], "source": "gipod"}
    assert advice["contacts"] == [asked]
