"""A site on which citizens report, as far as a city sees it: what FixMyStreet sends and asks, in the form in which it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import httpx

from tests.api.scenario import Street
from tests.serving import STREET, TO_WGS84, Service

PATH = "/open311/v2"
CITIZEN = {
    "email": "zonderling@example.org",
    "first_name": "Jan",
    "last_name": "Peeters-Zonderling",
    "phone": "0470 55 44 33",
}
FIXMYSTREET_TEXT = "title:  Put voor de deur\n\ndetail: Diepe put, bel 0470 55 44 33\n\nurl: https://fix.example/report/1\n\nSubmitted via FixMyStreet\n"


@dataclass
class Site:
    """Files and asks as FixMyStreet does: forms in, XML out."""

    service: Service

    def file(
        self, x: float, y: float = 1, *, form: str = "xml", language: str = "en", **fields: Any
    ) -> httpx.Response:
        """POST a report at a place on the test street; a field that is None is left out."""
        lon, lat = TO_WGS84.transform(STREET[0] + x, STREET[1] + y)
        sent = {
            "api_key": self.service.keys["reporter"],
            "jurisdiction_id": "izegem.be",
            "service_code": "pothole",
            "lat": f"{lat:.7f}",
            "long": f"{lon:.7f}",
            "description": FIXMYSTREET_TEXT,
            **CITIZEN,
            **fields,
        }
        data = {name: value for name, value in sent.items() if value is not None}
        with self.service.as_(None) as client:
            return client.post(f"{PATH}/requests.{form}", data=data, headers={"Accept-Language": language})

    def filed(self, x: float, **fields: Any) -> str:
        """The id under which a report was taken."""
        return text(self.file(x, **fields), "request/service_request_id")

    def add(self, request_id: str, *, form: str = "xml", **fields: Any) -> httpx.Response:
        """POST what a citizen adds to a report, as FixMyStreet sends its updates; a field that is None is left out."""
        sent = {
            "api_key": self.service.keys["reporter"],
            "jurisdiction_id": "izegem.be",
            "service_request_id": request_id,
            "update_id": "77",
            "updated_datetime": "2026-11-23T09:30:00+01:00",
            "status": "OPEN",
            "description": "De put is dieper geworden",
            **CITIZEN,
            **fields,
        }
        data = {name: value for name, value in sent.items() if value is not None}
        with self.service.as_(None) as client:
            return client.post(
                f"{PATH}/servicerequestupdates.{form}", data=data, headers={"Accept-Language": "en"}
            )

    def get(self, path: str, *, language: str = "nl", **query: Any) -> httpx.Response:
        """Ask without a key."""
        with self.service.as_(None) as client:
            return client.get(f"{PATH}/{path}", params=query, headers={"Accept-Language": language})

    def request(self, request_id: str) -> dict[str, Any]:
        """One request as JSON."""
        answer = self.get(f"requests/{request_id}.json")
        assert answer.status_code == 200, answer.text
        (found,) = answer.json()
        return dict(found)

    def updates(self, request_id: str, **query: Any) -> list[tuple[str, str]]:
        """(status, description) of every update on one request, oldest first."""
        root = tree(self.get("servicerequestupdates.xml", **query))
        told = [{child.tag: child.text or "" for child in one} for one in root]
        mine = [one for one in told if one["service_request_id"] == request_id]
        return [(one["status"], one["description"].replace("\u00a0", " ")) for one in mine]


def repair_of(street: Street, request_id: str) -> dict[str, Any]:
    """The repair behind a request and what stands behind its door, as the workshop sees them."""
    with street.service.as_("workshop") as workshop:
        items = workshop.get("/api/v1/repairs?limit=1000").json()["items"]
        (found,) = [item for item in items if item["number"] == request_id]
        address = f"/api/v1/repairs/{found['id']}"
        return {**workshop.get(address).json(), **workshop.get(f"{address}/reporter").json()}


def tree(answer: httpx.Response) -> ElementTree.Element:
    """The root of an answer in XML."""
    assert answer.headers["content-type"] == "text/xml; charset=utf-8", answer.text
    assert answer.text.lower().startswith("<?xml version='1.0' encoding='utf-8'?>")
    return ElementTree.fromstring(answer.content)


def text(answer: httpx.Response, path: str) -> str:
    """What stands in one place of an answer in XML."""
    assert answer.status_code == 200, answer.text
    return tree(answer).findtext(path) or ""


def errors(answer: httpx.Response) -> list[tuple[int, str]]:
    """The errors of an answer, in either format."""
    if answer.headers["content-type"].startswith("application/json"):
        return [(one["code"], one["description"]) for one in answer.json()]
    root = tree(answer)
    assert root.tag == "errors"
    return [(int(one.findtext("code") or 0), one.findtext("description") or "") for one in root]
