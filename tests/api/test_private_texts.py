"""Whatever way a text comes in, telephone numbers and addresses in it are for those who call people back, and for nobody else."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.scenario import Street
from tests.serving import Service, point

SAID = "Diepe put, bel 0470 12 34 56 of jan(at)example.be, auto 1-ABC-123"
PUBLIC = "Diepe put, bel [tel.] of [e-mail], auto [nummerplaat]"
SIGNED, SIGNED_PUBLIC = f"{SAID}. Jan Zonderling", f"{PUBLIC}. [naam]"


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
    body = {
        "category": "pothole",
        "geometry": point(x, 1),
        "description": SIGNED,
        "reporter": {"name": "Jan Zonderling"},
    }
    with service.as_("workshop") as client:
        if way == "POST":
            made = client.post("/api/v1/repairs", json=body)
        elif way == "PATCH":
            made = client.post("/api/v1/repairs", json={**body, "description": "Put"})
            change = {"description": SIGNED}
            etag = {"If-Match": made.headers["ETag"]}
            made = client.patch(f"/api/v1/repairs/{made.json()['id']}", json=change, headers=etag)
        else:
            answer = report(
                service, point(x, 1), description=SIGNED, first_name="Jan", last_name="Zonderling"
            )
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

    assert repair["description"] == SIGNED_PUBLIC
    assert (repair["reporter"]["description"], repair["reporter"]["name"]) == (SIGNED, "Jan Zonderling")
    for role in ("viewer", "workshop"):
        seen = everything_public(service, role)
        assert SIGNED_PUBLIC in seen
        assert not any(one in seen for one in ("12 34 56", "example.be", "1-ABC-123", "Zonderling"))
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


def test_a_remark_is_masked_and_its_original_stands_behind_the_door(service: Service, street: Street) -> None:
    repair = street.repair(remark=SIGNED, reporter={"naam": "Zonderling"})
    with service.as_("workshop") as client:
        found = in_full(client, repair["id"])
    assert (found["remark"], found["reporter"]["remark"]) == (f"{PUBLIC}. Jan [naam]", SIGNED)


@pytest.mark.parametrize(
    ("step", "words"),
    [("comment", {"text": SAID}), ("acknowledge", {"note": SAID}), ("accept-risk", {"reason": SAID})],
)
def test_what_a_desk_writes_beside_a_conflict_is_masked(
    service: Service, street: Street, step: str, words: dict[str, str]
) -> None:
    street.works((30, 44))
    street.repair(scope="section")
    with service.as_("coordinator") as client:
        [conflict, *_] = client.get("/api/v1/conflicts?limit=1000").json()["items"][::-1]
        address = f"/api/v1/conflicts/{conflict['id']}"
        etag = client.get(address).headers["ETag"]
        taken = client.post(f"{address}/{step}", json=words, headers={"If-Match": etag})
        assert taken.status_code == 200, taken.text
        trail = client.get(address).text
    assert PUBLIC in trail and "12 34 56" not in trail and "1-ABC-123" not in trail
