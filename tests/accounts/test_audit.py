"""The audit trail: what is in it, who reads it, and that nobody changes it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from geo_service import db
from geo_service.accounts import people
from geo_service.domain.roles import ROLES
from geo_service.store import audit, keys
from geo_service.store.tables import audit as audit_rows
from tests.accounts.conftest import CLERK, account, sign_in, user_of, visitor
from tests.api.scenario import Street, day
from tests.api.test_open311_photos import picture
from tests.serving import Service

CHANGES = (
    "UPDATE audit SET who = 'somebody else'",
    "DELETE FROM audit",
    "TRUNCATE audit",
    "TRUNCATE audit CASCADE",
)


@pytest.mark.parametrize("statement", CHANGES)
def test_nobody_changes_what_happened(conn: sa.Connection, statement: str) -> None:
    audit.record(conn, CLERK, "user_created", "user:1")
    with pytest.raises(ProgrammingError, match="table audit is append-only"):
        conn.execute(sa.text(statement))


def test_each_act_around_an_account_is_in_it_with_who_and_what(service: Service) -> None:
    email = account(service, "workshop", department="werkplaatsen")
    with visitor(service) as person:
        person.post("/login", data={"email": email, "password": "een verkeerde zin"})
    with sign_in(service, email) as person:
        person.post("/logout")
    user = user_of(service, email)
    with db.write(service.engine) as conn:
        changed = people.change_role(conn, CLERK, user, "coordinator")
        people.change_role(conn, CLERK, changed, "coordinator")  # the same again: nothing happens
        people.disable(conn, CLERK, changed)
    with service.as_("admin") as admin:
        found = admin.get("/api/v1/audit", params={"thing": f"user:{user.id}"}).json()
    acts = [(one["who"], one["action"]) for one in reversed(found["items"])]
    assert acts == [
        ("command line", "user_created"),
        ("command line", "link_created"),
        ("Test workshop", "password_set"),
        ("Test workshop", "signed_in"),
        ("anonymous", "sign_in_failed"),
        ("Test workshop", "signed_in"),
        ("Test workshop", "signed_out"),
        ("command line", "role_changed"),
        ("command line", "user_disabled"),
    ]
    facts = {one["action"]: one["facts"] for one in found["items"]}
    assert facts["role_changed"] == {
        "before": "workshop",
        "after": "coordinator",
        "department": None,
        "owner_group": None,
    }
    assert facts["sign_in_failed"] == {"address": "127.0.0.1"}
    assert found["total"] == len(acts) and found["next"] is None


def test_no_secret_is_in_it(service: Service) -> None:
    with db.write(service.engine) as conn:
        key = keys.create(conn, "scanner", "viewer")
        link = people.create_link(conn, CLERK, user_of(service, account(service)), service.url)
    with visitor(service) as person:
        person.post("/login", data={"email": "my password by mistake", "password": "a secret"})
    with db.read(service.engine) as conn:
        rows = " ".join(conn.scalars(sa.text("SELECT audit::text FROM audit")))
    for secret in (key, link.rpartition("/")[2], "my password by mistake", "a secret"):
        assert secret not in rows
    assert '"name": "scanner"' in rows.replace('""', '"')


def test_a_key_that_is_made_and_revoked_is_in_it(service: Service) -> None:
    with db.write(service.engine) as conn:
        keys.create(conn, "made and revoked", "viewer")
        [made] = [row for row in keys.find(conn) if row["name"] == "made and revoked"]
        assert keys.revoke(conn, made["id"]) and not keys.revoke(conn, made["id"])
    with service.as_("admin") as admin:
        found = admin.get("/api/v1/audit", params={"thing": f"key:{made['id']}"}).json()["items"]
    assert [one["action"] for one in found] == ["key_revoked", "key_created"]


def test_every_write_says_who_once_and_what_was_refused_is_none(service: Service) -> None:
    street = Street(service, 400)
    works, repair = street.works((5, 19)), street.repair()
    path, crew = f"/api/v1/repairs/{repair['id']}", account(service, "workshop")
    again = {"Idempotency-Key": "once", "If-Match": '"1"'}
    with sign_in(service, crew) as person:
        for _ in range(2):
            assert person.patch(path, json={"description": "Put"}, headers=again).status_code == 200
        assert (
            person.patch(path, json={"description": "Kuil"}, headers={"If-Match": '"1"'}).status_code == 412
        )
        assert street.schedule(repair, (6, 8)).status_code == 409
        photo = person.post(f"{path}/photos", files={"photo": ("a.jpg", picture())})
        assert photo.status_code == 201
    reason = "De school vraagt het voor de examens"
    assert street.schedule(repair, (6, 8), "coordinator", override_reason=reason).status_code == 200
    user = user_of(service, crew)
    assert _writes(service, f"repair:{repair['id']}") == [
        ("test workshop", None, "POST", ""),
        (user.name, str(user.id), "PATCH", ""),
        (user.name, str(user.id), "POST", "/photos"),
        ("test coordinator", None, "POST", "/schedule"),
    ]
    assert _writes(service, f"works:{works['id']}") == [("test utilities_desk", None, "POST", "")]


def test_a_refused_override_says_who_tried_and_asking_again_adds_nothing(service: Service) -> None:
    street = Street(service, 800)
    street.works((5, 19))
    repair = street.repair()
    crew = account(service, "workshop")
    days = {"starts_on": day(6), "ends_on": day(8), "override_reason": "De school vraagt het voor de examens"}  # fmt: skip
    path = f"/api/v1/repairs/{repair['id']}/schedule"
    with sign_in(service, crew) as person:
        assert [person.post(path, json=days).status_code for _ in range(3)] == [403] * 3
    user = user_of(service, crew)
    [row] = _refusals(service, thing=f"repair:{repair['id']}")
    assert (row["who"], row["user_id"]) == (user.name, str(user.id))
    assert row["facts"] == {"method": "POST", "path": path, "reason": "only_coordinator", "role": "workshop"}


def test_each_refusal_of_a_role_a_scope_and_another_site_is_in_it(service: Service) -> None:
    with db.write(service.engine) as conn:
        key = keys.create(conn, "reader of works", "coordinator", scopes={"works:read"})
    crew = account(service, "workshop")
    with httpx.Client(base_url=service.url, headers={"Authorization": f"Bearer {key}"}) as machine:
        assert machine.get("/api/v1/rules").status_code == 403
        form = {"api_key": key, "service_code": "pothole", "lat": "51", "long": "4"}
        assert machine.post("/open311/v2/requests.json", data=form).status_code == 403
        machine.get("/ogc/collections/repairs/items")
    with sign_in(service, crew) as person:
        assert person.get("/api/v1/audit").status_code == 403
        elsewhere = {"Sec-Fetch-Site": "cross-site"}
        assert person.patch("/api/v1/me", json={"language": "en"}, headers=elsewhere).status_code == 403
    with visitor(service) as nobody:
        assert nobody.post("/api/v1/rules/wasted_repair/preview", json={}).status_code == 401
    ours = {None, str(user_of(service, crew).id)}
    refusals = [one for one in _refusals(service) if one["user_id"] in ours]
    rows = {(one["facts"]["path"], one["facts"]["reason"]) for one in refusals}
    assert rows == {
        ("/api/v1/rules", "scope_lacking"),
        ("/open311/v2/requests.json", "scope_lacking"),
        ("/ogc/collections/repairs/items", "scope_lacking"),
        ("/api/v1/audit", "role_may_not"),
        ("/api/v1/me", "other_site"),
    }


def test_nobody_fills_the_trail_with_refusals(conn: sa.Connection) -> None:
    for number in range(70):
        audit.refuse(conn, CLERK, f"works:{number}", path=f"/works/{number}")
    assert conn.scalar(sa.text("SELECT count(*) FROM audit WHERE action = 'refused'")) == 60
    audit.refuse(conn, audit.Actor("somebody else"), "works:1", path="/works/1")
    assert conn.scalar(sa.text("SELECT count(*) FROM audit WHERE action = 'refused'")) == 61


def test_two_people_of_one_name_are_refused_each_in_its_own_row(conn: sa.Connection) -> None:
    for number in range(2):
        user = people.add(conn, CLERK, name="An", email=f"an{number}@izegem.example", role="viewer")
        audit.refuse(conn, audit.Actor("An", user.id), "audit:all", path="/audit")
    assert conn.scalar(sa.text("SELECT count(*) FROM audit WHERE action = 'refused'")) == 2


def test_who_keeps_guessing_fills_no_trail(service: Service) -> None:
    with visitor(service) as guesser:
        answers = [
            guesser.post("/login", data={"email": "nobody@izegem.be", "password": "een verkeerde zin"})
            for _ in range(8)
        ]
    assert [one.status_code for one in answers] == [401] * 5 + [429] * 3
    with service.as_("admin") as admin:
        rows = admin.get("/api/v1/audit", params={"action": "sign_in_refused"}).json()["items"]
    assert [one["facts"] for one in rows] == [{"address": "127.0.0.1"}]


def _refusals(service: Service, **query: str) -> list[dict[str, Any]]:
    """The refusals in the trail, newest first."""
    with service.as_("admin") as admin:
        answer = admin.get("/api/v1/audit", params={"action": "refused", "limit": 1000, **query})
        return list(answer.raise_for_status().json()["items"])


def _writes(service: Service, thing: str) -> list[tuple[str, str | None, str, str]]:
    """Who wrote a thing, with which method and step, oldest first."""
    with service.as_("admin") as admin:
        query = {"thing": thing, "action": "record_written"}
        items = admin.get("/api/v1/audit", params=query).json()["items"]
    step = [one["facts"]["path"].rpartition(thing.partition(":")[2])[2] for one in items]
    step = ["" if one.endswith(("/repairs", "/works")) else one for one in step]
    return [
        (one["who"], one["user_id"], one["facts"]["method"], part)
        for one, part in zip(reversed(items), reversed(step), strict=True)
    ]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_only_administrators_read_it(service: Service, role: str) -> None:
    with service.as_(role) as client:
        assert client.get("/api/v1/audit").status_code == 403
        assert client.post("/api/v1/audit", json={}).status_code == 405


def test_it_comes_in_pages_newest_first_and_by_filter(service: Service) -> None:
    for _ in range(2):
        account(service)
    with service.as_("admin") as admin:

        def get(**query: object) -> dict:  # type: ignore[type-arg]
            return dict(admin.get("/api/v1/audit", params=query).raise_for_status().json())

        everything = get(limit=1000)["items"]
        assert [one["id"] for one in everything] == sorted((one["id"] for one in everything), reverse=True)
        first = get(limit=3)
        second = get(limit=3, cursor=first["next"])
        assert first["items"] + second["items"] == everything[:6] and first["total"] == len(everything)
        assert get(limit=len(everything))["next"] is None
        assert {one["action"] for one in get(action="password_set")["items"]} == {"password_set"}
        assert {one["who"] for one in get(who="Test viewer")["items"]} == {"Test viewer"}
        day = everything[0]["at"][:10]
        assert get(to=day)["total"] + get(**{"from": day})["total"] == len(everything)
        for wrong in ({"action": "danced"}, {"from": "2026-01-02", "to": "2026-01-01"}, {"nothing": "1"}):
            assert admin.get("/api/v1/audit", params=wrong).status_code in (400, 422)


def test_the_instant_at_which_a_filter_ends_is_not_in_it(conn: sa.Connection) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    conn.execute(sa.insert(audit_rows).values(who="An", action="signed_in", thing="user:1", at=at))
    found = [
        audit.find(conn, audit.Filter(**bound), limit=1, before=None).total
        for bound in ({"since": at, "who": "An"}, {"until": at, "who": "An"})
    ]
    assert found == [1, 0]


def test_administrators_take_it_out_as_a_table_and_that_is_in_it_too(service: Service) -> None:
    with db.write(service.engine) as conn:
        actor = audit.Actor("=HYPERLINK(1)")
        for number in range(1005):
            audit.record(conn, actor, "signed_out", f"user:{number}", note='een "woord", é')
    with service.as_("admin") as admin:
        answer = admin.get("/api/v1/audit.csv", params={"action": "signed_out", "who": "=HYPERLINK(1)"})
        told = admin.get("/api/v1/audit", params={"action": "audit_exported"}).json()["items"]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {row["thing"] for row in rows} == {f"user:{number}" for number in range(1005)} and len(
        rows
    ) == 1005
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)
    assert {row["who"] for row in rows} == {"'=HYPERLINK(1)"}
    assert json.loads(rows[0]["facts"]) == {"note": 'een "woord", é'}
    assert told[0]["who"] == "test admin"
    assert told[0]["facts"]["filters"] == {"action": "signed_out", "who": "=HYPERLINK(1)"}
    for role in set(ROLES) - {"admin"}:
        with service.as_(role) as client:
            assert client.get("/api/v1/audit.csv").status_code == 403
