"""API keys: made, used, rotated and ended, by administrators over HTTP and by an operator."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.store import keys
from tests.accounts.conftest import account, sign_in
from tests.serving import Service, point

KEYS = "/api/v1/keys"


def make(service: Service, **body: Any) -> dict[str, Any]:
    """A key that an administrator made over HTTP, as it was shown once."""
    with service.as_("admin") as admin:
        answer = admin.post(KEYS, json={"name": "dashboard", "role": "viewer", **body})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def with_key(service: Service, key: str) -> httpx.Client:
    return httpx.Client(base_url=service.url, headers={"Authorization": f"Bearer {key}"}, timeout=30)


def stored(service: Service, id_: str) -> dict[str, Any]:
    with service.as_("admin") as admin:
        [found] = [one for one in admin.get(KEYS).json()["items"] if one["id"] == id_]
    return dict(found)


def set_column(service: Service, id_: str, assignment: str) -> None:
    with db.write(service.engine) as conn:
        conn.execute(sa.text(f"UPDATE api_keys SET {assignment} WHERE id = :id"), {"id": id_})


def test_a_key_is_shown_once_and_its_hash_is_all_that_is_kept(service: Service) -> None:
    made = make(service, scopes=["works:read"], days=10)
    key = made.pop("key")
    assert made["state"] == "expires_soon" and made["scopes"] == ["works:read"]
    assert stored(service, made["id"]) == made
    with db.read(service.engine) as conn:
        kept = " ".join(
            conn.scalars(
                sa.text(
                    "SELECT t::text FROM api_keys t UNION ALL SELECT t::text FROM audit t "
                    "UNION ALL SELECT t::text FROM idempotency_keys t"
                )
            )
        )
    assert key not in kept and made["id"] in kept


def test_a_key_expires_by_default_after_a_year(service: Service) -> None:
    made = make(service)
    with db.read(service.engine) as conn:
        days = conn.scalar(
            sa.text("SELECT extract(days FROM expires_at - created_at) FROM api_keys WHERE id = :id"),
            {"id": made["id"]},
        )
    assert days == 365 and made["state"] == "in_use"
    set_column(service, made["id"], "expires_at = now() - interval '1 second'")
    with with_key(service, made["key"]) as machine:
        assert machine.get("/api/v1/works").status_code == 401
    assert stored(service, made["id"])["state"] == "expired"


def test_a_scope_narrows_a_role_and_never_widens_it(service: Service) -> None:
    narrow = make(service, role="admin", scopes=["works:read"])["key"]
    poor = make(service, role="viewer", scopes=["works:write", "rules:write"])["key"]
    with with_key(service, narrow) as machine:
        assert machine.get("/api/v1/works").status_code == 200
        assert machine.get("/api/v1/works.geojson").status_code == 200
        refused = machine.get("/api/v1/conflicts", headers={"Accept-Language": "en"})
        writes = [
            machine.post("/api/v1/works", json={}).status_code,
            machine.post(KEYS, json={"name": "more", "role": "admin"}).status_code,
            machine.get("/api/v1/users").status_code,
            machine.get("/ogc/tiles/WebMercatorQuad/12/2099/1370.mvt").status_code,
        ]
        assert machine.get("/api/v1/me").json()["role"] == "admin"
        assert machine.get("/api/v1/status").json()["keys_expiring"] is None
    assert refused.status_code == 403
    assert refused.json()["detail"] == "this key was not made for that; it needs conflicts:read"
    assert writes == [403] * 4
    with with_key(service, poor) as machine:
        assert machine.post("/api/v1/works", json={}).status_code == 403
        assert machine.get("/api/v1/works").status_code == 200


def test_a_key_may_come_as_the_password_of_basic(service: Service) -> None:
    key = make(service, role="viewer")["key"]
    works = f"{service.url}/api/v1/works"
    assert httpx.get(works, auth=("whoever", key)).status_code == 200
    assert httpx.post(works, auth=("whoever", key), json={}).status_code == 403
    for user, password in (("whoever", key[:-1]), (key, ""), ("", "")):
        answer = httpx.get(works, auth=(user, password))
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    for broken in ("Basic", "Basic !!!", "Basic /w==", "Basic w6k="):
        assert httpx.get(works, headers={"Authorization": broken}).status_code == 401


def test_a_key_may_file_reports_only_with_its_scope(service: Service) -> None:
    lon, lat = point(5, 1)["coordinates"]
    report = {"service_code": "pothole", "lat": lat, "long": lon, "description": "put"}
    answers = []
    for scopes in (["works:write"], ["repairs:read"], ["repairs:write"]):
        key = make(service, role="workshop", scopes=scopes)["key"]
        answers.append(
            httpx.post(f"{service.url}/open311/v2/requests.json", data={**report, "api_key": key}).status_code
        )
    assert answers == [403, 403, 200]


def test_the_last_use_is_kept_to_the_minute(service: Service) -> None:
    made = make(service)
    assert made["last_used_at"] is None
    with with_key(service, made["key"]) as machine:
        machine.get("/api/v1/works")
        first = stored(service, made["id"])["last_used_at"]
        machine.get("/api/v1/works")
        assert first and stored(service, made["id"])["last_used_at"] == first
        set_column(service, made["id"], "last_used_at = now() - interval '61 seconds'")
        machine.get("/api/v1/works")
    assert stored(service, made["id"])["last_used_at"] > first


def test_a_rotated_key_lives_on_for_the_overlap_as_the_same_machine(service: Service) -> None:
    old = make(service, role="partner", owner_group="proximus", scopes=["works:read"])
    with service.as_("admin") as admin:
        new = admin.post(f"{KEYS}/{old['id']}/rotate", json={"overlap_days": 3}).json()
        again = admin.post(f"{KEYS}/{new['id']}/rotate", json={}).json()
        left = stored(service, old["id"])
    same = ("name", "role", "owner_group", "scopes", "machine_id")
    assert [new[name] for name in same] == [again[name] for name in same] == [old[name] for name in same]
    assert new["machine_id"] == old["id"] and new["key"] != old["key"]
    assert left["state"] == "expires_soon" and left["expires_at"] < old["expires_at"]
    for key in (old["key"], new["key"], again["key"]):
        with with_key(service, key) as machine:
            assert machine.get("/api/v1/works").status_code == 200
    with db.read(service.engine) as conn:
        assert {keys.principal(conn, one["key"]).id for one in (old, new, again)} == {f"key:{old['id']}"}  # type: ignore[union-attr]
        overlaps = conn.execute(
            sa.text("SELECT round(extract(epoch FROM expires_at - now()) / 86400) FROM api_keys WHERE id = ANY(:ids) ORDER BY id"),
            {"ids": [old["id"], new["id"]]},
        )  # fmt: skip
        assert [int(days) for (days,) in overlaps] == [3, 7]


def test_the_overlap_does_not_lengthen_a_life(service: Service) -> None:
    old = make(service, days=2)
    with service.as_("admin") as admin:
        admin.post(f"{KEYS}/{old['id']}/rotate", json={"overlap_days": 30})
    assert stored(service, old["id"])["expires_at"] == old["expires_at"]


def test_a_key_that_has_ended_is_not_rotated_and_ends_once(service: Service) -> None:
    made = make(service)
    with service.as_("admin") as admin:
        assert admin.delete(f"{KEYS}/{made['id']}").status_code == 204
        assert admin.delete(f"{KEYS}/{made['id']}").status_code == 404
        assert admin.post(f"{KEYS}/{made['id']}/rotate", json={}).status_code == 404
        found = admin.get("/api/v1/audit", params={"thing": f"key:{made['id']}"}).json()["items"]
    with with_key(service, made["key"]) as machine:
        assert machine.get("/api/v1/works").status_code == 401
    assert [one["action"] for one in found] == ["key_revoked", "key_created"]
    assert all(one["facts"]["by_key"] for one in found)
    assert stored(service, made["id"])["state"] == "revoked"


def test_a_stream_ends_with_its_key(service: Service) -> None:
    made = make(service)
    ended = threading.Event()

    def listen() -> None:
        with (
            with_key(service, made["key"]) as machine,
            machine.stream("GET", "/api/v1/alerts/stream") as answer,
        ):
            for _ in answer.iter_lines():
                pass
        ended.set()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    time.sleep(1)
    with service.as_("admin") as admin:
        admin.delete(f"{KEYS}/{made['id']}")
    assert ended.wait(timeout=12)


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": ["everything"]},
        {"scopes": []},
        {"role": "emperor"},
        {"role": "partner"},
        {"role": "viewer", "owner_group": "proximus"},
        {"role": "partner", "owner_group": "nobody"},
        {"days": 0},
        {"days": 4_000},
        {"name": " "},
        {"machine_id": "00000000-0000-0000-0000-000000000000"},
    ],
)
def test_a_wrong_key_is_not_made(service: Service, wrong: dict[str, Any]) -> None:
    with service.as_("admin") as admin:
        before = admin.get(KEYS).json()["total"]
        answer = admin.post(KEYS, json={"name": "x", "role": "viewer", **wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), answer.text
        assert admin.get(KEYS).json()["total"] == before


def test_an_administrator_is_warned_of_keys_that_expire(service: Service) -> None:
    with service.as_("admin") as admin:
        before = admin.get("/api/v1/status").json()["keys_expiring"]
        make(service, days=29)
        make(service, days=31)
        revoked = make(service, days=28)
        assert admin.delete(f"{KEYS}/{revoked['id']}").is_success
        assert admin.get("/api/v1/status").json()["keys_expiring"] == before + 1
    for role in ("viewer", None):
        with service.as_(role) as client:
            assert client.get("/api/v1/status").json()["keys_expiring"] is None


def test_a_person_and_a_key_of_one_name_are_two(service: Service) -> None:
    email = account(service, "workshop")
    made = make(service, name="Test workshop", role="workshop")
    with sign_in(service, email) as person, with_key(service, made["key"]) as machine:
        headers = {"Idempotency-Key": "the same"}
        first = machine.post(
            "/api/v1/imports", json={"source": "open311", "url": "https://example.org/a"}, headers=headers
        )
        assert first.status_code == 202, first.text
        address = first.headers["Location"]
        assert person.delete(address).status_code == 403
        assert machine.delete(address).status_code == 200
