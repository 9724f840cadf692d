"""The door before personal data: who passes, what is behind it, and that each look is on record."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from geo_service import vault
from geo_service.domain.permissions import PERMISSIONS
from geo_service.domain.roles import ROLES
from tests.api.open311 import Site
from tests.api.scenario import Street
from tests.serving import PERSONAL_KEY, Service, running

REPORTER = {"name": "Jan Zonderling", "phone": "0470 55 44 33"}


def looks(service: Service, thing: str) -> list[tuple[str, str]]:
    with service.as_("admin") as admin:
        rows = admin.get("/api/v1/audit", params={"thing": thing}).json()["items"]
    seen = [row for row in rows if row["action"].endswith("_seen")]
    assert all(row["facts"]["by_key"] for row in seen)
    return [(row["who"], row["action"]) for row in seen]


def test_only_those_who_call_people_back_see_a_reporter_and_each_look_is_on_record(street: Street) -> None:
    repair = street.repair(reporter=REPORTER)
    address, thing = f"/api/v1/repairs/{repair['id']}", f"repair:{repair['id']}"
    assert looks(street.service, thing) == []
    for role in ROLES:
        with street.service.as_(role) as client:
            plain, answer = client.get(address), client.get(f"{address}/reporter")
        assert "Zonderling" not in plain.text
        if role in PERMISSIONS["see reporter"]:
            assert plain.json()["has_personal_data"] is True
            assert answer.json() == {"reporter": REPORTER, "messages": [], "photos": []}
            assert answer.headers["Cache-Control"] == "no-store"
        else:
            assert answer.status_code == 403 and "Zonderling" not in answer.text
            assert "has_personal_data" not in plain.text
    seen = looks(street.service, thing)
    assert sorted(who for who, _ in seen) == sorted(f"test {role}" for role in PERMISSIONS["see reporter"])
    assert {action for _, action in seen} == {"reporter_seen"}


def test_a_look_at_nothing_is_not_on_record(street: Street) -> None:
    nowhere = uuid4()
    with street.service.as_("workshop") as client:
        assert client.get(f"/api/v1/repairs/{nowhere}/reporter").status_code == 404
        bare = client.get(f"/api/v1/repairs/{street.repair()['id']}").json()
    assert bare["has_personal_data"] is False
    assert looks(street.service, f"repair:{nowhere}") == []


def test_a_message_to_a_double_shows_that_there_is_something_behind_the_door(street: Street) -> None:
    site = Site(street.service)
    first, second = site.filed(street.x + 20), site.filed(street.x + 21, first_name=None, last_name=None)
    with street.service.as_("workshop") as client:
        items = client.get("/api/v1/repairs?limit=1000").json()["items"]
        ids = {one["number"]: one["id"] for one in items}
        joined = client.post(f"/api/v1/repairs/{ids[second]}/confirm-duplicate", json={"of": ids[first]})
        assert joined.status_code == 200, joined.text
        assert client.get(f"/api/v1/repairs/{ids[first]}").json()["has_personal_data"] is True


@pytest.fixture
def copied(service: Service, street: Street) -> str:
    """A report, in the database of the running service."""
    return str(street.repair(reporter=REPORTER)["id"])


def test_with_another_key_the_door_says_what_to_do_and_everything_else_goes_on(
    service: Service, copied: str
) -> None:
    url = service.engine.url.render_as_string(hide_password=False)
    report = {"category": "pothole", "geometry": {"type": "Point", "coordinates": [3.21, 50.91]}}
    for key, code in ((vault.new_key(), "personal_key_wrong"), (None, "personal_key_missing")):
        with running(url, personal_key=key) as other, other.as_("workshop", **{"Accept-Language": "en"}) as client:  # fmt: skip
            answer = client.get(f"/api/v1/repairs/{copied}/reporter")
            assert (answer.status_code, answer.json()["code"]) == (503, code)
            assert "GEO_PERSONAL_KEY" in answer.json()["detail"] and "Zonderling" not in answer.text
            assert client.get(f"/api/v1/repairs/{copied}").status_code == 200
            assert client.get("/api/v1/repairs").status_code == 200
            filed = client.post("/api/v1/repairs", json={**report, "reporter": REPORTER})
            assert filed.status_code == (201 if key else 503)
            assert client.post("/api/v1/repairs", json=report).status_code == 201
    with running(url, personal_key=f"{vault.new_key()},{PERSONAL_KEY}") as rotated, rotated.as_("admin") as client:  # fmt: skip
        assert client.get(f"/api/v1/repairs/{copied}/reporter").json()["reporter"] == REPORTER


def test_the_database_of_a_running_service_holds_nothing_readable(service: Service, copied: str) -> None:
    with service.engine.connect() as conn:
        tables = conn.scalars(sa.text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")).all()  # fmt: skip
        for table in tables:
            quoted = conn.dialect.identifier_preparer.quote(table)
            rows = conn.scalars(sa.text(f"SELECT t::text FROM {quoted} t"))
            assert not any("Zonderling" in row or "55 44 33" in row for row in rows), table
