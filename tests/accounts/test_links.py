"""A link to choose a password works once, ends with its account and with time, and never takes a weak password."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.accounts import people
from geo_service.domain.errors import InvalidInput
from geo_service.domain.users import MOST_PASSWORD
from geo_service.store import audit, users
from tests.accounts.conftest import CLERK, PASSWORD, account, sign_in, visitor
from tests.serving import Service


def test_the_longest_password_is_not_the_beginning_of_a_longer_one(service: Service) -> None:
    email, longest = account(service), "een lange zin " * 15
    longest = longest[:MOST_PASSWORD]
    with visitor(service) as person:
        assert person.post(_link(service, email), data={"password": longest}).status_code == 303
        for password, status in ((f"{longest}x", 401), (longest, 303)):
            assert person.post("/login", data={"email": email, "password": password}).status_code == status


def _link(service: Service, email: str) -> str:
    with db.write(service.engine) as conn:
        return people.create_link(conn, CLERK, users.of_login(conn, email), service.url)


def test_a_link_works_once_and_ends_every_session_of_before(service: Service) -> None:
    email = account(service)
    link = _link(service, email)
    with sign_in(service, email) as before, visitor(service) as person:
        page = person.get(link)
        assert page.status_code == 200 and 'autocomplete="new-password"' in page.text and email in page.text
        assert person.post(link, data={"password": "een heel andere zin"}).status_code == 303
        assert person.get("/api/v1/me").json()["email"] == email
        assert before.get("/api/v1/me").status_code == 401
        for again in (person.get(link), person.post(link, data={"password": "nog een andere zin"})):
            assert again.status_code == 401 and "al gebruikt of vervallen" in again.text
        assert person.post("/login", data={"email": email, "password": PASSWORD}).status_code == 401
        assert (
            person.post("/login", data={"email": email, "password": "een heel andere zin"}).status_code == 303
        )


def test_a_weak_password_is_refused_in_words_and_the_link_stays_good(service: Service) -> None:
    link = _link(service, account(service))
    with visitor(service) as person:
        answer = person.post(link, data={"password": "kort"})
        assert answer.status_code == 422 and _wrong(answer.text) == "Neem minstens 12 tekens."
        assert person.post(link, data={"password": "een heel andere zin"}).status_code == 303


def _wrong(text: str) -> str:
    [found] = re.findall(r'role="alert" id="wrong">([^<]+)<', text)
    return str(found)


def test_a_newer_link_ends_the_older_one_and_time_ends_it_too(service: Service) -> None:
    email = account(service)
    older, newer = _link(service, email), _link(service, email)
    with visitor(service) as person:
        assert person.get(older).status_code == 401
        assert person.get(newer).status_code == 200
        with db.write(service.engine) as conn:
            conn.execute(sa.text("UPDATE sign_in_links SET expires_at = now() - interval '1 second'"))
        assert person.get(newer).status_code == 401
        assert person.get(f"{service.url}/login/link/x").status_code == 401


def test_a_link_ends_with_its_account(service: Service) -> None:
    email = account(service)
    link = _link(service, email)
    with db.write(service.engine) as conn:
        people.disable(conn, CLERK, users.of_login(conn, email))
    with visitor(service) as person:
        assert person.get(link).status_code == 401
        assert person.post(link, data={"password": "een heel andere zin"}).status_code == 401


def test_a_link_taken_by_two_at_once_serves_one(service: Service) -> None:
    link = _link(service, account(service))

    def choose(number: int) -> int:
        with visitor(service) as person:
            return person.post(link, data={"password": f"de zin van nummer {number}"}).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(choose, range(6))) == [303] + [401] * 5


def test_the_first_administrator_is_made_once(fresh_database: str) -> None:
    engine = db.create_engine_for(fresh_database)
    asked = {"name": "Els", "email": "els@izegem.example", "base_url": "http://x"}
    with db.write(engine) as conn:
        first = people.first_admin(conn, CLERK, **asked)
        again = people.first_admin(conn, CLERK, **asked)  # the first link was lost
        assert first != again and first.startswith("http://x/login/link/")
        user = users.of_login(conn, "els@izegem.example")
        users.change(conn, user.id, password_hash="x")
        with pytest.raises(InvalidInput, match="there is an administrator already"):
            people.first_admin(conn, CLERK, **asked)
        actions = [row["action"] for row in audit.find(conn, audit.Filter(), limit=10, before=None).rows]
    engine.dispose()
    assert actions == ["link_created", "link_created", "user_created"]
