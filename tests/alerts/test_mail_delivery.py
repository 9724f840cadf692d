"""E-mail whose server is slow, away or unwilling: each message arrives once, later or not at all, and says so."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import db, i18n, worker
from geo_service.accounts import people
from geo_service.alerts import mail_queue, mailing, subscriptions
from geo_service.alerts.webhook import DeliveryDeferred, DeliveryFailure
from geo_service.settings import Settings
from geo_service.store import audit, users
from geo_service.store.tables import audit as audit_table
from geo_service.store.tables import mails
from geo_service.store.tables import subscriptions as table
from tests.alerts.mail_scenes import (
    DESK,
    HELD,
    MONDAY,
    config,
    conflict_alert,
    listener,
    met,
    post,
    reader,
    server,
    states,
)
from tests.alerts.mail_server import MailServer
from tests.alerts.test_worker import wait_until, working

__all__ = ["config", "listener", "met", "post", "reader", "server"]  # fixtures


@pytest.mark.parametrize(("chance", "share"), [(min, 1 - mailing.JITTER), (max, 1 + mailing.JITTER)])
def test_a_wait_is_off_by_its_jitter_at_most_both_ways(
    monkeypatch: pytest.MonkeyPatch, chance: Any, share: float
) -> None:
    monkeypatch.setattr("random.uniform", lambda *ends: chance(ends))
    waits = [mailing.retry_wait(attempt) for attempt in range(1, len(mailing.WAITS_S) + 2)]
    assert waits == [*(one * share for one in mailing.WAITS_S), None]


def test_no_email_twice(
    met: sa.Engine, server: MailServer, config: Settings, reader: Any, tell: Any, post: Any
) -> None:
    reader()
    tell(conflict_alert(met))
    post()
    with db.read(met) as conn:
        mail_id = conn.scalars(sa.select(mails.c.id)).one()
    assert mailing.send(met, mail_id, mailing.post_of(config)) is None
    assert post() == []
    assert len(server.mails) == 1


def test_two_workers_at_once_send_one(
    met: sa.Engine, server: MailServer, config: Settings, reader: Any, tell: Any
) -> None:
    made = reader()
    tell(conflict_alert(met))
    mail_id = mailing.bundle(met, made["id"], config)
    assert mail_id is not None
    server.slow_s = 0.5
    outcomes: list[str] = []

    def send() -> None:
        try:
            outcomes.append(str(mailing.send(met, mail_id, mailing.post_of(config))))
        except DeliveryDeferred:
            outcomes.append("deferred")

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.mails) == 1
    assert "deferred" in outcomes


def test_a_greylist_is_waited_for_and_the_message_keeps_its_id(
    database: sa.Engine, server: MailServer, reader: Any, tell: Any, post: Any
) -> None:
    server.rcpt = ["451 4.7.1 Greylisted, try again", "250 OK"]
    reader()
    tell(HELD)
    with pytest.raises(DeliveryFailure) as failure:
        post()
    assert 48 <= failure.value.wait_s <= 72
    with db.read(database) as conn:
        [before] = conn.execute(sa.select(mails)).all()
    assert "Greylisted" in before.last_error
    assert states(database) == [(0, False, False)]
    post()
    assert server.mails[0]["Message-ID"] == f"<{before.id}@geo.example>"
    assert states(database) == [(1, True, False)]


def test_an_address_that_is_refused_is_shown_and_after_three_times_left_alone(
    database: sa.Engine, server: MailServer, reader: Any, tell: Any, post: Any
) -> None:
    server.rcpt = [f"550 5.1.1 <{DESK}>: no such user"]
    made = reader()
    for number in range(3):
        with db.read(database) as conn:
            assert subscriptions.get(conn, subscriptions.CITY, made["id"])["active"], number
        tell(HELD)
        assert [answer.outcome for answer in post()] == ["refused"]
    with db.read(database) as conn:
        row = subscriptions.get(conn, subscriptions.CITY, made["id"])
    assert not row["active"]
    assert row["problem"] == "550 5.1.1 <…>: no such user"
    assert row["problem_at"] is not None
    assert {failed for _, _, failed in states(database)} == {True}


def test_an_email_that_arrives_clears_the_problem(
    database: sa.Engine, server: MailServer, reader: Any, tell: Any, post: Any
) -> None:
    server.rcpt = ["550 full", "550 full", "250 OK"]
    made = reader()
    for _ in range(3):
        tell(HELD)
        post()
    server.rcpt = ["550 full"]
    tell(HELD)
    post()
    with db.read(database) as conn:
        row = conn.execute(sa.select(table).where(table.c.id == made["id"])).one()
    assert (row.active, row.bounces) == (True, 1)


def test_a_server_that_refuses_us_is_no_fault_of_the_reader(
    database: sa.Engine, server: MailServer, config: Settings, reader: Any, tell: Any
) -> None:
    made = reader()
    tell(HELD)
    mail_id = mailing.bundle(database, made["id"], config)
    assert mail_id is not None
    wrong = config.model_copy(update={"smtp_user": "geo", "smtp_password": None})
    with pytest.raises(DeliveryFailure):
        mailing.send(database, mail_id, mailing.post_of(wrong))
    with db.read(database) as conn:
        assert subscriptions.get(conn, subscriptions.CITY, made["id"])["problem"] is None


def test_a_slow_server_costs_one_deadline(
    database: sa.Engine, server: MailServer, config: Settings, reader: Any, tell: Any
) -> None:
    server.slow_s = 30
    made = reader()
    tell(HELD)
    mail_id = mailing.bundle(database, made["id"], config)
    assert mail_id is not None
    hasty = mailing.post_of(config.model_copy(update={"smtp_timeout_s": 0.3}))
    began = dt.datetime.now()
    with pytest.raises(DeliveryFailure):
        mailing.send(database, mail_id, hasty)
    assert (dt.datetime.now() - began).total_seconds() < 2


def test_a_server_that_says_nothing_costs_one_deadline(config: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        mute = config.model_copy(update={"smtp_port": port, "smtp_timeout_s": 0.3})
        answer = mailing.send_test(DESK, mailing.post_of(mute), i18n.Translator("nl", MONDAY.date()))
    assert (answer.outcome, answer.error) == ("later", "no whole answer within 0.3 s")


def test_of_two_addresses_of_a_server_the_one_that_answers_takes_the_email(
    server: MailServer, config: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    both = [(*kind, (host, server.port)) for host in ("127.0.0.2", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    post = mailing.post_of(config.model_copy(update={"smtp_host": "localhost"}))
    assert mailing.send_test(DESK, post, i18n.Translator("nl", MONDAY.date())).outcome == "sent"


def test_a_server_that_is_not_there_is_tried_again(config: Settings) -> None:
    gone = mailing.post_of(config.model_copy(update={"smtp_port": 1}))
    assert mailing.send_test(DESK, gone, i18n.Translator("nl", MONDAY.date())).outcome == "later"


def test_a_server_may_be_down_over_a_weekend_and_a_mail_that_is_given_up_is_seen(
    database: sa.Engine, server: MailServer, reader: Any, tell: Any, post: Any
) -> None:
    friday_to_monday = dt.timedelta(hours=63)
    assert sum(mailing.WAITS_S) * (1 - mailing.JITTER) > friday_to_monday.total_seconds()
    made = reader()
    tell(HELD)
    server.rcpt = ["451 4.3.0 down"]
    with pytest.raises(DeliveryFailure):
        post()
    with db.write(database) as conn:
        assert subscriptions.get(conn, subscriptions.CITY, made["id"])["problem"] is None
        conn.execute(sa.update(mails).values(attempts=len(mailing.WAITS_S)))
    assert [answer.outcome for answer in post()] == ["later"]
    with db.read(database) as conn:
        row = conn.execute(sa.select(table)).one()
    assert (row.problem, row.bounces) == ("451 4.3.0 down", 0)


def test_news_for_who_is_disabled_waits_for_the_return(
    database: sa.Engine, server: MailServer, config: Settings, tell: Any, post: Any
) -> None:
    with db.write(database) as conn:
        person = users.create(conn, name="Jan", email="jan@izegem.example", role="workshop").id
        draft = subscriptions.SubscriptionDraft(None, {}, "email", "each", "nl")
        made = subscriptions.create(conn, subscriptions.Subscriber(user_id=person), draft)
    tell(HELD)
    mail_id = mailing.bundle(database, made["id"], config)
    assert mail_id is not None
    tell(HELD)
    with db.write(database) as conn:
        users.change(conn, person, disabled_at=sa.func.now())
    assert mailing.send(database, mail_id, mailing.post_of(config)) is None
    assert mailing.sweep(database, config, MONDAY) == []
    assert post() == []
    with db.write(database) as conn:
        users.change(conn, person, disabled_at=None)
    assert [answer.outcome for answer in post()] == ["sent"]
    assert [delivered for _, delivered, _ in states(database)] == [True, True]


def test_a_list_of_the_city_is_not_sent_to_who_left(
    database: sa.Engine, reader: Any, tell: Any, post: Any
) -> None:
    made, other = reader(target="Jan@izegem.example"), reader()
    tell(HELD)
    with db.write(database) as conn:
        person = users.create(conn, name="Jan", email="jan@izegem.example", role="workshop")
        people.disable(conn, audit.Actor("x"), person)
        [facts] = conn.scalars(sa.select(audit_table.c.facts).where(audit_table.c.action == "user_disabled"))
        assert facts["subscriptions_ended"] == 1
        assert not subscriptions.get(conn, subscriptions.CITY, made["id"])["active"]
        assert subscriptions.get(conn, subscriptions.CITY, other["id"])["active"]
    assert [answer.outcome for answer in post()] == ["sent"]


def test_the_worker_sends_when_the_transaction_commits(
    met: sa.Engine, fresh_database: str, server: MailServer, reader: Any, tell: Any
) -> None:
    reader()
    with working(fresh_database, **server.settings()):
        tell(conflict_alert(met))
        wait_until(lambda: len(server.mails) == 1)


def test_an_attempt_that_died_is_made_again_with_the_same_id(
    database: sa.Engine, server: MailServer, config: Settings, reader: Any, tell: Any
) -> None:
    made = reader()
    tell(HELD)
    mail_id = mailing.bundle(database, made["id"], config)
    assert mail_id is not None
    with db.write(database) as conn:
        assert mail_queue.claim(conn, mail_id, 60) is not None  # and the worker is killed
    with pytest.raises(DeliveryDeferred):
        mailing.send(database, mail_id, mailing.post_of(config))
    with db.write(database) as conn:
        conn.execute(sa.update(mails).values(attempt_at=sa.func.now() - dt.timedelta(minutes=2)))
    mailing.send(database, mail_id, mailing.post_of(config))
    assert [mail["Message-ID"] for mail in server.mails] == [f"<{mail_id}@geo.example>"]


def test_all_lanes_have_a_place_for_each_of_their_jobs() -> None:
    lanes = (worker.CALLS, worker.MAILS, worker.IMPORTS, worker.MEDIA)
    assert worker.AT_ITS_HOUR + sum(lanes) == worker.PLACES
