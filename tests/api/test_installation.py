"""How an installation is set up, and what a new city lacks: told to those who run it, without a secret."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from geo_service.cluster import Cluster
from tests.api.scenario import Street
from tests.serving import PERSONAL_KEY, Service, running

SECRETS = {"smtp_password": "hush-smtp-77", "oidc_client_secret": "hush-oidc-88"}


@pytest.fixture
def city(cluster: Cluster, template: str) -> Iterator[Service]:
    """A city of its own, as it is when nobody has done anything."""
    name = f"city_{uuid.uuid4().hex[:12]}"
    with running(cluster.create_database(name, template=template), smtp_password=SECRETS["smtp_password"], smtp_user="post", smtp_host="mail.example", mail_from="geo@example.org") as found:  # fmt: skip
        yield found
    cluster.drop_database(name)


def state(service: Service, item: str) -> tuple[str, list[str]]:
    with service.as_("coordinator") as client:
        items = client.get("/api/v1/checklist").json()["items"]
    return next((one["state"], one["missing"]) for one in items if one["item"] == item)


def test_settings_are_told_without_their_secrets(city: Service) -> None:
    with city.as_("admin") as admin:
        answer = admin.get("/api/v1/settings")
    by_name = {one["variable"]: one for one in answer.json()["items"]}
    assert by_name["GEO_SMTP_HOST"]["value"] == "mail.example"
    assert by_name["GEO_SMTP_HOST"]["origin"] == "argument"
    assert by_name["GEO_RETENTION_MONTHS"] == {"name": "retention_months", "variable": "GEO_RETENTION_MONTHS", "value": "24", "origin": "default", "description": by_name["GEO_RETENTION_MONTHS"]["description"]}  # fmt: skip
    assert set(by_name["GEO_SMTP_PASSWORD"]["value"]) == {"*"}
    assert not [secret for secret in (*SECRETS.values(), PERSONAL_KEY) if secret in answer.text]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_checklist_follows_what_is_done(city: Service) -> None:
    assert state(city, "ground")[0] == "missing"
    assert state(city, "feeds") == ("missing", ["works", "in_time"])
    assert "guarantee_months" in state(city, "prices")[1]
    assert state(city, "mail") == ("done", [])
    assert state(city, "city") == ("missing", ["city_file"])

    with city.engine.begin() as conn:
        conn.execute(sa.text("INSERT INTO streets (source, name, geom) VALUES ('t', 'Markt', ST_GeomFromText('LINESTRING(80000 190000, 80010 190000)', 31370))"))  # fmt: skip
        conn.execute(sa.text("INSERT INTO users (name, email, role, password_hash) VALUES ('An', 'an@example.org', 'admin', 'x'), ('Bo', 'bo@example.org', 'workshop', NULL)"))  # fmt: skip
    assert state(city, "ground") == ("partly", ["pavements", "buildings", "house_numbers"])
    assert state(city, "people") == ("partly", ["coordinator", "utilities_desk", "workshop"])

    with city.as_("coordinator") as coordinator:
        body = {"value": 12.0, "source": "raadsbesluit 12"}
        answer = coordinator.put(
            "/api/v1/parameters/guarantee_months", json=body, headers={"If-Match": '"0"'}
        )
    assert answer.status_code == 200, answer.text
    assert "guarantee_months" not in state(city, "prices")[1]


def test_works_that_should_have_begun_are_told_until_they_give_a_sign(city: Service) -> None:
    street = Street(city, 0)
    works = street.works((-20, 14))
    street.works((-3, 14), along=(50, 60))
    street.works((30, 44), along=(80, 90))
    street.works((-20, 14), along=(120, 130), certainty="in_progress")

    def silent() -> list[tuple[str, int]]:
        with city.as_("viewer") as viewer:
            page = viewer.get("/api/v1/stats/silent-works").json()
        assert page["total"] == len(page["items"])
        return [(one["id"], one["days"]) for one in page["items"]]

    assert silent() == [(works["id"], 20)]
    with city.as_("utilities_desk") as desk:
        etag = desk.get(f"/api/v1/works/{works['id']}").headers["ETag"]
        changed = desk.patch(f"/api/v1/works/{works['id']}", json={"certainty": "in_progress"}, headers={"If-Match": etag})  # fmt: skip
    assert changed.status_code == 200, changed.text
    assert silent() == []
