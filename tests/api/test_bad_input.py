"""Whatever is sent: a problem that names the field and says what would be right, nothing half-stored, never a 500."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from tests.api.scenario import Street, day
from tests.serving import Service, box, point

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


BAD_GEOMETRIES: dict[str, tuple[Any, str]] = {
    "null": (None, "geometry_missing"),
    "an empty object": ({}, "geometry_missing"),
    "text": ("POINT(3.2 50.9)", "geometry_malformed"),
    "a list": ([3.2, 50.9], "geometry_malformed"),
    "a Feature": ({"type": "Feature", "geometry": ZONE, "properties": {}}, "geometry_type_unknown"),
    "a FeatureCollection": ({"type": "FeatureCollection", "features": []}, "geometry_type_unknown"),
    "an unknown type": ({"type": "Circle", "coordinates": [3.2, 50.9]}, "geometry_type_unknown"),
    "a type that is a list": ({"type": ["Point"], "coordinates": [3.2, 50.9]}, "geometry_type_unknown"),
    "latitude first": ({"type": "Point", "coordinates": [50.9, 3.2]}, "geometry_axes_swapped"),
    "no coordinates": ({"type": "Polygon"}, "geometry_malformed"),
    "empty coordinates": ({"type": "Polygon", "coordinates": []}, "geometry_empty"),
    "an empty ring": (polygon(), "geometry_empty"),
    "an empty point": ({"type": "Point", "coordinates": []}, "geometry_empty"),
    "an empty collection": ({"type": "GeometryCollection", "geometries": []}, "geometry_empty"),
    "a collection of null": ({"type": "GeometryCollection", "geometries": [None]}, "geometry_malformed"),
    "two corners": (polygon([3.2, 50.9], [3.21, 50.9]), "geometry_malformed"),
    "a bow tie": (
        polygon([3.2, 50.9], [3.21, 50.91], [3.21, 50.9], [3.2, 50.91], [3.2, 50.9]),
        "geometry_self_crossing",
    ),
    "no area": (polygon([3.2, 50.9], [3.21, 50.9], [3.2, 50.9], [3.2, 50.9]), "geometry_empty"),
    "a line of no length": (
        {"type": "LineString", "coordinates": [[3.2, 50.9], [3.2, 50.9]]},
        "geometry_malformed",
    ),
    "one number": ({"type": "Point", "coordinates": [3.2]}, "geometry_malformed"),
    "four numbers": ({"type": "Point", "coordinates": [3.2, 50.9, 12, 4]}, "geometry_malformed"),
    "heights on some points": (
        {"type": "LineString", "coordinates": [[3.2, 50.9], [3.21, 50.9, 5]]},
        "geometry_malformed",
    ),
    "numbers as text": ({"type": "Point", "coordinates": ["3.2", "50.9"]}, "geometry_malformed"),
    "true for a number": ({"type": "Point", "coordinates": [True, 50.9]}, "geometry_malformed"),
    "null for a number": ({"type": "Point", "coordinates": [None, None]}, "geometry_malformed"),
    "NaN": (polygon([math.nan, 50.9], [3.21, 50.9], [3.21, 50.91]), "geometry_not_finite"),
    "infinity": ({"type": "Point", "coordinates": [math.inf, 50.9]}, "geometry_not_finite"),
    "a number of 400 digits": ({"type": "Point", "coordinates": [10**400, 50]}, "geometry_number_too_large"),
    "62 832 corners": (polygon(*CIRCLE, CIRCLE[0]), "geometry_too_large"),
    "over the antimeridian": (
        polygon([179, 50], [-179, 50], [-179, 51], [179, 51], [179, 50]),
        "geometry_outside_region",
    ),
    "the gulf of Guinea": ({"type": "Point", "coordinates": [0, 0]}, "geometry_outside_region"),
    "metres without saying so": (
        {"type": "Point", "coordinates": [80_000, 190_000]},
        "geometry_outside_region",
    ),
    "another CRS inside": (
        {**ZONE, "crs": {"type": "name", "properties": {"name": "EPSG:31370"}}},
        "crs_not_supported",
    ),
    "a CRS in text": ({**ZONE, "crs": "EPSG:4326"}, "crs_not_supported"),
    "half a surrogate pair": (
        {**ZONE, "crs": {"properties": {"name": "\ud800"}}},
        "not_storable",
    ),
    "300 collections deep": (nested(300), "geometry_nested_too_deeply"),
}
BAD_DAYS = (
    "9999-12-31", "0001-01-01", "1949-12-31", "2200-01-01", "2026-02-30", "2026-13-01", "20261224", "24/12/2026", "2026-12-24T00:00:00Z",
    "2026-12-2४", "", 1766530000, 17, True, None,
)  # fmt: skip

BAD_REPAIRS: list[tuple[dict[str, Any], str, str]] = [
    ({"category": "hole"}, "category", "literal_error"),
    ({"category": 5}, "category", "literal_error"),
    ({"urgency": "urgent"}, "urgency", "literal_error"),
    ({"scope": None}, "scope", "literal_error"),
    ({"status": "done"}, "status", "extra_forbidden"),
    ({"descripton": "typing error"}, "descripton", "extra_forbidden"),
    ({"description": "x" * 2_000_000}, "description", "string_too_long"),
    ({"description": "a\x00b"}, "description", "not_storable"),
    ({"description": "\ud800"}, "description", "string_unicode"),
    ({"description": 5}, "description", "string_type"),
    ({"planned": {}}, "planned.starts_on", "missing"),
    ({"planned": {"starts_on": day(5), "ends_on": day(3)}}, "planned.ends_on", "ends_before_start"),
    ({"planned": {"starts_on": day(5), "ends_on": day(5)}}, "planned.ends_on", "ends_before_start"),
    ({"reported_at": "2026-11-23T08:00:00"}, "reported_at", "no_zone"),
    ({"reported_at": "9999-12-31T23:59:59-12:00"}, "reported_at", "date_out_of_range"),
    ({"reported_at": "0001-01-01T00:00:00+14:00"}, "reported_at", "date_out_of_range"),
    ({"reported_at": 0}, "reported_at", "instant_malformed"),
    ({"reporter": "Jan"}, "reporter", "dict_type"),
    ({"reporter": {"name": "x" * 5_000}}, "reporter", "too_long"),
    ({"reporter": {"age": math.nan}}, "reporter", "not_finite"),
    ({"reporter": {"\ud800": 1}}, "reporter", "not_storable"),
    ({"reporter": {"name": "\x00"}}, "reporter", "not_storable"),
    ({"reporter": {"a": json.loads("[" * 90 + "]" * 90)}}, "reporter", "nested_too_deeply"),
]
BAD_WORKS: list[tuple[dict[str, Any], str, str]] = [
    ({"owner": " "}, "owner", "string_too_short"),
    ({"owner": "\u200b"}, "owner", "no_text"),
    ({"owner": "-"}, "owner", "no_name"),
    ({"owner": "x" * 301}, "owner", "string_too_long"),
    ({"owner": None}, "owner", "string_type"),
    ({"owner": "00000000-0000-0000-0000-000000000000"}, "owner", "unknown_organisation"),
    ({"title": ""}, "title", "string_too_short"),
    ({"kind": "digging"}, "kind", "literal_error"),
    ({"certainty": "sure"}, "certainty", "literal_error"),
    ({"utilities": "gas"}, "utilities", "list_type"),
    ({"phases": []}, "phases", "too_short"),
    ({"phases": [PHASE] * 501}, "phases", "too_long"),
    ({"phases": PHASE}, "phases", "list_type"),
    ({"phases": [{**PHASE, "ends_on": day(3)}]}, "phases[0].ends_on", "ends_before_start"),
    ({"phases": [PHASE, {**PHASE, "opens_surface": "yes"}]}, "phases[1].opens_surface", "bool_type"),
    ({"phases": [PHASE, {**PHASE, "geometry": None}]}, "phases[1].geometry", "geometry_missing"),
    ({"phases": [PHASE, {**PHASE, "surfaces": ["\x00"]}]}, "phases[1].surfaces[0]", "not_storable"),
]
BAD_BODIES: dict[str, tuple[bytes, str, int, str, str]] = {
    "no JSON": (b"{hello", "application/json", 400, "body", "json_invalid"),
    "nothing": (b"", "application/json", 422, "body", "missing"),
    "a list": (b"[]", "application/json", 422, "body", "model_attributes_type"),
    "null": (b"null", "application/json", 422, "body", "model_attributes_type"),
    "Latin-1": (b'{"description": "caf\xe9"}', "application/json", 400, "body", "not_readable"),
    "gzip": (gzip.compress(b"{}", mtime=0), "application/json", 400, "body", "not_readable"),
    "a deep pit": (b"[" * 100_000, "application/json", 400, "body", "not_readable"),
    "a number without end": (
        b'{"category": ' + b"9" * 5_000 + b"}",
        "application/json",
        400,
        "body",
        "not_readable",
    ),
    "text": (b"{}", "text/plain", 415, "Content-Type", "not_json"),
    "a form": (b"category=kerb", "application/x-www-form-urlencoded", 415, "Content-Type", "not_json"),
    "XML": (b"<repair/>", "application/xml", 415, "Content-Type", "not_json"),
}


@pytest.fixture
def unchanged(service: Service) -> Iterator[None]:
    """Fails when the test has left a row, anywhere."""
    before = _counts(service)
    yield
    assert _counts(service) == before


def _counts(service: Service) -> dict[str, int]:
    with service.engine.connect() as conn:
        return {name: conn.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in TABLES}


def _post(service: Service, path: str, body: Any, role: str = "coordinator") -> httpx.Response:
    """As JSON that may hold NaN and half surrogate pairs."""
    with service.as_(role, **{"Content-Type": "application/json"}) as client:
        return client.post(f"/api/v1{path}", content=json.dumps(body))


def _refused(answer: httpx.Response, field: str, code: str, status: int = 422) -> None:
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


@pytest.mark.parametrize("name", BAD_GEOMETRIES)
@pytest.mark.usefixtures("unchanged")
def test_ground_that_is_none_is_refused_with_its_reason(service: Service, name: str) -> None:
    shape, code = BAD_GEOMETRIES[name]

    _refused(_post(service, "/repairs", {**REPAIR, "geometry": shape}), "geometry", code)
    _refused(_post(service, "/advice", {"geometry": shape}), "geometry", code)
    phases = [PHASE, {**PHASE, "geometry": shape}]
    _refused(_post(service, "/works", {**WORKS, "phases": phases}), "phases[1].geometry", code)


@pytest.mark.parametrize("value", BAD_DAYS, ids=repr)
@pytest.mark.usefixtures("unchanged")
def test_a_day_that_is_none_is_refused(service: Service, value: Any) -> None:
    answers = {
        "phases[0].starts_on": _post(service, "/works", {**WORKS, "phases": [{**PHASE, "starts_on": value}]}),
        "planned.ends_on": _post(
            service, "/repairs", {**REPAIR, "planned": {"starts_on": day(3), "ends_on": value}}
        ),
    }
    if value is not None:
        answers["starts_on"] = _post(service, "/advice", {"geometry": ZONE, "starts_on": value})
    for field, answer in answers.items():
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(("change", "field", "code"), BAD_REPAIRS, ids=lambda value: str(value)[:40])
@pytest.mark.usefixtures("unchanged")
def test_a_bad_field_of_a_repair_is_named(
    service: Service, change: dict[str, Any], field: str, code: str
) -> None:
    _refused(_post(service, "/repairs", {**REPAIR, **change}), field, code)


@pytest.mark.parametrize(("change", "field", "code"), BAD_WORKS, ids=lambda value: str(value)[:40])
@pytest.mark.usefixtures("unchanged")
def test_a_bad_field_of_works_is_named(
    service: Service, change: dict[str, Any], field: str, code: str
) -> None:
    _refused(_post(service, "/works", {**WORKS, **change}), field, code)


@pytest.mark.parametrize("name", BAD_BODIES)
@pytest.mark.parametrize("path", ["/repairs", "/works", "/advice"])
@pytest.mark.usefixtures("unchanged")
def test_a_body_that_is_no_json_object_is_refused(service: Service, path: str, name: str) -> None:
    body, content_type, status, field, code = BAD_BODIES[name]

    with service.as_("coordinator") as client:
        answer = client.post(f"/api/v1{path}", content=body, headers={"Content-Type": content_type})

    _refused(answer, field, code, status)


@pytest.mark.parametrize("told", [True, False], ids=["with its length", "in chunks"])
@pytest.mark.usefixtures("unchanged")
def test_a_body_of_nine_megabytes_is_a_problem(service: Service, told: bool) -> None:
    body = json.dumps({**REPAIR, "description": "x" * 9_000_000}).encode()

    with service.as_("workshop", **{"Content-Type": "application/json"}) as client:
        answer = client.post("/api/v1/repairs", content=body if told else iter([body[:5_000_000], body[5_000_000:]]))  # fmt: skip

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.headers["content-type"] == "application/problem+json"


def test_odd_input_that_means_something_is_taken(service: Service, x: float) -> None:
    heights = {"type": "Point", "coordinates": [*point(x, 1)["coordinates"], 12.5]}
    emoji = _post(service, "/repairs", {**REPAIR, "geometry": heights, "description": "🕳️ voor de café"})
    collection = {"type": "GeometryCollection", "geometries": [box(x + 50, 0, x + 51, 1), point(x + 52, 1)]}
    mixed = _post(service, "/repairs", {**REPAIR, "geometry": collection})

    assert (emoji.status_code, emoji.json()["description"]) == (201, "🕳️ voor de café")
    assert len(emoji.json()["geometry"]["coordinates"]) == 2
    assert (mixed.status_code, mixed.json()["geometry"]["type"]) == (201, "MultiPolygon")


def test_bad_planning_and_finishing_leave_a_repair_as_it_is(service: Service, x: float) -> None:
    repair = Street(service, x).repair()
    path = f"/repairs/{repair['id']}"
    done = {"finished_on": day(-1), "scope": "section"}
    wrong: list[tuple[str, dict[str, Any], str, str]] = [
        ("schedule", {"starts_on": day(5), "ends_on": day(5)}, "ends_on", "ends_before_start"),
        ("schedule", {"starts_on": day(5)}, "ends_on", "missing"),
        ("schedule", {"starts_on": day(5), "ends_on": day(6), "force": True}, "force", "extra_forbidden"),
        ("complete", {**done, "finished_on": day(1)}, "finished_on", "in_the_future"),
        ("complete", {**done, "scope": "street"}, "scope", "literal_error"),
        ("complete", {**done, "area_m2": True}, "area_m2", "float_type"),
        ("complete", {**done, "area_m2": "5"}, "area_m2", "float_type"),
        ("complete", {**done, "area_m2": 0}, "area_m2", "greater_than"),
        ("complete", {**done, "cost_eur": math.nan}, "cost_eur", "finite_number"),
        ("complete", {**done, "cost_eur": 1e308}, "cost_eur", "less_than_equal"),
    ]
    for verb, body, field, code in wrong:
        _refused(_post(service, f"{path}/{verb}", body), field, code)

    with service.as_("viewer") as viewer:
        assert viewer.get(f"/api/v1{path}").json()["version"] == repair["version"]


def test_bad_changes_leave_repairs_and_works_as_they_are(service: Service, x: float) -> None:
    street = Street(service, x)
    repair, works = street.repair(), street.works((30, 44), along=(100, 140))
    wrong: list[tuple[str, dict[str, Any], str, str]] = [
        (f"/repairs/{repair['id']}", {"geometry": None}, "geometry", "null_not_allowed"),
        (f"/repairs/{repair['id']}", {"category": None}, "category", "null_not_allowed"),
        (f"/repairs/{repair['id']}", {"status": "done"}, "status", "literal_error"),
        (f"/repairs/{repair['id']}", {"planned": {"starts_on": day(1)}}, "planned", "none_required"),
        (f"/repairs/{repair['id']}", {"reporter": {}}, "reporter", "extra_forbidden"),
        (f"/works/{works['id']}", {"phases": None}, "phases", "null_not_allowed"),
        (f"/works/{works['id']}", {"owner": None}, "owner", "null_not_allowed"),
        (f"/works/{works['id']}", {"source_id": "other"}, "source_id", "extra_forbidden"),
        (
            f"/works/{works['id']}",
            {"phases": [{**PHASE, "geometry": {}}]},
            "phases[0].geometry",
            "geometry_missing",
        ),
    ]
    with service.as_("coordinator") as client:
        for path, body, field, code in wrong:
            etag = client.get(f"/api/v1{path}").headers["ETag"]
            _refused(client.patch(f"/api/v1{path}", json=body, headers={"If-Match": etag}), field, code)
            assert client.get(f"/api/v1{path}").headers["ETag"] == etag
