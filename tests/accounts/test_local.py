"""Local accounts: guessing is slow and teaches nothing, and weak passwords are refused."""

from __future__ import annotations

import contextlib
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.accounts import passwords, people
from geo_service.domain.errors import InvalidInput
from geo_service.domain.users import Throttle, check_password
from geo_service.store import sign_in as sign_in_store
from tests.accounts.conftest import CLERK, PASSWORD, account, user_of, visitor
from tests.serving import Service

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
THROTTLE = Throttle(3, timedelta(minutes=15))


def ago(*minutes: float) -> list[datetime]:
    return [NOW - timedelta(minutes=one) for one in minutes]


@pytest.mark.parametrize(
    ("failures", "wait_minutes"),
    [
        ([], None),
        (ago(1, 2), None),
        (ago(1, 2, 3), 12),
        (ago(3, 1, 2), 12),
        (ago(1, 2, 3, 4, 5), 12),
        (ago(1, 2, 15), None),
        (ago(1, 2, 14.5), 0.5),
        (ago(20, 30, 40), None),
    ],
)
def test_the_third_failure_from_the_end_says_how_long_to_wait(
    failures: list[datetime], wait_minutes: float | None
) -> None:
    expected = None if wait_minutes is None else NOW + timedelta(minutes=wait_minutes)
    assert THROTTLE.retry_at(failures, NOW) == expected


