"""E-mail, to an SMTP server on a real socket: what is sent, when, once, and what happens when the server does not take it."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from geo_service import db, i18n, settings, worker
from geo_service.alerts import mail_queue, mailing, smtp, subscriptions
from geo_service.alerts.feed import Alert
from geo_service.alerts.webhook import DeliveryDeferred, DeliveryFailure
from geo_service.domain.errors import InvalidInput
from geo_service.settings import Settings
from geo_service.store import users
from geo_service.store.tables import conflicts, deliveries, mails
from geo_service.store.tables import subscriptions as table
from tests.alerts.mail_server import MailServer, listening
from tests.alerts.test_worker import wait_until, working
from tests.scenes import Scene

MONDAY = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
DESK = "nutsen@izegem.example"
HELD = Alert(
    "repair.held",
    ("werkplaatsen",),
    {
        "verdict": "wait", "until": "2027-03-14", "previous": {"verdict": None, "until": None}, "cost_at_risk_eur": None, "works": None,
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def listener() -> Iterator[MailServer]:
    with listening() as server:
        yield server


@pytest.fixture
def server(listener: MailServer) -> MailServer:
    listener.__init__(port=listener.port)  # type: ignore[misc]
    return listener


@pytest.fixture
def config(server: MailServer) -> Settings:
    return settings.load(base_url="https://geo.example", today=MONDAY.date(), **server.settings())


@pytest.fixture
def reader(database: sa.Engine) -> Callable[..., sa.RowMapping]:
    """`reader("critical", target=…, departments=[…])` → a subscription by e-mail."""

    def reader(
        rhythm: str = "each", target: str = DESK, language: str = "nl", **filter_: object
    ) -> sa.RowMapping:
        draft = subscriptions.SubscriptionDraft(target, filter_, "email", rhythm, language)  # type: ignore[arg-type]
        with db.write(database) as conn:
            return subscriptions.create(conn, subscriptions.CITY, draft)

    return reader


@pytest.fixture
def post(database: sa.Engine, config: Settings) -> Callable[[], list[smtp.Answer | None]]:
    """Bundle what waits and try each e-mail that is not done once, as the worker does; its answers."""

    def post() -> list[smtp.Answer | None]:
        with db.read(database) as conn:
            readers = list(conn.scalars(sa.select(table.c.id).where(table.c.channel == "email")))
        for reader in readers:
            mailing.bundle(database, reader, config)
        with db.read(database) as conn:
            open_ = sa.and_(mails.c.sent_at.is_(None), mails.c.failed_at.is_(None))
            due = list(conn.scalars(sa.select(mails.c.id).where(open_).order_by(mails.c.id)))
        return [mailing.send(database, mail_id, mailing.post_of(config)) for mail_id in due]

    return post


def states(engine: sa.Engine) -> list[tuple[int, bool, bool]]:
    """Attempts, delivered and failed of each delivery."""
    with db.read(engine) as conn:
        rows = conn.execute(sa.select(deliveries).order_by(deliveries.c.alert_seq)).all()
    return [(row.attempts, row.delivered_at is not None, row.failed_at is not None) for row in rows]


@contextmanager
def city(engine: sa.Engine) -> Iterator[Scene]:
    with db.write(engine) as conn:
        yield Scene(conn)


def make_critical(engine: sa.Engine) -> None:
    with db.write(engine) as conn:
        conn.execute(sa.update(conflicts).values(severity="critical"))


def conflict_alert(engine: sa.Engine, kind: Any = "conflict.opened", **changes: Any) -> Alert:
    """An alert about the one conflict of the city, as `changes.record` tells it."""
    with db.read(engine) as conn:
        row = conn.execute(sa.select(conflicts)).mappings().first()
    assert row is not None
    data = {
        "rule": row["rule_id"], "number": row["number"], "severity": row["severity"], "blocking": True, "works": [],
        "repair_number": 1, "cost_at_risk_eur": None, "changes": changes,
    }  # fmt: skip
    return Alert(kind, ("werkplaatsen",), data, row["id"], row["repair_id"])


@pytest.fixture
def met(database: sa.Engine) -> sa.Engine:
    """A city with works that a repair meets, before anybody subscribed."""
    with city(database) as scene:
        scene.street()
        scene.named_street("Roeselaarsestraat")
        scene.building(address=("Roeselaarsestraat", "12"))
        scene.works(at=(0, 0), days=(30, 44))
        scene.repair(at=(5, 1))
    return database


def test_an_alert_comes_as_text_and_html_with_links_and_a_way_out(
    met: sa.Engine, server: MailServer, reader: Any, tell: Any, post: Any
) -> None:
    made = reader()
    tell(conflict_alert(met))
    assert [answer.outcome for answer in post()] == ["sent"]
    [mail] = server.mails
    assert server.recipients == [DESK]
    assert mail["From"] == "geo_service Izegem <meldingen@izegem.example>"
    assert mail["Subject"].endswith("· Roeselaarsestraat")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"] == f"<https://geo.example/unsubscribe?token={made['secret']}>"
    with db.read(met) as conn:
        mail_id, conflict_id = conn.scalar(sa.select(mails.c.id)), conn.scalar(sa.select(conflicts.c.id))
    assert mail["Message-ID"] == f"<{mail_id}@geo.example>"
    for body in (server.text(), server.html()):
        assert f"https://geo.example/kaart?kies=conflict%3A{conflict_id}" in body
        assert "/afstemming?dossier=" in body
        assert made["secret"] in body
        assert "Roeselaarsestraat".lower() in body.lower()
    assert "\n\n\n" not in server.text().replace("\r\n", "\n")
    assert DESK.partition("@")[0] not in server.text() + server.html()
    assert states(met) == [(1, True, False)]


def test_the_street_is_that_of_the_footpath_and_not_of_the_corner_house(
    database: sa.Engine, server: MailServer, reader: Any, tell: Any, post: Any
) -> None:
    with city(database) as scene:
        scene.section(street="Gentsestraat", side="even")
        scene.building(at=(0, 2), address=("Roeselaarsestraat", "12"))
        scene.works(at=(0, 0), days=(30, 44))
        scene.repair(at=(5, 1))
    reader()
    tell(conflict_alert(database))
    assert [answer.outcome for answer in post()] == ["sent"]
    assert server.mails[0]["Subject"].endswith("· Gentsestraat")


def test_english_for_who_asks_for_it(
    met: sa.Engine, server: MailServer, reader: Any, tell: Any, post: Any
) -> None:
    reader(language="en")
    tell(conflict_alert(met))
    post()
    assert "Unsubscribe" in server.text()


def test_words_of_others_are_no_html_and_no_header(
    met: sa.Engine, server: MailServer, reader: Any, tell: Any, post: Any
) -> None:
    reader()
    alert = conflict_alert(met)
    bad = {
        "owner": "<b>Bad</b>\r\nBcc: all@izegem.example",
        "source_id": "1",
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-02",
    }
    tell(
        Alert(
            alert.type, alert.departments, {**alert.data, "works": [bad]}, alert.conflict_id, alert.repair_id
        )
    )
    post()
    [mail] = server.mails
    assert mail["Bcc"] is None
    assert server.recipients == [DESK]
    assert "<b>Bad" not in server.html()
    assert "&lt;b&gt;Bad" in server.html()


def test_one_email_tells_all_that_came_together(
    met: sa.Engine,
    database: sa.Engine,
    server: MailServer,
    config: Settings,
    reader: Any,
    tell: Any,
    post: Any,
) -> None:
    made = reader()
    tell(conflict_alert(met), HELD)
    patient = config.model_copy(update={"mail_bundle_s": 60})
    with pytest.raises(DeliveryDeferred) as rest:
        mailing.bundle(database, made["id"], patient)
    assert 50 < rest.value.wait_s <= 60
    tell(HELD)
    post()
    assert len(server.mails) == 1
    assert [delivered for _, delivered, _ in states(database)] == [True, True, True]


def test_critical_at_once_and_the_others_in_the_morning(
    met: sa.Engine, server: MailServer, config: Settings, reader: Any, tell: Any, post: Any
) -> None:
    reader("critical")
    reader("digest", target="lezer@izegem.example")
    tell(HELD)
    assert post() == []
    make_critical(met)
    tell(conflict_alert(met))
    post()
    assert server.recipients == [DESK]
    early = MONDAY.replace(hour=5, minute=59)  # 06:59 in Brussels
    assert mailing.sweep(met, config, early) == []
    assert len(mailing.sweep(met, config, early + dt.timedelta(minutes=1))) == 2
    assert mailing.sweep(met, config, MONDAY) == []
    post()
    assert sorted(server.recipients[1:]) == ["lezer@izegem.example", DESK]
    tell(HELD)
    assert mailing.sweep(met, config, MONDAY.replace(hour=11)) == [], "one e-mail of the morning a day"


@pytest.mark.parametrize(
    "day", [dt.date(2026, 11, 22), dt.date(2026, 11, 11), dt.date(2027, 5, 6), dt.date(2027, 3, 29)]
)
def test_no_email_of_the_morning_when_nobody_works(
    database: sa.Engine, config: Settings, reader: Any, tell: Any, day: dt.date
) -> None:
    reader("digest")
    tell(HELD)
    closed = config.model_copy(update={"today": day})
    assert mailing.sweep(database, closed, dt.datetime.combine(day, dt.time(10), dt.UTC)) == []


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


def test_a_server_that_is_not_there_is_tried_again(config: Settings) -> None:
    gone = mailing.post_of(config.model_copy(update={"smtp_port": 1}))
    assert mailing.send_test(DESK, gone, i18n.Translator("nl", MONDAY.date())).outcome == "later"


@pytest.mark.parametrize(
    "address",
    ["a@b.example\r\nBcc: c@d.example", "a@b.example\n", "A <a@b.example>", "a b@c.example", "a@b", "a@-b.example", "@b.example", "a@b..example",
     "a" * 65 + "@b.example", "a@b.example,c@d.example", "a\x00@b.example", '"a\nb"@c.example'],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(config: Settings, address: str) -> None:
    with pytest.raises(InvalidInput):
        mailing.send_test(address, mailing.post_of(config), i18n.Translator("nl", MONDAY.date()))


def test_what_came_and_went_is_not_sent(
    met: sa.Engine, server: MailServer, reader: Any, tell: Any, post: Any
) -> None:
    reader()
    tell(conflict_alert(met), conflict_alert(met, "conflict.withdrawn"))
    assert [answer.outcome for answer in post()] == ["sent"]
    assert server.mails == []
    assert [delivered for _, delivered, _ in states(met)] == [True, True]


def test_who_became_a_partner_meanwhile_reads_nothing_of_repairs(database: sa.Engine, tell: Any) -> None:
    with db.write(database) as conn:
        person = users.create(conn, name="Jan", email="jan@proximus.example", role="viewer").id
        draft = subscriptions.SubscriptionDraft(None, {}, "email", "each", "nl")
        made = subscriptions.create(conn, subscriptions.Subscriber(user_id=person), draft)
    tell(HELD)
    with db.write(database) as conn:
        mail_id = mail_queue.collect(conn, made["id"], "digest")
        assert mail_id is not None
        assert [one["type"] for one in mail_queue.content(conn, mail_id)] == ["repair.held"]
        users.change(conn, person, role="partner", owner_group_id="proximus")
        assert mail_queue.content(conn, mail_id) == []


def test_unsubscribing_ends_what_waits(
    database: sa.Engine, server: MailServer, config: Settings, reader: Any, tell: Any, post: Any
) -> None:
    made = reader()
    tell(HELD)
    mail_id = mailing.bundle(database, made["id"], config)
    tell(HELD)
    with db.write(database) as conn:
        assert subscriptions.unsubscribe(conn, made["secret"])
        assert subscriptions.unsubscribe(conn, made["secret"])
        assert not subscriptions.unsubscribe(conn, "another")
    assert isinstance(mail_id, UUID)
    assert mailing.send(database, mail_id, mailing.post_of(config)) is None
    tell(HELD)
    assert post() == []
    assert server.mails == []
    assert states(database) == [(0, False, True), (0, False, True)]


def test_a_webhook_is_not_ended_by_a_token(database: sa.Engine, subscribe: Any) -> None:
    hook = subscribe("https://desk.example/hook")
    with db.write(database) as conn:
        assert not subscriptions.unsubscribe(conn, hook["secret"])


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
    assert worker.PLACES == worker.AT_ITS_HOUR + worker.CALLS + worker.MAILS + worker.IMPORTS
