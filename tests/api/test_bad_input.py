"""Whatever is sent: a problem that names the field and says what would be right, nothing half-stored, never a 500."""

from __future__ import annotations

import gzip
import json
import math
from typing import Any

import pytest

from tests.api.bad_input_scenes import PHASE, REPAIR, WORKS, ZONE, post, refused, unchanged
from tests.api.scenario import Street, day
from tests.serving import Service, box, point

__all__ = ["unchanged"]  # fixtures

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


@pytest.mark.parametrize("value", BAD_DAYS, ids=repr)
@pytest.mark.usefixtures("unchanged")
def test_a_day_that_is_none_is_refused(service: Service, value: Any) -> None:
    answers = {
        "phases[0].starts_on": post(service, "/works", {**WORKS, "phases": [{**PHASE, "starts_on": value}]}),
        "planned.ends_on": post(
            service, "/repairs", {**REPAIR, "planned": {"starts_on": day(3), "ends_on": value}}
        ),
    }
    if value is not None:
        answers["starts_on"] = post(service, "/advice", {"geometry": ZONE, "starts_on": value})
    for field, answer in answers.items():
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(("change", "field", "code"), BAD_REPAIRS, ids=lambda value: str(value)[:40])
@pytest.mark.usefixtures("unchanged")
def test_a_bad_field_of_a_repair_is_named(
    service: Service, change: dict[str, Any], field: str, code: str
) -> None:
    refused(post(service, "/repairs", {**REPAIR, **change}), field, code)


@pytest.mark.parametrize(("change", "field", "code"), BAD_WORKS, ids=lambda value: str(value)[:40])
@pytest.mark.usefixtures("unchanged")
def test_a_bad_field_of_works_is_named(
    service: Service, change: dict[str, Any], field: str, code: str
) -> None:
    refused(post(service, "/works", {**WORKS, **change}), field, code)


@pytest.mark.parametrize("name", BAD_BODIES)
@pytest.mark.parametrize("path", ["/repairs", "/works", "/advice"])
@pytest.mark.usefixtures("unchanged")
def test_a_body_that_is_no_json_object_is_refused(service: Service, path: str, name: str) -> None:
    body, content_type, status, field, code = BAD_BODIES[name]

    with service.as_("coordinator") as client:
        answer = client.post(f"/api/v1{path}", content=body, headers={"Content-Type": content_type})

    refused(answer, field, code, status)


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
    emoji = post(service, "/repairs", {**REPAIR, "geometry": heights, "description": "🕳️ voor de café"})
    collection = {"type": "GeometryCollection", "geometries": [box(x + 50, 0, x + 51, 1), point(x + 52, 1)]}
    mixed = post(service, "/repairs", {**REPAIR, "geometry": collection})

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
        refused(post(service, f"{path}/{verb}", body), field, code)

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
            refused(client.patch(f"/api/v1{path}", json=body, headers={"If-Match": etag}), field, code)
            assert client.get(f"/api/v1{path}").headers["ETag"] == etag


@pytest.mark.parametrize("kind", ["works", "repairs", "conflicts", "buildings"])
@pytest.mark.parametrize("wrong", ["x", "%00", "%ff", "1", "../works", "' OR 1=1", "0" * 5_000])
def test_an_id_that_is_none_is_a_clear_refusal(service: Service, kind: str, wrong: str) -> None:
    with service.as_("viewer") as viewer:
        answer = viewer.get(f"/api/v1/{kind}/{wrong}")

    assert answer.status_code in (200, 404, 422) if wrong == "../works" else answer.status_code in (404, 422)


@pytest.mark.parametrize(
    "path",
    ["dispatch?on={}", "works?active_on={}", "works?from={}", "repairs?to={}", "works.geojson?active_on={}"],
)
@pytest.mark.parametrize("day", ["0", "1", "1764374400", "20261129", "2026-11-29T00:00:00", "2026-W48-1"])
def test_a_day_is_written_as_a_day(service: Service, path: str, day: str) -> None:
    with service.as_("coordinator") as client:
        answer = client.get(f"/api/v1/{path.format(day)}")
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == ["date_malformed"]
