"""A GIS that writes works and repairs through OGC API – Features Part 4."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.api.scenario import Street, day
from tests.serving import STREET, box

WORKS, REPAIRS = "/ogc/collections/works/items", "/ogc/collections/repairs/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0"


def metres(x0: float, y0: float, x1: float, y1: float, *, flipped: bool = False) -> dict[str, Any]:
    """A rectangle on the test street in Lambert 72."""
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
    ring = [[STREET[0] + x, STREET[1] + y] for x, y in corners]
    return {"type": "Polygon", "coordinates": [[at[::-1] for at in ring] if flipped else ring]}


def works_feature(street: Street, days: tuple[int, int] = (30, 44), **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": box(street.x, 0.5, street.x + 40, 1.5),
        "properties": {
            "owner": "Proximus", "title": "Glasvezel", "kind": "groundworks", "certainty": "confirmed",
            "starts_on": day(days[0]), "ends_on": day(days[1]), **properties,
        },
    }  # fmt: skip


def repair_feature(street: Street, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": box(street.x + 5, 0, street.x + 35, 2),
        "properties": {"category": "pothole", "scope": "section", "urgency": "normal", **properties},
    }


def send(
    street: Street, method: str, path: str, body: Any = None, role: str = "utilities_desk", **headers: str
) -> httpx.Response:
    with street.service.as_(role, **headers) as client:
        return client.request(method, path, json=body)


def drawn(street: Street, path: str = WORKS, body: Any = None, **headers: str) -> dict[str, Any]:
    """A new feature, with the path and the ETag that it is answered with."""
    role = "utilities_desk" if path == WORKS else "workshop"
    feature = body or (works_feature(street) if path == WORKS else repair_feature(street))
    answer = send(street, "POST", path, feature, role, **headers)
    assert answer.status_code == 201, answer.text
    return {
        **answer.json(),
        "path": urlsplit(answer.headers["Location"]).path,
        "etag": answer.headers["ETag"],
    }


def read(street: Street, path: str) -> Any:
    with street.service.as_("viewer") as viewer:
        return viewer.get(path).raise_for_status().json()


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    found = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, found["code"], found.get("errors", [{}])[0].get("field", "")
