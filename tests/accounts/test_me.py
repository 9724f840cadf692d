"""`/me`: who asks, and that a person changes language and preferences, nothing else."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.accounts.conftest import account, sign_in, sign_in_demo, visitor
from tests.serving import Service


def test_a_key_is_somebody_without_an_account(service: Service) -> None:
    with service.as_("partner") as machine:
        me = machine.get("/api/v1/me").json()
        permissions = me.pop("permissions")
        assert permissions["comment"]["roles"] == [
            "workshop",
            "utilities_desk",
            "coordinator",
            "admin",
            "partner",
        ]
        assert permissions["undo"]["roles_for_others"] == ["coordinator", "admin"]
        assert permissions["agree"]["roles_for_others"] == permissions["agree"]["roles"]
        assert me == {
            "name": "test partner", "role": "partner", "owner_group": "proximus", "department": None, "user_id": None, "email": None,
            "language": None, "preferences": {}, "notification": None, "mail_problem": None, "quiet_hours": None, "snoozed_until": None,
        }  # fmt: skip
        assert machine.patch("/api/v1/me", json={"language": "en"}).status_code == 403


def test_nobody_is_401(service: Service) -> None:
    with visitor(service) as person:
        assert person.get("/api/v1/me").status_code == 401
        assert person.patch("/api/v1/me", json={}).status_code == 401


def test_a_person_chooses_language_and_preferences(service: Service) -> None:
    with sign_in(service, account(service, "workshop", department="werkplaatsen")) as person:
        assert person.get("/api/v1/me").json()["department"] == "werkplaatsen"
        changed = person.patch(
            "/api/v1/me", json={"language": "en", "preferences": {"layers": ["open"], "sun": True}}
        )
        assert (changed.status_code, changed.json()["language"]) == (200, "en")
        changed = person.patch(
            "/api/v1/me", json={"preferences": {"sun": None, "deep": {"kept": None}}}
        ).json()
        assert (changed["language"], changed["preferences"]) == (
            "en",
            {"layers": ["open"], "deep": {"kept": None}},
        )
        assert person.patch("/api/v1/me", json={"language": None}).json()["language"] is None
        assert person.get("/api/v1/me").headers["cache-control"] == "no-store"


MASS = (
    "role",
    "department",
    "owner_group",
    "user_id",
    "email",
    "name",
    "disabled_at",
    "password_hash",
    "issuer",
)


@pytest.mark.parametrize("field", MASS)
def test_nobody_gives_itself_rights(service: Service, field: str) -> None:
    with sign_in(service, account(service)) as person:
        answer = person.patch("/api/v1/me", json={"language": "en", field: "admin"})
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        me = person.get("/api/v1/me").json()
        assert (me["role"], me["language"]) == ("viewer", None)


@pytest.mark.parametrize(
    "body",
    [
        {"language": "fr"},
        {"preferences": []},
        {"preferences": None},
        {"preferences": {"x": "y" * 20_000}},
        {"preferences": {"x": "\x00"}},
    ],
)
def test_what_cannot_be_kept_is_refused(service: Service, body: dict[str, Any]) -> None:
    with sign_in(service, account(service)) as person:
        assert person.patch("/api/v1/me", json=body).status_code == 422


def test_two_people_of_one_name_do_not_get_each_others_answers(service: Service) -> None:
    """Both send the same Idempotency-Key, as a script of the desk might."""
    key = {"Idempotency-Key": str(uuid.uuid4())}
    for language in ("nl", "en"):
        with sign_in(service, account(service)) as person:
            answer = person.patch("/api/v1/me", json={"language": language}, headers=key)
            assert (answer.status_code, answer.json()["language"]) == (200, language)


@pytest.mark.parametrize("role", ["workshop", "utilities_desk", "coordinator", "viewer", "admin", "partner"])
def test_the_demo_has_a_person_for_each_role_of_people(demo: Service, role: str) -> None:
    with sign_in_demo(demo, role) as person:
        me = person.get("/api/v1/me").json()
        assert me["role"] == role and me["user_id"]
    with sign_in_demo(demo, role) as person:
        assert person.get("/api/v1/me").json()["user_id"] == me["user_id"]


@pytest.mark.parametrize("role", ["reporter", "emperor", ""])
def test_the_demo_has_nobody_else(demo: Service, role: str) -> None:
    with visitor(demo) as person:
        assert person.post("/login/demo", data={"role": role}).status_code == 404


def test_there_are_no_ready_made_accounts_outside_the_demo(service: Service, demo: Service) -> None:
    with visitor(service) as person:
        assert person.post("/login/demo", data={"role": "admin"}).status_code == 404
        assert "/login/demo" not in person.get("/login").text
    with visitor(demo) as person:
        assert person.get("/login").text.count('action="/login/demo') == 6


@pytest.mark.parametrize(
    "headers",
    [{"Host": "demo.example.org"}, {"Host": "evil.example:8000"}, {"X-Forwarded-For": "203.0.113.9"}],
    ids=str,
)
def test_the_demo_opens_to_nobody_who_comes_from_elsewhere(demo: Service, headers: dict[str, str]) -> None:
    """By a name that points here, or through a proxy on this machine."""
    with visitor(demo, **headers) as person:
        del person.headers["origin"]
        assert person.post("/login/demo", data={"role": "admin"}).status_code == 404
        assert "/login/demo" not in person.get("/login").text


@pytest.mark.parametrize("path", ["/", "/kaart"])
def test_no_page_gives_a_session_to_who_has_none(demo: Service, path: str) -> None:
    with visitor(demo) as person:
        answer = person.get(path)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/login")
        assert "set-cookie" not in answer.headers
        assert person.get("/api/v1/works").status_code == 401
