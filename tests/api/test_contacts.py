"""People to call about works: sealed at rest, behind a door, changed by the desk, in no list, tile, feed or file, gone after their time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from geo_service.accounts import one_person, retention
from geo_service.accounts.one_person import Person
from geo_service.domain.permissions import PERMISSIONS
from geo_service.domain.roles import ROLES
from geo_service.store import audit
from geo_service.vault import Vault
from tests.api.scenario import Street
from tests.serving import PERSONAL_KEY

JAN = {"name": "Jan Zonderling", "role": "werfleider", "organisation": None, "phone": "0470 55 44 33", "email": "jan@example.org"}  # fmt: skip
ELS = {"name": "Els Elders", "role": None, "organisation": "Aannemer", "phone": None, "email": "els@example.org"}  # fmt: skip


@pytest.fixture
def works(street: Street) -> dict[str, Any]:
    return street.works((30, 44))


def look(street: Street, works: dict[str, Any], role: str = "workshop") -> httpx.Response:
    with street.service.as_(role) as client:
        return client.get(f"/api/v1/works/{works['id']}/contacts")


def put(street: Street, works: dict[str, Any], *people: dict[str, Any], version: int = 0, role: str = "utilities_desk") -> httpx.Response:  # fmt: skip
    with street.service.as_(role) as client:
        headers = {"If-Match": f'"{version}"'}
        return client.put(f"/api/v1/works/{works['id']}/contacts", json={"contacts": people}, headers=headers)


def test_the_desk_says_whom_to_call_and_the_workshop_reads_it_on_record(
    street: Street, works: dict[str, Any]
) -> None:
    assert look(street, works).json() == {"contacts": [], "changed_by": None, "updated_at": None}
    assert put(street, works, JAN, ELS).status_code == 204
    found = look(street, works)
    assert (found.json()["contacts"], found.headers["cache-control"]) == ([JAN, ELS], "no-store")
    with street.service.engine.connect() as conn:
        sealed = conn.scalar(sa.text("SELECT sealed FROM works_contacts WHERE works_id = :id"), works)
        looks = audit.find(conn, audit.Filter(action="contacts_seen", thing=f"works:{works['id']}"), limit=9, before=None)  # fmt: skip
    assert sealed is not None and b"Zonderling" not in bytes(sealed)
    assert [bool(row["facts"]["by_key"]) for row in looks.rows] == [True, True]
    put(street, works, ELS, version=1).raise_for_status()
    assert look(street, works).json()["contacts"] == [ELS]


def test_an_answer_kept_for_a_repeated_request_names_nobody(street: Street, works: dict[str, Any]) -> None:
    headers = {"If-Match": '"0"', "Idempotency-Key": "once"}
    with street.service.as_("utilities_desk") as client:
        path, body = f"/api/v1/works/{works['id']}/contacts", {"contacts": [JAN]}
        first, again = (client.put(path, json=body, headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 204
    assert first.headers["etag"] == again.headers["etag"] == look(street, works).headers["etag"]
    with street.service.engine.connect() as conn:
        kept = conn.scalar(sa.text("SELECT string_agg(response::text, ' ') FROM idempotency_keys"))
    assert "etag" in kept.lower() and "Zonderling" not in kept


@pytest.mark.parametrize("role", ROLES)
def test_who_may_look_and_who_may_write(street: Street, works: dict[str, Any], role: str) -> None:
    assert (look(street, works, role).status_code == 200) is (role in PERMISSIONS["see contacts"])
    written = put(street, works, JAN, role=role).status_code
    assert written == (204 if role in PERMISSIONS["write contacts"] else 403)


def test_of_two_who_write_at_once_the_second_is_told(street: Street, works: dict[str, Any]) -> None:
    put(street, works, JAN).raise_for_status()
    assert put(street, works, ELS).status_code == 412
    assert look(street, works).json()["contacts"] == [JAN]
    gone = {"id": "00000000-0000-0000-0000-000000000000"}
    assert (look(street, gone).status_code, put(street, gone, JAN).status_code) == (404, 404)


@pytest.mark.parametrize(
    ("person", "field", "code"),
    [
        ({**JAN, "phone": None, "email": None}, "contacts[0].phone", "contact_unreachable"),
        ({**JAN, "email": "jan"}, "contacts[0].email", "not_an_email"),
        ({**JAN, "name": " "}, "contacts[0].name", "string_too_short"),
    ],
)
def test_somebody_whom_nobody_can_reach_is_refused(
    street: Street, works: dict[str, Any], person: dict[str, Any], field: str, code: str
) -> None:
    answer = put(street, works, person)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["field"], error["code"]) == (422, field, code)


def test_nobody_is_named_where_works_are_listed(street: Street, works: dict[str, Any]) -> None:
    put(street, works, JAN).raise_for_status()
    repair = street.repair()
    paths = (
        f"works/{works['id']}", "works?limit=1000", "works.geojson", "works.csv", f"repairs/{repair['id']}/advice", "conflicts?limit=1000",
        "cases", "alerts?limit=1000", "search?q=Zonderling",
    )  # fmt: skip
    with street.service.as_("coordinator") as client:
        for path in paths:
            answer = client.get(f"/api/v1/{path}")
            assert answer.status_code == 200, path
            assert "Zonderling" not in answer.text and "0470 55" not in answer.text, path


def test_they_go_when_the_works_ended_long_ago(street: Street, works: dict[str, Any]) -> None:
    put(street, works, JAN).raise_for_status()
    clerk, ended = audit.Actor("test"), date.fromisoformat(works["phases"][0]["ends_on"])
    for before, left in ((ended - timedelta(days=1), [JAN]), (ended, [])):
        with street.service.engine.begin() as conn:
            retention.purge(conn, clerk, before, 0)
        assert look(street, works).json()["contacts"] == left


def test_whom_to_call_about_cancelled_works_goes_when_they_are_cancelled_long_enough(
    street: Street, works: dict[str, Any]
) -> None:
    put(street, works, JAN).raise_for_status()
    street.change_works(works, certainty="cancelled")
    with street.service.engine.begin() as conn:
        cancelled_on = conn.scalar(
            sa.text("SELECT CAST(updated_at AS date) FROM works WHERE id = :id"), works
        )
        assert cancelled_on < date.fromisoformat(works["phases"][0]["ends_on"])
        retention.purge(conn, audit.Actor("test"), cancelled_on, 0)
        left = conn.scalar(sa.text("SELECT count(*) FROM works_contacts WHERE works_id = :id"), works)
    assert left == 0


def test_one_person_is_found_handed_over_and_erased(street: Street, works: dict[str, Any]) -> None:
    put(street, works, JAN, ELS).raise_for_status()
    vault, jan = Vault.of_keys([PERSONAL_KEY]), Person(email="JAN@example.org", name="Zonderling Jan")
    with street.service.engine.begin() as conn:
        [held] = [one for one in one_person.export(conn, vault, jan)["contacts"] if str(one["works_id"]) == works["id"]]  # fmt: skip
        assert held["contacts"] == [JAN]
        assert one_person.erase(conn, vault, jan)["contacts"] >= 1
    assert look(street, works).json()["contacts"] == [ELS]
