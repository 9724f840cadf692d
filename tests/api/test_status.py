"""What the status says of each source: to everybody how old it is and why it failed, to who may import the whole reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.store import migrate
from geo_service.store.tables import imports
from tests.serving import Service, running

UNREACHABLE = {"error": "source_unreachable", "message": "/srv/secret/works.csv cannot be read: No such file"}
CRS = {
    "error": "invalid_input",
    "message": "crs: secret.csv does not say which CRS",
    "errors": [
        {
            "field": "crs",
            "code": "crs_missing",
            "message": "secret.csv does not say which CRS",
            "params": {"file": "secret.csv", "x": 1.0, "y": 2.0},
        }
    ],
}
NOTHING = {
    "error": "nothing_usable",
    "message": "origin: none of the 12 records can be used",
    "errors": [
        {
            "field": "origin",
            "code": "nothing_usable",
            "message": "none of the 12 records can be used",
            "params": {"records": 12},
        }
    ],
}
UNKNOWN = {"error": "internal_error"}

PUBLIC = {
    "unreachable": "de bron antwoordt niet, of stuurt iets anders dan gegevens",
    "crs": "het bestand noemt zijn coördinatenstelsel niet, of een ander dan verwacht",
    "nothing": "geen van de 12 rijen is bruikbaar",
    "unknown": "een fout in de dienst zelf; ze staat in het logboek",
}


@pytest.fixture(scope="module")
def service(cluster: Cluster, template: str) -> Iterator[Service]:
    """A city in which every source failed, each in its own way."""
    name = "api_status"
    cluster.drop_database(name)
    with running(cluster.create_database(name, template)) as found:
        with db.write(found.engine) as conn:
            for source, report in (("unreachable", UNREACHABLE), ("crs", CRS), ("nothing", NOTHING), ("unknown", UNKNOWN)):  # fmt: skip
                failed = {"status": "failed", "finished_at": sa.func.now(), "report": report}
                conn.execute(sa.insert(imports).values(source=source, **failed))
        yield found
    cluster.drop_database(name)


def told(service: Service, role: str | None, language: str = "nl") -> dict[str, dict[str, Any]]:
    with service.as_(role, **{"Accept-Language": language}) as client:
        answer = client.get("/api/v1/status")
    assert answer.status_code == 200
    assert answer.headers["content-language"] == language
    return {row["source"]: row for row in answer.json()["sources"]}


def test_a_source_that_never_succeeded_is_there(service: Service) -> None:
    rows = told(service, None)
    assert rows.keys() == PUBLIC.keys()
    assert {row["state"] for row in rows.values()} == {"never"}
    assert all(row["last_success_at"] is None and row["last_failure"]["at"] for row in rows.values())


@pytest.mark.parametrize("role", [None, "viewer", "partner", "reporter"])
def test_everybody_reads_why_it_failed_and_no_name_of_a_file(service: Service, role: str | None) -> None:
    rows = told(service, role)
    assert {name: row["last_failure"]["reason"] for name, row in rows.items()} == PUBLIC
    assert {row["last_failure"]["detail"] for row in rows.values()} == {None}
    assert "secret" not in str(rows)
    assert "secret" not in str(told(service, role, "en"))


@pytest.mark.parametrize("role", ["workshop", "utilities_desk", "coordinator", "admin"])
def test_who_may_import_reads_the_whole_reason(service: Service, role: str) -> None:
    rows = told(service, role)
    assert rows["unreachable"]["last_failure"]["detail"] == UNREACHABLE["message"]
    assert rows["crs"]["last_failure"]["detail"].startswith("crs: secret.csv zegt niet in welk stelsel")
    assert rows["unknown"]["last_failure"]["detail"] is None


def test_the_reason_is_in_the_language_of_the_reader(service: Service) -> None:
    reason = told(service, None, "en")["nothing"]["last_failure"]["reason"]
    assert reason == "none of the 12 rows can be used"


def test_a_key_that_is_not_known_reads_what_everybody_reads(service: Service) -> None:
    with service.as_(None, Authorization="Bearer gs_nothing") as client:
        answer = client.get("/api/v1/status")
    assert answer.status_code == 200
    assert {row["last_failure"]["detail"] for row in answer.json()["sources"]} == {None}


def test_the_stories_are_told_in_the_readers_language(demo_server: Service) -> None:
    with demo_server.as_("viewer") as client:
        dutch, english = (
            client.get("/api/v1/status", headers={"Accept-Language": language}).json()["golden"]
            for language in ("nl", "en")
        )
    assert dutch[0]["story"].startswith("Over 30 dagen legt Proximus glasvezel")
    assert english[0]["story"].startswith("In 30 days Proximus lays glass fibre")
    assert [one["key"] for one in english] == [one["key"] for one in dutch]
    assert all(one[field] != other[field] for one, other in zip(dutch, english, strict=True) for field in ("title", "story"))  # fmt: skip
    assert "translations" not in dutch[0]


@pytest.mark.parametrize(("schema", "status"), [("0001", 503), ("9999", 200)])
def test_a_version_serves_on_while_a_newer_one_has_migrated_and_never_on_an_older_schema(
    service: Service, schema: str, status: int
) -> None:
    def put(revision: str) -> None:
        with db.write(service.engine) as conn:
            conn.execute(
                sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision}
            )

    put(schema)
    try:
        with service.as_(None) as client:
            answer = client.get("/health/ready")
    finally:
        put(migrate.newest())
    assert answer.status_code == status
    assert schema in answer.text
