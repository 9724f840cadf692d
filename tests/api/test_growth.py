"""What a client sends twice as large takes at most some three times as long: no loop over it is square, and no answer repeats it all."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from geo_service.api.schemas.common import MOST_NAMED
from tests.serving import Service, point

MANY = 40_000
AT_MOST = 3.2
"""Times as long; a square loop takes four times."""
NOISE_S = 0.25
ROUNDS = 3


def unknown(n: int) -> dict[str, Any]:
    return {f"key{number}": 1 for number in range(n)}


def points(n: int) -> list[list[float]]:
    """Along the same 280 m, however many: a longer line meets more ground, or is refused."""
    return [[3.2 + 0.004 * number / n, 50.9] for number in range(n)]


def collection(n: int) -> dict[str, Any]:
    return {"type": "GeometryCollection", "geometries": [point(0, 0)] * n}


BODIES: dict[str, tuple[str, Callable[[int], Any]]] = {
    "unknown keys of works": ("works", unknown),
    "unknown keys of a repair": ("repairs", unknown),
    "unknown keys of a question": ("advice", unknown),
    "unknown keys of a rule": ("rules/wasted_repair/preview", unknown),
    "unknown keys of a subscription": ("subscriptions", unknown),
    "unknown keys of a filter": ("subscriptions", lambda n: {"target": "https://example.org/", "filter": unknown(n)}),
    "unknown keys of an import": ("imports", unknown),
    "unknown keys of a phase": ("works", lambda n: {"phases": [unknown(n)]}),
    "unknown keys of every phase": ("works", lambda n: {"phases": [unknown(n // 500)] * 500}),
    "phases without anything": ("works", lambda n: {"phases": [{}] * n}),
    "utilities that are numbers": ("works", lambda n: {"utilities": [1] * n}),
    "severities that are none": ("subscriptions", lambda n: {"filter": {"severities": ["x"] * n}}),
    "points of a line": ("advice", lambda n: {"geometry": {"type": "LineString", "coordinates": points(n // 2)}}),
    "coordinates that are words": ("advice", lambda n: {"geometry": {"type": "LineString", "coordinates": ["x"] * n}}),
    "parts of a collection": ("advice", lambda n: {"geometry": collection(n)}),
    "members of a geometry": ("advice", lambda n: {"geometry": {**point(0, 0), **unknown(n)}}),
    "members of a reporter": ("repairs", lambda n: {"category": "other", "geometry": point(0, 0), "reporter": unknown(n)}),
    "letters of a description": ("repairs", lambda n: {"category": "other", "geometry": point(0, 0), "description": "a.b" * n}),
    "letters of a name": ("works", lambda n: {"x" * n: 1}),
}  # fmt: skip


def seconds(service: Service, path: str, body: bytes) -> float:
    def once() -> float:
        with service.as_("coordinator", **{"Content-Type": "application/json"}) as client:
            start = time.process_time()  # of server and client together, whatever else the machine does
            answer = client.post(f"/api/v1/{path}", content=body)
            taken = time.process_time() - start
        assert answer.status_code in (200, 422), answer.text[:300]
        assert len(answer.content) < 60_000
        return taken

    return min(once() for _ in range(ROUNDS))


@pytest.mark.parametrize("name", BODIES)
def test_twice_as_much_takes_no_more_than_some_three_times_as_long(service: Service, name: str) -> None:
    path, body = BODIES[name]
    once, twice = (seconds(service, path, json.dumps(body(size)).encode()) for size in (MANY, 2 * MANY))

    assert twice < AT_MOST * once + NOISE_S, f"{once:.2f} s, then {twice:.2f} s"


@pytest.mark.parametrize("path", ["works", "subscriptions", "imports"])
@pytest.mark.parametrize(("language", "said"), [("nl", "alleen de eerste 50 staan hier"), ("en", "only the first 50 are named")])  # fmt: skip
def test_of_many_that_are_wrong_the_first_fifty_are_named_and_the_answer_says_so(
    service: Service, path: str, language: str, said: str
) -> None:
    with service.as_("coordinator", **{"Accept-Language": language}) as client:
        many = client.post(f"/api/v1/{path}", json=unknown(MANY)).json()
        few = client.post(f"/api/v1/{path}", json=unknown(10)).json()

    fields = [error["field"] for error in many["errors"]]
    assert len(fields) == MOST_NAMED
    assert {"key0", "key40"} <= set(fields)
    assert many["detail"].endswith(said)
    assert said not in few["detail"]


def test_no_body_has_a_list_without_a_limit(service: Service) -> None:
    """A million findings of a million small things are a gigabyte."""
    with service.as_("viewer") as client:
        document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    asked = [
        media["schema"]
        for operations in document["paths"].values()
        for operation in operations.values()
        for media in operation.get("requestBody", {}).get("content", {}).values()
    ]

    def lists(schema: Any, where: str) -> list[str]:
        if isinstance(schema, list):
            return [found for one in schema for found in lists(one, where)]
        if not isinstance(schema, dict):
            return []
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return lists(schemas[name], name)
        if schema.get("title") == "GeoJSON geometry (RFC 7946)":
            return []  # counted by its points
        here = [where] if schema.get("type") == "array" and "maxItems" not in schema else []
        return here + [found for name, one in schema.items() for found in lists(one, f"{where}.{name}")]

    assert asked
    assert [found for schema in asked for found in lists(schema, "body")] == []
