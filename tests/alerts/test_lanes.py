"""Receivers that drip, name servers that say nothing: they cost one deadline, and keep neither other receivers nor midnight waiting."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import db, outbound, settings, worker
from geo_service.alerts import jobs, subscriptions, webhook
from geo_service.alerts.feed import AlertDraft
from geo_service.alerts.slots import NoFreeSlot, Slots
from geo_service.domain.errors import InvalidInput
from geo_service.store.tables import deliveries
from geo_service.store.tables import subscriptions as table
from tests.alerts.conftest import Receiver

HELD = AlertDraft("repair.held")
DRIPS = {
    "a header": (b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n"),
    "a byte of a header": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
    "100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "nothing": (b"", b""),
}


@contextmanager
def dripping(start: bytes, drop: bytes, hosts: int = 1) -> Iterator[list[str]]:
    """Receivers on as many loopback addresses that say a little every tenth of a second, for ever; their URLs."""
    stop = threading.Event()

    def talk(client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            client.sendall(start)
            while not stop.wait(0.1):
                client.sendall(drop)

    def listen(server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while not stop.is_set():
                client, _ = server.accept()
                threading.Thread(target=talk, args=(client,), daemon=True).start()

    with contextlib.ExitStack() as stack:
        urls = []
        for number in range(hosts):
            server = stack.enter_context(socket.create_server((f"127.0.0.{number + 2}", 0)))
            threading.Thread(target=listen, args=(server,), daemon=True).start()
            urls.append(f"http://127.0.0.{number + 2}:{server.getsockname()[1]}/")
        yield urls
        stop.set()


@pytest.mark.parametrize("name", DRIPS)
def test_the_whole_exchange_has_one_deadline(
    database: sa.Engine, subscribe: Any, tell: Any, deliver: Any, name: str
) -> None:
    with dripping(*DRIPS[name]) as [url]:
        slow = subscribe(url)
        [seq] = tell(HELD)
        began = time.monotonic()
        with pytest.raises(webhook.DeliveryFailure):
            deliver(slow["id"], seq)
    assert time.monotonic() - began < 2
    with db.read(database) as conn:
        assert conn.scalar(sa.select(deliveries.c.last_error)) == "no whole answer within 0.5 s"


def test_a_name_server_that_says_nothing_costs_no_more(
    subscribe: Any, tell: Any, deliver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "addresses", lambda *_, **__: time.sleep(3))
    slow = subscribe("http://example.org/")
    [seq] = tell(HELD)
    began = time.monotonic()
    with pytest.raises(webhook.DeliveryFailure):
        deliver(slow["id"], seq)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "target", ["http://a..b/", f"http://{'a' * 64}.org/", "http://exa mple/", "nonsense"]
)
def test_whatever_goes_wrong_with_a_target_is_an_attempt_on_record(
    database: sa.Engine, receiver: Receiver, subscribe: Any, tell: Any, deliver: Any, target: str
) -> None:
    known = subscribe(receiver.url)
    with db.write(database) as conn:  # from before such targets were refused
        conn.execute(sa.update(table).values(target=target))
    [seq] = tell(HELD)
    with pytest.raises(webhook.DeliveryFailure):
        deliver(known["id"], seq)
    with db.read(database) as conn:
        row = conn.execute(sa.select(deliveries)).one()
    assert (row.attempts, row.failed_at) == (1, None)
    assert row.last_error


def test_the_address_that_was_looked_at_is_the_one_that_is_called(
    receiver: Receiver, subscribe: Any, tell: Any, deliver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that means another address a moment later is how private networks are reached."""
    asked: list[str] = []
    port = int(receiver.url.split(":")[2].split("/")[0])

    def once(host: str, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "127.0.0.9"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    known = subscribe(f"http://rebound.example:{port}/hook")
    [seq] = tell(HELD)
    with monkeypatch.context() as patch:
        look = socket.getaddrinfo
        patch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *rest, **more: (
                once(host) if host == "rebound.example" else look(host, *rest, **more)
            ),
        )
        assert deliver(known["id"], seq) == "delivered"
    assert asked == ["rebound.example"]
    assert receiver.requests[0].headers["host"] == f"rebound.example:{port}"


def test_there_is_an_end_to_the_number_of_subscriptions(database: sa.Engine) -> None:
    most = subscriptions.MOST_OF_THE_CITY
    with db.write(database) as conn:
        for _ in range(most):
            subscriptions.create(
                conn, subscriptions.CITY, subscriptions.SubscriptionDraft("http://127.0.0.1:9/")
            )
        with pytest.raises(InvalidInput, match=f"there are {most} subscriptions already"):
            subscriptions.create(
                conn, subscriptions.CITY, subscriptions.SubscriptionDraft("http://127.0.0.1:9/")
            )


def test_of_one_receiver_two_are_called_at_once_and_the_third_waits_for_its_turn() -> None:
    slots, limits = Slots(), {"host a": 2}
    with slots.hold(limits), slots.hold(limits):
        began = time.monotonic()
        with pytest.raises(NoFreeSlot), slots.hold(limits):
            pass
        assert time.monotonic() - began > 0.5
        with slots.hold({"host b": 2}):
            pass
    with slots.hold(limits):
        pass


def test_one_that_was_slow_is_left_alone_for_as_long_as_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo_service.alerts.slots.SLOW_S", 0.2)
    slots, limits = Slots(), {"host a": 2}
    with slots.hold(limits):
        time.sleep(0.5)
    with pytest.raises(NoFreeSlot), slots.hold(limits):
        pass
    with pytest.raises(NoFreeSlot), slots.hold({**limits, "a partner of host a": 8}):
        pass
    with slots.hold({"host b": 2}):
        pass
    time.sleep(0.6)
    with slots.hold(limits):
        pass


@contextmanager
def working(database_url: str) -> Iterator[None]:
    stop = threading.Event()
    known = settings.load(
        database_url=database_url, allow_private_webhooks=True, today=date(2027, 3, 1), webhook_timeout_s=4
    )
    thread = threading.Thread(target=worker.run, args=(known, stop))
    thread.start()
    yield
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def soon(true: Callable[[], bool], within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)
    return true()


def test_while_eight_receivers_drip_others_are_called_and_midnight_comes(
    fresh_database: str, database: sa.Engine, receiver: Receiver, subscribe: Any, tell: Any
) -> None:
    def waiting(task: str) -> bool:
        with db.read(database) as conn:
            open_jobs = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task AND status IN ('todo', 'doing')"
            return bool(conn.scalar(sa.text(open_jobs), {"task": task}))

    with dripping(*DRIPS["a header"], hosts=8) as urls:
        for url in urls:
            subscribe(url)
        tell(*[HELD] * 6)
        with working(fresh_database):
            time.sleep(2)  # all that may be called drip now
            subscribe(receiver.url)
            tell(HELD)
            with db.write(database) as conn:
                queue = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', :task, '{\"timestamp\": 0}')"
                conn.execute(sa.text(queue), {"task": jobs.NEW_DAY})
            assert soon(lambda: not waiting(jobs.NEW_DAY), within_s=4)
            assert soon(receiver.arrived.is_set, within_s=12)
