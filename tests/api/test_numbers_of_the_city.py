"""`/parameters`: the numbers of a city, read by all, set by the coordinator on record, and found anew before the answer."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from geo_service.cluster import Cluster
from geo_service.domain.parameters import PARAMETER_NAMES, PLACEHOLDERS
from tests.api.scenario import Street
from tests.serving import Service, running

RULES_PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
SOURCE = "prijslijst 2026, post 12"


@pytest.fixture
def service(cluster: Cluster, template: str) -> Iterator[Service]:
    """A service of its own for each test: numbers are for everybody."""
    name = f"numbers_{uuid.uuid4().hex[:12]}"
    with running(cluster.create_database(name, template=template)) as found:
        yield found
    cluster.drop_database(name)


def read(service: Service, name: str, role: str = "viewer") -> dict[str, Any]:
    with service.as_(role) as client:
        items = client.get("/api/v1/parameters").json()["items"]
    return next(one for one in items if one["name"] == name)


def put(service: Service, name: str, value: Any, *, version: int = 0, role: str = "coordinator", **body: Any) -> httpx.Response:  # fmt: skip
    with service.as_(role) as client:
        body = {"value": value, "source": SOURCE, **body}
        return client.put(f"/api/v1/parameters/{name}", json=body, headers={"If-Match": f'"{version}"'})


def test_a_price_that_the_city_sets_counts_at_once_and_stands_on_record(service: Service) -> None:
    street = Street(service, 0)
    street.works((30, 44))
    street.repair()
    before = street.conflicts(rule="wasted_repair")[0]["facts"]["cost_at_risk_eur"]
    assert read(service, "relay_eur_per_m2")["placeholder"]

    answer = put(service, "relay_eur_per_m2", 240.0)

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    assert (answer.json()["value"], answer.json()["default"], answer.json()["placeholder"]) == (
        240,
        120,
        False,
    )
    assert street.conflicts(rule="wasted_repair")[0]["facts"]["cost_at_risk_eur"] == pytest.approx(
        2 * before, rel=0.01
    )
    stored = read(service, "relay_eur_per_m2")
    assert (stored["source"], stored["changed_by"], stored["version"]) == (SOURCE, "test coordinator", 1)
    with service.as_("admin") as admin:
        [entry] = admin.get("/api/v1/audit", params={"action": "parameter_set"}).json()["items"]
    assert (entry["who"], entry["thing"]) == ("test coordinator", "parameter:relay_eur_per_m2")
    assert (entry["facts"]["from"], entry["facts"]["to"], entry["facts"]["source"]) == (120, 240, SOURCE)


def test_who_read_an_older_number_does_not_overwrite_a_newer_one(service: Service) -> None:
    assert put(service, "ring_m", 25.0).status_code == 200
    late = put(service, "ring_m", 30.0)
    assert (late.status_code, read(service, "ring_m")["value"]) == (412, 25)
    assert put(service, "ring_m", 30.0, version=1).json()["version"] == 2
    with service.as_("coordinator") as client:
        unread = client.put("/api/v1/parameters/ring_m", json={"value": 31.0, "source": SOURCE})
    assert unread.status_code == 428


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("ring_m", {"value": 101.0}, "ring_m"),
        ("ring_m", {"value": -1.0}, "ring_m"),
        ("term_high_days", {"value": 2.5}, "term_high_days"),
        ("medium_from_eur", {"value": 2000.0}, "medium_from_eur"),
        ("ring_m", {"value": "20"}, "value"),
        ("ring_m", {"value": 20.0, "source": " "}, "source"),
        ("no_such", {"value": 1.0}, "name"),
    ],
)
def test_a_number_that_cannot_be_is_named(
    service: Service, name: str, body: dict[str, Any], field: str
) -> None:
    answer = put(service, name, **body)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field])
    assert read(service, "ring_m")["version"] == 0


@pytest.mark.parametrize("role", ["viewer", "workshop", "utilities_desk", "partner"])
def test_others_read_and_do_not_set(service: Service, role: str) -> None:
    assert read(service, "ring_m", role)["value"] == 20
    assert put(service, "ring_m", 25.0, role=role).status_code == 403


def test_all_numbers_are_there_and_the_documentation_names_the_same_placeholders(service: Service) -> None:
    with service.as_("viewer") as viewer:
        items = viewer.get("/api/v1/parameters").json()["items"]
    assert [one["name"] for one in items] == list(PARAMETER_NAMES)
    assert all(one["least"] <= one["value"] <= one["most"] for one in items)
    rows = re.findall(r"^\| `(\w+)` \| [\d.]+ \| (.*) \|$", RULES_PAGE, re.MULTILINE)
    assert {name for name, words in rows if "placeholder" in words or "confirm locally" in words} == {
        *PLACEHOLDERS
    }
