"""Webhooks, to a receiver that listens on a real socket and judges with the verifier of Standard Webhooks."""

import datetime as dt
import json
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from standardwebhooks import Webhook, WebhookVerificationError

from geo_service import db, outbound
from geo_service.alerts import events, subscriptions, webhook
from geo_service.alerts.feed import AlertDraft
from geo_service.store import feed_epoch
from geo_service.store.tables import alerts, deliveries
from tests.alerts.conftest import Received, Receiver

HELD = AlertDraft("repair.held", ("werkplaatsen",), {"until": "2027-03-14", "reason": "wasted_repair"})


def delivery(engine: sa.Engine) -> sa.Row[Any]:
    with db.read(engine) as conn:
        return conn.execute(sa.select(deliveries)).one()


def verified(secret: str, request: Received) -> Any:
    return Webhook(secret).verify(request.body, request.headers)


@pytest.fixture
def subscribed(receiver: Receiver, subscribe: Callable[..., sa.RowMapping]) -> sa.RowMapping:
    return subscribe(receiver.url)


def test_the_receiver_can_verify_what_it_gets(
    database: sa.Engine, receiver: Receiver, subscribed: sa.RowMapping, tell: Any, deliver: Any
) -> None:
    [seq] = tell(HELD)
    assert deliver(subscribed["id"], seq) == "delivered"
    [request] = receiver.requests
    event = verified(subscribed["secret"], request)
    with db.read(database) as conn:
        stored, epoch = conn.execute(sa.select(alerts)).one(), feed_epoch.current(conn)
    assert event.pop("time") == stored.at.isoformat()
    assert event == {
        "specversion": "1.0",
        "id": str(stored.id),
        "type": "repair.held",
        "source": "https://geo.example/api/v1/alerts",
        "sequence": "1",
        "epoch": str(epoch),
        "datacontenttype": "application/json",
        "data": {"until": "2027-03-14", "reason": "wasted_repair", "departments": ["werkplaatsen"]},
    }
    assert request.headers["webhook-id"] == str(stored.id)
    assert request.headers["content-type"] == "application/cloudevents+json"
    assert delivery(database).delivered_at is not None


def test_another_secret_does_not_verify(
    receiver: Receiver, subscribed: sa.RowMapping, subscribe: Any, tell: Any, deliver: Any
) -> None:
    other = subscribe("http://127.0.0.1:9/")
    [seq] = tell(HELD)
    deliver(subscribed["id"], seq)
    with pytest.raises(WebhookVerificationError):
        verified(other["secret"], receiver.requests[0])


def test_a_retry_keeps_the_id_and_has_a_new_timestamp(
    database: sa.Engine, receiver: Receiver, subscribed: sa.RowMapping, tell: Any, deliver: Any
) -> None:
    receiver.statuses = [500, 200]
    [seq] = tell(HELD)
    with pytest.raises(webhook.DeliveryFailure) as due:
        deliver(subscribed["id"], seq)
    assert 4 <= due.value.wait_s <= 6
    failed = delivery(database)
    assert (failed.attempts, failed.last_error, failed.delivered_at) == (1, "HTTP 500", None)
    time.sleep(1.1)  # timestamps are whole seconds
    assert deliver(subscribed["id"], seq) == "delivered"
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert int(first.headers["webhook-timestamp"]) < int(second.headers["webhook-timestamp"])
    assert first.body == second.body
    verified(subscribed["secret"], second)
    done = delivery(database)
    assert (done.attempts, done.last_error, done.failed_at) == (2, None, None)


def test_what_was_delivered_is_not_sent_again(
    receiver: Receiver, subscribed: sa.RowMapping, tell: Any, deliver: Any
) -> None:
    [seq] = tell(HELD)
    deliver(subscribed["id"], seq)
    assert deliver(subscribed["id"], seq) is None
    assert len(receiver.requests) == 1


def test_gone_switches_the_subscription_off(
    database: sa.Engine, receiver: Receiver, subscribed: sa.RowMapping, tell: Any, deliver: Any
) -> None:
    receiver.statuses = [410]
    first, second = tell(HELD, HELD)
    assert deliver(subscribed["id"], first) == "disabled"
    assert deliver(subscribed["id"], second) is None
    tell(HELD)
    with db.read(database) as conn:
        assert not subscriptions.get(conn, subscriptions.CITY, subscribed["id"])["active"]
        assert conn.scalar(sa.select(sa.func.count()).select_from(deliveries)) == 2
    assert len(receiver.requests) == 1
    with db.read(database) as conn:
        told = conn.execute(sa.select(deliveries).order_by(deliveries.c.alert_seq)).all()
    assert [(row.attempts, row.failed_at is not None) for row in told] == [(1, True), (0, True)]
    assert told[1].last_error == "not sent: the receiver said HTTP 410 to another alert"


