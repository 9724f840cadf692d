"""Whatever way a text comes in, telephone numbers and addresses in it are for those who call people back, and for nobody else."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.scenario import Street
from tests.serving import Service, point

SAID = "Diepe put, bel 0470 12 34 56 of jan(at)example.be"
PUBLIC = "Diepe put, bel [tel.] of [e-mail]"


def everything_public(service: Service, role: str | None) -> str:
    """All that a reader without the right to call people back can see of texts."""
    paths = [
        "/api/v1/repairs?limit=1000", "/api/v1/repairs.geojson", "/api/v1/works?limit=1000", "/api/v1/works.geojson", "/api/v1/conflicts?limit=1000",
        "/api/v1/conflicts.geojson", "/api/v1/alerts?limit=1000", "/open311/v2/requests.json", "/open311/v2/requests.xml",
    ]  # fmt: skip
    with service.as_(role) as client:
        answers = [client.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [200] * len(paths)
    return "\n".join(answer.text for answer in answers)


def report(service: Service, place: dict[str, Any], **fields: str) -> httpx.Response:
    lon, lat = place["coordinates"]
    form = {"api_key": service.keys["reporter"], "service_code": "pothole", "lat": str(lat), "long": str(lon)}
    with service.as_(None) as client:
        return client.post("/open311/v2/requests.json", data={**form, **fields})


def filed(service: Service, way: str, x: float) -> dict[str, Any]:
    """A repair that came in this way, as the workshop reads it."""
    body = {"category": "pothole", "geometry": point(x, 1), "description": SAID, "reporter": {"name": "Jan"}}
    with service.as_("workshop") as client:
        if way == "POST":
            made = client.post("/api/v1/repairs", json=body)
        elif way == "PATCH":
            made = client.post("/api/v1/repairs", json={**body, "description": "Put"})
            change = {"description": SAID}
            etag = {"If-Match": made.headers["ETag"]}
            made = client.patch(f"/api/v1/repairs/{made.json()['id']}", json=change, headers=etag)
        else:
            answer = report(service, point(x, 1), description=SAID, first_name="Jan")
            number = answer.json()[0]["service_request_id"]
            listed = client.get("/api/v1/repairs?limit=1000").json()["items"]
            [found] = [one for one in listed if one["number"] == number]
            return in_full(client, found["id"])
        assert made.status_code in (200, 201), made.text
        return in_full(client, made.json()["id"])


def in_full(client: httpx.Client, repair_id: str) -> dict[str, Any]:
    """A repair and what stands behind its door."""
    address = f"/api/v1/repairs/{repair_id}"
    return {**client.get(address).json(), **client.get(f"{address}/reporter").json()}


@pytest.mark.parametrize("way", ["POST", "PATCH", "Open311"])
def test_a_report_keeps_its_numbers_with_who_reported_it(service: Service, x: float, way: str) -> None:
    repair = filed(service, way, x)

    assert repair["description"] == PUBLIC
    assert (repair["reporter"]["description"], repair["reporter"]["name"]) == (SAID, "Jan")
    for role in ("viewer", "workshop"):
        seen = everything_public(service, role)
        assert PUBLIC in seen
        assert "12 34 56" not in seen and "example.be" not in seen
    with service.as_("viewer") as viewer:
        assert "reporter" not in viewer.get(f"/api/v1/repairs/{repair['id']}").json()


def test_a_text_without_numbers_is_kept_once(service: Service, street: Street) -> None:
    repair = street.repair(description="Put van 30 cm")
    with service.as_("workshop") as client:
        found = in_full(client, repair["id"])
    assert (found["description"], found["reporter"]) == ("Put van 30 cm", None)


def test_works_say_what_is_done_and_whom_to_call_is_not_public(service: Service, street: Street) -> None:
    made = street.works((30, 44), title="Kabel, werfleider 0470123456", description=SAID)
    changed = street.change_works(made, title="Kabel, werfleider +32 470 12 34 56")

    assert (made["title"], made["description"]) == ("Kabel, werfleider [tel.]", PUBLIC)
    assert changed["title"] == "Kabel, werfleider [tel.]"
    seen = everything_public(service, "viewer")
    assert "Kabel, werfleider [tel.]" in seen
    assert "0470123456" not in seen and "470 12 34 56" not in seen
