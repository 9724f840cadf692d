"""`/rules`: read, preview and change by HTTP, with who and when; for the coordinator only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest
import sqlalchemy as sa
from shapely.geometry import box as rectangle

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.domain import roles
from geo_service.store import listing, locks
from geo_service.store.tables import pavement_sections, rules
from tests.api.scenario import Street
from tests.serving import STREET, Service, running

DAY_ONE = {
    "wasted_repair",
    "repair_during_works",
    "occupancy_during_repair",
    "guarantee_applies",
    "works_clash",
}


@pytest.fixture
def service(cluster: Cluster, template: str) -> Iterator[Service]:
    """A service of its own for each test: rules are for everybody."""
    import uuid

    name = f"rules_{uuid.uuid4().hex[:12]}"
    with running(cluster.create_database(name, template=template)) as found:
        yield found
    cluster.drop_database(name)


@pytest.fixture
def street(service: Service) -> Street:
    """A wide pavement on one side with two owners 4 m apart on the same days, and a repair on one of them."""
    with db.write(service.engine) as conn:
        for y in (0, 5):
            ground = listing.geometry_param(
                rectangle(STREET[0], STREET[1] + y, STREET[0] + 40, STREET[1] + y + 2)
            )
            row = {"source": "t", "code": str(y), "kind": "footpath", "street": "Markt", "side": "even"}
            conn.execute(sa.insert(pavement_sections).values({**row, "geom": ground}))
    street = Street(service, 0)
    street.works((30, 44))
    street.works((30, 44), owner="Fluvius", across=(5.5, 6.5))
    street.repair()
    return street


def put(
    service: Service, rule: str, *, role: str = "coordinator", etag: str | None = None, **body: Any
) -> httpx.Response:
    """Change a rule as it is now."""
    with service.as_(role) as client:
        etag = etag or client.get(f"/api/v1/rules/{rule}").headers["ETag"]
        return client.put(f"/api/v1/rules/{rule}", json=body, headers={"If-Match": etag})


def preview(service: Service, rule: str, **body: Any) -> dict[str, Any]:
    """What the same change would do."""
    with service.as_("coordinator") as client:
        answer = client.post(f"/api/v1/rules/{rule}/preview", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_change_does_what_its_preview_said_and_stands_on_record(service: Service, street: Street) -> None:
    seen = preview(service, "works_clash", clearance_m=5)
    assert street.conflicts(rule="works_clash") == []

    done = put(service, "works_clash", clearance_m=5, reason="proef van een maand")

    assert (done.status_code, done.headers["ETag"]) == (200, '"3"')
    assert done.json()["counts"] == seen["counts"] == {"appear": 1, "disappear": 0, "change_severity": 0}
    assert (seen["version"], seen["changes"]) == (2, {"clearance_m": [0, 5]})
    (foreseen,), (found,) = seen["appear"], street.conflicts(rule="works_clash")
    for name in ("rule", "rule_version", "severity", "blocking", "facts", "geometry", "a", "b"):
        assert foreseen[name] == found[name], name
    with service.as_("viewer") as viewer:
        newest, oldest = viewer.get("/api/v1/rules/works_clash/versions").json()["items"]
    assert (newest["clearance_m"], newest["changed_by"], newest["reason"]) == (
        5,
        "test coordinator",
        "proef van een maand",
    )
    assert (oldest["clearance_m"], oldest["changed_by"]) == (0, None)
    with service.as_("partner") as partner:  # who of the city did it, is no business of another organisation
        answers = [
            partner.get(f"/api/v1/rules{path}") for path in ("", "/works_clash", "/works_clash/versions")
        ]
        authors = {one["changed_by"] for one in answers[2].json()["items"]}
    assert authors == {"Stad Izegem", None} and "test coordinator" not in "".join(one.text for one in answers)


def test_a_conflict_says_which_version_of_its_rule_ended_it_and_blames_no_later_one(
    service: Service, street: Street
) -> None:
    put(service, "works_clash", clearance_m=5, reason="proef van een maand")
    [ended] = street.conflicts(rule="works_clash")
    [other] = street.conflicts(rule="wasted_repair")
    put(service, "works_clash", clearance_m=0, reason="de proef is voorbij")
    put(service, "works_clash", clearance_m=1, reason="een andere proef")
    with service.as_("viewer") as viewer:
        [works] = viewer.get("/api/v1/works", params={"owner": "Proximus"}).json()["items"]
    street.slip(works, (8000, 8014))
    put(service, "wasted_repair", clearance_m=1, reason="een andere proef")
    causes = {}
    for role in ("viewer", "partner"):
        with service.as_(role) as client:
            for one in (ended, other):
                answer = client.get(f"/api/v1/conflicts/{one['id']}").json()
                assert answer["status"] == "withdrawn"
                found = answer["explanation"]["closure"]["causes"]
                causes[role, one["rule"]] = [cause["code"] for cause in found]
                assert one is other or found[0]["text"] == "De regel veranderde: sindsdien gold versie 4."
    assert causes == {
        ("viewer", "works_clash"): ["rule"],
        ("partner", "works_clash"): ["rule"],
        ("viewer", "wasted_repair"): ["works_starts_on", "works_ends_on"],
        ("partner", "wasted_repair"): [],
    }


def test_the_preview_shows_both_sides_named_and_the_money(service: Service, street: Street) -> None:
    seen = preview(service, "wasted_repair", severity="info", clearance_m=4)

    (dearer,) = seen["change_severity"]
    assert (dearer["severity_before"], dearer["severity_after"]) == ("critical", "info")
    assert dearer["b"]["works"]["owner"] == "Proximus"
    assert seen["appear"][0]["b"]["works"]["owner"] == "Fluvius"
    assert [seen[side]["conflicts"] for side in ("before", "after")] == [1, 2]
    assert seen["before"]["cost_at_risk_eur"] == seen["after"]["cost_at_risk_eur"] > 1000


def test_a_rule_that_is_read_changed_and_sent_back_is_taken(service: Service, street: Street) -> None:
    with service.as_("admin") as admin:
        read = admin.get("/api/v1/rules/works_clash")
        answer = admin.put(
            "/api/v1/rules/works_clash",
            json={**read.json(), "clearance_m": 5},
            headers={"If-Match": read.headers["ETag"]},
        )

    assert (answer.status_code, answer.json()["clearance_m"], answer.json()["version"]) == (200, 5, 3)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"clearance_m": 51}, "clearance_m", "out_of_range"),
        ({"clearance_m": "2"}, "clearance_m", "float_type"),
        ({"before_days": -1}, "before_days", "out_of_range"),
        ({"after_days": 1.5}, "after_days", "int_type"),
        ({"owners": "mine"}, "owners", "literal_error"),
        ({"severity": "awful"}, "severity", "literal_error"),
        ({"departments": []}, "departments", "too_short"),
        ({"departments": ["keuken"]}, "departments[0]", "literal_error"),
        ({"blocking": True}, "blocking", "not_on_repairs"),
        ({"blocking": None}, "blocking", "null_not_allowed"),
        ({"life": "asleep"}, "life", "literal_error"),
        ({"kinds_a": ["repair"]}, "kinds_a", "read_only"),
        ({"opportunity": True}, "opportunity", "read_only"),
        ({"clearance": 2}, "clearance", "extra_forbidden"),
    ],
)
def test_a_value_that_will_not_do_is_named_by_change_and_preview(
    shared_service: Service, body: dict[str, Any], field: str, code: str
) -> None:
    changed = put(shared_service, "works_clash", **body)
    with shared_service.as_("coordinator") as client:
        previewed = client.post("/api/v1/rules/works_clash/preview", json=body)

    for answer in (changed, previewed):
        assert answer.status_code == 422, answer.text
        (error,) = answer.json()["errors"]
        assert (error["field"], error["code"]) == (field, code)


@pytest.fixture(scope="module")
def shared_service(cluster: Cluster, template: str) -> Iterator[Service]:
    """One service for tests that are refused."""
    with running(cluster.create_database("rules_refused", template=template)) as found:
        yield found
    cluster.drop_database("rules_refused")


@pytest.mark.parametrize("role", [role for role in roles.ROLES if role != "reporter"])
def test_rules_are_read_by_all_and_changed_by_the_coordinator(shared_service: Service, role: str) -> None:
    with shared_service.as_(role) as client:
        read = client.get("/api/v1/rules").json()
        answers = [
            client.put("/api/v1/rules/none", json={}, headers={"If-Match": '"1"'}),
            client.post("/api/v1/rules/none/preview", json={}),
        ]

    assert {rule["id"] for rule in read["items"]} >= DAY_ONE
    wanted = 404 if role in ("coordinator", "admin") else 403
    assert [answer.status_code for answer in answers] == [wanted, wanted]


def test_a_change_needs_the_version_that_was_read(shared_service: Service) -> None:
    with shared_service.as_("coordinator") as client:
        without = client.put("/api/v1/rules/works_clash", json={"clearance_m": 1})
    stale = put(shared_service, "works_clash", etag='"7"', clearance_m=1)

    assert (without.status_code, stale.status_code) == (428, 412)


def test_lives_follow_each_other(service: Service, street: Street) -> None:
    assert put(service, "wasted_repair", life="shadow").json()["counts"]["disappear"] == 1
    assert street.conflicts() == []
    assert put(service, "wasted_repair", life="retired").status_code == 200
    refused = put(service, "wasted_repair", life="active")
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")
    with service.as_("viewer") as viewer:
        in_force = {rule["id"] for rule in viewer.get("/api/v1/rules").json()["items"]}
        (retired,) = viewer.get("/api/v1/rules?life=retired").json()["items"]
    assert ("wasted_repair" in in_force, retired["id"]) == (False, "wasted_repair")


def test_a_repeated_change_is_made_once(service: Service) -> None:
    with service.as_("coordinator") as client:
        headers = {"If-Match": '"2"', "Idempotency-Key": "once"}
        first, again = (
            client.put("/api/v1/rules/works_clash", json={"clearance_m": 1}, headers=headers)
            for _ in range(2)
        )

    assert (first.status_code, first.content) == (200, again.content)
    with db.read(service.engine) as conn:
        assert conn.scalar(sa.select(sa.func.max(rules.c.version)).where(rules.c.id == "works_clash")) == 3


def test_a_preview_waits_for_no_writer_and_no_writer_for_it(service: Service, street: Street) -> None:
    with db.write(service.engine) as conn:
        locks.claims_writer(conn)
        conn.execute(sa.text("UPDATE claims SET probability = probability"))
        with service.as_("coordinator") as client:
            answer = client.post("/api/v1/rules/works_clash/preview", json={"clearance_m": 5}, timeout=10)

    assert answer.json()["counts"]["appear"] == 1


def test_what_comes_back_is_what_is_documented(service: Service, street: Street) -> None:
    with service.as_("coordinator") as client:
        document = client.get("/openapi.json").json()
        answers = {
            "get /api/v1/rules": client.get("/api/v1/rules"),
            "get /api/v1/rules/{rule_id}": client.get("/api/v1/rules/works_clash"),
            "get /api/v1/rules/{rule_id}/versions": client.get("/api/v1/rules/works_clash/versions"),
            "post /api/v1/rules/{rule_id}/preview": client.post(
                "/api/v1/rules/works_clash/preview", json={"clearance_m": 5}
            ),
            "put /api/v1/rules/{rule_id}": put(service, "works_clash", clearance_m=5),
        }

    for schema in document["components"]["schemas"].values():
        if schema.get("type") == "object" and "properties" in schema:
            schema["additionalProperties"] = False
    for name, answer in answers.items():
        method, path = name.split()
        told = document["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), {**told, "components": document["components"]})
    problems = document["paths"]["/api/v1/rules/{rule_id}"]["put"]["responses"]
    assert {"403", "404", "409", "412", "422", "428"} <= set(problems)
