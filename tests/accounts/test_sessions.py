"""A session: who it says one is, what it takes with it, and when it ends."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from geo_service import db
from geo_service.accounts import people
from geo_service.store import sessions, users
from tests.accounts.conftest import CLERK, PASSWORD, account, sign_in, sign_in_demo, user_of, visitor
from tests.serving import Service

COOKIE = "gs_session"


def test_a_session_reads_what_a_key_of_its_role_reads(service: Service) -> None:
    with sign_in(service, account(service)) as person:
        assert person.get("/api/v1/works").status_code == 200
        assert person.get("/api/v1/repairs.geojson").status_code == 200
        assert person.post("/api/v1/repairs", json={}).status_code == 403


def test_a_session_writes_what_its_role_writes(service: Service) -> None:
    with sign_in(service, account(service, "workshop")) as person:
        assert person.post("/api/v1/repairs", json={}).status_code == 422


def test_a_partner_sees_its_own_works_only(service: Service) -> None:
    with sign_in(service, account(service, "partner", owner_group="proximus")) as person:
        assert person.get("/api/v1/works").status_code == 200
        assert person.get("/api/v1/repairs").status_code == 403


def test_the_cookie_is_for_the_server_alone_and_only_its_hash_is_stored(service: Service) -> None:
    email = account(service)
    with visitor(service) as person:
        answer = person.post("/login", data={"email": email, "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        token = person.cookies[COOKIE]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie and "Secure" not in cookie
    assert len(token) >= 43
    with db.read(service.engine) as conn:
        stored = conn.execute(sa.text("SELECT sessions::text AS row FROM sessions")).scalars().all()
    assert stored and not [row for row in stored if token in row or token.encode().hex() in row]


def test_signing_in_gives_another_session_than_the_one_somebody_planted(service: Service) -> None:
    email = account(service)
    with visitor(service) as person:
        person.cookies.set(COOKIE, "planted", domain="127.0.0.1")
        person.post("/login", data={"email": email, "password": PASSWORD})
        planted = [c for c in person.cookies.jar if c.value == "planted"]
        assert len({c.value for c in person.cookies.jar} - {"planted"}) == 1
    with visitor(service, Cookie=f"{COOKIE}=planted") as thief:
        assert thief.get("/api/v1/works").status_code == 401, planted


def test_a_session_that_was_there_before_ends_at_the_next_sign_in(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        before = person.cookies[COOKIE]
        person.post("/login", data={"email": email, "password": PASSWORD})
        assert person.cookies[COOKIE] != before
    with visitor(service, Cookie=f"{COOKIE}={before}") as thief:
        assert thief.get("/api/v1/works").status_code == 401


def test_after_signing_out_the_cookie_is_worth_nothing(service: Service) -> None:
    with sign_in(service, account(service)) as person:
        token = person.cookies[COOKIE]
        answer = person.post("/logout")
        assert (answer.status_code, answer.headers["location"]) == (303, "/login?uit=1")
        assert COOKIE not in person.cookies
    with visitor(service, Cookie=f"{COOKIE}={token}") as thief:
        answer = thief.get("/api/v1/works")
        assert (answer.status_code, answer.json()["detail"]) == (
            401,
            "de sessie is voorbij: meld u opnieuw aan",
        )


def test_a_disabled_user_is_out_at_once_and_stays_out(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        with db.write(service.engine) as conn:
            people.disable(conn, CLERK, user_of(service, email))
            mine = {"user_id": user_of(service, email).id}
            live = sa.text("SELECT count(*) FROM sessions WHERE user_id = :user_id AND ended_at IS NULL")
            assert conn.scalar(live, mine) == 0
        assert person.get("/api/v1/works").status_code == 401
        assert person.post("/login", data={"email": email, "password": PASSWORD}).status_code == 401


def test_a_session_of_a_disabled_user_opens_nothing_by_itself(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        with db.write(service.engine) as conn:
            users.change(conn, user_of(service, email).id, disabled_at=sa.func.now())
        assert person.get("/api/v1/works").status_code == 401


def test_the_token_of_the_issuer_goes_with_its_session(conn: sa.Connection) -> None:
    user = people.add(conn, CLERK, name="An", email="an@izegem.example", role="viewer")
    token = sessions.open_(conn, user.id, timedelta(hours=1), "a token of the issuer")
    sessions.end_token(conn, token)
    assert conn.scalar(sa.text("SELECT count(id_token) FROM sessions")) == 0


def test_another_role_ends_the_sessions_of_the_old_one(service: Service) -> None:
    email = account(service, "coordinator")
    with sign_in(service, email) as person:
        with db.write(service.engine) as conn:
            people.change_role(conn, CLERK, user_of(service, email), "viewer")
        assert person.get("/api/v1/works").status_code == 401
    with sign_in(service, email) as person:
        assert person.get("/api/v1/me").json()["role"] == "viewer"


def _age(service: Service, token: str, **columns: str) -> None:
    """Make a session older: `seen_at` and `expires_at` by intervals."""
    import hashlib

    changes = ", ".join(f"{name} = {name} - CAST('{by}' AS interval)" for name, by in columns.items())
    with db.write(service.engine) as conn:
        done = conn.execute(
            sa.text(f"UPDATE sessions SET {changes} WHERE token_hash = :hash"),
            {"hash": hashlib.sha256(token.encode()).digest()},
        )
    assert done.rowcount == 1


def test_who_does_nothing_for_hours_is_signed_out_and_who_works_is_not(service: Service) -> None:
    with sign_in(service, account(service)) as person:
        token = person.cookies[COOKIE]
        for _ in range(3):  # 9 hours with something done every three
            _age(service, token, seen_at="3 hours")
            assert person.get("/api/v1/works").status_code == 200
        _age(service, token, seen_at="241 minutes")
        assert person.get("/api/v1/works").status_code == 401


def test_what_a_page_asks_by_itself_does_not_count_as_activity(service: Service) -> None:
    with sign_in(service, account(service)) as person:
        token = person.cookies[COOKIE]
        _age(service, token, seen_at="239 minutes")
        assert person.get("/api/v1/status").status_code == 200
        _age(service, token, seen_at="2 minutes")
        assert person.get("/api/v1/works").status_code == 401


def test_a_session_ends_after_half_a_day_however_active(service: Service) -> None:
    with sign_in(service, account(service)) as person:
        _age(service, person.cookies[COOKIE], expires_at="12 hours")
        assert person.get("/api/v1/works").status_code == 401


def test_a_stream_ends_with_its_session(demo: Service) -> None:
    with sign_in_demo(demo, "viewer") as person, person.stream("GET", "/api/v1/alerts/stream") as answer:
        lines = answer.iter_lines()
        assert next(lines) == ": connected"
        with visitor(demo, Cookie=f"{COOKIE}={person.cookies[COOKIE]}") as other_tab:
            other_tab.post("/logout")
        assert [line for line in lines if line.startswith("data")] == []


def test_a_wrong_key_is_not_saved_by_a_good_cookie(service: Service) -> None:
    with sign_in(service, account(service)) as person:
        assert person.get("/api/v1/works", headers={"Authorization": "Bearer gs_no"}).status_code == 401
        assert person.get("/api/v1/works", headers={"Authorization": "Basic eDp5"}).status_code == 401
        assert person.get("/api/v1/works", headers={"Authorization": "Digest x"}).status_code == 401