def test_what_one_that_is_switched_off_had_still_to_hear_is_given_up_on_record(
    database: sa.Engine, subscribed: sa.RowMapping, tell: Any
) -> None:
    tell(HELD)
    with db.write(database) as conn:
        subscriptions.change(conn, subscriptions.CITY, subscribed["id"], 1, active=False)
    given_up = delivery(database)
    assert (given_up.failed_at is not None, given_up.attempts) == (True, 0)
    assert given_up.last_error == "not sent: the subscription was switched off"


@pytest.mark.parametrize(("status", "given_up"), [(500, True), (410, True), (204, False)])
def test_what_is_given_up_during_an_attempt_stays_so_unless_it_arrives(
    database: sa.Engine, receiver: Receiver, subscribed: sa.RowMapping, tell: Any, deliver: Any, status: int, given_up: bool
) -> None:  # fmt: skip
    def switch_off() -> None:
        with db.write(database) as conn:
            subscriptions.change(conn, subscriptions.CITY, subscribed["id"], 1, active=False)

    receiver.statuses, receiver.meanwhile = [status], switch_off
    [seq] = tell(HELD)
    assert deliver(subscribed["id"], seq) == (None if given_up else "delivered")
    row = delivery(database)
    assert (row.failed_at is not None, row.delivered_at is None) == (given_up, given_up)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_and_not_followed(
    database: sa.Engine, receiver: Receiver, subscribed: sa.RowMapping, tell: Any, deliver: Any, status: int
) -> None:
    receiver.statuses, receiver.headers = [status, 204], {"location": receiver.url + "/elsewhere"}
    [seq] = tell(HELD)
    with pytest.raises(webhook.DeliveryFailure):
        deliver(subscribed["id"], seq)
    assert [request.path for request in receiver.requests] == ["/hook"]
    assert delivery(database).last_error == f"HTTP {status}"


def test_a_receiver_that_is_too_busy_says_when_to_come_back(
    receiver: Receiver, subscribed: sa.RowMapping, tell: Any, deliver: Any
) -> None:
    receiver.statuses, receiver.headers = [429], {"retry-after": "900"}
    [seq] = tell(HELD)
    with pytest.raises(webhook.DeliveryFailure) as due:
        deliver(subscribed["id"], seq)
    assert due.value.wait_s == 900


def test_a_receiver_that_never_answers_costs_one_timeout_and_is_tried_later(
    database: sa.Engine, subscribe: Any, tell: Any, deliver: Any
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = subscribe(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        [seq] = tell(HELD)
        with pytest.raises(webhook.DeliveryFailure):
            deliver(mute["id"], seq)
    assert delivery(database).last_error == "no whole answer within 0.5 s"


def test_after_days_of_failures_it_gives_up_on_record(
    database: sa.Engine, receiver: Receiver, subscribed: sa.RowMapping, tell: Any, deliver: Any
) -> None:
    receiver.statuses = [503]
    [seq] = tell(HELD)
    waits = []
    for _ in webhook.WAITS_S:
        with pytest.raises(webhook.DeliveryFailure) as due:
            deliver(subscribed["id"], seq)
        waits.append(due.value.wait_s)
    assert deliver(subscribed["id"], seq) == "failed"
    assert sum(waits) > dt.timedelta(days=2).total_seconds()
    given_up = delivery(database)
    assert (given_up.attempts, given_up.last_error) == (len(webhook.WAITS_S) + 1, "HTTP 503")
    assert given_up.failed_at is not None
    assert deliver(subscribed["id"], seq) is None


def test_data_that_would_not_fit_is_left_to_the_feed(
    receiver: Receiver, subscribed: sa.RowMapping, tell: Any, deliver: Any
) -> None:
    [seq] = tell(AlertDraft("repair.held", data={"blocking": ["x" * 100] * 300}))
    deliver(subscribed["id"], seq)
    [request] = receiver.requests
    assert len(request.body) < events.MAX_BODY_BYTES
    assert json.loads(request.body)["data"] == {"departments": [], "shortened": True}


def test_a_private_address_is_not_called(
    database: sa.Engine, receiver: Receiver, subscribed: sa.RowMapping, tell: Any, deliver: Any
) -> None:
    [seq] = tell(HELD)
    assert deliver(subscribed["id"], seq, allow_private=False) == "failed"
    assert receiver.requests == []
    assert delivery(database).last_error == "127.0.0.1 is in a private network"


def test_a_receiver_is_reached_under_a_name_with_accents_and_at_the_second_of_its_addresses(
    receiver: Receiver, subscribe: Any, tell: Any, deliver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = receiver.url.rpartition(":")[2].partition("/")[0]
    made = subscribe(f"http://bücher.example:{port}/hook")
    monkeypatch.setattr(outbound, "addresses", lambda *_, **__: ["127.0.0.2", "127.0.0.1"])
    [seq] = tell(HELD)
    assert deliver(made["id"], seq) == "delivered"
    assert receiver.requests[0].headers["host"] == f"xn--bcher-kva.example:{port}"