@pytest.mark.parametrize(
    "password",
    ["een lange zin", "correct horse battery", "Ω≈ç√∫˜µ≤≥÷åß", "x" * 6 + "abcdefgh", " spaties horen erbij "],
)
def test_any_long_password_will_do(password: str) -> None:
    check_password(password, names=("Els", "els@izegem.be"))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_too_short"), ("kort", "password_too_short"), ("elf-tekens!", "password_too_short"), ("x" * 201, "password_too_long"),
        ("aaaaaaaaaaaa", "password_guessable"), ("121212121212", "password_guessable"), ("Password1234", "password_guessable"),
        ("wachtwoord12", "password_guessable"), ("123456123456", "password_guessable"), ("declercqels1", "password_guessable"),
    ],
)  # fmt: skip
def test_a_password_that_is_guessed_first_is_refused(password: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_password(password, names=("Els Declercq", "els@izegem.be"))
    assert [error.code for error in refused.value.errors] == [code]


@pytest.mark.parametrize(("password", "is_fine"), [("kwzmpkwzmpkw", False), ("kwzmpvkwzmpv", True)])
def test_six_different_signs_are_enough(password: str, is_fine: bool) -> None:
    with contextlib.nullcontext() if is_fine else pytest.raises(InvalidInput):
        check_password(password)


def test_a_hash_is_argon2id_salted_and_only_its_own_password_matches() -> None:
    one, two = passwords.encode(PASSWORD), passwords.encode(PASSWORD)
    assert one != two and one.startswith("$argon2id$v=19$m=65536,t=3,p=4$") and PASSWORD not in one
    assert passwords.matches(PASSWORD, one) and not passwords.matches(f"{PASSWORD} ", one)
    assert not passwords.matches(PASSWORD, None) and not passwords.matches(PASSWORD, "no hash")


def _message(text: str) -> str:
    [found] = re.findall(r'role="alert">([^<]+)<', text)
    return str(found)


def test_nobody_learns_which_logins_there_are(service: Service) -> None:
    email, gone = account(service), account(service)
    with db.write(service.engine) as conn:
        people.disable(conn, CLERK, user_of(service, gone))
    with visitor(service) as person:
        answers = {
            login: person.post("/login", data={"email": login, "password": "een verkeerde zin"})
            for login in (email, gone, "nobody@izegem.example", "", "x' OR 1=1 --", "a\x00b@c.d")
        }
    assert {answer.status_code for answer in answers.values()} == {401}
    assert {_message(answer.text) for answer in answers.values()} == {
        "Het e-mailadres of het wachtwoord klopt niet."
    }
    texts = {answer.text.replace(login, "") for login, answer in answers.items() if "@izegem" in login}
    assert len(texts) == 1


def test_an_unknown_login_takes_as_long_as_a_wrong_password() -> None:
    encoded = passwords.encode(PASSWORD)
    passwords.matches("x", None)  # the first one makes the hash of nobody

    def seconds(stored: str | None) -> float:
        begun = time.perf_counter()
        passwords.matches("een verkeerde zin", stored)
        return time.perf_counter() - begun

    known, unknown = (statistics.median(seconds(stored) for _ in range(7)) for stored in (encoded, None))
    assert 0.4 < known / unknown < 2.5


def test_after_five_wrong_passwords_the_right_one_must_wait_and_is_told_how_long(service: Service) -> None:
    email = account(service)
    with visitor(service) as person:
        for _ in range(5):
            assert (
                person.post("/login", data={"email": email, "password": "een verkeerde zin"}).status_code
                == 401
            )
        answer = person.post("/login", data={"email": email.upper(), "password": PASSWORD})
        assert answer.status_code == 429
        assert 14 * 60 < int(answer.headers["retry-after"]) <= 15 * 60
        assert _message(answer.text).startswith("Te veel pogingen. Probeer opnieuw over 15 min")
        _older(service, "16 minutes")
        assert person.post("/login", data={"email": email, "password": PASSWORD}).status_code == 303


def test_a_login_that_is_not_there_is_slowed_down_as_well(service: Service) -> None:
    with visitor(service) as person:
        answers = [
            person.post("/login", data={"email": "ghost@izegem.example", "password": "x"}).status_code
            for _ in range(6)
        ]
    assert answers == [401] * 5 + [429]


def test_the_right_password_forgives_the_wrong_ones_before(service: Service) -> None:
    email = account(service)
    with visitor(service) as person:
        for _ in range(2):
            for _ in range(4):
                person.post("/login", data={"email": email, "password": "een verkeerde zin"})
            assert person.post("/login", data={"email": email, "password": PASSWORD}).status_code == 303


def test_a_burst_of_attempts_is_counted_together(service: Service) -> None:
    email = account(service)

    def attempt(number: int) -> int:
        with visitor(service) as person:
            return person.post(
                "/login", data={"email": email, "password": f"een verkeerde zin {number}"}
            ).status_code

    with ThreadPoolExecutor(12) as pool:
        answers = sorted(pool.map(attempt, range(12)))
    assert answers == [401] * 5 + [429] * 7


def test_who_must_wait_for_two_reasons_waits_for_the_later_one(service: Service) -> None:
    _older(service, "1 hour")
    email = account(service)
    with visitor(service) as person, db.write(service.engine) as conn:
        for _ in range(5):
            sign_in_store.add_attempt(conn, email, "192.0.2.1")
        conn.execute(sa.text("UPDATE sign_in_attempts SET created_at = created_at - interval '10 minutes'"))
        for number in range(50):
            sign_in_store.add_attempt(conn, f"{number}@izegem.example", "127.0.0.1")
        conn.commit()
        answer = person.post("/login", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 10 * 60
    _older(service, "1 hour")


def test_one_address_cannot_try_one_password_on_all_logins(service: Service) -> None:
    _older(service, "1 hour")
    with visitor(service) as person, db.write(service.engine) as conn:
        conn.execute(
            sa.text(
                "INSERT INTO sign_in_attempts (account_hash, address) SELECT sha256(n::text::bytea), '127.0.0.1' FROM generate_series(1, 50) n"
            )
        )
        conn.commit()
        answer = person.post("/login", data={"email": "new@izegem.example", "password": "x"})
    assert answer.status_code == 429
    _older(service, "1 hour")


def test_who_signs_in_once_is_not_forgiven_what_its_address_tried_before(conn: sa.Connection) -> None:
    sign_in_store.add_attempt(conn, "an@izegem.example", "192.0.2.1")
    sign_in_store.mark_success(conn, sign_in_store.add_attempt(conn, "bo@izegem.example", "192.0.2.1"))
    day = timedelta(days=1)
    assert len(sign_in_store.failures(conn, day, address="192.0.2.1")) == 1
    assert len(sign_in_store.failures(conn, day, email="an@izegem.example")) == 1


def _older(service: Service, by: str) -> None:
    with db.write(service.engine) as conn:
        conn.execute(
            sa.text("UPDATE sign_in_attempts SET created_at = created_at - CAST(:by AS interval)"), {"by": by}
        )
