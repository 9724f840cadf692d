"""`/requests` by HTTP: the desk asks, the utility answers its own, and nobody else."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.scenario import Street


@pytest.fixture
def works(street: Street) -> dict[str, Any]:
    """Works of Proximus on the footpath of a repair."""
    works = street.works((100, 114))
    street.repair()
    return works


def ask(street: Street, works: dict[str, Any], role: str = "utilities_desk", **body: Any) -> httpx.Response:
    with street.service.as_(role) as client:
        return client.post("/api/v1/requests", json={"works": works["id"], **body})


def answer(street: Street, request: dict[str, Any], how: str, role: str = "partner") -> httpx.Response:
    path = f"/api/v1/requests/{request['id']}"
    with street.service.as_("utilities_desk") as desk:
        etag = desk.get(path).headers["ETag"]
    with street.service.as_(role) as client:
        return client.post(f"{path}/{how}", json={"note": "in week 10"}, headers={"If-Match": etag})


def test_the_desk_asks_the_utility_answers_and_the_repair_waits(
    street: Street, works: dict[str, Any]
) -> None:
    asked = ask(street, works)
    assert asked.status_code == 201, asked.text
    request = asked.json()
    assert request["state"] == "asked" and request["repair_numbers"]
    assert "Antwoord graag ten laatste" in request["mail_text"]
    said = answer(street, request, "yes")
    assert (said.status_code, said.json()["state"], said.json()["answer_note"]) == (200, "yes", "in week 10")
    advice = street.advice({"id": request["repairs"][0]})
    assert (advice["verdict"], advice["reasons"][0]["code"]) == ("wait", "agreed_full_width")
    assert answer(street, request, "done").json()["state"] == "done"
    with street.service.as_("partner") as partner:
        mine = partner.get("/api/v1/requests", params={"works": works["id"]}).json()
    assert [one["state"] for one in mine["items"]] == ["done"]


def test_a_partner_neither_sees_nor_answers_what_another_is_asked(street: Street) -> None:
    works = street.works((100, 114), owner="Fluvius")
    street.repair()
    request = ask(street, works).json()
    with street.service.as_("partner") as partner:
        assert partner.get(f"/api/v1/requests/{request['id']}").status_code == 404
        assert partner.get("/api/v1/requests", params={"works": works["id"]}).json()["items"] == []
    assert answer(street, request, "yes").status_code == 404


def test_what_is_refused_says_why(street: Street, works: dict[str, Any]) -> None:
    assert ask(street, works, "workshop").status_code == 403
    assert ask(street, works, "partner").status_code == 403
    late = ask(street, works, due_on="2026-11-01")
    assert (late.status_code, late.json()["code"]) == (422, "invalid_input")
    assert ask(street, works, width_m=-1).status_code == 422
    request = ask(street, works).json()
    again = ask(street, works)
    assert (again.status_code, again.json()["detail"]) == (409, f"dit is al gevraagd: {request['number']}")
    done = answer(street, request, "done")
    assert (done.status_code, done.json()["detail"]) == (
        409,
        "dit antwoord past niet bij een vraag met stand “gevraagd”",
    )
    with street.service.as_("utilities_desk") as desk:
        assert desk.post(f"/api/v1/requests/{request['id']}/yes", json={}).status_code == 428
