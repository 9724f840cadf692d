"""Claims on a guarantee by HTTP: made once, with the facts of the day, as JSON and PDF, and what became of them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.scenario import Street
from tests.api.test_duplicates import NOBODY


@pytest.fixture
def conflict(street: Street) -> dict[str, Any]:
    """A hole in a trench that Proximus closed a month ago."""
    works = street.works((-60, -30))
    street.change_works(works, certainty="done")
    repair = street.repair(scope="spot", along=(20, 21), across=(0.2, 0.8))
    [found] = street.conflicts(repair=repair["id"], rule="guarantee_applies")
    return found


def send(street: Street, conflict: dict[str, Any], role: str = "workshop", **body: Any) -> httpx.Response:
    with street.service.as_(role) as client:
        return client.post(f"/api/v1/conflicts/{conflict['id']}/claim-file", json=body)


def test_a_claim_is_made_sent_and_paid(street: Street, conflict: dict[str, Any]) -> None:
    made = send(street, conflict)
    assert made.status_code == 201, made.text
    claim = made.json()
    assert (claim["state"], claim["owner_group"], claim["amount_eur"]) == ("sent", "proximus", 150)
    assert claim["facts"]["source_id"] == conflict["b"]["works"]["source_id"]
    assert "reporter" not in made.text
    path = f"/api/v1/claim-files/{claim['id']}"
    with street.service.as_("utilities_desk") as desk:
        document = desk.get(f"{path}/pdf")
        assert document.headers["content-type"] == "application/pdf"
        assert document.content.startswith(b"%PDF-")
        refused = desk.post(f"{path}/refused", headers={"If-Match": made.headers["ETag"]})
        assert refused.json()["state"] == "refused"
        late = desk.post(f"{path}/paid", headers={"If-Match": made.headers["ETag"]})
        assert late.status_code == 412
        wrong = desk.post(f"{path}/paid", headers={"If-Match": refused.headers["ETag"]})
        assert (wrong.status_code, wrong.json()["detail"]) == (
            409,
            "dit past niet bij een claim met stand “geweigerd”",
        )
        accepted = desk.post(f"{path}/accepted", headers={"If-Match": refused.headers["ETag"]})
        desk.post(f"{path}/paid", headers={"If-Match": accepted.headers["ETag"]}).raise_for_status()
        listed = desk.get("/api/v1/claim-files", params={"state": "paid", "owner": "Proximus"}).json()
        unknown = desk.get("/api/v1/claim-files", params={"owner": "Nobody"})
        trail = desk.get(f"/api/v1/conflicts/{conflict['id']}").json()["events"]
    assert claim["id"] in [one["id"] for one in listed["items"]]
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "owner")
    assert {"paid"} <= {one["state"] for one in listed["sums"] if one["owner_group"] == "proximus"}
    assert [one["kind"] for one in trail][1:] == ["claimed", *["claim_answered"] * 3]


def test_what_nobody_claimed_yet_is_listed_until_somebody_does(
    street: Street, conflict: dict[str, Any]
) -> None:
    def listed(**only: str) -> list[dict[str, Any]]:
        with street.service.as_("workshop") as client:
            found = client.get("/api/v1/claim-files", params=only).json()["unclaimed"]
        return [one for one in found if one["conflict_id"] == conflict["id"]]

    [one] = listed()
    assert listed(owner="PROXIMUS ") == [one]
    for elsewhere in (
        {"owner": "Fluvius"},
        {"conflict": conflict["id"]},
        {"state": "sent"},
        {"cursor": NOBODY},
    ):
        assert listed(**elsewhere) == [], elsewhere
    assert (one["owner_group"], one["amount_eur"], one["number"]) == ("proximus", 150, conflict["number"])
    street.complete({"id": one["repair_id"]}, on=0, scope="spot")
    assert len(listed()) == 1, "what was filled meanwhile is owed all the same"
    send(street, conflict)
    assert listed() == []


def test_what_cannot_be_claimed(street: Street, conflict: dict[str, Any]) -> None:
    assert send(street, conflict, "partner").status_code == 403
    assert send(street, conflict, amount_eur=-1).status_code == 422
    assert send(street, conflict, amount_eur=90.5).json()["amount_eur"] == 90.5
    again = send(street, conflict)
    assert again.status_code == 409 and "al gevraagd" in again.json()["detail"]
    street.works((30, 44), along=(60, 100))
    other = street.repair(along=(65, 95))
    [clash] = street.conflicts(repair=other["id"], rule="wasted_repair")
    assert send(street, clash).json()["detail"] == "hier geldt geen garantie"
    with street.service.as_("partner") as partner:
        assert partner.get("/api/v1/claim-files").status_code == 403
