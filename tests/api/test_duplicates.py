"""Doubles over HTTP: the workshop says, both reporters stay, and both hear the same."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.open311 import Site, repair_of
from tests.api.scenario import Street


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
        ("open", f"Dit gebrek was al gemeld als {first}. Uw stoep wordt hersteld na de werken van Proximus, verwacht vanaf wo 6 jan 2027."),
        ("closed", f"Dit gebrek was al gemeld als {first}. Uw stoep is hersteld op ma 23 nov."),
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
