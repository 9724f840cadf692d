"""The page of the own account: the password, and where else a person is signed in."""

from __future__ import annotations

import pytest

from geo_service import db
from geo_service.accounts import people
from geo_service.api import own_account
from geo_service.domain.errors import PersonalKeyMissing
from geo_service.vault import Vault
from tests.accounts.conftest import (
    CLERK,
    NEW,
    PASSWORD,
    account,
    is_in,
    sign_in,
    sign_in_demo,
    user_of,
    visitor,
)
from tests.serving import Service


def test_a_password_is_changed_with_the_old_one_and_ends_the_other_sessions(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as here, sign_in(service, email) as there:
        assert here.get("/account").text.count("laatst actief") == 3, "that of the link too"
        wrong = here.post("/account/password", data={"old": "x", "new": NEW})
        weak = here.post("/account/password", data={"old": PASSWORD, "new": "kort"})
        assert (wrong.status_code, weak.status_code) == (422, 422)
        assert "huidige wachtwoord klopt niet" in wrong.text and "minstens 12 tekens" in weak.text
        before = here.cookies["gs_session"]
        assert here.post("/account/password", data={"old": PASSWORD, "new": NEW}).status_code == 200
        assert here.cookies["gs_session"] != before and is_in(here) and not is_in(there)
    with sign_in(service, email, NEW) as person:
        assert is_in(person)


def test_a_password_that_is_changed_ends_the_links_to_choose_one(service: Service) -> None:
    email = account(service)
    with db.write(service.engine) as conn:
        link = people.create_link(conn, CLERK, user_of(service, email), service.url)
    with sign_in(service, email) as person:
        assert person.post("/account/password", data={"old": PASSWORD, "new": NEW}).status_code == 200
        assert person.get(link).status_code == 401


def test_sessions_elsewhere_are_seen_and_ended(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as here, sign_in(service, email) as there, sign_in(service, account(service)) as other:  # fmt: skip
        ended = here.post("/account/sessions")
        assert "Afgemeld in andere browsers: 2." in ended.text and ended.text.count("laatst actief") == 1
        assert is_in(here) and not is_in(there) and is_in(other)


def test_the_page_is_for_who_is_signed_in_and_its_forms_for_its_own_pages(service: Service) -> None:
    with visitor(service) as nobody:
        assert nobody.get("/account").headers["location"] == "/login?next=%2Faccount"
    email = account(service)
    with sign_in(service, email) as person:
        forms = [route.path for route in own_account.router.routes if "POST" in route.methods]
        assert len(forms) == 6
        for path in forms:
            other = person.post(path, headers={"Origin": "https://elders.example", "Sec-Fetch-Site": "cross-site"})  # fmt: skip
            assert other.status_code == 403, path


def test_who_has_no_password_here_is_sent_where_it_signs_in(demo: Service) -> None:
    with sign_in_demo(demo, "workshop") as person:
        page = person.get("/account").text
        assert "waar u zich aanmeldt" in page and "password" not in page
        assert person.post("/account/second-factor", data={"password": PASSWORD}).status_code == 422


def test_what_goes_wrong_is_said_on_a_page(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PersonalKeyMissing("personal_key_missing")

    with sign_in(service, account(service)) as person:
        monkeypatch.setattr(Vault, "seal", fail)
        page = person.post("/account/second-factor", data={"password": PASSWORD})
    assert page.status_code == 503 and page.headers["content-type"].startswith("text/html")
    assert 'href="/account"' in page.text
