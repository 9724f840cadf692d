"""Golden scenarios in few words: the even footpath of a street 12 m wide (y 0–2), the odd one at y 10–12."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx

from tests.serving import TODAY, Service, box

_ids = itertools.count(12_350_000)


def day(offset: int) -> str:
    """A day counted from today."""
    return (TODAY + timedelta(days=offset)).isoformat()


def as_day(text: str) -> date:
    """Back from what the API says."""
    return date.fromisoformat(text)


@dataclass
class Street:
    """A piece of street of its own; `x` is where it begins."""

    service: Service
    x: float

    def works(
        self,
        days: tuple[int, int],
        *,
        odd: bool = False,
        along: tuple[float, float] = (0, 40),
        across: tuple[float, float] | None = None,
        **fields: Any,
    ) -> dict[str, Any]:
        """Register works on a footpath; returns them as stored, with `etag`."""
        y0, y1 = across or ((10.5, 11.5) if odd else (0.5, 1.5))
        zone = box(self.x + along[0], y0, self.x + along[1], y1)
        body = {
            "source": "gipod",
            "source_id": str(next(_ids)),
            "owner": "Proximus",
            "title": "Plaatsen leidingen",
            "kind": "groundworks",
            "certainty": "confirmed",
            "phases": [{"geometry": zone, "starts_on": day(days[0]), "ends_on": day(days[1])}],
            **fields,
        }
        with self.service.as_("utilities_desk") as desk:
            return _stored(desk.post("/api/v1/works", json=body))

    def change_works(self, works: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """The next news of the same works."""
        with self.service.as_("utilities_desk") as desk:
            found = desk.get(f"/api/v1/works/{works['id']}")
            return _stored(
                desk.patch(
                    f"/api/v1/works/{works['id']}", json=fields, headers={"If-Match": found.headers["ETag"]}
                )
            )

    def slip(self, works: dict[str, Any], days: tuple[int, int]) -> dict[str, Any]:
        """The same works, on other days."""
        phase = {**works["phases"][0], "starts_on": day(days[0]), "ends_on": day(days[1])}
        return self.change_works(
            works,
            phases=[{name: phase[name] for name in ("geometry", "starts_on", "ends_on", "opens_surface")}],
        )

    def repair(
        self,
        *,
        scope: str = "section",
        along: tuple[float, float] = (5, 35),
        across: tuple[float, float] = (0, 2),
        **fields: Any,
    ) -> dict[str, Any]:
        """Report a defect on the even footpath."""
        body = {
            "category": "pothole",
            "scope": scope,
            "geometry": box(self.x + along[0], across[0], self.x + along[1], across[1]),
            **fields,
        }
        with self.service.as_("workshop") as workshop:
            return _stored(workshop.post("/api/v1/repairs", json=body))

    def schedule(
        self, repair: dict[str, Any], days: tuple[int, int], role: str = "workshop", **fields: Any
    ) -> httpx.Response:
        """Try to give a repair its days."""
        with self.service.as_(role) as client:
            body = {"starts_on": day(days[0]), "ends_on": day(days[1]), **fields}
            return client.post(f"/api/v1/repairs/{repair['id']}/schedule", json=body)

    def complete(
        self, repair: dict[str, Any], on: int, scope: str = "section", **fields: Any
    ) -> dict[str, Any]:
        """Report a repair finished."""
        with self.service.as_("workshop") as workshop:
            return _stored(
                workshop.post(
                    f"/api/v1/repairs/{repair['id']}/complete",
                    json={"finished_on": day(on), "scope": scope, **fields},
                )
            )

    def advice(self, repair: dict[str, Any]) -> dict[str, Any]:
        """What the service says of a stored repair."""
        return self._read(f"/api/v1/repairs/{repair['id']}/advice")

    def conflicts(self, **filters: Any) -> list[dict[str, Any]]:
        """Live conflicts, with filters as the API knows them."""
        found: list[dict[str, Any]] = self._read("/api/v1/conflicts", **filters)["items"]
        return found

    def alerts(self, repair: dict[str, Any]) -> list[dict[str, Any]]:
        """What was told about a repair, in order."""
        items = self._read("/api/v1/alerts", after=0, limit=1000)["items"]
        return [item for item in items if item["repair_id"] == repair["id"]]

    def _read(self, path: str, **query: Any) -> dict[str, Any]:
        with self.service.as_("viewer") as viewer:
            return _stored(viewer.get(path, params=query))


def plain(text: str) -> str:
    """A sentence with ordinary spaces where it has some that do not break."""
    return text.replace("\u00a0", " ")


def _stored(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code in (200, 201), response.text
    found: dict[str, Any] = response.json()
    return found
