"""So many requests a minute, of one person or machine and of one address, over all processes; and what the page asks by itself."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.api.rate_limit import MOST_SUBJECTS, RateLimit, network
from geo_service.cluster import Cluster
from geo_service.domain.errors import TooManyRequests
from geo_service.store import keys, rates
from tests.accounts.conftest import account, sign_in
from tests.serving import Service, running

MINUTE = 30_000_000
AT = 60.0 * MINUTE + 20


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> float:
        return self.at


@pytest.fixture(scope="module")
def strict(cluster: Cluster, template: str) -> Iterator[Service]:
    """A service that takes five requests a minute of a key, and forty of an address."""
    name = f"rates_{uuid.uuid4().hex[:12]}"
    try:
        with running(
            cluster.create_database(name, template), rate_per_minute=5, rate_per_address=40
        ) as found:
            yield found
    finally:
        cluster.drop_database(name)


def spend(limit: RateLimit, subject: str, most: int, times: int) -> int:
    """How many of so many requests pass."""
    passed = 0
    for _ in range(times):
        try:
            if limit.note(subject, most):
                limit.share(subject)
            passed += 1
        except TooManyRequests:
            pass
    return passed


def test_requests_are_counted_by_subject_until_the_minute_is_over(engine: sa.Engine) -> None:
    clock = Clock()
    limit = RateLimit(engine, clock)
    assert spend(limit, "key:a", 3, 5) == 3 and spend(limit, "key:b", 3, 2) == 2
    with pytest.raises(TooManyRequests) as refused:
        limit.note("key:a", 3)
    assert refused.value.params == {"limit": 3, "retry_s": 40}
    clock.at += 40
    assert spend(limit, "key:a", 3, 5) == 3
    assert spend(limit, "key:a", 0, 100) == 100


def test_processes_count_together(engine: sa.Engine) -> None:
    clocks = [Clock(), Clock()]
    one, other = (RateLimit(engine, clock) for clock in clocks)
    subject = f"key:{uuid.uuid4()}"
    assert spend(one, subject, 10, 8) == 8
    clocks[0].at += 1
    assert spend(one, subject, 10, 1) == 1  # shares the nine
    assert spend(other, subject, 10, 5) == 1  # its first request brings what others counted
    clocks[1].at += 1
    assert spend(other, subject, 10, 1) == 0


def test_one_database_write_a_second_is_enough(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, writes = Clock(), []
    add = rates.add
    monkeypatch.setattr(rates, "add", lambda *what: writes.append(what[3]) or add(*what))
    limit = RateLimit(engine, clock)
    subject = f"key:{uuid.uuid4()}"
    for second in (0.0, 0.5, 0.4, 0.2):
        clock.at += second
        spend(limit, subject, 1000, 50)
    assert writes == [1, 150]


def test_old_minutes_are_forgotten_and_memory_is_bounded(engine: sa.Engine) -> None:
    clock = Clock()
    limit = RateLimit(engine, clock)
    spend(limit, "key:old", 10, 1)
    clock.at += 240
    spend(limit, "key:new", 10, 1)
    with db.read(engine) as conn:
        minutes = conn.scalars(sa.text("SELECT DISTINCT minute FROM rate_counts")).all()
    assert minutes == [MINUTE + 4]
    for n in range(MOST_SUBJECTS + 50):
        limit.note(f"address:{n}", 1_000_000)
    assert len(limit._counts) == MOST_SUBJECTS + 1


def test_without_a_database_each_process_counts_alone() -> None:
    nowhere = db.create_engine_for("postgresql://nobody@127.0.0.1:1/nothing")
    assert spend(RateLimit(nowhere, Clock()), "key:a", 3, 5) == 3


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        (("10.0.0.7", 1), "10.0.0.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2:ffff::1", 1), "2001:db8:1:2::/64"),
        (("testclient", 1), "testclient"),
        (None, ""),
    ],
)
def test_a_client_is_counted_by_its_network(client: tuple[str, int] | None, counted: str) -> None:
    assert network(client) == counted


@pytest.fixture
def within_a_minute() -> None:
    """A real minute that does not end during the test."""
    left_s = 60 - time.time() % 60
    if left_s < 8:
        time.sleep(left_s)


@pytest.mark.usefixtures("within_a_minute")
def test_a_key_that_asks_too_much_waits_and_others_do_not(strict: Service) -> None:
    with db.write(strict.engine) as conn:
        busy, other = keys.create(conn, "one name", "viewer"), keys.create(conn, "one name", "viewer")
    with strict.as_(None) as client:

        def ask(key: str) -> httpx.Response:
            headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
            return client.get("/api/v1/works", headers=headers)

        statuses = [ask(busy).status_code for _ in range(5)]
        refused = ask(busy)
        assert ask(other).status_code == 200
    assert statuses == [200] * 5
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "at most 5 a minute" in refused.json()["detail"]


@pytest.mark.usefixtures("within_a_minute")
def test_an_address_that_asks_too_much_waits_but_health_is_told(strict: Service) -> None:
    with strict.as_(None) as client:
        answers = [client.get("/api/v1/works") for _ in range(45)]
        assert {answer.status_code for answer in answers} == {401, 429}
        assert answers[-1].headers["Retry-After"] and answers[-1].headers["X-Frame-Options"] == "DENY"
        assert client.get("/login").status_code == 429
        assert client.get("/health/live").status_code == 200


def test_what_the_page_asks_by_itself_keeps_nobody_signed_in(service: Service) -> None:
    email = account(service)
    with sign_in(service, email) as person:

        def seen_minutes_ago(headers: dict[str, str]) -> float:
            with service.engine.begin() as conn:
                conn.execute(sa.text("UPDATE sessions SET seen_at = now() - interval '30 minutes'"))
            assert person.get("/api/v1/me", headers=headers).status_code == 200
            with db.read(service.engine) as conn:
                ago = "SELECT extract(epoch FROM now() - max(seen_at)) / 60 FROM sessions WHERE ended_at IS NULL"
                return float(conn.scalar(sa.text(ago)))

        assert seen_minutes_ago({"X-Background": "1"}) > 29
        assert seen_minutes_ago({}) < 1
