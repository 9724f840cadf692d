"""Doubles over HTTP: the workshop says, both reporters stay, and both hear the same."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.open311 import Site, repair_of
from tests.api.scenario import Street, day
from tests.serving import box

NOBODY = "00000000-0000-7000-8000-000000000000"


def decide(
    street: Street, verb: str, repair: dict[str, Any], role: str = "workshop", **body: Any
) -> httpx.Response:
    with street.service.as_(role) as client:
        return client.post(f"/api/v1/repairs/{repair['id']}/{verb}-duplicate", json=body)


def test_two_reports_of_one_hole_are_one_repair_with_two_reporters(street: Street) -> None:
    site = Site(street.service)
    first = site.filed(street.x + 20)
    second = site.filed(street.x + 22, first_name="An", email="an@example.org")
    main, double = repair_of(street, first), repair_of(street, second)
    assert (double["duplicate_of"]["number"], double["duplicate_of"]["status"]) == (first, "suggested")
    assert [one["number"] for one in main["duplicates"]] == [second]

    answer = decide(street, "confirm", double)

    assert answer.status_code == 200, answer.text
    assert answer.json()["duplicate_of"]["decided_by"] == "test workshop"
    assert {repair_of(street, one)["reporter"]["email"] for one in (first, second)} == {"zonderling@example.org", "an@example.org"}  # fmt: skip
    again = decide(street, "confirm", double)
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")

    street.works((30, 44))
    street.complete(repair_of(street, first), on=0, scope="spot")
    told = site.updates(second)
    assert told[1:] == [
        ("open", f"Dit gebrek was al gemeld als {first}. Uw melding is nagekeken; herstellen kan."),
        ("open", f"Dit gebrek was al gemeld als {first}. Het gebrek dat u meldde, wordt hersteld na de werken van Proximus, verwacht vanaf wo 6 jan 2027."),
        ("closed", f"Dit gebrek was al gemeld als {first}. Het gebrek dat u meldde, is hersteld op ma 23 nov."),
    ]  # fmt: skip
    assert [text for _, text in site.updates(first)] == [
        text.removeprefix(f"Dit gebrek was al gemeld als {first}. ") for _, text in told[1:]
    ]
    shown = site.request(second)
    assert (shown["status"], shown["service_notice"]) == ("closed", f"Wordt behandeld als {first}.")


def test_suggestions_can_be_listed_and_refused(street: Street) -> None:
    first, second = street.repair(scope="spot", along=(5, 6)), street.repair(scope="spot", along=(6, 7))
    with street.service.as_("viewer") as viewer:

        def listed(which: str) -> set[str]:
            items = viewer.get(f"/api/v1/repairs?limit=1000&duplicate={which}").json()["items"]
            return {item["id"] for item in items}

        assert second["id"] in listed("suggested") and first["id"] not in listed("suggested")
        refused = decide(street, "refuse", second, of=first["id"])
        assert second["id"] not in listed("suggested") | listed("confirmed")

    assert (refused.status_code, refused.json()["duplicate_of"]) == (200, None)
    assert decide(street, "confirm", second).json()["errors"][0]["field"] == "of"
    assert decide(street, "confirm", second, of=first["id"]).json()["status"] == "cancelled"


def test_only_those_who_write_repairs_decide(street: Street) -> None:
    repair = street.repair()

    for role in ("viewer", "utilities_desk", "partner", "reporter"):
        assert decide(street, "confirm", repair, role).status_code == 403
    assert decide(street, "refuse", repair).status_code == 422
    assert decide(street, "confirm", repair, of="x").status_code == 422
    nobody = {"id": "00000000-0000-0000-0000-000000000000"}
    assert decide(street, "confirm", nobody).status_code == 404


def join(street: Street, main_id: str, **fields: Any) -> httpx.Response:
    """Report a defect beside the first metres of the even footpath as the same one."""
    place = {"geometry": box(street.x + 6, 0, street.x + 7, 1), "category": "pothole"}
    with street.service.as_("workshop") as client:
        return client.post("/api/v1/repairs", json={**place, "duplicate_of": main_id, **fields})


def test_who_reports_joins_what_is_reported_already(street: Street) -> None:
    street.works((30, 44))
    main = street.repair(scope="spot", along=(5, 6), across=(0, 1))
    double = join(street, main["id"], description="nu ook een losse tegel")
    assert (double.status_code, double.json()["status"]) == (201, "cancelled")
    again = join(street, double.json()["id"])

    with street.service.as_("workshop") as client:
        now = client.get(f"/api/v1/repairs/{main['id']}").json()
        question = {"geometry": main["geometry"], "scope": "spot"}
        reported = client.post("/api/v1/advice", json=question).json()["reported"]
    assert [(one["number"], one["status"], one["decided_by"]) for one in now["duplicates"]] == [
        (number, "confirmed", "test workshop") for number in (double.json()["number"], again.json()["number"])
    ]
    assert (now["status"], now["urgency"]) == ("requested", "normal")
    assert [(one["number"], one["reports"]) for one in reported] == [(main["number"], 3)]


def test_danger_is_not_lost_in_a_report_that_was_there(street: Street) -> None:
    main = street.repair(scope="spot", along=(5, 6), urgency="high")
    for urgency, then in (("normal", "high"), ("danger", "danger")):
        assert join(street, main["id"], urgency=urgency).status_code == 201
        with street.service.as_("workshop") as client:
            now = client.get(f"/api/v1/repairs/{main['id']}").json()
        assert now["urgency"] == then
    with street.service.as_("workshop") as client:
        assert client.get(f"/api/v1/repairs/{main['id']}/advice").json()["verdict"] == now["verdict"]


def test_a_report_that_joined_is_taken_back(street: Street) -> None:
    main = street.repair(scope="spot", along=(5, 6))
    double = join(street, main["id"]).json()
    opened = decide(street, "refuse", double).json()
    assert (opened["status"], opened["duplicate_of"]) == ("requested", None)
    assert repair_of(street, main["number"])["duplicates"] == []


def say_urgency(street: Street, repair: dict[str, Any], urgency: str) -> None:
    path = f"/api/v1/repairs/{repair['id']}"
    with street.service.as_("workshop") as client:
        etag = client.get(path).headers["ETag"]
        client.patch(path, json={"urgency": urgency}, headers={"If-Match": etag}).raise_for_status()


def test_a_report_that_is_taken_back_takes_its_urgency_along(street: Street) -> None:
    main = street.repair(scope="spot", along=(5, 6), urgency="low")
    high, danger = (join(street, main["id"], urgency=urgency).json() for urgency in ("high", "danger"))
    decide(street, "refuse", high)
    assert repair_of(street, main["number"])["urgency"] == "danger"
    say_urgency(street, main, "danger")  # which it is already
    decide(street, "refuse", danger)
    assert repair_of(street, main["number"])["urgency"] == "low"


def test_what_a_person_says_of_the_urgency_stays(street: Street) -> None:
    main = street.repair(scope="spot", along=(5, 6), urgency="low")
    danger = join(street, main["id"], urgency="danger").json()
    say_urgency(street, main, "high")
    decide(street, "refuse", danger)
    assert repair_of(street, main["number"])["urgency"] == "high"


def test_nothing_from_before_the_word_of_a_person_is_taken_back(street: Street) -> None:
    main = street.repair(scope="spot", along=(5, 6), urgency="low")
    before = join(street, main["id"], urgency="low").json()
    say_urgency(street, main, "high")
    after = join(street, main["id"], urgency="danger").json()
    for double in (after, before):
        decide(street, "refuse", double)
        assert repair_of(street, main["number"])["urgency"] == "high"


def test_what_cannot_be_joined_is_refused_by_name_and_nothing_is_filed(street: Street) -> None:
    main = street.repair(scope="spot", along=(5, 6))
    street.complete(main, on=0, scope="spot")
    days = {"starts_on": day(3), "ends_on": day(4)}
    with street.service.as_("workshop") as client:
        before = client.get("/api/v1/repairs?limit=1").json()["total"]
    assert (join(street, main["id"]).status_code, join(street, main["id"]).json()["code"]) == (409, "invalid_transition")  # fmt: skip
    for answer in (join(street, NOBODY), join(street, main["id"], planned=days)):
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "duplicate_of"), answer.text
    with street.service.as_("workshop") as client:
        assert client.get("/api/v1/repairs?limit=1").json()["total"] == before
