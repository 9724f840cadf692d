"""`/reliabilities`: how far stated dates may be off, for everybody who may read."""

from __future__ import annotations

from typing import Any

from geo_service.domain.reliability import Reliability
from geo_service.store import reliabilities
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
