"""E-mail about alerts: what it says, who gets it and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from geo_service import db, i18n
from geo_service.alerts import letter, mail_queue, mailing, subscriptions
from geo_service.alerts.feed import AlertDraft
from geo_service.alerts.webhook import DeliveryDeferred
from geo_service.domain.errors import InvalidInput
from geo_service.settings import Settings
from geo_service.store import users
from geo_service.store.tables import conflicts, mails
from geo_service.store.tables import subscriptions as table
from tests.alerts.mail_scenes import (
    DESK,
    HELD,
    MONDAY,
    city,
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

__all__ = ["config", "listener", "met", "post", "reader", "server"]  # fixtures


def make_critical(engine: sa.Engine) -> None:
    with db.write(engine) as conn:
        conn.execute(sa.update(conflicts).values(severity="critical"))


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
    unsubscribe = f"<https://geo.example/unsubscribe?token={made['secret']}>"
    assert dict(mail.raw_items())["List-Unsubscribe"] == unsubscribe, (
        "as it stands: mail programs decode nothing here"
    )
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
        AlertDraft(
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


def test_an_alert_about_a_repair_in_two_conflicts_is_told_once(
    met: sa.Engine, server: MailServer, reader: Any, tell: Any, post: Any
) -> None:
    with city(met) as scene:
        scene.works(at=(0, 0), days=(90, 104))
        repair_id = scene.stored("wasted_repair")[0]["repair_id"]
        assert len(scene.conflicts("wasted_repair")) == 2
    reader()
    told = tell(replace(HELD, repair_id=repair_id))
    post()
    with db.read(met) as conn:
        content = mail_queue.content(conn, conn.scalar(sa.select(mails.c.id)))
    assert [alert["seq"] for alert in content] == told


def test_the_worst_case_stands_first_and_cases_of_one_street_together() -> None:
    """Of two alerts of a case the worse one gives its severity and its link."""
    told = [("market", "Markt", "high"), ("church", "Kerkstraat", "low"), ("hole", "Kerkstraat", "low"), ("hole", "Kerkstraat", "critical")]  # fmt: skip
    news = [
        {"seq": n, "type": HELD.type, "data": HELD.data, "case_id": case, "street": street, "severity": severity, "repair_id": None, "conflict_id": n}
        for n, (case, street, severity) in enumerate(told, start=1)
    ]  # fmt: skip
    found = letter.cases(news, i18n.Translator("nl", MONDAY.date()), "https://geo.example")
    assert [(case.street, case.severity, case.conflict_id) for case in found] == [
        ("Kerkstraat", "critical", 4), ("Kerkstraat", "low", 2), ("Markt", "high", 1),
    ]  # fmt: skip


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
    assert all(
        f"{left}Kritiek{right}" in body
        for left, right, body in (("[", "]", server.text()), (">", "<", server.html()))
    )
    early = MONDAY.replace(hour=5, minute=59)  # 06:59 in Brussels
    assert mailing.sweep(met, config, early) == []
    assert len(mailing.sweep(met, config, early + dt.timedelta(minutes=1))) == 2
    assert mailing.sweep(met, config, MONDAY) == []
    post()
    assert sorted(server.recipients[1:]) == ["lezer@izegem.example", DESK]
    tell(HELD)
    assert mailing.sweep(met, config, MONDAY.replace(hour=11)) == [], "one e-mail of the morning a day"


def test_what_comes_after_a_morning_without_news_waits_for_the_next_one(
    database: sa.Engine, server: MailServer, config: Settings, reader: Any, tell: Any, post: Any
) -> None:
    reader("digest")
    assert mailing.sweep(database, config, MONDAY) == []
    tell(HELD)
    assert mailing.sweep(database, config, MONDAY.replace(hour=11)) == []
    tuesday = config.model_copy(update={"today": MONDAY.date() + dt.timedelta(days=1)})
    assert len(mailing.sweep(database, tuesday, MONDAY + dt.timedelta(days=1))) == 1


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
    """And it says nothing about an address that refused the one before."""
    reader()
    server.rcpt = ["550 5.1.1 no such user"]
    tell(HELD)
    post()
    tell(conflict_alert(met), conflict_alert(met, "conflict.withdrawn"))
    assert [answer.outcome for answer in post()] == ["empty"]
    assert server.mails == []
    assert [delivered for _, delivered, _ in states(met)] == [False, True, True]
    with db.read(met) as conn:
        assert conn.execute(sa.select(table.c.bounces, table.c.problem)).one() == (
            1,
            "550 5.1.1 no such user",
        )


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
