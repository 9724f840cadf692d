"""Valid bodies with one part replaced by anything at all: an answer with a reason, never a 500."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.scenario import Street, day
from tests.serving import Service, box

ZONE = box(0, 0, 5, 2)
REPAIR: dict[str, Any] = {"category": "pothole", "geometry": ZONE}
PHASE: dict[str, Any] = {"geometry": ZONE, "starts_on": day(30), "ends_on": day(44)}
WORKS: dict[str, Any] = {"owner": "Proximus", "title": "Leidingen", "kind": "groundworks", "phases": [PHASE]}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from([10**400, "2026-12-24", "\ud800", "\x00", -1, 1e308, ZONE, {}, [], "section", "x" * 400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inner:
        yield from _places(part, (*at, name))


def _with(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    if not at:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[at[0]] = _with(value[at[0]], at[1:], new)
    return copied


ASKED = {"geometry": ZONE, "scope": "section", "urgency": "low", "starts_on": day(3), "ends_on": day(4)}
DONE = {"finished_on": day(-1), "scope": "section", "area_m2": 4.5, "cost_eur": 100}
FULL_REPAIR = {**REPAIR, "description": "put", "reported_at": "2026-11-23T08:00:00Z", "reporter": {"name": "Jan"}}  # fmt: skip
RULE = {
    "clearance_m": 1.5,
    "before_days": 3,
    "severity": "low",
    "departments": ["nutsen"],
    "life": "active",
    "reason": "proef",
    "version": 1,
}
FULL_WORKS = {**WORKS, "utilities": ["gas"], "phases": [{**PHASE, "surfaces": ["voetpad"]}]}


@pytest.mark.parametrize(
    ("method", "path", "valid"),
    [
        ("POST", "/works", FULL_WORKS),
        ("PATCH", "/works/{works}", FULL_WORKS),
        ("POST", "/repairs", FULL_REPAIR),
        ("PATCH", "/repairs/{repair}", {**REPAIR, "planned": None}),
        ("POST", "/repairs/{repair}/schedule", {"starts_on": day(3), "ends_on": day(4)}),
        ("POST", "/repairs/{repair}/complete", DONE),
        ("POST", "/advice", ASKED),
        ("POST", "/advice/batch", {"rows": [ASKED, ASKED]}),
        ("POST", "/rules/works_clash/preview", RULE),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_mutilated_body_is_a_500(
    service: Service, x: float, method: str, path: str, valid: dict[str, Any]
) -> None:
    street = Street(service, x)
    ids = {"repair": street.repair()["id"], "works": street.works((30, 44), along=(100, 140))["id"]}
    address = "/api/v1" + path.format(**ids)
    places = list(_places(valid))
    with service.as_("coordinator", **{"Content-Type": "application/json"}) as client:
        send: Callable[..., httpx.Response] = client.request

        @settings(
            max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck),
            database=None,
        )  # fmt: skip
        @given(place=st.sampled_from(places), new=JSON)
        def mutilate(place: tuple[Any, ...], new: Any) -> None:
            etag = client.get(address).headers.get("ETag", '"1"') if method == "PATCH" else '"1"'
            answer = send(
                method, address, content=json.dumps(_with(valid, place, new)), headers={"If-Match": etag}
            )
            assert answer.status_code < 500, (place, new, answer.text)
            if answer.status_code in (400, 422):
                assert all(error["field"] and error["message"] for error in answer.json()["errors"])

        mutilate()
