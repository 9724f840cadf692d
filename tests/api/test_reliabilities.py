"""`/reliabilities`: how far stated dates may be off, for everybody who may read."""

from __future__ import annotations

from typing import Any

from geo_service.domain.reliability import Reliability
from geo_service.store import reliabilities
from tests.api.scenario import Street
from tests.serving import Service


def read(service: Service, role: str = "viewer", **query: str) -> dict[str, Any]:
    with service.as_(role) as client:
        answer = client.get("/api/v1/reliabilities", params=query)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_everybody_reads_what_counts_and_a_partner_only_its_own(service: Service) -> None:
    with service.engine.begin() as conn:
        for group in ("proximus", "fluvius"):
            reliabilities.fix(conn, group, "planned", Reliability(0, 12, 0.7), "overleg")
    everything = read(service)
    assert [row["certainty"] for row in everything["items"][:4]] == [
        "indicative",
        "planned",
        "confirmed",
        "in_progress",
    ]
    assert {row["origin"] for row in everything["items"][:4]} == {"default"}
    assert (everything["total"], everything["next"]) == (6, None)
    own = read(service, owner="fluvius")["items"][4:]
    assert [(row["owner_group_name"], row["slack_after_days"], row["source"]) for row in own] == [
        ("Fluvius", 12, "overleg")
    ]
    partner = read(service, role="partner", owner="fluvius")["items"][4:]
    assert [row["owner_group"] for row in partner] == ["proximus"]


def test_works_say_how_long_they_take_and_keep_it_over_a_change(street: Street) -> None:
    works = street.works((5, 15), working_days=10)
    moved = street.change_works(works, title="Later")
    assert (works["working_days"], moved["working_days"]) == (10, 10)
    with street.service.as_("utilities_desk") as desk:
        for wrong in (0, 5001, 1.5, "10"):
            refused = desk.patch(
                f"/api/v1/works/{works['id']}",
                json={"working_days": wrong},
                headers={"If-Match": f'"{moved["version"]}"'},
            )
            assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "working_days")
