"""Good bodies to spoil, and the refusal that each spoilt one must get."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from tests.api.scenario import day
from tests.serving import Service, box

TABLES = ("works", "phases", "repairs", "reporters", "organisations", "claims", "conflicts", "alerts", "idempotency_keys")  # fmt: skip
ZONE = box(0, 0, 5, 2)
CIRCLE = [[3.2 + 0.001 * math.cos(i / 1e4), 50.9 + 0.001 * math.sin(i / 1e4)] for i in range(62_832)]

REPAIR: dict[str, Any] = {"category": "pothole", "geometry": ZONE}
PHASE: dict[str, Any] = {"geometry": ZONE, "starts_on": day(30), "ends_on": day(44)}
WORKS: dict[str, Any] = {
    "owner": "Proximus",
    "title": "Plaatsen leidingen",
    "kind": "groundworks",
    "phases": [PHASE],
}


def polygon(*ring: Any) -> dict[str, Any]:
    """A GeoJSON polygon with one ring, as wrong as it is given."""
    return {"type": "Polygon", "coordinates": [list(ring)]}


def nested(levels: int) -> dict[str, Any]:
    """A collection in a collection in a …"""
    shape = ZONE
    for _ in range(levels):
        shape = {"type": "GeometryCollection", "geometries": [shape]}
    return shape


@pytest.fixture
def unchanged(service: Service) -> Iterator[None]:
    """Fails when the test has left a row, anywhere."""
    before = counts(service)
    yield
    assert counts(service) == before


def counts(service: Service) -> dict[str, int]:
    with service.engine.connect() as conn:
        return {name: conn.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in TABLES}


def post(service: Service, path: str, body: Any, role: str = "coordinator") -> httpx.Response:
    """As JSON that may hold NaN and half surrogate pairs."""
    with service.as_(role, **{"Content-Type": "application/json"}) as client:
        return client.post(f"/api/v1{path}", content=json.dumps(body))


def refused(answer: httpx.Response, field: str, code: str, status: int = 422) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["code"] == ("unsupported_media_type" if status == 415 else "invalid_input")
    told = [(error["field"], error["code"]) for error in problem["errors"]]
    assert (field, code) in told, problem
    for error in problem["errors"]:
        assert error["message"], problem
        assert "pydantic" not in error["message"] and "dictionary" not in error["message"]
