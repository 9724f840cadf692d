"""A city with a calendar and an Atom feed at private addresses."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import icalendar
import pytest

from tests.serving import TODAY, Service, box, point, running

ATOM = "{http://www.w3.org/2005/Atom}"
STARTS, ENDS = TODAY + dt.timedelta(days=30), TODAY + dt.timedelta(days=44)


@pytest.fixture(scope="module")
def service(cluster: Any, template: str) -> Iterator[Service]:
    name = f"feeds_{uuid.uuid4().hex[:12]}"
    with running(cluster.create_database(name, template)) as service:
        yield service
    cluster.drop_database(name)


def works_body(owner: str, source_id: str, x: float = 0, **values: Any) -> dict[str, Any]:
    phase = {
        "geometry": box(x, 0, x + 20, 2), "starts_on": STARTS.isoformat(), "ends_on": ENDS.isoformat(), "opens_surface": True,
    }  # fmt: skip
    return {
        "source": "test", "source_id": source_id, "owner": owner, "title": f"Werken {source_id}", "kind": "groundworks",
        "certainty": "planned", "phases": [phase], **values,
    }  # fmt: skip


@pytest.fixture(scope="module")
def works(service: Service) -> dict[str, httpx.Response]:
    """Works of Proximus that a repair meets, and works of Fluvius further on."""
    with service.as_("coordinator") as http:
        made = {
            "proximus": http.post("/api/v1/works", json=works_body("Proximus", "P1")),
            "fluvius": http.post("/api/v1/works", json=works_body("Fluvius", "F1", 500)),
        }
        repair = {"category": "loose_slab", "scope": "spot", "urgency": "normal", "geometry": point(5, 1)}
        assert http.post("/api/v1/repairs", json=repair).status_code == 201
    assert {one.status_code for one in made.values()} == {201}
    return made


def link(service: Service, role: str = "coordinator", **filter_: Any) -> dict[str, Any]:
    with service.as_(role) as http:
        made = http.post("/api/v1/feeds", json={"name": "Test", "filter": filter_})
    assert made.status_code == 201, made.text
    return dict(made.json())


def fetch(service: Service, name: str, token: str, **headers: str) -> httpx.Response:
    """What stands at a private address, for who has nothing but its token."""
    with httpx.Client(base_url=service.url, timeout=30) as anybody:
        return anybody.get(f"/feeds/{name}", params={"token": token}, headers=headers)


def calendar(service: Service, token: str) -> dict[str, icalendar.Event]:
    """The works of the calendar by their summary."""
    answer = fetch(service, "works.ics", token)
    assert answer.status_code == 200, answer.text
    found = icalendar.Calendar.from_ical(answer.content)
    return {str(event["summary"]): event for event in found.walk("VEVENT")}
