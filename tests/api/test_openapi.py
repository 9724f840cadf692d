"""The document at /openapi.json is valid, complete, and tells the truth about what comes back."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest
from openapi_spec_validator import validate

from geo_service.api import exports, openapi
from tests.api.scenario import Street
from tests.serving import Service, box, point, sql_insert_building

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def document(service: Service) -> dict[str, Any]:
    """The document as a client gets it."""
    found: dict[str, Any] = httpx.get(f"{service.url}/openapi.json", timeout=60).json()
    return found


def _operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    }


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_route_needs_a_key_or_a_session_except_those_that_tell_nothing(
    document: dict[str, Any],
) -> None:
    schemes = document["components"]["securitySchemes"]
    assert (schemes["key"]["type"], schemes["key"]["scheme"]) == ("http", "bearer")
    assert (schemes["session"]["in"], schemes["session"]["name"]) == ("cookie", "gs_session")
    needs = [operation["security"] for operation in _operations(document).values() if "security" in operation]
    assert all(one == [{"key": []}, {"session": []}] for one in needs)  # either of them

    open_to_all = {name for name, operation in _operations(document).items() if "security" not in operation}
    assert open_to_all == {"get /api/v1/status", "get /health/live", "get /health/ready"}


def test_every_error_is_documented_as_a_problem(document: dict[str, Any]) -> None:
    for name, operation in _operations(document).items():
        errors = {status: told for status, told in operation["responses"].items() if status >= "400"}
        for told in errors.values():
            assert list(told["content"]) == ["application/problem+json"], name
        if name.partition(" ")[2].startswith("/api/v1") and "security" in operation:
            assert {"400", "401", "403", "503"} <= set(errors), name
        if "requestBody" in operation:
            assert {"413", "415", "422"} <= set(errors), name
        if any(parameter["name"].lower() == "if-match" for parameter in operation.get("parameters", ())):
            assert {"412", "428"} <= set(errors), name
    assert "409" in document["paths"]["/api/v1/repairs/{repair_id}/schedule"]["post"]["responses"]
    assert "HTTPValidationError" not in str(document)


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ("get /api/v1/works", "429"),
        ("get /api/v1/alerts", "410"),
        ("get /api/v1/alerts/stream", "410"),
        ("post /api/v1/requests", "404"),
        ("post /api/v1/renumberings/refuse", "404"),
        ("post /api/v1/conflicts/{conflict_id}/agree", "409"),
        ("post /api/v1/cases/{case_id}/undo", "409"),
        ("post /api/v1/conflicts/{conflict_id}/claim-file", "409"),
        ("post /api/v1/plan/accept", "409"),
    ],
)
def test_what_schemathesis_met_is_documented(document: dict[str, Any], operation: str, status: str) -> None:
    assert status in _operations(document)[operation]["responses"]


def test_what_is_a_file_or_asks_a_question_is_documented_as_such(document: dict[str, Any]) -> None:
    operations = _operations(document)
    lines = operations["post /api/v1/advice/batch"]["responses"]["200"]["content"]
    files = operations["get /api/v1/works.{format}"]["responses"]["200"]["content"]
    assert list(lines) == ["application/x-ndjson"]
    assert {kind for kind, told in files.items() if told["schema"] == {"type": "object"}} == {
        "application/geo+json"
    }
    asked = {
        parameter["name"] for parameter in operations["post /api/v1/imports/proposal"].get("parameters", ())
    }
    assert "Idempotency-Key" not in asked


def test_every_write_takes_a_key_but_those_that_answer_little_more_than_a_secret(
    document: dict[str, Any],
) -> None:
    takes = {
        name
        for name, operation in _operations(document).items()
        if any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", ()))
    }
    assert {"post /api/v1/subscriptions", "post /api/v1/feeds", "post /api/v1/works"} <= takes
    assert not [name for name in takes if name.endswith("/test") or "/api/v1/keys" in name]


def test_works_repairs_conflicts_and_advice_come_back_as_documented(
    service: Service, x: float, document: dict[str, Any]
) -> None:
    street = Street(service, x)
    works = street.works((30, 44))
    repair = street.repair(reporter={"name": "Jan"})
    blocked = street.schedule(repair, (3, 4))
    free = street.repair(along=(100, 110))
    street.schedule(free, (3, 4))
    (conflict,) = street.conflicts(repair=repair["id"])
    with service.as_("coordinator") as client:
        answers = {
            "get /api/v1/works/{works_id}": client.get(f"/api/v1/works/{works['id']}"),
            "get /api/v1/works": client.get("/api/v1/works?limit=1"),
            "get /api/v1/repairs/{repair_id}": client.get(f"/api/v1/repairs/{repair['id']}"),
            "get /api/v1/repairs": client.get("/api/v1/repairs"),
            "get /api/v1/conflicts/{conflict_id}": client.get(f"/api/v1/conflicts/{conflict['id']}"),
            "get /api/v1/conflicts": client.get("/api/v1/conflicts"),
            "get /api/v1/repairs/{repair_id}/advice": client.get(f"/api/v1/repairs/{repair['id']}/advice"),
            "get /api/v1/repairs/{repair_id}/sequence": client.get(
                f"/api/v1/repairs/{repair['id']}/sequence"
            ),
            "post /api/v1/advice": client.post("/api/v1/advice", json={"geometry": box(x + 5, 0, x + 35, 2)}),
            "post /api/v1/repairs/{repair_id}/schedule": blocked,
            "post /api/v1/works": client.post("/api/v1/works", json={}),
            "delete /api/v1/works/{works_id}": client.delete(f"/api/v1/works/{works['id']}"),
        }

    statuses = [answer.status_code for answer in answers.values()]
    assert statuses == [200] * 9 + [409, 422, 428]
    for name, answer in answers.items():
        told = _operations(document)[name]["responses"][str(answer.status_code)]["content"]
        schema = _closed(told[answer.headers["content-type"]]["schema"], document)
        jsonschema.validate(answer.json(), {**schema, "components": document["components"]})


def test_every_success_says_what_comes_back(document: dict[str, Any]) -> None:
    for name, operation in _operations(document).items():
        for status, told in operation["responses"].items():
            if status < "300" and status != "204":
                assert told.get("content"), name
                assert all(media["schema"] for media in told["content"].values()), name


def test_the_rest_comes_back_as_documented_too(service: Service, x: float, document: dict[str, Any]) -> None:
    street = Street(service, x)
    street.schedule(street.repair(), (3, 4))
    building = sql_insert_building(service, x, "School")
    with service.engine.begin() as conn:
        conn.exec_driver_sql(
            "INSERT INTO pavement_sections (source, code, kind, geom) "
            f"VALUES ('test', 'p{x}', 'footpath', ST_MakeEnvelope({80_000 + x}, 190000, {80_010 + x}, 190002, 31370))"
        )
        conn.exec_driver_sql(
            "INSERT INTO imports (source, status, finished_at, report) VALUES ('seen', 'done', now(), '{}')"
        )
        conn.exec_driver_sql(
            "INSERT INTO imports (source, status, finished_at, report) VALUES ('gone', 'failed', now(), '{}')"
        )
    with service.as_("coordinator") as client:
        made = client.post("/api/v1/subscriptions", json={"target": "https://example.org/hook"})
        one = f"/api/v1/subscriptions/{made.json()['id']}"
        street.repair(along=(100, 110))
        at = ",".join(map(str, point(x + 5, 1)["coordinates"]))
        answers = {
            "post /api/v1/subscriptions": made,
            "get /api/v1/subscriptions": client.get("/api/v1/subscriptions"),
            "get /api/v1/subscriptions/{subscription_id}": client.get(one),
            "patch /api/v1/subscriptions/{subscription_id}": client.patch(
                one, json={"filter": {"rules": ["wasted_repair"]}}, headers={"If-Match": '"1"'}
            ),
            "get /api/v1/subscriptions/{subscription_id}/deliveries": client.get(f"{one}/deliveries"),
            "get /api/v1/alerts": client.get("/api/v1/alerts"),
            "get /api/v1/buildings": client.get("/api/v1/buildings"),
            "get /api/v1/buildings/{building_id}": client.get(f"/api/v1/buildings/{building}"),
            "get /api/v1/pavements": client.get(f"/api/v1/pavements?at={at}"),
            "get /api/v1/organisations": client.get("/api/v1/organisations"),
            "get /api/v1/status": client.get("/api/v1/status"),
            "get /health/live": client.get("/health/live"),
            "get /health/ready": client.get("/health/ready"),
        }

    assert {answer.status_code for answer in answers.values()} == {200, 201}
    for name in (
        "get /api/v1/alerts",
        "get /api/v1/buildings",
        "get /api/v1/pavements",
        "get /api/v1/organisations",
    ):
        assert answers[name].json()["items"], name
    for name, answer in answers.items():
        told = _operations(document)[name]["responses"][str(answer.status_code)]["content"]
        schema = _closed(told["application/json"]["schema"], document)
        jsonschema.validate(answer.json(), {**schema, "components": document["components"]})


def test_what_is_refused_is_not_documented_as_possible(service: Service, document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name in ("WorksPatch", "RepairPatch", "RuleChange", "SubscriptionPatch"):
        nullable = {
            field
            for field, told in schemas[name]["properties"].items()
            if {"type": "null"} in told.get("anyOf", ())
        }
        with service.as_("coordinator") as client:
            for field in schemas[name]["properties"].keys() - nullable:
                path = {
                    "WorksPatch": "works",
                    "RepairPatch": "repairs",
                    "SubscriptionPatch": "subscriptions",
                }.get(name)
                if path is None:
                    continue
                none = "01a2097e-ad36-7058-b9dd-dd35e420c22c"
                answer = client.patch(
                    f"/api/v1/{path}/{none}", json={field: None}, headers={"If-Match": '"1"'}
                )
                assert answer.status_code in (404, 422), (name, field)
                if field != "planned":
                    assert [error["field"] for error in answer.json().get("errors", [])] == [field], (
                        name,
                        field,
                    )
    for name, operation in _operations(document).items():
        for parameter in operation.get("parameters", ()):
            if parameter["name"].lower() == "if-match":
                assert parameter["required"] != name.endswith(openapi.VERSION_OPTIONAL), name
                assert parameter["schema"] == {"type": "string", "pattern": openapi.VERSION}, name


def test_if_match_is_required_where_its_absence_is_refused(
    service: Service, x: float, document: dict[str, Any]
) -> None:
    repair = Street(service, x).repair()
    finished = {"finished_on": "2026-01-05", "scope": "spot"}
    with service.as_("coordinator") as client:
        made = client.post("/api/v1/subscriptions", json={"target": "https://example.org/once"}).json()
        answers = {
            "post /api/v1/repairs/{repair_id}/complete": client.post(
                f"/api/v1/repairs/{repair['id']}/complete", json=finished
            ),
            "patch /api/v1/repairs/{repair_id}": client.patch(
                f"/api/v1/repairs/{repair['id']}", json={"remark": "Gat"}
            ),
            "post /api/v1/subscriptions/{subscription_id}/rotate-secret": client.post(
                f"/api/v1/subscriptions/{made['id']}/rotate-secret"
            ),
            "delete /api/v1/subscriptions/{subscription_id}": client.delete(
                f"/api/v1/subscriptions/{made['id']}"
            ),
        }
    assert [answer.status_code for answer in answers.values()] == [200, 428, 200, 428]
    for name, answer in answers.items():
        [header] = [one for one in _operations(document)[name]["parameters"] if one["name"] == "if-match"]
        assert header["required"] == (answer.status_code == 428), name


def test_the_formats_of_files_are_named(document: dict[str, Any]) -> None:
    assert tuple(exports.FORMATS) == exports.FORMAT_NAMES
    for name, operation in _operations(document).items():
        for parameter in operation.get("parameters", ()):
            if parameter["name"] == "format" and parameter["in"] == "path":
                assert parameter["schema"]["enum"] == list(exports.FORMATS), name


def test_every_documented_operation_has_a_name_and_a_sentence(document: dict[str, Any]) -> None:
    operations = _operations(document)
    assert len({operation["operationId"] for operation in operations.values()}) == len(operations)
    for name, operation in operations.items():
        assert operation["summary"] and operation["description"], name


def _closed(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Also fails on members that are sent but not documented."""
    for known in document["components"]["schemas"].values():
        if known.get("type") == "object" and "properties" in known:
            known["additionalProperties"] = False
    return schema
