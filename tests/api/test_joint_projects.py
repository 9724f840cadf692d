"""One project of two owners, by HTTP: who says so, with what, and where it is listed."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.scenario import Street


@pytest.fixture
def conflict(street: Street) -> dict[str, Any]:
    """Two works on the same days and ground."""
    street.works((3, 60), owner="Fluvius")
    works = street.works((3, 60), owner="Proximus")
    [found] = street.conflicts(works=works["id"], rule="works_clash")
    return found


def decide(
    street: Street, conflict: dict[str, Any], how: str, role: str = "utilities_desk"
) -> httpx.Response:
    path = f"/api/v1/conflicts/{conflict['id']}"
    with street.service.as_(role) as desk:
        etag = desk.get(path).headers["ETag"]
        return desk.post(f"{path}/{how}-joint", headers={"If-Match": etag})


def test_a_desk_confirms_and_refuses(street: Street, conflict: dict[str, Any]) -> None:
    assert conflict["facts"]["joint"] is True
    confirmed = decide(street, conflict, "confirm")
    assert (confirmed.status_code, confirmed.json()["status"]) == (200, "withdrawn"), confirmed.text
    refused = decide(street, conflict, "refuse")
    assert (refused.json()["status"], refused.json()["facts"].get("joint")) == ("open", None)
    with street.service.as_("viewer") as viewer:
        said = viewer.get("/api/v1/joint-projects?status=refused").json()["items"]
    assert conflict["number"] in [one["number"] for one in said]


def test_a_conflict_with_a_repair_is_no_project(street: Street) -> None:
    street.works((30, 44))
    repair = street.repair()
    [found] = street.conflicts(repair=repair["id"])
    refused = decide(street, found, "confirm")
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "niemand houdt deze werken voor één project",
    )


def test_the_workshop_does_not_say_so(street: Street, conflict: dict[str, Any]) -> None:
    assert decide(street, conflict, "confirm", "workshop").status_code == 403
