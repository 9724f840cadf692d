"""What was given up is listed and tried once more; a secret is replaced while both sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from standardwebhooks import Webhook, WebhookVerificationError

from geo_service import db
from geo_service.alerts import delivery_log, feed, mail_queue, subscriptions
from geo_service.alerts.feed import AlertDraft
from geo_service.alerts.subscriptions import CITY
from geo_service.domain.errors import InvalidInput, NotFound
from geo_service.store import locks
from geo_service.store.tables import deliveries
from geo_service.store.tables import subscriptions as table
from tests.alerts.conftest import Receiver

HELD = AlertDraft("repair.held", ("werkplaatsen",))


def test_what_was_given_up_is_listed_and_delivered_when_replayed(
    database: sa.Engine, receiver: Receiver, subscribe: Any, tell: Any, deliver: Any
) -> None:
    made = subscribe(receiver.url)
    [dead, alive] = tell(HELD, HELD)
    deliver(made["id"], alive)
    with db.write(database) as conn:
        mine = deliveries.c.alert_seq == dead
        conn.execute(
            sa.update(deliveries)
            .where(mine)
            .values(failed_at=sa.func.now(), attempts=10, last_error="HTTP 500")
        )
    assert deliver(made["id"], dead) is None
    with db.write(database) as conn:
        states = {
            state: [
                row["alert_seq"] for row in delivery_log.recent_deliveries(conn, made["id"], 9, state).rows
            ]
            for state in ("dead", "delivered", "waiting")
        }
        assert states == {"dead": [dead], "delivered": [alive], "waiting": []}
        assert delivery_log.replay(conn, CITY, made["id"]) == 1
        assert delivery_log.replay(conn, CITY, made["id"]) == 0
    assert deliver(made["id"], dead) == "delivered"
    with db.read(database) as conn:
        queued = conn.execute(
            sa.text("SELECT args ->> 'seq' FROM procrastinate_jobs WHERE task_name = 'deliver'")
        )
        assert sorted(queued.scalars()) == sorted(map(str, (dead, alive))), "one chain of attempts for each"


def test_deliveries_are_counted_and_read_page_by_page(database: sa.Engine, subscribe: Any, tell: Any) -> None:
    made = subscribe("https://desk.example/hook")
    places = tell(*[HELD] * 5)
    with db.write(database) as conn:
        conn.execute(sa.update(deliveries).where(deliveries.c.alert_seq > 1).values(failed_at=sa.func.now()))
        seen, before = [], None
        while True:
            page = delivery_log.recent_deliveries(conn, made["id"], 2, "dead", before)
            assert page.total == 4
            seen += [row["alert_seq"] for row in page.rows]
            if (before := page.next) is None:
                break
    assert seen == places[:0:-1]


def test_nothing_is_replayed_to_who_is_off_or_somebody_else(database: sa.Engine, subscribe: Any) -> None:
    made = subscribe("https://desk.example/hook")
    with db.write(database) as conn:
        subscriptions.change(conn, CITY, made["id"], 1, active=False)
        with pytest.raises(InvalidInput):
            delivery_log.replay(conn, CITY, made["id"])
        with pytest.raises(NotFound):
            delivery_log.replay(conn, subscriptions.Subscriber("proximus"), made["id"])
        with pytest.raises(NotFound):
            subscriptions.rotate_secret(conn, subscriptions.Subscriber("proximus"), made["id"], 2)


@pytest.mark.parametrize(
    "leave",
    [
        lambda conn, made: subscriptions.delete(conn, CITY, made["id"], made["version"]),
        lambda conn, made: subscriptions.unsubscribe(conn, made["secret"]),
        lambda conn, made: mail_queue.record_bounce(conn, {"id": None, "subscription_id": made["id"]}, "550"),
        lambda conn, made: mail_queue.record_return(conn, made["id"], "550"),
    ],
)
def test_who_leaves_waits_for_the_alert_that_is_being_written(
    database: sa.Engine, subscribe: Any, leave: Callable[[sa.Connection, Any], object]
) -> None:
    made = subscribe("https://desk.example/hook")
    with db.write(database) as writer:
        locks.claims_writer(writer)
        feed.append(writer, [HELD])
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"), db.write(database) as conn:
            conn.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            leave(conn, made)


def test_both_secrets_sign_for_a_day_and_then_the_new_one_only(
    database: sa.Engine, receiver: Receiver, subscribe: Any, tell: Any, deliver: Any
) -> None:
    old = subscribe(receiver.url)
    with db.write(database) as conn:
        new = subscriptions.rotate_secret(conn, CITY, old["id"], old["version"])
    assert new["secret"] != old["secret"]
    assert new["version"] == old["version"] + 1
    [first, second] = tell(HELD, HELD)
    deliver(old["id"], first)
    for secret in (old["secret"], new["secret"]):
        Webhook(secret).verify(receiver.requests[0].body, receiver.requests[0].headers)
    with db.write(database) as conn:
        conn.execute(sa.update(table).values(previous_until=sa.func.now() - dt.timedelta(seconds=1)))
    deliver(old["id"], second)
    Webhook(new["secret"]).verify(receiver.requests[1].body, receiver.requests[1].headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old["secret"]).verify(receiver.requests[1].body, receiver.requests[1].headers)
