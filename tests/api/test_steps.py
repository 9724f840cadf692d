"""A routine conflict by HTTP, from open to settled; and each way in which a step is refused, in words."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.scenario import Street, day


class Conflict:
    """The conflict of a repair with works, as its desk reads and changes it."""

    def __init__(self, street: Street) -> None:
        street.works((30, 44))
        repair = street.repair()
        self.service = street.service
        with self.service.as_("viewer") as client:
            self.id = client.get(f"/api/v1/conflicts?repair={repair['id']}").json()["items"][0]["id"]

    def read(self) -> httpx.Response:
        with self.service.as_("viewer") as client:
            return client.get(f"/api/v1/conflicts/{self.id}")

    def step(
        self, name: str, role: str = "utilities_desk", etag: str | None = None, **body: Any
    ) -> httpx.Response:
        with self.service.as_(role) as client:
            headers = {"If-Match": etag or self.read().headers["ETag"]}
            return client.post(f"/api/v1/conflicts/{self.id}/{name}", json=body, headers=headers)


@pytest.fixture
def conflict(street: Street) -> Conflict:
    return Conflict(street)


def test_a_desk_takes_a_conflict_from_open_to_settled(conflict: Conflict) -> None:
    assert conflict.step("assign", department="nutsen", person="Els", due_on=day(7)).status_code == 200
    assert conflict.step("acknowledge").json()["status"] == "acknowledged"
    agreed = conflict.step("agree", kind="hold_until", until=day(50), note="na de test van de leiding")
    assert agreed.json()["agreement"] == {
        "kind": "hold_until",
        "until": day(50),
        "note": "na de test van de leiding",
    }
    settled = conflict.step("settle", note="afgehandeld")

    found = conflict.read()
    assert (found.json()["status"], found.json()["person"], found.json()["due_on"]) == (
        "settled",
        "Els",
        day(7),
    )
    assert found.headers["ETag"] == settled.headers["ETag"]
    assert [event["kind"] for event in found.json()["events"]] == [
        "opened",
        "assign",
        "acknowledge",
        "agree",
        "settle",
    ]
    assert found.json()["events"][-1]["details"] == {"note": "afgehandeld", "status": ["agreed", "settled"]}
    assert conflict.step("undo").json()["status"] == "agreed"


@pytest.mark.parametrize(
    ("name", "role", "body", "status", "words"),
    [
        ("agree", "utilities_desk", {"kind": "hold_until"}, 422, "until"),
        ("agree", "utilities_desk", {"kind": "hold_until", "until": "2026-11-23"}, 422, "kies een dag na vandaag (2026-11-23)"),
        ("agree", "utilities_desk", {"kind": "shake_hands"}, 422, "kind"),
        ("agree", "workshop", {"kind": "combine"}, 403, "de rol werkplaatsen mag dit niet"),
        ("accept-risk", "coordinator", {"reason": "moet"}, 422, "zeg waarom, in minstens 15 tekens"),
        ("accept-risk", "utilities_desk", {"reason": "omdat het moet van de burgemeester"}, 403, "de rol dienst nutsen mag dit niet"),
        ("assign", "utilities_desk", {}, 422, "noem een dienst, een persoon of een dag"),
        ("assign", "utilities_desk", {"department": "brandweer"}, 422, "department"),
        ("comment", "utilities_desk", {"text": ""}, 422, "text"),
        ("reopen", "utilities_desk", {}, 409, "deze stap kan niet bij een conflict dat open is"),
        ("undo", "utilities_desk", {}, 409, "er is geen stap om ongedaan te maken"),
        ("settle", "partner", {}, 403, "de rol partner mag dit niet"),
    ],
)  # fmt: skip
def test_a_step_that_cannot_be_taken_says_why(
    conflict: Conflict, name: str, role: str, body: dict[str, Any], status: int, words: str
) -> None:
    before = conflict.read().json()
    refused = conflict.step(name, role, **body)
    assert refused.status_code == status, refused.text
    assert words in refused.text
    assert conflict.read().json() == before


def test_a_step_needs_the_version_that_was_read(conflict: Conflict) -> None:
    read_before = conflict.read().headers["ETag"]
    conflict.step("acknowledge")
    late = conflict.step("settle", etag=read_before)
    assert (late.status_code, late.json()["detail"]) == (412, "dit conflict staat intussen op versie 2")
    assert conflict.step("settle", etag="*").status_code == 428


def test_a_step_that_is_sent_twice_is_taken_once(conflict: Conflict) -> None:
    headers = {"If-Match": conflict.read().headers["ETag"], "Idempotency-Key": f"once-{conflict.id}"}
    with conflict.service.as_("utilities_desk") as client:
        sent = [
            client.post(f"/api/v1/conflicts/{conflict.id}/settle", json={}, headers=headers) for _ in range(2)
        ]
    assert [answer.status_code for answer in sent] == [200, 200]
    assert [event["kind"] for event in conflict.read().json()["events"]] == ["opened", "settle"]
