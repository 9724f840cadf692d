"""The second factor of a local account: an authenticator app, codes on paper, roles that must have one."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import httpx
import pyotp
import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.accounts import codes, own_account, people
from geo_service.cluster import Cluster
from geo_service.store import audit, personal, second_factors
from geo_service.vault import Vault, new_key
from tests.accounts.conftest import (
    CLERK,
    NEW,
    PASSWORD,
    _serving,
    account,
    is_in,
    sign_in,
    user_of,
    visitor,
)
from tests.serving import PERSONAL_KEY, Service

WRONG = "000000"


@pytest.fixture(scope="module")
def strict(cluster: Cluster, template: str) -> Iterator[Service]:
    """A service whose administrators must have a second factor."""
    yield from _serving(cluster, template, second_factor_roles=("admin",))


def secret_of(page: str) -> str:
    """The secret that a page offers in letters."""
    [shown] = re.findall(r"<code>([A-Z2-7 ]{32,})</code>", page)
    return str(shown).replace(" ", "")


def code_of(secret: str, later: int = 0) -> str:
    """The code that the app shows now, or so many steps later."""
    return pyotp.TOTP(secret).at(time.time() + later * codes.STEP_S)


def paper_codes(page: str) -> list[str]:
    """The codes on paper that a page shows."""
    return re.findall(r"<code>(\w{4}-\w{4}-\w{4}-\w{4})</code>", page)


def set_factor(person: httpx.Client) -> tuple[str, list[str]]:
    """Set a second factor on the page of the own account: its secret, and the codes on paper."""
    begun = person.post("/account/second-factor", data={"password": PASSWORD}, follow_redirects=True)
    secret = secret_of(begun.text)
    done = person.post("/account/second-factor/confirm", data={"code": code_of(secret)})
    assert done.status_code == 200, done.text
    return secret, paper_codes(done.text)


def first_step(person: httpx.Client, email: str) -> httpx.Response:
    """Sign in with the password alone."""
    return person.post("/login?next=/overzicht", data={"email": email, "password": PASSWORD})


def second_step(person: httpx.Client, code: str) -> httpx.Response:
    """Enter the code that is asked for then."""
    return person.post("/login/code?next=/overzicht", data={"code": code})


def test_who_set_a_second_factor_is_asked_for_it_and_goes_on_where_it_was_going(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        secret, paper = set_factor(person)
    assert len(paper) == codes.PAPER_CODES
    with visitor(service) as person:
        answer = first_step(person, email)
        assert answer.headers["location"] == "/login/code?next=%2Foverzicht" and not is_in(person)
        assert "gs_session" not in answer.headers["set-cookie"]
        assert secret not in person.get("/login/code").text
        assert second_step(person, WRONG).status_code == 401 and not is_in(person)
        entered = second_step(person, f" {code_of(secret, 1)[:3]} {code_of(secret, 1)[3:]} ")
        assert entered.headers["location"] == "/overzicht" and is_in(person)
        assert second_step(person, code_of(secret, 1)).status_code == 401, "the step is over"


def test_a_code_is_good_once_also_on_paper(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        secret, paper = set_factor(person)
    used = (code_of(secret), code_of(secret, 1), paper[0])  # the first one confirmed the factor
    for tries, expected in ((used, [401, 303, 303]), (used[1:], [401, 401])):
        answers = []
        for code in tries:
            with visitor(service) as person:
                first_step(person, email)
                answers.append(second_step(person, code).status_code)
        assert answers == expected


def test_codes_are_guessed_as_slowly_as_passwords_also_by_who_knows_the_password(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        secret, _ = set_factor(person)
        statuses = []
        for _ in range(2):  # each time a password that is right, and a code that is not
            with visitor(service) as thief:
                statuses += [first_step(thief, email).status_code, second_step(thief, WRONG).status_code]
            left = person.post("/account/second-factor/remove", data={"password": PASSWORD, "code": WRONG})
            statuses.append(left.status_code)
        assert statuses == [303, 401, 422] * 2
        assert person.post("/account/second-factor/paper", data={"password": PASSWORD, "code": WRONG}).status_code == 422  # fmt: skip
        last = person.post("/account/second-factor/remove", data={"password": PASSWORD, "code": code_of(secret, 1)})  # fmt: skip
        assert last.status_code == 429 and "Te veel pogingen" in last.text
    with visitor(service) as thief:
        first_step(thief, email)
        assert second_step(thief, code_of(secret, 1)).status_code == 429 and not is_in(thief)


def test_who_guesses_passwords_keeps_nobody_from_entering_a_code(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        secret, _ = set_factor(person)
    with visitor(service) as person:
        first_step(person, email)
        with visitor(service) as thief:
            for login in (
                email,
                f"code:{user_of(service, email).id}",
                f"\x00code:{user_of(service, email).id}",
            ):
                for _ in range(6):
                    last = thief.post("/login", data={"email": login, "password": "geraden wachtwoord"})
                assert last.status_code == 429
        assert second_step(person, code_of(secret, 1)).status_code == 303 and is_in(person)


def test_what_an_old_password_opened_ends_with_it(strict: Service) -> None:
    with db.write(strict.engine) as conn:
        user = people.add(conn, CLERK, name="Jo", email="jo@izegem.example", role="admin")
        link = people.create_link(conn, CLERK, user, strict.url)
    with visitor(strict) as thief, visitor(strict) as owner:
        thief.post(link, data={"password": PASSWORD})
        secret = secret_of(thief.get("/login/code").text)
        with db.write(strict.engine) as conn:
            used, stolen = (people.create_link(conn, CLERK, user, strict.url) for _ in range(2))
        assert owner.post(stolen, data={"password": NEW}).status_code == 303 and used != stolen
        assert second_step(thief, code_of(secret)).status_code == 401 and not is_in(thief)
        assert secret_of(owner.get("/login/code").text) != secret


def test_a_picture_stays_while_its_page_is_loaded_again_and_nobody_else_is_shown_it(strict: Service) -> None:
    with db.write(strict.engine) as conn:
        user = people.add(conn, CLERK, name="Ed", email="ed@izegem.example", role="admin")
        link = people.create_link(conn, CLERK, user, strict.url)
    with visitor(strict) as thief, visitor(strict) as owner:
        thief.post(link, data={"password": PASSWORD})
        seen = secret_of(thief.get("/login/code").text)
        assert secret_of(thief.get("/login/code").text) == seen
        first_step(owner, "ed@izegem.example")
        secret = secret_of(owner.get("/login/code").text)
        assert secret != seen, "who knows the password knows no secret of the owner's app"
        assert second_step(thief, code_of(secret)).status_code == 401 and not is_in(thief)
        assert second_step(owner, code_of(secret)).status_code == 200 and is_in(owner)


def test_codes_on_paper_are_made_anew_and_the_old_ones_end(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        secret, paper = set_factor(person)
        again = person.post("/account/second-factor/confirm", data={"code": code_of(secret, 1)})
        assert again.headers["location"] == "/account", "a second press uses no code up"
        renewed = person.post("/account/second-factor/paper", data={"password": PASSWORD, "code": paper[0]})
        news = paper_codes(renewed.text)
        assert len(news) == codes.PAPER_CODES and not {*news} & {*paper}
        old = person.post("/account/second-factor/paper", data={"password": PASSWORD, "code": paper[1]})
        assert old.status_code == 422
    with visitor(service) as person:
        first_step(person, email)
        assert second_step(person, news[0]).status_code == 303


def test_a_link_of_the_administrator_opens_no_way_around_it(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        secret, _ = set_factor(person)
    with db.write(service.engine) as conn:
        link = people.create_link(conn, CLERK, user_of(service, email), service.url)
    with visitor(service) as person:
        assert person.post(link, data={"password": NEW}).headers["location"].startswith("/login/code")
        assert not is_in(person)
        assert second_step(person, code_of(secret, 1)).status_code == 303 and is_in(person)


def test_a_role_that_must_have_one_gets_it_at_the_first_sign_in_and_cannot_remove_it(strict: Service) -> None:
    with db.write(strict.engine) as conn:
        user = people.add(conn, CLERK, name="An", email="an@izegem.example", role="admin")
        link = people.create_link(conn, CLERK, user, strict.url)
    with visitor(strict) as person:
        assert person.post(link, data={"password": PASSWORD}).headers["location"].startswith("/login/code")
        secret = secret_of(person.get("/login/code").text)
        assert not is_in(person) and second_step(person, WRONG).status_code == 401
        assert secret_of(person.get("/login/code").text) == secret
        assert len(paper_codes(second_step(person, code_of(secret)).text)) == codes.PAPER_CODES
        assert is_in(person)
        left = person.post("/account/second-factor/remove", data={"password": PASSWORD, "code": code_of(secret, 1)})  # fmt: skip
        assert left.status_code == 422 and "Met uw rol" in left.text
    with sign_in(strict, account(strict)) as viewer:
        assert is_in(viewer)


def test_it_is_removed_with_the_password_and_a_code(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        secret, paper = set_factor(person)
        for words in ({"password": "x", "code": paper[0]}, {"password": PASSWORD, "code": WRONG}):
            assert person.post("/account/second-factor/remove", data=words).status_code == 422
        done = person.post("/account/second-factor/remove", data={"password": PASSWORD, "code": paper[0]})
        assert done.status_code == 200 and "staat uit" in done.text
    with sign_in(service, email) as person:
        assert is_in(person)
    assert secret not in done.text


def test_a_factor_that_is_set_is_not_replaced_without_a_code(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        set_factor(person)
        before = _sealed(service, email)
        again = person.post("/account/second-factor", data={"password": PASSWORD}, follow_redirects=True)
        assert again.url.path == "/account" and _sealed(service, email) == before


def test_its_secret_is_sealed_and_follows_a_new_key(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        secret, _ = set_factor(person)
    assert secret.encode() not in _sealed(service, email)
    fresh = new_key()
    with service.engine.connect() as conn, conn.begin() as undone:
        personal.reseal(conn, Vault.of_keys([fresh, PERSONAL_KEY]))
        factor = second_factors.find(conn, user_of(service, email).id)
        assert factor and Vault.of_keys([fresh]).open(factor.sealed).decode() == secret
        undone.rollback()


def _sealed(service: Service, email: str) -> bytes:
    with db.read(service.engine) as conn:
        factor = second_factors.find(conn, user_of(service, email).id)
    assert factor is not None
    return factor.sealed


def test_the_trail_says_who_set_and_removed_one_and_who_guessed(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        _, paper = set_factor(person)
        person.post("/account/sessions")
        person.post("/account/second-factor/remove", data={"password": PASSWORD, "code": WRONG})
        renewed = person.post("/account/second-factor/paper", data={"password": PASSWORD, "code": paper[0]})
        code = paper_codes(renewed.text)[0]
        person.post("/account/second-factor/remove", data={"password": PASSWORD, "code": code})
    with db.read(service.engine) as conn:
        rows = conn.execute(
            sa.text("SELECT who, action FROM audit WHERE thing = :thing ORDER BY id"),
            {"thing": f"user:{user_of(service, email).id}"},
        ).all()
    last = [tuple(row) for row in rows][-5:]
    mine = "Test viewer"
    assert last == [(mine, "second_factor_set"), (mine, "sessions_ended"), ("anonymous", "sign_in_failed"), (mine, "paper_codes_renewed"), (mine, "second_factor_removed")]  # fmt: skip


def test_an_administrator_forgets_one_that_was_lost_and_it_is_on_record(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:
        set_factor(person)
    user = user_of(service, email)
    with db.write(service.engine) as conn:
        assert own_account.forget_factor(conn, CLERK, user) and not own_account.forget_factor(conn, CLERK, user)  # fmt: skip
        [row] = audit.find(
            conn, audit.Filter(thing=f"user:{user.id}", action="second_factor_removed"), limit=10, before=None
        ).rows
    assert row["who"] == CLERK.name
    with sign_in(service, email) as person:
        assert is_in(person)
