"""`/users`: administrators let people in and out over HTTP."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest

from geo_service import db
from geo_service.accounts import people
from geo_service.cluster import Cluster
from geo_service.domain.errors import InvalidInput
from tests.accounts.conftest import CLERK, PASSWORD, _serving, account, sign_in, user_of, visitor
from tests.serving import Service

USERS = "/api/v1/users"


def add(admin: httpx.Client, email: str, **body: Any) -> dict[str, Any]:
    answer = admin.post(USERS, json={"name": "Bart", "email": email, "role": "workshop", **body})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_person_is_added_moved_and_put_out(service: Service) -> None:
    with service.as_("admin") as admin:
        made = add(admin, "bart@izegem.example", department="werkplaatsen")
        link = made.pop("link")
        with visitor(service) as person:
            path = link[link.index("/login/link/") :]  # this service learns its port late
            assert person.post(path, data={"password": PASSWORD}).status_code == 303
        with sign_in(service, "bart@izegem.example") as bart:
            moved = admin.patch(f"{USERS}/{made['id']}", json={"role": "partner", "owner_group": "proximus"})
            assert moved.status_code == 200, moved.text
            assert bart.get("/api/v1/me").status_code == 401
        back = admin.patch(f"{USERS}/{made['id']}", json={"role": "coordinator"}).json()
        listed = {one["id"]: one for one in admin.get(USERS).json()["items"]}
        again = admin.post(f"{USERS}/{made['id']}/link").json()["link"]
        gone = admin.post(f"{USERS}/{made['id']}/disable").json()
        no_link = admin.post(f"{USERS}/{made['id']}/link")
        trail = admin.get("/api/v1/audit", params={"thing": f"user:{made['id']}"}).json()["items"]
    assert moved.json()["owner_group"] == "proximus" and back["owner_group"] is None
    assert listed[made["id"]].pop("seen_at") is not None
    assert back["department"] == "werkplaatsen" and listed[made["id"]] == back
    assert again != link and gone["disabled_at"] and no_link.status_code == 422
    acts = sorted(one["action"] for one in trail)  # two acts of one request have the same moment
    assert acts == sorted([
        "user_created", "link_created", "password_set", "signed_in", "signed_in", "role_changed", "role_changed", "link_created", "user_disabled",
    ])  # fmt: skip
    with visitor(service) as person:
        assert (
            person.post("/login", data={"email": "bart@izegem.example", "password": PASSWORD}).status_code
            != 303
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "reporter"}, {"role": "partner"}, {"owner_group": "proximus"}, {"department": "navy"}, {"email": "nobody"},
        {"password": "a password"}, {"id": "00000000-0000-0000-0000-000000000000"}, {"disabled_at": None}, {"name": ""},
    ],
)  # fmt: skip
def test_a_wrong_person_is_not_added(service: Service, wrong: dict[str, Any]) -> None:
    body = {"name": "Bart", "email": "wrong@izegem.example", "role": "workshop", **wrong}
    with service.as_("admin") as admin:
        answer = admin.post(USERS, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), answer.text
        assert "wrong@izegem.example" not in admin.get(USERS).text


def test_one_login_is_one_person(service: Service) -> None:
    with service.as_("admin") as admin:
        add(admin, "twice@izegem.example")
        answer = admin.post(USERS, json={"name": "B", "email": "TWICE@izegem.example", "role": "viewer"})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "email"


def test_a_change_without_a_role_keeps_it_and_null_is_no_role(service: Service) -> None:
    with service.as_("admin") as admin:
        made = add(admin, "stays@izegem.example", role="partner", owner_group="proximus")
        changed = admin.patch(f"{USERS}/{made['id']}", json={"owner_group": "fluvius"}).json()
        assert (changed["role"], changed["owner_group"]) == ("partner", "fluvius")
        again = admin.patch(f"{USERS}/{made['id']}", json={"role": "partner"}).json()
        assert again["owner_group"] == "fluvius"
        assert admin.patch(f"{USERS}/{made['id']}", json={"role": None}).status_code == 422
        assert admin.patch(f"{USERS}/{made['id']}", json={"email": "other@izegem.example"}).status_code == 422


def test_the_last_administrator_stays(fresh_database: str) -> None:
    engine = db.create_engine_for(fresh_database)
    with db.write(engine) as conn:
        first = people.add(conn, CLERK, name="An", email="an@izegem.example", role="admin")
        second = people.add(conn, CLERK, name="Bo", email="bo@izegem.example", role="admin")
        ready = "UPDATE users SET password_hash = 'x'"
        conn.exec_driver_sql(f"{ready} WHERE email = 'an@izegem.example'")
        for act in (
            people.disable,
            lambda *who: people.change_role(*who, "viewer"),
        ):  # Bo has no password yet
            with pytest.raises(InvalidInput):
                act(conn, CLERK, first)
        people.change_role(conn, CLERK, first, "admin", department="nutsen")
        conn.exec_driver_sql(ready)

    refused = []

    def leave(user: Any) -> None:
        try:
            with db.write(engine) as conn:
                people.disable(conn, CLERK, user)
        except InvalidInput:
            refused.append(user.name)

    both = [threading.Thread(target=leave, args=(user,)) for user in (first, second)]
    for one in both:
        one.start()
    for one in both:
        one.join(timeout=20)
    assert len(refused) == 1
    engine.dispose()


def test_an_administrator_does_not_lock_the_town_out(service: Service) -> None:
    email = account(service, "admin")
    with sign_in(service, email) as admin:
        id_ = user_of(service, email).id
        for other in admin.get(USERS).json()["items"]:
            if other["role"] == "admin" and other["id"] != str(id_):
                admin.post(f"{USERS}/{other['id']}/disable")
        answers = [
            admin.post(f"{USERS}/{id_}/disable"),
            admin.patch(f"{USERS}/{id_}", json={"role": "viewer"}),
        ]
        assert [answer.status_code for answer in answers] == [422, 422]
        assert admin.get(USERS).status_code == 200


def test_with_an_issuer_nobody_is_added_here(cluster: Cluster, template: str) -> None:
    issuer = {"oidc_issuer": "http://127.0.0.1:9/op", "oidc_client_id": "x", "oidc_roles": {"a": "admin"}}
    for service in _serving(cluster, template, **issuer):
        with service.as_("admin") as admin:
            answer = admin.post(USERS, json={"name": "B", "email": "b@izegem.example", "role": "viewer"})
        assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "email"
